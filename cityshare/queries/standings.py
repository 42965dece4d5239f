"""Where every city of a cycle stands on every practice, as far as the reader may see it.

This is the one place where ratings become levels: all pages, pictures and exports ask here. What a
reader may not see is not there, rather than hidden later by a template.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import BigIntegerField, F, QuerySet
from django.db.models.functions import Cast, Coalesce
from django_countries import countries

from cityshare import consensus
from cityshare.consensus import TO_TALK_ABOUT, Flag
from cityshare.models import (
    Assignment,
    Cycle,
    Moderation,
    PeerRating,
    Practice,
    SelfAssessment,
    SelfScore,
    Team,
)
from cityshare.queries.cycle import Seat, seat_of
from cityshare.queries.gathered import gathered

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User

# Of fewer raters than this no city sees more than the level, its own neither: no median, range,
# flag or word. With two raters the range is two levels that somebody gave.
FEWEST_RATERS = 3
MARKS = (Flag.SPLIT, Flag.GAP, Flag.DIFFERS)
# What a list of facts about a city is: its own view as it stands, ratings, or talks.
SAID, RATED, TALKED = frozenset(SelfAssessment.Status.values), "rated", "talked"
# There are thousands of ratings, so that one number tells of what and how much: no scale has as
# many levels as this.
PACK = 100
CONTEXT = ("route", "size", "income")

Key = tuple[UUID, str]


class Sight(StrEnum):
    """What a reader sees of a cycle.

    ALL is the facilitator's; peers' levels are in it from the moderation on, like everywhere.
    """

    NOTHING = "nothing"
    OWN_VIEW = "own view"  # what the own city says about itself
    OWN = "own"  # and how the peers see the own city
    LEVELS = "levels"  # and the levels of all cities
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Unit:
    """One practice of one city. What the reader may not see is None, False or empty.

    `raters` is the number of ratings that count; with it known and no flags, peers and city
    agree as far as both have spoken. `moderated` says that the level was agreed in a talk,
    `settled` that a talk is over, with a level or without.
    """

    level: int | None = None
    own: int | None = None
    target: int | None = None
    priority: int = 0
    outside_mandate: bool = False
    median: float | None = None
    low: int | None = None
    high: int | None = None
    raters: int | None = None
    self_only: bool = False
    moderated: bool = False
    settled: bool = False
    flags: tuple[str, ...] = ()

    @property
    def gap(self) -> int | None:
        """Levels left to the target; None when level or target is missing."""
        return consensus.gap(self.level, self.target)

    @property
    def self_gap(self) -> float | None:
        """How far above the peers' median the city sees itself."""
        return None if self.own is None or self.median is None else self.own - self.median

    @property
    def is_confirmed(self) -> bool:
        """Whether peers and city are known to agree."""
        return self.self_gap is not None and not self.flags

    @property
    def is_flagged(self) -> bool:
        """Whether the ratings set off a talk; of a difference of a level nothing follows."""
        return not TO_TALK_ABOUT.isdisjoint(self.flags)


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A city of the cycle, with the key of its team and of itself; `country` is its code."""

    pk: UUID
    city: int
    name: str
    country: str
    country_name: str
    zone: str
    languages: tuple[str, ...]
    route: str
    size: str
    income: str


@dataclass(frozen=True, slots=True)
class PracticeLine:
    """A practice of the cycle's framework."""

    pk: int
    code: str
    pillar: str
    name: str
    question: str


class HowFar(NamedTuple):
    """How far a city is: practices answered, whether they are handed in, talks that are open."""

    answered: int = 0
    is_submitted: bool = False
    talks: int = 0


@dataclass
class Standings:
    """Cities by country and name, practices in the framework's order, and what is known of each.

    `levels` is the top of the scale. Of cities that the reader may not see there are no `units`.
    `how_far` the cities are is for those who lead alone.
    """

    cycle: Cycle
    levels: int
    teams: list[TeamLine] = field(default_factory=list)
    practices: list[PracticeLine] = field(default_factory=list)
    units: dict[Key, Unit] = field(default_factory=dict)
    how_far: dict[UUID, HowFar] = field(default_factory=dict)

    def of(self, team: UUID) -> list[tuple[PracticeLine, Unit]]:
        """The practices of one city in their order; those that the reader may see."""
        return [
            (practice, self.units[team, practice.code])
            for practice in self.practices
            if (team, practice.code) in self.units
        ]


