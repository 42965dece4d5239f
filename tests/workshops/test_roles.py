"""People and roles: who works in a workshop, and who may decide that."""

import threading

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import RoleFactory, UserFactory
from workshop_portal.audit.queries import trail
from workshop_portal.errors import Refused
from workshop_portal.workshops import actions
from workshop_portal.workshops.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(workshop):
    return reverse("workshops:roles", args=[workshop.slug])


def removal_of(role):
    return reverse("workshops:role-remove", args=[role.workshop.slug, role.pk])


def roles_of(workshop):
    return sorted(workshop.roles.values_list("user__email", "role"))


def test_the_page_shows_who_has_which_role(client, coordinator, workshop, page):
    both = RoleFactory(workshop=workshop, role="observer", user__given_name="Aam")
    RoleFactory(workshop=workshop, role="reviewer", user=both.user)
    RoleFactory()

    people = client.get(page).context["people"]

    shown = [(str(p.user), [r.role for r in p.roles]) for p in people]
    assert shown == [
        (str(both.user), ["reviewer", "observer"]),
        ("Min-ji Kang", ["coordinator"]),
    ]


def test_a_coordinator_gives_a_role_and_the_person_gets_a_letter(
    client, coordinator, workshop, page, django_capture_on_commit_callbacks
):
    person = UserFactory(email="jane@example.org")

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(page, {"email": "Jane@Example.org", "role": "reviewer"})

    assert answer.status_code == 302
    assert ("jane@example.org", "reviewer") in roles_of(workshop)
    assert [(m.to, m.subject) for m in mail.outbox] == [
        ([person.email], f"Your role in “{workshop.title}”: Reviewer")
    ]
    assert trail(workshop)[0].what == "Gave the role “reviewer”"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": "nobody@example.org", "role": "reviewer"}, "No account has this address."),
        ({"email": "no address", "role": "reviewer"}, "Enter a valid email address."),
        ({"email": "x@example.org", "role": "emperor"}, "Select a valid choice."),
        ({"email": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_a_role_gets_a_sentence(client, coordinator, workshop, page, typed, said):
    answer = client.post(page, typed)

    assert said in answer.content.decode()
    assert workshop.roles.count() == 1


def test_somebody_who_cannot_sign_in_gets_no_role(client, coordinator, workshop, page):
    UserFactory(email="gone@example.org", is_active=False)

    client.post(page, {"email": "gone@example.org", "role": "reviewer"})

    assert workshop.roles.count() == 1


def test_a_role_is_taken_away_and_that_is_on_record(client, coordinator, workshop):
    role = RoleFactory(workshop=workshop, role="reviewer")

    answer = client.post(removal_of(role))

    assert answer.status_code == 302
    assert [role for _email, role in roles_of(workshop)] == ["coordinator"]
    line = trail(workshop)[0]
    assert line.what == "Took away the role “reviewer”"
    assert line.facts["to"] == str(role.user_id)


def test_the_last_coordinator_stays(client, coordinator, workshop):
    RoleFactory(workshop=workshop, role="observer")
    RoleFactory(role="coordinator")

    answer = client.post(removal_of(workshop.roles.get(role="coordinator")))

    assert answer.status_code == 409
    assert "Min-ji Kang is the only coordinator of this workshop." in answer.content.decode()
    assert workshop.roles.filter(role="coordinator").count() == 1


def test_a_coordinator_may_leave_when_there_is_another(client, coordinator, workshop, page):
    RoleFactory(workshop=workshop)

    answer = client.post(removal_of(coordinator.roles.get()))

    assert answer.url == reverse("home")
    assert client.get(page).status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_two_coordinators_who_remove_each_other_at_once_leave_one():
    first = RoleFactory()
    second = RoleFactory(workshop=first.workshop)
    start, refused = threading.Barrier(2), []

    def remove(role, by):
        start.wait()
        try:
            actions.take_away(role, by=by)
        except Refused as no:
            refused.append(no)
        finally:
            connection.close()

    pairs = [(first, second.user), (second, first.user)]
    hands = [threading.Thread(target=remove, args=pair) for pair in pairs]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    assert len(refused) == 1
    assert Role.objects.filter(workshop=first.workshop).count() == 1


def test_an_administrator_looks_after_the_people_of_every_workshop(client, workshop, page):
    client.force_login(UserFactory(is_admin=True))
    UserFactory(email="jane@example.org")

    client.post(page, {"email": "jane@example.org", "role": "coordinator"})

    assert ("jane@example.org", "coordinator") in roles_of(workshop)


@pytest.mark.parametrize("who", ["stranger", "reviewer", "facilitator", "observer", "nobody"])
def test_the_page_does_not_exist_for_anybody_else(client, workshop, page, who):
    if who in {"reviewer", "facilitator", "observer"}:
        user = RoleFactory(workshop=workshop, role=who).user
    else:
        user = RoleFactory().user if who == "stranger" else UserFactory()
    client.force_login(user)
    before = roles_of(workshop)

    answers = [
        client.get(page),
        client.post(page, {"email": user.email, "role": "coordinator"}),
        client.post(removal_of(workshop.roles.first())),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert roles_of(workshop) == before


def test_a_role_of_another_workshop_is_not_found_through_ones_own(client, coordinator, workshop):
    foreign = RoleFactory()

    answer = client.post(reverse("workshops:role-remove", args=[workshop.slug, foreign.pk]))

    assert answer.status_code == 404
    assert Role.objects.filter(pk=foreign.pk).exists()


@pytest.mark.parametrize("number", [1, 3, 300])
def test_many_people_cost_no_more_than_few(client, coordinator, page, workshop, number):
    for _ in range(number):
        RoleFactory(workshop=workshop, role="observer", user__confirmed_address=None)
    client.get(page)

    with CaptureQueriesContext(connection) as queries:
        client.get(page)

    assert len(queries) == 4  # session, person, workshop, roles with their people
