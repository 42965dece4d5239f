"""Files in a bucket: the whole way of an upload on a real S3 server, and when it is away.

The server answers nobody without a valid signature, as Amazon's does.
"""

import hashlib
import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.test import Client
from django.urls import reverse

from applications.actions import quarantine as held_files
from applications.clock import sweep_leftovers, sweep_transfers
from applications.models import Piece, Transfer
from applications.worker import check_transfer
from tests import factories as make
from tests.bucket import NAME
from tests.clamd import EICAR
from tests.conftest import GOOD_PDF
from tests.intake import samples
from tests.intake.sender import OTHER_PDF, Sender
from tests.intake.test_signing import press_sign
from workshop_portal import doctor, invariants
from workshop_portal.files import quarantine
from workshop_portal.papers.models import Paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("spool_dir")]
INFECTED = samples.packed(
    {"[Content_Types].xml": samples.types(), "word/document.xml": samples.text(), "a.bin": EICAR}
)


@pytest.fixture
def store(bucket, settings):
    """The portal with its files in the bucket."""
    place = {
        "BACKEND": "workshop_portal.files.bucket.BucketStorage",
        "OPTIONS": {"bucket_name": NAME, "endpoint_url": bucket.address},
    }
    settings.STORAGES = {**settings.STORAGES, "default": place}
    for name in lying_here():
        default_storage.delete(name)
    return storages["default"]


@pytest.fixture
def sender(store, person, blank):
    return Sender(person.client, blank)


def lying_here(folder=""):
    """The names of all that lies in the bucket."""
    folders, names = default_storage.listdir(folder)
    inner = [found for name in folders for found in lying_here(f"{folder}{name}/")]
    return sorted([*(f"{folder}{name}" for name in names), *inner])


def content_of(answer):
    return b"".join(answer.streaming_content)


# --- The way of an upload ----------------------------------------------------------------


def test_a_file_comes_in_by_pieces_is_checked_and_lies_in_the_bucket(
    sender, blank, checked, bucket
):
    with checked():
        sender.whole(OTHER_PDF, name="my cv.pdf")

    document = blank.documents.get()
    named = [document.file.name, document.thumbnail.name]
    assert lying_here() == sorted(named)
    assert (document.transfer.status, document.pages) == ("taken", 1)
    assert default_storage.open(document.file.name).read() == OTHER_PDF
    assert document.sha256 == hashlib.sha256(OTHER_PDF).hexdigest()
    assert default_storage.open(document.thumbnail.name).read().startswith(b"\xff\xd8\xff")
    with pytest.raises(NotImplementedError):
        assert document.file.path


def test_until_it_is_checked_what_came_in_lies_there_too(sender):
    sender.whole(OTHER_PDF)

    [piece] = Piece.objects.all()
    assert lying_here() == [piece.file.name]
    assert default_storage.open(piece.file.name).read() == OTHER_PDF


def test_a_form_and_photos_of_pages_come_the_same_way(store, person, blank, checked):
    person.send_file(blank, "cv", content=GOOD_PDF)
    pages = [samples.picture(size=(300, 400)) for _page in range(2)]
    waiver = Sender(person.client, blank, "waiver")
    with checked():
        waiver.whole(*pages, name="page.jpg")

    cv, signed = blank.documents.order_by("arrived_at")
    assert cv.file.read() == GOOD_PDF
    assert (signed.pages, signed.media_type) == (2, "application/pdf")
    assert len(lying_here()) == 4


def test_a_refused_file_leaves_nothing_there(sender, checked):
    with checked():
        sender.whole(GOOD_PDF[:200])

    assert Transfer.objects.get().status == "refused"
    assert lying_here() == []


def test_papers_are_signed_printed_and_kept_there(store, person, filled):
    press_sign(person, filled)

    document = filled.documents.get()
    assert document.file.read().startswith(b"%PDF-")
    assert list(invariants.findings()) == []


