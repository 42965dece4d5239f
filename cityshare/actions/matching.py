"""Who helps whom is asked for, computed by the worker, looked at, and shown to the cities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cityshare.actions.market import hold
from cityshare.actions.posting import Told, post_to_each
from cityshare.models import Cycle, Matching, Practice, Proposal, Team
from cityshare.queries.matching import falling, newest
from cityshare.queries.proposal import named
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused
from workshop_portal.handoff import hand_off
from workshop_portal.workflow import advance

if TYPE_CHECKING:
    from cityshare.helping import Triple
    from cityshare.matching import Matching as Answer
    from workshop_portal.accounts.models import User

Status = Matching.Status
SOLVE = "cityshare.worker.solve_matching"


# --- Asked for ---------------------------------------------------------------------------


@transaction.atomic
def start(
    cycle: Cycle, *, floor: int, helper_capacity: int, learner_capacity: int, by: User
) -> Matching:
    """Ask the worker for the best set of pairs; what was found and not shown is discarded."""
    held = hold(cycle)
    last = newest(held)
    if last and last.status == Status.WAITING:
        raise Refused(_("The proposals are being computed already. Wait for them, please."))
    return _ask(held, floor, helper_capacity, learner_capacity, by=by)


def again(cycle: Cycle) -> Matching | None:
    """Ask for it once more after a proposal was declined, with the same limits.

    What is accepted stays. None where pairs were only ever proposed by hand, or where a worker
    has yet to begin and will see the decline itself.
    """
    last = newest(cycle)
    if last is None or (last.status == Status.WAITING and not last.tries):
        return None
    return _ask(cycle, last.floor, last.helper_capacity, last.learner_capacity, by=None)


def _ask(
    cycle: Cycle, floor: int, helper_capacity: int, learner_capacity: int, *, by: User | None
) -> Matching:
    for ready in cycle.matchings.filter(status=Status.READY):
        _drop(ready, by=by)
    limits = {
        "floor": floor,
        "helper_capacity": helper_capacity,
        "learner_capacity": learner_capacity,
    }
    matching = Matching.objects.create(cycle=cycle, asked_at=timezone.now(), asked_by=by, **limits)
    record("matching.asked", matching, about=cycle, by=by, **limits)
    hand_off(SOLVE, str(matching.pk))
    return matching


@transaction.atomic
def retry(matching: Matching, *, by: User) -> None:
    """Try again what no worker could finish, or hand off once more what waits for too long.

    A worker that has it in hand keeps it: whoever comes second finds nothing to do.
    """
    hold(matching.cycle)
    if matching.status != Status.WAITING:
        advance(matching, Status.WAITING, about=matching.cycle, by=by)
        Matching.objects.filter(pk=matching.pk).update(tries=0, lease_until=None)
    hand_off(SOLVE, str(matching.pk))


# --- Computed ----------------------------------------------------------------------------


def claim(pk: str) -> Matching | None:
    """Take a waiting one to work on it; None when it is somebody else's, or done."""
    waiting = Matching.objects.filter(status=Status.WAITING)
    return waiting.select_related("cycle").claim(pk)


@transaction.atomic
def conclude(matching: Matching, answer: Answer, *, teams: Mapping[str, UUID]) -> None:
    """Store what was found: a draft for every new pair, and what is said about the whole.

    Where another was asked for meanwhile, this one is out of date and discarded at once.
    """
    cycle = Cycle.objects.select_for_update(of=["self"]).get(pk=matching.cycle_id)
    practices = {row.code: row for row in cycle.framework.practices.all()}
    outcome = {
        "value": answer.value,
        "price": answer.price,
        "floor": answer.floor,
        "unmet": [
            [str(teams[one.need.learner]), one.need.practice, one.reason] for one in answer.unmet
        ],
        "left_out": [str(teams[name]) for name in answer.left_out],
        "alone": [str(teams[name]) for name in answer.alone],
        "kept": _draft(matching, answer, teams, practices),
    }
    Matching.objects.filter(pk=matching.pk).update(outcome=outcome, lease_until=None)
    advance(matching, Status.READY, about=cycle, by=None, value=answer.value)
    last = newest(cycle)
    if last and last.pk != matching.pk:
        _drop(matching, by=None)


