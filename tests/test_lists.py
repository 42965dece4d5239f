"""A list asks the database no more for three hundred rows than for one.

The lists of applications, letters, roles and of the trail have their own tests beside the rest of
what they do; here are those that anybody or everybody sees.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications.models import Application, Call
from curriculum.models import Module, Programme, Session, Speaker
from tests.factories import RoleFactory, UserFactory, WorkshopFactory
from workshop_portal.workshops.models import Role, TrainingDay, Workshop

pytestmark = pytest.mark.django_db
LENGTHS = (1, 3, 300)


@pytest.fixture
def person():
    return UserFactory(is_admin=True)


@pytest.fixture
def workshop(person):
    workshop = WorkshopFactory(slug="here")
    Programme.objects.create(workshop=workshop, status="released")
    workshop.days.create(date=timezone.now().date())
    RoleFactory(workshop=workshop, user=person)
    return workshop


def more_workshops(number, person):
    """Open workshops, each with a day, a call, a role and an application of the person."""
    now = timezone.now()
    made = Workshop.objects.bulk_create(
        Workshop(slug=f"w-{n}-{number}", title=f"W {n}", zone="Asia/Seoul", status="published")
        for n in range(number)
    )
    TrainingDay.objects.bulk_create(TrainingDay(workshop=one, date=now.date()) for one in made)
    Role.objects.bulk_create(Role(workshop=one, user=person, role="coordinator") for one in made)
    calls = Call.objects.bulk_create(
        Call(workshop=one, opens_at=now, closes_at=now + timedelta(days=9), seats=30)
        for one in made
    )
    Application.objects.bulk_create(Application(call=call, applicant=person) for call in calls)


def more_sessions(number, workshop):
    """Sessions on the day of the workshop, each with a module and a speaker of its own."""
    first = workshop.modules.count() + 1
    start = timezone.now()
    modules = Module.objects.bulk_create(
        Module(workshop=workshop, number=first + n, title="M") for n in range(number)
    )
    speakers = Speaker.objects.bulk_create(
        Speaker(workshop=workshop, name=f"S {n}") for n in range(number)
    )
    sessions = Session.objects.bulk_create(
        Session(
            workshop=workshop,
            module=module,
            title="T",
            format="lecture",
            starts_at=start,
            ends_at=start + timedelta(hours=1),
        )
        for module in modules
    )
    through = Session.speakers.through
    through.objects.bulk_create(
        through(session=session, speaker=speaker)
        for session, speaker in zip(sessions, speakers, strict=True)
    )


def queries_at_each_length(client, path, grow):
    found, there = [], 0
    for length in LENGTHS:
        grow(length - there)
        there = length
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        found.append(len(asked))
    return found


@pytest.mark.parametrize("path", ["/", "/workshops/", "/workshops/feed/", "/tasks/", "/desk/"])
def test_more_workshops_cost_no_more_queries(client, person, path):
    client.force_login(person)

    found = queries_at_each_length(client, path, lambda number: more_workshops(number, person))

    assert found == [found[0]] * len(LENGTHS)


@pytest.mark.parametrize("path", ["/workshops/here/", "/desk/here/programme/"])
def test_more_sessions_cost_no_more_queries(client, person, workshop, path):
    client.force_login(person)

    found = queries_at_each_length(client, path, lambda number: more_sessions(number, workshop))

    assert found == [found[0]] * len(LENGTHS)
