"""What the stairs of a practice show, all practices side by side, and one city by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from cityshare import drawing
from cityshare.models import Team
from cityshare.queries.pictures import Board, by_name, compares, unit_in_short
from cityshare.queries.standings import PracticeLine, Sight, Standings, TeamLine, Unit
from cityshare.stairs import Cell, Role, Stand, cells, helpers, unmet

FIRST = 5  # helpers that are named for each need


@dataclass(frozen=True)
class Group:
    """The cities on one step, by name."""

    cell: Cell
    cities: list[TeamLine]


@dataclass(frozen=True)
class Need:
    """A city that wants to rise, and who here may help, by name."""

    city: TeamLine
    level: int
    target: int
    helpers: list[TeamLine]

    @property
    def first_helpers(self) -> list[TeamLine]:
        """As many as a line of a table takes; all of them stand on the stairs."""
        return self.helpers[:FIRST]

    @property
    def more(self) -> int:
        return len(self.helpers[FIRST:])


@dataclass(frozen=True)
class StairsPage:
    """The stairs of one practice in every size, and the same in words.

    `aside` are the cities that stand on no step, each with its unit. `hollow` are the keys of
    those whose level is no more than their own view.
    """

    practice: PracticeLine
    city: TeamLine | None
    broad: drawing.Stairs
    small: drawing.Stairs
    wall: drawing.Stairs
    mine: str
    hollow: list[str]
    signs: list[tuple[str, str]]
    groups: list[Group]
    needs: list[Need]
    aside: list[tuple[TeamLine, Unit]]
    title: str
    words: str


def stairs_page(seen: Board, practice: PracticeLine) -> StairsPage:
    """Where every city stands on the practice, and who may help whom."""
    now, teams = seen.now, {str(line.pk): line for line in seen.now.teams}
    stands = standing(now, practice.code)
    found = cells(stands, now.levels)
    names = {key: line.name for key, line in teams.items()}
    mine = str(seen.mine.pk) if seen.mine else ""
    hollow = [str(line.pk) for line in now.teams if _unit(now, line, practice.code).self_only]
    return StairsPage(
        practice,
        seen.mine,
        broad=drawing.stairs(found, names, mine=mine),
        small=drawing.stairs(found, names, mine=mine, sheet=drawing.small(now.levels)),
        wall=drawing.stairs(found, names, sheet=drawing.WALL),
        mine=mine,
        hollow=hollow,
        signs=stairs_signs(has_mine=bool(mine), has_hollow=bool(hollow)),
        groups=[Group(cell, [teams[key] for key in cell.cities]) for cell in found if cell.cities],
        needs=_needs(stands, teams),
        aside=_aside(now, practice.code, found),
        title=_("Stairs of %(practice)s") % {"practice": f"{practice.code} {practice.name}"},
        words=_(
            "How many levels each city still has to go to its target, by the level that it has "
            "today. The same is in the tables below."
        ),
    )


def standing(now: Standings, code: str) -> list[Stand]:
    """The cities that have a level on a practice, by name; cities are their ids as text."""
    units = [(line, _unit(now, line, code)) for line in by_name(now.teams)]
    return [
        Stand(str(line.pk), unit.level, unit.target)
        for line, unit in units
        if unit.level is not None
    ]


def _unit(now: Standings, line: TeamLine, code: str) -> Unit:
    return now.units.get((line.pk, code)) or Unit()


def _needs(stands: list[Stand], teams: dict[str, TeamLine]) -> list[Need]:
    return [
        Need(
            teams[each.city],
            each.level,
            each.target,
            [teams[key] for key in helpers(each, stands)],
        )
        for each in stands
        if each.gap and each.target is not None
    ]


def _aside(now: Standings, code: str, found: Iterable[Cell]) -> list[tuple[TeamLine, Unit]]:
    standing_here = {key for cell in found for key in cell.cities}
    off = (line for line in now.teams if str(line.pk) not in standing_here)
    return [(line, _unit(now, line, code)) for line in by_name(off)]


def stairs_signs(*, has_mine: bool, has_hollow: bool = False) -> list[tuple[str, str]]:
    """What the colours of the steps mean, and the signs on them that are there."""
    found = [
        ("offers", _("Offers: one of the two highest levels, at most one level to go")),
        ("learns", _("Learns: one level to go")),
        ("far", _("Learns: two levels to go or more")),
        ("both", _("Offers and learns at once")),
        ("steady", _("Steady: no level to go. Is that where you want to stay?")),
    ]
    if has_mine:
        found.append(("mine", _("Your city")))
    if has_hollow:
        found.append(("hollow", _("Own view only: not enough ratings")))
    return found


# --- All practices -------------------------------------------------------------------------


@dataclass(frozen=True)
class Glance:
    """The stairs of one practice at a glance: how many cities are what, how many needs are open.

    A city that both offers and learns counts twice. `mine` says where the reader's city is.
    """

    practice: PracticeLine
    picture: drawing.Stairs
    offers: int
    learns: int
    steady: int
    unmet: int
    mine: str


def glances(seen: Board) -> list[Glance]:
    """Every practice in the framework's order."""
    return [_glance(seen, practice) for practice in seen.now.practices]


