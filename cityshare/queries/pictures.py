"""What the pictures of a cycle show: the river, the stairs of a practice, and one city.

All of it comes from `standings`, so what the reader may not see is in no picture. Cities are named
where somebody may be asked, and on the stairs; nothing here puts them in an order of their levels.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cityshare import drawing, river
from cityshare.models import Cycle
from cityshare.queries.cycle import Seat, seat_of
from cityshare.queries.standings import (
    PracticeLine,
    Sight,
    Standings,
    TeamLine,
    Unit,
    sight_of,
    standings,
)
from cityshare.river import Change, Order, Section
from workshop_portal.places import plain

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


class Basis(StrEnum):
    """Whose river it is: of the levels, or of what the cities say about themselves."""

    LEVEL = "level"
    OWN = "own"


@dataclass(frozen=True)
class Choice:
    """What the reader wants to see; `city` is the id of the chosen city as text."""

    order: Order = Order.FRAMEWORK
    basis: Basis = Basis.LEVEL
    city: str = ""
    own: bool = False
    target: bool = False
    before: bool = False


@dataclass(frozen=True)
class Board:
    """A cycle whose levels one reader may compare; `mine` is the reader's own city."""

    now: Standings
    mine: TeamLine | None
    leads: bool
    seat: Seat

    @property
    def cycle(self) -> Cycle:
        return self.now.cycle


def board(user: User, cycle: Cycle) -> Board | None:
    """The levels of all cities as this person may see them; None while there is no comparing."""
    seat = seat_of(user, cycle)
    if not compares(seen := sight_of(seat, cycle), cycle):
        return None
    team = seat.team
    now = standings(cycle, sight=seen, own=team.pk if team else None)
    if not now.practices:
        return None
    mine = next((line for line in now.teams if team and line.pk == team.pk), None)
    return Board(now, mine, leads=seen == Sight.ALL, seat=seat)


def compares(seen: Sight, cycle: Cycle) -> bool:
    """Whether somebody with this sight has the levels of all cities before them."""
    return seen in {Sight.LEVELS, Sight.ALL} and cycle.has_reached(Cycle.Stage.MODERATION)


def earlier(cycle: Cycle) -> Cycle | None:
    """The cycle that this one can be laid over: of the same scale, and compared by then."""
    before = cycle.previous
    if before is None or not before.has_reached(Cycle.Stage.COMPARE):
        return None
    return before if before.framework.levels == cycle.framework.levels else None


# --- The river -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A practice in the picture, with what it says when somebody points at it."""

    station: drawing.Station
    words: str


@dataclass(frozen=True)
class Figure:
    """A river as it is drawn, for one shape of screen."""

    river: drawing.River
    places: list[Place]


@dataclass(frozen=True)
class Number:
    """One figure of a row under its heading; `change` is empty where nothing is laid over it."""

    heading: str
    value: str
    change: str


@dataclass(frozen=True)
class Row:
    """One practice of the river in figures; `mine` says the chosen city's part of it."""

    practice: PracticeLine
    section: Section
    ask: list[TeamLine]
    numbers: list[Number]
    mine: str


@dataclass(frozen=True)
class RiverPage:
    """The river in both shapes, what its signs mean, and its figures in the same order."""

    choice: Choice
    city: TeamLine | None
    before: Cycle | None
    wide: Figure
    tall: Figure
    signs: list[tuple[str, str]]
    rows: list[Row]
    title: str
    words: str


def river_page(seen: Board, choice: Choice) -> RiverPage:
    """The river as the reader wants it: the own city's line, or any city's for those who lead."""
    now, cycle = seen.now, earlier(seen.cycle) if choice.before else None
    flow = river.ordered(_sections(now, choice.basis), choice.order)
    old = _sections(standings(cycle, sight=Sight.LEVELS), choice.basis) if cycle else []
    city = _chosen(seen, choice)
    rows = _rows(now, flow, old, city)
    draw = partial(
        drawing.river,
        flow,
        names=[r.practice.pillar for r in rows] if choice.order == Order.FRAMEWORK else [],
        mine=_mine(now, city, choice) if city else None,
        before=old,
    )
    codes = [each.practice for each in flow]
    wide = _figure(draw(drawing.wide(codes, now.levels)), rows)
    return RiverPage(
        choice,
        city,
        cycle,
        wide,
        tall=_figure(draw(drawing.tall(codes, now.levels)), rows),
        signs=_signs(choice, city, cycle, wide.river),
        rows=rows,
        title=_("River of %(cycle)s") % {"cycle": seen.cycle.name},
        words=_river_words(now, flow),
    )


def _levels(now: Standings, basis: Basis) -> dict[str, dict[str, int | None]]:
    """City, practice, level."""
    own = basis == Basis.OWN
    return {
        str(line.pk): {
            practice.code: unit.own if own else unit.level for practice, unit in now.of(line.pk)
        }
        for line in now.teams
    }


def _sections(now: Standings, basis: Basis) -> list[Section]:
    return river.sections(_levels(now, basis), [line.code for line in now.practices])


def _chosen(seen: Board, choice: Choice) -> TeamLine | None:
    """The reader's own city; those who lead may choose any."""
    if not seen.leads:
        return seen.mine
    return next((line for line in seen.now.teams if str(line.pk) == choice.city), None)


