"""Three kinds of extension: for everybody, for a country, for one person; and whom each reaches."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from applications.actions import deadline
from applications.models import Application, Call, Extension
from applications.queries.deadline import due_reminders, ends_with, unsent
from tests import factories as make
from tests.holding import held_rows
from workshop_portal.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def holding(monkeypatch):
    return held_rows(monkeypatch)


@pytest.fixture
def draft():
    """The draft of somebody who works in Cambodia."""
    return make.FilledApplicationFactory(country="KH")


@pytest.fixture
def given(draft):
    """All kinds, in this call and in another, by what they are called here."""
    call, other = draft.call, make.FilledApplicationFactory(country="KH")
    neighbour = make.FilledApplicationFactory(call=call, country="VN")
    whose = {
        "everybody": {"call": call},
        "Cambodia": {"call": call, "country": "KH"},
        "Vietnam": {"call": call, "country": "VN"},
        "this person": {"call": call, "application": draft},
        "a neighbour": {"call": call, "application": neighbour},
        "Cambodia elsewhere": {"call": other.call, "country": "KH"},
        "everybody elsewhere": {"call": other.call},
    }
    was = call.closes_at
    return {
        name: Extension.objects.create(was=was, until=was + timedelta(days=1), reason=name, **facts)
        for name, facts in whose.items()
    }


def named(found):
    return {extension.reason for extension in found}


def test_each_kind_reaches_those_whom_it_names(draft, given):
    who = {"call": draft.call, "application": draft, "country": "KH"}

    assert named(Extension.objects.reaching(**who)) == {"Cambodia", "this person"}
    assert named(Extension.objects.concerning(**who)) == {"Cambodia", "this person", "everybody"}
    assert named(Extension.objects.concerning(**{**who, "country": ""})) == {
        "this person",
        "everybody",
    }
    assert named(Extension.objects.for_all()) == {"everybody", "everybody elsewhere"}


def test_only_what_everybody_has_may_be_read_by_everybody(given):
    assert {name for name, extension in given.items() if extension.is_for_all} == {
        "everybody",
        "everybody elsewhere",
    }


def test_an_extension_that_ends_before_the_deadline_in_force_shortens_nothing(draft):
    until, call = draft.call.closes_at, draft.call
    draft.call.extensions.create(
        application=draft, was=until - timedelta(days=2), until=until - timedelta(days=1)
    )

    assert type(draft).objects.get(pk=draft.pk).closes_at == call.closes_at


# --- Two who give time at once -------------------------------------------------------------


def test_of_two_who_move_the_deadline_at_once_nobody_shortens_what_the_other_gave(draft):
    hana = make.UserFactory()
    was = draft.call.closes_at
    read_before = Call.objects.get(pk=draft.call.pk)
    deadline.extend(draft.call, until=was + timedelta(days=10), reason="A holiday", by=hana)

    with pytest.raises(Refused, match="later than the one in force"):
        deadline.extend(read_before, until=was + timedelta(days=5), reason="A storm", by=hana)

    assert Call.objects.get(pk=draft.call.pk).closes_at == was + timedelta(days=10)


ACTS = {
    "all": lambda draft, **facts: deadline.extend(draft.call, **facts),
    "a country": lambda draft, **facts: deadline.extend_for_country(
        draft.call, country="KH", **facts
    ),
    "a person": lambda draft, **facts: deadline.extend_for_person(draft, **facts),
}


@pytest.mark.parametrize("whom", ACTS)
def test_the_call_is_held_while_time_is_given(draft, holding, whom):
    until = draft.call.closes_at + timedelta(days=1)

    ACTS[whom](draft, until=until, reason="A holiday", by=make.UserFactory())

    assert holding == ["Call"]


# --- Who is spoken to of a deadline --------------------------------------------------------


def test_a_country_whose_time_has_ended_as_well_gives_no_time_to_those_who_name_it(draft):
    now, call = timezone.now(), draft.call
    Call.objects.update(closes_at=now - timedelta(days=3))
    for country, until in (("VN", now - timedelta(days=1)), ("LA", now + timedelta(days=1))):
        call.extensions.create(country=country, was=now - timedelta(days=3), until=until)
    fresh = Application.objects.select_related("call__workshop").get(pk=draft.pk)

    ends = {country: ends_with(fresh, country=country, now=now) for country in ("VN", "LA", "")}

    assert ends == {"VN": True, "LA": False, "": True}


def test_of_drafts_that_nobody_sent_those_are_told_that_the_portal_does_not_send(draft):
    call, now = draft.call, timezone.now()
    unsent_one = make.CompleteApplicationFactory(call=call)
    make.CompleteApplicationFactory(call=call, sends_at_close=True)
    make.CompleteApplicationFactory(call=call, sending_since=now)
    Call.objects.update(closes_at=now - timedelta(hours=1))

    assert unsent(call, make.UserFactory(), now=now) == [unsent_one]


def test_who_is_told_of_a_new_deadline_is_not_reminded_of_what_lay_before_that_day(draft):
    noon = datetime(2027, 3, 10, 12, tzinfo=UTC)  # in Cambodia 19:00
    Call.objects.update(closes_at=noon + timedelta(days=6), opens_at=noon - timedelta(days=60))
    Application.objects.update(started_at=noon - timedelta(days=30))
    before = [due.occasion for due in due_reminders(now=noon)]
    draft.call.extensions.create(was=noon, until=noon + timedelta(days=6))
    Extension.objects.update(made_at=noon - timedelta(minutes=1))

    after = [due.occasion for due in due_reminders(now=noon)]

    assert (before, after) == (["7-days"], [])
