"""Who rates strictly or leniently, whether it matters, and what lies outside. Pure.

Raters' severities in an additive model, linked through the units that they share; what levels
would be without them; single ratings far from the others; cities that favour each other.
Specification: section 5.3. Nothing here ever changes a level.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil, sqrt
from statistics import fmean, median

import numpy as np

from cityshare.agreement import Given, Unit

RIDGE = 4.0
TELLING, RATINGS_NEEDED = 0.5, 8
FAR = 2.0  # standard deviations
FAVOUR = 0.5  # levels above what others give
NEARLY = 1e-9


@dataclass(frozen=True)
class Severity:
    """How one rater's levels lie against those of others on the same units, in levels.

    Above 0 is lenient, below 0 strict. `shrunk` is the careful estimate (towards 0 with few
    ratings), `full` the one before shrinking; `bias` is the mean difference to the median of the
    others, `distance` its mean size. `count` is the number of ratings with one of another rater
    beside it.
    """

    rater: str
    count: int
    shrunk: float
    full: float
    bias: float | None
    distance: float | None

    @property
    def size(self) -> float:
        """By how many levels, whichever way, before shrinking."""
        return abs(self.full)

    @property
    def is_telling(self) -> bool:
        """Whether the rater and the facilitator are told: half a level, over enough ratings."""
        return self.size >= TELLING - NEARLY and self.count >= RATINGS_NEEDED


def severities(given: Sequence[Given], *, links: Sequence[Given] = ()) -> list[Severity]:
    """The severity of every rater of `given`, by the rater's key.

    Raters can be compared only inside one of `groups`; the severities of each group add up to 0.
    `links` are ratings of invented cities: they put raters into one group and count for the
    severities, and for nothing else.
    """
    shrunk, full = betas([*given, *links]), betas([*given, *links], ridge=0)
    differences: dict[str, list[float]] = {one.rater: [] for one in given}
    for mine, difference in beside_others(given):
        differences[mine.rater].append(difference)
    return [
        Severity(
            rater=rater,
            count=len(found),
            shrunk=shrunk[rater],
            full=full[rater],
            bias=fmean(found) if found else None,
            distance=fmean(map(abs, found)) if found else None,
        )
        for rater, found in sorted(differences.items())
    ]


def betas(given: Iterable[Given], *, ridge: float = RIDGE) -> dict[str, float]:
    """Each rater's beta in level = theta(unit) + beta(rater) + error, in levels.

    Least squares with `ridge` times the sum of squared betas added. Without a ridge the betas of
    every group of raters add up to 0.
    """
    ratings = list(given)
    raters = {rater: row for row, rater in enumerate(sorted({one.rater for one in ratings}))}
    units = {unit: column for column, unit in enumerate(sorted({one.unit for one in ratings}))}
    if not ratings:
        return {}
    rows = [raters[one.rater] for one in ratings]
    columns = [units[one.unit] for one in ratings]
    rated, levels = np.zeros((2, len(raters), len(units)))
    rated[rows, columns] = 1
    levels[rows, columns] = [one.level for one in ratings]
    # The best theta is the unit's mean of level - beta; put in, only the raters are left to solve.
    share = rated / rated.sum(axis=0)
    left = np.diag(rated.sum(axis=1)) - rated @ share.T + ridge * np.eye(len(raters))
    right = levels.sum(axis=1) - share @ levels.sum(axis=0)
    # The shortest of all solutions is the one that adds up to 0 in every group.
    solved = np.linalg.lstsq(left, right, rcond=None)[0]
    return {rater: float(solved[row]) for rater, row in raters.items()}


def groups(given: Iterable[Given]) -> list[frozenset[str]]:
    """The raters, parted so that only those in one group are linked through shared units.

    One group, or none: all raters can be compared. Largest group first.
    """
    group_of: dict[str, set[str]] = {}
    first: dict[Unit, str] = {}
    for rating in given:
        mine = group_of.setdefault(rating.rater, {rating.rater})
        theirs = group_of[first.setdefault(rating.unit, rating.rater)]
        if mine is not theirs:
            mine |= theirs
            group_of.update(dict.fromkeys(theirs, mine))
    parted = {frozenset(group) for group in group_of.values()}
    return sorted(parted, key=lambda group: (-len(group), min(group)))


def sensitivity(
    given: Iterable[Given],
    levels: Mapping[Unit, int],
    *,
    top: int,
    links: Sequence[Given] = (),
) -> dict[Unit, int]:
    """The units whose level would be another one if severities were taken out, with that level.

    `levels` are the levels before moderation on the scale 1 to `top`; only they are looked at.
    Nothing is ever changed by this. The median of what is left goes to the nearest level, a half
    down.
    """
    ratings = list(given)
    beta = betas([*ratings, *links])
    rest: dict[Unit, list[float]] = defaultdict(list)
    for one in ratings:
        rest[one.unit].append(one.level - beta[one.rater])
    nearest = {
        unit: min(top, max(1, ceil(median(rest[unit]) - 0.5 - NEARLY)))
        for unit in levels
        if unit in rest
    }
    return {unit: level for unit, level in nearest.items() if level != levels[unit]}


def beside_others(given: Iterable[Given]) -> list[tuple[Given, float]]:
    """Each rating that has another rater's beside it, less the median of the others, in levels."""
    by_unit: dict[Unit, list[Given]] = defaultdict(list)
    for rating in given:
        by_unit[rating.unit].append(rating)
    return [
        (mine, mine.level - median(others))
        for together in by_unit.values()
        for mine in together
        if (others := [other.level for other in together if other.rater != mine.rater])
    ]


def outliers(given: Sequence[Given]) -> list[Given]:
    """The ratings more than two standard deviations from what the model expects, by their keys.

    Of each unit only the farthest, for it moves what is expected of the others. The model is that
    of `betas` without a ridge; ratings without another beside them have no part. None where the
    model leaves nothing over to tell a deviation from.
    """
    shared = [rating for rating, _difference in beside_others(given)]
    beta = betas(shared, ridge=0)
    rest: dict[Unit, list[float]] = defaultdict(list)
    for one in shared:
        rest[one.unit].append(one.level - beta[one.rater])
    off = {one: one.level - beta[one.rater] - fmean(rest[one.unit]) for one in shared}
    freedom = len(shared) - len(rest) - len(beta) + len(groups(shared))
    if freedom < 1:
        return []
    sigma = sqrt(sum(error * error for error in off.values()) / freedom)
    farthest: dict[Unit, float] = defaultdict(float)
    for one, error in off.items():
        farthest[one.unit] = max(farthest[one.unit], abs(error))
    bound = FAR * sigma + NEARLY
    return sorted(
        one
        for one, error in off.items()
        if abs(error) > bound and abs(error) > farthest[one.unit] - NEARLY
    )


@dataclass(frozen=True)
class Favour:
    """Two cities that rate each other, and by how many levels above the median of the others."""

    one: str
    other: str
    given: float
    received: float


def favours(given: Iterable[Given], home: Mapping[str, str]) -> list[Favour]:
    """The pairs of cities that both give each other half a level more than others give them.

    `home` is the city of each rater. Shown to people, who decide what it means.
    """
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for rating, difference in beside_others(given):
        found[home[rating.rater], rating.city].append(difference)
    means = {pair: fmean(differences) for pair, differences in found.items()}
    cities = sorted({city for pair in means for city in pair})
    pairs = [
        Favour(one, other, means.get((one, other), 0), means.get((other, one), 0))
        for one, other in combinations(cities, 2)
    ]
    return [pair for pair in pairs if min(pair.given, pair.received) >= FAVOUR - NEARLY]
