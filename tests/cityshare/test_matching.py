"""The best set of peer assists: section 6 of the specification, number by number."""

from dataclasses import replace

import pytest

from cityshare.helping import City, Group, Limits, Need, Reason, Triple
from cityshare.matching import match
from tests.cityshare.helpers import (
    EXPECTED,
    GROUP,
    LEVELS,
    assert_keeps_the_rules,
    chosen,
)


@pytest.mark.parametrize(
    ("limits", "value", "price", "floor"),
    [
        (Limits(helper=2, learner=2), 43, 0, 1),
        (Limits(helper=1, learner=2, floor=0), 25, 0, 0),
        (Limits(helper=1, learner=2, floor=1), 24, 1, 1),
        (Limits(helper=1, learner=1), 24, 0, 1),
        (Limits(helper=2, learner=1), 25, 0, 1),
    ],
)
def test_the_example_has_the_value_and_the_price_of_fairness_of_the_specification(
    limits, value, price, floor
):
    found = match(GROUP, limits)

    assert (found.value, found.price, found.floor) == (value, price, floor)
    assert_keeps_the_rules(found, GROUP, limits)


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("cap_t=2,cap_l=2", Limits()),
        ("cap_t=1,cap_l=2,floor=0", Limits(helper=1, floor=0)),
        ("cap_t=1,cap_l=2,floor=1", Limits(helper=1)),
    ],
)
def test_the_example_file_says_the_same(name, limits):
    found = match(GROUP, limits)
    expected = EXPECTED["matching"][name]

    assert found.value == expected["value"]
    assert len(found.proposals) == expected.get("n", len(found.proposals))


def test_with_room_for_two_the_example_has_ten_proposals():
    assert len(match(GROUP, Limits()).proposals) == 10


def test_without_a_floor_somebody_whom_others_could_help_goes_without():
    free = match(GROUP, Limits(helper=1, floor=0))
    fair = match(GROUP, Limits(helper=1))

    assert (free.left_out, fair.left_out) == (["Dogwood"], [])


def test_only_alder_on_p4_needs_somebody_from_outside():
    nobody = [one.need for one in match(GROUP, Limits()).unmet if one.reason == Reason.NOBODY]

    assert [[need.learner, need.practice] for need in nobody] == EXPECTED["unmet"]


@pytest.mark.parametrize(
    ("group", "reason"),
    [
        (replace(GROUP, refused={("Cedar", "Birch")}), Reason.REFUSED),
        (replace(GROUP, withheld={(city, "P3") for city in LEVELS}), Reason.WITHHELD),
        (replace(GROUP, levels={"Birch": LEVELS["Birch"]}), Reason.NOBODY),
    ],
)
def test_a_need_that_nobody_may_answer_says_why(group, reason):
    found = {
        (one.need.learner, one.need.practice): one.reason for one in match(group, Limits()).unmet
    }

    assert found["Birch", "P3"] == reason


def test_a_need_that_somebody_could_answer_says_whose_hands_are_full():
    crowd = Group(
        cities={city: City() for city in "THLM"},
        levels={"T": {"P": 5, "Q": 5}, "H": {"Q": 5}, "L": {"P": 1, "Q": 1}, "M": {"P": 1}},
        needs=[Need("L", "P", 1, 2), Need("L", "Q", 1, 5), Need("M", "P", 1, 5)],
    )

    found = match(crowd, Limits(helper=1, learner=1))
    less = match(crowd, Limits(helper=1, learner=2))

    assert [(one.need.learner, one.need.practice, one.reason) for one in found.unmet] == [
        ("L", "P", Reason.LEARNER_FULL)
    ]
    assert [(one.need.learner, one.need.practice, one.reason) for one in less.unmet] == [
        ("L", "P", Reason.HELPERS_FULL)
    ]


# --- Fairness ---------------------------------------------------------------------------------


def one_helper_for(learners, **also):
    return Group(
        cities={city: City() for city in ["T", *learners]},
        levels={"T": {"P": 5, "Q": 5}, **{city: {"P": 1, "Q": 1} for city in learners}},
        needs=[Need(city, "P", 1, 5, priority) for city, priority in learners.items()],
        **also,
    )


