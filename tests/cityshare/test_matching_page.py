"""The facilitator's page on which pairs are asked for, waited for, looked at and shown."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cityshare.actions import matching as actions
from cityshare.models import Cycle, Matching, Proposal
from tests.cityshare.market import LIMITS, Market, another_cycle

pytestmark = pytest.mark.django_db


@pytest.fixture
def example():
    return Market(all_confirmed=True)


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def test_the_facilitator_asks_sees_and_shows_on_one_page(
    example, django_capture_on_commit_callbacks
):
    lead = client_of(example.facilitator)
    address = reverse("cityshare:matching", args=[example.cycle.pk])
    state = reverse("cityshare:matching-state", args=[example.cycle.pk])

    with django_capture_on_commit_callbacks() as waiting:
        assert lead.post(address, LIMITS).url == address
    page = lead.get(address).content.decode()
    assert f'data-watch="{state}"' in page
    assert lead.get(state).json() == {"is_done": False}
    for carry in waiting:
        carry()
    assert lead.get(state).json() == {"is_done": True}
    page = lead.get(address).content.decode()
    assert "data-watch" not in page
    assert "Invite an outside expert" in page
    ready = Matching.objects.get()
    lead.post(reverse("cityshare:matching-release", args=[example.cycle.pk, ready.pk]))

    assert Proposal.objects.filter(status="proposed").count() == 10


def test_what_waits_for_too_long_can_be_asked_for_again(
    example, django_capture_on_commit_callbacks
):
    lead = client_of(example.facilitator)
    address = reverse("cityshare:matching", args=[example.cycle.pk])
    asked = actions.start(example.cycle, **LIMITS, by=example.facilitator)
    again = reverse("cityshare:matching-retry", args=[example.cycle.pk, asked.pk])
    before = lead.get(address).text
    Matching.objects.update(asked_at=timezone.now() - timedelta(minutes=5))

    page = lead.get(address).text
    with django_capture_on_commit_callbacks(execute=True):
        lead.post(again)

    assert "This takes longer than usual" not in before
    assert "This takes longer than usual" in page
    assert again in page
    assert Matching.objects.get().status == "ready"


def test_after_the_last_stage_nothing_is_said_to_be_computed(example):
    lead = client_of(example.facilitator)
    address = reverse("cityshare:matching", args=[example.cycle.pk])
    actions.start(example.cycle, **LIMITS, by=example.facilitator)
    before = lead.get(address).text
    Cycle.objects.filter(pk=example.cycle.pk).update(status=Cycle.Stage.CLOSED)

    page = lead.get(address).text

    assert "being computed" in before
    assert "being computed" not in page
    assert "watch.js" not in page


@pytest.mark.parametrize(
    "typed", [{"floor": "-1"}, {"helper_capacity": "0"}, {"learner_capacity": ""}]
)
def test_limits_that_make_no_sense_are_told_beside_their_field(example, typed):
    lead = client_of(example.facilitator)

    response = lead.post(
        reverse("cityshare:matching", args=[example.cycle.pk]), {**LIMITS, **typed}
    )

    assert list(response.context["form"].errors) == list(typed)
    assert not Matching.objects.exists()


def test_a_city_is_told_no_and_a_stranger_nothing(example):
    address = reverse("cityshare:matching", args=[example.cycle.pk])

    assert client_of(example.people["Elm"]).get(address).status_code == 403
    stranger = another_cycle(example).workshop.roles.get().user
    assert client_of(stranger).get(address).status_code == 404


def test_a_solving_of_another_cycle_is_unknown_here(example):
    other = another_cycle(example)
    ready = other.matchings.create(asked_at=timezone.now(), status="ready", **LIMITS)

    address = reverse("cityshare:matching-release", args=[example.cycle.pk, ready.pk])

    assert client_of(example.facilitator).post(address).status_code == 404


def test_the_page_asks_the_database_no_more_for_ten_pairs_than_for_one():
    example = Market()
    lead = client_of(example.facilitator)

    def cost():
        example.shown()
        address = reverse("cityshare:matching", args=[example.cycle.pk])
        lead.get(address)
        with CaptureQueriesContext(connection) as found:
            page = lead.get(address)
        return len(page.context["shown"]), len(found)

    example.need("Alder", "P1")
    example.offer("Dogwood", "P1")
    one, of_one = cost()
    for name in example.teams:
        example.confirm(name)
    many, of_many = cost()

    assert (one, many) == (1, 10)
    assert of_many == of_one
