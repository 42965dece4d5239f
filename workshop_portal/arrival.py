"""When a request arrived: the only clock that a deadline is read on."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateTimeField
from django.db.models.expressions import Expression
from django.http import HttpRequest, HttpResponse

LONGEST_HOLD = timedelta(minutes=10)
BEGAN = "portal.began"
# How each database is asked for the time.
CLOCKS = {
    "sqlite": "strftime('%%Y-%%m-%%dT%%H:%%M:%%f+00:00', 'now')",
    "postgresql": "clock_timestamp()",
}


class ArrivalMiddleware:
    """Notes the moment at which a request began, before anything else looks at it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META[BEGAN] = time.monotonic()
        return self.get_response(request)


class DatabaseClock(Expression):
    """What the database's clock says, as one more column of a query that is made anyway."""

    def __init__(self) -> None:
        super().__init__(output_field=DateTimeField())

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[()]]:
        return CLOCKS[connection.vendor], ()


def database_now() -> datetime:
    """What the database's clock says at this moment, aware, in UTC.

    Several web servers may disagree about the time; there is one database.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {CLOCKS[connection.vendor]}", [])
        [said] = cursor.fetchone()
    return datetime.fromisoformat(said) if isinstance(said, str) else said.astimezone(UTC)


def held_before(request: HttpRequest) -> timedelta:
    """How long our own proxy held the request before it passed it on.

    A buffering proxy receives a slow upload whole before we see its first byte. The header
    counts only where the settings say that a proxy of ours always writes it, and never for
    more than ten minutes.
    """
    if not settings.TRUST_ELAPSED_HEADER:
        return timedelta(0)
    try:
        seconds = float(request.headers.get("X-Request-Elapsed", "0"))
    except ValueError:
        return timedelta(0)
    if not seconds > 0:
        return timedelta(0)
    return min(timedelta(seconds=min(seconds, 3600)), LONGEST_HOLD)


def arrived(request: HttpRequest, *, now: datetime | None = None) -> datetime:
    """When the request arrived, by the database's clock.

    `now` is a reading of that clock that came with a row at this very moment; without it the
    database is asked.
    """
    spent = timedelta(seconds=time.monotonic() - request.META[BEGAN])
    return (now or database_now()) - spent - held_before(request)
