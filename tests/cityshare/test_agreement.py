"""How far raters agree: the published numbers, and the definitions."""

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityshare.agreement import Agreement, Given, Metric, Reading, agreement, alpha, reading
from tests.cityshare.rated import EXPECTED, PUBLISHED, RATINGS, TABLES, table


def textbook_alpha(ratings, metric):
    """Alpha as its definition says, pair by pair."""
    units = {}
    for one in ratings:
        units.setdefault(one.unit, []).append(one.level)
    units = [levels for levels in units.values() if len(levels) > 1]
    pool = [level for levels in units for level in levels]

    def distance(one, other):
        low, high = min(one, other), max(one, other)
        if metric == "nominal":
            return float(one != other)
        if metric == "interval":
            return float((one - other) ** 2)
        if metric == "ratio":
            return ((one - other) / (one + other)) ** 2
        between = sum(low <= level <= high for level in pool)
        return (between - (pool.count(low) + pool.count(high)) / 2) ** 2

    observed = sum(
        distance(one, other) / (len(levels) - 1)
        for levels in units
        for one, other in permutations(levels, 2)
    )
    expected = sum(distance(one, other) for one, other in permutations(pool, 2))
    return 1 - (len(pool) - 1) * observed / expected if expected else None


# --- Alpha -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        (Metric.NOMINAL, 0.743421),
        (Metric.ORDINAL, 0.815388),
        (Metric.INTERVAL, 0.849107),
        (Metric.RATIO, 0.797403),
    ],
)
def test_alpha_of_the_published_ratings_is_the_published_one(metric, value):
    assert alpha(PUBLISHED, metric) == pytest.approx(value, abs=5e-7)


@pytest.mark.parametrize(("metric", "value"), EXPECTED["alpha"].items())
def test_alpha_of_the_example_is_the_expected_one(metric, value):
    assert alpha(RATINGS, metric) == pytest.approx(value, abs=5e-5)


@pytest.mark.parametrize(
    ("practice", "value"), [("P1", 0.9687), ("P2", 0.7884), ("P3", 0.6285), ("P4", 0.6181)]
)
def test_alpha_of_a_practice_tells_which_descriptors_are_unclear(practice, value):
    assert alpha([one for one in RATINGS if one.practice == practice]) == pytest.approx(
        value, abs=5e-5
    )


@settings(max_examples=300)
@given(TABLES, st.sampled_from(Metric))
def test_alpha_is_what_the_definition_says(ratings, metric):
    assert alpha(ratings, metric) == pytest.approx(textbook_alpha(ratings, metric))


@given(TABLES, st.randoms())
def test_the_order_of_ratings_and_a_lonely_rating_never_matter(ratings, chance):
    shuffled = [*ratings, Given("somebody", "a city that nobody else rated", "P", 5)]
    chance.shuffle(shuffled)

    assert alpha(shuffled) == pytest.approx(alpha(ratings))


def test_raters_who_always_agree_have_an_alpha_of_one():
    rows = table("A 1 2 3 4 5 1\nB 1 2 3 4 5 1")

    assert [alpha(rows, metric) for metric in Metric] == [1, 1, 1, 1]


@pytest.mark.parametrize("rows", ["A 3 3 3\nB 3 3 3", "A 1 2 3", "A 1 2 *\nB * * 4"])
def test_without_variation_alpha_is_not_defined(rows):
    assert alpha(table(rows)) is None


# --- What is shown -----------------------------------------------------------------------


def test_the_example_is_shown_with_its_interval():
    found = agreement(RATINGS)

    assert found == Agreement(
        units=20,
        pairs=60,
        within_one=pytest.approx(58 / 60),
        alpha=pytest.approx(0.7912, abs=5e-5),
        low=pytest.approx(0.564, abs=5e-4),
        high=pytest.approx(0.891, abs=5e-4),
        reading=Reading.TENTATIVE,
    )


def test_the_interval_is_the_same_every_time_and_holds_alpha():
    found = agreement(PUBLISHED)

    assert found == agreement(PUBLISHED) == agreement(PUBLISHED[::-1])
    assert found.low < found.alpha < found.high


def test_the_interval_is_that_of_units_drawn_again_one_by_one():
    chance = np.random.default_rng(1)
    units = sorted({one.unit for one in RATINGS})
    again = []
    for _draw in range(400):
        drawn = [
            one._replace(city=f"{place} {one.city}")
            for place, unit in enumerate(chance.integers(len(units), size=len(units)))
            for one in RATINGS
            if one.unit == units[unit]
        ]
        again.append(alpha(drawn))

    found = agreement(RATINGS)

    assert [found.low, found.high] == pytest.approx(np.percentile(again, [2.5, 97.5]), abs=0.04)


def test_alpha_is_shown_from_ten_units_that_were_rated_twice():
    nine = table("A 1 2 3 4 5 1 2 3 4 5\nB 1 2 3 4 5 1 2 3 4 *")
    ten = table("A 1 2 3 4 5 1 2 3 4 5\nB 1 2 3 4 5 1 2 3 4 5")

    assert agreement(nine) == Agreement(9, 9, 1, None, None, None, Reading.TOO_FEW)
    assert agreement(ten) == Agreement(10, 10, 1, 1, 1, 1, Reading.GOOD)


def test_ratings_that_are_all_alike_say_so():
    same = table("A 3 3 3 3 3 3 3 3 3 3\nB 3 3 3 3 3 3 3 3 3 3")

    assert agreement(same) == Agreement(10, 10, 1, None, None, None, Reading.NO_VARIATION)


def test_when_nearly_all_ratings_are_alike_alpha_is_low_and_the_share_of_near_pairs_says_why():
    nearly = table("A 3 3 3 3 3 3 3 3 3 3 3 4\nB 3 3 3 3 3 3 3 3 3 3 4 3")

    found = agreement(nearly)

    assert (found.within_one, found.reading) == (1, Reading.LOW)
    assert found.alpha < 0
    # In too many of the drawn samples all ratings are alike.
    assert (found.low, found.high) == (None, None)


def test_nothing_rated_is_nothing_to_show():
    assert agreement([]) == Agreement(0, 0, None, None, None, None, Reading.TOO_FEW)


@given(TABLES)
def test_near_pairs_are_counted_one_by_one(ratings):
    pairs = [
        (one.level, other.level)
        for one, other in combinations(ratings, 2)
        if one.unit == other.unit
    ]

    found = agreement(ratings)

    near = sum(abs(one - other) <= 1 for one, other in pairs)
    assert (found.pairs, found.within_one) == (len(pairs), near / len(pairs) if pairs else None)


@pytest.mark.parametrize(
    ("value", "read"),
    [(0.8, "good"), (0.799, "tentative"), (0.667, "tentative"), (0.666, "low"), (-0.1, "low")],
)
def test_an_alpha_is_read_by_convention(value, read):
    assert reading(value) == read
