"""When a window opens and closes, and what that means for something that arrives. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo


class State(Enum):
    EARLY = "early"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Window:
    """From `opens_at` to `closes_at`, both aware and both inclusive.

    `zone` is the IANA name of the zone in which the deadline was announced; `grace` is how long
    after the deadline something is still taken. All comparisons are between instants, so neither
    a zone nor daylight saving can move the limit.
    """

    opens_at: datetime
    closes_at: datetime
    zone: str
    grace: timedelta = timedelta(0)

    @property
    def limit(self) -> datetime:
        """The last instant that is in time."""
        return self.closes_at + self.grace

    def state(self, arrived: datetime) -> State:
        """What the window is for something that arrives at `arrived`."""
        if arrived < self.opens_at:
            return State.EARLY
        return State.OPEN if arrived <= self.limit else State.CLOSED

    def is_open(self, arrived: datetime) -> bool:
        return self.state(arrived) is State.OPEN

    def left(self, now: datetime) -> timedelta:
        """How much time is left; never negative."""
        return max(self.closes_at - now, timedelta(0))


def on_clock(wall: datetime, zone: str) -> datetime:
    """The instant, in UTC, at which the clock of `zone` shows `wall` (naive).

    Of an hour that comes twice in autumn the first is meant. Raises ValueError when that clock
    skips the time (the hour lost in spring).
    """
    there = wall.replace(tzinfo=ZoneInfo(zone))
    instant = there.astimezone(UTC)
    if instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall:
        raise ValueError("This clock skips the time.")
    return instant


def days_later(moment: datetime, days: int, zone: str) -> datetime:
    """The instant, in UTC, at which the clock of `zone` shows the same time so many days later.

    Raises ValueError when that clock skips the time on that day (the hour lost in spring).
    """
    wall = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return on_clock(wall + timedelta(days=days), zone)


def last_second(day_and_time: datetime, zone: str) -> datetime:
    """The last second of the minute that a person names on the clock of `zone`, in UTC.

    Somebody who reads 23:59 takes 23:59:30 to be in time, so a deadline ends with its minute.
    Raises ValueError when that clock skips the time (the hour lost in spring).
    """
    return on_clock(day_and_time.replace(second=59, microsecond=0, tzinfo=None), zone)
