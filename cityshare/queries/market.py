"""Offers and needs: what a city is asked, what it has said, and what all cities say."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet

from cityshare.models import Cycle, Need, Offer, SelfScore
from cityshare.models.exchange import Asked
from cityshare.queries.standings import PracticeLine, Sight, Standings, TeamLine, Unit, standings
from cityshare.queries.steps import standing
from cityshare.stairs import Role, helpers, roles

if TYPE_CHECKING:
    from cityshare.models import Practice, Team

Status = Asked.Status
Key = tuple[UUID, str]


def is_open(cycle: Cycle) -> bool:
    """Whether offers, needs and proposals may be written now."""
    return cycle.has_reached(Cycle.Stage.MARKET) and cycle.status != Cycle.Stage.CLOSED


@dataclass(frozen=True, slots=True)
class Ask:
    """One practice on which a city is asked whether it would help, or wants help.

    `others` are the cities that could learn from it here, or those that it could learn from.
    `row` is what the city has said; without one the question is open.
    """

    practice: PracticeLine
    unit: Unit
    others: tuple[str, ...] = ()
    row: Offer | Need | None = None

    @property
    def status(self) -> str:
        return self.row.status if self.row else Status.SUGGESTED

    @property
    def is_asked(self) -> bool:
        """Whether the city has not answered yet."""
        return self.status == Status.SUGGESTED

    @property
    def is_confirmed(self) -> bool:
        return self.status == Status.CONFIRMED


@dataclass
class Board:
    """What a city is asked and has said, in the order of the practices.

    `offerable` and `wanted` are the practices that it may add by hand.
    """

    offers: list[Ask] = field(default_factory=list)
    needs: list[Ask] = field(default_factory=list)
    offerable: list[PracticeLine] = field(default_factory=list)
    wanted: list[PracticeLine] = field(default_factory=list)

    @property
    def open(self) -> int:
        """How many questions wait for an answer."""
        return sum(ask.is_asked for ask in [*self.offers, *self.needs])


def board(cycle: Cycle, team: Team) -> Board:
    """The offers and needs of a city, those that its stairs suggest among them; in 6 queries."""
    found = standings(cycle, sight=Sight.LEVELS, own=team.pk)
    offers = {row.practice_id: row for row in Offer.objects.filter(team=team)}
    needs = {row.practice_id: row for row in Need.objects.filter(team=team)}
    teach, learn = links(found)
    made = Board()
    for practice, unit in found.of(team.pk):
        key, offer, need = (
            (team.pk, practice.code),
            offers.get(practice.pk),
            needs.get(practice.pk),
        )
        if offer or key in teach:
            made.offers.append(Ask(practice, unit, tuple(teach.get(key, ())), offer))
        elif can_teach(unit):
            made.offerable.append(practice)
        if need or unit.gap:
            made.needs.append(Ask(practice, unit, tuple(learn.get(key, ())), need))
        elif can_learn(unit, found.levels):
            made.wanted.append(practice)
    return made


def can_teach(unit: Unit) -> bool:
    """Whether there is anything to teach: some level above the lowest."""
    return (unit.level or 0) > 1


def can_learn(unit: Unit, levels: int) -> bool:
    """Whether there is a level to rise to."""
    return unit.level is not None and unit.level < levels


def links(found: Standings) -> tuple[dict[Key, list[str]], dict[Key, list[str]]]:
    """Who could teach whom, by the rule of the stairs, as names of cities.

    The first has, for every city and practice that could teach, those who could learn, if only
    an empty list for one at the top of the stairs; the second, for every one that wants to rise,
    those it could learn from.
    """
    teach: dict[Key, list[str]] = defaultdict(list)
    learn: dict[Key, list[str]] = defaultdict(list)
    names = {str(team.pk): team for team in found.teams}
    for practice in found.practices:
        stands = standing(found, practice.code)
        for stand in stands:
            if Role.OFFERS in roles(stand.gap or 0, stand.level, found.levels):
                teach[names[stand.city].pk, practice.code] += []
            for helper in helpers(stand, stands):
                learner, other = names[stand.city], names[helper]
                teach[other.pk, practice.code].append(learner.name)
                learn[learner.pk, practice.code].append(other.name)
    return teach, learn


# --- What all cities say ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stall:
    """What the cities offer and need on one practice; those that they confirmed."""

    practice: str
    offers: list[Offer]
    needs: list[Need]


def stalls(cycle: Cycle) -> list[Stall]:
    """The confirmed offers and needs of all cities, by practice, in two queries."""
    offers = _confirmed(Offer.objects.filter(team__cycle=cycle))
    needs = _confirmed(Need.objects.filter(team__cycle=cycle))
    practices = {row.practice.order: row.practice for row in [*offers, *needs]}
    return [
        Stall(
            str(practices[order]),
            [row for row in offers if row.practice.order == order],
            [row for row in needs if row.practice.order == order],
        )
        for order in sorted(practices)
    ]


def _confirmed(rows: QuerySet[Any]) -> list[Any]:
    """Those rows that a city stands by, by practice, country and city."""
    named = rows.filter(status=Status.CONFIRMED).select_related("team__city", "practice")
    return list(named.order_by("practice__order", "team__city__country", "team__city__name"))


@dataclass(frozen=True, slots=True)
class Answers:
    """How far a city is with its offers and needs."""

    team: TeamLine
    offers: int
    needs: int
    open: int


def answers(cycle: Cycle) -> list[Answers]:
    """For every city how much it offers, needs, and has not answered; in 6 queries."""
    found = standings(cycle, sight=Sight.ALL)
    offers, needs = _said(Offer, cycle), _said(Need, cycle)
    teach, _learn = links(found)
    lines = []
    for team in found.teams:
        rising = {practice.code for practice, unit in found.of(team.pk) if unit.gap}
        asked = len([key for key in teach if key[0] == team.pk and not _answered(offers, key)])
        asked += len([code for code in rising if not _answered(needs, (team.pk, code))])
        lines.append(Answers(team, _count(offers, team.pk), _count(needs, team.pk), asked))
    return lines


def _said(model: type[Offer] | type[Need], cycle: Cycle) -> dict[Key, str]:
    rows = model._default_manager.filter(team__cycle=cycle).order_by()
    return {
        (team, code): said
        for team, code, said in rows.values_list("team", "practice__code", "status")
    }


def _answered(said: dict[Key, str], key: Key) -> bool:
    return said.get(key, Status.SUGGESTED) != Status.SUGGESTED


def _count(said: dict[Key, str], team: UUID) -> int:
    return sum(key[0] == team and status == Status.CONFIRMED for key, status in said.items())


def offer_of(team: Team, practice: Practice) -> Offer:
    """What a city has said of an offer; before it has, a row that is not stored."""
    row = Offer.objects.filter(team=team, practice=practice).first()
    return row or Offer(team=team, practice=practice)


def need_of(team: Team, practice: Practice) -> Need:
    """What a city has said of a need; before it has, the priority of its self-assessment."""
    if row := Need.objects.filter(team=team, practice=practice).first():
        return row
    own = SelfScore.objects.filter(assessment__team=team, practice=practice)
    priority = own.values_list("priority", flat=True).first() or 1
    return Need(team=team, practice=practice, priority=priority)