def sight(user: User, cycle: Cycle) -> Sight:
    """What this person sees of the cycle now."""
    return sight_of(seat_of(user, cycle), cycle)


def sight_of(seat: Seat, cycle: Cycle) -> Sight:
    """What somebody with this place in the cycle sees of it now."""
    if seat.leads:
        return Sight.ALL
    if cycle.status == Cycle.Stage.SETUP or seat.team is None:
        return Sight.NOTHING
    return _at_most(Sight.LEVELS, cycle)


def standings(cycle: Cycle, *, sight: Sight, own: UUID | None = None) -> Standings:
    """Everything that a reader with this sight may know; `own` is the reader's own city.

    The stage of the cycle bounds every sight: no peer level leaves before the rating is over.
    """
    sight = _at_most(sight, cycle)
    practices, top = _practices(cycle)
    found = Standings(cycle, top, _teams(cycle), practices)
    seen = [team.pk for team in found.teams if _sees(sight, team.pk, own)]
    if not seen:
        return found
    is_rated = cycle.has_reached(Cycle.Stage.MODERATION)
    only = own if len(seen) < len(found.teams) else None
    facts = _known(cycle, only=only, drafts=sight == Sight.OWN_VIEW, is_rated=is_rated)
    if sight == Sight.ALL:
        found.how_far = {team: facts[team].how_far for team in seen}
    for team in seen:
        known = facts[team]
        for practice in practices:
            unit = _unit(
                known.said.get(practice.pk, UNSAID),
                known.ratings.get(practice.pk, ()),
                known.talks.get(practice.pk, UNTOLD),
                cycle.rule,
                is_rated,
            )
            if sight != Sight.ALL:
                unit = for_cities(unit, is_own=team == own)
            found.units[team, practice.code] = unit
    return found


def for_cities(unit: Unit, *, is_own: bool) -> Unit:
    """The unit as cities see it: with too few ratings the level alone.

    What came of a talk the city that it `is_own` of knows in any case: it was there.
    """
    if (unit.raters or 0) >= FEWEST_RATERS:
        return unit
    return Unit(
        level=unit.level,
        own=unit.own,
        target=unit.target,
        priority=unit.priority,
        outside_mandate=unit.outside_mandate,
        self_only=unit.self_only,
        moderated=is_own and unit.moderated,
        settled=is_own and unit.settled,
    )


def _at_most(sight: Sight, cycle: Cycle) -> Sight:
    """The sight that the stage leaves of it."""
    if sight == Sight.LEVELS and not cycle.has_reached(Cycle.Stage.COMPARE):
        sight = Sight.OWN
    if sight == Sight.OWN and not cycle.has_reached(Cycle.Stage.MODERATION):
        sight = Sight.OWN_VIEW
    return sight


def _sees(sight: Sight, team: UUID, own: UUID | None) -> bool:
    if sight in (Sight.ALL, Sight.LEVELS):
        return True
    return sight != Sight.NOTHING and team == own


class Said(NamedTuple):
    """What a city says about itself on one practice."""

    current: int | None = None
    target: int | None = None
    priority: int = 0
    outside_mandate: bool = False


class Talked(NamedTuple):
    """What a talk came to: the level, and the target that the city has set since.

    Both are None where nothing was agreed; `status` is empty where no talk is over.
    """

    agreed: int | None = None
    target: int | None = None
    status: str = ""


UNSAID, UNTOLD = Said(), Talked()


@lru_cache(maxsize=10_000)
def _unit(
    said: Said, ratings: tuple[int, ...], talked: Talked, rule: str, is_rated: bool, /
) -> Unit:
    """The unit that all this comes to; levels are few, so most of what is asked is remembered."""
    if said.outside_mandate:
        return Unit(outside_mandate=True)
    found = consensus.standing(said.current, ratings, agreed=talked.agreed, rule=rule)
    return Unit(
        # Until the peers have spoken a city has no level, only its own view.
        level=found.level if is_rated else None,
        own=said.current,
        target=said.target if talked.target is None else talked.target,
        priority=said.priority,
        median=found.median,
        low=found.lowest,
        high=found.highest,
        raters=found.count if is_rated else None,
        self_only=is_rated and found.is_hollow,
        moderated=talked.agreed is not None,
        settled=bool(talked.status),
        flags=tuple(mark.value for mark in MARKS if mark in found.flags),
    )