def test_receipts_are_kept_and_read_there(store, person, draft):
    for document in draft.documents.all():
        document.file.save("cv.pdf", document.file.file, save=True)
    with person.at_once(execute=True):
        person.submit(draft)

    answer = person.client.get(person.at("receipt-paper", draft.pk, 1))

    assert Paper.objects.get().file.name in lying_here()
    assert content_of(answer).startswith(b"%PDF-")


# --- Who may read ------------------------------------------------------------------------


def test_the_file_is_read_through_the_portal_and_nowhere_else(
    sender, person, blank, checked, bucket
):
    with checked():
        sender.whole(OTHER_PDF, name="my cv.pdf")
    document = blank.documents.get()
    address = reverse("applications:document-file", args=[document.pk])

    given = person.client.get(address)
    somebody = Client()
    somebody.force_login(make.UserFactory())

    assert content_of(given) == OTHER_PDF
    assert given["Content-Disposition"] == 'attachment; filename="my cv.pdf"'
    assert given["Content-Length"] == str(len(OTHER_PDF))
    assert somebody.get(address).status_code == 404
    for name in lying_here():
        assert bucket.answer(f"{NAME}/{name}") == 403
    assert bucket.answer(NAME) == bucket.answer() == 403


def test_no_page_can_give_away_an_address_of_the_bucket(sender, blank, checked):
    with checked():
        sender.whole(OTHER_PDF)

    with pytest.raises(ValueError, match="no address"):
        assert blank.documents.get().file.url


def test_a_signature_that_is_not_ours_is_refused(sender, blank, checked, bucket, store):
    with checked():
        sender.whole(OTHER_PDF)
    facts = {"Bucket": NAME, "Key": blank.documents.get().file.name}
    signed = store.connection.meta.client.generate_presigned_url("get_object", facts, ExpiresIn=60)
    asked = signed.removeprefix(f"{bucket.address}/")

    assert bucket.answer(asked) == 200
    assert bucket.answer(asked.replace("Signature=", "Signature=0")) == 403


def test_what_lies_there_is_a_download_of_no_kind(sender, checked, store):
    with checked():
        sender.whole(OTHER_PDF)

    for name in lying_here():
        told = store.connection.meta.client.head_object(Bucket=NAME, Key=name)
        assert (told["ContentType"], told["ContentDisposition"]) == (
            "application/octet-stream",
            "attachment",
        )


def test_a_name_that_is_taken_is_never_written_over(store):
    first = default_storage.save("document/a.pdf", ContentFile(b"first"))
    second = default_storage.save("document/a.pdf", ContentFile(b"second"))

    assert first != second
    assert default_storage.open(first).read() == b"first"


# --- Quarantine --------------------------------------------------------------------------


def test_a_file_with_a_virus_is_locked_away_and_unreadable_where_it_lies(
    store, scanner, person, blank, bucket
):
    person.send_file(blank, "cv", name="cv.docx", content=INFECTED)

    document = blank.documents.get()
    [name] = lying_here()
    lying = default_storage.open(name).read()
    assert (document.scan, document.file.name) == ("held", name)
    assert name.startswith("quarantine/")
    assert EICAR[:20] not in lying
    assert quarantine.read_back(name) == INFECTED
    assert bucket.answer(f"{NAME}/{name}") == 403


def test_what_a_late_scan_finds_is_moved_away_and_what_is_harmless_comes_back(
    store, scanner, person, blank, checked
):
    scanner.sleep()
    with pytest.MonkeyPatch.context() as hasty:
        hasty.setattr("workshop_portal.files.scanning.PATIENCE", 0.4)
        person.send_file(blank, "cv", content=GOOD_PDF)
    scanner.wake()
    document = blank.documents.get()
    bare = lying_here()

    with checked():
        held_files.note_scan(document, verdict="held")
    [locked] = lying_here()
    document.refresh_from_db()
    held_files.let_go(document, by=make.UserFactory())

    document.refresh_from_db()
    assert (len(bare), locked.startswith("quarantine/")) == (2, True)
    assert (document.scan, document.file.read()) == ("clean", GOOD_PDF)
    assert lying_here() == sorted([document.file.name, document.thumbnail.name])


