"""A pair is proposed by hand; both sides say yes or no."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cityshare.actions import matching
from cityshare.actions.market import hold
from cityshare.actions.posting import Told, post_to, post_to_each, post_to_leads
from cityshare.models import PeerAssist, Practice, Proposal, Team
from cityshare.queries.matching import newest, worth_of
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused
from workshop_portal.workflow import advance

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User

Status = Proposal.Status
Answer = Proposal.Answer


@transaction.atomic
def propose(helper: Team, learner: Team, practice: Practice, *, by: User) -> Proposal:
    """Propose a pair by hand, at once to both sides."""
    cycle = hold(learner.cycle)
    standing = [Status.PROPOSED, Status.ACCEPTED]
    pairs = Proposal.objects.filter(helper=helper, learner=learner, practice=practice)
    if pairs.filter(status__in=standing).exists():
        raise Refused(_("This pair has been proposed already."))
    both = Q(helper=helper, learner=learner) | Q(helper=learner, learner=helper)
    if Proposal.objects.filter(both, status=Status.DECLINED, refuses_pair=True).exists():
        raise Refused(
            _(
                "One of the two cities has asked that they are not proposed to each other again. "
                "Choose another city."
            )
        )
    value = worth_of(helper, learner, practice, at=timezone.now())
    proposal = Proposal.objects.create(
        helper=helper,
        learner=learner,
        practice=practice,
        value=value.total if value else 0,
        parts=asdict(value) if value else {},
    )
    advance(proposal, Status.PROPOSED, about=cycle, by=by, practice=practice.code)
    matching.tell(cycle, [proposal], key=f"proposal:{proposal.pk}")
    return proposal


def _hold(proposal: Proposal) -> Proposal:
    hold(proposal.learner.cycle)
    return Proposal.objects.select_for_update(of=["self"]).get(pk=proposal.pk)


def side_of(proposal: Proposal, team: Team) -> str:
    """The column in which a city's answer stands. Raises Refused for any other city."""
    if team.pk == proposal.helper_id:
        return "helper_answer"
    if team.pk == proposal.learner_id:
        return "learner_answer"
    raise Refused(_("This proposal is not about your city."))


@transaction.atomic
def accept(proposal: Proposal, team: Team, *, by: User) -> Proposal:
    """Say yes for one side; when both have, both are told and a peer assist can be planned."""
    held = _hold(proposal)
    if held.status != Status.PROPOSED:
        raise no_longer(held)
    setattr(held, side_of(held, team), Answer.YES)
    held.save(update_fields=["helper_answer", "learner_answer", "changed_at"])
    cycle, code = held.learner.cycle, held.practice.code
    record("proposal.yes", held, about=cycle, by=by, practice=code, city=str(team))
    if held.helper_answer == held.learner_answer == Answer.YES:
        advance(held, Status.ACCEPTED, about=cycle, by=by, practice=code)
        key = f"proposal:{held.pk}:agreed"
        told = [Told(side, key, {"team": side}) for side in (held.learner, held.helper)]
        post_to_each(told, "cityshare/help_agreed", cycle=cycle, proposal=held)
    return held


@transaction.atomic
def decline(
    proposal: Proposal,
    team: Team,
    *,
    reason: str,
    rather: Team | None = None,
    refuses_pair: bool = False,
    by: User,
) -> Proposal:
    """Say no for one side, also after a yes. The rest is solved again, what is accepted stays.

    `rather` is another city that this one would like to meet; with `refuses_pair` the two are
    not proposed to each other again.
    """
    held = _hold(proposal)
    if held.status not in (Status.PROPOSED, Status.ACCEPTED):
        raise no_longer(held)
    if held.assists.exclude(status=PeerAssist.Status.CALLED_OFF).exists():
        raise Refused(_("A peer assist is planned from this. Call it off first."))
    side = side_of(held, team)
    said = {side: Answer.NO, "reason": reason, "rather": rather, "refuses_pair": refuses_pair}
    for name, value in said.items():
        setattr(held, name, value)
    held.save(update_fields=[*said, "changed_at"])
    cycle = held.learner.cycle
    facts = {"practice": held.practice.code, "reason": reason}
    advance(held, Status.DECLINED, about=cycle, by=by, **facts)
    other = held.helper if team.pk == held.learner_id else held.learner
    key = f"proposal:{held.pk}:declined"
    told: dict[str, Any] = {
        "proposal": held,
        "team": team,
        "is_searched": newest(cycle) is not None,
    }
    post_to(other, "cityshare/help_declined", cycle=cycle, key=key, **told)
    post_to_leads("cityshare/help_declined", cycle=cycle, key=key, **told)
    matching.again(cycle)
    return held


def no_longer(proposal: Proposal) -> Refused:
    """What is said to whoever answers what is settled."""
    return Refused(
        _("This proposal can no longer be answered: it is “%s” by now.")
        % proposal.get_status_display()
    )
