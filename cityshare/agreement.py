"""How far raters agree. Pure.

Krippendorff's alpha for any number of raters with missing ratings, and its bootstrap interval.
Specification: section 5.2. Units are a city on a practice; the cities' own views have no part
here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Unit = tuple[str, str]

UNITS_NEEDED = 10  # rated twice or more, before an alpha is shown
DRAWS, SEED = 2000, 2027
DEFINED_NEEDED = 0.95  # share of draws with an alpha, before an interval is shown
GOOD, TENTATIVE = 0.80, 0.667


class Metric(StrEnum):
    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


class Reading(StrEnum):
    """What an alpha is worth by convention, or why there is none."""

    GOOD = "good"
    TENTATIVE = "tentative"
    LOW = "low"
    TOO_FEW = "too few"
    NO_VARIATION = "no variation"


class Given(NamedTuple):
    """A level that one rater gave one unit; at most one per rater and unit."""

    rater: str
    city: str
    practice: str
    level: int

    @property
    def unit(self) -> Unit:
        return self.city, self.practice


@dataclass(frozen=True)
class Agreement:
    """How far raters agree on some units.

    `units` were rated twice or more, `pairs` are the pairs of ratings of the same unit,
    `within_one` is the share of these pairs (0-1) that are at most one level apart. `low` and
    `high` hold the middle 95 % of alpha over redrawn units.
    """

    units: int
    pairs: int
    within_one: float | None
    alpha: float | None
    low: float | None
    high: float | None
    reading: Reading


@dataclass(frozen=True)
class Counts:
    """What alpha needs of the pairable units: those with two ratings or more.

    `values` are the V values that occur, ascending; `table` counts them per unit, (U, V).
    """

    values: Floats
    table: Floats

    @property
    def coincidences(self) -> Floats:
        """Pairs of values in each unit, which weighs as much as its ratings: (U, V, V)."""
        pairs = self.table[:, :, None] * self.table[:, None, :]
        diagonal = np.arange(len(self.values))
        pairs[:, diagonal, diagonal] -= self.table
        return pairs / (self.table.sum(axis=1) - 1)[:, None, None]


def counted(given: Iterable[Given]) -> Counts:
    """Count the ratings of every pairable unit."""
    by_unit: dict[Unit, list[int]] = defaultdict(list)
    for rating in given:
        by_unit[rating.unit].append(rating.level)
    # In an order of their own, so that the same ratings are always drawn alike.
    pairable = sorted(sorted(levels) for levels in by_unit.values() if len(levels) > 1)
    values = sorted({level for levels in pairable for level in levels})
    column = {value: place for place, value in enumerate(values)}
    table = np.zeros((len(pairable), len(values)))
    for row, levels in enumerate(pairable):
        for level in levels:
            table[row, column[level]] += 1
    return Counts(np.array(values, dtype=float), table)


def alpha(given: Iterable[Given], metric: str = Metric.ORDINAL) -> float | None:
    """Krippendorff's alpha, at most 1; None when the pairable ratings do not vary."""
    counts = counted(given)
    if len(counts.values) < 2:
        return None
    return float(_alphas(counts.coincidences.sum(axis=0)[None], counts.values, metric)[0])


def agreement(given: Iterable[Given]) -> Agreement:
    """Ordinal alpha with its interval, if there is enough to show one."""
    counts = counted(given)
    units, pairs, within = _pairs(counts)
    share = within / pairs if pairs else None
    if units < UNITS_NEEDED:
        return Agreement(units, pairs, share, None, None, None, Reading.TOO_FEW)
    if len(counts.values) < 2:
        return Agreement(units, pairs, share, None, None, None, Reading.NO_VARIATION)
    coincidences = counts.coincidences
    value = float(_alphas(coincidences.sum(axis=0)[None], counts.values, Metric.ORDINAL)[0])
    low, high = _interval(coincidences, counts.values)
    return Agreement(units, pairs, share, value, low, high, reading(value))


def reading(value: float) -> Reading:
    """The conventional reading of an alpha."""
    if value >= GOOD:
        return Reading.GOOD
    return Reading.TENTATIVE if value >= TENTATIVE else Reading.LOW


def _distances(values: Floats, totals: Floats, metric: str) -> Floats:
    """Squared distances of values, (B, V, V), of B samples in which they occur `totals` times.

    For ordinal data half of the one, half of the other and all ratings between lie between two
    values: the difference of their middle ranks.
    """
    if metric == Metric.ORDINAL:
        ranks = totals.cumsum(axis=1) - totals / 2
        return np.square(ranks[:, :, None] - ranks[:, None, :])
    apart, sums = values[:, None] - values[None, :], values[:, None] + values[None, :]
    if metric == Metric.NOMINAL:
        apart = np.sign(apart)
    elif metric == Metric.RATIO:
        apart = np.divide(apart, sums, out=np.zeros_like(apart), where=sums != 0)
    return np.square(apart)[None]


def _alphas(coincidences: Floats, values: Floats, metric: str) -> Floats:
    """Alpha of each of B samples, (B,), from their summed coincidences, (B, V, V).

    Not a number where a sample does not vary.
    """
    totals = coincidences.sum(axis=2)
    distances = _distances(values, totals, metric)
    observed = (coincidences * distances).sum(axis=(1, 2))
    expected = (totals[:, :, None] * totals[:, None, :] * distances).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return 1 - (totals.sum(axis=1) - 1) * observed / expected


def _interval(coincidences: Floats, values: Floats) -> tuple[float | None, float | None]:
    """The middle 95 % of ordinal alpha when units are drawn again with replacement."""
    units = len(coincidences)
    drawn = np.random.default_rng(SEED).multinomial(units, np.full(units, 1 / units), size=DRAWS)
    summed = drawn @ coincidences.reshape(units, -1)
    alphas = _alphas(summed.reshape(DRAWS, *coincidences.shape[1:]), values, Metric.ORDINAL)
    defined = alphas[np.isfinite(alphas)]
    if len(defined) < DEFINED_NEEDED * DRAWS:
        return None, None
    low, high = np.percentile(defined, [2.5, 97.5])
    return float(low), float(high)


def _pairs(counts: Counts) -> tuple[int, int, int]:
    """Pairable units, pairs of ratings in them, and those pairs at most one level apart."""
    table = counts.table
    pairs = table.T @ table - np.diag(table.sum(axis=0))
    near = np.abs(counts.values[:, None] - counts.values[None, :]) <= 1
    return len(table), round(pairs.sum() / 2), round((pairs * near).sum() / 2)
