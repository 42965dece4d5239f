"""The health page tells machines a word and admins the sentences."""

import pytest

from tests.factories import UserFactory
from workshop_portal import doctor, pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(monkeypatch):
    """What the checks find, to be filled by the test."""
    faults = {}
    monkeypatch.setattr(doctor, "faults", lambda: dict(faults))
    monkeypatch.setattr(pages, "pulse", pages.Pulse())
    return faults


def test_a_well_portal_says_ok_to_everybody(client, found):
    response = client.get("/health/")

    assert (response.status_code, response.content) == (200, b"ok")


def test_what_is_wrong_is_told_to_admins_alone(client, found):
    found["storage"] = "Documents cannot be stored at the moment."

    visitor = client.get("/health/")
    client.force_login(UserFactory())
    person = client.get("/health/")
    client.force_login(UserFactory(is_admin=True))
    admin = client.get("/health/")

    assert [r.status_code for r in (visitor, person, admin)] == [503, 503, 503]
    assert [visitor.content, person.content] == [b"not ok", b"not ok"]
    assert found["storage"] in admin.content.decode()


def test_asking_often_does_not_keep_the_portal_busy(client, monkeypatch):
    asked = []
    monkeypatch.setattr(doctor, "faults", lambda: asked.append(1) or {})
    monkeypatch.setattr(pages, "pulse", pages.Pulse())

    for _ in range(5):
        client.get("/health/")

    assert len(asked) == 1
