"""Whose deadline an extension moves: a person's, a country's, everybody's, and no other."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from applications.actions import deadline
from applications.models import Application
from tests import factories as make

pytestmark = pytest.mark.django_db
UNTIL = datetime(2039, 5, 4, 14, 59, 59, tzinfo=UTC)
WHY = {"until": UNTIL, "reason": "The power was out."}


def deadlines(*applications):
    """The deadline of each, as lists know it and as the row alone knows it; they are the same."""
    found = []
    for application in applications:
        listed = Application.objects.with_deadline().get(pk=application.pk)
        assert listed.closes_at == Application.objects.get(pk=application.pk).closes_at
        found.append(listed.closes_at)
    return found


@pytest.fixture
def people(call):
    """Drafts of one call: somebody, a neighbour, somebody of another country, and of none yet."""
    countries = ("KH", "KH", "VN", "")
    return [make.FilledApplicationFactory(call=call, country=code) for code in countries]


def test_a_persons_time_is_that_persons_alone(hana, call, people):
    deadline.extend_for_person(people[0], **WHY, by=hana)

    assert deadlines(*people) == [UNTIL, *[call.closes_at] * 3]


def test_a_countrys_time_reaches_all_who_work_there_and_nobody_without_a_country(
    hana, call, people
):
    deadline.extend_for_country(call, country="KH", **WHY, by=hana)

    assert deadlines(*people) == [UNTIL, UNTIL, call.closes_at, call.closes_at]


def test_time_for_one_call_is_no_time_for_another(hana, call, people):
    elsewhere = make.FilledApplicationFactory(country="KH", applicant=people[0].applicant)

    deadline.extend_for_country(call, country="KH", **WHY, by=hana)

    assert deadlines(elsewhere) == [elsewhere.call.closes_at]


def test_nobody_has_less_time_because_they_were_given_more_before(hana, call, people):
    sooner = {"until": UNTIL - timedelta(days=1), "reason": "Illness."}
    deadline.extend_for_person(people[0], **sooner, by=hana)

    deadline.extend(call, **WHY, by=hana)

    assert deadlines(*people) == [UNTIL] * 4


def test_a_draft_that_the_portal_sends_is_not_among_those_that_nobody_sent(desk, call):
    make.CompleteApplicationFactory(call=call, given_name="Forgotten")
    make.CompleteApplicationFactory(call=call, given_name="Looked-after", sends_at_close=True)
    type(call).objects.update(closes_at=timezone.now() - timedelta(hours=1))

    page = desk.get("/desk/here/unsent/").text

    assert "Forgotten" in page
    assert "Looked-after" not in page
