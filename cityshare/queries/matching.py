"""What the best set of peer assists is made from, and what it says, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from cityshare.helping import City, Group, Limits, Reason, Triple, Worth, worth
from cityshare.helping import Need as Wanted
from cityshare.models import Cycle, Matching, Need, Offer, PeerAssist, Proposal
from cityshare.queries.standings import Sight, Standings, TeamLine, standings

if TYPE_CHECKING:
    from cityshare.models import Practice, Team

# What of a city's facts makes it like another.
CONTEXT = ("route", "size", "income")
YES = Proposal.Answer.YES


@dataclass(frozen=True)
class Problem:
    """Everything that the best set is made from; cities go by their names, practices by codes.

    `accepted` are the pairs that stay: both sides have said yes, or one has and the other has
    not answered, so that nobody is told to give up what they agreed to; or a person proposed them.
    """

    group: Group
    limits: Limits
    accepted: frozenset[Triple]
    teams: Mapping[str, UUID]


def problem(matching: Matching) -> Problem:
    """What is to be solved, as things stand now; in nine queries."""
    found = standings(matching.cycle, sight=Sight.ALL)
    names = {team.pk: name_of(team) for team in found.teams}
    said = list(_proposals(matching.cycle))
    accepted = frozenset(_triple(names, one) for one in said if stays(one))
    return Problem(
        group=_group(found, names, said, at=matching.asked_at),
        limits=Limits(
            helper=matching.helper_capacity,
            learner=matching.learner_capacity,
            floor=matching.floor,
        ),
        accepted=accepted,
        teams={name: pk for pk, name in names.items()},
    )


def name_of(team: TeamLine) -> str:
    """The name by which ties are broken: in a country there is one city of a name."""
    return f"{team.country} {team.name}"


def stays(proposal: Proposal) -> bool:
    """Whether a proposal stays when all others are solved again: what was proposed by hand does."""
    if proposal.status == Proposal.Status.PROPOSED:
        said_yes = YES in (proposal.helper_answer, proposal.learner_answer)
        return said_yes or proposal.matching_id is None
    return proposal.status == Proposal.Status.ACCEPTED


def _proposals(cycle: Cycle) -> Iterable[Proposal]:
    shown = [Proposal.Status.PROPOSED, Proposal.Status.ACCEPTED, Proposal.Status.DECLINED]
    rows = Proposal.objects.filter(learner__cycle=cycle, status__in=shown)
    return rows.select_related("practice").order_by()


def _triple(names: Mapping[UUID, str], proposal: Proposal) -> Triple:
    helper, learner = names[proposal.helper_id], names[proposal.learner_id]
    return Triple(helper, learner, proposal.practice.code)


def _group(
    found: Standings, names: Mapping[UUID, str], said: Sequence[Proposal], *, at: datetime
) -> Group:
    cycle, refused = found.cycle, set[tuple[str, ...]]()
    for one in said:
        if one.status == Proposal.Status.DECLINED:
            triple = _triple(names, one)
            pair = {(triple.helper, triple.learner), (triple.learner, triple.helper)}
            refused |= pair if one.refuses_pair else {triple}
    confirmed = Offer.objects.filter(team__cycle=cycle, status=Offer.Status.CONFIRMED)
    offered = set(confirmed.order_by().values_list("team", "practice__code"))
    return Group(
        cities=_cities(found, at),
        levels={
            names[team.pk]: {practice.code: unit.level for practice, unit in found.of(team.pk)}
            for team in found.teams
        },
        needs=list(_needs(found, names, said)),
        refused=refused,
        withheld={
            (names[team.pk], practice.code)
            for team in found.teams
            for practice in found.practices
            if (team.pk, practice.code) not in offered
        },
    )


def _needs(
    found: Standings, names: Mapping[UUID, str], said: Sequence[Proposal]
) -> Iterator[Wanted]:
    """The confirmed needs, and those that an accepted proposal answers whatever was said since."""
    rows = Need.objects.filter(team__cycle=found.cycle, status=Need.Status.CONFIRMED).order_by()
    wanted = {
        (team, code): priority
        for team, code, priority in rows.values_list("team", "practice__code", "priority")
    }
    for one in said:
        if stays(one):
            wanted.setdefault((one.learner_id, one.practice.code), 1)
    for (team, code), priority in wanted.items():
        unit = found.units.get((team, code))
        if unit and unit.level:
            yield need_of(names[team], code, unit.level, unit.target, priority)


def need_of(city: str, code: str, level: int, target: int | None, priority: int) -> Wanted:
    """A need; a city that has given no higher target wants to rise by one level."""
    return Wanted(city, code, level, max(level + 1, target or 0), priority)


def _cities(found: Standings, at: datetime) -> dict[str, City]:
    given = helps_given(found.cycle)
    return {
        name_of(team): City(
            languages=frozenset(team.languages),
            context={fact: said for fact in CONTEXT if (said := getattr(team, fact))},
            offset=hours_ahead(team.zone, at),
            given=given.get(name_of(team), 0),
        )
        for team in found.teams
    }


def hours_ahead(zone: str, at: datetime) -> float | None:
    """How many hours the clocks of a zone are ahead of UTC at that moment; None for no zone."""
    ahead = at.astimezone(ZoneInfo(zone)).utcoffset() if zone else None
    return None if ahead is None else ahead.total_seconds() / 3600


def helps_given(cycle: Cycle) -> dict[str, int]:
    """How often each city has helped in a peer assist of an earlier cycle, by name."""
    held = PeerAssist.objects.filter(
        status=PeerAssist.Status.HELD, host__cycle__created_at__lt=cycle.created_at
    )
    rows = held.order_by().values("helpers__city__country", "helpers__city__name")
    return {
        f"{row['helpers__city__country']} {row['helpers__city__name']}": row["n"]
        for row in rows.annotate(n=Count("pk"))
    }


def worth_of(helper: Team, learner: Team, practice: Practice, *, at: datetime) -> Worth | None:
    """What it is worth that one city helps another; None where one of them has no level."""
    found = standings(learner.cycle, sight=Sight.ALL)
    names = {team.pk: name_of(team) for team in found.teams}
    levels = {pk: found.units.get((pk, practice.code)) for pk in (helper.pk, learner.pk)}
    if not all(unit and unit.level for unit in levels.values()):
        return None
    group = _group(found, names, [], at=at)
    triple = Triple(names[helper.pk], names[learner.pk], practice.code)
    known = {(need.learner, need.practice): need for need in group.needs}
    unit = found.units[learner.pk, practice.code]
    need = known.get(triple[1:]) or need_of(*triple[1:], unit.level or 1, unit.target, 1)
    return worth(group, triple, need)


# --- What was found ----------------------------------------------------------------------

REASONS: dict[str, str | Promise] = {
    Reason.NOBODY: gettext_lazy("No city of this cycle stands further. Invite an outside expert."),
    Reason.WITHHELD: gettext_lazy(
        "Cities stand further, but none has offered this practice. Ask them, or invite an outside "
        "expert."
    ),
    Reason.REFUSED: gettext_lazy(
        "Those who could help were declined. Propose a pair by hand, or invite an outside expert."
    ),
    Reason.LEARNER_FULL: gettext_lazy(
        "The city's other needs came first; it has as many assists as a city may receive."
    ),
    Reason.HELPERS_FULL: gettext_lazy(
        "Those who could help give as many assists as a city may give, or help this city already."
    ),
}


@dataclass(frozen=True, slots=True)
class Unmet:
    """A need that nobody is proposed for, and why."""

    city: str
    practice: str
    reason: str | Promise


@dataclass(frozen=True, slots=True)
class Found:
    """What a solving has found beside the pairs.

    `without` is the value that the best set would have if nobody had to be thought of; `kept`
    is how many of its pairs have been shown before. `left_out` are cities that nobody is
    proposed to though somebody could help, `alone` those whom nobody can.
    """

    value: float
    price: float
    without: float
    floor: int
    kept: int
    unmet: list[Unmet]
    left_out: list[str]
    alone: list[str]


def found_of(matching: Matching) -> Found | None:
    """The outcome of a solving in words; None while there is none."""
    told: dict[str, Any] = matching.outcome
    if "value" not in told:
        return None
    cities = {str(pk): name for pk, name in matching.cycle.teams.values_list("pk", "city__name")}
    practices = {row.code: str(row) for row in matching.cycle.framework.practices.all()}
    return Found(
        value=told["value"],
        price=told["price"],
        without=told["value"] + told["price"],
        floor=told["floor"],
        kept=len(told["kept"]),
        unmet=[
            Unmet(cities[team], practices[code], REASONS[reason])
            for team, code, reason in told["unmet"]
        ],
        left_out=[cities[team] for team in told["left_out"]],
        alone=[cities[team] for team in told["alone"]],
    )


# --- The rows themselves -----------------------------------------------------------------


def newest(cycle: Cycle) -> Matching | None:
    """The last solving that was asked for, unless it was discarded."""
    kept = cycle.matchings.exclude(status=Matching.Status.DISCARDED)
    return kept.order_by("-asked_at").select_related("cycle__framework").first()


def falling(matching: Matching) -> list[Proposal]:
    """What is no longer proposed once a solving is shown: what it has not found again, and
    nobody has said yes to."""
    rows = Proposal.objects.filter(
        learner__cycle=matching.cycle_id, status=Proposal.Status.PROPOSED
    ).exclude(pk__in=matching.outcome.get("kept", []))
    named = rows.select_related("helper__city", "learner__city", "practice")
    return [one for one in named.order_by("learner__city__name", "pk") if not stays(one)]
