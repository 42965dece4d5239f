"""From ratings to a level: what several cities say about one practice of another city. Pure.

A unit is one city on one practice. Levels are whole numbers from 1; what is missing is None and
stays None. Specification: sections 2.1, 5.1 and 5.4. This module stands behind every page that
shows a level, so it is plain Python.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import comb

QUORUM = 2  # fewer valid ratings make no level
SPLIT = 2  # raters this many levels apart
GAP = 1.5  # the city's own view this far from the peers' median, either way
AGREEING = 0.5  # no further apart is agreement
TESTABLE = 10  # practices from which a sign test says anything


class Rule(StrEnum):
    """A network's setting: what makes a level before moderation."""

    PEERS = "peer_median"
    SELF = "self"
    BOTH = "both"


class Basis(StrEnum):
    """What a level rests on."""

    PEERS = "peers"
    BOTH = "both"
    SELF = "self"  # the city's own view alone: a hollow dot
    AGREED = "agreed"
    NOTHING = "nothing"  # no level


class Flag(StrEnum):
    """What the ratings of a unit say about themselves and the city's own view."""

    SPLIT = "split"
    GAP = "gap"
    DIFFERS = "differs"
    CONFIRMED = "confirmed"


# What sets off a talk; a difference of a level is shown and nothing follows from it.
TO_TALK_ABOUT = frozenset({Flag.SPLIT, Flag.GAP})


@dataclass(frozen=True)
class Standing:
    """What is known about one unit.

    `count` is how many valid ratings there are. Median, lowest, highest and `self_gap` (own view
    less median; above 0 the city sees itself higher) are None below the quorum. `computed` is the
    level before moderation, `level` the one that counts.
    """

    own: int | None
    count: int
    median: float | None
    lowest: int | None
    highest: int | None
    self_gap: float | None
    computed: int | None
    level: int | None
    basis: Basis
    flags: frozenset[Flag]

    @property
    def is_hollow(self) -> bool:
        """Whether the level is the city's own view and nothing else: "self only"."""
        return self.basis == Basis.SELF


def median(numbers: Sequence[int]) -> float | None:
    """The middle of some whole numbers in any order; None of none."""
    if not numbers:
        return None
    return _twice_median(numbers) / 2


def gap(level: int | None, target: int | None) -> int | None:
    """How many levels are left to the target, never below 0; None when one of them is missing."""
    if level is None or target is None:
        return None
    return max(0, target - level)


def standing(
    own: int | None,
    ratings: Iterable[int | None],
    *,
    agreed: int | None = None,
    rule: str = Rule.PEERS,
) -> Standing:
    """Where one unit stands.

    `own` is the city's own view, `ratings` the peers' final levels (None: cannot judge, which is
    no valid rating), `agreed` the level that moderation came to, if it did. A half goes down: a
    level is what most raters support. The city's own view has no part in it under
    `Rule.PEERS`, except that it stands in, hollow, below the quorum.
    """
    valid = sorted(rating for rating in ratings if rating is not None)
    computed, basis = _computed(own, valid, Rule(rule))
    level = computed
    if agreed is not None:
        level, basis = agreed, Basis.AGREED
    seen = valid if len(valid) >= QUORUM else []
    middle = median(seen)
    self_gap = None if own is None or middle is None else own - middle
    return Standing(
        own=own,
        count=len(valid),
        median=middle,
        lowest=seen[0] if seen else None,
        highest=seen[-1] if seen else None,
        self_gap=self_gap,
        computed=computed,
        level=level,
        basis=basis,
        flags=_flags(seen, self_gap),
    )


@dataclass(frozen=True)
class SelfAgainstPeers:
    """How one city sees itself beside how others see it, over its practices.

    `differences` pairs each self_gap that occurs with how often, ascending; `higher` and `lower`
    count the practices on which the city sees itself above or below the others. `chance` is the
    two-sided sign test: how likely so uneven a count is if above and below were a coin's two
    sides. It is None with fewer than ten practices. A conversation starter, never a score.
    """

    count: int
    mean: float | None
    differences: tuple[tuple[float, int], ...]
    higher: int
    lower: int
    chance: float | None

    @property
    def distance(self) -> float | None:
        """The size of the mean, whichever way."""
        return None if self.mean is None else abs(self.mean)


def self_against_peers(self_gaps: Iterable[float | None]) -> SelfAgainstPeers:
    """Sum up the self_gaps of one city; units without one (None) are left out."""
    known = [difference for difference in self_gaps if difference is not None]
    higher = sum(difference > 0 for difference in known)
    lower = sum(difference < 0 for difference in known)
    return SelfAgainstPeers(
        count=len(known),
        mean=sum(known) / len(known) if known else None,
        differences=tuple(sorted(Counter(known).items())),
        higher=higher,
        lower=lower,
        chance=sign_test(higher, lower) if len(known) >= TESTABLE else None,
    )


def sign_test(higher: int, lower: int) -> float:
    """The two-sided probability of a split at least this uneven; ties are left out before."""
    tosses = higher + lower
    tail = sum(comb(tosses, heads) for heads in range(min(higher, lower) + 1))
    return min(1.0, 2 * tail / 2**tosses)


def _computed(own: int | None, valid: list[int], rule: Rule) -> tuple[int | None, Basis]:
    """The level before moderation, and what it rests on."""
    if rule == Rule.SELF or len(valid) < QUORUM:
        return own, Basis.NOTHING if own is None else Basis.SELF
    if rule == Rule.BOTH and own is not None:
        return _twice_median([*valid, own]) // 2, Basis.BOTH
    return _twice_median(valid) // 2, Basis.PEERS


def _twice_median(numbers: Sequence[int]) -> int:
    """Twice the median, which is whole, so that rounding down needs no fractions."""
    ordered = sorted(numbers)
    return ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]


def _flags(seen: list[int], self_gap: float | None) -> frozenset[Flag]:
    """The flags of a unit whose ratings reach the quorum; none without."""
    flags = set()
    if seen and seen[-1] - seen[0] >= SPLIT:
        flags.add(Flag.SPLIT)
    if self_gap is not None and abs(self_gap) >= GAP:
        flags.add(Flag.GAP)
    elif self_gap is not None and abs(self_gap) > AGREEING:
        flags.add(Flag.DIFFERS)
    elif self_gap is not None and not flags:
        flags.add(Flag.CONFIRMED)
    return frozenset(flags)
