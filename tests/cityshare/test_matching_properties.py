"""The best set of peer assists, against all other sets, and for large groups."""

import random
import sys
from collections import Counter
from dataclasses import replace
from itertools import product
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from cityshare.helping import City, Group, Limits, Need, Triple, eligible
from cityshare.matching import match
from tests.cityshare.helpers import assert_keeps_the_rules, chosen, most_of, values

PRACTICES = ["P", "Q"]


@st.composite
def groups(draw, most=4):
    names = [f"city {n}" for n in range(draw(st.integers(2, most)))]
    level = st.none() | st.integers(1, 5)
    levels = {city: {p: draw(level) for p in PRACTICES} for city in names}
    needs = [
        Need(city, p, low, draw(st.integers(low + 1, 5)), draw(st.integers(0, 3)))
        for city, p in product(names, PRACTICES)
        if (low := levels[city][p]) and low < 5 and draw(st.booleans())
    ]
    city = st.builds(
        City,
        languages=st.frozensets(st.sampled_from(["en", "ko"])),
        context=st.dictionaries(st.just("size"), st.sampled_from(["big", "small"])),
        offset=st.sampled_from([0, 5.75, 9, 12]),
        given=st.integers(0, 1),
    )
    pairs = st.tuples(st.sampled_from(names), st.sampled_from(names))
    return Group(
        cities={name: draw(city) for name in names},
        levels=levels,
        needs=needs,
        refused=draw(st.sets(pairs, max_size=2)),
        withheld=draw(
            st.sets(st.tuples(st.sampled_from(names), st.sampled_from(PRACTICES)), max_size=1)
        ),
    )


LIMITS = st.builds(
    Limits,
    helper=st.integers(1, 2),
    learner=st.integers(1, 2),
    pair=st.integers(1, 2),
    floor=st.integers(0, 2),
)


def every_answer(group, limits):
    """All sets of triples that keep the limits: who is helped how often, and the value."""
    worths = values(group)
    options = [
        [None, *(Triple(city, need.learner, need.practice) for city in cities)]
        for need, cities in eligible(group).items()
    ]
    for answer in product(*options):
        triples = [triple for triple in answer if triple]
        if (
            most_of(triples, lambda t: t.helper) <= limits.helper
            and most_of(triples, lambda t: t.learner) <= limits.learner
            and most_of(triples, lambda t: t[:2]) <= limits.pair
        ):
            yield Counter(t.learner for t in triples), sum(worths[t] for t in triples)


def by_hand(group, limits):
    """The value of the fairest answers and of the best, by trying them all."""
    learners = {t.learner for t in values(group)}
    answers = list(every_answer(group, limits))
    best = max(value for _, value in answers)
    for floor in range(min(limits.floor, limits.learner), 0, -1):
        fair = [value for load, value in answers if all(load[c] >= floor for c in learners)]
        if fair:
            return max(fair), best
    if limits.floor == 0:
        return best, best
    widest = max(len(load) for load, _ in answers)
    return max(value for load, value in answers if len(load) == widest), best


@settings(max_examples=150, deadline=None)
@given(groups(), LIMITS)
def test_the_answer_is_the_best_of_all_answers_and_keeps_the_rules(group, limits):
    found = match(group, limits)
    value, best = by_hand(group, limits)

    assert (found.value, found.price) == (value, best - value)
    assert_keeps_the_rules(found, group, limits)


@settings(max_examples=60, deadline=None)
@given(groups(most=6), LIMITS, st.randoms(use_true_random=False))
def test_the_answer_is_the_same_whatever_the_order_of_the_input(group, limits, lot):
    def shuffled(mapping):
        return dict(lot.sample(list(mapping.items()), len(mapping)))

    mixed = Group(
        cities=shuffled(group.cities),
        levels=shuffled({city: shuffled(levels) for city, levels in group.levels.items()}),
        needs=lot.sample(list(group.needs), len(group.needs)),
        refused=group.refused,
        withheld=group.withheld,
    )

    assert match(mixed, limits) == match(group, limits)


