"""Everybody finds on their own list what the stage of their cycle asks of them, and no more."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cityshare.models import (
    Assignment,
    ConflictsDeclared,
    Cycle,
    Draw,
    Matching,
    Member,
    Moderation,
    PeerAssist,
    PeerRating,
    Proposal,
    SelfAssessment,
    SelfScore,
)
from cityshare.queries.cycle import seat_of
from cityshare.queries.tasks import asked_in, tasks_in, tasks_of, with_cycle
from tests import factories as make
from tests.cityshare.example import Example
from workshop_portal.my_tasks import overview

pytestmark = pytest.mark.django_db
Stage = Cycle.Stage


def names(person):
    return [task.name for task in tasks_of(person, now=timezone.now())]


def stage(example, to):
    Cycle.objects.filter(pk=example.cycle.pk).update(status=to)
    example.cycle.refresh_from_db()


def declared(example, *cities):
    for city in cities or example.teams:
        member = example.teams[city].members.get(is_focal_point=True)
        ConflictsDeclared.objects.create(
            team=member.team, person=member.user, declared_at=timezone.now()
        )


@pytest.fixture
def example():
    """The worked example before anybody has rated, with what others should know told."""
    made = Example(stage=Stage.SELF, rated=False, moderated=False)
    made.cycle.teams.update(size="small", route="origin", context="A port.")
    return made


# --- Self-assessment ---------------------------------------------------------------------


def test_a_city_is_asked_for_its_own_view_until_it_is_handed_in(example):
    person = example.people["Alder"]
    declared(example)
    assert names(person) == []

    SelfAssessment.objects.update(status="open")
    SelfScore.objects.filter(practice__code="P1").update(current=None, target=None)
    SelfScore.objects.update(priority=0)

    [task] = tasks_of(person, now=timezone.now())
    assert task.name == "Assess your city"
    assert task.hint.startswith("First cycle. ")
    assert task.url == reverse("cityshare:assess", args=[example.cycle.pk])


def test_the_city_is_described_by_who_speaks_for_it(example):
    team = example.teams["Alder"]
    second = team.members.create(user=make.UserFactory()).user
    declared(example)
    example.cycle.teams.update(route="")

    assert "Tell the others about your city" in names(example.people["Alder"])
    assert "Tell the others about your city" not in names(second)


def test_everybody_says_whether_there_are_conflicts_before_anybody_rates(example):
    declared(example, "Birch")

    assert names(example.people["Alder"]) == ["Say whether there are conflicts of interest"]
    assert names(example.people["Birch"]) == []


# --- Rating ------------------------------------------------------------------------------


def rating(example):
    """Alder rates Cedar, of which two practices are rated, and Elm, where it is locked."""
    stage(example, Stage.RATING)
    person = example.people["Alder"]
    for city, status in (("Cedar", "active"), ("Elm", "locked"), ("Dogwood", "done")):
        pair = Assignment.objects.create(
            rater=example.teams["Alder"], rated=example.teams[city], person=person, status=status
        )
        if city == "Cedar":
            for code, level in (("P1", 2), ("P2", None), ("P3", None)):
                PeerRating.objects.create(
                    assignment=pair,
                    practice=example.practices[code],
                    initial=level,
                    cannot_judge=code == "P2",
                )
    return person


def test_a_rater_sees_each_city_with_how_far_the_ratings_are(example):
    person = rating(example)
    declared(example)

    assert [(t.name, t.hint) for t in tasks_of(person, now=timezone.now())] == [
        ("Rate Cedar", "First cycle. 2 of 4 practices are rated."),
        ("Look again at how you rate Elm, and finish", "First cycle"),
    ]


def test_before_a_real_city_come_conflicts_and_invented_cities(example):
    person = rating(example)
    dossier = example.framework.dossiers.create(order=1, title="Port", text="A port.")
    for code in ("P1", "P2"):
        dossier.cases.create(practice=example.practices[code], text="A", level=2, why="B")
    member = example.teams["Alder"].members.get()
    example.cycle.calibrations.create(person=member.user, case=dossier.cases.first(), level=2)

    assert [(t.name, t.hint) for t in tasks_of(person, now=timezone.now())][:2] == [
        ("Say whether there are conflicts of interest", "First cycle"),
        ("Rate the invented cities first", "First cycle. 1 of 2 cases are rated."),
    ]


def test_who_rates_nobody_has_nothing_to_do_while_others_rate(example):
    rating(example)

    assert names(example.people["Birch"]) == []


def test_an_own_view_that_was_opened_again_is_asked_for_while_others_rate(example):
    stage(example, Stage.RATING)
    rows = SelfAssessment.objects.filter(team=example.teams["Birch"])
    rows.update(status="open", reopened_at=timezone.now())

    assert len(names(example.people["Birch"])) == 1
    assert names(example.people["Alder"]) == []


# --- Moderation --------------------------------------------------------------------------


def test_a_call_stands_on_the_list_of_the_city_and_of_those_who_rated_it():
    example = Example(stage=Stage.MODERATION)
    at = timezone.now() + timedelta(days=2)
    Moderation.objects.update(status="open", meets_at=at)

    found = {
        city: [(t.name, t.due) for t in tasks_of(person, now=timezone.now())]
        for city, person in example.people.items()
    }

    call = [("Call about Birch", at)]
    assert found == {"Alder": [], "Birch": call, "Cedar": call, "Dogwood": call, "Elm": call}


def test_where_a_talk_has_lowered_a_level_the_city_looks_at_its_target_again():
    example = Example(stage=Stage.COMPARE)
    Moderation.objects.filter(practice__code__in=["P2", "P3"]).update(asks_for_target=True)

    assert names(example.people["Birch"]) == ["Look again at the targets of 2 practices"]
    assert names(example.people["Alder"]) == []


# --- Offers, meetings, good practices ----------------------------------------------------


def test_the_focal_point_answers_for_the_city_what_the_stairs_suggest():
    example = Example(stage=Stage.MARKET)
    second = example.teams["Alder"].members.create(user=make.UserFactory()).user

    assert names(example.people["Alder"]) == ["Say whether you confirm 6 offers and needs"]
    assert names(second) == []


def proposal(example, **facts):
    return Proposal.objects.create(
        helper=example.teams["Dogwood"],
        learner=example.teams["Alder"],
        practice=example.practices["P1"],
        status="proposed",
        **facts,
    )


def test_a_proposal_waits_for_the_side_that_has_not_answered():
    example = Example(stage=Stage.ASSIST)
    one = proposal(example, helper_answer="yes")

    [task] = tasks_of(example.people["Alder"], now=timezone.now())
    assert task.name == "Answer: Dogwood helps Alder with P1"
    assert task.url == reverse("cityshare:proposal", args=[example.cycle.pk, one.pk])
    assert names(example.people["Dogwood"]) == []


def test_when_both_have_said_yes_the_host_plans_the_meeting():
    example = Example(stage=Stage.ASSIST)
    one = proposal(example, helper_answer="yes", learner_answer="yes")
    Proposal.objects.update(status="accepted")
    assert names(example.people["Alder"]) == ["Plan the meeting with Dogwood about P1"]

    assist = PeerAssist.objects.create(host=example.teams["Alder"], practice=one.practice)
    assist.proposals.add(one)
    assist.helpers.add(example.teams["Dogwood"])

    assert names(example.people["Alder"]) == ["Give the peer assist about P1 a date"]
    assert names(example.people["Dogwood"]) == []


def test_a_meeting_is_met_then_written_down_and_thanked_for():
    example = Example(stage=Stage.ASSIST)
    now = timezone.now()
    assist = PeerAssist.objects.create(
        host=example.teams["Alder"],
        practice=example.practices["P1"],
        starts_at=now + timedelta(days=1),
    )
    assist.helpers.add(example.teams["Dogwood"], example.teams["Birch"])

    def told():
        return [names(example.people[city]) for city in ("Alder", "Dogwood", "Cedar")]

    meeting = ["Peer assist about P1, hosted by Alder"]
    assert told() == [meeting, meeting, []]
    PeerAssist.objects.update(starts_at=now - timedelta(hours=1))
    assert told() == [["Write down what came of the peer assist about P1"], [], []]
    PeerAssist.objects.update(status="held")
    assert told() == [["Thank those who helped you with P1"], [], []]
    PeerAssist.objects.update(thanked_at=now)
    assert told() == [[], [], []]


def test_a_good_practice_is_finished_validated_from_another_country_and_looked_at_again():
    example = Example(stage=Stage.DISTIL)
    asset = example.cycle.assets.create(
        practice=example.practices["P1"], title="A shared list", from_level=2, to_level=4
    )
    asset.teams.add(example.teams["Alder"])

    def told():
        return {city: names(person) for city, person in example.people.items() if names(person)}

    assert told() == {"Alder": ["Finish “A shared list”"]}
    example.cycle.assets.update(status="review")
    asked = ["Say whether “A shared list” holds for others, too"]
    assert told() == {"Cedar": asked, "Dogwood": asked, "Elm": asked}
    said = {"version": 1, "agrees": True, "given_by": example.people["Cedar"]}
    asset.validations.create(team=example.teams["Cedar"], **said)
    assert told() == {"Dogwood": asked, "Elm": asked}
    example.cycle.assets.update(status="due")
    assert told() == {"Alder": ["Look again at “A shared list”: does it still hold?"]}
    example.cycle.assets.update(status="published")
    assert told() == {}


# --- Those who lead ----------------------------------------------------------------------


def test_who_leads_finds_what_each_stage_asks_of_them(example):
    told = {}
    for to in [Stage.SETUP, Stage.RATING, Stage.MARKET, Stage.PLAN, Stage.CLOSED]:
        stage(example, to)
        told[to] = names(example.facilitator)

    assert told == {
        Stage.SETUP: ["Set up the cycle: cities, rules, deadlines"],
        Stage.RATING: ["Decide who rates whom"],
        Stage.MARKET: ["Propose who helps whom"],
        Stage.PLAN: [],
        Stage.CLOSED: [],
    }


def test_what_the_worker_has_ready_is_to_be_released(example):
    now = timezone.now()
    Draw.objects.create(
        cycle=example.cycle,
        seed=1,
        raters_per_city=3,
        bars_own_country=True,
        bars_mutual_rating=False,
        asked_at=now,
        status="ready",
    )
    Matching.objects.create(
        cycle=example.cycle, helper_capacity=2, learner_capacity=2, asked_at=now, status="ready"
    )
    stage(example, Stage.RATING)
    rates = names(example.facilitator)
    stage(example, Stage.MARKET)

    assert rates == ["Release who rates whom"]
    assert names(example.facilitator) == ["Show the cities who could help whom"]
    Draw.objects.update(status="released")
    Matching.objects.update(status="released")
    assert names(example.facilitator) == []


def test_a_stage_that_is_over_waits_for_who_leads():
    example = Example(stage=Stage.COMPARE)
    example.cycle.deadlines.create(stage="compare", due_at=timezone.now() - timedelta(minutes=1))

    assert names(example.facilitator) == ["Move the cycle on: its stage is over"]


# --- Where they stand --------------------------------------------------------------------


def test_tasks_stand_on_the_own_list_with_the_end_of_the_stage(example):
    due = timezone.now() + timedelta(days=3)
    example.cycle.deadlines.create(stage="self", due_at=due)

    [task] = overview(example.people["Alder"], now=timezone.now()).tasks

    assert (task.name, task.hint, task.due, task.zone) == (
        "Say whether there are conflicts of interest",
        "First cycle",
        due,
        "Asia/Seoul",
    )


def test_on_the_page_of_the_cycle_neither_its_name_nor_its_deadline_is_repeated(example):
    example.cycle.deadlines.create(stage="self", due_at=timezone.now() + timedelta(days=3))
    cycle = Cycle.objects.select_related("workshop").get()
    person = example.people["Alder"]

    [task] = tasks_in(cycle, person, seat_of(person, cycle), now=timezone.now())

    assert (task.hint, task.due) == ("", None)


def test_a_cycle_that_is_set_up_or_closed_asks_nothing_of_its_cities(example):
    for to in (Stage.SETUP, Stage.CLOSED):
        stage(example, to)
        assert names(example.people["Alder"]) == []


STAGES = [s for s in Stage.values if s not in {"setup", "closed"}]


@pytest.mark.parametrize("to", STAGES)
def test_in_every_stage_the_list_costs_few_queries(to, django_assert_max_num_queries):
    example = Example(stage=to)
    example.cycle.deadlines.create(stage=to, due_at=timezone.now() + timedelta(days=3))

    with django_assert_max_num_queries(13):
        tasks_of(example.people["Alder"], now=timezone.now())
    with django_assert_max_num_queries(6):
        tasks_of(example.facilitator, now=timezone.now())


@pytest.mark.parametrize("number", [1, 3])
def test_three_cities_to_rate_cost_no_more_than_one(example, number, django_assert_num_queries):
    stage(example, Stage.RATING)
    person = example.people["Alder"]
    for city in ["Cedar", "Dogwood", "Elm"][:number]:
        Assignment.objects.create(
            rater=example.teams["Alder"], rated=example.teams[city], person=person, status="active"
        )

    with django_assert_num_queries(11):
        found = tasks_of(person, now=timezone.now())

    assert len(found) == number + 1


@pytest.mark.parametrize("to", STAGES)
def test_what_waits_for_all_is_found_in_as_few_queries_as_for_one(
    to, django_assert_max_num_queries
):
    example = Example(stage=to)
    members = with_cycle(Member.objects.filter(team__cycle=example.cycle))

    with django_assert_max_num_queries(9):
        asked_in(members[0].team.cycle, members, now=timezone.now())
