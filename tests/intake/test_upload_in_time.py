"""Whether an upload is in time: its first byte counts, and the last has fifteen minutes more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.clock import sweep_transfers
from applications.models import Application, Document, Transfer
from tests.conftest import GOOD_PDF
from tests.intake.sender import OTHER_PDF, Sender, versions
from workshop_portal.audit.models import Entry

pytestmark = pytest.mark.usefixtures("spool_dir")


def begin_before(call, sender, seconds):
    """An upload whose first byte came so long before the deadline."""
    url = sender.begin(GOOD_PDF).json()["url"]
    Transfer.objects.update(begun_at=call.closes_at - timedelta(seconds=seconds))
    sender.piece(url, GOOD_PDF)
    return url


@pytest.mark.parametrize(("minutes", "taken"), [(14, True), (16, False)])
def test_an_upload_begun_in_time_is_taken_when_it_is_whole_fifteen_minutes_after_the_limit(
    sender, blank, checked, minutes, taken
):
    url = begin_before(blank.call, sender, 1)
    blank.call.closes_at = timezone.now() - timedelta(minutes=minutes)
    blank.call.save()
    Transfer.objects.update(begun_at=blank.call.closes_at - timedelta(seconds=1))

    with checked():
        answer = sender.finish(url)

    assert (answer.status_code == 200, bool(versions(blank))) == (taken, taken)
    assert taken or "more than 15 minutes after the deadline" in answer.json()["sentence"]


def whole_then_late(sender, call, minutes):
    """An upload that was whole when the call closed, so long ago, and that nobody finished."""
    url = begin_before(call, sender, 1)
    call.closes_at = timezone.now() - timedelta(minutes=minutes)
    call.save()
    in_time = {"begun_at": call.closes_at - timedelta(seconds=1), "moved_at": call.closes_at}
    Transfer.objects.update(**in_time)
    return url


def test_an_upload_that_was_whole_in_time_is_taken_however_late_it_is_finished(
    sender, blank, checked
):
    url = whole_then_late(sender, blank.call, minutes=600)

    again = sender.begin(GOOD_PDF).json()
    with checked():
        answer = sender.finish(url)

    assert (again["url"], again["got"]) == (url, [len(GOOD_PDF)])
    assert (answer.status_code, versions(blank)) == (200, [(1, True, "cv.pdf")])


def test_the_arrival_of_the_last_piece_is_when_an_upload_was_whole(sender, blank):
    url = sender.begin(GOOD_PDF).json()["url"]
    moved = []
    for offset in (0, 150):
        Transfer.objects.update(moved_at=timezone.now() - timedelta(hours=2))
        before = timezone.now()
        sender.piece(url, GOOD_PDF[offset : offset + 150], offset)
        moved.append(Transfer.objects.get().moved_at >= before - timedelta(seconds=1))
    last = Transfer.objects.get().moved_at
    sender.piece(url, GOOD_PDF[150:300], 150)
    sender.begin(GOOD_PDF)

    assert moved == [True, True]
    assert Transfer.objects.get().moved_at == last


def test_after_the_deadline_no_upload_begins(sender, blank, close):
    close(blank.call)

    answer = sender.begin(GOOD_PDF)

    entry = Entry.objects.get(event="document.upload.refused")
    assert answer.status_code == 409
    assert "This arrived after the deadline" in answer.json()["sentence"]
    assert (entry.facts["cause"], Transfer.objects.count()) == ("late", 0)


def test_what_was_withdrawn_meanwhile_takes_no_file_and_its_sender_reads_why(
    sender, blank, checked
):
    with checked():
        sender.whole(GOOD_PDF)
        Application.objects.update(status="withdrawn", reference="X")

    transfer = Transfer.objects.get()
    assert (transfer.status, transfer.verdict) == ("refused", "status")
    assert versions(blank) == []


def test_a_second_file_for_a_returned_document_stays_in_time_when_the_first_is_taken(
    person, sent, close, checked
):
    cv = sent.documents.current().get(requirement__slug="cv")
    days = timezone.now() + timedelta(days=3)
    facts = {"status": "returned", "return_reason": "wrong", "return_until": days}
    Document.objects.filter(pk=cv.pk).update(**facts)
    close(sent.call)
    sender = Sender(person.client, sent)
    sender.whole(OTHER_PDF, name="slip.pdf")
    sender.whole(GOOD_PDF, name="right.pdf")

    with checked():
        sweep_transfers()

    assert [(name, counts) for _version, counts, name in versions(sent)][1:] == [
        ("slip.pdf", False),
        ("right.pdf", True),
    ]
