"""Cities and facilitators declare why two cities do not rate each other, or that nothing is so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cityshare.actions.draw import hold
from cityshare.actions.pairs import restore_between, void_between
from cityshare.actions.posting import post_to_leads
from cityshare.models import Conflict, ConflictsDeclared
from cityshare.queries.conflict import (
    DECLARED_IN,
    SAID_IN,
    counted_in_spite,
    has_declared_most,
    left_to,
    standing_between,
)
from cityshare.queries.pairs import is_released
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused

if TYPE_CHECKING:
    from cityshare.models import Assignment, Cycle, Member, Team
    from workshop_portal.accounts.models import User


@transaction.atomic
def declare(one: Team, other: Team, *, kind: str, note: str, by: User) -> Conflict:
    """Declare that two cities have a conflict, so that neither rates the other.

    Pairs of the two that have locked nothing end at once, and somebody else takes their place.
    Locked ratings stand until those who lead make them void, and once the stage of rating is over
    they stand for good: a page that changed with a declaration would tell what a rater gave.
    """
    held = hold(one.cycle, *DECLARED_IN)
    if other.cycle_id != held.pk:
        raise Refused(_("The two cities are not in one cycle."))
    # The other city may have declared it too; this one is not told.
    if standing_between(one, other).filter(one=one).exists():
        raise Refused(_("This conflict is declared already."))
    is_own = one.members.filter(user=by).exists()
    if is_own and has_declared_most(one):
        raise Refused(
            _(
                "Your city has declared as many conflicts as a city can in one cycle. If there is "
                "another one, write to those who lead the cycle; they declare it."
            )
        )
    conflict = Conflict.objects.create(
        one=one,
        other=other,
        kind=kind,
        note=note,
        declared_by=by,
        by_leads=not is_own,
        declared_at=timezone.now(),
    )
    facts = {"one": one.city.name, "other": other.city.name, "kind": kind}
    record("conflict.declared", conflict, about=held, by=by, **facts)
    ended = void_between(held, one, other, by=by)
    if is_released(held):
        _tell_leads(held, conflict, ended)
    return conflict


def _tell_leads(cycle: Cycle, conflict: Conflict, ended: list[Assignment]) -> None:
    """What the declaration has ended, what stands, and how many raters the two cities have."""
    two = {conflict.one_id, conflict.other_id}
    post_to_leads(
        "cityshare/conflict_declared",
        cycle=cycle,
        key=f"conflict:{conflict.pk}",
        conflict=conflict,
        ended=ended,
        stands=[pair for pair in counted_in_spite(cycle) if {pair.rater_id, pair.rated_id} == two],
        left=left_to(conflict.one, conflict.other),
        is_closed=cycle.has_reached(cycle.Stage.MODERATION),
    )


@transaction.atomic
def take_back(conflict: Conflict, *, by: User) -> None:
    """Take back a conflict that was declared by mistake.

    While ratings are written, what it has ended comes back where the place is empty still.
    """
    held = hold(conflict.one.cycle, *DECLARED_IN)
    still = Conflict.objects.standing().filter(pk=conflict.pk)
    if not still.update(withdrawn_at=timezone.now()):
        raise Refused(_("This conflict is taken back already."))
    facts = {"one": conflict.one.city.name, "other": conflict.other.city.name}
    record("conflict.taken_back", conflict, about=held, by=by, **facts)
    restore_between(held, conflict.one, conflict.other, by=by)


@transaction.atomic
def say_all(member: Member, *, by: User) -> ConflictsDeclared:
    """Note that somebody has named every conflict that they know of, or that there is none."""
    held = hold(member.team.cycle, *SAID_IN)
    said, is_new = ConflictsDeclared.objects.get_or_create(
        team=member.team, person=member.user, defaults={"declared_at": timezone.now()}
    )
    if is_new:
        named = Conflict.objects.standing().filter(one=member.team).count()
        record("conflicts.said", member, about=held, by=by, named=named)
    return said
