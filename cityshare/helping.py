"""Which city may help which other on which practice, and what that is worth. Pure.

Sections 3.3 and 6 of the CityShare specification. A need is one learner on one practice; a triple
is a helper, a learner and a practice. The best set of triples is found by `matching`, which needs
the solver; here is what a page can say by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from cityshare.stairs import Stand, helpers

NEAR = 2  # levels: somebody a step or two ahead explains best
AWAKE = 6  # hours of time difference that two cities bridge without a cost
QUARTERS = 4  # the world's zones stand a multiple of a quarter of an hour apart


class Triple(NamedTuple):
    """Helper helps learner on practice. All three are opaque keys."""

    helper: str
    learner: str
    practice: str


@dataclass(frozen=True)
class City:
    """What counts about a city beside its levels.

    `context` has facts such as size or income group, compared one by one; `offset` is the
    city's time as hours ahead of UTC, None when it is not known; `given` is how often it helped
    in earlier cycles.
    """

    languages: frozenset[str] = frozenset()
    context: Mapping[str, str] = field(default_factory=dict)
    offset: float | None = None
    given: int = 0


@dataclass(frozen=True)
class Need:
    """A city at `level` wants to be at `target`, which is above it; `priority` is 0 to 3."""

    learner: str
    practice: str
    level: int
    target: int
    priority: int = 1

    @property
    def gap(self) -> int:
        return self.target - self.level


@dataclass(frozen=True)
class Group:
    """Everything that is known about the cities of a cycle; a need is told once.

    `levels`: city -> practice -> level, None or absent when missing. `refused`: pairs (helper,
    learner) that one side does not want on any practice, and triples that one does not want on
    this one. `withheld`: pairs (city, practice) where the city does not offer to help.
    """

    cities: Mapping[str, City]
    levels: Mapping[str, Mapping[str, int | None]]
    needs: Collection[Need]
    refused: Collection[tuple[str, ...]] = ()
    withheld: Collection[tuple[str, str]] = ()


@dataclass(frozen=True)
class Limits:
    """At most so many practices for a city as helper, as learner, and between the same two.

    `floor` is how many every learner should get that anybody may help, if at all possible.
    """

    helper: int = 2
    learner: int = 2
    pair: int = 1
    floor: int = 1


@dataclass(frozen=True)
class Worth:
    """The value of a triple, in the parts that people are shown; `total` is their sum."""

    priority: int
    gap: int
    near: bool
    language: bool
    context: bool
    hours_over: float
    given: int

    @property
    def total(self) -> float:
        step = self.priority * (2 * self.gap + self.near)
        return step + self.language + self.context - self.hours_over - self.given


class Reason(StrEnum):
    """Why nobody is proposed for a need."""

    NOBODY = "nobody"  # no city of the group is far enough: invite an outside expert
    WITHHELD = "withheld"  # who is far enough does not offer this practice
    REFUSED = "refused"  # who could help does not want to, or is not wanted
    LEARNER_FULL = "learner_full"  # the learner's other needs came first
    HELPERS_FULL = "helpers_full"  # who could help helps others or elsewhere


def worth(group: Group, triple: Triple, need: Need) -> Worth:
    """What it is worth that the helper of `triple` answers `need`."""
    helper, learner = group.cities[triple.helper], group.cities[triple.learner]
    level = group.levels[triple.helper].get(triple.practice)
    return Worth(
        priority=need.priority,
        gap=need.gap,
        near=level is not None and level - need.level <= NEAR,
        language=not helper.languages.isdisjoint(learner.languages),
        context=similar(helper.context, learner.context),
        hours_over=max(0, hours_apart(helper, learner) - AWAKE),
        given=helper.given,
    )


def hours_apart(one: City, other: City) -> float:
    """The time difference the short way round the world, in quarters of an hour; 0 when it is
    not known."""
    if one.offset is None or other.offset is None:
        return 0
    apart = abs(one.offset - other.offset)
    return round(min(apart, 24 - apart) * QUARTERS) / QUARTERS


def similar(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Are at least half of the facts the same that both cities give?"""
    both = one.keys() & other.keys()
    same = [fact for fact in both if one[fact] == other[fact]]
    return bool(both) and 2 * len(same) >= len(both)


def eligible(group: Group) -> dict[Need, list[str]]:
    """For every need, by learner and practice, who may help, by name: the rule of the stairs
    among those that offer, less the refusals."""
    return {
        need: [
            city
            for city in able(group, need, group.withheld)
            if not refuses(group, Triple(city, need.learner, need.practice))
        ]
        for need in sorted(group.needs, key=lambda need: (need.learner, need.practice))
    }


def able(group: Group, need: Need, withheld: Collection[tuple[str, str]] = ()) -> list[str]:
    """Who is far enough to help, by name, without those pairs of a city and a practice."""
    stands = [
        Stand(city, level)
        for city, levels in sorted(group.levels.items())
        if (level := levels.get(need.practice)) and (city, need.practice) not in withheld
    ]
    return helpers(Stand(need.learner, need.level, need.target), stands)


def refuses(group: Group, triple: Triple) -> bool:
    return triple in group.refused or triple[:2] in group.refused
