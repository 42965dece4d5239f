"""What moves when a workshop is postponed, and where to. Pure.

Everything keeps its time of the clock and moves by the same number of days, so a session at 09:00
is at 09:00 again, also when the clocks were changed in between.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from workshop_portal.deadlines import days_later


@dataclass(frozen=True)
class Sitting:
    """A session by its id, with its title and its times."""

    pk: str
    title: str
    starts_at: datetime
    ends_at: datetime

    def later(self, days: int, zone: str) -> Sitting:
        """The same session so many days later; ValueError when a clock skips one of its times."""
        starts, ends = (days_later(at, days, zone) for at in (self.starts_at, self.ends_at))
        return Sitting(self.pk, self.title, starts, ends)


@dataclass(frozen=True)
class Dates:
    """All dates of a workshop that stand or move together.

    `closes_at` and `decide_by` are None where there is nothing to move.
    """

    days: tuple[date, ...]
    sessions: tuple[Sitting, ...] = ()
    closes_at: datetime | None = None
    decide_by: date | None = None

    def later(self, days: int, zone: str) -> Dates:
        """The same so many days later; ValueError when the clock of `zone` skips a time."""
        return Dates(
            days=tuple(day + timedelta(days=days) for day in self.days),
            sessions=tuple(session.later(days, zone) for session in self.sessions),
            closes_at=days_later(self.closes_at, days, zone) if self.closes_at else None,
            decide_by=self.decide_by + timedelta(days=days) if self.decide_by else None,
        )


def fingerprint(dates: Dates, readers: Iterable[str]) -> str:
    """One short text for exactly these dates and readers: any other date or person changes it."""
    said = [repr(dates), *sorted(readers)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
