"""What each stage of a cycle asks of whom: of a city's people, its focal point, raters, and leads.

The same answers stand on a person's own list, on the page of a cycle and in reminders. They are
found for many people of a cycle at once, in as few queries as for one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cityshare.models import Cycle, Member
from cityshare.queries.cycle import due_of
from cityshare.queries.tasks_early import EARLY, Ask
from cityshare.queries.tasks_late import LATE
from cityshare.queries.tasks_lead import asked_of_leads
from cityshare.queries.vote import votes
from workshop_portal.task import Task

if TYPE_CHECKING:
    from cityshare.queries.cycle import Seat
    from workshop_portal.accounts.models import User

Stage = Cycle.Stage


def tasks_of(user: User, *, now: datetime) -> list[Task]:
    """What waits for a person in all cycles that run, those of their city and those they lead."""
    return list(_tasks_of(user, now))


def _tasks_of(user: User, now: datetime) -> Iterator[Task]:
    members = Member.objects.filter(user_id=user.pk)
    running = members.exclude(team__cycle__status=Stage.CLOSED)
    for member in with_cycle(running):
        cycle = member.team.cycle
        yield from _of_cycle(cycle, _of_members(cycle, [member], now))
    led = Cycle.objects.led_by(user).exclude(status=Stage.CLOSED).select_related("workshop")
    for cycle in led.prefetch_related("deadlines"):
        yield from _of_cycle(cycle, asked_of_leads(cycle, now=now))


def _of_cycle(cycle: Cycle, tasks: list[Task]) -> Iterator[Task]:
    """Tasks as they stand beside those of other cycles."""
    for task in tasks:
        facts = {"cycle": cycle.name, "hint": task.hint}
        yield replace(task, hint=_("%(cycle)s. %(hint)s") % facts if task.hint else cycle.name)


def tasks_in(cycle: Cycle, user: User, seat: Seat, *, now: datetime) -> list[Task]:
    """What one cycle asks of a person, as its own page tells it, where the stage has its deadline.

    The workshop and the deadlines of the cycle are known.
    """
    due = due_of(cycle)
    found = _tasks_in(cycle, user, seat, now)
    return [replace(task, due=None) if task.due == due else task for task in found]


def _tasks_in(cycle: Cycle, user: User, seat: Seat, now: datetime) -> list[Task]:
    if seat.leads:
        return asked_of_leads(cycle, now=now)
    mine = Member.objects.filter(team__cycle=cycle, user_id=user.pk).select_related("team__city")
    return _of_members(cycle, list(mine), now)


def _of_members(cycle: Cycle, members: Sequence[Member], now: datetime) -> list[Task]:
    """What waits for members of a cycle: what its stage asks, and drafts that they are asked about.

    A vote belongs to no stage, so those who are reminded of a stage are not reminded of it.
    """
    found = asked_in(cycle, members, now=now)
    asked = [task for _member, task in votes(cycle, members, now)]
    return [*asked, *(task for member in members for task in found[member.pk])]


def with_cycle(members: QuerySet[Member]) -> list[Member]:
    """Members with their cities, cycles and deadlines; in two queries."""
    known = members.select_related("user", "team__city", "team__cycle__workshop")
    return list(known.prefetch_related("team__cycle__deadlines"))


def asked_in(
    cycle: Cycle, members: Sequence[Member], *, now: datetime
) -> defaultdict[UUID, list[Task]]:
    """What the stage of a cycle asks of some of its members, by member."""
    found: defaultdict[UUID, list[Task]] = defaultdict(list)
    for member in members:
        member.team.cycle = cycle
    asks: tuple[Ask, ...] = (*EARLY.get(cycle.status, ()), *LATE.get(cycle.status, ()))
    for ask in asks if members else ():
        for member, task in ask(cycle, members, now):
            found[member.pk].append(task)
    return found
