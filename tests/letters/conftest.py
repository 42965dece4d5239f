"""A workshop with a coordinator, an applicant, and the words that it has chosen for a letter."""

import pytest

from applications.models import Application
from tests.factories import SubmittedApplicationFactory
from tests.running import call, desk, hana
from workshop_portal.outbox.models import LetterText

__all__ = ["call", "desk", "hana", "own"]


@pytest.fixture
def sent(call):
    """An application that was sent to the call."""
    made = SubmittedApplicationFactory(
        call=call,
        reference="HERE-0001-0001",
        applicant__given_name="Aoife",
        applicant__family_name="O'Brien",
        applicant__zone="Asia/Phnom_Penh",
    )
    return Application.objects.get(pk=made.pk)


def own(workshop, letter, subject="Own: {workshop}", body="Dear {name},\n\nown.\n", **facts):
    """The words that a workshop has chosen for a letter."""
    return LetterText.objects.create(
        scope=workshop.scope,
        letter=f"applications/{letter}",
        **{"language": "en", "subject": subject, "body": body, **facts},
    )