def _teams(cycle: Cycle) -> list[TeamLine]:
    rows = (
        Team.objects.filter(cycle=cycle)
        .order_by()
        .values_list("pk", "city", "city__name", "city__country", "zone", "languages", *CONTEXT)
    )
    names = {code: countries.name(code) for code in {str(row[3]) for row in rows}}
    lines = [
        TeamLine(pk, city, name, str(code), names[str(code)], zone, tuple(languages), *context)
        for pk, city, name, code, zone, languages, *context in rows
    ]
    return sorted(lines, key=lambda line: (line.country_name, line.name))


def _practices(cycle: Cycle) -> tuple[list[PracticeLine], int]:
    """The practices in their order, and the top of the scale."""
    rows = Practice.objects.filter(framework_id=cycle.framework_id).values_list(
        "pk", "code", "pillar", "name", "question", "framework__levels"
    )
    return [PracticeLine(*row[:-1]) for row in rows], rows[0][-1] if rows else 0


@dataclass(slots=True)
class Known:
    """What is said about one city, by the key of the practice; ratings in ascending order."""

    how_far: HowFar = field(default_factory=HowFar)
    said: dict[int, Said] = field(default_factory=dict)
    ratings: dict[int, tuple[int, ...]] = field(default_factory=dict)
    talks: dict[int, Talked] = field(default_factory=dict)


def _known(
    cycle: Cycle, *, only: UUID | None, drafts: bool, is_rated: bool
) -> defaultdict[UUID, Known]:
    """All that levels are made of, in one query: of all cities, or only of one.

    `drafts` are own views not handed in.
    """

    def about(city: str) -> dict[str, Any]:
        return {f"{city}__cycle": cycle} if only is None else {city: only}

    rows = _said(about("assessment__team"))
    if is_rated:
        rows = rows.union(_rated(about("assignment__rated")), _talked(about("team")), all=True)
    found: defaultdict[UUID, Known] = defaultdict(Known)
    for team, kind, facts in rows:
        known = found[team]
        if kind in SAID:
            said = {practice: Said(*rest) for practice, *rest in facts}
            is_submitted = kind == SelfAssessment.Status.SUBMITTED
            answered = sum(map(_is_answer, said.values()))
            known.how_far = known.how_far._replace(answered=answered, is_submitted=is_submitted)
            if is_submitted or drafts:
                known.said = said
        elif kind == TALKED:
            over = [fact for fact in facts if fact[-1] != Moderation.Status.OPEN]
            known.talks = {practice: _came_to(*rest) for practice, *rest in over}
            known.how_far = known.how_far._replace(talks=len(facts) - len(over))
        else:
            given = defaultdict(list)
            for packed in sorted(facts):
                practice, level = divmod(packed, PACK)
                given[practice].append(level)
            known.ratings = {practice: tuple(on) for practice, on in given.items()}
    return found


def _said(about: Mapping[str, Any]) -> QuerySet[Any, Any]:
    rows = SelfScore.objects.filter(**about)
    status = F("assessment__status")
    return gathered(rows, "assessment__team", status, "practice_id", *Said._fields)


def _is_answer(said: Said) -> bool:
    return said.current is not None or bool(said.outside_mandate)


def _rated(about: Mapping[str, Any]) -> QuerySet[Any, Any]:
    rows = PeerRating.objects.filter(
        **about, assignment__status__in=Assignment.COUNTED, initial__isnull=False
    )
    given = F("practice_id") * PACK + Coalesce("final", "initial")
    return gathered(rows, "assignment__rated", RATED, Cast(given, BigIntegerField()))


def _came_to(agreed: int | None, target: int | None, status: str) -> Talked:
    """What a talk that is over came to: only what was agreed moves anything."""
    if status == Moderation.Status.AGREED:
        return Talked(agreed, target, status)
    return Talked(status=status)


def _talked(about: Mapping[str, Any]) -> QuerySet[Any, Any]:
    rows = Moderation.objects.filter(**about)
    return gathered(rows, "team", TALKED, "practice_id", *Talked._fields)
