"""How far the raters of a cycle agree, for those who lead; and for each rater how they rate.

Agreement and severity are told from first ratings, which were given alone. Nothing here changes a
level, and nothing leaves before the ratings are closed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import fmean
from typing import TYPE_CHECKING
from uuid import UUID

from cityshare.agreement import Agreement, Given, agreement
from cityshare.consensus import SelfAgainstPeers, self_against_peers
from cityshare.models import Assignment, CalibrationRating, Cycle, PeerRating
from cityshare.queries.standings import (
    FEWEST_RATERS,
    PracticeLine,
    Sight,
    Standings,
    TeamLine,
    Unit,
    standings,
)
from cityshare.severity import (
    RATINGS_NEEDED,
    Severity,
    favours,
    groups,
    outliers,
    sensitivity,
    severities,
)
from workshop_portal.accounts.models import User

if TYPE_CHECKING:
    from cityshare.models import Team

INVENTED = "invented"


@dataclass(frozen=True, slots=True)
class OfPractice:
    """How far raters agree on one practice: which descriptors are unclear."""

    practice: PracticeLine
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class OfRater:
    """A person who rated, for which city, and how strict or lenient they are."""

    name: str
    city: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Hanging:
    """A unit whose level would be another one if no rater were stricter than the others."""

    team: TeamLine
    practice: PracticeLine
    level: int
    without: int


@dataclass(frozen=True, slots=True)
class Outside:
    """A single first rating far from what the others give; who gave it, or nobody's name."""

    team: TeamLine
    practice: PracticeLine
    level: int
    rater: OfRater | None = None


@dataclass(frozen=True, slots=True)
class OfCity:
    """How one city sees itself beside how others see it."""

    team: TeamLine
    view: SelfAgainstPeers


@dataclass(frozen=True)
class Report:
    """All of it. `is_linked` says whether all raters can be compared with one another.

    `is_named` says whether the reader knows who gave what lies outside.
    """

    overall: Agreement
    practices: list[OfPractice]
    raters: list[OfRater]
    hanging: list[Hanging]
    outside: list[Outside]
    favours: list[tuple[TeamLine, TeamLine]]
    units: int
    cities: list[OfCity]
    is_linked: bool
    is_named: bool

    @property
    def telling(self) -> list[OfRater]:
        """The raters whose severity is to be talked about."""
        return [rater for rater in self.raters if rater.severity.is_telling]


@dataclass
class Ratings:
    """The ratings that count: the first ones, the final ones, and those of invented cities."""

    first: list[Given] = field(default_factory=list)
    final: list[Given] = field(default_factory=list)
    links: list[Given] = field(default_factory=list)


def report(cycle: Cycle, *, is_named: bool = False) -> Report | None:
    """What those who lead read; None before the ratings are closed.

    Single ratings are told by name only with `is_named`.
    """
    if not cycle.has_reached(Cycle.Stage.MODERATION):
        return None
    ratings, stand = ratings_of(cycle), standings(cycle, sight=Sight.ALL)
    by_practice: dict[str, list[Given]] = defaultdict(list)
    for given in ratings.first:
        by_practice[given.practice].append(given)
    levels = medians(stand)
    raters, homes = _raters(cycle, ratings)
    return Report(
        overall=agreement(ratings.first),
        practices=[
            OfPractice(practice, agreement(by_practice[practice.code]))
            for practice in stand.practices
        ],
        raters=raters,
        hanging=list(_hanging(ratings, levels, stand)),
        outside=list(_outside(ratings, raters if is_named else [], stand)),
        favours=_favours(ratings, homes, stand),
        units=len(levels),
        cities=[
            OfCity(team, self_against_peers(unit.self_gap for _line, unit in stand.of(team.pk)))
            for team in stand.teams
        ],
        is_linked=len(groups([*ratings.first, *ratings.links])) <= 1,
        is_named=is_named,
    )


def ratings_of(cycle: Cycle) -> Ratings:
    """Everything that counts in the cycle; the rater is the person, the city the rated team."""
    found = Ratings()
    pairs = Assignment.objects.counted().filter(rated__cycle=cycle, person__isnull=False)
    rows = PeerRating.objects.filter(assignment__in=pairs, initial__isnull=False).order_by()
    for person, team, code, initial, final in rows.values_list(
        "assignment__person", "assignment__rated", "practice__code", "initial", "final"
    ):
        first = Given(str(person), str(team), code, initial or 0)
        found.first.append(first)
        found.final.append(first._replace(level=final or first.level))
    cases = CalibrationRating.objects.filter(cycle=cycle)
    for person, case, level in cases.values_list("person", "case", "level"):
        found.links.append(Given(str(person), INVENTED, str(case), level))
    return found


def medians(stand: Standings) -> dict[tuple[str, str], int]:
    """The peers' level of every unit that has one, a half rounded down, before any talk."""
    return {
        (str(team), code): int(unit.median)
        for (team, code), unit in stand.units.items()
        if unit.median is not None
    }


def _raters(cycle: Cycle, ratings: Ratings) -> tuple[list[OfRater], dict[str, str]]:
    """Severities with names, by city and name; and the city of each rater, by their keys."""
    pairs = Assignment.objects.counted().filter(rated__cycle=cycle).select_related("rater__city")
    teams = {str(pair.person_id): pair.rater for pair in pairs}
    people = {str(user.pk): user for user in User.objects.filter(pk__in=list(teams))}
    found = [
        OfRater(str(people[one.rater]), str(teams[one.rater]), one)
        for one in severities(ratings.first, links=ratings.links)
    ]
    homes = {person: str(team.pk) for person, team in teams.items()}
    return sorted(found, key=lambda rater: (rater.city, rater.name)), homes


