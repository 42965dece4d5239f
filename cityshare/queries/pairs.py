"""Who rates whom in a cycle, as a draw and every change of a pair have to know it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cityshare.allocation import stand_ins
from cityshare.models import Assignment, Conflict, Cycle, Draw, Member, Team
from cityshare.pairing import Bar, City, Mark, Mutual, Pair, Problem, bar_among, marks

if TYPE_CHECKING:
    from uuid import UUID

Stage, Status = Cycle.Stage, Assignment.Status

# While a draw can be made. Pairs are released, and changed after that, in the second alone.
DRAWN_IN = (Stage.SELF, Stage.RATING)
# The pairs that stand, in a draft or released.
STANDING = (Status.PROPOSED, *Assignment.RELEASED)
# Those of them that a person may change: what is locked counts, whoever gives up after that.
CHANGEABLE = (Status.PROPOSED, Status.ACTIVE)
# What the trail and the take-out read where a declared conflict has changed a pair.
CONFLICT = "conflict"
# The rules by which a draw makes pairs, as columns of it and of its cycle.
RULES = ("raters_per_city", "bars_own_country", "bars_mutual_rating")

MARKS: dict[Mark, str | Promise] = {
    Mark.LAST_CYCLE: gettext_lazy("rated it in the last cycle too"),
    Mark.MUTUAL: gettext_lazy("the two rate each other"),
    Mark.LANGUAGE: gettext_lazy("no common working language"),
}


class Rules(Protocol):
    """By what rules pairs are made: those of a draw, or those that the cycle has now."""

    seed: int
    raters_per_city: int
    bars_own_country: bool
    bars_mutual_rating: bool


def people_of(cycle: Cycle) -> Mapping[UUID, list[UUID]]:
    """Who could rate for each city, the focal point first, as ids."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    members = Member.objects.filter(team__cycle=cycle)
    ordered = members.order_by("-is_focal_point", "user__family_name", "user__given_name", "pk")
    for team, user in ordered.values_list("team", "user"):
        found[team].append(user)
    return found


def in_turn(people: Sequence[UUID], turn: int) -> UUID | None:
    """Whose turn it is; None where a city has nobody yet."""
    return people[turn % len(people)] if people else None


@dataclass(frozen=True)
class Facts:
    """The cities of a cycle as a draw knows them: by keys that name country and city."""

    problem: Problem
    teams: Mapping[str, Team]
    keys: Mapping[UUID, str]

    def pair(self, assignment: Assignment) -> Pair:
        """An assignment as a draw knows it."""
        return self.keys[assignment.rater_id], self.keys[assignment.rated_id]


def key_of(team: Team) -> str:
    """The name that a draw knows a team by: in a country there is one city of a name."""
    return f"{team.city.country} {team.city.name}"


def newest(cycle: Cycle) -> Draw | None:
    """The draw that counts: the last that was asked for and not put aside."""
    kept = cycle.draws.exclude(status=Draw.Status.DISCARDED)
    return kept.order_by("-asked_at").select_related("asked_by").first()


def facts_of(cycle: Cycle, rules: Rules) -> Facts:
    """What pairs are made from, as things stand now; in three queries."""
    teams = list(cycle.teams.by_country())
    keys = {team.pk: key_of(team) for team in teams}
    declared = Conflict.objects.standing().filter(one__cycle=cycle).order_by()
    problem = Problem(
        cities=tuple(
            City(keys[team.pk], str(team.city.country), frozenset(team.languages)) for team in teams
        ),
        k=rules.raters_per_city,
        seed=rules.seed,
        conflicts=frozenset(
            (keys[one], keys[other]) for one, other in declared.values_list("one", "other")
        ),
        last=_last(cycle),
        country_rule=rules.bars_own_country,
        mutual=Mutual.BAN if rules.bars_mutual_rating else Mutual.COST,
    )
    return Facts(problem, {keys[team.pk]: team for team in teams}, keys)


def _last(cycle: Cycle) -> frozenset[Pair]:
    """Who rated whom in the cycle before, by key."""
    if cycle.previous_id is None:
        return frozenset()
    sides = [f"{side}__city__{part}" for side in ("rater", "rated") for part in ("country", "name")]
    rows = Assignment.objects.filter(
        rated__cycle=cycle.previous_id, status__in=Assignment.RELEASED
    ).values_list(*sides)
    return frozenset((f"{a} {b}", f"{c} {d}") for a, b, c, d in rows)


