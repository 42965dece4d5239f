"""From ratings to a level: the rules alone."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityshare.consensus import (
    TO_TALK_ABOUT,
    Basis,
    Flag,
    Rule,
    SelfAgainstPeers,
    gap,
    median,
    self_against_peers,
    sign_test,
    standing,
)
from tests.cityshare.example import DATA as EXAMPLE

EXPECTED = EXAMPLE["expected"]
UNITS = {
    (city, practice): standing(
        EXAMPLE["self"][city][column],
        [levels[column] for levels in EXAMPLE["peer"][city].values()],
    )
    for city in EXAMPLE["cities"]
    for column, practice in enumerate(EXAMPLE["practices"])
}
LEVEL = st.integers(1, 5)
RATINGS = st.lists(st.none() | LEVEL, max_size=7)


def units_with(flag):
    return {unit for unit, found in UNITS.items() if flag in found.flags}


def with_ratings(*ratings, own=3, **settings):
    return standing(own, ratings, **settings)


# --- The worked example ------------------------------------------------------------------


@pytest.mark.parametrize("city", EXAMPLE["cities"])
def test_the_example_comes_to_its_levels_and_gaps(city):
    levels = [UNITS[city, practice].level for practice in EXAMPLE["practices"]]

    gaps = [gap(*pair) for pair in zip(levels, EXAMPLE["target"][city], strict=True)]

    assert levels == EXPECTED["level"][city]
    assert gaps == EXPECTED["gap"][city]


def test_the_example_has_its_flags():
    assert units_with(Flag.SPLIT) == {("Birch", "P2"), ("Birch", "P4")}
    assert units_with(Flag.GAP) == {("Birch", "P3")}
    assert units_with(Flag.DIFFERS) == {
        *[("Alder", "P1"), ("Birch", "P2"), ("Cedar", "P4")],
        *[("Dogwood", "P2"), ("Elm", "P3")],
    }
    assert len(units_with(Flag.CONFIRMED)) == 13


def test_three_units_of_the_example_go_to_moderation_which_changes_nothing():
    flagged = {unit for unit, found in UNITS.items() if found.flags & TO_TALK_ABOUT}

    agreed = {("Birch", "P2"): 3, ("Birch", "P3"): 2, ("Birch", "P4"): 2}

    assert flagged == set(agreed)
    assert {unit: UNITS[unit].level for unit in flagged} == agreed


@pytest.mark.parametrize("city", EXAMPLE["cities"])
def test_each_city_of_the_example_sees_itself_as_far_above_the_others_as_it_says(city):
    view = self_against_peers(UNITS[city, practice].self_gap for practice in EXAMPLE["practices"])

    differences = {"Birch": ((0, 2), (1, 1), (2, 1))}.get(city, ((0, 3), (1, 1)))
    assert view == SelfAgainstPeers(
        count=4,
        mean=0.75 if city == "Birch" else 0.25,
        differences=differences,
        higher=2 if city == "Birch" else 1,
        lower=0,
        chance=None,
    )


# --- One unit ----------------------------------------------------------------------------


def test_a_unit_says_everything_that_is_known_about_it():
    found = with_ratings(2, 4, None, 3, own=4)

    assert (found.own, found.count, found.median, found.level) == (4, 3, 3, 3)
    assert (found.lowest, found.highest) == (2, 4)
    assert (found.self_gap, found.basis) == (1, Basis.PEERS)
    assert found.flags == {Flag.SPLIT, Flag.DIFFERS}
    assert not found.is_hollow


@pytest.mark.parametrize(
    ("ratings", "level"), [((2, 3), 2), ((3, 4, 4, 5), 4), ((1, 2, 3, 5), 2), ((4, 5), 4)]
)
def test_a_half_goes_down(ratings, level):
    assert with_ratings(*ratings).level == level


def test_one_outlier_among_three_cannot_move_the_level():
    assert {with_ratings(4, 4, outlier).level for outlier in (1, 2, 3, 4, 5)} == {4}


@pytest.mark.parametrize(
    ("own", "ratings", "flags"),
    [
        (3, (2, 3), {Flag.CONFIRMED}),  # 0.5 apart
        (3, (3, 4), {Flag.CONFIRMED}),
        (4, (3, 3), {Flag.DIFFERS}),
        (2, (3, 3), {Flag.DIFFERS}),
        (4, (2, 3), {Flag.GAP}),  # 1.5 apart
        (1, (2, 3), {Flag.GAP}),
        (5, (3, 3), {Flag.GAP}),
        (3, (2, 4), {Flag.SPLIT}),
        (4, (2, 4), {Flag.SPLIT, Flag.DIFFERS}),
        (5, (2, 4), {Flag.SPLIT, Flag.GAP}),
        (None, (3, 3), set()),  # nothing to confirm
        (None, (1, 3), {Flag.SPLIT}),
        (5, (1,), set()),
        (3, (), set()),
    ],
)
def test_flags_begin_and_end_where_they_should(own, ratings, flags):
    assert standing(own, ratings).flags == flags


@pytest.mark.parametrize("ratings", [(), (5,), (None, 5, None)])
def test_below_the_quorum_the_own_view_stands_hollow_and_one_rating_shows_nowhere(ratings):
    found = with_ratings(*ratings, own=2)

    assert (found.level, found.basis, found.is_hollow) == (2, Basis.SELF, True)
    assert found.count == len([rating for rating in ratings if rating])
    assert (found.median, found.lowest, found.highest) == (None, None, None)
    assert found.self_gap is None


def test_a_unit_of_which_nobody_says_anything_has_no_level():
    found = standing(None, [5])

    assert (found.level, found.basis, found.is_hollow) == (None, Basis.NOTHING, False)


def test_moderation_decides_the_level_and_leaves_the_flags():
    found = with_ratings(2, 4, 4, own=4, agreed=3)

    assert (found.computed, found.level, found.basis) == (4, 3, Basis.AGREED)
    assert found.flags == {Flag.SPLIT}


@pytest.mark.parametrize(
    ("rule", "own", "level", "basis"),
    [
        (Rule.PEERS, 5, 2, Basis.PEERS),
        (Rule.SELF, 5, 5, Basis.SELF),
        (Rule.BOTH, 5, 2, Basis.BOTH),  # 2 2 3 5
        (Rule.BOTH, None, 2, Basis.PEERS),
        (Rule.SELF, None, None, Basis.NOTHING),
    ],
)
def test_the_network_chooses_whose_view_makes_a_level(rule, own, level, basis):
    found = standing(own, [2, 2, 3], rule=rule)

    assert (found.level, found.basis) == (level, basis)


def test_both_views_together_are_one_median():
    assert [standing(own, [2, 4, 4], rule=Rule.BOTH).level for own in (1, 3, 5)] == [3, 3, 4]


def test_a_rule_that_does_not_exist_is_not_taken_for_another():
    with pytest.raises(ValueError, match="mean"):
        standing(3, [3, 3], rule="mean")


def test_a_gap_is_what_is_left_to_the_target():
    assert [gap(2, 4), gap(4, 4), gap(4, 3), gap(None, 3), gap(3, None)] == [2, 0, 0, None, None]


def test_the_middle_of_nothing_is_missing():
    assert (median([]), median([3, 1]), median([1, 2, 5])) == (None, 2, 2)


# --- Whatever the ratings are ------------------------------------------------------------


@given(st.none() | LEVEL, st.lists(st.none() | LEVEL, max_size=5), st.sampled_from(Rule))
def test_the_order_of_ratings_never_matters(own, ratings, rule):
    orders = {standing(own, order, rule=rule) for order in permutations(ratings)}

    assert len(orders) == 1


@given(st.lists(LEVEL, min_size=2, max_size=7), st.none() | LEVEL, st.none() | LEVEL)
def test_the_own_view_never_enters_a_level_made_by_peers(ratings, own, other):
    assert standing(own, ratings).level == standing(other, ratings).level


@given(st.none() | LEVEL, RATINGS, st.sampled_from(Rule))
def test_what_is_missing_is_never_filled_in(own, ratings, rule):
    found = standing(own, ratings, rule=rule)

    valid = [rating for rating in ratings if rating is not None]
    assert found == standing(own, valid, rule=rule)
    assert (found.median is None) == (len(valid) < 2)
    assert (found.self_gap is None) == (found.median is None or own is None)
    if found.level is not None:
        said = [*valid, own] if own is not None else valid
        assert min(said) <= found.level <= max(said)


@given(LEVEL, RATINGS)
def test_a_level_is_the_largest_that_half_of_the_raters_support(own, ratings):
    found = standing(own, ratings)

    valid = [rating for rating in ratings if rating is not None]
    if len(valid) >= 2:
        supported = [
            n for n in range(1, 6) if sum(rating >= n for rating in valid) * 2 > len(valid)
        ]
        assert found.level is not None
        assert found.level >= max(supported)
        assert sum(rating >= found.level for rating in valid) * 2 >= len(valid)


# --- Own view and the others' ------------------------------------------------------------


def test_a_sign_test_needs_ten_practices():
    nine, ten = self_against_peers([1.0] * 9), self_against_peers([1.0] * 10)

    assert (nine.chance, ten.chance) == (None, pytest.approx(2 / 1024))


def test_what_is_missing_counts_for_nothing_in_the_own_view():
    view = self_against_peers([1.0, None, -0.5, 1.0, 0.0, *[None] * 6])

    assert view == SelfAgainstPeers(
        count=4,
        mean=0.375,
        differences=((-0.5, 1), (0.0, 1), (1.0, 2)),
        higher=2,
        lower=1,
        chance=None,
    )
    assert self_against_peers([None]) == SelfAgainstPeers(0, None, (), 0, 0, None)


@pytest.mark.parametrize(
    ("higher", "lower", "chance"),
    [(0, 0, 1), (1, 0, 1), (3, 3, 1), (8, 2, 0.109375), (9, 1, 22 / 1024), (1, 9, 22 / 1024)],
)
def test_a_sign_test_is_that_of_the_textbook(higher, lower, chance):
    assert sign_test(higher, lower) == pytest.approx(chance)
