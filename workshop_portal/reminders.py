"""When somebody is reminded of their own deadline. Pure.

Which occasions there are is told by who asks: for each its name and how long it lies before the
deadline, the longest first. No letter leaves at night on the reader's clock (from 22:00 to
07:00): what falls after 21:00 or into the night leaves at 21:00 of that evening, which gives the
portal an hour before the night begins. It is never later than the occasion itself, and so never
after the deadline.

Of occasions that fell due while nobody could send, only the latest still counts. What has fallen
due waits for the day when the night has begun, and it waits, or is left out, rather than to come
within six hours of another letter; only the last one before the deadline always comes. Who began
late, or was told of a new deadline, gets only those that were still ahead then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

Occasions = Mapping[str, timedelta]
NIGHT_BEGINS, NIGHT_ENDS = time(22), time(7)
EVENING = time(21)
APART = timedelta(hours=6)


@dataclass(frozen=True)
class Reminder:
    """An occasion by its name, and the moment, in UTC, from which its letter may leave."""

    occasion: str
    at: datetime


def is_night(moment: datetime, zone: str) -> bool:
    """Whether people in this zone sleep at this moment."""
    clock = moment.astimezone(ZoneInfo(zone)).time()
    return clock >= NIGHT_BEGINS or clock < NIGHT_ENDS


def earliest(occasions: Occasions) -> timedelta:
    """How long before a deadline its first reminder can leave, with the evening before a night."""
    return max(occasions.values()) + timedelta(days=1)


def plan(closes_at: datetime, zone: str, occasions: Occasions) -> list[Reminder]:
    """The reminders before a deadline for a reader in this zone, the earliest first."""
    return [
        Reminder(occasion, _by_day(closes_at - lead, zone)) for occasion, lead in occasions.items()
    ]


def _by_day(moment: datetime, zone: str) -> datetime:
    """The moment itself, or the evening before the night that it comes close to."""
    there = moment.astimezone(ZoneInfo(zone))
    if NIGHT_ENDS <= there.time() <= EVENING:
        return moment.astimezone(UTC)
    day = there.date() if there.time() > EVENING else there.date() - timedelta(days=1)
    return datetime.combine(day, EVENING, ZoneInfo(zone)).astimezone(UTC)


def due(
    closes_at: datetime,
    zone: str,
    occasions: Occasions,
    *,
    since: datetime,
    last_at: datetime | None,
    now: datetime,
) -> str:
    """The occasion whose letter should leave now, or nothing.

    `since` is when the person began or was told of this deadline, `last_at` when the last
    reminder left, for whatever deadline it was.
    """
    if now >= closes_at or is_night(now, zone):
        return ""
    planned = plan(closes_at, zone, occasions)
    fallen_due = [reminder for reminder in planned if reminder.at <= now]
    if not fallen_due:
        return ""
    latest, to_come = fallen_due[-1], planned[len(fallen_due) :]
    if latest.at <= since or (last_at and last_at >= latest.at):
        return ""
    crowded = to_come and (
        to_come[0].at - now < APART or (last_at is not None and now - last_at < APART)
    )
    return "" if crowded else latest.occasion


@cache
def _zones_by_country() -> dict[str, list[str]]:
    """What the time zone database says of countries."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    found = defaultdict(list)
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _place, zone = line.split("\t")[:3]
            found[country].append(zone)
    return dict(found)


def reading_zone(own: str, country: str, otherwise: str) -> str:
    """On which clock a person reads: their own, their country's if it has only one, or another."""
    zones = _zones_by_country().get(country, [])
    return own or (zones[0] if len(zones) == 1 else otherwise)
