"""Where cities stand, and who sees how much of it at which stage."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cityshare.models import Assignment, Cycle, Moderation, PeerRating, SelfAssessment, SelfScore
from cityshare.queries.cycle import seat_of
from cityshare.queries.standings import Sight, TeamLine, Unit, sight, standings
from tests import factories as make
from tests.cityshare.example import DATA, Example

pytestmark = pytest.mark.django_db
EXPECTED = DATA["expected"]
OPEN_STAGES = [stage for stage in Cycle.Stage if stage != Cycle.Stage.SETUP]
BEFORE, AFTER = OPEN_STAGES[:2], OPEN_STAGES[2:]


def levels(found, example, city):
    return [found.units[example.teams[city].pk, code].level for code in DATA["practices"]]


def seen(found, example):
    """The cities of which anything is seen."""
    names = {team.pk: city for city, team in example.teams.items()}
    return {names[team] for team, _code in found.units}


def of_reader(example, city):
    """The standings as a page asks for them on behalf of a city's person."""
    person = example.people[city]
    own = seat_of(person, example.cycle).team.pk
    return standings(example.cycle, sight=sight(person, example.cycle), own=own)


def drop_rating(example, *, of, by):
    Assignment.objects.filter(rated=example.teams[of], rater=example.teams[by]).update(
        status="void"
    )


# --- The worked example, again through the rows ------------------------------------------


@pytest.mark.parametrize("city", DATA["cities"])
def test_the_example_comes_to_its_levels_and_gaps(city):
    example = Example()

    found = standings(example.cycle, sight=Sight.ALL)

    assert levels(found, example, city) == EXPECTED["level"][city]
    assert [unit.gap for _line, unit in found.of(example.teams[city].pk)] == EXPECTED["gap"][city]


def test_the_example_has_its_flags_and_confirms_thirteen():
    example = Example()

    found = standings(example.cycle, sight=Sight.ALL)

    flags = {
        (str(team.name), code): found.units[team.pk, code].flags
        for team in found.teams
        for code in DATA["practices"]
        if found.units[team.pk, code].flags
    }
    assert flags == {
        ("Alder", "P1"): ("differs",),
        ("Birch", "P2"): ("split", "differs"),
        ("Birch", "P3"): ("gap",),
        ("Birch", "P4"): ("split",),
        ("Cedar", "P4"): ("differs",),
        ("Dogwood", "P2"): ("differs",),
        ("Elm", "P3"): ("differs",),
    }
    assert sum(unit.is_confirmed for unit in found.units.values()) == 13


def test_a_unit_and_its_lines_say_all_that_pages_need():
    example = Example()

    found = standings(example.cycle, sight=Sight.ALL)

    birch = example.teams["Birch"].pk
    assert found.units[birch, "P2"] == Unit(
        level=3,
        own=4,
        target=4,
        priority=1,
        median=3,
        low=2,
        high=4,
        raters=3,
        moderated=True,
        settled=True,
        flags=("split", "differs"),
    )
    assert found.levels == 5
    assert found.teams[1] == TeamLine(
        pk=birch,
        city=example.teams["Birch"].city_id,
        name="Birch",
        country="KH",
        country_name="Cambodia",
        zone="Asia/Seoul",
        languages=("en",),
        route="",
        size="",
        income="",
    )
    assert [(line.code, line.pillar) for line in found.practices] == [
        ("P1", "Prevention"),
        ("P2", "Prevention"),
        ("P3", "Partnership"),
        ("P4", "Partnership"),
    ]


def test_cities_are_listed_by_country_and_name_and_by_nothing_else():
    example = Example()

    found = standings(example.cycle, sight=Sight.ALL)

    assert [(team.country_name, team.name) for team in found.teams] == [
        ("Cambodia", "Alder"),
        ("Cambodia", "Birch"),
        ("Laos", "Cedar"),
        ("Nepal", "Dogwood"),
        ("Vietnam", "Elm"),
    ]


# --- Which ratings count -----------------------------------------------------------------


def test_the_final_level_counts_before_the_first_one():
    example = Example()
    ratings = PeerRating.objects.filter(
        assignment__rated=example.teams["Alder"], practice__code="P1"
    )
    ratings.update(final=5, reason="The new plan shows it.")
    ratings.filter(assignment__rater=example.teams["Elm"]).update(final=None, reason="")

    found = standings(example.cycle, sight=Sight.ALL)

    unit = found.units[example.teams["Alder"].pk, "P1"]
    assert (unit.level, unit.low, unit.high) == (5, 2, 5)