# --- The sweeps --------------------------------------------------------------------------


def test_rows_and_files_are_compared_there_too(sender, blank, checked, monkeypatch):
    with checked():
        sender.whole(OTHER_PDF)
    stray = default_storage.save("document/stray.pdf", ContentFile(b"whose?"))
    young = list(invariants.findings())
    for name in ("YOUNG", "REPORTED"):
        monkeypatch.setattr(invariants, name, timedelta(seconds=-5))

    old, swept = list(invariants.findings()), invariants.sweep()

    assert (young, old, swept) == ([], [f"file without a row: {stray}"], [stray])
    assert list(invariants.findings()) == []
    default_storage.delete(blank.documents.get().file.name)
    assert list(invariants.findings()) == [
        f"document {blank.documents.get().pk}: its file is not there"
    ]


def test_the_doctor_writes_and_reads_there(store, bucket):
    well = doctor.storage()
    bucket.end()

    assert well == ""
    assert doctor.storage().startswith("Documents cannot be stored (Could not connect")


# --- When it does not answer -------------------------------------------------------------


def test_while_it_is_away_an_upload_is_told_so_and_can_be_finished_later(
    sender, blank, checked, bucket
):
    url = sender.begin(OTHER_PDF).json()["url"]
    sender.piece(url, OTHER_PDF)
    bucket.end()
    away = sender.finish(url)
    bucket.start()
    with checked():
        back = sender.finish(url)

    assert (away.status_code, back.status_code) == (409, 200)
    assert away.json()["sentence"].startswith("The file could not be stored at this moment.")
    assert blank.documents.get().file.read() == OTHER_PDF


def test_a_form_is_told_so_within_fifteen_seconds_although_it_only_sleeps(
    store, person, blank, bucket
):
    bucket.sleep()
    began = time.monotonic()

    answer = person.send_file(blank, "cv")

    assert time.monotonic() - began < 15
    assert answer.status_code == 409
    assert "The file could not be stored at this moment" in answer.text
    assert not Transfer.objects.exists()


def test_a_worker_waits_for_it_and_no_file_is_refused_for_that(sender, blank, bucket):
    sender.whole(OTHER_PDF)
    [transfer] = Transfer.objects.all()
    bucket.end()
    for _try in range(5):
        Transfer.objects.update(lease_until="2001-01-01T00:00Z")
        with pytest.raises(OSError, match="Could not connect"):
            check_transfer(str(transfer.pk))
    Transfer.objects.update(lease_until="2001-01-01T00:00Z")
    sweep_transfers()
    bucket.start()

    check_transfer(str(transfer.pk))

    assert blank.documents.get().file.read() == OTHER_PDF


def test_while_it_is_away_a_reader_is_told_to_come_back(sender, person, blank, checked, bucket):
    with checked():
        sender.whole(OTHER_PDF)
    address = reverse("applications:document-file", args=[blank.documents.get().pk])
    bucket.end()

    answer = person.client.get(address)
    page = person.client.get(blank.get_absolute_url())

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "The store of the documents does not answer at this moment." in answer.text
    assert page.status_code == 200


def test_what_could_not_be_dropped_while_it_was_away_is_dropped_later(
    sender, checked, bucket, monkeypatch
):
    sender.whole(OTHER_PDF)
    [transfer] = Transfer.objects.all()

    def away(_pieces):
        raise OSError("The store does not answer.")

    monkeypatch.setattr("applications.actions.transfer.drop", away)
    with pytest.raises(OSError, match="does not answer"):
        check_transfer(str(transfer.pk))
    monkeypatch.undo()
    before = len(lying_here())
    sweep_leftovers()

    assert Transfer.objects.get().status == "taken"
    assert (before, len(lying_here())) == (3, 2)