def test_where_not_everybody_can_be_helped_as_many_as_possible_are():
    group = one_helper_for({"K": 1, "L": 3, "M": 2})

    found = match(group, Limits())

    assert chosen(found) == [Triple("T", "L", "P"), Triple("T", "M", "P")]
    assert (found.floor, found.left_out, found.alone, found.price) == (0, ["K"], [], 0)


def test_as_many_cities_as_possible_are_helped_even_if_that_is_worth_less():
    """T is worth most on two practices of L, K has nobody else, and M cannot be reached."""
    group = Group(
        cities={city: City() for city in "TUKLM"},
        levels={
            "T": {"P": 5, "Q": 5},
            "U": {"R": 3},
            "K": {"P": 4},
            "L": {"P": 1, "Q": 1, "R": 2},
            "M": {"Q": 4},
        },
        needs=[
            Need("K", "P", 4, 5),
            Need("L", "P", 1, 5, 3),
            Need("L", "Q", 1, 5, 3),
            Need("L", "R", 2, 3),
            Need("M", "Q", 4, 5, 2),
        ],
    )

    found = match(group, Limits(helper=1))

    assert chosen(found) == [Triple("U", "L", "R"), Triple("T", "M", "Q")]
    assert (found.floor, found.left_out, found.price) == (0, ["K"], 18)


def test_a_floor_that_is_too_high_is_lowered_until_all_have_the_same():
    high = match(GROUP, Limits(helper=1, floor=2))

    assert (high.value, high.floor, high.left_out) == (24, 1, [])
    assert match(GROUP, Limits(floor=2)).floor == 2


def test_cities_whom_nobody_can_help_are_told_apart_from_those_left_out():
    group = replace(one_helper_for({"K": 1, "L": 1}), refused={("T", "K")})

    found = match(group, Limits())

    assert (found.alone, found.left_out, found.floor) == (["K"], [], 1)


def test_a_group_without_needs_has_no_proposals():
    found = match(replace(GROUP, needs=[]), Limits())

    assert (found.proposals, found.value, found.price, found.unmet) == ([], 0, 0, [])


# --- Solving again ----------------------------------------------------------------------------


def test_what_both_accepted_stays_when_another_is_declined():
    first = match(GROUP, Limits())
    kept, declined = chosen(first)[:6], chosen(first)[6]

    again = match(replace(GROUP, refused={declined}), Limits(), accepted=kept)

    assert set(kept) <= set(chosen(again))
    assert declined not in chosen(again)
    assert [one.triple for one in again.proposals if one.fixed] == kept
    assert_keeps_the_rules(again, GROUP, Limits())


def test_what_both_accepted_uses_up_the_limits():
    accepted = [Triple("Alder", "Cedar", "P4"), Triple("Alder", "Dogwood", "P4")]

    found = match(GROUP, Limits(), accepted=accepted)

    assert [t for t in chosen(found) if t.helper == "Alder"] == accepted
    assert [t for t in chosen(found) if t.practice == "P4"] == accepted


def test_what_both_accepted_stands_even_against_the_rule_and_the_limits():
    accepted = [Triple("Dogwood", "Elm", p) for p in ("P1", "P3", "P4")]

    found = match(replace(GROUP, refused={("Dogwood", "Elm")}), Limits(), accepted=accepted)

    assert [t for t in chosen(found) if t.learner == "Elm"] == accepted
    assert (found.floor, found.left_out) == (1, [])


def test_an_accepted_proposal_for_no_need_is_a_mistake():
    with pytest.raises(KeyError):
        match(GROUP, Limits(), accepted=[Triple("Alder", "Elm", "P2")])


def test_learners_with_an_accepted_proposal_do_not_take_the_floor_of_others():
    group = one_helper_for({"K": 1, "L": 3})
    more = replace(group, needs=[*group.needs, Need("L", "Q", 1, 5, 3)])

    found = match(more, Limits(pair=2), accepted=[Triple("T", "L", "P")])

    assert chosen(found) == [Triple("T", "K", "P"), Triple("T", "L", "P")]
    assert found.price == 24 - 8
