"""When somebody with a draft is reminded of their own deadline. Pure.

There are four occasions: 7 days, 3 days, 24 hours and 2 hours before the deadline, under the
rules that hold for all reminders.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from workshop_portal import reminders
from workshop_portal.reminders import Reminder

OCCASIONS = {
    "7-days": timedelta(days=7),
    "3-days": timedelta(days=3),
    "24-hours": timedelta(hours=24),
    "2-hours": timedelta(hours=2),
}
EARLIEST = reminders.earliest(OCCASIONS)


def plan(closes_at: datetime, zone: str) -> list[Reminder]:
    """The reminders before a deadline for a reader in this zone, the earliest first."""
    return reminders.plan(closes_at, zone, OCCASIONS)


def due(
    closes_at: datetime, zone: str, *, since: datetime, last_at: datetime | None, now: datetime
) -> str:
    """The occasion whose letter should leave now, or nothing; see `reminders.due`."""
    return reminders.due(closes_at, zone, OCCASIONS, since=since, last_at=last_at, now=now)
