import pytest

from tests.factories import RoleFactory, UserFactory
from workshop_portal.outbox.models import Message


@pytest.fixture
def workshop():
    return RoleFactory(user__given_name="Min-ji", user__family_name="Kang").workshop


@pytest.fixture
def coordinator(workshop, client):
    """Runs the workshop and is signed in."""
    user = workshop.roles.get().user
    client.force_login(user)
    return user


@pytest.fixture
def letter(workshop):
    return letter_of(workshop)


def letter_of(workshop, number=0, **facts):
    to = facts.pop("to", None) or UserFactory(given_name="Jane", family_name=f"Doe{number}")
    words = {"subject": f"Letter {number}", "body": "The body.\n", "rule": "once"}
    return Message.objects.create(
        key=f"{workshop.pk}:{number}",
        message_id=f"<{workshop.pk}:{number}@x>",
        scope=workshop.scope,
        to=to,
        address=to.email,
        **{**words, **facts},
    )
