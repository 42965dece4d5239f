"""The health page tells machines whether requests can be answered, and admins every fault."""

import pytest
from django.core.files.storage import default_storage

from tests.factories import UserFactory
from workshop_portal import doctor, pages

pytestmark = pytest.mark.django_db
SENTENCE = "Documents cannot be stored at the moment."


@pytest.fixture(autouse=True)
def _asked_for_the_first_time(monkeypatch):
    monkeypatch.setattr(pages, "vital", pages.Pulse([check("database"), check("storage")]))
    monkeypatch.setattr(pages, "whole", pages.Pulse([check("letters")]))


def check(name, sentence=""):
    """A check of the doctor's that finds this."""

    def look():
        return sentence

    look.__name__ = name
    return look


@pytest.fixture
def admin():
    return UserFactory(is_admin=True)


def test_a_well_portal_says_ok_to_everybody(client):
    response = client.get("/health/")

    assert (response.status_code, response.content) == (200, b"ok")


def test_a_portal_that_can_answer_nothing_says_so_and_why_to_admins_alone(
    client, admin, monkeypatch
):
    monkeypatch.setattr(pages, "vital", pages.Pulse([check("storage", SENTENCE)]))

    visitor = client.get("/health/")
    client.force_login(UserFactory())
    person = client.get("/health/")
    client.force_login(admin)
    page = client.get("/health/")

    assert [r.status_code for r in (visitor, person, page)] == [503, 503, 503]
    assert [visitor.content, person.content] == [b"not ok", b"not ok"]
    assert SENTENCE in page.content.decode()


def test_a_fault_with_which_requests_are_answered_takes_no_server_out_of_service(
    client, admin, monkeypatch
):
    sentence = "The mail server does not answer."
    monkeypatch.setattr(pages, "whole", pages.Pulse([check("letters", sentence)]))

    machine = client.get("/health/")
    client.force_login(admin)
    page = client.get("/health/")

    assert (machine.status_code, machine.content) == (200, b"ok")
    assert page.status_code == 200
    assert sentence in page.content.decode()


def test_without_storage_a_server_is_taken_out_of_service(client, monkeypatch):
    def full(*args, **kwargs):
        raise OSError("No space left on device")

    monkeypatch.setattr(pages, "vital", pages.Pulse(doctor.VITAL))
    monkeypatch.setattr(default_storage, "save", full)

    assert client.get("/health/").status_code == 503


def test_what_is_vital_is_also_told_to_admins():
    assert set(doctor.VITAL) <= set(doctor.CHECKS)


def test_asking_often_does_not_keep_the_portal_busy(client, monkeypatch):
    asked = []
    monkeypatch.setattr(pages, "vital", pages.Pulse([lambda: asked.append(1) or ""]))

    for _ in range(5):
        client.get("/health/")

    assert len(asked) == 1
