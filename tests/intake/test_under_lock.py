"""What was true when a page was read is asked again once the row is held, and rows are held in one
order everywhere: the application first, and then what belongs to it.
"""

import re
from datetime import timedelta
from functools import partial

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications.actions import attach as attaching
from applications.actions import autosave as autosaving
from applications.actions import quarantine, sending, signing, upload
from applications.actions import transfer as actions
from applications.actions.guard import Blocked, TooLate, hold
from applications.models import Application, Call, Piece, Signature, Transfer
from applications.queries.signing import to_sign
from tests import factories as make
from tests.conftest import GOOD_PDF
from tests.intake.checks import check
from tests.intake.hands import on_its_way
from tests.intake.sender import OTHER_PDF, announced, versions
from workshop_portal import files
from workshop_portal.errors import Refused
from workshop_portal.merging import Change, Held
from workshop_portal.outbox.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("spool_dir")]


@pytest.fixture
def read(blank):
    """The draft as a page has read it, which has been withdrawn since then."""
    stale = Application.objects.select_related("call__workshop", "applicant").get(pk=blank.pk)
    Application.objects.update(status="withdrawn")
    return stale


def line_of(application, slug="cv"):
    return application.call.required_documents.get(slug=slug)


# --- Asked again -------------------------------------------------------------------------


def test_no_upload_begins_for_what_was_withdrawn_meanwhile(read):
    with pytest.raises(Blocked, match="cannot be changed any more"):
        begin(read)

    assert not Transfer.objects.exists()


def begin(application):
    """Announce a file for an application as it was read some time ago."""
    [said] = announced(GOOD_PDF)
    said.pop("head")
    facts = {"arrived_at": timezone.now(), "by": application.applicant}
    return upload.begin(
        application, line_of(application), pieces=[upload.Announced(**said)], **facts
    )


def test_no_upload_begins_after_a_deadline_that_was_moved_meanwhile(blank):
    stale = Application.objects.select_related("call__workshop", "applicant").get(pk=blank.pk)
    past = timezone.now() - timedelta(hours=1)
    Call.objects.update(closes_at=past)

    with pytest.raises(TooLate) as late:
        begin(stale)

    assert (late.value.limit, Transfer.objects.count()) == (past, 0)


def test_no_upload_begins_with_an_extension_that_was_taken_back_meanwhile(blank, close):
    close(blank.call)
    tomorrow = timezone.now() + timedelta(days=1)
    given = {
        "was": blank.call.closes_at,
        "until": tomorrow,
        "reason": "A storm.",
        "by": make.UserFactory(),
    }
    blank.call.extensions.create(application=blank, **given)
    stale = Application.objects.select_related("call__workshop", "applicant").get(pk=blank.pk)
    had = stale.extended_until
    blank.call.extensions.all().delete()

    with pytest.raises(TooLate):
        begin(stale)

    assert (had, Transfer.objects.count()) == (tomorrow, 0)


def test_the_extension_of_a_country_that_was_left_meanwhile_gives_no_time(blank, close):
    close(blank.call)
    tomorrow = timezone.now() + timedelta(days=1)
    given = {"was": blank.call.closes_at, "until": tomorrow, "reason": "A storm."}
    blank.call.extensions.create(country="NP", by=make.UserFactory(), **given)
    Application.objects.update(country="NP")
    stale = Application.objects.select_related("call__workshop", "applicant").get(pk=blank.pk)
    Application.objects.update(country="VN")

    with pytest.raises(TooLate):
        begin(stale)

    assert not Transfer.objects.exists()


def test_whoever_opened_the_application_before_a_file_began_has_to_look_again(blank):
    read = Application.objects.select_related("call__workshop", "applicant").get(pk=blank.pk)

    begin(read)

    blank.refresh_from_db()
    assert blank.version == read.version + 1


def test_no_file_is_handed_in_for_what_was_withdrawn_meanwhile(read):
    facts = {"arrived_at": timezone.now(), "by": read.applicant}
    file = SimpleUploadedFile("cv.pdf", GOOD_PDF)

    with pytest.raises(Blocked, match="cannot be changed any more"):
        actions.hand_in(read, line_of(read), uploads=[file], **facts)

    assert (Transfer.objects.count(), Piece.objects.count()) == (0, 0)


def test_no_document_is_put_where_the_application_was_withdrawn_meanwhile(read):
    facts = {"arrived_at": timezone.now(), "by": read.applicant}

    with pytest.raises(Blocked, match="cannot be changed any more"):
        attaching.attach(read, line_of(read), checked=check("cv.pdf", GOOD_PDF), **facts)

    assert versions(read) == []


def test_what_has_ended_three_workers_is_claimed_by_no_fourth(blank):
    transfer = on_its_way(blank)
    Transfer.objects.update(tries=actions.TRIES)

    assert actions.claim(str(transfer.pk)) is None


def test_a_file_by_the_form_breaks_off_the_upload_that_it_takes_the_place_of(sender, person, blank):
    url = sender.begin(OTHER_PDF).json()["url"]

    person.send_file(blank, "cv", name="newer.pdf")

    assert sender.state(url)["status"] == "abandoned"
    assert versions(blank) == [(1, True, "newer.pdf")]