def _mine(now: Standings, city: TeamLine, choice: Choice) -> drawing.Mine:
    units = {line.code: unit for line, unit in now.of(city.pk)}
    own = {code: unit.own for code, unit in units.items()}
    by_itself = choice.basis == Basis.OWN
    return drawing.Mine(
        level=own if by_itself else {code: unit.level for code, unit in units.items()},
        own=own if choice.own and not by_itself else {},
        target={code: unit.target for code, unit in units.items()} if choice.target else {},
        hollow=units if by_itself else [code for code, unit in units.items() if unit.self_only],
    )


def _rows(
    now: Standings,
    flow: Sequence[Section],
    old: Sequence[Section],
    city: TeamLine | None,
) -> list[Row]:
    teams = {str(line.pk): line for line in now.teams}
    practices = {line.code: line for line in now.practices}
    moved = river.changes(old, flow) if old else [None] * len(flow)
    return [
        Row(
            practices[each.practice],
            each,
            by_name(teams[team] for team in each.ask),
            _numbers(each, change),
            unit_in_short(now.units.get((city.pk, each.practice))) if city else "",
        )
        for each, change in zip(flow, moved, strict=True)
    ]


def _numbers(at: Section, change: Change | None) -> list[Number]:
    """The banks of the river there, and how they moved."""
    found = [
        (_("Lowest"), at.lo, change.lo if change else None),
        (_("Median"), at.median, change.median if change else None),
        (_("Highest"), at.hi, change.hi if change else None),
        (_("Width"), at.width, change.width if change else None),
    ]
    return [Number(heading, figure(value), signed(moved)) for heading, value, moved in found]


def figure(value: float | None) -> str:
    """A level, a median or a width: "3", "2.5", or a dash where there is none."""
    return "—" if value is None else f"{value:g}"


def signed(value: float | None) -> str:
    """A change with its sign, such as "+1" or "±0"; empty where there is none."""
    if value is None:
        return ""
    sign = {True: "+", False: "−"}[value > 0] if value else "±"  # noqa: RUF001 — a minus sign
    return f"{sign}{abs(value):g}"


def unit_in_short(unit: Unit | None) -> str:
    """Level, own view and target of a city in one line; a dash where nothing is known."""
    if unit is None:
        return "—"
    if unit.outside_mandate:
        return _("Outside its mandate")
    return _("Level %(level)s, own view %(own)s, target %(target)s") % {
        "level": figure(unit.level),
        "own": figure(unit.own),
        "target": figure(unit.target),
    }


def _figure(drawn: drawing.River, rows: Sequence[Row]) -> Figure:
    return Figure(
        drawn,
        [Place(at, _place_words(row)) for at, row in zip(drawn.stations, rows, strict=True)],
    )


def _place_words(row: Row) -> str:
    said = {
        "practice": f"{row.practice.code} {row.practice.name}",
        "lo": row.section.lo,
        "hi": row.section.hi,
        "median": f"{row.section.median or 0:g}",
        "cities": listed(row.ask),
    }
    if not row.section.band:
        return _("%(practice)s: too few cities for a river.") % said
    if not row.ask:
        return _("%(practice)s: all cities are at level %(hi)s.") % said
    return (
        _("%(practice)s: levels %(lo)s to %(hi)s, median %(median)s. Ask here: %(cities)s.") % said
    )


def _river_words(now: Standings, flow: Sequence[Section]) -> str:
    """What a reader who cannot see the picture is told; the figures follow in the table."""
    widest = max(flow, key=lambda each: each.width or 0, default=None)
    said = {
        "cities": len(now.teams),
        "practices": len(flow),
        "widest": widest.practice if widest else "",
        "lo": widest.lo if widest else "",
        "hi": widest.hi if widest else "",
    }
    if widest is None or not widest.width:
        return (
            _(
                "The lowest, the middle and the highest level on each of %(practices)s practices. "
                "The same figures are in the table below."
            )
            % said
        )
    return (
        _(
            "The lowest, the middle and the highest level on each of %(practices)s practices, from "
            "%(cities)s cities. The river is widest at %(widest)s, from %(lo)s to %(hi)s. The same "
            "figures are in the table below."
        )
        % said
    )


def _signs(
    choice: Choice, city: TeamLine | None, before: Cycle | None, drawn: drawing.River
) -> list[tuple[str, str]]:
    """Every sign of the picture with its meaning; none that the picture does not have."""
    named = {"city": city.name if city else "", "cycle": before.name if before else ""}
    own = choice.basis == Basis.OWN
    found = [
        ("water", _("From the lowest to the highest level")),
        ("bank", _("Levels that no city has")),
        ("median", _("Middle level (median)")),
        ("ask", _("Ask here: cities at the highest level")),
    ]
    if drawn.strays:
        found.append(("stray", _("Fewer than three cities: no river")))
    if city:
        line = _("Own view of %(city)s") if own else _("Level of %(city)s")
        found.append(("hollow" if own else "level", line % named))
        if drawn.hollow and not own:
            found.append(("hollow", _("Own view only: not enough ratings")))
        if choice.own and not own:
            found.append(("own", _("Own view of %(city)s") % named))
        if choice.target:
            found.append(("target", _("Target of %(city)s") % named))
    if before:
        found.append(("before", _("River of %(cycle)s") % named))
    return found


def by_name(teams: Iterable[TeamLine]) -> list[TeamLine]:
    """Cities in the order of the alphabet, never of their levels."""
    return sorted(teams, key=lambda line: (plain(line.name), line.country, str(line.pk)))


def listed(teams: Iterable[TeamLine]) -> str:
    """The names of cities in a row."""
    return ", ".join(line.name for line in teams)