def pairs_of(cycle: Cycle, draw: Draw | None) -> QuerySet[Assignment]:
    """The assignments of a draw, and those made by hand, which belong to none."""
    mine = Q(draw=None) if draw is None else Q(draw=None) | Q(draw=draw)
    found = Assignment.objects.filter(mine, rated__cycle=cycle)
    return found.select_related("rater__city", "rated__city", "person").order_by(
        "rater__city__country", "rater__city__name"
    )


def is_released(cycle: Cycle) -> bool:
    """Whether the raters know whom they rate: its draw, and what it was made by, stand."""
    return cycle.draws.filter(status=Draw.Status.RELEASED).exists()


def is_draft(draw: Draw | None) -> bool:
    """Whether the pairs are looked at and nobody has been told yet."""
    return draw is not None and draw.status == Draw.Status.READY


def may_change(cycle: Cycle, draw: Draw | None) -> bool:
    """Whether raters can be exchanged now: in a draft, and while ratings are written."""
    return cycle.status in (DRAWN_IN if is_draft(draw) else [Stage.RATING])


def words_of(found: tuple[Mark, ...]) -> list[str | Promise]:
    """What speaks against a pair, in words."""
    return [MARKS[mark] for mark in found if mark in MARKS]


# --- Changing one pair -------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """The pairs that stand, by key, with each city's alternate and those who gave it up."""

    cycle: Cycle
    draw: Draw | None
    facts: Facts
    pairs: frozenset[Pair]
    alternates: Mapping[str, str]
    gone: Mapping[str, set[str]]

    def bar(self, rater: Team, rated: Team) -> Bar | None:
        """Why this pair may not join those that stand."""
        keys = self.facts.keys
        return bar_among(self.facts.problem, self.pairs, keys[rater.pk], keys[rated.pk])

    def is_short(self, rated: Team) -> bool:
        """Whether the city has fewer raters than the rule says."""
        key = self.facts.keys[rated.pk]
        return sum(city == key for _rater, city in self.pairs) < self.facts.problem.k

    def may_return(self, pair: Assignment) -> bool:
        """Whether a pair that a conflict has ended can come back: its place is empty still."""
        is_barred = self.bar(pair.rater, pair.rated) is not None
        return pair.can_return and self.is_short(pair.rated) and not is_barred

    def free(self, rated: str) -> list[str]:
        """Who may rate this city too, the best first; nobody who has given it up.

        Who is the alternate of another city counts as if they rated it.
        """
        expected = {(rater, city) for city, rater in self.alternates.items() if city != rated}
        free = stand_ins(self.facts.problem, self.pairs | expected, rated)
        return [rater for rater in free if rater not in self.gone.get(rated, ())]


def standing_of(cycle: Cycle) -> Standing:
    """How the pairs of a cycle stand now; in five queries."""
    draw = newest(cycle)
    facts = facts_of(cycle, draw or cycle)
    gone: dict[str, set[str]] = defaultdict(set)
    pairs: set[Pair] = set()
    alternates: dict[str, str] = {}
    for one in pairs_of(cycle, draw):
        rater, rated = facts.pair(one)
        if one.status == Status.ALTERNATE:
            alternates[rated] = rater
        elif one.status == Status.VOID:
            gone[rated].add(rater)
        else:
            pairs.add((rater, rated))
    return Standing(cycle, draw, facts, frozenset(pairs), alternates, gone)


@dataclass(frozen=True, slots=True)
class StandIn:
    """A city that may rate another, with what a person wants to know before choosing it."""

    team: Team
    load: int
    marks: list[str | Promise]
    is_alternate: bool

    def __str__(self) -> str:
        load = ngettext("rates %(n)d city", "rates %(n)d cities", self.load) % {"n": self.load}
        words = [_("alternate"), load] if self.is_alternate else [load]
        facts = {"city": self.team, "words": "; ".join([*words, *map(str, self.marks)])}
        return _("%(city)s: %(words)s") % facts


def stand_ins_of(standing: Standing, rated: Team) -> list[StandIn]:
    """Who may rate this city besides those who do, its alternate first, then the best."""
    problem, key = standing.facts.problem, standing.facts.keys[rated.pk]
    alternate = standing.alternates.get(key)
    load = Counter(rater for rater, _rated in standing.pairs)
    free = stand_ins(problem, standing.pairs, key)
    return [
        StandIn(
            team=standing.facts.teams[rater],
            load=load[rater],
            marks=words_of(marks(problem, standing.pairs, rater, key)),
            is_alternate=rater == alternate,
        )
        for rater in sorted(free, key=lambda rater: rater != alternate)
    ]
