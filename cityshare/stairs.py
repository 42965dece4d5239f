"""The stairs of one practice: where each city stands, and who may help whom. Pure.

Upwards stands the level of a city now, to the right the gap to the level it wants in a year. As
both together never exceed the highest level, only n (n + 1) / 2 cells can be filled, and their edge
is a staircase. Source: the stairs diagram of Parcell and Collison, "No More Consultants".

A city is an opaque key. Levels are whole numbers from 1 to n, which is how many the framework has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a city is on a practice; one that is nearly at the top both offers and learns."""

    OFFERS = "offers"
    LEARNS = "learns"
    STEADY = "steady"


@dataclass(frozen=True)
class Stand:
    """One city on one practice: its level, and its target in a year when it gave one."""

    city: str
    level: int
    target: int | None = None

    @property
    def gap(self) -> int | None:
        """How many levels it wants to rise, never below 0; None without a target."""
        return None if self.target is None else max(0, self.target - self.level)


def roles(gap: int, level: int, n: int) -> tuple[Role, ...]:
    """What a city with this gap and level is, where n levels are.

    The two highest levels offer when they want at most one more. Whoever wants more learns.
    Who wants no more and does not offer is steady.
    """
    offers = level >= max(2, n - 1) and gap <= 1
    said = {Role.OFFERS: offers, Role.LEARNS: gap >= 1, Role.STEADY: gap == 0 and not offers}
    return tuple(role for role, is_so in said.items() if is_so)


@dataclass(frozen=True)
class Cell:
    """One step of the stairs with the cities on it, in the order in which they were given."""

    gap: int
    level: int
    roles: tuple[Role, ...]
    cities: tuple[str, ...] = ()


def cells(stands: Iterable[Stand], n: int) -> list[Cell]:
    """All steps of n levels, from the highest level down and the smallest gap up.

    Cities without a target stand on none of them.
    """
    standing = list(stands)
    return [
        Cell(
            gap,
            level,
            roles(gap, level, n),
            tuple(each.city for each in standing if (each.gap, each.level) == (gap, level)),
        )
        for level in range(n, 0, -1)
        for gap in range(n - level + 1)
    ]


def helpers(learner: Stand, stands: Iterable[Stand]) -> list[str]:
    """Who may help a city: those that are where it wants to go, else any above it.

    Nobody for a city that wants no more.
    """
    if not learner.gap:
        return []
    known = list(stands)
    there = [each.city for each in known if each.level >= (learner.target or 0)]
    return there or [each.city for each in known if each.level > learner.level]


def unmet(stands: Sequence[Stand]) -> list[str]:
    """The cities that want to rise and that nobody here can help: invite somebody from outside."""
    return [each.city for each in stands if each.gap and not helpers(each, stands)]
