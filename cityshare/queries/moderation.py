"""What is talked about where views lie far apart, as each of those concerned may read it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet

from cityshare.models import (
    Assignment,
    Cycle,
    Evidence,
    Moderation,
    PeerRating,
    SelfScore,
    Team,
)
from cityshare.queries.comments import Comment, are_few, comments_of, token_of
from cityshare.queries.cycle import Seat
from cityshare.queries.framework import Rung, rungs
from cityshare.queries.naming import knows_raters_of
from cityshare.queries.standings import (
    PracticeLine,
    Sight,
    TeamLine,
    Unit,
    for_cities,
    standings,
)
from workshop_portal.accounts.models import User

if TYPE_CHECKING:
    from cityshare.models import Practice

Status = Moderation.Status
TAKEN, REFUSED = Evidence.State.TAKEN, Evidence.State.REFUSED
LEADS, CITY, RATER = "leads", "city", "rater"


def unit_of(moderation: Moderation, role: str = CITY) -> Unit:
    """Where the city stands on the practice, as who is `role` to it sees that.

    Its level is the agreed one, if there is one.
    """
    team = moderation.team
    sight = Sight.ALL if role == LEADS else Sight.OWN
    found = standings(team.cycle, sight=sight, own=team.pk)
    return found.units[team.pk, moderation.practice.code]


def flagged(cycle: Cycle) -> list[tuple[UUID, PracticeLine]]:
    """The units of the cycle that are to be talked about, by country, city and practice."""
    found = standings(cycle, sight=Sight.ALL)
    return [
        (team.pk, practice)
        for team in found.teams
        for practice, unit in found.of(team.pk)
        if unit.is_flagged
    ]


# --- The list ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One practice that is talked about, with the unit as the reader sees it."""

    practice: PracticeLine
    unit: Unit
    moderation: Moderation

    @property
    def still(self) -> bool:
        """Whether the ratings still ask for it, as far as the reader may know."""
        return self.unit.is_flagged or self.unit.raters is None


@dataclass
class Group:
    """A city with what is talked about; `role` says who the reader is to it."""

    team: TeamLine
    role: str
    lines: list[Line] = field(default_factory=list)

    @property
    def open(self) -> list[Line]:
        """What is still to be talked about."""
        return [line for line in self.lines if line.moderation.status == Status.OPEN]

    @property
    def calls(self) -> list[tuple[datetime, str]]:
        """When the call is, each time once, with its link."""
        found = {(m.meets_at, m.link) for m in (line.moderation for line in self.open)}
        return sorted((at, link) for at, link in found if at is not None)


def talks(cycle: Cycle, user: User, seat: Seat) -> list[Group]:
    """The cities with something to talk about that concerns this person, by country and name."""
    if not cycle.has_reached(Cycle.Stage.MODERATION):
        return []
    roles = _roles(cycle, user, seat)
    rows = Moderation.objects.filter(team__in=roles).select_related("practice")
    moderations = {(row.team_id, row.practice.code): row for row in rows}
    if not moderations:
        return []
    found = standings(cycle, sight=Sight.ALL)
    groups = [Group(team, roles.get(team.pk, "")) for team in found.teams]
    for group in groups:
        group.lines = [
            Line(practice, seen_by(group.role, unit), moderation)
            for practice, unit in found.of(group.team.pk)
            if (moderation := moderations.get((group.team.pk, practice.code)))
        ]
    return [group for group in groups if group.lines]


def seen_by(role: str, unit: Unit) -> Unit:
    """The unit as who has this role to its city sees it."""
    return unit if role == LEADS else for_cities(unit, is_own=True)


def _roles(cycle: Cycle, user: User, seat: Seat) -> dict[UUID, str]:
    """What this person is to each city of the cycle that concerns them."""
    if seat.leads:
        return dict.fromkeys(cycle.teams.values_list("pk", flat=True), LEADS)
    pairs = Assignment.objects.counted().represented().filter(rated__cycle=cycle, person=user)
    found = dict.fromkeys(pairs.values_list("rated", flat=True), RATER)
    return found | ({seat.team.pk: CITY} if seat.team else {})