@pytest.mark.parametrize("status", ["proposed", "alternate", "active", "void"])
def test_a_rating_that_is_not_locked_or_is_void_counts_for_nothing(status):
    example = Example()
    Assignment.objects.filter(rated=example.teams["Birch"], rater=example.teams["Elm"]).update(
        status=status
    )

    found = standings(example.cycle, sight=Sight.ALL)

    unit = found.units[example.teams["Birch"].pk, "P2"]
    assert (unit.raters, unit.low, unit.high) == (2, 3, 4)


def test_who_cannot_judge_is_not_counted():
    example = Example(moderated=False)
    PeerRating.objects.filter(assignment__rater=example.teams["Elm"]).update(
        initial=None, final=None, cannot_judge=True
    )

    found = standings(example.cycle, sight=Sight.ALL)

    unit = found.units[example.teams["Birch"].pk, "P2"]
    assert (unit.raters, unit.median, unit.level, unit.flags) == (2, 3.5, 3, ())


def test_below_two_ratings_the_own_view_stands_and_says_so():
    example = Example()
    for rater in ("Cedar", "Dogwood"):
        drop_rating(example, of="Alder", by=rater)

    found = standings(example.cycle, sight=Sight.ALL)

    assert found.units[example.teams["Alder"].pk, "P1"] == Unit(
        level=3, own=3, target=4, priority=1, raters=1, self_only=True
    )


def test_outside_the_mandate_there_is_no_level_whatever_was_rated():
    example = Example()
    SelfScore.objects.filter(assessment__team=example.teams["Alder"], practice__code="P1").update(
        outside_mandate=True, current=None, target=None
    )

    found = standings(example.cycle, sight=Sight.ALL)

    assert found.units[example.teams["Alder"].pk, "P1"] == Unit(outside_mandate=True)


def test_an_own_view_that_was_never_handed_in_is_not_one():
    example = Example()
    SelfAssessment.objects.filter(team=example.teams["Alder"]).update(status="open")

    found = of_reader(example, "Alder")

    unit = found.units[example.teams["Alder"].pk, "P1"]
    assert (unit.own, unit.target, unit.level, unit.flags) == (None, None, 2, ())


@pytest.mark.parametrize(
    ("status", "level", "moderated", "settled"),
    [("open", 3, False, False), ("stands", 3, False, True), ("agreed", 2, True, True)],
)
def test_only_what_was_agreed_moves_a_level(status, level, moderated, settled):
    example = Example(moderated=False)
    Moderation.objects.create(
        team=example.teams["Birch"],
        practice=example.practices["P2"],
        status=status,
        agreed=2,
        opened_at=example.cycle.created_at,
    )

    found = standings(example.cycle, sight=Sight.ALL)

    unit = found.units[example.teams["Birch"].pk, "P2"]
    assert (unit.level, unit.moderated, unit.settled) == (level, moderated, settled)
    assert unit.flags == ("split", "differs")


def test_the_target_that_a_city_set_after_the_talk_goes_before_the_first_one():
    example = Example()
    talks = Moderation.objects.filter(practice__code="P4")
    talks.update(target=3)
    key = example.teams["Birch"].pk, "P4"

    after = standings(example.cycle, sight=Sight.ALL).units[key].target
    talks.update(status="open")

    assert (after, standings(example.cycle, sight=Sight.ALL).units[key].target) == (3, 4)


@pytest.mark.parametrize(("rule", "level"), [("peer_median", 2), ("self", 4), ("both", 2)])
def test_the_cycle_says_whose_view_makes_a_level(rule, level):
    example = Example(moderated=False)
    example.cycle.rule = rule

    found = standings(example.cycle, sight=Sight.ALL)

    assert found.units[example.teams["Birch"].pk, "P3"].level == level


# --- Who sees what -----------------------------------------------------------------------


@pytest.mark.parametrize("stage", OPEN_STAGES)
def test_a_city_sees_itself_and_others_only_from_the_comparing_on(stage):
    example = Example(stage=stage)

    found = of_reader(example, "Birch")

    everybody = set(DATA["cities"])
    assert seen(found, example) == ({"Birch"} if stage in OPEN_STAGES[:3] else everybody)


@pytest.mark.parametrize("stage", BEFORE)
@pytest.mark.parametrize("wanted", Sight)
def test_no_level_of_a_peer_leaves_before_the_rating_is_over(stage, wanted):
    example = Example(stage=stage)

    found = standings(example.cycle, sight=wanted, own=example.teams["Birch"].pk)

    told = {
        (unit.level, unit.median, unit.low, unit.high, unit.raters, unit.self_only, unit.flags)
        for unit in found.units.values()
    }
    assert told <= {(None, None, None, None, None, False, ())}


