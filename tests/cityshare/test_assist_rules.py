"""What a city that helps cannot do for the one that is helped."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cityshare.models import PeerAssist
from tests.cityshare.meetings import agreed, at, client_of, meeting_cities, planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def example():
    return meeting_cities()


def test_who_helps_does_not_plan_the_meeting_of_the_host(example):
    made = agreed(example)
    page = reverse("cityshare:assist-create", args=[example.cycle.pk, made.pk])

    answers = {
        who: client_of(example.people[who]).get(page).status_code for who in ("Alder", "Birch")
    }

    assert answers == {"Alder": 200, "Birch": 403}


def test_who_helps_does_not_say_that_the_meeting_has_taken_place(example):
    made = planned(example, starts_at=timezone.now() - timedelta(hours=2))

    answer = client_of(example.people["Birch"]).post(at(made, "assist-held"))

    assert (answer.status_code, PeerAssist.objects.get().status) == (403, "planned")
