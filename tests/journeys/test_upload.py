"""A file on its way in a real browser: cut, resumed, photographed, refused, just in time."""

import io
import os
import time
from datetime import timedelta

import pikepdf
import pytest
from django.db.models import Sum
from django.utils import timezone

from applications.models import Document, Piece, Transfer
from tests.factories import CompleteApplicationFactory, FilledApplicationFactory
from tests.intake.hands import on_its_way
from tests.journeys.answers import pdf, photo
from tests.journeys.hands import Keyboard

pytestmark = pytest.mark.journey
SLOW_LINE = 60_000


@pytest.fixture
def draft(transactional_db):
    return FilledApplicationFactory()


@pytest.fixture
def large(tmp_path):
    """A file that takes several pieces."""
    made, path = pikepdf.open(io.BytesIO(pdf("Curriculum vitae"))), tmp_path / "cv.pdf"
    made.Root.Picture = pikepdf.Stream(made, os.urandom(600_000))
    made.save(path)
    return path


def page_of(application, slug="cv"):
    return f"/applications/{application.pk}/documents/{slug}/"


def opened(visit, application, slug="cv", **options):
    person = visit(width=360, **options).sign_in(application.applicant)
    person.go(page_of(application, slug))
    return person


def here(person, words):
    person.page.locator("main", has_text=words).wait_for()


def sent_by(person, path):
    person.page.set_input_files("[name=file]", path)


class Line:
    """The line of one visit to the portal: slow, cut, or as it is."""

    def __init__(self, person):
        self.session = person.context.new_cdp_session(person.page)
        self.session.send("Network.enable")

    def carries(self, bytes_a_second, *, offline=False):
        speed = {"downloadThroughput": bytes_a_second, "uploadThroughput": bytes_a_second}
        facts = {"offline": offline, "latency": 20, **speed}
        self.session.send("Network.emulateNetworkConditions", facts)

    def is_cut(self):
        self.carries(0, offline=True)

    def is_back(self):
        self.carries(-1)


def some_of_it_is_here():
    """How many bytes have come, once some have."""
    until = time.monotonic() + 15
    while time.monotonic() < until:
        if got := Piece.objects.aggregate(got=Sum("got"))["got"]:
            return got
        time.sleep(0.1)
    raise AssertionError("Nothing of the file has come.")


def forgive(person):
    """A cut line is news of the browser's own, not of ours."""
    person.noticed[:] = [said for said in person.noticed if "net::ERR" not in said]


def test_a_file_that_is_chosen_is_sent_and_checked_without_another_press(visit, draft, large):
    person = opened(visit, draft)

    sent_by(person, large)
    here(person, "The file we have")

    assert draft.documents.get().size == large.stat().st_size
    assert person.page.evaluate("document.activeElement.tagName") == "H1"
    assert person.page.locator("#upload-said").inner_text() == "Received"
    assert (person.barriers(), person.scrolls_sideways()) == ([], False)


def test_a_cut_is_told_and_the_upload_goes_on_by_itself(visit, draft, large):
    person = opened(visit, draft)
    line = Line(person)
    line.carries(SLOW_LINE * 2)

    sent_by(person, large)
    some_of_it_is_here()
    line.is_cut()
    here(person, "The connection is cut. It goes on by itself when it is back.")
    during = person.barriers()
    line.is_back()
    here(person, "The file we have")
    forgive(person)

    [transfer] = Transfer.objects.all()
    assert (transfer.status, during) == ("taken", [])
    assert draft.documents.get().size == large.stat().st_size


def test_a_browser_that_was_closed_goes_on_with_the_same_file(visit, draft, large):
    first = opened(visit, draft)
    Line(first).carries(SLOW_LINE * 2)
    sent_by(first, large)
    before = some_of_it_is_here()
    first.page.close()

    again = opened(visit, draft)
    told = again.page.locator("main").inner_text()
    faults = again.barriers()
    sent_by(again, large)
    here(again, "The file we have")
    forgive(first)

    assert 0 < before < large.stat().st_size
    assert "An upload was broken off" in told
    assert faults == []
    assert [transfer.status for transfer in Transfer.objects.all()] == ["taken"]


def test_photos_of_pages_are_put_in_order_and_become_one_pdf(visit, draft, tmp_path):
    for name in ("second.jpg", "first.jpg", "spare.jpg"):
        (tmp_path / name).write_bytes(photo())
    person = opened(visit, draft, "waiver")

    sent_by(person, [tmp_path / "second.jpg", tmp_path / "spare.jpg"])
    sent_by(person, [tmp_path / "first.jpg"])
    second = person.page.locator(".upload-page").nth(1)
    second.get_by_role("button", name="Remove").click()
    second.get_by_role("button", name="Move up").click()
    order = person.page.locator(".upload-page-name").all_inner_texts()
    faults = person.barriers() + ["scrolls sideways"] * person.scrolls_sideways()
    person.page.get_by_role("button", name="Send these pages").click()
    here(person, "The file we have")

    document = draft.documents.get()
    assert order == ["Page 1: first.jpg", "Page 2: second.jpg"]
    assert (document.pages, document.media_type, faults) == (2, "application/pdf", [])


def test_a_refusal_is_read_at_the_slot_and_the_focus_is_there(visit, draft, tmp_path):
    broken, program = tmp_path / "cv.pdf", tmp_path / "run.pdf"
    broken.write_bytes(pdf("cv")[:200])
    program.write_bytes(b"MZ" + bytes(200))
    person = opened(visit, draft)

    sent_by(person, program)
    person.page.locator("#upload-refused").wait_for()
    at_once = person.page.locator("#upload-refused").inner_text()
    focus = person.page.evaluate("document.activeElement.name")
    sent_by(person, broken)
    here(person, "This file was not taken")
    person.noticed[:] = [said for said in person.noticed if "422" not in said]

    assert "looks like a program" in at_once
    assert (focus, person.page.evaluate("document.activeElement.id")) == ("file", "arrival")
    assert "damaged or incomplete" in person.page.locator("#arrival").inner_text()
    assert person.barriers() == []