def _glance(seen: Board, practice: PracticeLine) -> Glance:
    now, mine = seen.now, seen.mine
    stands = standing(now, practice.code)
    found = cells(stands, now.levels)
    count = Counter(role for cell in found for role in cell.roles for _city in cell.cities)
    return Glance(
        practice,
        drawing.stairs(
            found, {}, mine=str(mine.pk) if mine else "", sheet=drawing.tiny(now.levels)
        ),
        offers=count[Role.OFFERS],
        learns=count[Role.LEARNS],
        steady=count[Role.STEADY],
        unmet=len(unmet(stands)),
        mine=unit_in_short(_unit(now, mine, practice.code)) if mine else "",
    )


# --- One city ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One practice of a city, drawn and in words."""

    practice: PracticeLine
    unit: Unit
    strip: drawing.Strip
    words: str


@dataclass(frozen=True)
class CityPage:
    """What the reader may know of one city; no lines while that is nothing.

    `in_river` says that the reader may have the city's line in the river.
    """

    team: Team
    lines: list[Line]
    in_river: bool


def city_page(now: Standings, team: Team, *, own: UUID | None, seen: Sight) -> CityPage:
    """The city's levels by practice, as far as `now` has them.

    `seen` is the reader's sight, `own` the reader's city.
    """
    lines = [_line(now, practice, unit) for practice, unit in now.of(team.pk)]
    return CityPage(
        team,
        lines if any(line.unit != Unit() for line in lines) else [],
        in_river=compares(seen, now.cycle) and (team.pk == own or seen == Sight.ALL),
    )


def city_signs(page: CityPage) -> list[tuple[str, str]]:
    """What the signs on the scales mean; none that stands on no scale."""
    units = [line.unit for line in page.lines]
    found = [
        ("own", _("Own view"), any(unit.own is not None for unit in units)),
        ("dot", _("Level"), any(unit.level and not unit.self_only for unit in units)),
        ("hollow", _("Own view only: not enough ratings"), any(unit.self_only for unit in units)),
        ("rated", _("From the lowest to the highest rating"), any(unit.low for unit in units)),
        ("goal", _("Target"), any(unit.target for unit in units)),
    ]
    return [(sign, words) for sign, words, is_there in found if is_there]


def _line(now: Standings, practice: PracticeLine, unit: Unit) -> Line:
    known = unit.low is not None and unit.high is not None
    drawn = drawing.strip(
        now.levels,
        level=unit.level,
        own=unit.own,
        target=unit.target,
        rated=(unit.low or 0, unit.high or 0) if known else None,
    )
    return Line(practice, unit, drawn, unit_words(unit))


def unit_words(unit: Unit) -> str:
    """A unit in one sentence, as far as the reader may see it."""
    said = {
        "own": unit.own,
        "level": unit.level,
        "median": f"{unit.median or 0:g}",
        "low": unit.low,
        "high": unit.high,
    }
    if unit.outside_mandate:
        return _("Outside the city's mandate")
    if unit.own is not None and unit.low is not None and unit.low == unit.high:
        return _("Own view %(own)s, all peers %(median)s") % said
    if unit.own is not None and unit.median is not None:
        return _("Own view %(own)s, peers %(median)s (%(low)s-%(high)s)") % said
    if unit.median is not None:
        return _("Peers %(median)s (%(low)s-%(high)s), no own view") % said
    if unit.own is None:
        return _("Nothing known yet")
    if unit.level is None:
        return _("Own view %(own)s") % said
    if unit.self_only:
        return _("Own view %(own)s, not enough ratings") % said
    return _("Own view %(own)s, level %(level)s") % said
