"""Raters are drawn by the worker, looked at as a draft, and released with a letter to each."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cityshare import clock, worker
from cityshare.actions import conflict, draw
from cityshare.models import Assignment, Cycle, Draw, Team
from cityshare.queries.pairs import facts_of
from tests import factories as make
from tests.cityshare.drawn import RULES, Drawn
from tests.cityshare.example import Example, framework
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn():
    return Drawn()


# --- Computed ----------------------------------------------------------------------------


def test_a_draft_gives_every_city_its_raters_and_an_alternate_and_tells_nobody(drawn):
    raters = [rater for rater, _rated in drawn.standing()]
    rated = [rated for _rater, rated in drawn.standing()]

    assert (drawn.draw.status, drawn.draw.outcome["method"]) == ("ready", "solver")
    assert sorted(raters) == sorted(rated) == sorted([*drawn.teams] * 2)
    assert not {("Alder", "Birch"), ("Birch", "Alder")} & {*drawn.standing()}
    assert {*drawn.alternates()} == {*drawn.teams}
    assert not {(rater, city) for city, rater in drawn.alternates().items()} & {*drawn.standing()}
    assert {one.person for one in Assignment.objects.all()} == {*drawn.people.values()}
    assert not Message.objects.exists()


def test_the_same_number_draws_the_same_pairs_in_another_cycle_of_the_same_cities():
    first, second = Drawn(), Drawn.__new__(Drawn)
    second.__dict__ = {**first.__dict__}
    second.cycle = Cycle.objects.create(
        workshop=first.workshop, framework=first.framework, name="Again", status="rating"
    )
    second.teams = {
        name: second.cycle.teams.create(city=team.city, languages=["en"])
        for name, team in reversed(first.teams.items())
    }
    second.draw = second.ask()

    assert second.standing() == first.standing()
    assert second.alternates() == first.alternates()


def test_cities_with_several_people_share_the_work_between_them():
    example = Example(stage="rating", rated=False, moderated=False)
    for team in example.teams.values():
        team.members.create(user=make.UserFactory())
    asked = draw.ask(example.cycle, **RULES, by=example.facilitator)

    worker.draw_raters(str(asked.pk))

    given = Assignment.objects.filter(status="proposed").values_list("person", flat=True)
    assert len({*given}) == len(given) == 10


def test_who_rated_a_city_in_the_cycle_before_does_not_where_it_can_be_avoided():
    first = Drawn(raters_per_city=1).release()
    second = Cycle.objects.create(
        workshop=first.workshop,
        framework=first.framework,
        name="Second cycle",
        status="rating",
        previous=first.cycle,
    )
    teams = {name: second.teams.create(city=team.city) for name, team in first.teams.items()}
    asked = draw.ask(second, **{**RULES, "raters_per_city": 1}, by=first.facilitator)

    worker.draw_raters(str(asked.pk))

    again = Assignment.objects.filter(rated__in=teams.values(), status="proposed")
    pairs = set(again.values_list("rater__city__name", "rated__city__name"))
    assert len(pairs) == 5
    assert not pairs & {*first.standing()}
    assert len(facts_of(second, asked).problem.last) == 5


def test_a_draw_that_cannot_be_complete_keeps_why_and_what_would_help():
    example = Example(stage="rating", rated=False, moderated=False)
    Team.objects.filter(city__name="Cedar").update(city=make.CityFactory(country="KH"))
    asked = draw.ask(example.cycle, **RULES, by=example.facilitator)

    worker.draw_raters(str(asked.pk))

    asked.refresh_from_db()
    [reason] = asked.outcome["reasons"]
    assert (reason["why"], reason["have"], reason["need"]) == ("country_large", 2, 3)
    assert reason["country"] == "KH"
    assert asked.outcome["ways_out"] == {
        "lower_to": None,
        "without_country_rule": True,
        "with_mutual": False,
        "more_cities": 1,
    }
    assert Assignment.objects.filter(status="proposed").count() == 8


def test_a_conflict_that_comes_up_while_the_draw_is_computed_is_in_the_draft(drawn):
    asked = draw.ask(drawn.cycle, **RULES, by=drawn.facilitator)
    claimed = draw.claim(str(asked.pk))
    facts = facts_of(drawn.cycle, claimed)
    found = worker.allocate(facts.problem)
    two = drawn.teams["Cedar"], drawn.teams["Elm"]
    conflict.declare(*two, kind="grant", note="", by=drawn.facilitator)

    draw.conclude(claimed, found, facts=facts)

    asked.refresh_from_db()
    assert (asked.status, asked.tries, asked.assignments.count()) == ("waiting", 0, 0)
    worker.draw_raters(str(asked.pk))
    pairs = asked.assignments.filter(rater__in=two, rated__in=two)
    asked.refresh_from_db()
    assert (asked.status, pairs.count()) == ("ready", 0)


def test_two_workers_draw_once(drawn):
    asked = draw.ask(drawn.cycle, **RULES, by=drawn.facilitator)

    claims = [draw.claim(str(asked.pk)), draw.claim(str(asked.pk))]
    worker.draw_raters(str(asked.pk))

    assert [claims[0], claims[1]] == [asked, None]
    assert not asked.assignments.exists()


def test_a_draw_whose_worker_died_is_found_again_and_given_up_after_three_times(
    drawn, django_capture_on_commit_callbacks
):
    asked = draw.ask(drawn.cycle, **RULES, by=drawn.facilitator)
    past = timezone.now() - timedelta(seconds=1)
    Draw.objects.filter(pk=asked.pk).update(tries=3, lease_until=past)

    clock.sweep_cityshare()

    asked.refresh_from_db()
    assert asked.status == "failed"
    draw.retry(asked, by=drawn.facilitator)
    with django_capture_on_commit_callbacks(execute=True):
        clock.sweep_cityshare()
    asked.refresh_from_db()
    assert (asked.status, asked.tries) == ("ready", 1)


# --- When it is possible -----------------------------------------------------------------


@pytest.mark.parametrize("stage", ["setup", "moderation", "compare", "closed"])
def test_raters_are_drawn_in_two_stages_only(stage):
    example = Example(stage=stage, rated=False, moderated=False)

    with pytest.raises(Refused, match="Self-assessment"):
        draw.ask(example.cycle, **RULES, by=example.facilitator)


def test_a_draft_can_be_looked_at_before_the_rating_begins_and_is_released_in_it():
    early = Drawn(stage="self")

    with pytest.raises(Refused, match="Peer rating"):
        draw.release(early.draw, by=early.facilitator)

    assert early.draw.status == "ready"


def test_a_new_draw_puts_the_draft_aside(drawn):
    again = drawn.ask(seed=8)

    drawn.draw.refresh_from_db()
    assert (drawn.draw.status, again.status) == ("discarded", "ready")
    assert not drawn.draw.assignments.exists()
    assert len(drawn.standing()) == again.assignments.filter(status="proposed").count() == 10


def test_one_draw_at_a_time(drawn):
    draw.ask(drawn.cycle, **RULES, by=drawn.facilitator)

    with pytest.raises(Refused, match="computed already"):
        draw.ask(drawn.cycle, **RULES, by=drawn.facilitator)


def test_after_the_release_nothing_is_drawn_again(drawn):
    drawn.release()

    with pytest.raises(Refused, match="know already whom they rate"):
        drawn.ask()


def test_a_single_city_has_nobody_to_draw():
    example = Example(stage="rating", rated=False, moderated=False)
    alone = Cycle.objects.create(
        workshop=example.workshop, framework=example.framework, name="Alone", status="rating"
    )
    alone.teams.create(city=make.CityFactory())

    with pytest.raises(Refused, match="at least two cities"):
        draw.ask(alone, **RULES, by=example.facilitator)


# --- Released ----------------------------------------------------------------------------


def test_the_release_makes_the_pairs_real_and_writes_one_letter_to_each_rater(drawn):
    due = timezone.now() + timedelta(days=10)
    drawn.cycle.deadlines.create(stage="rating", due_at=due)
    before = drawn.standing()

    number = draw.release(drawn.draw, by=drawn.facilitator)

    letters = Message.objects.order_by("to__given_name")
    assert number == 5
    assert (drawn.names("active"), drawn.names("proposed")) == (before, [])
    assert [letter.to for letter in letters] == [drawn.people[name] for name in sorted(drawn.teams)]
    assert {letter.letter for letter in letters} == {"cityshare/cities_to_rate"}
    body = letters[0].body
    for name in drawn.teams:
        assert (f"* {name}, " in body) == (("Alder", name) in before)
    assert "hand your ratings in by" in body
    assert drawn.url("conflicts") in body
    assert Entry.objects.filter(event="draw.released").count() == 1


def test_the_deadline_is_asked_for_once_however_many_people_are_written_to(drawn):
    with CaptureQueriesContext(connection) as asked:
        drawn.release()

    assert Message.objects.count() == 5
    assert sum('FROM "cityshare_stagedeadline"' in one["sql"] for one in asked) == 1


def test_the_release_for_sixty_cities_asks_the_database_no_more_than_for_twenty():
    asked = [queries_of_a_release(number) for number in (20, 60)]

    # SQLite takes only so many values at once: sixty letters go in two statements, and so do the
    # lines of the trail about their pairs.
    assert asked[1] - asked[0] <= 2
    assert Message.objects.count() == 80


def queries_of_a_release(number):
    """How many statements the release of a draw of so many cities costs."""
    lead = make.RoleFactory(role="facilitator")
    cycle = Cycle.objects.create(
        workshop=lead.workshop, framework=framework(f"Of {number}"), name="Many", status="rating"
    )
    for place in range(number):
        city = make.CityFactory(country=("KH", "LA", "NP", "VN")[place % 4])
        team = cycle.teams.create(city=city, zone="Asia/Seoul", languages=["en"])
        team.members.create(user=make.UserFactory(city=city), is_focal_point=True)
    asked = draw.ask(cycle, **{**RULES, "raters_per_city": 3}, by=lead.user)
    worker.draw_raters(str(asked.pk))
    asked.refresh_from_db()
    with CaptureQueriesContext(connection) as queries:
        assert draw.release(asked, by=lead.user) == number
    return len(queries)


def test_the_rules_of_a_released_draw_are_those_of_the_cycle():
    drawn = Drawn(raters_per_city=1, bars_own_country=False, bars_mutual_rating=True, seed=99)
    drawn.release()

    rules = Cycle.objects.values("raters_per_city", "bars_own_country", "bars_mutual_rating")
    assert rules.get() == {
        "raters_per_city": 1,
        "bars_own_country": False,
        "bars_mutual_rating": True,
    }
    assert Cycle.objects.get().seed == 99


def test_a_draw_is_released_once(drawn):
    drawn.release()

    with pytest.raises(Refused):
        draw.release(drawn.draw, by=drawn.facilitator)

    assert Message.objects.count() == 5


def test_a_city_that_has_nobody_yet_holds_the_release_up(drawn):
    drawn.teams["Elm"].members.all().delete()

    with pytest.raises(Refused, match="Elm"):
        draw.release(drawn.draw, by=drawn.facilitator)

    newcomer = make.UserFactory()
    drawn.teams["Elm"].members.create(user=newcomer)
    draw.release(drawn.draw, by=drawn.facilitator)
    assert {one.person for one in Assignment.objects.filter(rater=drawn.teams["Elm"])} >= {newcomer}
    assert not Assignment.objects.filter(status="active", person=drawn.people["Elm"]).exists()


def test_a_pair_that_became_forbidden_in_a_draft_is_never_released(drawn):
    pair = drawn.pair()
    pair.rater.conflicts_declared.create(
        other=pair.rated,
        kind="grant",
        declared_by=drawn.facilitator,
        declared_at=timezone.now(),
    )

    with pytest.raises(Refused, match="not allowed any more"):
        draw.release(drawn.draw, by=drawn.facilitator)

    assert not Message.objects.exists()


def test_a_draw_with_short_cities_is_released_only_by_who_says_so():
    short = Drawn(raters_per_city=4)

    with pytest.raises(Refused, match="too few raters"):
        draw.release(short.draw, by=short.facilitator)

    draw.release(short.draw, in_spite=True, by=short.facilitator)
    assert len(short.names("active")) == short.draw.assignments.filter(status="active").count() > 0
