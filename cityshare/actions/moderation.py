"""Where views lie far apart: the talk, what was agreed, and a second look at the target."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cityshare.actions.posting import Told, post_to, post_to_each
from cityshare.models import Cycle, Moderation, Team
from cityshare.queries import moderation as queries
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused
from workshop_portal.workflow import advance

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User

Status = Moderation.Status
# Until offers and needs are asked for, which are made from targets.
TARGET_STAGES = {Cycle.Stage.MODERATION, Cycle.Stage.COMPARE}


def hold(cycle: Cycle, stages: Collection[str]) -> Cycle:
    """The cycle, locked, so that it cannot leave its stage; refused outside of these stages."""
    held = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if held.status not in stages:
        raise Refused(
            _("This is not possible in the stage “%(stage)s”.")
            % {"stage": held.get_status_display()}
        )
    return held


def hold_one(moderation: Moderation, stages: Collection[str]) -> Moderation:
    """The talk as it is now, in a cycle that stays in its stage."""
    hold(moderation.team.cycle, stages)
    rows = Moderation.objects.select_for_update(of=["self"])
    return rows.select_related("team__cycle__workshop", "practice").get(pk=moderation.pk)


@transaction.atomic
def open_flagged(cycle: Cycle, *, by: User | None) -> int:
    """Put every flagged unit on the list of what is talked about; return how many are new."""
    held = hold(cycle, {Cycle.Stage.MODERATION})
    known = set(Moderation.objects.filter(team__cycle=held).values_list("team", "practice"))
    now = timezone.now()
    rows = [
        Moderation(team_id=team, practice_id=practice.pk, opened_at=now)
        for team, practice in queries.flagged(held)
        if (team, practice.pk) not in known
    ]
    Moderation.objects.bulk_create(rows)
    if rows:
        record("moderation.opened", held, by=by, number=len(rows))
    return len(rows)


@transaction.atomic
def arrange(team: Team, *, meets_at: datetime, link: str, by: User) -> bool:
    """Fix the call about all that is open in a city, and tell the city and its raters.

    Nothing happens, and it is False, when it is fixed like this already.
    """
    hold(team.cycle, {Cycle.Stage.MODERATION})
    rows = Moderation.objects.filter(team=team, status=Status.OPEN)
    if not rows.exists():
        raise Refused(_("Nothing is left to talk about in this city."))
    if not rows.exclude(meets_at=meets_at, link=link).update(meets_at=meets_at, link=link):
        return False
    record("moderation.arranged", team, about=team.cycle, by=by, meets_at=meets_at.isoformat())
    # A call may go back to where it was, which everybody has to be told as well.
    moment = timezone.now().isoformat()
    key = f"moderation:{team.pk}:call:{moment}"
    post_to_each(
        [Told(reader, key) for reader in queries.concerned(team)],
        "cityshare/moderation_call",
        cycle=team.cycle,
        team=team,
        meets_at=meets_at,
        meeting=link,
        practices=[str(row.practice) for row in rows.select_related("practice")],
    )
    return True


@transaction.atomic
def settle(moderation: Moderation, *, agreed: int | None, note: str, by: User) -> None:
    """Write down what the talk came to: a level, or, with None, that the median stands.

    A level below the peers' asks the city to look at its target again. When nothing is left to
    talk about, the city gets a letter with all of it.
    """
    held = hold_one(moderation, {Cycle.Stage.MODERATION})
    unit = queries.unit_of(held)
    check_level(held, agreed)
    lowered = agreed is not None and unit.level is not None and agreed < unit.level
    rows = Moderation.objects.filter(pk=held.pk, status=Status.OPEN)
    rows.update(
        agreed=agreed,
        note=note,
        asks_for_target=lowered and unit.target is not None,
        target=None,
        settled_at=timezone.now(),
        settled_by=by,
    )
    outcome = Status.STANDS if agreed is None else Status.AGREED
    advance(held, outcome, about=held.team.cycle, by=by, level=agreed, practice=held.practice.code)
    tell_when_settled(held.team)


def check_level(held: Moderation, agreed: int | None) -> None:
    """Raise unless the level is one of the framework's."""
    top = held.team.cycle.framework.levels
    if agreed is not None and not 1 <= agreed <= top:
        raise Refused(_("Levels go from 1 to %s.") % top)


def tell_when_settled(team: Team) -> None:
    """Write to the city once nothing is left to talk about."""
    rows = Moderation.objects.filter(team=team)
    if rows.filter(status=Status.OPEN).exists():
        return
    moderations = list(rows.select_related("practice"))
    post_to(
        team,
        "cityshare/moderation_settled",
        cycle=team.cycle,
        key=f"moderation:{team.pk}:settled:{timezone.now().isoformat()}",
        team=team,
        moderations=moderations,
        targets=sum(queries.waits_for_target(row) for row in moderations),
    )


@transaction.atomic
def reopen(moderation: Moderation, *, by: User) -> None:
    """Talk about it again: what was agreed, and a target set since, count no more."""
    held = hold_one(moderation, {Cycle.Stage.MODERATION})
    was = held.agreed
    advance(held, Status.OPEN, about=held.team.cycle, by=by, agreed=was)
    Moderation.objects.filter(pk=held.pk).update(
        agreed=None, asks_for_target=False, target=None, settled_at=None, settled_by=None
    )


@transaction.atomic
def look_at_target(moderation: Moderation, *, target: int, by: User) -> None:
    """The city's answer to a level that went down: its target from now on, be it the same."""
    held = hold_one(moderation, TARGET_STAGES)
    top = held.team.cycle.framework.levels
    if not held.asks_for_target or held.agreed is None:
        raise Refused(_("The target of this practice is not asked about any more."))
    if not held.agreed <= target <= top:
        raise Refused(
            _("A target lies between the level of today, %(low)s, and %(top)s.")
            % {"low": held.agreed, "top": top}
        )
    was = queries.unit_of(held).target
    Moderation.objects.filter(pk=held.pk).update(target=target)
    record("moderation.target", held, about=held.team.cycle, by=by, was=was, now=target)
