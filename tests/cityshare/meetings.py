"""Two cities that have agreed, and the meeting that was planned from it."""

from datetime import UTC, datetime, timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cityshare.actions import assist as actions
from cityshare.actions import proposal as proposals
from tests.cityshare.market import Market
from workshop_portal.outbox.models import Message

AT = datetime(2027, 9, 12, 5, 0, tzinfo=UTC)


def meeting_cities():
    """Alder and Cedar need P1 and Birch, Dogwood offer it; each city has a clock of its own."""
    made = Market()
    zones = {"Alder": "Asia/Phnom_Penh", "Birch": "Asia/Kathmandu", "Dogwood": "Asia/Seoul"}
    for name, zone in zones.items():
        made.teams[name].zone = zone
        made.teams[name].save()
    for name in ("Alder", "Cedar"):
        made.need(name, "P1", question=f"How does {name} begin?")
    for name in ("Birch", "Dogwood"):
        made.offer(name, "P1")
    return made


def agreed(example, helper="Birch", learner="Alder"):
    """A proposal to which both have said yes."""
    made = proposals.propose(
        example.teams[helper],
        example.teams[learner],
        example.practices["P1"],
        by=example.facilitator,
    )
    for name in (helper, learner):
        made = proposals.accept(made, example.teams[name], by=example.people[name])
    return made


def planned(example, *, starts_at=AT, helpers=("Birch",), **facts):
    known = {"question": "How do we begin?", "zone": "Asia/Seoul", "minutes": 90, **facts}
    made = [agreed(example, name) for name in helpers]
    return actions.plan(made, starts_at=starts_at, **known, by=example.people["Alder"])


def held(example):
    made = planned(example, starts_at=timezone.now() - timedelta(hours=3))
    actions.conclude(made, by=example.people["Alder"])
    made.refresh_from_db()
    return made


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def at(assist, name="assist"):
    return reverse(f"cityshare:{name}", args=[assist.host.cycle_id, assist.pk])


def readers(kind):
    found = Message.objects.filter(letter=f"cityshare/{kind}")
    return sorted(found.values_list("to__given_name", flat=True))
