"""A city says what it offers and what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from cityshare.models import Cycle, Need, Offer, Practice, Team
from cityshare.queries.market import can_learn, can_teach, is_open
from cityshare.queries.standings import Sight, Unit, standings
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused, unchanged
from workshop_portal.workflow import advance

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


def hold(cycle: Cycle) -> Cycle:
    """The cycle as it stands now, locked; refused before the market opens and after the end."""
    held = Cycle.objects.select_for_update(of=["self"]).get(pk=cycle.pk)
    if not is_open(held):
        raise Refused(
            _(
                "Offers and needs are open from the stage “%(opens)s” until the cycle is closed. "
                "This cycle is in the stage “%(now)s”."
            )
            % {"opens": Cycle.Stage.MARKET.label, "now": held.get_status_display()}
        )
    return held


@transaction.atomic
def answer_offer(
    team: Team,
    practice: Practice,
    *,
    yes: bool,
    note: str | None = None,
    seen: Offer | None = None,
    by: User,
) -> Offer:
    """Say whether the city would teach a practice; `note` None leaves what was said before.

    With `seen`, what was stored when the form was opened, nothing else is overwritten.
    """
    unit, _levels = _unit(team, practice)
    if yes and not can_teach(unit):
        raise Refused(
            _(
                "Your city stands on the lowest level of this practice, or has none, so there is "
                "nobody it could teach."
            )
        )
    offer, is_new = Offer.objects.get_or_create(team=team, practice=practice)
    words = {} if note is None else {"note": note}
    if seen and not is_new:
        unchanged(seen, offer, words)
    _answer(offer, yes=yes, by=by, **words)
    return offer


@transaction.atomic
def answer_need(
    team: Team,
    practice: Practice,
    *,
    yes: bool,
    priority: int | None = None,
    question: str | None = None,
    seen: Need | None = None,
    by: User,
) -> Need:
    """Say whether the city wants to learn a practice; None leaves what was said before.

    The priority is at first that of the self-assessment. `seen` is meant as in `answer_offer`.
    """
    unit, levels = _unit(team, practice)
    if yes and not can_learn(unit, levels):
        raise Refused(
            _(
                "Your city has no level in this practice, or the highest one, so there is no city "
                "it could learn from."
            )
        )
    first = {"priority": max(1, unit.priority)}
    need, is_new = Need.objects.get_or_create(team=team, practice=practice, defaults=first)
    told = {"priority": priority, "question": question}
    words = {name: said for name, said in told.items() if said is not None}
    if seen and not is_new:
        unchanged(seen, need, words)
    _answer(need, yes=yes, by=by, **words)
    return need


def _unit(team: Team, practice: Practice) -> tuple[Unit, int]:
    """Where the city stands on the practice, and how many levels there are."""
    found = standings(hold(team.cycle), sight=Sight.OWN, own=team.pk)
    return found.units.get((team.pk, practice.code), Unit()), found.levels


def _answer(row: Offer | Need, *, yes: bool, by: User, **words: object) -> None:
    changed = sorted(name for name, said in words.items() if getattr(row, name) != said)
    facts = {"practice": row.practice.code, "changed": changed}
    if changed:
        type(row)._default_manager.filter(pk=row.pk).update(**words)
    to = row.Status.CONFIRMED if yes else row.Status.DECLINED
    if row.status != to:
        advance(row, to, about=row.team.cycle, by=by, **facts)
    elif changed:
        record(f"{row._meta.model_name}.changed", row, about=row.team.cycle, by=by, **facts)
    row.refresh_from_db()
