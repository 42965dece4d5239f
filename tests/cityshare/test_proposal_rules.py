"""What a proposal by hand says where nothing can be reckoned, and when a no comes too late."""

import pytest

from cityshare.actions import proposal as actions
from cityshare.models import Proposal, SelfScore
from cityshare.queries.proposal import may_decline, why
from tests.cityshare.market import Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def example():
    return Market()


def propose(example):
    return actions.propose(
        example.teams["Elm"],
        example.teams["Cedar"],
        example.practices["P1"],
        by=example.facilitator,
    )


@pytest.mark.parametrize("city", ["Elm", "Cedar"])
def test_where_a_city_has_no_level_a_pair_is_proposed_without_a_value(example, city):
    SelfScore.objects.filter(
        assessment__team=example.teams[city], practice=example.practices["P1"]
    ).update(outside_mandate=True, current=None, target=None, reason="The province does it.")

    made = propose(example)

    assert (made.status, made.value, made.parts, why(made)) == ("proposed", 0, {}, [])


def test_a_no_is_possible_until_it_was_said_or_nobody_is_asked_any_more(example):
    made = propose(example)

    found = {}
    for status in Proposal.Status.values:
        made.status = status
        found[status] = may_decline(made)

    assert found == {
        "draft": False,
        "proposed": True,
        "accepted": True,
        "declined": False,
        "dropped": False,
    }
