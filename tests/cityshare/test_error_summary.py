"""After a mistake a page names what has to be mended once."""

import pytest

from tests.cityshare.market import Market
from tests.cityshare.pages import send
from tests.cityshare.rater import Rated
from tests.cityshare.talks import opened_example, talk_of

pytestmark = pytest.mark.django_db


def rated_city():
    rated = Rated()
    return send(rated.rater, "rate-practice", rated.cycle.pk, rated.pair.pk, "P1", seen="0")


def conflict():
    rated = Rated()
    return send(rated.rater, "conflicts", rated.cycle.pk, note="")


def need():
    example = Market()
    return send(example.people["Elm"], "need-create", example.cycle.pk, question="")


def pair_by_hand():
    example = Market(all_confirmed=True)
    return send(example.facilitator, "proposal-create", example.cycle.pk, save="")


def matching():
    example = Market()
    return send(example.facilitator, "matching", example.cycle.pk, floor="many")


def call():
    example = opened_example()
    birch = example.teams["Birch"].pk
    return send(example.facilitator, "moderation-call", example.cycle.pk, birch, save="")


def talk():
    example = opened_example()
    about = talk_of(example, "Birch", "P2").pk
    return send(example.facilitator, "moderate", example.cycle.pk, about, save="")


@pytest.mark.parametrize("sent", [rated_city, conflict, need, pair_by_hand, matching, call, talk])
def test_a_form_with_a_mistake_has_one_summary(sent):
    page = sent().content.decode()

    assert page.count("There is something to mend") == 1
    assert page.count('id="error-summary-title"') == 1
