"""How a draw of raters stands, and what it says, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy
from django_countries import countries

from cityshare import allocation
from cityshare.allocation import Why
from cityshare.models import Assignment, Cycle, Draw, Team
from cityshare.pairing import Pair, bar_among, marks
from cityshare.queries.pairs import (
    CHANGEABLE,
    RULES,
    STANDING,
    Facts,
    facts_of,
    key_of,
    may_change,
    pairs_of,
    words_of,
)
from workshop_portal.audit.models import Entry

Status = Assignment.Status

# The changes of single pairs, as the trail calls them.
CHANGES = (
    "assignment.swapped",
    "assignment.added",
    "assignment.emptied",
    "assignment.replaced",
    "assignment.set_aside",
    "assignment.restored",
)
MOST_CHANGES = 50


# --- The table ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """One rater of a city, and what speaks against the pair.

    `may_be_void` where a conflict is declared and the ratings count in spite of it.
    """

    pair: Assignment
    marks: list[str | Promise]
    is_released: bool
    may_change: bool
    has_conflict: bool = False
    may_be_void: bool = False

    @property
    def tone(self) -> str:
        """The colour of its state: what is still to be rated is no success yet."""
        return {Status.ACTIVE: "open", Status.LOCKED: "info"}.get(Status(self.pair.status), "good")


@dataclass(frozen=True, slots=True)
class Ended:
    """A rater of a city who does not count; whether they could come back."""

    pair: Assignment
    may_return: bool


@dataclass(slots=True)
class Row:
    """A city: who rates it, who would step in, whom it rates, and how many raters it lacks."""

    team: Team
    short: int = 0
    places: list[Place] = field(default_factory=list)
    rates: list[Team] = field(default_factory=list)
    alternate: Assignment | None = None
    void: list[Ended] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Board:
    """Who rates whom in a cycle, by country and name."""

    rows: list[Row]
    wanted: int
    found: int
    without_person: list[str]
    may_change: bool

    @property
    def short(self) -> list[Row]:
        """The cities that lack raters."""
        return [row for row in self.rows if row.short]


def board(cycle: Cycle, draw: Draw) -> Board:
    """How the pairs stand, in four queries however many cities there are."""
    facts = facts_of(cycle, draw)
    rows = {team.pk: Row(team) for team in facts.teams.values()}
    assignments = list(pairs_of(cycle, draw))
    standing = [one for one in assignments if one.status in STANDING]
    known = {facts.pair(one) for one in standing}
    may = may_change(cycle, draw)
    void = []
    for one in assignments:
        row = rows[one.rated_id]
        if one.status == Status.ALTERNATE:
            row.alternate = one
        elif one.status == Status.VOID:
            void.append(one)
        else:
            row.places.append(_place(one, facts, known, may))
            rows[one.rater_id].rates.append(one.rated)
    for row in rows.values():
        row.short = max(0, facts.problem.k - len(row.places))
        row.rates.sort(key=key_of)
    for one in void:
        row = rows[one.rated_id]
        is_free = one.can_return and bool(row.short) and not _barred(one, facts, known)
        row.void.append(Ended(one, may_return=may and is_free))
    nobody = sorted({str(one.rater.city.name) for one in standing if one.person is None})
    return Board([*rows.values()], facts.problem.wanted, len(standing), nobody, may)


def _barred(one: Assignment, facts: Facts, known: Collection[Pair]) -> bool:
    return bar_among(facts.problem, known, *facts.pair(one)) is not None


def _place(one: Assignment, facts: Facts, known: Collection[Pair], may: bool) -> Place:
    pair = facts.pair(one)
    has_conflict = not facts.problem.conflicts.isdisjoint({pair, pair[::-1]})
    return Place(
        pair=one,
        marks=words_of(marks(facts.problem, known, *pair)),
        is_released=one.status in Assignment.RELEASED,
        may_change=may and one.status in CHANGEABLE,
        has_conflict=has_conflict,
        may_be_void=may and has_conflict and one.status in Assignment.COUNTED,
    )


def changes(cycle: Cycle) -> list[Entry]:
    """How single pairs were changed, the newest first, each with its reason."""
    found = Entry.objects.about(cycle).filter(event__in=CHANGES).select_related("by")
    return list(found[:MOST_CHANGES])


# --- Why it is not complete, and what would help -----------------------------------------


def outcome_of(found: allocation.Draw, facts: Facts) -> dict[str, Any]:
    """What the row keeps of an answer beside its pairs; cities by the ids of their teams."""
    ids = {key: str(team.pk) for key, team in facts.teams.items()}
    out = found.ways_out
    return {
        "method": found.method,
        "reasons": [
            {
                "why": reason.why,
                "have": reason.have,
                "need": reason.need,
                "country": reason.country,
                "cities": [ids[key] for key in reason.cities],
                "conflicts": [[ids[one], ids[other]] for one, other in reason.conflicts],
            }
            for reason in found.reasons
        ],
        "ways_out": {
            "lower_to": out.lower_to,
            "without_country_rule": out.without_country_rule,
            "with_mutual": out.with_mutual,
            "more_cities": out.more_cities,
        },
    }


# The numbers are those of `allocation.Reason`.
REASONS: dict[str, str | Promise] = {
    Why.FEW_RATERS: ngettext_lazy(
        "Each city is to have %(need)d raters, and there is %(have)d other city.",
        "Each city is to have %(need)d raters, and there are only %(have)d other cities.",
        "have",
    ),
    Why.COUNTRY_LARGE: gettext_lazy(
        "%(country)s has %(need)d cities, and all other countries together have %(have)d. As "
        "cities of one country do not rate each other, a country can have half of all cities at "
        "most."
    ),
    Why.FEW_OUTSIDE: gettext_lazy(
        "The cities of %(country)s need %(need)d raters each from other countries, and there are "
        "only %(have)d other cities."
    ),
    Why.CITY_LACKS: gettext_lazy(
        "%(cities)s needs %(need)d raters, and only %(have)d of the other cities may rate it."
    ),
    Why.GROUP_LACKS: gettext_lazy(
        "These cities together can get %(have)d of the %(need)d ratings that they need: "
        "%(cities)s. Their countries and conflicts leave them too few raters."
    ),
    Why.MUTUAL_BAN: gettext_lazy(
        "As long as no two cities rate each other, only %(have)d of the %(need)d pairs are "
        "possible."
    ),
}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a draw found fewer pairs than it was asked for, and the conflicts that are in the way."""

    words: str
    conflicts: list[str]


