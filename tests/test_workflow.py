"""Many rows take a step together, or none of them does."""

import pytest

from applications.models import Application
from tests import factories as make
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.workflow import advance, advance_all

pytestmark = pytest.mark.django_db
Status = Application.Status


def stand(things):
    return [Application.objects.get(pk=thing.pk).status for thing in things]


def lines():
    found = Entry.objects.filter(event="application.withdrawn").order_by("pk")
    return [(line.target, line.about, line.by_id, line.facts) for line in found]


@pytest.fixture
def three():
    return [make.SubmittedApplicationFactory() for _ in range(3)]


def test_all_take_the_step_and_each_has_its_line(three, django_assert_num_queries):
    person, call = make.UserFactory(), three[0].call

    with django_assert_num_queries(5):  # three of its own, and two around them
        advance_all(three, Status.WITHDRAWN, by=person, about=call, why="moved")

    assert stand(three) == [thing.status for thing in three] == [Status.WITHDRAWN] * 3
    assert lines() == [
        (
            f"applications.Application:{thing.pk}",
            f"applications.Call:{call.pk}",
            person.pk,
            {"was": Status.SUBMITTED, "why": "moved"},
        )
        for thing in three
    ]


def test_of_rows_that_have_gone_elsewhere_none_takes_the_step(three):
    advance(Application.objects.get(pk=three[1].pk), Status.WITHDRAWN, by=None)

    with pytest.raises(Refused, match="already “Withdrawn”"):
        advance_all(three, Status.WITHDRAWN, by=None)

    assert stand(three) == [Status.SUBMITTED, Status.WITHDRAWN, Status.SUBMITTED]
    assert len(lines()) == 1


def test_a_row_that_is_gone_keeps_the_others_where_they_are(three):
    Application.objects.filter(pk=three[2].pk).delete()

    with pytest.raises(Refused):
        advance_all(three, Status.WITHDRAWN, by=None)

    assert (stand(three[:2]), lines()) == ([Status.SUBMITTED] * 2, [])


def test_a_step_that_does_not_exist_is_taken_by_none(three):
    with pytest.raises(Refused, match="already “Submitted”"):
        advance_all(three, Status.DRAFT, by=None)

    assert (stand(three), lines()) == ([Status.SUBMITTED] * 3, [])


def test_nothing_to_move_is_no_step():
    advance_all([], Status.WITHDRAWN, by=None)

    assert lines() == []
