"""Who rates whom: the worked examples of section 5.5, the draw, and why one cannot be complete."""

from dataclasses import replace
from itertools import permutations

import pytest

from cityshare.allocation import Reason, WaysOut, Why, allocate, circulant, possible
from cityshare.pairing import City, Mutual, bar
from tests.cityshare.groups import FIVE, NINE, loads, of_countries, problem, two_ways

# --- the worked examples of the specification ---


def test_nine_cities_rate_each_other_in_a_ring_that_leaps_over_the_own_country():
    pairs = circulant([city.key for city in NINE], 3, 3)

    assert {r: [c for rater, c in pairs if rater == r] for r in ("X1", "Y1", "V1")} == {
        "X1": ["Y1", "Y2", "Z1"],
        "Y1": ["Z2", "W1", "V1"],
        "V1": ["X3", "Y1", "Y2"],
    }
    assert [set(load.values()) for load in loads(pairs)] == [{3}, {3}]
    assert not any(bar(problem(NINE, 3), *pair) for pair in pairs)


def test_five_cities_of_four_countries_can_have_three_raters_each():
    draw = allocate(problem(FIVE, 3))

    assert (len(draw.pairs), draw.wanted, draw.complete, draw.method) == (15, 15, True, "solver")
    assert [set(load.values()) for load in loads(draw.pairs)] == [{3}, {3}]
    for rater in ("Alder", "Birch"):
        assert {c for r, c in draw.pairs if r == rater} == {"Cedar", "Dogwood", "Elm"}


@pytest.mark.parametrize(("k", "flow", "wanted"), [(2, 8, 10), (1, 4, 5)])
def test_three_cities_of_one_country_among_five_are_too_many(k, flow, wanted):
    cities = of_countries(3, 1, 1)

    draw = allocate(problem(cities, k))

    assert (len(draw.pairs), draw.wanted, draw.complete) == (flow, wanted, False)
    assert draw.reasons == (
        Reason(Why.COUNTRY_LARGE, 2, 3, "country 0", tuple(c.key for c in cities[:3])),
    )
    assert draw.ways_out == WaysOut(without_country_rule=True, more_cities=1)


def test_two_and_two_and_one_cities_lack_one_rating_of_fifteen_though_no_country_is_large():
    draw = allocate(problem(of_countries(2, 2, 1), 3))

    assert (len(draw.pairs), draw.wanted, sum(draw.short.values())) == (14, 15, 1)
    assert draw.reasons == (Reason(Why.GROUP_LACKS, 11, 12, "", ("00", "01", "10", "11")),)
    assert draw.ways_out == WaysOut(2, without_country_rule=True, more_cities=1)


def test_the_two_necessary_conditions_misjudge_nine_of_all_590_groups_of_up_to_nine_cities():
    def splits(n, largest):
        if n == 0:
            yield ()
        for first in range(min(n, largest), 0, -1):
            yield from ((first, *rest) for rest in splits(n - first, first))

    misjudged, cases = [], 0
    for n in range(2, 10):
        for split in splits(n, n):
            for k in range(1, n):
                s, cases = max(split), cases + 1
                is_possible = possible(problem(of_countries(*split), k)) == n * k
                if is_possible != (2 * s <= n and k <= n - s):
                    misjudged.append((split, k))
                if k <= n - 2 * s + 1:
                    assert is_possible

    assert (cases, len(misjudged)) == (590, 9)
    assert ((2, 2, 1), 3) in misjudged


def test_nine_cities_need_not_rate_back_with_three_raters_and_must_with_four():
    three = allocate(problem(NINE, 3, mutual=Mutual.BAN))
    four = allocate(problem(NINE, 4, mutual=Mutual.BAN))
    four_at_a_cost = allocate(problem(NINE, 4))

    assert (len(three.pairs), three.complete, two_ways(three.pairs)) == (27, True, set())
    assert not four.complete
    assert two_ways(four.pairs) == set()
    assert [(reason.why, reason.need) for reason in four.reasons] == [(Why.MUTUAL_BAN, 36)]
    assert (four.ways_out.lower_to, four.ways_out.with_mutual) == (3, True)
    assert (len(four_at_a_cost.pairs), four_at_a_cost.complete) == (36, True)


def test_five_cities_need_not_rate_back_with_one_rater_and_must_with_two():
    one = allocate(problem(FIVE, 1, mutual=Mutual.BAN))
    two = allocate(problem(FIVE, 2, mutual=Mutual.BAN))

    assert (one.complete, two_ways(one.pairs)) == (True, set())
    assert two.reasons == (Reason(Why.MUTUAL_BAN, 9, 10),)
    assert (two.ways_out.lower_to, two.ways_out.with_mutual) == (1, True)


# --- the draw ---


def test_where_nothing_speaks_against_it_the_plain_ring_is_drawn():
    draw = allocate(problem(of_countries(3, 3, 2, 2, 1), 3))

    assert (draw.method, draw.complete, two_ways(draw.pairs)) == ("circulant", True, set())


def test_a_ring_in_which_cities_would_rate_each_other_is_left_for_a_draw_in_which_they_do_not():
    draw = allocate(problem(NINE, 3))

    assert (draw.method, draw.complete, two_ways(draw.pairs)) == ("solver", True, set())


def test_without_the_country_rule_a_country_rates_itself():
    draw = allocate(problem(of_countries(5), 2, country_rule=False))

    assert (draw.complete, draw.method) == (True, "circulant")