def not_listed(cycle: Cycle) -> int:
    """How many flagged units have no row yet: ratings were made void since, for example."""
    rows = set(Moderation.objects.filter(team__cycle=cycle).values_list("team", "practice"))
    return sum((team, practice.pk) not in rows for team, practice in flagged(cycle))


# --- One talk ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Given:
    """What one rater gave; only those who lead read more than their own.

    `city` is the rater's; empty as long as the reader has not said why they need to know.
    """

    rating: PeerRating
    city: str = ""


@dataclass(frozen=True)
class Talk:
    """All that one person may know of a practice that is talked about.

    `evidence` is what was taken. `is_withheld` says that the city reads no comments, as too few
    cities rated it.
    """

    moderation: Moderation
    role: str
    unit: Unit
    rungs: list[Rung]
    own: SelfScore | None
    evidence: list[Evidence]
    has_added: bool = False
    comments: list[Comment] = field(default_factory=list)
    is_withheld: bool = False
    given: list[Given] = field(default_factory=list)
    is_named: bool = False

    @property
    def may_add_evidence(self) -> bool:
        """Whether the city may still add something: once, while it is talked about."""
        is_open = self.moderation.status == Status.OPEN
        return self.role == CITY and is_open and not self.has_added

    @property
    def waits_for_target(self) -> bool:
        """Whether the city is asked to look at its target and has not answered."""
        return waits_for_target(self.moderation)


def waits_for_target(moderation: Moderation) -> bool:
    """Whether the level went down and the city has not looked at its target since."""
    return moderation.asks_for_target and moderation.target is None


def role_in(moderation: Moderation, user: User, seat: Seat) -> str:
    """What this person is to a talk; empty when it does not concern them."""
    cycle = moderation.team.cycle
    if not cycle.has_reached(Cycle.Stage.MODERATION):
        return ""
    return _roles(cycle, user, seat).get(moderation.team_id, "")


def talk(moderation: Moderation, user: User, role: str) -> Talk:
    """One talk as this person reads it, who is `role` to it."""
    team, practice = moderation.team, moderation.practice
    scores = SelfScore.objects.filter(assessment__team=team, practice=practice)
    added = list(Evidence.objects.visible_to(user).filter(score__in=scores).exclude(state=REFUSED))
    is_named = role == LEADS and knows_raters_of(moderation, team.cycle, user)
    found = Talk(
        moderation=moderation,
        role=role,
        unit=unit_of(moderation, role),
        rungs=rungs(practice),
        own=scores.filter(assessment__status="submitted").first(),
        evidence=[row for row in added if row.state == TAKEN],
        has_added=any(row.in_moderation for row in added),
        is_named=is_named,
    )
    if role == CITY:
        comments = comments_of(team, team.cycle).get(practice.code, [])
        return replace(found, comments=comments, is_withheld=are_few(team))
    pairs = Assignment.objects.counted().filter(rated=team)
    if role == RATER:
        return replace(found, given=_given(pairs.filter(person=user), practice, is_named=True))
    return replace(found, given=_given(pairs, practice, is_named=is_named))


def _given(pairs: QuerySet[Assignment], practice: Practice, *, is_named: bool) -> list[Given]:
    """The ratings of these pairs: by city with their names, without them in nobody's order."""
    rows = PeerRating.objects.filter(assignment__in=pairs, practice=practice)
    if not is_named:
        return [Given(row) for row in sorted(rows, key=token_of)]
    by_city = rows.select_related("assignment__rater__city").order_by(
        "assignment__rater__city__country", "assignment__rater__city__name"
    )
    return [Given(row, str(row.assignment.rater)) for row in by_city]


def concerned(team: Team) -> list[User]:
    """Who takes part in the call about a city: its team, and those who rated it.

    What somebody gave who has left their team counts; the call is for officials of the cities.
    """
    pairs = Assignment.objects.counted().represented().filter(rated=team)
    people = Q(memberships__team=team) | Q(pk__in=pairs.values("person"))
    return list(User.objects.filter(people).distinct().order_by("pk"))
