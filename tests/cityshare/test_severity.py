"""Who is strict or lenient, whether it matters, and what lies outside."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityshare.agreement import Given
from cityshare.severity import (
    Favour,
    betas,
    favours,
    groups,
    outliers,
    sensitivity,
    severities,
)
from tests.cityshare.rated import EXPECTED, LEVELS, RATINGS, TABLES, table


def test_the_severities_of_the_example_are_the_expected_ones():
    found = {one.rater: one for one in severities(RATINGS)}

    def each(what):
        return {rater: getattr(one, what) for rater, one in found.items()}

    def nearly(**values):
        return pytest.approx(values, abs=6e-5)

    assert each("shrunk") == nearly(**EXPECTED["severity_lambda4"])
    assert each("full") == nearly(
        Alder=-0.0333, Birch=0.1333, Cedar=0.5187, Dogwood=-0.0750, Elm=-0.5438
    )
    assert each("bias") == nearly(
        Alder=-0.0833, Birch=0.1667, Cedar=0.7083, Dogwood=-0.0833, Elm=-0.7083
    )
    assert each("distance") == nearly(
        Alder=0.25, Birch=0.3333, Cedar=0.7917, Dogwood=0.25, Elm=0.7083
    )
    assert set(each("count").values()) == {12}
    assert [rater for rater, one in found.items() if one.is_telling] == ["Cedar", "Elm"]


def test_the_rater_is_told_from_eight_ratings_with_another_beside_them():
    def ratings(units, lonely):
        return [
            *[Given("mild", f"city {unit}", "P", 3) for unit in range(units + lonely)],
            *[Given("strict", f"city {unit}", "P", 2) for unit in range(units)],
        ]

    few, enough = severities(ratings(7, lonely=9)), severities(ratings(8, lonely=0))

    assert [(one.rater, one.count, one.is_telling) for one in few] == [
        ("mild", 7, False),
        ("strict", 7, False),
    ]
    assert [(one.rater, one.full, one.is_telling) for one in enough] == [
        ("mild", pytest.approx(0.5), True),
        ("strict", pytest.approx(-0.5), True),
    ]


def test_nobody_is_strict_where_nobody_else_rated():
    found = severities([Given("alone", "city", "P", 1)])

    assert [(one.count, one.full, one.bias, one.distance) for one in found] == [(0, 0, None, None)]
    assert severities([]) == []


def minimised(ratings, ridge):
    """Betas by the whole system of units and raters, as its definition says."""
    raters = sorted({one.rater for one in ratings})
    units = sorted({one.unit for one in ratings})
    rows = np.zeros((len(ratings) + len(raters), len(units) + len(raters)))
    sought = np.zeros(len(rows))
    for row, one in enumerate(ratings):
        rows[row, [units.index(one.unit), len(units) + raters.index(one.rater)]] = 1
        sought[row] = one.level
    for row in range(len(raters)):
        rows[len(ratings) + row, len(units) + row] = np.sqrt(ridge)
    solved = np.linalg.lstsq(rows, sought, rcond=None)[0]
    return dict(zip(raters, solved[len(units) :], strict=True))


@given(TABLES.filter(bool), st.sampled_from([1.0, 4.0]))
def test_betas_are_the_least_squares_of_the_whole_model(ratings, ridge):
    assert betas(ratings, ridge=ridge) == pytest.approx(minimised(ratings, ridge), abs=1e-9)


@given(TABLES)
def test_the_severities_of_each_linked_group_add_up_to_nothing(ratings):
    found = betas(ratings, ridge=0)

    assert [sum(found[rater] for rater in group) for group in groups(ratings)] == pytest.approx(
        [0.0] * len(groups(ratings)), abs=1e-9
    )


def test_raters_are_linked_through_the_units_that_they_share():
    apart = table("A 1 2 * * *\nB * 2 3 * *\nC * * * 4 *\nD * * * 5 1\nE * 1 * * *")

    joined = [*apart, Given("A", "calibration", "P", 2), Given("D", "calibration", "P", 4)]

    assert groups(apart) == [{"A", "B", "E"}, {"C", "D"}]
    assert groups(joined) == [{"A", "B", "C", "D", "E"}]
    assert groups([]) == []


def test_invented_cities_link_raters_and_count_as_no_rating_of_theirs():
    given = [
        *[Given("mild", f"city {unit}", "P", 3) for unit in range(8)],
        *[Given("strict", f"town {unit}", "P", 3) for unit in range(8)],
    ]
    links = [Given("mild", "invented", "P", 5), Given("strict", "invented", "P", 1)]
    links.append(Given("idle", "invented", "P", 3))

    found = severities(given, links=links)

    assert groups([*given, *links]) == [{"idle", "mild", "strict"}]
    assert [(one.rater, one.full, one.count) for one in found] == [
        ("mild", pytest.approx(2), 0),
        ("strict", pytest.approx(-2), 0),
    ]


def test_taking_severity_out_changes_no_level_of_the_example():
    assert sensitivity(RATINGS, LEVELS, top=5) == {}


def test_a_level_that_hangs_on_who_rated_is_named():
    steady = [
        Given(rater, f"city {unit}", "P", level)
        for unit in range(20)
        for rater, level in [("mild", 5), ("strict", 2), ("fair", 3)]
    ]
    hanging = [Given("mild", "Elm", "P", 4), Given("fair", "Elm", "P", 2)]

    found = sensitivity([*steady, *hanging], {("Elm", "P"): 3, ("city 0", "P"): 3}, top=5)

    assert found == {("Elm", "P"): 2}


@given(TABLES)
def test_without_severity_a_level_stays_on_the_scale(ratings):
    levels = {one.unit: 0 for one in ratings}

    found = sensitivity(ratings, levels, top=5)

    assert set(found) == set(levels)
    assert all(1 <= level <= 5 for level in found.values())


# --- What lies outside -------------------------------------------------------------------


def test_a_single_rating_far_from_the_others_is_named():
    steady = [
        Given(rater, f"city {unit:02}", "P", 3) for unit in range(20) for rater in ("A", "B", "C")
    ]
    odd = Given("B", "city 07", "P", 5)

    found = outliers([odd if one[:3] == odd[:3] else one for one in steady])

    assert found == [odd]


def test_a_rater_who_is_strict_throughout_is_no_outlier():
    strict = [Given("A", f"city {unit}", "P", 1) for unit in range(9)]
    others = [Given(who, f"city {unit}", "P", 4) for unit in range(9) for who in ("B", "C")]

    assert outliers([*strict, *others]) == []


def test_with_nothing_left_over_there_is_no_outlier():
    assert outliers([]) == []
    assert outliers(table("A 1\nB 5")) == []


def test_no_rating_of_the_example_is_an_outlier_by_chance():
    assert outliers(RATINGS) == []


def favouring(up):
    """X and Y rate each other, and Z rates both; X and Y give `up` more than Z."""
    return [
        *[Given("x", "Y", practice, 3 + up) for practice in "PQ"],
        *[Given("y", "X", practice, 3 + up) for practice in "PQ"],
        *[Given("z", city, practice, 3) for practice in "PQ" for city in "XY"],
    ]


HOME = {"x": "X", "y": "Y", "z": "Z"}


def test_cities_that_give_each_other_more_than_others_give_are_shown():
    assert favours(favouring(1), HOME) == [Favour("X", "Y", 1, 1)]
    assert favours(favouring(0), HOME) == []
    assert favours(favouring(-1), HOME) == []


def test_one_side_alone_is_no_favour():
    one_sided = [rating for rating in favouring(1) if rating.rater != "y"]

    assert favours(one_sided, HOME) == []
