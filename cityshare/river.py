"""The river of a group of cities: levels in, points of a picture out. Pure.

Practices stand side by side, levels rise from 1. Between the lowest and the highest level that the
cities have on each practice runs the river; where it is wide somebody knows and somebody needs.
Source: the river diagram of Parcell and Collison, "No More Consultants".

A city and a practice are opaque keys. A level is a whole number from 1; None says that a city has
none there (not given, or outside its mandate). What is missing breaks a line: nothing is ever drawn
between two practices unless both have their value. Points are in user units of the picture, from
its top left corner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from statistics import median
from typing import NamedTuple, TypeVar

# A band between two cities would name both; with fewer than this many only dots are drawn.
FEWEST = 3

Levels = Mapping[str, Mapping[str, int | None]]
Number = TypeVar("Number", int, float)
Value = TypeVar("Value")


class Order(StrEnum):
    """How the practices may stand: as agreed, most to learn first, or weakest first."""

    FRAMEWORK = "framework"
    WIDTH = "width"
    MEDIAN = "median"


@dataclass(frozen=True)
class Section:
    """The river where it passes one practice.

    `levels` are those of all cities that have one, lowest first and without names. `ask` are the
    cities at the upper bank, in the order of their keys: only there, and only where a lower bank
    lies apart from it, is anybody named.
    """

    practice: str
    levels: tuple[int, ...] = ()
    ask: tuple[str, ...] = ()

    @property
    def band(self) -> tuple[int, int] | None:
        """The highest and the lowest level; None with too few cities for a band."""
        return (self.levels[-1], self.levels[0]) if len(self.levels) >= FEWEST else None

    @property
    def hi(self) -> int | None:
        return self.band[0] if self.band else None

    @property
    def median(self) -> float | None:
        return median(self.levels) if self.band else None

    @property
    def lo(self) -> int | None:
        return self.band[1] if self.band else None

    @property
    def width(self) -> int | None:
        return self.band[0] - self.band[1] if self.band else None


def sections(levels: Levels, practices: Sequence[str]) -> list[Section]:
    """The river of `levels` (city, practice, level), one section for each of `practices`."""
    return [_section(levels, practice) for practice in practices]


def _section(levels: Levels, practice: str) -> Section:
    given = {city: row.get(practice) for city, row in levels.items()}
    known = {city: level for city, level in given.items() if level is not None}
    found = Section(practice, tuple(sorted(known.values())))
    if not found.width:
        return found
    ask = sorted(city for city, level in known.items() if level == found.hi)
    return Section(practice, found.levels, tuple(ask))


def ordered(river: Sequence[Section], order: Order) -> list[Section]:
    """The sections from left to right; ties stay as they were, those without a band come last."""
    if order is Order.WIDTH:
        return sorted(river, key=lambda each: (each.band is None, -(each.width or 0)))
    if order is Order.MEDIAN:
        return sorted(river, key=lambda each: (each.band is None, each.median or 0))
    return list(river)


@dataclass(frozen=True)
class Change:
    """What moved on one practice from an earlier cycle to a later one, in levels.

    Each is later minus earlier; None where one of the two has no band.
    """

    practice: str
    lo: int | None
    median: float | None
    hi: int | None
    width: int | None


def changes(before: Sequence[Section], now: Sequence[Section]) -> list[Change]:
    """How each practice of `now` moved since `before`, in the order of `now`."""
    earlier = {section.practice: section for section in before}
    return [_change(earlier.get(each.practice, Section(each.practice)), each) for each in now]


def _change(old: Section, new: Section) -> Change:
    return Change(
        new.practice,
        lo=_moved(old.lo, new.lo),
        median=_moved(old.median, new.median),
        hi=_moved(old.hi, new.hi),
        width=_moved(old.width, new.width),
    )


def _moved(old: Number | None, new: Number | None) -> Number | None:
    return None if old is None or new is None else new - old


# --- Geometry ------------------------------------------------------------------------------


class Point(NamedTuple):
    x: float
    y: float


class Trace(tuple[Point, ...]):
    """Points in a row; as text they read as SVG writes them: `130,20 270,90`."""

    __slots__ = ()

    def __str__(self) -> str:
        return " ".join(f"{point.x:g},{point.y:g}" for point in self)


@dataclass(frozen=True)
class Plot:
    """Where a picture of so many practices and levels lies, in user units.

    Practices are equally spaced from the left and levels rise from the bottom; turned, for a
    narrow screen, practices run from the top and levels rise from the left.
    """

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    practices: int
    levels: int
    turned: bool = False

    def point(self, place: float, level: float) -> Point:
        """The point of `level` on the practice at `place`, counted from 0."""
        along = (place + 0.5) / self.practices
        up = (level - 1) / (self.levels - 1)
        across, down = (up, along) if self.turned else (along, 1 - up)
        return Point(
            round(self.left + across * (self.width - self.left - self.right), 2),
            round(self.top + down * (self.height - self.top - self.bottom), 2),
        )


@dataclass(frozen=True)
class Water:
    """One unbroken stretch of the river.

    `band` is its polygon, along the highest levels and back along the lowest; `banks` are the
    polygons above and below it, `shores` the lines of the highest and the lowest levels. A
    stretch of one practice is a line between two points.
    """

    band: Trace
    banks: tuple[Trace, Trace]
    shores: tuple[Trace, Trace]

    @property
    def is_lone(self) -> bool:
        return len(self.band) == 2


@dataclass(frozen=True)
class Line:
    """A line with a dot at every value; `runs` are the stretches between missing values."""

    runs: tuple[Trace, ...] = ()
    dots: tuple[Point, ...] = ()


@dataclass(frozen=True)
class Stray:
    """So many cities at one level of a practice that too few have for a band."""

    at: Point
    cities: int


def water(river: Sequence[Section], plot: Plot) -> list[Water]:
    """The stretches of the river, broken where a practice has no band."""
    return [_stretch(run, plot) for run in _unbroken([each.band for each in river])]


def _stretch(run: Sequence[tuple[int, tuple[int, int]]], plot: Plot) -> Water:
    def trace(pick: Callable[[int, int], int]) -> Trace:
        return Trace(plot.point(place, pick(*band)) for place, band in run)

    highest, lowest = trace(lambda hi, lo: hi), trace(lambda hi, lo: lo)
    top, ground = trace(lambda hi, lo: plot.levels), trace(lambda hi, lo: 1)
    return Water(
        band=Trace((*highest, *reversed(lowest))),
        banks=(Trace((*top, *reversed(highest))), Trace((*lowest, *reversed(ground)))),
        shores=(highest, lowest),
    )


def line(values: Sequence[float | None], plot: Plot) -> Line:
    """The line through `values`, one for each practice; broken where one is missing."""
    runs = [Trace(plot.point(*each) for each in run) for run in _unbroken(values)]
    return Line(
        runs=tuple(run for run in runs if len(run) > 1),
        dots=tuple(point for run in runs for point in run),
    )


def _unbroken(values: Sequence[Value | None]) -> Iterator[list[tuple[int, Value]]]:
    """The stretches of known values, each value with its place."""
    for is_known, run in groupby(enumerate(values), key=lambda each: each[1] is not None):
        if is_known:
            yield [(place, value) for place, value in run if value is not None]


def strays(river: Sequence[Section], plot: Plot) -> list[Stray]:
    """The dots of the practices without a band: a level, and how many cities have it."""
    return [
        Stray(plot.point(place, level), cities)
        for place, section in enumerate(river)
        if not section.band
        for level, cities in Counter(section.levels).items()
    ]
