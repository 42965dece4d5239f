"""A workshop that somebody runs, for the tests of their pages."""

import pytest

from tests.factories import CallFactory, RoleFactory, UserFactory


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