def _outside(ratings: Ratings, raters: list[OfRater], stand: Standings) -> Iterator[Outside]:
    """The outliers by city and practice, with those of their raters who are given."""
    by_key = {rater.severity.rater: rater for rater in raters}
    teams = {str(team.pk): team for team in stand.teams}
    practices = {practice.code: practice for practice in stand.practices}
    for one in sorted(outliers(ratings.first), key=lambda one: (one.city, one.practice, one.level)):
        yield Outside(teams[one.city], practices[one.practice], one.level, by_key.get(one.rater))


def _favours(
    ratings: Ratings, homes: dict[str, str], stand: Standings
) -> list[tuple[TeamLine, TeamLine]]:
    teams = {str(team.pk): team for team in stand.teams}
    found = [(teams[pair.one], teams[pair.other]) for pair in favours(ratings.first, homes)]
    return [(min(pair, key=_by_name), max(pair, key=_by_name)) for pair in found]


def _by_name(team: TeamLine) -> tuple[str, str]:
    return team.country_name, team.name


def _hanging(
    ratings: Ratings, levels: dict[tuple[str, str], int], stand: Standings
) -> Iterator[Hanging]:
    moved = sensitivity(ratings.final, levels, top=stand.levels, links=ratings.links)
    for team in stand.teams:
        for practice in stand.practices:
            unit = str(team.pk), practice.code
            if unit in moved:
                yield Hanging(team, practice, levels[unit], moved[unit])


# --- For one rater -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RatedCity:
    """What a person gave one city, and what the city says of the words."""

    city: str
    ratings: list[PeerRating]

    @property
    def useful(self) -> int:
        """How many comments the city found useful."""
        return sum(rating.useful is True for rating in self.ratings)

    @property
    def marked(self) -> int:
        """Of how many comments the city said whether they are useful."""
        return sum(rating.useful is not None for rating in self.ratings)

    @property
    def held_back(self) -> list[PeerRating]:
        """The comments that are shown to nobody else."""
        return [rating for rating in self.ratings if rating.held_back]


@dataclass(frozen=True)
class Feedback:
    """What one rater alone reads. `severity` is None where too few ratings say anything.

    `calibration` is the mean distance to the agreed levels of invented cities, above 0 when the
    rater gave more.
    """

    severity: Severity | None
    calibration: float | None
    cities: list[RatedCity]

    @property
    def below(self) -> float | None:
        """How far under the agreed levels of the invented cities the rater went on average."""
        return None if self.calibration is None else -self.calibration

    @property
    def leaning(self) -> str:
        """In a word: "lenient", "strict" or "near"; empty where too little is known."""
        if self.severity is None:
            return ""
        if not self.severity.is_telling:
            return "near"
        return "lenient" if self.severity.full > 0 else "strict"


def feedback(cycle: Cycle, user: User) -> Feedback | None:
    """How this person rates; None before the ratings are closed or where they rated nobody."""
    pairs = Assignment.objects.counted().filter(rated__cycle=cycle, person=user)
    mine = list(pairs.select_related("rated__city").order_by("rated__city__name"))
    if not cycle.has_reached(Cycle.Stage.MODERATION) or not mine:
        return None
    ratings = ratings_of(cycle)
    found = severities(ratings.first, links=ratings.links)
    severity = next((one for one in found if one.rater == str(user.pk)), None)
    enough = severity is not None and severity.count >= RATINGS_NEEDED
    words = PeerRating.objects.filter(assignment__in=mine).select_related("practice")
    by_pair: dict[UUID, list[PeerRating]] = defaultdict(list)
    for rating in words:
        by_pair[rating.assignment_id].append(rating)
    return Feedback(
        severity=severity if enough else None,
        calibration=_calibration(cycle, user),
        cities=[RatedCity(str(pair.rated), by_pair[pair.pk]) for pair in mine],
    )


def _calibration(cycle: Cycle, user: User) -> float | None:
    rows = CalibrationRating.objects.filter(cycle=cycle, person=user)
    apart = [given - agreed for given, agreed in rows.values_list("level", "case__level")]
    return fmean(apart) if apart else None


# --- For one city ------------------------------------------------------------------------


@dataclass(frozen=True)
class Results:
    """How a city sees itself and how others see it, practice by practice, for its own team.

    `raters` are the cities that rated it; of one alone the name stays untold. `is_few` says that
    they are too few for more than levels: no range, and none of their words.
    """

    lines: list[tuple[PracticeLine, Unit]]
    top: int
    view: SelfAgainstPeers
    raters: list[str]
    is_few: bool


def results(team: Team) -> Results | None:
    """What the rated city reads of itself; None before the ratings are closed."""
    cycle = team.cycle
    if not cycle.has_reached(Cycle.Stage.MODERATION):
        return None
    stand = standings(cycle, sight=Sight.OWN, own=team.pk)
    lines = stand.of(team.pk)
    pairs = Assignment.objects.counted().filter(rated=team).select_related("rater__city")
    names = {str(pair.rater) for pair in pairs}
    return Results(
        lines=lines,
        top=stand.levels,
        view=self_against_peers(unit.self_gap for _line, unit in lines),
        raters=sorted(names) if len(names) > 1 else [],
        is_few=len(names) < FEWEST_RATERS,
    )
