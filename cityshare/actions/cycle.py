"""What happens to a cycle: begun for a workshop, set up, and moved on stage by stage."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cityshare.actions.moderation import open_flagged
from cityshare.actions.posting import Told, post_to_each
from cityshare.models import Cycle, Framework, Member, StageDeadline
from cityshare.queries.gate import passage_of
from cityshare.queries.letters import letter_facts
from cityshare.queries.pairs import RULES, is_released
from workshop_portal.accounts.models import User
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused, unchanged
from workshop_portal.workflow import advance
from workshop_portal.workshops.models import Workshop

Stage = Cycle.Stage
Dues = Mapping[str, datetime | None]

# Until which stage a rule may be changed: what people have relied on stands.
STANDS_FROM = {
    "framework": Stage.SELF,
    "previous": Stage.SELF,
    "raters_per_city": Stage.MODERATION,
    "bars_own_country": Stage.MODERATION,
    "bars_mutual_rating": Stage.MODERATION,
    "rule": Stage.MODERATION,
    "helper_capacity": Stage.DISTIL,
    "learner_capacity": Stage.DISTIL,
}
# What is made ready at the moment when a stage begins.
BEGINS: dict[str, list[Callable[..., object]]] = {Stage.MODERATION: [open_flagged]}


@transaction.atomic
def begin_cycle(workshop: Workshop, *, dues: Dues, by: User, **facts: Any) -> Cycle:
    """Begin a cycle for a workshop, set up by those who lead; `facts` are its columns."""
    _check(facts)
    if workshop.cycles.filter(name=facts["name"]).exists():
        raise Refused(_("This workshop has a cycle of that name already."))
    cycle = Cycle.objects.create(workshop=workshop, **facts)
    _set_dues(cycle, dues)
    record("cycle.begun", cycle, about=workshop, by=by, name=cycle.name)
    return cycle


@transaction.atomic
def edit_cycle(cycle: Cycle, *, dues: Dues, by: User, **facts: Any) -> None:
    """Change the rules and the deadlines of a cycle, as far as its stage still lets them change.

    When the deadline of the present stage moves or is taken away, everybody in the cycle is told.
    """
    rows = Cycle.objects.select_for_update().filter(pk=cycle.pk)
    held = unchanged(cycle, rows.first(), facts, "deadlines")
    if held.status == Stage.CLOSED:
        raise Refused(_("This cycle is closed."))
    _check(facts)
    changed = {name: said for name, said in facts.items() if getattr(held, name) != said}
    _check_standing(held, changed)
    for name, said in changed.items():
        setattr(held, name, said)
    if changed:
        held.save(update_fields=[*changed])
    moved = _set_dues(held, dues)
    if not (changed or moved):
        return
    told = {name: str(value) for name, value in changed.items()}
    entry = record("cycle.changed", held, about=held.workshop, by=by, dues=sorted(moved), **told)
    if held.status in moved and held.status != Stage.SETUP:
        _tell_of_move(held, moved[held.status], key=f"deadline:{entry.pk}")


def _check(facts: Mapping[str, Any]) -> None:
    framework = facts.get("framework")
    if framework and framework.status != Framework.Status.FROZEN:
        raise Refused(_("A cycle needs a framework that is frozen, so that no word changes."))


def _check_standing(held: Cycle, changed: Collection[str]) -> None:
    """Raise where one of these rules is what people rely on by now."""
    for name in changed:
        if name in STANDS_FROM and held.has_reached(STANDS_FROM[name]):
            raise Refused(_("The cycle has gone on, so this rule stands as people know it."))
    if {*changed} & {*RULES} and is_released(held):
        raise Refused(
            _("The raters know already whom they rate, so the rules of the draw stand as they are.")
        )


def _set_dues(cycle: Cycle, dues: Dues) -> Dues:
    """Store the deadlines that differ; gives those of the stages that have another one or none."""
    known = {deadline.stage: deadline for deadline in cycle.deadlines.all()}
    moved: dict[str, datetime | None] = {}
    for stage, due_at in dues.items():
        was = known.get(stage)
        if due_at is None:
            if was:
                was.delete()
                moved[stage] = None
        elif was is None or was.due_at != due_at:
            StageDeadline.objects.update_or_create(
                cycle=cycle, stage=stage, defaults={"due_at": due_at}
            )
            moved[stage] = due_at
    return moved


def _tell_of_move(cycle: Cycle, due_at: datetime | None, *, key: str) -> None:
    members = Member.objects.filter(team__cycle=cycle).select_related("user")
    told = [Told(member.user, key) for member in members]
    post_to_each(told, "cityshare/deadline_moved", cycle=cycle, due=due_at)


# --- Moving on ---------------------------------------------------------------------------


@transaction.atomic
def move_on(cycle: Cycle, *, seen: str, in_spite: bool = False, by: User) -> None:
    """Begin the next stage, make ready what it needs, and write to everybody of the cities.

    `seen` is the fingerprint of what the person looked at; when anything has changed since,
    nothing happens and they look again. `in_spite` says that they know what is missing.
    """
    known = Cycle.objects.select_related("workshop").prefetch_related("deadlines")
    held = known.select_for_update(of=["self"]).get(pk=cycle.pk)
    passage = passage_of(held)
    if passage is None:
        raise Refused(_("This cycle is closed; it goes no further."))
    if passage.fingerprint != seen:
        raise Refused(
            _(
                "Something has changed since you looked at this: the stage, or what is missing. "
                "Nothing was moved. Look again, and move the cycle on then."
            )
        )
    if passage.is_barred or (passage.lacks and not in_spite):
        raise Refused(passage.lacks[0].words)
    missing = [lack.words for lack in passage.lacks]
    advance(held, passage.to, by=by, about=held.workshop, missing=missing)
    for begin in BEGINS.get(passage.to, []):
        begin(held, by=by)
    tell_stage(passage.readers, cycle=held, stage=passage.to)
    cycle.refresh_from_db()


def tell_stage(members: Iterable[Member], *, cycle: Cycle, stage: str) -> None:
    """Write to people of cities that a stage has begun; of one stage each has one letter."""
    key = f"stage:{cycle.pk}:{stage}"
    told = [Told(member.user, key, letter_facts(cycle, stage, member)) for member in members]
    post_to_each(told, "cityshare/stage", cycle=cycle)
