"""Who may help whom, and what it is worth: sections 3.3 and 6 of the specification."""

from dataclasses import replace

import pytest

from cityshare.helping import City, Group, Need, Triple, Worth, eligible, worth
from tests.cityshare.helpers import GROUP, LEVELS, table, values


def test_every_pair_of_the_example_may_help_and_is_worth_what_the_specification_says():
    assert values(GROUP) == table()


# --- What a triple is worth -------------------------------------------------------------------


def two(helper=None, learner=None, *, levels=(3, 1), target=3, priority=1):
    """A group in which T can help L on P, and what that is worth."""
    group = Group(
        cities={"T": helper or City(), "L": learner or City()},
        levels={"T": {"P": levels[0]}, "L": {"P": levels[1]}},
        needs=[Need("L", "P", levels[1], target, priority)],
    )
    return worth(group, Triple("T", "L", "P"), *group.needs)


@pytest.mark.parametrize(
    ("found", "total"),
    [
        (two(), 5),
        (two(levels=(4, 1)), 4),
        (two(target=2), 3),
        (two(priority=3), 15),
        (two(priority=0), 0),
        (two(City(languages=frozenset({"en", "ko"})), City(languages=frozenset({"en"}))), 6),
        (two(City(languages=frozenset({"ko"})), City(languages=frozenset({"en"}))), 5),
        (two(City(context={"size": "big"}), City(context={"size": "big"})), 6),
        (two(City(offset=0), City(offset=6)), 5),
        (two(City(offset=9), City(offset=0.5)), 2.5),
        (two(City(offset=5.75), City(offset=-5)), 0.25),
        (two(City(offset=12), City(offset=-11)), 5),
        (two(City(offset=12), City()), 5),
        (two(City(given=2)), 3),
        (two(learner=City(given=2)), 5),
    ],
    ids=[
        "a gap of two, near",
        "three levels above",
        "a gap of one",
        "first priority",
        "no priority",
        "a language in common",
        "none in common",
        "a similar context",
        "six hours",
        "eight and a half hours",
        "to the quarter of an hour",
        "the short way round the world",
        "a clock that nobody knows",
        "helped twice before",
        "was helped before",
    ],
)
def test_a_proposal_is_worth_more_the_wider_nearer_and_more_alike(found, total):
    assert found.total == total


def test_the_value_is_shown_in_its_parts():
    found = two(
        City(frozenset({"en"}), {"size": "big"}, 9, given=1),
        City(frozenset({"en", "fr"}), {"size": "big"}, 2),
        priority=2,
    )

    assert found == Worth(
        priority=2, gap=2, near=True, language=True, context=True, hours_over=1, given=1
    )
    assert found.total == 10


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({}, {}, False),
        ({"size": "big"}, {"income": "high"}, False),
        ({"size": "big", "income": "high"}, {"size": "big", "income": "low"}, True),
        ({"size": "big", "income": "high"}, {"size": "small", "income": "low"}, False),
        ({"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "2", "c": "2"}, False),
    ],
)
def test_cities_are_similar_when_half_of_what_both_say_is_the_same(one, other, same):
    assert two(City(context=one), City(context=other)).context is same


# --- Who may help -----------------------------------------------------------------------------


def test_a_pair_that_one_side_refused_is_never_proposed_on_any_practice():
    group = replace(GROUP, refused={("Birch", "Dogwood")})

    gone = set(values(GROUP)) - set(values(group))

    assert gone == {Triple("Birch", "Dogwood", "P2")}


def test_a_proposal_that_was_declined_leaves_the_pair_free_on_other_practices():
    group = replace(GROUP, refused={("Alder", "Birch", "P4")})

    gone = set(values(GROUP)) - set(values(group))

    assert gone == {Triple("Alder", "Birch", "P4")}


def test_who_offers_nothing_on_a_practice_is_passed_over_for_the_next_above():
    group = replace(GROUP, withheld={("Birch", "P1"), ("Dogwood", "P1"), ("Elm", "P1")})

    before, after = (
        {n: c for n, c in eligible(g).items() if n.practice == "P1"} for g in (GROUP, group)
    )

    assert list(before.values()) == [
        ["Birch", "Dogwood"],
        ["Birch", "Dogwood", "Elm"],
        ["Birch", "Dogwood"],
    ]
    assert {need.learner: cities for need, cities in after.items()} == {
        "Alder": [],
        "Cedar": ["Alder"],
        "Elm": [],
    }


def test_a_city_without_a_level_helps_nobody_on_that_practice():
    group = replace(GROUP, levels={**LEVELS, "Dogwood": {**LEVELS["Dogwood"], "P1": None}})

    assert all(t.helper != "Dogwood" for t in values(group) if t.practice == "P1")
