"""What one look has refused already is refused by the next one too, and who is quick waits less."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone

from applications.actions import autosave as autosaving
from applications.actions import intake, sending, upload
from applications.actions.guard import TooLate
from applications.forms.document import AnnouncementForm
from applications.models import Application, Piece, Transfer
from applications.queries.transfer import AFTER_THE_LIMIT
from tests import factories as make
from tests.conftest import GOOD_PDF
from tests.holding import held_rows
from tests.intake import nominators
from tests.intake.sender import announced, spooled
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("spool_dir")]
SENT = {True: {"status": "submitted", "reference": "X"}, False: {}}


def as_read(application):
    """The row as a page has read it, with its call."""
    return Application.objects.select_related("call__workshop", "applicant").get(pk=application.pk)


def save(application, **answers):
    by, now = application.applicant, timezone.now()
    intake.save_section(application, section="work", answers=answers, arrived_at=now, by=by)


# --- The form ----------------------------------------------------------------------------


def test_no_window_saves_over_what_another_has_saved_since_it_read(filled):
    read = as_read(filled)
    Application.objects.update(duties="From the phone")

    with pytest.raises(Refused, match="changed in another window at this moment"):
        save(read, duties="From the desk")

    filled.refresh_from_db()
    assert filled.duties == "From the phone"


def test_of_what_was_sent_no_answer_is_taken_away(sent):
    before = sent.duties

    with pytest.raises(Refused, match="An application that has been sent stays complete"):
        save(as_read(sent), duties="")

    sent.refresh_from_db()
    assert (sent.duties, sent.receipts.count()) == (before, 1)


def test_nothing_is_saved_when_the_deadline_has_ended_since_the_page_was_read(filled, close):
    read = as_read(filled)
    close(filled.call)

    with pytest.raises(TooLate):
        save(read, duties="One moment late")

    filled.refresh_from_db()
    assert filled.duties == "I run the provincial referral desk."


@pytest.mark.parametrize("asked", [{"sending_since": timezone.now()}, {"sends_at_close": True}])
@pytest.mark.parametrize(("status", "waits"), [("draft", True), ("withdrawn", False)])
def test_only_a_draft_waits_to_be_sent(filled, asked, status, waits):
    Application.objects.update(**asked, status=status)

    assert Application.objects.waiting_to_be_sent().exists() == waits


def test_taking_up_what_is_a_draft_already_changes_nothing(filled):
    before = filled.version, filled.changed_at

    intake.take_up(as_read(filled), arrived_at=timezone.now(), by=filled.applicant)

    filled.refresh_from_db()
    assert (filled.version, filled.changed_at) == before


def take_up(read):
    Application.objects.update(status="withdrawn")
    intake.take_up(read, arrived_at=timezone.now(), by=read.applicant)


HOLDING = {
    "saving": lambda read: save(read, duties="Other words"),
    "withdrawing": lambda read: intake.withdraw(read, arrived_at=timezone.now(), by=read.applicant),
    "taking up": take_up,
    "asking to send at the deadline": lambda read: sending.ask_at_close(
        read, statement="It is true.", arrived_at=timezone.now(), by=read.applicant
    ),
    "leaving": lambda read: autosaving.leave(read, by=read.applicant),
    "asking to nominate": nominators.ask,
}


@pytest.mark.parametrize("act", HOLDING)
def test_the_application_is_held_before_it_is_written(act, filled, monkeypatch):
    Application.objects.update(autosaved=["work"], **SENT[act == "withdrawing"])
    read = as_read(filled)
    held = held_rows(monkeypatch)

    HOLDING[act](read)

    assert {*held} == {"Application"}


# --- At a glance -------------------------------------------------------------------------


def press(read, **facts):
    sending.submit(read, version=read.version, statement="It is true.", **facts)


ACTS = {
    intake: lambda read, **facts: intake.save_section(
        read, section="work", answers={"duties": "Late"}, **facts
    ),
    sending: press,
}


@pytest.mark.parametrize("module", ACTS, ids=["saving", "sending"])
def test_who_is_seen_to_be_late_waits_for_nobody_and_leaves_one_line(
    module, filled, close, monkeypatch
):
    close(filled.call)
    monkeypatch.setattr(module, "hold", lambda _row: pytest.fail("the row was held"))
    by, now = filled.applicant, timezone.now()

    with pytest.raises(TooLate):
        ACTS[module](as_read(filled), arrived_at=now, by=by)

    [line] = Entry.objects.filter(event__endswith=".refused")
    assert (line.facts["cause"], line.facts["arrived_at"]) == ("late", now.isoformat())


# --- Pieces ------------------------------------------------------------------------------


@pytest.fixture
def begun(filled):
    """An upload of which nothing has come."""
    now = timezone.now()
    [said] = announced(GOOD_PDF)
    said.pop("head")
    line = filled.call.required_documents.get(slug="cv")
    pieces = [upload.Announced(**said)]
    return upload.begin(filled, line, pieces=pieces, arrived_at=now, by=filled.applicant)


def take(begun, *, offset, length, at):
    piece = begun.pieces.select_related("transfer").get()
    bytes_of_it = BytesIO(b"x" * length)
    return upload.take_piece(piece, bytes_of_it, offset=offset, length=length, arrived_at=at)


def test_not_one_byte_is_taken_of_a_piece_that_is_longer_than_the_file(begun):
    got = take(begun, offset=0, length=len(GOOD_PDF) + 1, at=timezone.now())

    assert (got, begun.pieces.get().got, spooled()) == (0, 0, [])


def test_a_piece_that_set_out_earlier_and_ends_later_does_not_turn_the_clock_back(begun):
    last = timezone.now() + timedelta(minutes=3)
    take(begun, offset=0, length=10, at=last)

    take(begun, offset=10, length=10, at=last - timedelta(minutes=2))

    begun.refresh_from_db()
    assert (begun.moved_at, begun.pieces.get().got) == (last, 20)


@pytest.mark.parametrize(
    ("late_by", "status"), [(timedelta(0), "checking"), (timedelta(microseconds=1), "refused")]
)
def test_what_is_whole_in_the_last_moment_of_the_fifteen_minutes_is_taken(begun, late_by, status):
    limit = begun.application.window.limit
    take(begun, offset=0, length=len(GOOD_PDF), at=limit + AFTER_THE_LIMIT + late_by)
    Piece.objects.update(sha256="")

    done = upload.finish(Transfer.objects.get(), by=begun.by)

    assert done.status == status


def test_of_two_windows_that_finish_at_once_the_second_changes_nothing(begun):
    take(begun, offset=0, length=len(GOOD_PDF), at=timezone.now())
    Piece.objects.update(sha256="")
    first, second = Transfer.objects.get(), Transfer.objects.get()
    upload.finish(first, by=begun.by)
    kept = Piece.objects.get().file.name
    Transfer.objects.update(status="taken")

    done = upload._finish(second, list(second.pieces.all()), is_true=True, by=begun.by)

    assert (done, Transfer.objects.get().status) == (None, "taken")
    assert Piece.objects.get().file.name == kept


# --- Announced ---------------------------------------------------------------------------


[PIECE] = announced(GOOD_PDF)


@pytest.mark.parametrize(
    ("takes_photos", "said", "is_taken"),
    [
        (True, [PIECE], True),
        (True, [PIECE] * 30, True),
        (True, [PIECE] * 31, False),
        (True, [], False),
        (False, [PIECE], True),
        (False, [PIECE] * 2, False),
        (True, PIECE, False),
        (True, [PIECE | {"sha256": ""}], True),
        (True, [PIECE | {"sha256": "F" * 64}], False),
        (True, [PIECE | {"sha256": "0" * 63}], False),
    ],
)
def test_an_announcement_has_its_shape_or_is_none(filled, takes_photos, said, is_taken):
    line = filled.call.required_documents.get(slug="cv")
    line.suffixes = [".pdf", ".jpg"] if takes_photos else [".pdf"]

    form = AnnouncementForm({"pieces": json.dumps(said)}, requirement=line)

    assert form.is_valid() == is_taken
    assert is_taken or form.refusal["code"] in {"shape", "required"}


def test_a_piece_is_found_under_its_own_application_alone(sender, person):
    url = sender.begin(GOOD_PDF).json()["url"]
    [here] = Transfer.objects.all()
    other = make.FilledApplicationFactory(applicant=person.user)
    elsewhere = url.replace(str(here.application_id), str(other.pk))

    answer = sender.piece(elsewhere, GOOD_PDF)

    assert (answer.status_code, Piece.objects.get().got) == (404, 0)
