"""The river: section 3.2 of the specification with its numbers, and what holds for any numbers."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityshare.river import (
    FEWEST,
    Change,
    Line,
    Order,
    Plot,
    Section,
    changes,
    line,
    ordered,
    sections,
    strays,
    water,
)

DATA = json.loads(Path(__file__).with_name("example.json").read_text())
PRACTICES = DATA["practices"]
# The plot of the specification's pixel test.
PLOT = Plot(640, 360, left=60, right=20, top=20, bottom=60, practices=4, levels=5)


def rows(table):
    """City, practice, level."""
    return {city: dict(zip(PRACTICES, levels, strict=True)) for city, levels in table.items()}


LEVELS = rows(DATA["expected"]["level"])
RIVER = sections(LEVELS, PRACTICES)


def of(**levels):
    """A river by its practices, each with the levels of its cities, lowest first."""
    return [Section(practice, tuple(known)) for practice, known in levels.items()]


def codes(river):
    return [section.practice for section in river]


# --- Numbers -------------------------------------------------------------------------------


def test_the_river_of_the_example():
    found = [
        {"practice": each.practice, "min": each.lo, "max": each.hi, "median": each.median}
        for each in RIVER
    ]

    assert found == DATA["expected"]["river"]
    assert [each.width for each in RIVER] == [4, 4, 3, 2]


def test_the_river_of_the_cities_own_views():
    river = sections(rows(DATA["self"]), PRACTICES)

    assert [each.hi for each in river] == [5, 5, 4, 4]
    assert [each.median for each in river] == [3, 4, 3, 3]
    assert [each.lo for each in river] == [1, 2, 2, 2]
    assert [each.width for each in river] == [4, 3, 2, 2]


def test_the_upper_bank_says_whom_to_ask():
    assert [each.ask for each in RIVER] == [("Dogwood",), ("Alder",), ("Cedar",), ("Alder",)]


def test_nobody_is_named_where_both_banks_are_one():
    [section] = sections({city: {"P1": 2} for city in "abc"}, ["P1"])

    assert (section.lo, section.hi, section.ask) == (2, 2, ())


def test_two_cities_make_no_river_and_are_not_named():
    [section] = sections({"a": {"P1": 1}, "b": {"P1": 4}, "c": {"P1": None}, "d": {}}, ["P1"])

    assert section == Section("P1", (1, 4), ())
    assert (section.lo, section.median, section.hi, section.width) == (None, None, None, None)


def test_the_median_of_an_even_number_of_cities_may_lie_between_two_levels():
    assert Section("P1", (1, 2, 3, 3)).median == 2.5


# --- Orders --------------------------------------------------------------------------------


@pytest.mark.parametrize("order", Order)
def test_the_example_stands_alike_in_every_order(order):
    assert codes(ordered(RIVER, order)) == ["P1", "P2", "P3", "P4"]


def test_the_widest_come_first_and_ties_stay_as_agreed():
    river = of(A=(2, 3, 3), B=(1, 2, 5), C=(1, 5), D=(3, 3, 3), E=(1, 3, 5), F=(2, 2, 3))

    assert codes(ordered(river, Order.WIDTH)) == ["B", "E", "A", "F", "D", "C"]


def test_the_weakest_come_first_and_ties_stay_as_agreed():
    river = of(A=(2, 3, 3), B=(5, 5), C=(1, 1, 2), D=(3, 3, 3), E=(), F=(1, 1, 5))

    assert codes(ordered(river, Order.MEDIAN)) == ["C", "F", "A", "D", "B", "E"]


def test_the_order_of_the_framework_is_the_order_given():
    river = of(B=(1, 1, 1), A=(1, 2, 5))

    assert ordered(river, Order.FRAMEWORK) == river


# --- Two cycles ----------------------------------------------------------------------------


def test_two_cycles_differ_by_the_change_of_each_bank():
    before = sections(rows(DATA["self"]), PRACTICES)

    assert changes(before, RIVER) == [
        Change("P1", lo=0, median=0, hi=0, width=0),
        Change("P2", lo=-1, median=-1, hi=0, width=1),
        Change("P3", lo=-1, median=0, hi=0, width=1),
        Change("P4", lo=0, median=0, hi=0, width=0),
    ]


def test_a_practice_without_an_earlier_band_has_no_change():
    before, now = of(A=(1, 2, 3), B=(1, 2)), of(B=(2, 3, 4), A=(2, 3), C=(1, 1, 1))

    assert changes(before, now) == [Change(code, None, None, None, None) for code in "BAC"]


# --- Points --------------------------------------------------------------------------------


def test_the_points_of_the_pixel_test():
    [stretch] = water(RIVER, PLOT)

    assert str(stretch.band) == ("130,20 270,20 410,90 550,90 550,230 410,300 270,300 130,300")
    assert [str(shore) for shore in stretch.shores] == [
        "130,20 270,20 410,90 550,90",
        "130,300 270,300 410,300 550,230",
    ]
    assert [str(bank) for bank in stretch.banks] == [
        "130,20 270,20 410,20 550,20 550,90 410,90 270,20 130,20",
        "130,300 270,300 410,300 550,230 550,300 410,300 270,300 130,300",
    ]


def test_the_median_of_the_pixel_test():
    assert [str(run) for run in line([each.median for each in RIVER], PLOT).runs] == [
        "130,160 270,160 410,160 550,160"
    ]


def test_the_line_of_birch_in_the_pixel_test():
    drawn = line([LEVELS["Birch"][code] for code in PRACTICES], PLOT)

    assert [str(run) for run in drawn.runs] == ["130,90 270,160 410,230 550,230"]
    assert drawn.dots == drawn.runs[0]


def test_turned_for_a_phone_the_practices_run_downwards():
    plot = Plot(340, 400, left=50, right=10, top=30, bottom=50, practices=4, levels=5, turned=True)

    assert str(line([1, 5, 3, 2], plot).runs[0]) == "50,70 330,150 190,230 120,310"


def test_four_levels_fill_the_same_height():
    plot = Plot(640, 360, left=60, right=20, top=20, bottom=60, practices=4, levels=4)

    assert [plot.point(0, level).y for level in (1, 2, 3, 4)] == [300, 206.67, 113.33, 20]


def test_a_missing_value_breaks_the_line():
    assert line([2, None, 3, 4], PLOT) == Line(
        runs=(((410, 160), (550, 90)),), dots=((130, 230), (410, 160), (550, 90))
    )


def test_two_cities_break_the_river_and_are_dots():
    river = of(A=(1, 3, 4), B=(2, 2), C=(2, 3, 3), D=(1, 2, 3))

    lone, rest = water(river, PLOT)

    assert (str(lone.band), lone.is_lone) == ("130,90 130,300", True)
    assert (str(rest.band), rest.is_lone) == ("410,160 550,160 550,300 410,230", False)
    assert [(stray.at, stray.cities) for stray in strays(river, PLOT)] == [((270, 230), 2)]


# --- Any numbers ---------------------------------------------------------------------------

some_levels = st.one_of(st.none(), st.integers(1, 5))
some_tables = st.integers(1, 16).flatmap(
    lambda practices: st.dictionaries(
        st.text("abcdefgh", min_size=1, max_size=4),
        st.lists(some_levels, min_size=practices, max_size=practices),
        min_size=1,
        max_size=12,
    )
)


def flowing(table):
    """The river of a table, and a plot for it."""
    names = [f"P{n}" for n in range(len(next(iter(table.values()))))]
    given_levels = {city: dict(zip(names, row, strict=True)) for city, row in table.items()}
    plot = Plot(640, 360, 60, 20, 20, 60, practices=len(names), levels=5)
    return sections(given_levels, names), plot


def places(points, plot):
    """At which practices the points stand."""
    found = {plot.point(place, 1).x: place for place in range(plot.practices)}
    return [found[point.x] for point in points]


@given(some_tables)
def test_nothing_is_drawn_where_a_value_is_missing(table):
    river, plot = flowing(table)
    row = next(iter(table.values()))
    drawn = line(row, plot)

    assert places(drawn.dots, plot) == [n for n, level in enumerate(row) if level is not None]
    for run in drawn.runs:
        assert all(after - before == 1 for before, after in pairwise(places(run, plot)))
    wet = [n for stretch in water(river, plot) for n in places(stretch.shores[0], plot)]
    assert wet == [n for n, each in enumerate(river) if len(each.levels) >= FEWEST]
    for stretch in water(river, plot):
        for shore in stretch.shores:
            assert all(after - before == 1 for before, after in pairwise(places(shore, plot)))


@given(some_tables, st.booleans())
def test_the_river_stays_inside_its_plot(table, turned):
    river, upright = flowing(table)
    plot = Plot(640, 360, 60, 20, 20, 60, upright.practices, 5, turned=turned)

    for stretch in water(river, plot):
        for x, y in (*stretch.band, *stretch.banks[0], *stretch.banks[1]):
            assert 60 <= x <= 620
            assert 20 <= y <= 300


@given(some_tables)
def test_the_upper_bank_is_never_below_the_lower(table):
    river, plot = flowing(table)

    for stretch in water(river, plot):
        highest, lowest = stretch.shores
        assert all(up.y <= down.y for up, down in zip(highest, lowest, strict=True))


@given(some_tables, st.randoms(use_true_random=False))
def test_the_order_of_the_cities_changes_nothing(table, chance):
    shuffled = [*table.items()]
    chance.shuffle(shuffled)

    assert flowing(dict(shuffled))[0] == flowing(table)[0]


@given(some_tables, st.sampled_from(Order))
def test_an_order_loses_no_practice(table, order):
    river, _ = flowing(table)

    assert sorted(codes(ordered(river, order))) == sorted(codes(river))


@given(some_tables)
def test_only_those_who_are_above_somebody_are_named(table):
    river, _ = flowing(table)

    for section in river:
        place = int(section.practice[1:])
        named = [table[city][place] for city in section.ask]
        assert all(level == section.hi for level in named)
        assert section.lo not in named
