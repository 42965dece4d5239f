"""Uploads: one beside the reference view, and many people at once with a real worker."""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from urllib.parse import urlencode, urlsplit

import pikepdf

from applications.models import Application, Transfer

MEGABYTE = 1024 * 1024
PIECE = 256 * 1024
PEOPLE, ROUNDS = 40, 25
LINES = ("case-study", "nomination", "commitment", "waiver", "consent", "cv", "cv")
PATIENCE = 300
TRIES = 5


def document(size: int) -> bytes:
    """A PDF of about that size, different each time."""
    made, written = pikepdf.Pdf.new(), io.BytesIO()
    made.add_blank_page()
    made.Root.Filling = pikepdf.Stream(made, os.urandom(size - 2048))
    made.save(written)
    return written.getvalue()


class Person:
    """Somebody who sends files, over one open line; each request is timed in milliseconds."""

    def __init__(self, address: str, application: Application, headers: dict[str, str]) -> None:
        self.line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
        self.application, self.headers = application, headers
        self.times: defaultdict[str, list[float]] = defaultdict(list)
        self.faults = self.again = 0

    def post(self, kind: str, path: str, body: bytes, **more: str) -> dict:
        """Ask until there is an answer, as the page's script does when the portal is busy."""
        for _try in range(TRIES):
            began = time.perf_counter()
            status, said = self.ask(path, body, {**self.headers, **more})
            self.times[kind].append((time.perf_counter() - began) * 1000)
            if status in {200, 201}:
                return json.loads(said) if said.startswith(b"{") else {}
            self.again += 1
            time.sleep(1)
        self.faults += 1
        return {}

    def ask(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        try:
            self.line.request("POST", path, body, headers)
            answer = self.line.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # The line was idle and is closed: a browser opens another and asks again.
            self.again += 1
            self.line.close()
            self.line.request("POST", path, body, headers)
            answer = self.line.getresponse()
        return answer.status, answer.read()

    def send(self, slug: str, content: bytes, piece: int = PIECE) -> None:
        """One file as the page's script sends it: its beginning with what is said of it."""
        said = {
            "name": f"{slug}.pdf",
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        path = f"/applications/{self.application.pk}/documents/{slug}/transfer/"
        octets = {"Content-Type": "application/octet-stream"}
        announced = {"Upload-Announcement": urlencode({"pieces": json.dumps([said])}), **octets}
        first = content[:piece]
        begun = self.post("whole" if first == content else "begin", path, first, **announced)
        for offset in range(piece, len(content) if begun else 0, piece):
            part = content[offset : offset + piece]
            is_last = offset + piece >= len(content)
            place = {"Upload-Offset": str(offset), "Upload-Complete": "?1" if is_last else "?0"}
            kind = "end" if is_last else "piece"
            self.post(kind, f"{begun['url']}0/", part, **place, **octets)


def beside_the_reference(people: list[Person]) -> Iterator[str]:
    """Files of four sizes in one request, and one in three pieces, beside as many bytes there.

    The reference was described with seven megabytes in one request. What a request costs whatever
    its size weighs more on a smaller one; the goal is held against all of them. There are several
    people because nobody may replace a document as often as a steady figure needs.
    """
    yield f"{'a file':34}{'ms':>8}{'ratio':>8}  goal"
    for size, slug in ((1, "cv"), (3, "waiver"), (7, "nomination"), (9, "consent")):
        for person in people:
            for _round in range(ROUNDS):
                send_beside(person, slug, size)
        yield line_of(people, f"{size} MB", "whole", f"whole file of {size} MB in one request")
        for person in people:
            person.times["whole"].clear()
    for kind, words in (("begin", "first"), ("piece", "second"), ("end", "last")):
        yield line_of(people, "upload", kind, f"{words} MB of three")


def send_beside(person: Person, slug: str, size: int) -> None:
    """A file of so many megabytes, and three of them in pieces too, after as many bytes there."""
    content = document(size * MEGABYTE)
    person.post(f"{size} MB", "/bench/upload/", content)
    person.send(slug, content, piece=len(content))
    if size == 3:
        person.post("upload", "/bench/upload/", content[:MEGABYTE])
        person.send("commitment", document(size * MEGABYTE), piece=MEGABYTE)


def line_of(people: list[Person], reference: str, kind: str, words: str) -> str:
    """What one kind of request takes at its middle, and beside the reference."""
    least, spent = (
        median(time for person in people for time in person.times[each][5:])
        for each in (reference, kind)
    )
    return f"{words:34}{spent:8.2f}{spent / least:8.2f}  <= 1.5 x upload"


def everybody_at_once(people: list[Person], processes: dict[str, int]) -> Iterator[str]:
    """Seven files of each person, all at once, and how long until the worker has checked them."""
    contents = [document(300 * 1024 + 100 * 1024 * number) for number in range(len(LINES))]

    def send_all(place: int) -> None:
        for slug, content in zip(LINES, contents, strict=True):
            people[place].send(slug, content + b"\n" * place)

    began = time.monotonic()
    with ThreadPoolExecutor(max_workers=len(people)) as pool:
        list(pool.map(send_all, range(len(people))))
    sent = time.monotonic() - began
    while Transfer.objects.under_way().exists() and time.monotonic() - began < PATIENCE:
        time.sleep(0.5)
    yield f"{len(people)} people with {len(LINES)} files each: sent in {sent:.1f} s, "
    yield f"checked after {time.monotonic() - began:.1f} s, {faults(people)}"
    for kind in ("begin", "piece", "end"):
        times = sorted(spent for person in people for spent in person.times[kind])
        late = times[int(len(times) * 0.95)]
        yield f"{kind:34}{len(times):8}{median(times):10.1f} ms{late:10.1f} ms at p95"
    for name, leader in processes.items():
        largest, whole = (kilobytes / 1024 for kilobytes in memory(leader))
        yield (
            f"{'memory of the ' + name:34}{largest:8.0f} MB in the largest process, "
            f"{whole:.0f} MB in all that run"
        )


def faults(people: list[Person]) -> str:
    """What went wrong, in numbers: requests, and files that the check did not take."""
    ours = [person.application.pk for person in people]
    refused = Transfer.objects.filter(application__in=ours).exclude(status="taken").count()
    failed = sum(person.faults for person in people)
    again = sum(person.again for person in people)
    return f"{failed} requests failed, {again} asked again, {refused} files not taken."


def memory(leader: int) -> tuple[int, int]:
    """The most that one process of a family has had in memory, and that all had, in kilobytes.

    Those that examine a file are gone with it: they have half a gigabyte at most, and no more.
    """
    found = [high_water(process) for process in family(leader)]
    return max(found), sum(found)


def family(leader: int) -> list[int]:
    """A process, its children, and theirs."""
    children = Path(f"/proc/{leader}/task/{leader}/children").read_text().split()
    return [leader, *(each for child in children for each in family(int(child)))]


def high_water(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    [line] = [line for line in lines if line.startswith("VmHWM")]
    return int(line.split()[1])


def people_of(address: str, form_of: Callable[[Application], dict[str, str]]) -> list[Person]:
    """As many people with a draft as send at once, and two more."""
    drafts = Application.objects.filter(call__workshop__slug="bench").order_by("pk")
    chosen = list(drafts.select_related("applicant")[: PEOPLE + 2])
    pks = [draft.pk for draft in chosen]
    Application.objects.filter(pk__in=pks).update(status="draft", reference=None)
    return [Person(address, draft, form_of(draft)) for draft in chosen]
