"""Documents come in one by one, are kept for ever, and are never half there."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from django.utils import timezone

from applications.actions import attach as attaching
from applications.models import Application, Document, Piece
from tests import factories as make
from tests.conftest import GOOD_PDF
from tests.intake import samples
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.files import PDF, Checked

STORE = Path(settings.STORAGES["default"]["OPTIONS"]["location"])


# Some are refused at a glance in the request, some by the worker.
REFUSED = [
    sample
    for sample in samples.REFUSED
    if sample[0] in {"empty", "a program", "half a PDF", "a PDF with a password", "an iPhone photo"}
]


def lying_here():
    """Every file in the private store."""
    return {path for path in STORE.rglob("*") if path.is_file()}


def versions(application, slug="cv"):
    found = application.documents.filter(requirement__slug=slug).order_by("version")
    return list(found.values_list("version", "is_current", "name"))


@pytest.fixture
def blank(person):
    return make.ApplicationFactory(applicant=person.user)


def part(name, content, disposition='name="file"; filename="{}"'):
    """A multipart body with one file, written by hand."""
    head = b"Content-Disposition: form-data; " + disposition.encode().replace(b"{}", name)
    middle = head + b"\r\nContent-Type: application/pdf\r\n\r\n" + content
    return b"--edge\r\n" + middle + b"\r\n--edge--\r\n"


def send_raw(person, application, body, content_type="multipart/form-data; boundary=edge"):
    at = person.at("document", application.pk, "cv")
    with person.at_once(execute=True):
        return person.client.generic("POST", at, body, content_type=content_type)


def test_a_new_file_takes_the_place_of_the_old_one_which_is_kept(person, blank):
    person.send_file(blank, "cv", name="first.pdf")
    person.send_file(blank, "cv", name="second.pdf")

    assert versions(blank) == [(1, False, "first.pdf"), (2, True, "second.pdf")]
    kept = blank.documents.get(requirement__slug="cv", version=1)
    assert kept.file.read() == GOOD_PDF


def test_a_stored_file_has_a_name_that_nobody_can_guess(person, blank):
    person.send_file(blank, "cv", name="../../etc/passwd.pdf")

    [document] = blank.documents.all()
    folder, stored = document.file.name.split("/")
    assert (folder, document.name) == ("document", "passwd.pdf")
    assert len(stored) == len("f" * 32 + ".pdf")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [sample[1:] for sample in REFUSED],
    ids=[sample[0] for sample in REFUSED],
)
def test_a_refused_file_leaves_the_old_one_and_nothing_else(person, blank, name, content, sentence):
    person.send_file(blank, "cv", name="good.pdf")
    before = lying_here()

    answer = person.send_file(blank, "cv", name=name, content=content)

    entry = Entry.objects.get(event="document.refused")
    assert sentence in person.told(answer)
    assert versions(blank) == [(1, True, "good.pdf")]
    assert lying_here() == before
    assert set(entry.facts) == {"cause", "document", "code", "size", "sha256"}


@pytest.mark.parametrize("name", [b"..", b"", b"\xff\xfe.pdf"], ids=["dots", "none", "no text"])
def test_a_part_that_was_dropped_on_the_way_is_told_and_the_old_file_stays(person, blank, name):
    person.send_file(blank, "cv", name="good.pdf")

    answer = send_raw(person, blank, part(name, GOOD_PDF))

    assert "No file arrived." in answer.content.decode()
    assert versions(blank) == [(1, True, "good.pdf")]


def test_a_lying_media_type_is_not_believed(person, blank):
    body = part(b"cv.pdf", GOOD_PDF).replace(b"application/pdf", b"text/html")

    send_raw(person, blank, body)

    assert blank.documents.get().media_type == "application/pdf"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"nonsense", "multipart/form-data"),
        (b"nonsense", "multipart/form-data; boundary="),
        (part(b"cv.pdf", GOOD_PDF)[:-30], "multipart/form-data; boundary=other"),
        (part(b"cv.pdf", GOOD_PDF), "text/plain"),
        (b"\x00\xff" * 99, "multipart/form-data; boundary=edge"),
        (part(b"a.pdf", GOOD_PDF) * 20, "multipart/form-data; boundary=edge"),
    ],
    ids=["no boundary", "empty boundary", "wrong boundary", "plain text", "noise", "after the end"],
)
def test_a_broken_body_gets_a_plain_page_and_stores_nothing(person, blank, body, content_type):
    before = lying_here()

    answer = send_raw(person, blank, body, content_type)

    if answer.status_code not in {200, 302}:
        assert answer.status_code == 400
        assert "Nothing was stored" in answer.content.decode()
    assert answer.status_code != 302 or versions(blank) == [(1, True, "a.pdf")]
    assert answer.status_code == 302 or lying_here() == before


def test_too_many_files_or_fields_at_once_get_a_plain_page(person, blank):
    one = part(b"a.pdf", GOOD_PDF)[: -len("--edge--\r\n")]
    field = b'--edge\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'

    files = send_raw(person, blank, one * 101 + b"--edge--\r\n")
    fields = send_raw(person, blank, field * 1001 + b"--edge--\r\n")

    assert (files.status_code, fields.status_code) == (400, 400)
    assert versions(blank) == []


def test_a_file_over_the_limit_is_cut_off_and_told_with_both_sizes(person, blank, settings):
    settings.UPLOAD_LIMIT = 100_000
    blank.call.required_documents.update(size_limit=100_000)

    answer = person.send_file(blank, "cv", content=GOOD_PDF + b"\n" * 300_000)

    page = answer.content.decode()
    assert "has 293 kB; this document may have at most 98 kB" in page
    assert versions(blank) == []


def test_no_more_than_the_limit_is_ever_written_to_the_disk(person, blank, settings, monkeypatch):
    settings.UPLOAD_LIMIT = 100_000
    written = []
    original = TemporaryFileUploadHandler.file_complete

    def note(handler, size):
        written.append(handler.file.file.tell())
        return original(handler, size)

    monkeypatch.setattr(TemporaryFileUploadHandler, "file_complete", note)

    person.send_file(blank, "cv", content=GOOD_PDF + b"\n" * 900_000)

    assert max(written) <= 100_000


def test_an_absurd_body_is_not_even_read(person, blank, settings):
    settings.UPLOAD_LIMIT = 1_000

    answer = person.send_file(blank, "cv", content=GOOD_PDF + b"\n" * 20_000)

    assert answer.status_code == 413
    assert versions(blank) == []


def test_without_the_sign_of_the_page_nothing_is_taken(person, blank):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person.user)

    answer = strict.post(person.at("document", blank.pk, "cv"), {"file": b""})

    assert answer.status_code == 403
    assert "This form was open for too long" in answer.content.decode()
    assert versions(blank) == []


def test_all_documents_together_have_a_limit_in_which_the_replaced_one_does_not_count(
    person, blank, monkeypatch
):
    monkeypatch.setattr("applications.queries.room.LARGEST_APPLICATION", len(GOOD_PDF) + 10)

    first = person.send_file(blank, "cv")
    other = person.send_file(blank, "waiver")
    again = person.send_file(blank, "cv")

    assert (first.status_code, again.status_code) == (302, 302)
    assert "there are 10 bytes left for this one" in other.content.decode()


def test_a_document_can_be_replaced_often_but_not_without_end(person, blank, monkeypatch):
    monkeypatch.setattr(attaching, "MOST_VERSIONS", 2)
    answers = [person.send_file(blank, "cv") for _time in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 409]
    assert len(versions(blank)) == 2


def test_a_document_replaced_after_sending_gives_a_new_receipt_and_a_letter(person, sent):
    person.send_file(sent, "cv", name="newer.pdf")

    receipt = sent.receipts.get(number=2)
    letter = sent.applicant.letters.get()
    assert "newer.pdf" in json.dumps(receipt.documents)
    assert letter.letter == "applications/replaced"
    assert "Curriculum vitae: newer" in letter.body


def test_files_replaced_one_after_another_give_their_receipts_and_one_letter(person, sent):
    for name in ("one.pdf", "two.pdf"):
        person.send_file(sent, "cv", name=name)
    person.send_file(sent, "waiver", name="three.pdf")

    letter = sent.applicant.letters.get()
    assert [receipt.number for receipt in sent.receipts.all()] == [1, 2, 3, 4]
    assert letter.subject.startswith("Receipt 4 for your application")
    assert "Curriculum vitae: two" in letter.body
    assert "three" in letter.body
    assert letter.state == "queued"
    assert timezone.now() < letter.next_try_at <= timezone.now() + timedelta(minutes=15)


def test_after_the_deadline_no_file_is_taken_and_none_lies_about(person, draft, close):
    close(draft.call)
    before = lying_here()

    answer = person.send_file(draft, "cv", name="late.pdf")

    assert answer.status_code == 409
    assert "This arrived after the deadline" in answer.content.decode()
    assert lying_here() == before
    assert Entry.objects.get().event == "document.upload.refused"


def returned(sent, until):
    facts = {"status": "returned", "return_reason": "unsigned", "return_until": until}
    sent.documents.filter(requirement__slug="waiver").update(**facts)


def test_a_returned_document_can_be_replaced_until_its_own_day(person, sent, close):
    close(sent.call)
    returned(sent, timezone.now() + timedelta(days=2))

    page = person.client.get(sent.get_absolute_url()).content.decode()
    answer = person.send_file(sent, "waiver", name="signed.pdf")
    other = person.send_file(sent, "cv")

    assert "A document came back to you" in page
    assert "A signature or a stamp is missing" in page
    assert answer.status_code == 302
    assert versions(sent, "waiver")[-1] == (2, True, "signed.pdf")
    assert other.status_code == 409


def test_after_its_own_day_a_returned_document_is_not_replaced(person, sent, close):
    close(sent.call)
    sent.call.closes_at -= timedelta(days=2)
    sent.call.save()
    returned(sent, timezone.now() - timedelta(days=1))

    page = person.client.get(sent.get_absolute_url()).content.decode()
    answer = person.send_file(sent, "waiver")

    assert "The time for a new file is over" in page
    assert "A new file was possible until" in answer.content.decode()
    assert len(versions(sent, "waiver")) == 1


@pytest.mark.parametrize("status", ["accepted", "waitlisted", "rejected", "withdrawn"])
def test_what_has_been_answered_or_withdrawn_takes_no_file(person, sent, status):
    Application.objects.filter(pk=sent.pk).update(status=status)

    answer = person.send_file(sent, "cv")

    assert answer.status_code == 409
    assert len(versions(sent)) == 1


def test_when_the_row_cannot_be_written_no_file_is_left_and_what_was_sent_waits(
    person, blank, monkeypatch
):
    before = lying_here()

    def broken(*_args, **_facts):
        raise RuntimeError

    monkeypatch.setattr(attaching, "record", broken)

    person.send_file(blank, "cv")

    [piece] = Piece.objects.all()
    assert lying_here() - before == {STORE / piece.file.name}
    assert piece.transfer.status == "checking"
    assert versions(blank) == []


def test_when_the_store_takes_nothing_the_person_is_told_and_the_old_file_stays(
    person, blank, monkeypatch
):
    person.send_file(blank, "cv", name="good.pdf")

    def full(*_args, **_facts):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("workshop_portal.files.storing.FileSystemStorage._save", full)

    answer = person.send_file(blank, "cv", name="other.pdf")

    assert answer.status_code == 409
    assert "The file could not be stored at this moment" in answer.content.decode()
    assert versions(blank) == [(1, True, "good.pdf")]


def test_the_form_itself_and_documents_of_other_calls_cannot_be_uploaded(person, blank):
    other = make.CallFactory().required_documents.create(
        order=8, slug="elsewhere", title="Elsewhere", given="upload", suffixes=[".pdf"]
    )

    assert person.send_file(blank, "application").status_code == 404
    assert person.send_file(blank, other.slug).status_code == 404
    assert person.send_file(blank, "unknown").status_code == 404
    assert Document.objects.count() == 0


def test_a_name_full_of_markup_is_shown_as_it_is(person, blank):
    person.send_file(blank, "cv", name="<img src=x onerror=alert(1)>.pdf")

    page = person.client.get(blank.get_absolute_url()).content.decode()

    assert "&lt;img src=x onerror=alert(1)&gt;.pdf" in page
    assert "<img src=x" not in page


def test_the_limit_for_all_documents_holds_also_for_what_comes_by_no_form(blank, monkeypatch):
    monkeypatch.setattr("applications.queries.room.LARGEST_APPLICATION", 10)
    requirement = blank.call.required_documents.get(slug="cv")
    before = lying_here()
    checked = Checked("cv.pdf", PDF, len(GOOD_PDF), "0" * 64, ContentFile(GOOD_PDF))

    with pytest.raises(Refused, match="too large"):
        attaching.attach(
            blank, requirement, checked=checked, arrived_at=timezone.now(), by=blank.applicant
        )

    assert lying_here() == before
