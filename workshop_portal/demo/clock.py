"""The demo's past is played at the time at which it would have happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the portal's clock stand at `moment`, so that what happens here is dated then.

    The trail, letters and receipts take their times from `timezone.now()` and are never
    rewritten; a demo whose every line said "today" would tell no story. The clock stands still
    for the whole process: only for loading, never beside a web server's threads.
    """
    real = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = real


def on_the_clock(day: date, hour: time, zone: str) -> datetime:
    """The instant at which a clock in `zone` shows `hour` on `day`, in UTC."""
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)
