"""Proposals as the two cities and the facilitator see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cityshare.helping import AWAKE, Worth
from cityshare.models import Need, Offer, PeerAssist, Proposal, Team
from cityshare.queries.standings import Sight, Unit, standings

if TYPE_CHECKING:
    from cityshare.models import Cycle
    from cityshare.models.cycle import TeamQuerySet


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a value, with its sign, and what it is for."""

    points: float
    words: str

    @property
    def amount(self) -> float:
        """Without its sign."""
        return abs(self.points)


def why(proposal: Proposal) -> list[Part]:
    """What the value of a proposal is made of, the parts that are nought left out."""
    if not proposal.parts:
        return []
    made = Worth(**proposal.parts)
    hours = AWAKE + made.hours_over
    parts = [
        Part(made.priority * 2 * made.gap, _gap_words(made)),
        Part(
            made.priority * made.near,
            _("One or two levels ahead: whoever was there lately explains best"),
        ),
        Part(made.language, _("A common working language")),
        Part(made.context, _("A similar city")),
        Part(
            -made.hours_over,
            _("%g hours of time difference, which is more than %g") % (hours, AWAKE),
        ),
        Part(
            -made.given,
            ngettext(
                "Has helped once in an earlier cycle",
                "Has helped %(n)s times in earlier cycles",
                made.given,
            )
            % {"n": made.given},
        ),
    ]
    return [part for part in parts if part.points]


def _gap_words(made: Worth) -> str:
    return ngettext(
        "Twice the way to the target, which is %(gap)s level, times priority %(priority)s",
        "Twice the way to the target, which is %(gap)s levels, times priority %(priority)s",
        made.gap,
    ) % {"gap": made.gap, "priority": made.priority}


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal with what its value is made of.

    `wish` is how a form is asked for the pair that a city would rather be in, as the query of an
    address; "" where there is no such wish, or no such need.
    """

    proposal: Proposal
    parts: list[Part]
    wish: str = ""


def in_words(cycle: Cycle, rows: Iterable[Proposal]) -> list[Line]:
    """Each proposal with what its value is made of, and what is wished for instead."""
    needs = Need.objects.filter(team__cycle=cycle, status=Need.Status.CONFIRMED).order_by()
    known = {
        (team, practice): pk for pk, team, practice in needs.values_list("pk", "team", "practice")
    }
    return [Line(row, why(row), _wish(row, known)) for row in rows]


def _wish(proposal: Proposal, needs: Mapping[tuple[UUID, int], UUID]) -> str:
    """Who declines to learn would rather be helped by another; who declines to help, help it."""
    if proposal.rather_id is None:
        return ""
    learner, helper = proposal.rather_id, proposal.helper_id
    if proposal.learner_answer == Proposal.Answer.NO:
        learner, helper = proposal.learner_id, proposal.rather_id
    need = needs.get((learner, proposal.practice_id))
    return urlencode({"need": need, "helper": helper}) if need else ""


@dataclass(frozen=True, slots=True)
class Mine:
    """A proposal in the list of one of its cities: which side that is, and whether it is asked."""

    proposal: Proposal
    learns: bool
    is_asked: bool


def mine(cycle: Cycle, team: Team) -> list[Mine]:
    """The proposals that a city has been shown, those that wait for its answer first."""
    about = Q(helper=team) | Q(learner=team)
    shown = Proposal.objects.filter(about, learner__cycle=cycle).exclude(status="draft")
    lines = [Mine(one, one.learner_id == team.pk, may_accept(one, team)) for one in named(shown)]
    return sorted(lines, key=lambda line: not line.is_asked)


def all_proposals(cycle: Cycle, *statuses: str) -> list[Proposal]:
    """The proposals of a cycle in these states, by learner and practice, in one query."""
    return list(named(Proposal.objects.filter(learner__cycle=cycle, status__in=statuses)))


def named(rows: Any) -> Any:
    """Proposals with the names that a list shows, by learner and practice."""
    known = rows.select_related("helper__city", "learner__city", "practice", "rather__city")
    return known.order_by(
        "learner__city__country", "learner__city__name", "practice__order", "helper__city__name"
    )


# --- One of them -------------------------------------------------------------------------


def in_a_line(proposal: Proposal) -> str:
    """Who would help whom with what, as a sentence."""
    return _("%(helper)s helps %(learner)s: %(practice)s") % {
        "helper": proposal.helper.city.name,
        "learner": proposal.learner.city.name,
        "practice": proposal.practice,
    }


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two cities: its level, its answer, and what it wrote of offer or need."""

    team: Team
    unit: Unit
    answer: str
    answer_words: str
    words: str


@dataclass(frozen=True, slots=True)
class Page:
    """A proposal with both sides; `assist` is the meeting that was planned from it."""

    helper: Side
    learner: Side
    parts: list[Part]
    assist: PeerAssist | None


def page(proposal: Proposal, own: Team | None) -> Page:
    """What the two cities and the facilitator see of a proposal; in seven queries."""
    sight = Sight.LEVELS if own else Sight.ALL
    found = standings(proposal.learner.cycle, sight=sight, own=own.pk if own else None)
    code = proposal.practice.code
    offer = Offer.objects.filter(team=proposal.helper, practice=proposal.practice).first()
    need = Need.objects.filter(team=proposal.learner, practice=proposal.practice).first()
    standing = proposal.assists.exclude(status=PeerAssist.Status.CALLED_OFF)
    return Page(
        helper=Side(
            proposal.helper,
            found.units.get((proposal.helper_id, code), Unit()),
            proposal.helper_answer,
            proposal.get_helper_answer_display(),
            offer.note if offer else "",
        ),
        learner=Side(
            proposal.learner,
            found.units.get((proposal.learner_id, code), Unit()),
            proposal.learner_answer,
            proposal.get_learner_answer_display(),
            need.question if need else "",
        ),
        parts=why(proposal),
        assist=standing.first(),
    )


def may_accept(proposal: Proposal, team: Team | None) -> bool:
    """Whether this city is one of the two and still to say yes."""
    if team is None or proposal.status != Proposal.Status.PROPOSED:
        return False
    said = {
        proposal.helper_id: proposal.helper_answer,
        proposal.learner_id: proposal.learner_answer,
    }
    return said.get(team.pk) == Proposal.Answer.OPEN


def may_decline(proposal: Proposal) -> bool:
    """Whether a no is still possible: also after a yes, until a meeting is planned."""
    if proposal.status not in (Proposal.Status.PROPOSED, Proposal.Status.ACCEPTED):
        return False
    return not proposal.assists.exclude(status=PeerAssist.Status.CALLED_OFF).exists()


def others(proposal: Proposal, team: Team) -> TeamQuerySet:
    """Whom a city could rather meet: others that offer the practice, or that need it."""
    learns = team.pk == proposal.learner_id
    kind = {"offers__status": "confirmed", "offers__practice": proposal.practice_id}
    if not learns:
        kind = {"needs__status": "confirmed", "needs__practice": proposal.practice_id}
    teams = Team.objects.filter(cycle=proposal.learner.cycle_id, **kind)
    return teams.exclude(pk__in=[proposal.helper_id, proposal.learner_id]).by_country()
