"""What staff see of a file in small, and what nobody opens before its virus check."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from applications.actions import checking, quarantine
from applications.clock import scan_what_waits
from applications.models import Document
from applications.queries import checking as one
from applications.queries.intake import checklist
from tests import factories as make
from tests.conftest import GOOD_PDF
from workshop_portal.accounts.models import User
from workshop_portal.audit.models import DocumentAccess, Entry
from workshop_portal.doctor import unscanned
from workshop_portal.errors import Refused
from workshop_portal.files import quarantine as locked

pytestmark = pytest.mark.django_db
SMALL = b"\xff\xd8\xff a small picture"


def file_of(application, slug="cv", **facts):
    Document.objects.filter(application=application, requirement__slug=slug).update(**facts)
    return application.documents.current().get(requirement__slug=slug)


def state_of(application, slug="cv"):
    [line] = [line for line in checklist(application) if line.slug == slug]
    return line.state, line.is_there


@pytest.fixture
def seen_small(sent):
    cv = file_of(sent)
    cv.thumbnail.save("small.jpg", ContentFile(SMALL))
    return cv


def test_the_first_page_stands_in_small_beside_its_line_and_comes_when_it_is_looked_at(
    desk, sent, seen_small
):
    page = desk.get(f"/desk/applications/{sent.pk}/").content.decode()

    assert f'<img src="/desk/documents/{seen_small.pk}/small/"' in page
    assert page.count("/small/") == page.count('loading="lazy"') == 1
    assert DocumentAccess.objects.count() == 0


def test_whoever_sees_a_page_in_small_has_looked_at_the_file(desk, hana, seen_small):
    answer = desk.get(f"/desk/documents/{seen_small.pk}/small/")

    assert b"".join(answer.streaming_content) == SMALL
    assert (answer["Content-Type"], answer["X-Frame-Options"]) == ("image/jpeg", "SAMEORIGIN")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert [(reading.by, reading.action) for reading in DocumentAccess.objects.all()] == [
        (hana, "preview")
    ]


@pytest.mark.parametrize("scan", ["waiting", "held"])
def test_what_is_not_scanned_is_opened_by_nobody_at_the_desk(desk, hana, sent, seen_small, scan):
    file_of(sent, scan=scan)

    answers = [desk.get(f"/desk/documents/{seen_small.pk}/{part}") for part in ("file/", "small/")]
    page = desk.get(f"/desk/documents/{seen_small.pk}/").content.decode()

    assert [answer.status_code for answer in answers] == [403, 403]
    assert ("<iframe" in page, "/small/" in page) == (False, False)
    assert DocumentAccess.objects.count() == 0
    with pytest.raises(Refused, match="virus check"):
        checking.accept(file_of(sent), by=hana)


def test_the_desk_says_that_a_file_waits_or_is_held(desk, sent):
    file_of(sent, scan="waiting")
    file_of(sent, "waiver", scan="held")

    states = {slot.requirement.slug: slot.state for slot in one.slots(sent)}

    assert states["cv"] == ("waiting", "Waiting for the virus check")
    assert states["waiver"] == ("held", "Held for a check")
    assert one.received(sent, one.slots(sent)) == 6


def test_for_its_sender_a_waiting_file_counts_and_a_held_one_does_not(sent):
    file_of(sent, scan="waiting")
    file_of(sent, "waiver", scan="held")

    assert state_of(sent) == ("waiting", True)
    assert state_of(sent, "waiver") == ("held", False)


def test_its_sender_opens_a_waiting_file_and_never_a_held_one(client, sent):
    client.force_login(sent.applicant)
    waiting, held = file_of(sent, scan="waiting"), file_of(sent, "waiver", scan="held")

    statuses = [
        client.get(f"/applications/documents/{file.pk}/").status_code for file in (waiting, held)
    ]

    assert statuses == [200, 404]


@pytest.mark.parametrize(("verdict", "scan"), [("clean", "clean"), ("waiting", "waiting")])
def test_a_waiting_file_is_scanned_again_by_the_clock(
    sent, monkeypatch, django_capture_on_commit_callbacks, verdict, scan
):
    file_of(sent, scan="waiting")
    monkeypatch.setattr("workshop_portal.files.scan", lambda _path: verdict)

    with django_capture_on_commit_callbacks(execute=True):
        scan_what_waits()

    assert file_of(sent).scan == scan


def test_a_file_found_bad_after_another_came_leaves_that_one_in_its_place(sent):
    first = file_of(sent)
    Document.objects.filter(pk=first.pk).update(is_current=False)
    facts = {"application": sent, "requirement": first.requirement}
    bad = make.DocumentFactory(**facts, version=2, scan="waiting")
    read_by_the_scanner = Document.objects.select_related("application").get(pk=bad.pk)
    Document.objects.filter(pk=bad.pk).update(is_current=False)
    newest = make.DocumentFactory(**facts, version=3)

    quarantine.note_scan(read_by_the_scanner, verdict="held")

    bad.refresh_from_db()
    assert (bad.scan, file_of(sent)) == ("held", newest)


def test_a_file_found_bad_later_gives_way_to_the_good_one_before_it(sent):
    first = file_of(sent)
    Document.objects.filter(pk=first.pk).update(is_current=False)
    bad = make.DocumentFactory(
        application=sent, requirement=first.requirement, version=2, scan="waiting"
    )

    quarantine.note_scan(bad, verdict="held")

    bad.refresh_from_db()
    assert file_of(sent) == first
    assert bad.file.name.startswith("quarantine/")
    assert locked.read_back(bad.file.name) == first.file.read()
    assert Entry.objects.filter(event="document.held").count() == 1


def test_an_admin_lets_a_held_file_go_and_it_counts_if_nothing_newer_came(sent):
    admin = make.UserFactory(is_admin=True)
    waiting = file_of(sent, scan="waiting")
    waiting.file.save("cv.pdf", ContentFile(GOOD_PDF))
    quarantine.note_scan(waiting, verdict="held")
    held = file_of(sent)

    quarantine.let_go(held, by=admin)

    assert (file_of(sent).scan, file_of(sent).file.read()) == ("clean", GOOD_PDF)
    assert state_of(sent) == ("received", True)
    with pytest.raises(Refused, match="decided about this file already"):
        quarantine.remove(held, by=admin)


@pytest.mark.parametrize("act", ["let-go", "remove"])
def test_nobody_judges_a_held_file_of_their_own(client, sent, act):
    quarantine.note_scan(file_of(sent, scan="waiting"), verdict="held")
    User.objects.filter(pk=sent.applicant_id).update(is_admin=True)
    client.force_login(sent.applicant)

    answer = client.post(f"/desk/held/{file_of(sent).pk}/{act}/")

    assert (answer.status_code, file_of(sent).scan) == (403, "held")


def test_a_held_file_that_is_no_document_is_not_let_go(sent):
    admin = make.UserFactory(is_admin=True)
    waiting = file_of(sent, scan="waiting")
    waiting.file.save("cv.pdf", ContentFile(b"MZ" + bytes(200)))
    quarantine.note_scan(waiting, verdict="held")

    with pytest.raises(Refused, match="looks like a program"):
        quarantine.let_go(file_of(sent), by=admin)

    assert file_of(sent).scan == "held"
    assert locked.read_back(file_of(sent).file.name) == b"MZ" + bytes(200)


def test_a_held_file_that_cannot_be_read_back_stays_held(sent):
    admin = make.UserFactory(is_admin=True)
    held = file_of(sent, scan="held")

    with pytest.raises(Refused, match="cannot be read back"):
        quarantine.let_go(held, by=admin)

    assert file_of(sent).scan == "held"


def test_what_is_held_for_thirty_days_is_deleted_with_its_file(
    sent, django_capture_on_commit_callbacks
):
    old = file_of(sent, scan="held", arrived_at=timezone.now() - timedelta(days=31))
    file_of(sent, "waiver", scan="held", arrived_at=timezone.now() - timedelta(days=29))

    with django_capture_on_commit_callbacks(execute=True):
        scan_what_waits()

    assert not Document.objects.filter(pk=old.pk).exists()
    assert not old.file.storage.exists(old.file.name)
    assert file_of(sent, "waiver").scan == "held"
    assert Entry.objects.get(event="document.removed").facts["sha256"] == old.sha256


def test_an_admin_sees_what_is_held_without_whose_it_is(client, sent):
    held = file_of(sent, scan="held")
    client.force_login(make.UserFactory(is_admin=True))

    page = client.get("/desk/held/").content.decode()
    client.post(f"/desk/held/{held.pk}/remove/")

    assert held.sha256 in page
    assert sent.family_name not in page
    assert not Document.objects.filter(pk=held.pk).exists()


def test_the_doctor_tells_when_files_wait_longer_than_a_quarter_of_an_hour(sent):
    file_of(sent, scan="waiting", arrived_at=timezone.now() - timedelta(minutes=14))
    soon = unscanned()
    file_of(sent, arrived_at=timezone.now() - timedelta(minutes=16))

    assert soon == ""
    assert "1 documents have waited longer than 15 minutes" in unscanned()
