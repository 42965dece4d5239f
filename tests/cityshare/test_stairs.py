"""The stairs: section 3.3 of the specification with its numbers, and what holds for any."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityshare.stairs import Role, Stand, cells, helpers, roles, unmet

DATA = json.loads(Path(__file__).with_name("example.json").read_text())
OFFERS, LEARNS, STEADY = Role


def stands(code):
    """The cities of the example on one practice, by name."""
    place = DATA["practices"].index(code)
    level, target = DATA["expected"]["level"], DATA["target"]
    return [Stand(city, level[city][place], target[city][place]) for city in DATA["cities"]]


def filled(code):
    """The cells of the example with somebody in them: (gap, level), who, and as what."""
    return [
        ((cell.gap, cell.level), " ".join(cell.cities), cell.roles)
        for cell in cells(stands(code), 5)
        if cell.cities
    ]


def pairs(group):
    """Every helper with every learner."""
    return [(helper, each.city) for each in group for helper in helpers(each, group)]


def helping(code):
    """Who helps whom, as the specification writes it: helpers > learner."""
    group = stands(code)
    found = {each.city: helpers(each, group) for each in group}
    return {f"{', '.join(who)} > {learner}" for learner, who in found.items() if who}


# --- The cells -----------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "steps"), [(2, 3), (3, 6), (4, 10), (5, 15), (6, 21)])
def test_there_are_as_many_steps_as_level_and_gap_allow(n, steps):
    found = {(cell.gap, cell.level) for cell in cells([], n)}

    assert len(found) == len(cells([], n)) == steps
    assert found == {(gap, level) for gap in range(n) for level in range(1, n - gap + 1)}


def test_the_steps_stand_from_the_highest_level_down():
    assert [(cell.gap, cell.level) for cell in cells([], 3)] == [
        *[(0, 3)],
        *[(0, 2), (1, 2)],
        *[(0, 1), (1, 1), (2, 1)],
    ]


def test_where_the_cities_stand_on_the_first_practice():
    assert filled("P1") == [
        ((0, 5), "Dogwood", (OFFERS,)),
        ((0, 4), "Birch", (OFFERS,)),
        ((1, 3), "Elm", (LEARNS,)),
        ((2, 2), "Alder", (LEARNS,)),
        ((2, 1), "Cedar", (LEARNS,)),
    ]


def test_where_the_cities_stand_on_the_second_practice():
    assert filled("P2") == [
        ((0, 5), "Alder", (OFFERS,)),
        ((0, 4), "Elm", (OFFERS,)),
        ((1, 3), "Birch", (LEARNS,)),
        ((2, 2), "Cedar", (LEARNS,)),
        ((2, 1), "Dogwood", (LEARNS,)),
    ]


def test_where_the_cities_stand_on_the_third_practice():
    assert filled("P3") == [
        ((0, 4), "Cedar", (OFFERS,)),
        ((1, 3), "Alder Dogwood", (LEARNS,)),
        ((2, 2), "Birch", (LEARNS,)),
        ((2, 1), "Elm", (LEARNS,)),
    ]


def test_where_the_cities_stand_on_the_fourth_practice():
    assert filled("P4") == [
        ((1, 4), "Alder", (OFFERS, LEARNS)),
        ((1, 3), "Cedar Dogwood", (LEARNS,)),
        ((2, 2), "Birch Elm", (LEARNS,)),
    ]


def test_the_gaps_of_the_example():
    found = {city: [] for city in DATA["cities"]}
    for code in DATA["practices"]:
        for stand in stands(code):
            found[stand.city].append(stand.gap)

    assert found == DATA["expected"]["gap"]


def test_a_target_below_the_level_is_no_gap():
    assert Stand("a", level=4, target=3).gap == 0


def test_a_city_without_a_target_stands_on_no_step():
    assert [cell.cities for cell in cells([Stand("a", 3)], 5) if cell.cities] == []


@pytest.mark.parametrize(
    ("gap", "level", "n", "said"),
    [
        (0, 3, 5, (STEADY,)),
        (0, 1, 5, (STEADY,)),
        (0, 4, 5, (OFFERS,)),
        (1, 4, 5, (OFFERS, LEARNS)),
        (1, 3, 5, (LEARNS,)),
        (2, 3, 5, (LEARNS,)),
        (0, 3, 4, (OFFERS,)),
        (0, 2, 4, (STEADY,)),
        (0, 1, 2, (STEADY,)),
        (0, 2, 2, (OFFERS,)),
    ],
)
def test_what_a_city_is(gap, level, n, said):
    assert roles(gap, level, n) == said


# --- Who may help whom ---------------------------------------------------------------------


def test_who_may_help_whom_on_the_first_practice():
    assert helping("P1") == {
        "Birch, Dogwood > Alder",
        "Birch, Dogwood, Elm > Cedar",
        "Birch, Dogwood > Elm",
    }


def test_who_may_help_whom_on_the_second_practice():
    assert helping("P2") == {
        "Alder, Elm > Birch",
        "Alder, Elm > Cedar",
        "Alder, Birch, Elm > Dogwood",
    }


def test_who_may_help_whom_on_the_third_practice():
    assert helping("P3") == {
        "Cedar > Alder",
        "Cedar > Birch",
        "Cedar > Dogwood",
        "Alder, Cedar, Dogwood > Elm",
    }


def test_who_may_help_whom_on_the_fourth_practice():
    assert helping("P4") == {"Alder > Birch", "Alder > Cedar", "Alder > Dogwood", "Alder > Elm"}


def test_the_example_has_24_pairs_and_one_need_that_nobody_meets():
    found = {code: stands(code) for code in DATA["practices"]}

    assert [len(pairs(each)) for each in found.values()] == [7, 7, 6, 4]
    assert [[city, code] for code, each in found.items() for city in unmet(each)] == DATA[
        "expected"
    ]["unmet"]


def test_where_nobody_is_at_the_target_those_above_may_help():
    group = [Stand("low", 1, 5), Stand("middle", 3, 3), Stand("same", 1, 1)]

    assert pairs(group) == [("middle", "low")]


def test_a_city_without_a_target_may_help_and_asks_for_nothing():
    group = [Stand("able", 4), Stand("low", 2, 4)]

    assert pairs(group) == [("able", "low")]
    assert unmet(group) == []


# --- Any cities ----------------------------------------------------------------------------

some_stands = st.builds(
    lambda rows: [
        Stand(f"c{n}", level, None if up is None else min(5, level + up))
        for n, (level, up) in enumerate(rows)
    ],
    st.lists(st.tuples(st.integers(1, 5), st.one_of(st.none(), st.integers(0, 4))), max_size=20),
)


@given(some_stands)
def test_every_city_with_a_target_stands_on_one_step(group):
    standing = [city for cell in cells(group, 5) for city in cell.cities]

    assert sorted(standing) == sorted(each.city for each in group if each.target is not None)


@given(some_stands)
def test_a_helper_is_always_above_the_one_who_learns(group):
    level = {each.city: each.level for each in group}

    assert all(level[helper] > level[learner] for helper, learner in pairs(group))


@given(some_stands)
def test_a_need_is_unmet_or_has_a_helper(group):
    wants = {each.city for each in group if each.gap}

    met = {learner for _helper, learner in pairs(group)}
    assert met | {*unmet(group)} == wants
    assert met & {*unmet(group)} == set()


@given(some_stands, st.randoms(use_true_random=False))
def test_the_order_of_the_cities_changes_no_pair(group, chance):
    shuffled = [*group]
    chance.shuffle(shuffled)

    assert {*pairs(shuffled)} == {*pairs(group)}
    assert all(
        helpers(each, shuffled)
        == [city for city in _order(shuffled) if city in helpers(each, group)]
        for each in group
    )


def _order(group):
    return [each.city for each in group]


@given(some_stands)
def test_everybody_on_the_stairs_has_something_to_do(group):
    for cell in cells(group, 5):
        assert (STEADY in cell.roles) == (cell.roles == (STEADY,))
        assert (LEARNS in cell.roles) == (cell.gap >= 1)