def _draft(
    matching: Matching,
    answer: Answer,
    teams: Mapping[str, UUID],
    practices: Mapping[str, Practice],
) -> list[str]:
    """Write the drafts; gives the ids of pending proposals that the answer has found again."""
    pending = {
        (one.helper_id, one.learner_id, one.practice_id): str(one.pk)
        for one in Proposal.objects.filter(
            learner__cycle=matching.cycle_id, status=Proposal.Status.PROPOSED
        )
    }
    kept, drafts = [], []
    for found in answer.proposals:
        helper, learner, practice = _rows(found.triple, teams, practices)
        known = pending.get((helper, learner, practice.pk))
        if known:
            kept.append(known)
        elif not found.fixed:
            drafts.append(
                Proposal(
                    matching=matching,
                    helper_id=helper,
                    learner_id=learner,
                    practice=practice,
                    value=found.worth.total,
                    parts=asdict(found.worth),
                )
            )
    Proposal.objects.bulk_create(drafts)
    return kept


def _rows(
    triple: Triple, teams: Mapping[str, UUID], practices: Mapping[str, Practice]
) -> tuple[UUID, UUID, Practice]:
    return teams[triple.helper], teams[triple.learner], practices[triple.practice]


def recover() -> None:
    """Give the worker what it has lost; give up what has ended it three times."""
    waiting = Matching.objects.filter(status=Status.WAITING)
    for over in waiting.lost().select_related("cycle"):
        advance(over, Status.FAILED, about=over.cycle, by=None)
    for pk in waiting.free().values_list("pk", flat=True):
        hand_off(SOLVE, str(pk))


# --- Looked at, and shown ----------------------------------------------------------------


@transaction.atomic
def release(matching: Matching, *, by: User) -> int:
    """Show the drafts to both sides; gives how many.

    Earlier proposals that nobody has answered and that the new set does not have are dropped.
    """
    cycle = hold(matching.cycle)
    advance(matching, Status.RELEASED, about=cycle, by=by)
    matching.refresh_from_db()
    for earlier in falling(matching):
        _move(earlier, Proposal.Status.DROPPED, by=by)
    shown = [one for one in named(matching.proposals.filter(status="draft")) if _show(one, by=by)]
    tell(cycle, shown, key=f"matching:{matching.pk}")
    return len(shown)


def _show(proposal: Proposal, *, by: User) -> bool:
    """Show a draft; one whose pair was proposed by hand meanwhile is not needed any more."""
    pair = {"helper": proposal.helper_id, "learner": proposal.learner_id}
    same = Proposal.objects.filter(**pair, practice=proposal.practice_id)
    if same.filter(status__in=["proposed", "accepted"]).exists():
        proposal.delete()
        return False
    _move(proposal, Proposal.Status.PROPOSED, by=by)
    return True


def _move(proposal: Proposal, to: str, *, by: User) -> None:
    cycle, practice = proposal.learner.cycle, proposal.practice.code
    advance(proposal, to, about=cycle, by=by, practice=practice)


def tell(cycle: Cycle, shown: Iterable[Proposal], *, key: str) -> None:
    """Write one letter to every city that something is proposed to, about all of it."""
    about: dict[Team, list[Proposal]] = defaultdict(list)
    for proposal in shown:
        about[proposal.learner].append(proposal)
        about[proposal.helper].append(proposal)
    told = [
        Told(team, f"{key}:{team.pk}", {"team": team, "proposals": proposals})
        for team, proposals in about.items()
    ]
    post_to_each(told, "cityshare/help_proposed", cycle=cycle)


@transaction.atomic
def discard(matching: Matching, *, by: User) -> None:
    """Put aside what was found; no city has seen it."""
    hold(matching.cycle)
    _drop(matching, by=by)


def _drop(matching: Matching, *, by: User | None) -> None:
    """Discard a solving, and delete its drafts, which nobody but the facilitator has seen."""
    advance(matching, Status.DISCARDED, about=matching.cycle, by=by)
    matching.proposals.filter(status=Proposal.Status.DRAFT).delete()