@settings(max_examples=60, deadline=None)
@given(groups(most=5), LIMITS)
def test_every_need_is_either_answered_or_unmet_with_a_reason(group, limits):
    found = match(group, limits)

    answered = [(t.learner, t.practice) for t in chosen(found)]
    unmet = [(one.need.learner, one.need.practice) for one in found.unmet]
    assert sorted(answered + unmet) == sorted((n.learner, n.practice) for n in group.needs)


@settings(max_examples=60, deadline=None)
@given(groups(most=5), LIMITS)
def test_accepting_the_whole_answer_changes_nothing(group, limits):
    found = match(group, limits)

    again = match(group, limits, accepted=chosen(found))

    assert (chosen(again), again.value) == (chosen(found), found.value)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=2, max_size=8))
def test_on_one_practice_one_to_one_it_is_the_classical_assignment(stands):
    names = [f"city {n}" for n in range(len(stands))]
    levels = {name: {"P": level} for name, (level, _) in zip(names, stands, strict=True)}
    needs = [
        Need(name, "P", level, target)
        for name, (level, target) in zip(names, stands, strict=True)
        if target > level
    ]
    group = Group({name: City() for name in names}, levels, needs)
    worths = values(group)
    matrix = [[worths.get(Triple(t, learner, "P"), 0) for t in names] for learner in names]

    rows, columns = linear_sum_assignment(matrix, maximize=True)

    found = match(group, Limits(helper=1, learner=1, floor=0))
    assert found.value == sum(matrix[r][c] for r, c in zip(rows, columns, strict=True))


def test_ties_do_not_hang_on_who_else_is_there():
    """Two helpers are worth the same; a third pair of cities elsewhere changes nothing."""
    group = Group(
        cities={city: City() for city in "TUL"},
        levels={"T": {"P": 3}, "U": {"P": 3}, "L": {"P": 1}},
        needs=[Need("L", "P", 1, 3)],
    )
    larger = Group(
        cities={**group.cities, "A": City(), "B": City()},
        levels={**group.levels, "A": {"Q": 5}, "B": {"Q": 1}},
        needs=[*group.needs, Need("B", "Q", 1, 5)],
    )

    assert set(chosen(match(group, Limits()))) <= set(chosen(match(larger, Limits())))


# --- Size -------------------------------------------------------------------------------------


def crowd(cities, practices=16, seed=1, alike=False):
    """A group of that many invented cities; `alike` ones leave the solver only ties."""
    lot = random.Random(seed)
    names = [f"city {n:02}" for n in range(cities)]
    pages = [f"P{n}" for n in range(practices)]
    levels = {
        c: {p: lot.choice([1, 5] if alike else [1, 2, 3, 4, 5]) for p in pages} for c in names
    }
    needs = [
        Need(
            c,
            p,
            low,
            5 if alike else min(5, low + lot.randint(1, 2)),
            1 if alike else lot.randint(0, 3),
        )
        for c in names
        for p, low in levels[c].items()
        if low < 5 and (alike or lot.random() < 0.75)
    ]
    about = {
        c: City(frozenset(lot.sample(["en", "ko", "fr", "th"], 2)), {}, lot.choice([0, 5.75, 8, 9]))
        for c in names
    }
    return Group({c: City() for c in names} if alike else about, levels, needs)


@pytest.mark.parametrize("cities", [30, 60])
@pytest.mark.parametrize("kind", ["mixed", "alike", "crowded"])
def test_sixty_cities_and_sixteen_practices_take_less_than_three_seconds(cities, kind, capsys):
    group = crowd(cities, alike=kind == "alike")
    if kind == "crowded":  # too few offer anything: not every learner can be reached
        few = list(group.cities)[: cities // 6]
        group = replace(
            group,
            withheld={(c, p) for c, own in group.levels.items() if c not in few for p in own},
        )
    start = process_time()

    found = match(group, Limits(helper=2))

    took = process_time() - start
    with capsys.disabled():
        sys.stdout.write(
            f"\nmatching {cities} cities ({kind}): {len(values(group))} triples, "
            f"{len(found.proposals)} proposals, price {found.price}, {took:.2f} s "
        )
    assert took < 3
    assert bool(found.left_out) is (kind == "crowded")
    assert_keeps_the_rules(found, group, Limits())
