"""How far an application has come."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.models import Application
from applications.timeline import Stage, Step, steps

AT, DAY = datetime(2027, 5, 1, 12, tzinfo=UTC), date(2027, 6, 1)


def states(status, *, checked=False, closed=False):
    made = steps(status, submitted_at=AT, checked=checked, closed=closed, decide_by=DAY)
    return [step.state for step in made]


def test_a_draft_has_everything_before_it():
    made = steps("draft", submitted_at=None, checked=False, closed=False, decide_by=DAY)

    assert made == [
        Step(Stage.RECEIVED, "current"),
        Step(Stage.CHECKED, "upcoming"),
        Step(Stage.REVIEW, "upcoming"),
        Step(Stage.ANSWER, "upcoming", by=DAY),
    ]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ["done", "current", "upcoming", "upcoming"]),
        ({"checked": True}, ["done", "done", "upcoming", "upcoming"]),
        ({"checked": True, "closed": True}, ["done", "done", "current", "upcoming"]),
    ],
)
def test_what_was_sent_is_checked_and_then_reviewed_when_the_call_is_closed(facts, expected):
    assert states("submitted", **facts) == expected


@pytest.mark.parametrize("status", ["accepted", "waitlisted", "rejected"])
def test_an_answer_ends_the_line(status):
    assert states(status, closed=True) == ["done"] * 4


def test_what_was_withdrawn_or_not_sent_in_time_ends_there():
    withdrawn = steps("withdrawn", submitted_at=AT, checked=False, closed=False, decide_by=DAY)
    unsent = steps("draft", submitted_at=None, checked=False, closed=True, decide_by=DAY)

    assert withdrawn == [Step(Stage.RECEIVED, "done", AT), Step(Stage.WITHDRAWN, "stopped")]
    assert unsent == [Step(Stage.UNSENT, "stopped")]


@given(st.sampled_from(Application.Status.values), st.booleans(), st.booleans())
def test_there_is_never_more_than_one_present_step(status, checked, closed):
    assert states(status, checked=checked, closed=closed).count("current") <= 1
