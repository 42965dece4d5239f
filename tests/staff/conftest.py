"""A workshop with its coordinator, as the staff tests find them."""

import pytest

from tests.factories import CallFactory, RoleFactory, SubmittedApplicationFactory, UserFactory


@pytest.fixture
def call(db):
    return CallFactory(workshop__slug="here", workshop__title="The workshop here")


@pytest.fixture
def hana(call):
    """The coordinator of the call."""
    person = UserFactory(email="hana@example.org", given_name="Hana", family_name="Kim")
    RoleFactory(workshop=call.workshop, user=person)
    return person


@pytest.fixture
def desk(client, hana):
    """A browser in which the coordinator is signed in."""
    client.force_login(hana)
    return client


@pytest.fixture
def sent(call):
    """An application that was sent to the call."""
    return SubmittedApplicationFactory(
        call=call,
        reference="HERE-1",
        applicant__given_name="Aoife",
        applicant__family_name="O'Brien",
    )