@pytest.mark.parametrize("stage", OPEN_STAGES[:3])
def test_the_stage_bounds_what_a_page_asks_for_on_behalf_of_a_city(stage):
    example = Example(stage=stage)

    found = standings(example.cycle, sight=Sight.LEVELS, own=example.teams["Birch"].pk)

    assert seen(found, example) == {"Birch"}


def test_a_city_sees_in_the_moderation_how_others_see_it():
    example = Example(stage=Cycle.Stage.MODERATION, moderated=False)

    unit = of_reader(example, "Birch").units[example.teams["Birch"].pk, "P4"]

    assert (unit.own, unit.median, unit.low, unit.high, unit.raters) == (2, 2, 1, 3, 3)
    assert unit.flags == ("split",)


def test_a_city_sees_its_own_draft_while_it_writes_it_and_the_facilitator_does_not():
    example = Example(stage=Cycle.Stage.SELF, rated=False, moderated=False)
    SelfAssessment.objects.update(status="open")
    key = example.teams["Birch"].pk, "P1"

    mine = of_reader(example, "Birch").units[key]
    led = standings(example.cycle, sight=sight(example.facilitator, example.cycle)).units[key]

    assert (mine.own, mine.target, led.own, led.target) == (4, 4, None, None)


@pytest.mark.parametrize("stage", AFTER[1:])
def test_of_two_ratings_every_city_sees_the_level_alone_and_those_who_lead_see_all(stage):
    example = Example(stage=stage)
    drop_rating(example, of="Birch", by="Elm")
    key = example.teams["Birch"].pk, "P2"

    others = of_reader(example, "Cedar").units[key]

    assert others == Unit(level=3, own=4, target=4, priority=1)
    assert of_reader(example, "Birch").units[key] == Unit(
        level=3, own=4, target=4, priority=1, moderated=True, settled=True
    )
    assert standings(example.cycle, sight=Sight.ALL).units[key] == Unit(
        level=3,
        own=4,
        target=4,
        priority=1,
        median=3.5,
        low=3,
        high=4,
        raters=2,
        moderated=True,
        settled=True,
    )


def test_of_three_ratings_other_cities_see_middle_and_range():
    example = Example()

    unit = of_reader(example, "Cedar").units[example.teams["Birch"].pk, "P4"]

    assert (unit.median, unit.low, unit.high, unit.flags) == (2, 1, 3, ("split",))


def test_one_rating_shows_to_nobody():
    example = Example()
    for rater in ("Cedar", "Dogwood"):
        drop_rating(example, of="Birch", by=rater)
    key = example.teams["Birch"].pk, "P1"

    found = {
        standings(example.cycle, sight=wanted, own=example.teams[city].pk).units[key]
        for wanted, city in [(Sight.ALL, "Cedar"), (Sight.LEVELS, "Birch"), (Sight.OWN, "Birch")]
    }

    assert {(unit.median, unit.low, unit.high) for unit in found} == {(None, None, None)}


@pytest.mark.parametrize("stage", Cycle.Stage)
def test_sight_grows_with_the_stages(stage):
    example = Example(stage=stage, rated=False, moderated=False)
    stranger = make.UserFactory()

    kinds = [
        sight(person, example.cycle)
        for person in (stranger, example.people["Elm"], example.facilitator)
    ]

    member = {
        "setup": Sight.NOTHING,
        "self": Sight.OWN_VIEW,
        "rating": Sight.OWN_VIEW,
        "moderation": Sight.OWN,
    }.get(stage, Sight.LEVELS)
    assert kinds == [Sight.NOTHING, member, Sight.ALL]
    assert standings(example.cycle, sight=Sight.NOTHING).units == {}


def test_who_leads_and_takes_part_for_a_city_sees_what_the_city_sees():
    example = Example(stage=Cycle.Stage.MODERATION)
    make.RoleFactory(workshop=example.workshop, user=example.people["Elm"], role="facilitator")

    assert sight(example.people["Elm"], example.cycle) == Sight.OWN


def test_the_own_team_is_that_of_this_cycle():
    example = Example()
    another = Cycle.objects.create(
        workshop=example.workshop, framework=example.framework, name="Second cycle"
    )

    assert seat_of(example.people["Elm"], example.cycle).team == example.teams["Elm"]
    assert seat_of(example.people["Elm"], another).team is None


def test_standings_ask_the_database_three_times_whatever_the_size():
    example = Example()

    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = standings(example.cycle, sight=Sight.ALL)

    assert (len(found.units), len(asked)) == (20, 3)
