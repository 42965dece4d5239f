"""Who may rate whom, what it costs, and the largest and cheapest set of such pairs.

The rules and the arithmetic beneath `allocation`: section 5.5 of the CityShare specification.
A city is named by an opaque key, a pair is (rater, rated), a cost is a whole number. Lots depend
on the seed and the keys alone, so neither the order of the input nor the day of the run changes
an answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

Pair = tuple[str, str]

NODES = 2000  # where the search stops: a number of steps, so that every machine stops at the same


class Mutual(StrEnum):
    """What two cities that rate each other are: dear, or not possible."""

    COST = "cost"
    BAN = "ban"


class Bar(StrEnum):
    """Why a pair may not be."""

    OWN = "own"
    COUNTRY = "country"
    CONFLICT = "conflict"
    MUTUAL = "mutual"
    AWAY = "away"  # the rater does not rate, or the city is not rated
    TWICE = "twice"  # the pair is there already


class Mark(StrEnum):
    """What speaks against a pair that may be."""

    LAST_CYCLE = "last_cycle"
    LANGUAGE = "language"
    MUTUAL = "mutual"
    GUEST = "guest"


# The specification gives the first two. Rating each other concerns two ratings, so it weighs as
# much as two pairs without a common language. A guest fills what the cities leave open.
COST = {Mark.LAST_CYCLE: 10, Mark.LANGUAGE: 3, Mark.MUTUAL: 6, Mark.GUEST: 20}
DEAREST = 1 + sum(COST.values())


@dataclass(frozen=True)
class City:
    """A city with its country ("" for none) and working languages (none known: any will do).

    A guest rater is not `rated`; a city that sends nobody does not rate (`rates`).
    """

    key: str
    country: str = ""
    languages: frozenset[str] = frozenset()
    rates: bool = True
    rated: bool = True


@dataclass(frozen=True)
class Problem:
    """What a draw is made from.

    `conflicts` are pairs of cities, barred in both directions; `last` are the pairs of the cycle
    before as (rater, rated). Pairs that name a city outside `cities` change nothing.
    """

    cities: tuple[City, ...]
    k: int
    seed: int
    conflicts: frozenset[Pair] = frozenset()
    last: frozenset[Pair] = frozenset()
    country_rule: bool = True
    mutual: Mutual = Mutual.COST

    def __post_init__(self) -> None:
        if self.k < 1:
            raise ValueError("a city is rated by at least one other")
        if len(self.by_key) < len(self.cities):
            raise ValueError("two cities have the same key")

    @cached_property
    def by_key(self) -> dict[str, City]:
        return {city.key: city for city in self.cities}

    @cached_property
    def raters(self) -> tuple[str, ...]:
        return tuple(sorted(city.key for city in self.cities if city.rates))

    @cached_property
    def rated(self) -> tuple[str, ...]:
        return tuple(sorted(city.key for city in self.cities if city.rated))

    @property
    def wanted(self) -> int:
        """How many pairs a complete draw has."""
        return self.k * len(self.rated)

    def lot(self, *names: str) -> float:
        """A number in [0, 1) that the seed draws for these names, the same on every machine."""
        text = "\x1f".join((str(self.seed), *names))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) / 2**64


def bar(problem: Problem, rater: str, rated: str) -> Bar | None:
    """Why the rules forbid this pair, whatever the other pairs are."""
    a, b = problem.by_key[rater], problem.by_key[rated]
    if rater == rated:
        return Bar.OWN
    if not (a.rates and b.rated):
        return Bar.AWAY
    if (rater, rated) in problem.conflicts or (rated, rater) in problem.conflicts:
        return Bar.CONFLICT
    if problem.country_rule and a.country and a.country == b.country:
        return Bar.COUNTRY
    return None


def bar_among(problem: Problem, pairs: Collection[Pair], rater: str, rated: str) -> Bar | None:
    """Why this pair may not join those `pairs`."""
    if (rater, rated) in pairs:
        return Bar.TWICE
    if problem.mutual == Mutual.BAN and (rated, rater) in pairs:
        return bar(problem, rater, rated) or Bar.MUTUAL
    return bar(problem, rater, rated)


def marks(problem: Problem, pairs: Collection[Pair], rater: str, rated: str) -> tuple[Mark, ...]:
    """What speaks against this pair among those `pairs`, worst first."""
    a, b = problem.by_key[rater], problem.by_key[rated]
    found = {
        Mark.GUEST: not a.rated,
        Mark.LAST_CYCLE: (rater, rated) in problem.last,
        Mark.MUTUAL: (rated, rater) in pairs,
        Mark.LANGUAGE: bool(a.languages and b.languages and not a.languages & b.languages),
    }
    return tuple(mark for mark, there in found.items() if there)


def cost(found: Iterable[Mark]) -> int:
    return sum(COST[mark] for mark in found)


def best(problem: Problem, *, total: int | None = None, floor: int = 0) -> list[Pair] | None:
    """As many pairs as can be; or, with a `total`, that many at the least cost and at least
    `floor` for each city. None if there are no such pairs."""
    pairs = [(r, c) for r in problem.raters for c in problem.rated if not bar(problem, r, c)]
    if not pairs:
        return None if total else []
    place = {pair: i for i, pair in enumerate(pairs)}
    both = [(i, place[c, r]) for (r, c), i in place.items() if r < c and (c, r) in place]
    back = 0 if problem.mutual == Mutual.BAN else 1
    rows = [
        _sums(problem.raters, [r for r, _ in pairs], len(both), 0, problem.k),
        _sums(problem.rated, [c for _, c in pairs], len(both), floor, problem.k),
    ]
    if both:
        rows.append(_two_ways(len(pairs), both))
    if total is None:
        goal = np.r_[-np.ones(len(pairs)), np.zeros(len(both))]
    else:
        rows.append(LinearConstraint([[1] * len(pairs) + [0] * len(both)], total, total))
        ties = [problem.lot(*pair) / (2 * max(total, 1)) for pair in pairs]
        costs = [1 + cost(marks(problem, (), *pair)) for pair in pairs]
        goal = np.r_[np.add(costs, ties), np.full(len(both), COST[Mark.MUTUAL])]
    found = milp(
        goal,
        integrality=np.r_[np.ones(len(pairs)), np.zeros(len(both))],
        bounds=Bounds(0, np.r_[np.ones(len(pairs)), np.full(len(both), back)]),
        constraints=rows,
        # Fine enough for the costs, which are whole; the lots need not be drawn to the last.
        options={"mip_rel_gap": 0.4 / (DEAREST * max(problem.wanted, 1)), "node_limit": NODES},
    )
    if found.x is None:
        return None
    return [pair for pair, taken in zip(pairs, found.x, strict=False) if taken > 0.5]


def _sums(
    keys: Sequence[str], owner: Sequence[str], extra: int, low: int, high: int
) -> LinearConstraint:
    """Between `low` and `high` pairs for each key; `extra` columns behind the pairs."""
    row = {key: i for i, key in enumerate(keys)}
    where = ([row[key] for key in owner], range(len(owner)))
    shape = (len(keys), len(owner) + extra)
    return LinearConstraint(coo_array((np.ones(len(owner)), where), shape=shape), low, high)


def _two_ways(pairs: int, both: Sequence[tuple[int, int]]) -> LinearConstraint:
    """x(a, b) + x(b, a) - z <= 1: rating each other needs z, which costs or is not to be had."""
    lines = range(len(both))
    columns = [i for i, _ in both] + [j for _, j in both] + [pairs + line for line in lines]
    values = np.repeat([1.0, 1.0, -1.0], len(both))
    where = ([*lines] * 3, columns)
    shape = (len(both), pairs + len(both))
    return LinearConstraint(coo_array((values, where), shape=shape), -np.inf, 1)
