"""What a talk comes to: the level that counts, and the second look at the target."""

import pytest

from cityshare.actions import moderation as actions
from cityshare.models import Cycle, Moderation, SelfScore
from cityshare.queries import moderation as queries
from cityshare.queries.standings import Sight, standings
from tests import factories as make
from tests.cityshare.pages import page, send, words
from tests.cityshare.talks import level, opened_example, talk_of
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened():
    return opened_example()


# --- What came of it ---------------------------------------------------------------------


def test_the_example_comes_to_its_levels_when_the_talk_confirms_them(opened):
    for code, agreed in [("P2", 3), ("P3", 2), ("P4", 2)]:
        talk = talk_of(opened, "Birch", code)
        data = {"outcome": "agreed", "level": agreed, "note": "We read the plan together."}
        answer = send(opened.facilitator, "moderate", opened.cycle.pk, talk.pk, **data)
        assert answer.status_code == 302

    assert [level(opened, "Birch", code) for code in ("P1", "P2", "P3", "P4")] == [4, 3, 2, 2]
    assert not Moderation.objects.filter(asks_for_target=True).exists()
    letters = Message.objects.filter(letter="cityshare/moderation_settled")
    assert [letter.to for letter in letters] == [opened.people["Birch"]]
    assert "* P2 Practice P2: agreed on level 3" in letters[0].body


def test_without_agreement_the_median_stands(opened):
    talk = talk_of(opened, "Birch", "P4")

    data = {"outcome": "stands", "level": "4", "note": "Views stay apart."}
    send(opened.facilitator, "moderate", opened.cycle.pk, talk.pk, **data)

    talk.refresh_from_db()
    assert (talk.status, talk.agreed, talk.note) == ("stands", None, "Views stay apart.")
    assert level(opened, "Birch", "P4") == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"note": "Why."}, "Choose what came of the talk."),
        ({"outcome": "agreed", "note": "Why."}, "Choose the level that you agreed on."),
        ({"outcome": "agreed", "level": "9", "note": "Why."}, "Choose one of the levels"),
        ({"outcome": "agreed", "level": "3"}, "Write in a sentence what was said."),
    ],
)
def test_what_is_missing_is_told_and_nothing_is_settled(opened, data, sentence):
    talk = talk_of(opened, "Birch", "P2")

    answer = send(opened.facilitator, "moderate", opened.cycle.pk, talk.pk, **data)

    talk.refresh_from_db()
    assert sentence in words(answer)
    assert talk.status == "open"


def test_nobody_but_those_who_lead_settles(opened):
    talk = talk_of(opened, "Birch", "P2")
    data = {"outcome": "agreed", "level": "5", "note": "We are good."}

    answers = [
        send(opened.people[city], "moderate", opened.cycle.pk, talk.pk, **data).status_code
        for city in ("Birch", "Cedar", "Alder")
    ]

    assert answers == [403, 403, 404]
    assert talk_of(opened, "Birch", "P2").status == "open"


def test_who_leads_and_belongs_to_a_city_settles_nothing(opened):
    make.RoleFactory(workshop=opened.workshop, user=opened.people["Birch"], role="facilitator")
    talk = talk_of(opened, "Birch", "P2")

    answer = send(
        opened.people["Birch"],
        "moderate",
        opened.cycle.pk,
        talk.pk,
        **{"outcome": "agreed", "level": "5", "note": "We are good."},
    )

    assert answer.status_code == 403


def test_of_two_who_settle_at_once_the_second_is_refused(opened):
    talk = talk_of(opened, "Birch", "P2")
    actions.settle(talk, agreed=2, note="First.", by=opened.facilitator)

    with pytest.raises(Refused):
        actions.settle(talk, agreed=4, note="Second.", by=opened.facilitator)

    talk.refresh_from_db()
    assert (talk.agreed, talk.note) == (2, "First.")


@pytest.mark.parametrize("agreed", [0, 6])
def test_a_level_that_is_not_on_the_scale_is_refused(opened, agreed):
    talk = talk_of(opened, "Birch", "P2")

    with pytest.raises(Refused):
        actions.settle(talk, agreed=agreed, note="Why.", by=opened.facilitator)


def test_it_can_be_talked_about_again(opened):
    talk = talk_of(opened, "Birch", "P2")
    actions.settle(talk, agreed=2, note="First.", by=opened.facilitator)

    answer = send(opened.facilitator, "moderate-reopen", opened.cycle.pk, talk.pk)

    talk.refresh_from_db()
    assert answer.status_code == 302
    assert (talk.status, talk.agreed, talk.asks_for_target) == ("open", None, False)
    assert level(opened, "Birch", "P2") == 3


