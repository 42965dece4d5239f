"""Accepted exactly when it arrived by the limit: real actions against a model of a few lines."""

from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications.actions import deadline, sending
from applications.actions.guard import TooLate
from applications.models import Application, Document
from tests import factories as make
from workshop_portal.audit.models import Entry
from workshop_portal.deadlines import last_second
from workshop_portal.errors import Refused

# Evenings before and after the clocks of these zones are changed, and one plain evening.
EVENINGS = ["2027-03-13T23:59", "2027-03-28T01:59", "2027-10-31T03:59", "2027-06-30T23:59"]
ZONES = ["Asia/Seoul", "Europe/Paris", "America/St_Johns", "Australia/Lord_Howe"]
COUNTRIES = ["KH", "VN", "KH"]
people = st.integers(min_value=0, max_value=len(COUNTRIES) - 1)
# Whole hours, so that presses often meet a deadline to the microsecond, or miss it by one.
hours = st.integers(min_value=-3, max_value=6).map(lambda n: timedelta(hours=n))
ticks = st.integers(min_value=-1, max_value=1).map(lambda n: timedelta(microseconds=n))
steps = st.lists(
    st.tuples(st.sampled_from(["all", "country", "person", "press"]), people, hours, ticks),
    min_size=1,
    max_size=9,
)


@contextmanager
def undone():
    """What happens in here has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def drafts(call):
    """Complete drafts, one for each of the countries, made without touching the disk."""
    made = []
    for country in COUNTRIES:
        draft = make.FilledApplicationFactory(call=call, country=country)
        Document.objects.bulk_create(
            make.DocumentFactory.build(
                application=draft, requirement=line, file="x.pdf", uploaded_by=draft.applicant
            )
            for line in call.required_documents.filter(given="upload")
        )
        made.append(draft)
    return made


def extend(whom, call, draft, until, by):
    """Give more time as staff do; False when it is refused."""
    facts = {"until": until, "reason": "A reason.", "by": by}
    try:
        if whom == "all":
            deadline.extend(call, **facts)
        elif whom == "country":
            deadline.extend_for_country(call, country=str(draft.country), **facts)
        else:
            deadline.extend_for_person(draft, **facts)
    except Refused:
        return False
    return True


def press(draft, at):
    """Send as the person does; False when it came too late."""
    fresh = Application.objects.select_related("call__workshop").get(pk=draft.pk)
    facts = {"version": fresh.version, "statement": "Yes.", "by": fresh.applicant}
    try:
        sending.submit(fresh, arrived_at=at, **facts)
    except TooLate:
        return False
    return True


@pytest.mark.django_db
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(evening=st.sampled_from(EVENINGS), zone=st.sampled_from(ZONES), steps=steps)
def test_what_is_sent_is_taken_exactly_when_it_arrives_by_the_persons_own_limit(
    evening, zone, steps
):
    closes_at = last_second(datetime.fromisoformat(evening), zone)
    with undone():
        call = make.CallFactory(
            workshop__zone=zone, opens_at=closes_at - timedelta(days=30), closes_at=closes_at
        )
        by = make.RoleFactory(workshop=call.workshop).user
        begun = drafts(call)
        everybody, countries, persons, sent = closes_at, {}, {}, set()
        for whom, person, offset, tick in steps:
            code = COUNTRIES[person]
            for_country = max(everybody, countries.get(code, everybody))
            limit = max(for_country, persons.get(person, everybody))
            moment = closes_at + offset
            if whom == "press":
                taken = press(begun[person], moment + tick)
                assert taken == (person in sent or moment + tick <= limit)
                sent |= {person} if taken else set()
            else:
                in_force = {"all": everybody, "country": for_country, "person": limit}[whom]
                assert extend(whom, call, begun[person], moment, by) == (moment > in_force)
                if moment > in_force and whom == "all":
                    everybody = moment
                elif moment > in_force:
                    given_to = countries if whom == "country" else persons
                    given_to[code if whom == "country" else person] = moment

        stored = Application.objects.exclude(submitted_at=None)
        assert {one.pk for one in stored} == {begun[person].pk for person in sent}
        for entry in Entry.objects.filter(event__startswith="application.submit"):
            arrived, limit = (
                datetime.fromisoformat(entry.facts[name]) for name in ("arrived_at", "deadline")
            )
            in_time = arrived <= limit
            assert in_time == (entry.event == "application.submitted")
