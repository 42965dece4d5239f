"""Requests that no browser sends: a body of no told length, and one of two lengths."""

import http.client
import select
from contextlib import suppress

import pytest

from applications.models import Document, Transfer
from tests import factories as make
from tests.conftest import GOOD_PDF
from tests.intake import wire
from tests.server import portal_running
from tests.settings import SCRATCH

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CHUNK = 64 * 1024


@pytest.fixture(scope="module")
def portal(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), portal_running() as address:
        yield address


@pytest.fixture
def draft():
    return make.ApplicationFactory()


def lying_about():
    """Every file of the portal's, wherever it lies, but for its log and its pages."""
    places = [SCRATCH / each for each in ("arriving", "tmp", "files")]
    return sorted(str(path) for place in places for path in place.rglob("*") if path.is_file())


def head_and_body(said):
    head, _end, body = said.partition(wire.END)
    return head, body


def with_head(said, *, take, put):
    """The same request with another line in its head."""
    head, body = head_and_body(said)
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(take)]
    return b"\r\n".join([*lines, *put]) + wire.END, body


def in_chunks(body):
    for start in range(0, len(body), CHUNK):
        part = body[start : start + CHUNK]
        yield b"%x\r\n" % len(part) + part + b"\r\n"
    yield b"0\r\n\r\n"


def answered(portal, *parts):
    with wire.line_to(portal) as line:
        for part in parts:
            # Who hears an answer in the middle of what they say stops.
            if select.select([line], [], [], 0)[0]:
                break
            with suppress(OSError):
                line.sendall(part)
        answer = http.client.HTTPResponse(line)
        answer.begin()
        return answer.status, answer.read().decode()


ANSWERS = {"form": (200, "No file arrived."), "script": (400, "These are no bytes of a file.")}


@pytest.mark.parametrize("way", ANSWERS)
def test_a_file_of_no_told_length_is_refused_with_words_and_nothing_of_it_stays(portal, draft, way):
    big, before = b"%PDF-1.7" + bytes(12 * 1024 * 1024), lying_about()
    told = wire.form(draft, big, **{"X-CSRFToken": wire.SIGN})
    said = told if way == "form" else wire.first(draft, big)
    head, body = with_head(said, take=b"content-length", put=[b"Transfer-Encoding: chunked"])

    status, words = answered(portal, head, *in_chunks(body))

    assert (status, ANSWERS[way][1] in words) == (ANSWERS[way][0], True)
    assert (Document.objects.count(), Transfer.objects.count()) == (0, 0)
    assert lying_about() == before


def test_a_request_of_two_lengths_is_answered_once_and_not_read(portal, draft):
    said = wire.first(draft, GOOD_PDF)
    head, body = with_head(said, take=b"nothing", put=[b"Content-Length: 5"])

    with wire.line_to(portal) as line:
        line.sendall(head + body + said)
        heard = b"".join(iter(lambda: line.recv(65536), b""))

    assert heard.startswith(b"HTTP/1.1 400 ")
    assert heard.count(b"HTTP/1.1 ") == 1
    assert Transfer.objects.count() == 0


def test_a_file_of_a_told_length_comes_in_by_the_same_way(portal, draft):
    status, words = answered(portal, wire.first(draft, GOOD_PDF))

    assert (status, Transfer.objects.get().application) == (201, draft)
    assert "No file" not in words