def test_an_upload_begun_just_before_the_deadline_is_taken_when_it_ends_after_it(
    visit, draft, large
):
    person = opened(visit, draft)
    Line(person).carries(SLOW_LINE * 2)
    call = draft.call
    call.closes_at = timezone.now() + timedelta(seconds=2)
    call.save()

    sent_by(person, large)
    here(person, "The file we have")

    document = draft.documents.get()
    assert document.arrived_at <= call.closes_at < document.transfer.moved_at


@pytest.mark.parametrize(("seconds", "words"), [(30, "The file we have"), (-30, "after the dead")])
def test_half_a_minute_before_the_deadline_a_slow_upload_is_begun_in_time_and_after_it_not(
    visit, draft, large, seconds, words
):
    person = opened(visit, draft)
    Line(person).carries(15_000 if seconds > 0 else SLOW_LINE)
    call = draft.call
    call.closes_at = timezone.now() + timedelta(seconds=seconds)
    call.save()

    sent_by(person, large)
    person.page.locator("main", has_text=words).wait_for(timeout=90_000)
    person.noticed[:] = [said for said in person.noticed if "409" not in said]

    begun = [document.arrived_at <= call.closes_at for document in draft.documents.all()]
    ended = [transfer.moved_at > call.closes_at for transfer in Transfer.objects.all()]
    assert (begun, ended) == (([True], [True]) if seconds > 0 else ([], []))


def test_the_same_file_for_another_line_is_asked_about_first(visit, draft, large):
    other = opened(visit, draft, "case-study")
    sent_by(other, large)
    here(other, "The file we have")
    person = opened(visit, draft)

    sent_by(person, large)
    here(person, "This is the same file as your “Case study description”. Is that right?")
    faults = person.barriers()
    asked = Transfer.objects.count()
    person.page.get_by_role("button", name="Yes, send it").click()
    here(person, "The file we have")

    assert (asked, faults) == (1, [])
    assert draft.documents.get(requirement__slug="cv").cautions == []


def test_a_file_is_sent_and_cancelled_with_the_keyboard_alone(visit, draft, large):
    person = opened(visit, draft)
    hands = Keyboard(person.page)
    Line(person).carries(SLOW_LINE)

    hands.choose_file("file", large)
    person.page.locator(".upload-words", has_text="kB of").wait_for()
    person.page.keyboard.press("Enter")
    person.page.locator("[name=file]:focus").wait_for()

    assert person.page.locator("#upload-said").inner_text() == "The upload is cancelled."
    assert not draft.transfers.under_way().exists()


def test_the_end_of_a_check_does_not_hide_the_next_file_that_is_on_its_way(visit, draft, large):
    checked = on_its_way(draft)
    person = opened(visit, draft)
    here(person, "is being checked")
    Line(person).carries(SLOW_LINE)

    sent_by(person, large)
    person.page.locator(".upload-words", has_text="kB of").wait_for()
    Transfer.objects.filter(pk=checked.pk).update(status="abandoned")
    # Longer than the page waits before it looks again.
    person.page.wait_for_timeout(4000)

    assert person.page.locator(".upload-words").is_visible()


@pytest.mark.parametrize(("filling", "kilobytes"), [(100, 64), (200, 128)])
def test_only_a_piece_that_was_full_makes_the_next_one_larger(
    visit, draft, tmp_path, filling, kilobytes
):
    """The first 64 kB come with the announcement; what is left of 100 is less than a piece."""
    made, path = pikepdf.open(io.BytesIO(pdf("Curriculum vitae"))), tmp_path / "cv.pdf"
    made.Root.Picture = pikepdf.Stream(made, os.urandom(filling * 1000))
    made.save(path)
    person = opened(visit, draft)

    sent_by(person, path)
    here(person, "The file we have")

    assert person.page.evaluate("sessionStorage.getItem('upload-piece')") == str(kilobytes * 1024)


def test_on_a_quick_line_a_small_file_is_one_request(visit, draft, large):
    person = opened(visit, draft)
    posted = []
    person.page.on("request", lambda said: posted.append(said) if said.method == "POST" else None)

    sent_by(person, large)
    here(person, "The file we have")
    in_pieces = len(posted)
    posted.clear()
    person.go(page_of(draft, "case-study"))
    sent_by(person, {"name": "case.pdf", "mimeType": "application/pdf", "buffer": pdf("A case")})
    here(person, "The file we have")

    assert in_pieces > 2
    assert len(posted) == 1


def test_a_file_that_waits_for_its_virus_check_counts_and_says_so(visit, transactional_db):
    application = CompleteApplicationFactory()
    Document.objects.filter(requirement__slug="cv").update(scan="waiting")
    Document.objects.filter(requirement__slug="waiver").update(scan="held")

    person = opened(visit, application)
    waiting = person.page.locator("main").inner_text()
    person.go(page_of(application, "waiver"))
    held = person.page.locator("main").inner_text()
    faults = person.barriers()
    person.go(f"/applications/{application.pk}/check/")

    assert "Received, waiting for the virus check" in waiting
    assert "Held for a check by staff" in held
    assert "This is still missing" in person.page.locator("main").inner_text()
    assert faults == []
