"""The whole cycle for those who lead it: how far every city is, who is late, where views differ."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cityshare.models import (
    Assignment,
    CalibrationRating,
    ConflictsDeclared,
    Cycle,
    DossierCase,
    Member,
)
from cityshare.queries.cycle import due_of
from cityshare.queries.gathered import gathered
from cityshare.queries.standings import Sight, Standings, TeamLine, Unit, standings

FINISHED = Assignment.Status.DONE

# What the database has put together about a city, by what it is.
Facts = dict[str, list[list[Any]]]


@dataclass(frozen=True)
class CityLine:
    """How far one city is. `late` names in words what should have been done by now.

    `apart` counts the practices on which raters, or raters and city, are far apart.
    """

    pk: UUID
    name: str
    country: str
    speaker: str
    answered: int
    asked: int
    is_submitted: bool
    ready: int
    people: int
    given: int
    to_give: int
    received: int
    to_receive: int
    talks: int
    apart: int
    late: list[str] = field(default_factory=list)

    def cells(self, handed_in: str) -> list[str]:
        """The line in the table, under `Cohort.headings`; `handed_in` says that it is."""
        return [
            handed_in if self.is_submitted else f"{self.answered} / {self.asked}",
            f"{self.ready} / {self.people}",
            f"{self.given} / {self.to_give}",
            f"{self.received} / {self.to_receive}",
            str(self.apart),
            str(self.talks),
        ]


@dataclass
class Cohort:
    """The cycle as a whole: its cities by country, and how many levels of cities stand how."""

    cycle: Cycle
    lines: list[CityLine] = field(default_factory=list)
    units: Counter[str] = field(default_factory=Counter)
    due: datetime | None = None
    is_over: bool = False

    @property
    def headings(self) -> list[str]:
        """What stands above the columns behind the city's name."""
        return [
            _("Self-assessment"),
            _("Ready to rate"),
            _("Ratings given"),
            _("Ratings received"),
            _("Views far apart"),
            _("Open talks"),
        ]

    @property
    def rows(self) -> list[tuple[CityLine, list[str]]]:
        """Each city with its cells, as many as there are headings."""
        handed_in = _("Handed in")
        return [(line, line.cells(handed_in)) for line in self.lines]

    @property
    def late(self) -> list[CityLine]:
        """The cities of which something is late."""
        return [line for line in self.lines if line.late]

    @property
    def stats(self) -> list[dict[str, Any]]:
        """The figures at the head of the page."""
        submitted = sum(line.is_submitted for line in self.lines)
        given, to_give = (
            sum(getattr(line, name) for line in self.lines) for name in ("given", "to_give")
        )
        levels = of_levels(sum(self.units.values()))
        return [
            stat(_("Cities"), len(self.lines)),
            stat(_("Self-assessments handed in"), submitted, of(len(self.lines))),
            stat(_("Ratings finished"), given, of(to_give)),
            *(stat(words, self.units[name], levels) for name, words in kinds() if self.units),
        ]


def stat(label: str, value: int, note: str = "") -> dict[str, Any]:
    """One figure as the strip of figures shows it."""
    return {"label": label, "value": value, "note": note}


def of(number: int) -> str:
    """Of how many, in words."""
    return _("of %(number)s") % {"number": number}


def of_levels(number: int) -> str:
    """Of how many levels, in words: a level is that of one city on one practice."""
    return _("of %(number)s levels of cities") % {"number": number}


def kinds() -> list[tuple[str, str]]:
    """Under which headings levels are counted, each once, and the words on the page."""
    return [
        ("confirmed", _("All views agree")),
        ("differs", _("Views a level apart")),
        ("to talk about", _("Views far apart, to talk about")),
        ("settled", _("Settled in a talk")),
        ("self only", _("Seen by the city alone")),
    ]


def cohort(cycle: Cycle, *, now: datetime) -> Cohort:
    """Where every city stands at the moment `now`, in five queries whatever the size."""
    known = standings(cycle, sight=Sight.ALL)
    units, apart = tally(known)
    rows, due = counted(cycle), due_of(cycle)
    given = given_by(rows)
    is_over = bool(due and due < now)
    found = Cohort(cycle=cycle, units=units, due=due, is_over=is_over)
    for team in known.teams:
        line = city_line(known, team, rows[team.pk], given[team.city], apart=apart[team.pk])
        found.lines.append(replace(line, late=lateness(line, cycle.status) if is_over else []))
    return found


