"""The whole pictures of a river and of stairs, with every place where words are written. Pure.

`river` and `stairs` say what stands where; here is how large a picture is, and where its lines,
codes and names lie. Everything is in user units of the picture, from its top left corner.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from cityshare.lettering import ems, fitted, lines
from cityshare.river import Line, Plot, Point, Section, Stray, Trace, Water, line, strays, water
from cityshare.stairs import Cell

# The sizes of letters that the style sheet gives codes, pillars and the names on the stairs.
CODE, PILLAR, NAME = 14, 11.5, 14


# --- The river -----------------------------------------------------------------------------


def wide(codes: Sequence[str], levels: int) -> Plot:
    """A plot for a screen or a sheet of paper, as wide as these codes of practices need."""
    step = max([62, *(CODE * ems(code) + 10 for code in codes)])
    across, up = max(560, step * len(codes)), 70 * (levels - 1)
    return Plot(60 + across + 20, 26 + up + 96, 60, 20, 26, 96, len(codes), levels)


def tall(codes: Sequence[str], levels: int) -> Plot:
    """A plot for a phone: 340 wide whatever the framework, 54 downwards for each practice."""
    left = 30 + max([26, *(CODE * ems(code) for code in codes)])
    down = 54 * len(codes)
    return Plot(340, 30 + down + 20, left, 20, 30, 20, len(codes), levels, turned=True)


@dataclass(frozen=True)
class Rung:
    """The line of one level, and where the level is written."""

    level: int
    line: Trace
    numeral: Point


def rung(level: int, plot: Plot) -> Rung:
    """One level across all practices."""
    start, end = plot.point(-0.5, level), plot.point(plot.practices - 0.5, level)
    numeral = Point(start.x, start.y - 10) if plot.turned else Point(start.x - 14, start.y + 5)
    return Rung(level, Trace((start, end)), numeral)


@dataclass(frozen=True)
class Station:
    """A practice in the picture: a line across all levels, and where its code is written.

    `ask` is the point at the upper bank where somebody may be asked; None where nobody is named.
    """

    section: Section
    guide: Trace
    code: Point
    ask: Point | None


def station(section: Section, place: int, plot: Plot) -> Station:
    """The practice at `place`, counted from 0."""
    foot, head = plot.point(place, 1), plot.point(place, plot.levels)
    code = Point(foot.x - 16, foot.y + 5) if plot.turned else Point(foot.x, foot.y + 28)
    ask = plot.point(place, section.hi) if section.ask and section.hi else None
    return Station(section, Trace((foot, head)), code, ask)


@dataclass(frozen=True)
class Words:
    """A line of text, and where it is written."""

    text: str
    at: Point


@dataclass(frozen=True)
class Pillar:
    """The practices of one pillar that stand side by side: a line along them, and its name."""

    name: str
    rule: Trace
    lines: tuple[Words, ...]


def pillars(names: Sequence[str], plot: Plot) -> list[Pillar]:
    """The pillars along the axis, from the pillar of each practice in the order of the picture."""
    found = []
    for name, run in groupby(range(len(names)), key=lambda place: names[place]):
        places = list(run)
        found.append(_pillar(name, places[0], places[-1], plot))
    return found


def _pillar(name: str, first: int, last: int, plot: Plot) -> Pillar:
    start, end = plot.point(first - 0.5, 1), plot.point(last + 0.5, 1)
    if plot.turned:
        rule = Trace((Point(0, start.y), Point(plot.width, start.y)))
        return Pillar(name, rule, (Words(name, Point(0, start.y + 13)),))
    rule = Trace((Point(start.x + 4, start.y + 42), Point(end.x - 4, start.y + 42)))
    middle = round((start.x + end.x) / 2, 2)
    written = lines(name, (end.x - start.x + 12) / PILLAR)[:3]
    places = [Point(middle, start.y + 58 + 14 * row) for row in range(len(written))]
    return Pillar(name, rule, tuple(map(Words, written, places)))


@dataclass(frozen=True)
class Mine:
    """The chosen city by practice: its level, its own view of itself, and its target.

    `hollow` are the practices whose level is no more than its own view.
    """

    level: Mapping[str, int | None] = field(default_factory=dict)
    own: Mapping[str, int | None] = field(default_factory=dict)
    target: Mapping[str, int | None] = field(default_factory=dict)
    hollow: Collection[str] = ()


@dataclass(frozen=True)
class River:
    """Everything that is drawn of a river; `before` is that of the earlier cycle.

    `hollow` are dots of the line `level` that are drawn hollow.
    """

    plot: Plot
    rungs: tuple[Rung, ...]
    stations: tuple[Station, ...]
    pillars: tuple[Pillar, ...]
    water: tuple[Water, ...]
    before: tuple[Water, ...]
    median: Line
    strays: tuple[Stray, ...]
    level: Line
    hollow: tuple[Point, ...]
    own: Line
    target: Line


def river(
    sections: Sequence[Section],
    plot: Plot,
    *,
    names: Sequence[str] = (),
    mine: Mine | None = None,
    before: Sequence[Section] = (),
) -> River:
    """The picture of a river in the order in which it is given.

    `names` are the pillars of its practices in that order, none where the order tears them apart;
    `mine` is the chosen city. `before` may be in any order; practices that it lacks are gaps.
    """
    mine = mine or Mine()
    codes = [section.practice for section in sections]
    earlier = {section.practice: section for section in before}
    hollow = [mine.level.get(code) if code in mine.hollow else None for code in codes]
    return River(
        plot,
        rungs=tuple(rung(level, plot) for level in range(1, plot.levels + 1)),
        stations=tuple(station(each, place, plot) for place, each in enumerate(sections)),
        pillars=tuple(pillars(names, plot)),
        water=tuple(water(sections, plot)),
        before=tuple(water([earlier.get(code, Section(code)) for code in codes], plot)),
        median=line([section.median for section in sections], plot),
        strays=tuple(strays(sections, plot)),
        level=line([mine.level.get(code) for code in codes], plot),
        hollow=line(hollow, plot).dots,
        own=line([mine.own.get(code) for code in codes], plot),
        target=line([mine.target.get(code) for code in codes], plot),
    )


# --- The stairs ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """How steps are laid out: their width, their least height, and what lies around the stairs.

    With `rows` each city has a line of that height on its step, in `letters` of that size, below
    the words that take `head`; without, a step carries no more than the number of its cities.
    """

    step: float
    least: float
    left: float
    head: float = 30
    rows: float = 0
    letters: float = NAME
    top: float = 8
    bottom: float = 60


BROAD = Sheet(step=200, least=64, left=64, rows=21)
WALL = Sheet(step=240, least=84, left=84, head=34, rows=28, letters=19)
MOST = 12  # names on a step; of a fuller one the last line says how many more there are


def small(levels: int) -> Sheet:
    """For a phone: 340 wide whatever the framework."""
    return Sheet(step=(340 - 48 - 2) / levels, least=72, left=48)


def tiny(levels: int) -> Sheet:
    """For a list of many stairs: no words around them."""
    return Sheet(step=250 / levels, least=250 / levels, left=2, top=2, bottom=2, head=0)


@dataclass(frozen=True)
class Name:
    """A city on a step; `text` is its name as far as it fits."""

    city: str
    text: str
    at: Point


@dataclass(frozen=True)
class Step:
    """A cell in the picture. `more` says how many cities have no line of their own, and where.

    `middle` is the middle of the room below the words at `head`, `centre` that of the whole step.
    """

    cell: Cell
    corner: Point
    width: float
    height: float
    head: Point
    middle: Point
    centre: Point
    names: tuple[Name, ...]
    more: int
    more_at: Point
    has_mine: bool


@dataclass(frozen=True)
class Stairs:
    """Everything that is drawn of the stairs of one practice.

    `edge` is the line that gives them their name; `across` and `upward` are where the two axes
    are named.
    """

    width: float
    height: float
    has_names: bool
    steps: tuple[Step, ...]
    edge: Trace
    levels: tuple[Words, ...]
    gaps: tuple[Words, ...]
    across: Point
    upward: Point


def stairs(
    cells: Sequence[Cell], names: Mapping[str, str], *, mine: str = "", sheet: Sheet = BROAD
) -> Stairs:
    """The picture of the cells of one practice.

    `names` are how the cities are called; the chosen city `mine` always has its line. The steps
    of one level are as high as the fullest of them.
    """
    drawn: list[Step] = []
    levels: list[Words] = []
    edge = [Point(sheet.left, sheet.top)]
    y = sheet.top
    for level, run in groupby(cells, key=lambda cell: cell.level):
        row = list(run)
        height = _height(row, sheet)
        drawn += [_step(cell, y, height, names, mine, sheet) for cell in row]
        levels.append(Words(str(level), Point(sheet.left - 14, y + height / 2 + 5)))
        edge += [Point(edge[-1].x + sheet.step, y), Point(edge[-1].x + sheet.step, y + height)]
        y += height
    gaps = range(len(levels))
    middle = sheet.left + sheet.step * len(levels) / 2
    return Stairs(
        width=sheet.left + sheet.step * len(levels) + 2,
        height=y + sheet.bottom,
        has_names=sheet.rows > 0,
        steps=tuple(drawn),
        edge=Trace(edge),
        levels=tuple(levels),
        gaps=tuple(Words(str(gap), Point(_left(gap + 0.5, sheet), y + 22)) for gap in gaps),
        across=Point(middle, y + 46),
        upward=Point(14, (sheet.top + y) / 2),
    )


def _left(gap: float, sheet: Sheet) -> float:
    return round(sheet.left + sheet.step * gap, 2)


def _height(row: Sequence[Cell], sheet: Sheet) -> float:
    fullest = max(min(len(cell.cities), MOST + 1) for cell in row)
    return max(sheet.least, sheet.head + sheet.rows * fullest + 6)


def _step(
    cell: Cell, y: float, height: float, names: Mapping[str, str], mine: str, sheet: Sheet
) -> Step:
    x = _left(cell.gap, sheet)
    shown = _shown(cell.cities, mine) if sheet.rows else []
    places = [
        Point(x + 12, y + sheet.head + sheet.letters + sheet.rows * row) for row in range(MOST + 1)
    ]
    room = (sheet.step - 36) / sheet.letters
    return Step(
        cell,
        Point(x, y),
        sheet.step,
        height,
        head=Point(x + 12, y + 20) if sheet.rows else Point(x + sheet.step / 2, y + 16),
        middle=Point(x + sheet.step / 2, y + 51),
        centre=Point(x + sheet.step / 2, y + height / 2),
        names=tuple(
            Name(city, fitted(names[city], room * (0.92 if city == mine else 1)), at)
            for city, at in zip(shown, places, strict=False)
        ),
        more=len(cell.cities) - len(shown) if sheet.rows else 0,
        more_at=places[-1],
        has_mine=mine in cell.cities,
    )


def _shown(cities: Sequence[str], mine: str) -> list[str]:
    """All cities, or the first of too many and the chosen one, in their order."""
    if len(cities) <= MOST + 1:
        return list(cities)
    kept = set(cities[:MOST])
    if mine in cities and mine not in kept:
        kept = {*cities[: MOST - 1], mine}
    return [city for city in cities if city in kept]


# --- One city on one practice --------------------------------------------------------------


@dataclass(frozen=True)
class Strip:
    """A scale from level 1 upwards with what is known of one city: 220 wide, 46 high.

    `rated` is the line from the lowest to the highest rating; all but the scale may be missing.
    """

    scale: Trace
    ticks: tuple[Point, ...]
    level: Point | None
    own: Point | None
    target: Point | None
    rated: Trace | None


def strip(
    levels: int,
    *,
    level: int | None = None,
    own: int | None = None,
    target: int | None = None,
    rated: tuple[int, int] | None = None,
) -> Strip:
    """The scale of a framework with so many levels, and what stands on it."""

    def at(value: int | None) -> Point | None:
        return None if value is None else Point(round(14 + 192 * (value - 1) / (levels - 1), 2), 16)

    ticks = tuple(point for value in range(1, levels + 1) if (point := at(value)))
    ends = [point for value in rated or () if (point := at(value))]
    return Strip(
        scale=Trace((ticks[0], ticks[-1])),
        ticks=ticks,
        level=at(level),
        own=at(own),
        target=at(target),
        rated=Trace(ends) if ends else None,
    )