def obstacles(draw: Draw, board: Board) -> list[Obstacle]:
    """What stood in the way of the draw; nothing where it is complete."""
    names = {str(row.team.pk): str(row.team.city.name) for row in board.rows}
    return [
        Obstacle(
            words=REASONS[told["why"]]
            % {
                "have": told["have"],
                "need": told["need"],
                "country": countries.name(told["country"]),
                "cities": ", ".join(names[pk] for pk in told["cities"] if pk in names),
            },
            conflicts=[
                _("%(one)s and %(other)s") % {"one": names[one], "other": names[other]}
                for one, other in told["conflicts"]
                if one in names and other in names
            ],
        )
        for told in draw.outcome.get("reasons", [])
    ]


@dataclass(frozen=True, slots=True)
class Way:
    """Something that would make the draw complete: a draw by other rules, or a page to go to."""

    words: str
    rules: dict[str, object] = field(default_factory=dict)
    url: str = ""


def ways_out(draw: Draw, cycle: Cycle) -> list[Way]:
    """What would help, each by itself; the rules are what the form of a draw takes."""
    told: dict[str, Any] = draw.outcome.get("ways_out") or {}
    return list(_ways_out(told, draw, cycle))


def _ways_out(told: dict[str, Any], draw: Draw, cycle: Cycle) -> Iterator[Way]:
    if fewer := told.get("lower_to"):
        words = ngettext(
            "Draw again with %(n)d rater for each city",
            "Draw again with %(n)d raters for each city",
            fewer,
        )
        yield Way(words % {"n": fewer}, rules_in(draw, raters_per_city=fewer))
    if told.get("with_mutual"):
        words = _("Draw again, and let two cities rate each other where it must be")
        yield Way(words, rules_in(draw, bars_mutual_rating=False))
    if told.get("without_country_rule"):
        words = _("Draw again, and let cities of one country rate each other")
        yield Way(words, rules_in(draw, bars_own_country=False))
    more = told.get("more_cities")
    if more and cycle.status == Cycle.Stage.SELF:  # from the next stage on no city joins
        words = ngettext(
            "Invite %(n)d more city, of another country, and draw again then",
            "Invite %(n)d more cities, of other countries, and draw again then",
            more,
        )
        yield Way(words % {"n": more}, url=reverse("cityshare:team-list", args=[cycle.pk]))


def rules_in(draw: Draw, **changed: object) -> dict[str, object]:
    """The rules of a draw as its form takes them, with these changed; no box that is not ticked."""
    rules = {name: getattr(draw, name) for name in ("seed", *RULES)} | changed
    return {name: "on" if said is True else said for name, said in rules.items() if said}
