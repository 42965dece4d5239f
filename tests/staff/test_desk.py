import pytest

from tests.factories import (
    CallFactory,
    DecisionFactory,
    DocumentFactory,
    FilledApplicationFactory,
    RoleFactory,
    SubmittedApplicationFactory,
    UserFactory,
    WorkshopFactory,
)
from workshop_portal.outbox.actions import post
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


def places(response):
    return {place.workshop.title: place for place in response.context["places"]}


def test_the_desk_tells_what_waits_in_each_workshop(desk, hana, call):
    checked, new, decided = SubmittedApplicationFactory.create_batch(3, call=call)
    checked.documents.update(status="accepted")
    old = new.documents.get(requirement__slug="cv")
    new.documents.filter(pk=old.pk).update(
        status="returned", return_reason="wrong", is_current=False
    )
    DocumentFactory(application=new, requirement=old.requirement, version=2)
    DecisionFactory(application=decided)
    FilledApplicationFactory(call=call)
    SubmittedApplicationFactory(call=call, applicant=hana)
    letter = post(
        "applications/waitlisted",
        to=decided.applicant,
        key="stuck",
        scope=call.workshop.scope,
        application=decided,
        workshop=call.workshop,
    )
    Message.objects.filter(pk=letter.pk).update(state="unknown", sent_at=None)

    place = places(desk.get("/desk/"))["The workshop here"]

    waiting = place.waiting
    assert (waiting.applications, waiting.to_check, waiting.replaced) == (3, 2, 1)
    assert (waiting.pending, place.letters, place.roles) == (1, 1, ["Coordinator"])


def test_what_waits_comes_first(desk, hana, call, sent):
    calm = CallFactory(workshop__title="Calm")
    RoleFactory(workshop=calm.workshop, user=hana)
    RoleFactory(workshop=WorkshopFactory(title="Watched"), user=hana, role="observer")

    assert list(places(desk.get("/desk/"))) == ["The workshop here", "Calm", "Watched"]


def test_a_workshop_without_a_role_in_it_is_not_on_the_desk(desk, call):
    CallFactory(workshop__title="Foreign")

    assert list(places(desk.get("/desk/"))) == ["The workshop here"]


@pytest.mark.parametrize("role", ["reviewer", "facilitator", "observer"])
def test_those_who_do_not_run_the_workshop_get_no_link_to_its_applications(
    client, call, sent, role
):
    client.force_login(RoleFactory(workshop=call.workshop, role=role).user)

    shown = client.get("/desk/").content.decode()

    assert "The workshop here" in shown
    assert "Nothing waits for you here." in shown
    assert "/desk/here/" not in shown
    assert "to check" not in shown


def test_an_admin_sees_every_workshop_and_nothing_of_its_applications(client, call, sent):
    WorkshopFactory(title="Another", status="draft")
    client.force_login(UserFactory(is_admin=True))

    response = client.get("/desk/")

    shown = response.content.decode()
    assert set(places(response)) == {"The workshop here", "Another"}
    assert "/desk/here/people/" in shown
    assert "/desk/here/page/" in shown
    assert "/desk/workshops/new/" in shown
    assert "/desk/here/applications/" not in shown
    assert "to check" not in shown


def test_the_desk_leads_its_coordinator_to_the_page_and_to_the_call_that_is_not_set_up(desk, hana):
    RoleFactory(workshop=WorkshopFactory(slug="fresh"), user=hana)

    shown = desk.get("/desk/").content.decode()

    assert "/desk/fresh/page/" in shown
    assert "/desk/fresh/call/new/" in shown
    assert "/desk/workshops/new/" not in shown


def test_an_empty_desk_says_so(client, db):
    client.force_login(UserFactory(is_admin=True))

    assert b"No workshop yet" in client.get("/desk/").content


def test_whoever_has_no_role_has_no_desk(client, sent):
    client.force_login(sent.applicant)

    assert client.get("/desk/").status_code == 404


def test_more_workshops_ask_the_database_no_more(desk, hana, call, django_assert_num_queries):
    def asked():
        with django_assert_num_queries(13, exact=False) as queries:
            desk.get("/desk/")
        return len(queries)

    SubmittedApplicationFactory(call=call)
    one = asked()
    for _number in range(3):
        other = CallFactory()
        RoleFactory(workshop=other.workshop, user=hana)
        SubmittedApplicationFactory(call=other)

    assert asked() == one
