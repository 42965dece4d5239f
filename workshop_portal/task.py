"""One thing that waits for somebody, as every app tells the page that collects them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise


@dataclass(frozen=True)
class Task:
    """One thing to do, with the moment until which it can be done."""

    name: str
    url: str
    hint: str = ""
    due: datetime | None = None
    zone: str = ""
    status: str = ""
    word: str | Promise = ""
