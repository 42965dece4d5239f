"""Who opens what on the desk. Whatever is not theirs does not exist for them."""

import pytest
from django.urls import reverse

from applications.models import Decision
from tests.factories import CallFactory, RoleFactory, SubmittedApplicationFactory, UserFactory
from workshop_portal.audit.models import DocumentAccess

pytestmark = pytest.mark.django_db
OF_THE_CALL = {
    "desk-list": "get",
    "desk-export": "get",
    "call-extend": "get",
    "decide-many": "post",
    "release": "get",
}
OF_THE_APPLICATION = {"desk-application": "get", "documents-return": "get", "decide": "get"}
OF_THE_DOCUMENT = {
    "desk-document": "get",
    "desk-document-file": "get",
    "document-accept": "post",
    "document-return": "post",
}
ALL = {**OF_THE_CALL, **OF_THE_APPLICATION, **OF_THE_DOCUMENT}
PEOPLE = ["applicant", "rival", "reviewer", "facilitator", "observer", "admin", "stranger"]


def address(name, application):
    if name == "desk-export":
        return reverse("applications:desk-export", args=["here", "csv"])
    if name in OF_THE_CALL:
        return reverse(f"applications:{name}", args=["here"])
    thing = application if name in OF_THE_APPLICATION else application.documents.first()
    return reverse(f"applications:{name}", args=[thing.pk])


def ask(client, name, application):
    return getattr(client, ALL[name])(address(name, application))


@pytest.fixture
def people(call, sent):
    found = {
        "applicant": sent.applicant,
        "rival": SubmittedApplicationFactory(call=call).applicant,
        "admin": UserFactory(is_admin=True),
        "stranger": RoleFactory(workshop=CallFactory().workshop).user,
    }
    for role in ("reviewer", "facilitator", "observer"):
        found[role] = RoleFactory(workshop=call.workshop, role=role).user
    return found


@pytest.mark.parametrize("name", ALL)
def test_a_visitor_is_asked_to_sign_in(client, sent, name):
    answer = ask(client, name, sent)

    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", ALL)
def test_who_does_not_run_the_call_finds_nothing(client, people, sent, name, who):
    client.force_login(people[who])

    answer = ask(client, name, sent)

    assert answer.status_code == 404
    assert b"Aoife" not in answer.content
    assert DocumentAccess.objects.count() == 0


@pytest.mark.parametrize("name", ALL)
def test_the_coordinator_of_the_call_opens_everything(desk, sent, name):
    assert ask(desk, name, sent).status_code in {200, 302}


@pytest.mark.parametrize("name", {**OF_THE_APPLICATION, **OF_THE_DOCUMENT})
def test_a_coordinator_finds_their_own_application_nowhere_on_the_desk(desk, call, hana, name):
    own = SubmittedApplicationFactory(call=call, applicant=hana)

    assert ask(desk, name, own).status_code == 404


def test_a_coordinator_decides_nothing_about_themselves(desk, call, hana):
    own = SubmittedApplicationFactory(call=call, applicant=hana)
    given = {"outcome": "accepted", "application": f"{own.pk}:0"}

    assert desk.post("/desk/here/decide/", given).status_code == 404
    assert Decision.objects.count() == 0


@pytest.mark.parametrize("name", {**OF_THE_APPLICATION, **OF_THE_DOCUMENT})
def test_a_draft_is_nobodys_business_but_the_applicants(desk, sent, name):
    type(sent).objects.filter(pk=sent.pk).update(status="draft")

    assert ask(desk, name, sent).status_code == 404


@pytest.mark.parametrize("name", ALL)
def test_a_role_that_was_taken_away_ends_at_the_next_request(desk, call, hana, sent, name):
    call.workshop.roles.filter(user=hana).delete()

    assert ask(desk, name, sent).status_code == 404


@pytest.mark.parametrize("name", [name for name, method in ALL.items() if method == "post"])
def test_what_changes_something_is_never_a_link(desk, sent, name):
    assert desk.get(address(name, sent)).status_code == 405
