"""The rules of a city's own view: what is needed for which level, and what cannot be chosen."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityshare.assessing import (
    DOCUMENT,
    FIGURES,
    MOST_ON_TOP,
    OUTSIDE,
    REVIEW,
    TOP,
    Answer,
    Choice,
    Lack,
    Progress,
    Spread,
    Wrong,
    chosen,
    is_ready,
    lacks,
    needed,
    on_top,
    progress,
    spread,
)

ALL = frozenset({DOCUMENT, FIGURES, REVIEW})
LEVELS = st.integers(1, 5)
CHOICES = st.builds(
    Choice,
    current=st.none() | LEVELS,
    target=st.none() | LEVELS,
    priority=st.integers(0, 3),
    outside=st.booleans(),
)
TYPED = st.fixed_dictionaries(
    {},
    optional={
        "level": st.none() | LEVELS | st.just(OUTSIDE),
        "target": st.none() | LEVELS,
        "priority": st.integers(0, 3),
    },
)


def at(current, target=5, **facts):
    return Answer("P1", Choice(current, target), **facts)


# --- Before it is handed in --------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "kinds"),
    [
        (None, []),
        (1, []),
        (2, []),
        (3, [DOCUMENT]),
        (4, [DOCUMENT, FIGURES]),
        (5, [DOCUMENT, FIGURES, REVIEW]),
        (7, [DOCUMENT, FIGURES, REVIEW]),
    ],
)
def test_a_level_needs_the_evidence_of_all_levels_before_it(level, kinds):
    assert needed(level) == kinds


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        (Answer("P1"), [Lack.LEVEL]),
        (Answer("P1", Choice(target=3)), [Lack.LEVEL]),
        (at(2, None), [Lack.TARGET]),
        (at(2, 1), [Lack.LOW_TARGET]),
        (at(2, 2), []),
        (at(3, None), [Lack.TARGET, Lack.DOCUMENT]),
        (at(4, shown=frozenset({DOCUMENT})), [Lack.FIGURES]),
        (at(5, shown=frozenset({FIGURES, "other"})), [Lack.DOCUMENT, Lack.REVIEW]),
        (at(5, shown=ALL), []),
        (Answer("P1", Choice(outside=True)), [Lack.REASON]),
        (Answer("P1", Choice(outside=True), has_reason=True), []),
    ],
)
def test_what_an_answer_lacks(answer, missing):
    assert lacks(answer) == missing


def test_how_far_a_city_is():
    answers = [
        at(2),
        at(4, shown=frozenset({DOCUMENT})),
        replace(at(5, shown=ALL), code="P3", choice=Choice(5, 5, TOP)),
        Answer("P4", Choice(outside=True), has_reason=True),
        Answer("P5", Choice(outside=True)),
        Answer("P6"),
    ]

    assert progress(answers) == Progress(
        asked=6, answered=5, complete=3, outside=2, unshown=1, top=("P3",)
    )
    assert not is_ready(answers)


def test_four_practices_with_the_top_priority_keep_a_city_from_handing_in():
    top = [Answer(f"P{n}", Choice(2, 3, TOP)) for n in range(4)]

    assert (is_ready(top[:3]), is_ready(top)) == (True, False)
    assert on_top(top) == ("P0", "P1", "P2", "P3")


@given(choice=CHOICES, kinds=st.sets(st.sampled_from([*ALL, "other"])), reason=st.booleans())
def test_more_evidence_never_makes_more_missing(choice, kinds, reason):
    answer = Answer("P1", choice, reason, frozenset(kinds))

    assert {*lacks(replace(answer, shown=frozenset(ALL)))} <= {*lacks(answer)}
    assert (not lacks(answer)) == is_ready([answer])


# --- While it is written -----------------------------------------------------------------


def test_a_level_above_the_old_target_takes_the_target_away():
    found, wrong = chosen(Choice(2, 3, 1), {"level": 4})

    assert (found, wrong) == (Choice(4, None, 1), {})


def test_a_level_up_to_the_old_target_leaves_it():
    assert chosen(Choice(2, 3), {"level": 3}) == (Choice(3, 3), {})


def test_level_and_target_may_rise_together():
    assert chosen(Choice(2, 3), {"level": 4, "target": 5}) == (Choice(4, 5), {})


def test_a_target_below_the_level_is_refused_and_the_old_one_stays():
    found, wrong = chosen(Choice(3, 4), {"target": 2, "priority": 1})

    assert (found, wrong) == (Choice(3, 4, 1), {"target": Wrong.LOW_TARGET})


def test_what_is_outside_the_mandate_has_nothing_else():
    typed = {"level": OUTSIDE, "target": 4, "priority": 3}

    assert chosen(Choice(2, 3, 3), typed, others_on_top=3) == (Choice(outside=True), {})


def test_nothing_can_be_given_to_what_is_outside_until_it_has_a_level():
    known = Choice(outside=True)

    assert chosen(known, {"target": 4, "priority": 2}) == (known, {})
    assert chosen(known, {"level": 1, "target": 4}) == (Choice(1, 4), {})


@pytest.mark.parametrize(("others", "is_taken"), [(2, True), (3, False), (4, False)])
def test_three_practices_share_the_top(others, is_taken):
    found, wrong = chosen(Choice(priority=1), {"priority": TOP}, others_on_top=others)

    assert found.priority == (TOP if is_taken else 1)
    assert wrong == ({} if is_taken else {"priority": Wrong.CROWDED_TOP})


def test_what_is_on_top_may_stay_there():
    assert chosen(Choice(priority=TOP), {"priority": TOP}, others_on_top=3)[1] == {}


@given(steps=st.lists(TYPED, max_size=12))
def test_in_any_order_no_rule_is_ever_broken(steps):
    known = Choice()
    for typed in steps:
        at_that_level, _ = chosen(known, {name: typed[name] for name in typed if name == "level"})
        known, wrong = chosen(known, typed)

        assert known.target is None or known.current is None or known.target >= known.current
        assert not known.outside or known == Choice(outside=True)
        assert wrong.keys() <= typed.keys()
        for name in wrong:
            assert getattr(known, name) == getattr(at_that_level, name)
        if not known.outside and "level" in typed:
            assert known.current == typed["level"]


@given(presses=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=40))
def test_the_top_is_never_crowded_whoever_presses_what(presses):
    found = [Choice() for _ in range(6)]
    for place, priority in presses:
        others = sum(c.priority == TOP for n, c in enumerate(found) if n != place)
        found[place], _wrong = chosen(found[place], {"priority": priority}, others_on_top=others)

        assert sum(choice.priority == TOP for choice in found) <= MOST_ON_TOP


# --- Around one screen -------------------------------------------------------------------


def test_the_spread_puts_hands_and_members_together():
    found = spread(5, said=[2, 4, 4], hands={2: 3, 5: 0})

    assert found == Spread((0, 4, 0, 2, 0))
    assert (found.said, found.people, found.width) == ([(2, 4), (4, 2)], 6, 2)


@pytest.mark.parametrize("hands", [{}, {1: -5}, {9: 4}])
def test_what_is_no_hand_for_a_level_counts_as_none(hands):
    found = spread(3, said=[], hands=hands)

    assert (found.hands, found.people, found.width) == ((0, 0, 0), 0, 0)
