"""Invented levels that look like those of real cities: seeded, so that the demo is always the same.

What a city really does on a practice follows from how far the city is and how hard the practice
is. Its own view is mostly that or a little higher; its peers see that, some a level off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

# How much harder a practice is than others, by its code; the others are as hard as the average.
HARDER = {"PV4": 1.3, "PT5": 0.4, "PT6": 0.5, "PA2": 0.6, "PA3": 0.7, "ME1": 0.8}
EASIER = {"PV2": 0.7, "PT1": 0.5, "PT3": 0.3, "PS1": 0.3}
# How much higher a city sees itself, and how far off a rater is.
OWN = (0, 0, 0, 0, 1, 1, -1)
OFF = (0, 0, 0, 0, 0, 0, 1, -1)
# How many practices of a city lie far apart, out of a hundred.
SPLIT, BOASTED, OUTSIDE = 4, 4, 4
# Practices that nobody does well: whoever wants to learn them has to ask outside.
NOBODY = {"PV4": 2}


@dataclass(frozen=True)
class Invented:
    """The levels of one city on one practice; `own` None is outside its mandate."""

    own: int | None
    target: int | None
    priority: int
    raters: tuple[int, ...]


def levels(
    cities: list[str], codes: list[str], *, seed: int, raters: int, progress: float = 0
) -> Iterator[tuple[str, str, Invented]]:
    """City, code and levels, for every city and practice.

    `progress` is how many levels a city has gone up since the cycle before, on the average; the
    cities are as far as the seed of 2017 made them, in every cycle.
    """
    grown = Random(2017)  # noqa: S311 — an invention, not a secret
    maturity = {city: grown.uniform(1.7, 3.9) for city in cities}
    chance = Random(seed)  # noqa: S311
    for city in cities:
        top = set(chance.sample(codes, 3))
        for code in codes:
            hard = HARDER.get(code, 0) - EASIER.get(code, 0)
            really = maturity[city] - hard + chance.uniform(-0.7, 0.7) + progress
            level = level_of(really, most=NOBODY.get(code, 5))
            yield city, code, one(chance, level, raters, is_top=code in top)


def level_of(really: float, *, most: int = 5) -> int:
    """The level that a number comes to."""
    return max(1, min(most, round(really)))


def one(chance: Random, level: int, raters: int, *, is_top: bool) -> Invented:
    """One unit: mostly in agreement, now and then far apart, now and then not the city's task."""
    draw = chance.randrange(100)
    seen = [level_of(level + chance.choice(OFF)) for _rater in range(raters)]
    if draw < OUTSIDE and not is_top:
        return Invented(None, None, 0, ())
    own = level_of(level + chance.choice(OWN))
    if draw < OUTSIDE + SPLIT:
        seen = [level_of(level + 1), level_of(level - 1), *seen[2:]]
    elif draw < OUTSIDE + SPLIT + BOASTED:
        own = level_of(level + 2)
    target = level_of(own + chance.choice((0, 1, 1, 2)) + is_top)
    return Invented(own, target, 3 if is_top else chance.choice((0, 1, 1, 2)), tuple(seen))