def given_by(rows: Mapping[UUID, Facts]) -> defaultdict[int, list[str]]:
    """How the ratings stand that each city gives, by the key of the city, from what it receives."""
    given: defaultdict[int, list[str]] = defaultdict(list)
    for facts in rows.values():
        for city, status in facts.get("received", []):
            given[city].append(status)
    return given


def city_line(
    known: Standings, team: TeamLine, facts: Facts, given: list[str], *, apart: int
) -> CityLine:
    """The line of a city, from what is known and was `counted` about it."""
    how_far, people = known.how_far[team.pk], facts.get("people", [])
    received = [status for _city, status in facts.get("received", [])]
    speaker = next((names for _ready, speaks, *names in people if speaks), [])
    return CityLine(
        pk=team.pk,
        name=team.name,
        country=team.country_name,
        speaker=" ".join(speaker).strip(),
        answered=how_far.answered,
        asked=len(known.practices),
        is_submitted=how_far.is_submitted,
        ready=sum(is_ready for is_ready, *_rest in people),
        people=len(people),
        given=given.count(FINISHED),
        to_give=len(given),
        received=received.count(FINISHED),
        to_receive=len(received),
        talks=how_far.talks,
        apart=apart,
    )


def tally(known: Standings) -> tuple[Counter[str], Counter[UUID]]:
    """How many levels of cities stand how, and on how many practices of each city views are apart.

    Both are empty as long as the peers have not spoken.
    """
    units: Counter[str] = Counter()
    apart: Counter[UUID] = Counter()
    if not known.cycle.has_reached(Cycle.Stage.MODERATION):
        return units, apart
    for (team, _code), unit in known.units.items():
        if found := kind(unit):
            units[found] += 1
        if unit.flags and unit.is_flagged:
            apart[team] += 1
    return units, apart


def kind(unit: Unit) -> str:
    """Under which heading a unit is counted; none where there is no level."""
    if unit.settled:
        return "settled"
    if unit.median is None:
        return "" if unit.level is None else "self only"
    if not unit.flags:
        return "confirmed"
    return "to talk about" if unit.is_flagged else "differs"


def lateness(line: CityLine, stage: str) -> list[str]:
    """What of a city should have been done by the end of the stage, in words."""
    if stage == Cycle.Stage.SELF and not line.is_submitted:
        return [_("Self-assessment not handed in")]
    if stage == Cycle.Stage.RATING and (left := line.to_give - line.given):
        return [ngettext("%(n)d city not rated", "%(n)d cities not rated", left) % {"n": left}]
    if stage == Cycle.Stage.MODERATION and (left := line.talks):
        return [ngettext("%(n)d talk open", "%(n)d talks open", left) % {"n": left}]
    return []


def counted(cycle: Cycle) -> defaultdict[UUID, Facts]:
    """What is counted about every city, by its key and what it is; in one query.

    `people` see `_people`; `received` are ratings: the key of the rating city, and the status.
    """
    pairs = Assignment.objects.filter(rated__cycle=cycle, status__in=Assignment.RELEASED)
    received = gathered(pairs, "rated", "received", "rater__city", "status")
    rows = _people(cycle).union(received, all=True)
    found: defaultdict[UUID, Facts] = defaultdict(dict)
    for team, kind_of, facts in rows:
        found[team][kind_of] = facts
    return found


def _people(cycle: Cycle) -> QuerySet[Any, Any]:
    """Of each person: whether they are ready to rate, speak for the city, and the name.

    Ready are those who have said their conflicts and rated every invented city.
    """
    said = ConflictsDeclared.objects.filter(team=OuterRef("team"), person=OuterRef("user"))
    rated = CalibrationRating.objects.filter(
        cycle=cycle, person=OuterRef(OuterRef("user")), case=OuterRef("pk")
    )
    cases = DossierCase.objects.filter(dossier__framework=cycle.framework_id)
    return gathered(
        Member.objects.filter(team__cycle=cycle),
        "team",
        "people",
        Exists(said) & ~Exists(cases.exclude(Exists(rated))),
        "is_focal_point",
        "user__given_name",
        "user__family_name",
    )
