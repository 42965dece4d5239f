"""What waits for those who lead a cycle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cityshare.models import Cycle, Draw, Matching, Moderation
from cityshare.queries.comments import reported_in
from cityshare.queries.conflict import counted_in_spite
from cityshare.queries.cycle import due_of, todo
from cityshare.queries.tasks_early import TO_DO
from cityshare.queries.vote import to_close
from workshop_portal.task import Task

Stage = Cycle.Stage


def asked_of_leads(cycle: Cycle, *, now: datetime) -> list[Task]:
    """What a cycle, whose workshop and deadlines are known, asks of everybody who leads it."""
    found = [task for ask in ASKED.get(cycle.status, ()) for task in ask(cycle)]
    found += to_close(cycle, now)
    due = due_of(cycle)
    if due and due <= now:
        name = _("Move the cycle on: its stage is over")
        found.append(todo(cycle, name, "cycle-move-on", status="incomplete", word=_("Late")))
    return found


def _setup(cycle: Cycle) -> Iterator[Task]:
    name = _("Set up the cycle: cities, rules, deadlines")
    yield todo(cycle, name, "cycle", status="draft", word=_("Begun"))


def _draw(cycle: Cycle) -> Iterator[Task]:
    known = {*cycle.draws.order_by().values_list("status", flat=True)}
    if Draw.Status.RELEASED in known:
        return
    if Draw.Status.READY in known:
        yield todo(cycle, _("Release who rates whom"), "draw", status="ready", word=_("Ready"))
    else:
        yield todo(cycle, _("Decide who rates whom"), "draw", word=TO_DO)


def _conflicts(cycle: Cycle) -> Iterator[Task]:
    if number := len(counted_in_spite(cycle)):
        words = ngettext(
            "Say whether ratings count in spite of a conflict: %(n)d pair",
            "Say whether ratings count in spite of a conflict: %(n)d pairs",
            number,
        )
        yield todo(cycle, words % {"n": number}, "draw", word=TO_DO)


def _talks(cycle: Cycle) -> Iterator[Task]:
    rows = Moderation.objects.filter(team__cycle=cycle, status=Moderation.Status.OPEN)
    if number := rows.count():
        words = ngettext("%(n)d practice to talk about", "%(n)d practices to talk about", number)
        hint = _("A conflict was declared late; the list says where.")
        known = hint if counted_in_spite(cycle) else ""
        yield todo(cycle, words % {"n": number}, "moderation", word=TO_DO, hint=known)


def _comments(cycle: Cycle) -> Iterator[Task]:
    if number := reported_in(cycle):
        words = ngettext(
            "%(n)d comment that a city has reported",
            "%(n)d comments that cities have reported",
            number,
        )
        yield todo(cycle, words % {"n": number}, "comments", status="new", word=_("New"))


def _matching(cycle: Cycle) -> Iterator[Task]:
    known = {*cycle.matchings.order_by().values_list("status", flat=True)}
    if Matching.Status.RELEASED in known:
        return
    if Matching.Status.READY in known:
        name = _("Show the cities who could help whom")
        yield todo(cycle, name, "matching", status="ready", word=_("Ready"))
    else:
        yield todo(cycle, _("Propose who helps whom"), "matching", word=TO_DO)


ASKED: dict[str, tuple[Callable[[Cycle], Iterator[Task]], ...]] = {
    Stage.SETUP: (_setup,),
    Stage.RATING: (_draw, _conflicts),
    Stage.MODERATION: (_talks, _comments),
    Stage.COMPARE: (_comments,),
    Stage.MARKET: (_matching, _comments),
}
