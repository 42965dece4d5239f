"""Who sees an application and what belongs to it, and who does what with it: everybody is asked."""

import pytest

from applications import access
from applications.models import Application, Call, Document, Piece
from tests import factories as make
from tests.intake.hands import on_its_way

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent():
    return make.SubmittedApplicationFactory()


@pytest.fixture
def people(sent):
    """Everybody who might ask, by what they are to the application."""
    here = {"workshop": sent.call.workshop}
    return {
        "applicant": sent.applicant,
        "coordinator": make.RoleFactory(**here).user,
        "reviewer": make.RoleFactory(**here, role="reviewer").user,
        "facilitator": make.RoleFactory(**here, role="facilitator").user,
        "observer": make.RoleFactory(**here, role="observer").user,
        "coordinator elsewhere": make.RoleFactory().user,
        "another applicant": make.SubmittedApplicationFactory(call=sent.call).applicant,
        "admin": make.UserFactory(is_admin=True),
        "somebody": make.UserFactory(),
    }


def those(people, may):
    return {who for who, user in people.items() if may(user)}


# --- Doing -------------------------------------------------------------------------------


def test_who_may_do_what_with_an_application(people, sent):
    asked = {
        "follow": lambda user: access.can_follow(user, sent),
        "edit": lambda user: access.can_edit(user, sent),
        "withdraw": lambda user: access.can_withdraw(user, sent),
        "run": lambda user: access.can_run(user, sent.call),
        "check": lambda user: access.can_check(user, sent),
        "decide": lambda user: access.can_decide(user, sent),
        "judge": lambda user: access.can_judge(user, sent.documents.first()),
        "let go": access.can_let_go,
    }

    assert {what: those(people, may) for what, may in asked.items()} == {
        "follow": {"applicant"},
        "edit": {"applicant"},
        "withdraw": {"applicant"},
        "run": {"coordinator"},
        "check": {"coordinator"},
        "decide": {"coordinator"},
        "judge": {"admin"},
        "let go": {"admin"},
    }


def test_nobody_checks_or_decides_or_judges_their_own(sent):
    make.RoleFactory(workshop=sent.call.workshop, user=sent.applicant)
    sent.applicant.is_admin = True

    assert not access.can_check(sent.applicant, sent)
    assert not access.can_decide(sent.applicant, sent)
    assert not access.can_judge(sent.applicant, sent.documents.first())


# --- Seeing ------------------------------------------------------------------------------


def sees(rows, wanted):
    return lambda user: wanted in rows(user)


@pytest.mark.parametrize(
    ("status", "seen_by"),
    [
        ("draft", {"applicant"}),
        *((status, {"applicant", "coordinator"}) for status in ("submitted", "withdrawn")),
    ],
)
def test_an_application_and_its_files_are_seen_by_its_person_and_once_sent_by_the_desk(
    people, sent, status, seen_by
):
    Application.objects.filter(pk=sent.pk).update(status=status)
    document = sent.documents.first()

    assert those(people, sees(Application.objects.visible_to, sent)) == seen_by
    assert those(people, sees(Document.objects.visible_to, document)) == seen_by
    assert those(people, sees(Application.objects.handled_by, sent)) == seen_by - {"applicant"}


def test_a_coordinator_does_not_handle_what_is_their_own_and_sees_it_once(sent):
    make.RoleFactory(workshop=sent.call.workshop, user=sent.applicant)

    assert list(Application.objects.handled_by(sent.applicant)) == []
    assert list(Application.objects.visible_to(sent.applicant)) == [sent]


def test_what_is_on_its_way_is_seen_by_its_sender_alone(people, sent):
    transfer = on_its_way(sent)
    piece = Piece.objects.create(transfer=transfer, name="cv.pdf", size=1)

    transfers, pieces = type(transfer).objects.visible_to, Piece.objects.visible_to
    assert those(people, sees(transfers, transfer)) == {"applicant"}
    assert those(people, sees(pieces, piece)) == {"applicant"}


def test_a_call_is_run_by_its_coordinator_and_seen_by_all_once_it_is_published(people, sent):
    assert those(people, sees(Call.objects.run_by, sent.call)) == {"coordinator"}
    assert those(people, sees(Call.objects.visible_to, sent.call)) == {*people}