def test_cities_without_a_country_are_not_taken_for_one_country():
    assert allocate(problem([City(key) for key in "abcde"], 2)).complete


def test_pairs_of_the_last_cycle_and_pairs_without_a_common_language_are_avoided():
    tongues = {"Alder": "en", "Birch": "en", "Cedar": "en ko", "Dogwood": "ko", "Elm": "ko en"}
    cities = [City(name, name, frozenset(words.split())) for name, words in tongues.items()]
    last = {(a, b) for a, b in permutations(tongues, 2) if ("Cedar" in (a, b)) and a < b}

    draw = allocate(problem(cities, 1, last=frozenset(last)))

    assert draw.complete
    assert not last & set(draw.pairs)
    assert not {frozenset(p) for p in draw.pairs} & {
        frozenset(("Alder", "Dogwood")),
        frozenset(("Birch", "Dogwood")),
    }


def test_what_is_short_is_spread_over_the_cities():
    draw = allocate(problem(of_countries(4, 2), 2))

    assert draw.short == {"00": 1, "01": 1, "02": 1, "03": 1}


def test_a_guest_rates_what_the_cities_leave_open_and_nothing_else():
    cities = [*of_countries(3, 1, 1), City("guest", "elsewhere", rated=False)]

    draw = allocate(problem(cities, 2))

    assert (draw.complete, draw.wanted) == (True, 10)
    assert [rater for rater, _ in draw.pairs].count("guest") == 2


def test_a_city_that_sends_nobody_is_rated_and_does_not_rate():
    cities = [*of_countries(1, 1, 1, 1), City("quiet", "other", rates=False)]

    draw = allocate(problem(cities, 1))

    assert [loads(draw.pairs)[0]["quiet"], loads(draw.pairs)[1]["quiet"]] in ([0, 0], [0, 1])
    assert (len(draw.pairs), draw.ways_out.more_cities) == (4, None)


def test_no_cities_need_no_raters():
    draw = allocate(problem([], 3))

    assert (draw.pairs, draw.complete, draw.alternates) == ((), True, {})


def test_one_city_alone_has_nobody():
    draw = allocate(problem([City("Alder", "X")], 1))

    assert (draw.pairs, draw.short, draw.alternates) == ((), {"Alder": 1}, {})
    assert draw.reasons == (Reason(Why.FEW_RATERS, 0, 1),)
    assert draw.ways_out == WaysOut(more_cities=1)


@pytest.mark.parametrize("cities", [[City("a"), City("a")], [City("a"), City("a", "X")]])
def test_two_cities_with_one_key_are_a_mistake(cities):
    with pytest.raises(ValueError, match="same key"):
        problem(cities, 1)


def test_no_rater_at_all_is_a_mistake():
    with pytest.raises(ValueError, match="at least one"):
        problem(FIVE, 0)


# --- why not, and what would help ---


def test_more_raters_than_other_cities_are_too_many():
    draw = allocate(problem([City(key) for key in "abc"], 3))

    assert draw.reasons == (Reason(Why.FEW_RATERS, 2, 3),)
    assert draw.ways_out == WaysOut(2, more_cities=1)


def test_a_country_that_is_not_large_may_leave_too_few_outside():
    draw = allocate(problem(of_countries(2, 1, 1), 3))

    assert draw.reasons == (Reason(Why.FEW_OUTSIDE, 2, 3, "country 0", ("00", "01")),)
    assert draw.ways_out == WaysOut(2, without_country_rule=True, more_cities=1)


def test_a_city_with_conflicts_on_all_sides_is_named_with_them():
    conflicts = {("Cedar", "Dogwood"), ("Elm", "Cedar")}

    draw = allocate(problem(FIVE, 3, conflicts=frozenset(conflicts)))

    [reason] = [reason for reason in draw.reasons if reason.cities == ("Cedar",)]
    assert reason == Reason(
        Why.CITY_LACKS, 2, 3, "", ("Cedar",), (("Dogwood", "Cedar"), ("Elm", "Cedar"))
    )
    assert draw.ways_out.lower_to == 2


def test_conflicts_that_only_together_are_too_many_are_named_with_their_group():
    conflicts = frozenset({("a", "b"), ("c", "d")})
    cities = [City(key) for key in "abcde"]

    draw = allocate(problem(cities, 3, conflicts=conflicts))

    assert draw.reasons == (
        Reason(Why.GROUP_LACKS, 11, 12, "", ("a", "b", "c", "d"), (("a", "b"), ("c", "d"))),
    )
    assert draw.ways_out == WaysOut(2, more_cities=1)


def test_the_ways_out_lead_out():
    stuck = problem(NINE, 4, mutual=Mutual.BAN)
    out = allocate(stuck).ways_out

    ways = [
        replace(stuck, k=out.lower_to),
        replace(stuck, country_rule=False),
        replace(stuck, mutual=Mutual.COST),
        joined(stuck, out.more_cities),
    ]
    too_few = [
        replace(stuck, k=out.lower_to + 1),
        joined(stuck, out.more_cities - 1),
    ]

    assert out.without_country_rule
    assert [possible(way) == way.wanted for way in ways] == [True] * 4
    assert [possible(way) == way.wanted for way in too_few] == [False] * 2


def joined(rules, number, **facts):
    """With so many more cities of countries of their own."""
    more = (City(f"more {i}", f"more {i}", **facts) for i in range(number))
    return replace(rules, cities=(*rules.cities, *more))