def test_the_letter_comes_when_the_last_practice_is_settled(opened):
    for number, code in enumerate(["P2", "P3", "P4"]):
        assert Message.objects.filter(letter="cityshare/moderation_settled").count() == 0
        talk = talk_of(opened, "Birch", code)
        actions.settle(talk, agreed=None if number else 2, note="Why.", by=opened.facilitator)

    letter = Message.objects.get(letter="cityshare/moderation_settled")
    assert "* P2 Practice P2: agreed on level 2" in letter.body
    assert "* P3 Practice P3: no agreement, the median of the raters stands" in letter.body
    assert "On one practice the level went down." in letter.body


# --- The target --------------------------------------------------------------------------


@pytest.fixture
def lowered(opened):
    """Birch's second practice came out a level under the median; its target is 4."""
    talk = talk_of(opened, "Birch", "P2")
    actions.settle(talk, agreed=2, note="Only a draft.", by=opened.facilitator)
    return opened


@pytest.mark.parametrize(("agreed", "asks"), [(2, True), (3, False), (4, False), (None, False)])
def test_only_a_level_that_went_down_asks_for_the_target(opened, agreed, asks):
    talk = talk_of(opened, "Birch", "P2")

    actions.settle(talk, agreed=agreed, note="Why.", by=opened.facilitator)

    talk.refresh_from_db()
    assert talk.asks_for_target is asks


def test_the_city_looks_at_its_target_again_and_the_first_one_stays_in_its_own_view(lowered):
    talk = talk_of(lowered, "Birch", "P2")
    asked = page(lowered.people["Birch"], "moderate", lowered.cycle.pk, talk.pk)

    answer = send(lowered.people["Birch"], "moderate-target", lowered.cycle.pk, talk.pk, target="3")

    unit = standings(lowered.cycle, sight=Sight.ALL).units[lowered.teams["Birch"].pk, "P2"]
    assert "Please look at your target again" in words(asked)
    assert answer.status_code == 302
    assert (unit.level, unit.target, unit.gap) == (2, 3, 1)
    assert (
        SelfScore.objects.get(assessment__team=lowered.teams["Birch"], practice__code="P2").target
        == 4
    )
    after = page(lowered.people["Birch"], "moderate", lowered.cycle.pk, talk.pk)
    assert "Please look at your target again" not in words(after)


def test_the_old_target_may_stay(lowered):
    talk = talk_of(lowered, "Birch", "P2")

    actions.look_at_target(talk, target=4, by=lowered.people["Birch"])

    talk.refresh_from_db()
    assert not queries.waits_for_target(talk)


@pytest.mark.parametrize("target", ["1", "6", ""])
def test_a_target_below_the_agreed_level_or_above_the_scale_is_not_taken(lowered, target):
    talk = talk_of(lowered, "Birch", "P2")

    answer = send(
        lowered.people["Birch"], "moderate-target", lowered.cycle.pk, talk.pk, target=target
    )

    talk.refresh_from_db()
    assert (answer.status_code, talk.target) == (200, None)
    with pytest.raises(Refused):
        actions.look_at_target(talk, target=1, by=lowered.people["Birch"])


def test_only_the_focal_point_answers_about_the_target(lowered):
    talk = talk_of(lowered, "Birch", "P2")
    colleague = make.UserFactory()
    lowered.teams["Birch"].members.create(user=colleague)

    answers = [
        send(person, "moderate-target", lowered.cycle.pk, talk.pk, target="3").status_code
        for person in (colleague, lowered.people["Cedar"], lowered.facilitator)
    ]

    assert answers == [403, 403, 403]


@pytest.mark.parametrize(
    ("stage", "allowed"), [("compare", True), ("market", False), ("closed", False)]
)
def test_the_target_can_be_looked_at_until_offers_and_needs_begin(lowered, stage, allowed):
    talk = talk_of(lowered, "Birch", "P2")
    Cycle.objects.filter(pk=lowered.cycle.pk).update(status=stage)

    answer = send(lowered.people["Birch"], "moderate-target", lowered.cycle.pk, talk.pk, target="3")

    assert answer.status_code == (302 if allowed else 409)


def test_a_target_that_nobody_asked_about_is_refused(opened):
    talk = talk_of(opened, "Birch", "P3")

    with pytest.raises(Refused):
        actions.look_at_target(talk, target=3, by=opened.people["Birch"])
