"""Whose application it is, and whose it is not."""

import pytest

from tests import factories as make

PAGES = ["application", "check", "submit", "receipt", "answers", "withdraw", "take-up"]


@pytest.fixture
def stranger(client, db):
    return make.UserFactory()


def addresses(person, application):
    cv = application.documents.get(requirement__slug="cv")
    return [
        *(person.at(name, application.pk) for name in PAGES),
        person.at("section", application.pk, "you"),
        person.at("document", application.pk, "cv"),
        person.at("document-file", cv.pk),
        person.at("receipt-paper", application.pk, 1),
    ]


@pytest.mark.parametrize("role", [None, "reviewer", "facilitator", "observer", "elsewhere"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_person_finds_nothing_at_any_address(person, sent, client, role, method):
    at = addresses(person, sent)
    other = make.UserFactory()
    if role == "elsewhere":
        make.RoleFactory(user=other)
    elif role:
        make.RoleFactory(user=other, workshop=sent.call.workshop, role=role)
    client.force_login(other)

    answers = [getattr(client, method)(address) for address in at]

    assert {answer.status_code for answer in answers} <= {404, 405}
    assert sent.receipts.count() == 1


def test_a_coordinator_reads_at_the_desk_and_not_through_the_applicants_door(person, sent, client):
    at = addresses(person, sent)
    client.force_login(make.RoleFactory(workshop=sent.call.workshop).user)

    answers = [client.get(address) for address in at]

    assert {answer.status_code for answer in answers} == {403}


def test_a_coordinator_knows_nothing_of_a_draft(person, draft, client):
    at = addresses(person, draft)
    client.force_login(make.RoleFactory(workshop=draft.call.workshop).user)

    assert {client.get(address).status_code for address in at} == {404}


def test_an_admin_knows_nothing_of_an_application(person, sent, client):
    at = addresses(person, sent)
    client.force_login(make.UserFactory(is_admin=True))

    assert {client.get(address).status_code for address in at} == {404}


def test_whoever_is_not_signed_in_is_asked_to(person, sent, client):
    at = addresses(person, sent)
    client.logout()

    answers = [client.get(address) for address in at]

    assert all(answer.status_code == 302 and "login" in answer.url for answer in answers)


@pytest.mark.parametrize(
    "path",
    [
        "/applications/0/",
        "/applications/-1/",
        "/applications/" + "9" * 5000 + "/",
        "/applications/1 OR 1=1/",
        "/applications/00000000-0000-0000-0000-000000000000/",
        "/applications/documents/00000000-0000-0000-0000-000000000000/",
    ],
)
def test_an_address_of_nothing_is_not_found(person, path):
    assert person.client.get(path).status_code == 404


def test_a_section_that_does_not_exist_is_not_found(person, draft):
    assert person.client.get(person.at("section", draft.pk, "money")).status_code == 404


def test_a_workshop_that_is_not_published_cannot_be_applied_to(person):
    call = make.CallFactory(workshop__status="draft")

    assert person.start(call).status_code == 404


def test_a_number_of_a_receipt_beyond_all_bounds_is_not_found(person, sent):
    assert person.client.get(person.at("receipt-paper", sent.pk, 2)).status_code == 404
    assert person.client.get(person.at("receipt-paper", sent.pk, 10**30)).status_code == 404