def test_a_file_that_is_held_takes_no_place_of_a_good_one(blank):
    good = make.DocumentFactory(application=blank)
    held = files.Checked(
        name="newer.pdf",
        kind=files.PDF,
        content=ContentFile(b"bad"),
        size=3,
        sha256="0" * 64,
        scan="held",
    )
    facts = {"arrived_at": timezone.now(), "by": blank.applicant}

    attaching.attach(blank, good.requirement, checked=held, **facts)

    assert versions(blank) == [(1, True, "cv.pdf"), (2, False, "newer.pdf")]


def test_nobody_signs_a_text_that_another_window_has_changed_since(filled):
    read = Application.objects.select_related("call__workshop", "applicant").get(pk=filled.pk)
    paper = line_of(read, "commitment")
    _facts, seen = to_sign(read, paper)
    Application.objects.update(position="Director")
    facts = {"name": read.name, "statement": "I agree.", "seen": seen}

    with pytest.raises(Refused, match="The text has changed"):
        signing.sign(read, paper, **facts, arrived_at=timezone.now(), by=read.applicant)

    assert not Signature.objects.exists()


def test_nothing_is_saved_by_itself_into_what_was_sent_at_this_moment(filled):
    read = Application.objects.select_related("call__workshop", "applicant").get(pk=filled.pk)
    change = Change(Held("Words that came too late"), base=read.stored("duties").mark)
    Application.objects.update(status="submitted", reference="X")
    facts = {"section": "work", "arrived_at": timezone.now(), "by": read.applicant}

    with pytest.raises(Blocked, match="no longer a draft"):
        autosaving.autosave(read, changes={"duties": change}, **facts)

    filled.refresh_from_db()
    assert filled.duties == "I run the provincial referral desk."


# --- Sending -----------------------------------------------------------------------------


@pytest.fixture
def press(draft):
    """The draft as two windows have read it, and the way in which each of them sends it."""

    def send(stale):
        statement = {"version": stale.version, "statement": "It is true."}
        return sending.submit(stale, **statement, arrived_at=timezone.now(), by=draft.applicant)

    windows = Application.objects.select_related("call__workshop", "applicant")
    return [partial(send, windows.get(pk=draft.pk)) for _window in range(2)]


def test_of_two_windows_that_send_at_once_the_second_gets_the_receipt_of_the_first(press, draft):
    first, second = [send() for send in press]

    assert second == first
    assert draft.receipts.count() == 1
    assert Message.objects.count() == 1


def test_a_deadline_that_has_ended_since_the_page_was_read_has_ended(press, draft, close):
    close(draft.call)

    with pytest.raises(TooLate):
        press[0]()

    assert not draft.receipts.exists()


def test_nothing_is_sent_by_the_portal_that_was_withdrawn_just_before(draft, monkeypatch):
    Application.objects.update(sending_since=timezone.now(), sending_statement="It is true.")

    def held_a_moment_later(application):
        Application.objects.update(status="withdrawn")
        return hold(application)

    monkeypatch.setattr(sending, "hold", held_a_moment_later)
    sending.settle(draft.pk)

    draft.refresh_from_db()
    assert (draft.status, draft.receipts.count()) == ("withdrawn", 0)


# --- In one order ------------------------------------------------------------------------


def held_by(act):
    """The tables whose rows an act holds or changes, in the order in which it first does so."""
    with CaptureQueriesContext(connection) as ran:
        act()
    locking = [
        query["sql"] for query in ran if re.search("FOR UPDATE|^UPDATE|^DELETE", query["sql"])
    ]
    tables = [re.search(r'(?:^UPDATE|FROM) "applications_(\w+)"', sql) for sql in locking]
    return list(dict.fromkeys(found[1] for found in tables if found))


def whole(sender):
    url = sender.begin(GOOD_PDF).json()["url"]
    sender.piece(url, GOOD_PDF)
    return Transfer.objects.get()


def scanned(blank):
    document = make.DocumentFactory(application=blank, scan="waiting")
    return lambda: quarantine.note_scan(document, verdict="held")


ACTS = {
    "finishing": lambda sender, blank: partial(upload.finish, whole(sender), by=blank.applicant),
    "finishing what was torn": lambda sender, blank: partial(
        upload.finish, torn(sender), by=blank.applicant
    ),
    "breaking off": lambda sender, blank: partial(
        actions.abandon, whole(sender), by=blank.applicant
    ),
    "refusing": lambda _sender, blank: partial(actions.refuse, on_its_way(blank), "damaged"),
    "concluding": lambda _sender, blank: partial(
        actions.conclude, on_its_way(blank), check("cv.pdf", GOOD_PDF)
    ),
    "what the scanner found": lambda _sender, blank: scanned(blank),
}


def torn(sender):
    url = sender.begin(GOOD_PDF).json()["url"]
    sender.piece(url, b"x" * len(GOOD_PDF))
    return Transfer.objects.get()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite holds no single rows")
@pytest.mark.parametrize("act", ACTS)
def test_the_application_is_held_before_anything_that_belongs_to_it(act, sender, blank):
    tables = held_by(ACTS[act](sender, blank))

    assert tables[0] == "application"
    assert len(tables) > 1
