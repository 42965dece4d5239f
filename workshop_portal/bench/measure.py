"""Asking pages in turn and telling what they cost."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPResponse
from statistics import median
from urllib.parse import urlsplit


@dataclass
class Page:
    """A page, the reference it is held against, and what was measured (milliseconds).

    A `body` is posted; where every request has to say something new, it is one after another.
    """

    name: str
    path: str
    cookie: str = ""
    against: str = ""
    goal: float = 0
    body: bytes | Iterator[bytes] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    queries: int = 0
    size: int = 0

    @property
    def middle(self) -> float:
        return median(self.times)

    @property
    def slow(self) -> float:
        """The time that 95 of 100 requests stay below."""
        return sorted(self.times)[int(len(self.times) * 0.95)]


class Asker:
    """One client with one open line, as a browser keeps it."""

    def __init__(self, address: str) -> None:
        self.line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)

    def ask(self, page: Page, *, count: bool = False) -> tuple[float, HTTPResponse, int]:
        """The milliseconds until the whole answer was here, the answer, and its bytes."""
        headers = {"Accept-Encoding": "gzip, br", "Cookie": page.cookie, **page.headers}
        if count:
            headers["X-Bench-Count"] = "1"
        began = time.perf_counter()
        body = next(page.body) if isinstance(page.body, Iterator) else page.body
        self.line.request("POST" if body else "GET", page.path, body, headers)
        response = self.line.getresponse()
        size = len(response.read())
        return (time.perf_counter() - began) * 1000, response, size


def measure(address: str, pages: list[Page], *, rounds: int) -> None:
    """Fill in each page's times, queries and bytes; raise RuntimeError on an answer not 200."""
    asker = Asker(address)
    for page in pages:
        _spent, response, page.size = asker.ask(page, count=True)
        if response.status != 200:
            raise RuntimeError(f"{page.name} ({page.path}) answered {response.status}.")
        page.queries = int(response.headers["X-Bench-Queries"])
    for warm in range(rounds + 10):
        for page in pages:
            spent, _response, _size = asker.ask(page)
            if warm >= 10:
                page.times.append(spent)


def table(pages: list[Page]) -> list[str]:
    """The figures as lines of text."""
    by_name = {page.name: page for page in pages}
    lines = [f"{'page':34}{'queries':>8}{'bytes':>8}{'ms':>8}{'p95/p50':>9}{'ratio':>8}  goal"]
    for page in pages:
        ratio = page.middle / by_name[page.against].middle if page.against else 1
        goal = f"<= {page.goal:g} x {page.against}" if page.against else "reference"
        lines.append(
            f"{page.name:34}{page.queries:8}{page.size:8}{page.middle:8.2f}"
            f"{page.slow / page.middle:9.2f}{ratio:8.2f}  {goal}"
        )
    return lines
