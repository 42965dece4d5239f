"""Reminding the people of a city that a stage ends, once for each occasion."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from cityshare.actions.posting import post_to
from cityshare.models import Cycle
from cityshare.queries.reminding import Due, zone_of
from workshop_portal.outbox.models import Message


@transaction.atomic
def remind(due: Due, *, now: datetime) -> Message | None:
    """Write the reminder of one occasion, if the cycle still is in this stage until then.

    Another deadline makes another occasion; the same one has one letter, however often.
    """
    deadline, member = due.deadline, due.member
    held = Cycle.objects.select_for_update().select_related("workshop").get(pk=deadline.cycle_id)
    standing = held.deadlines.filter(stage=held.status, due_at=deadline.due_at)
    if held.status != deadline.stage or not standing.exists():
        return None
    moment = f"{deadline.due_at:%Y%m%d%H%M%S}"
    [message] = post_to(
        member.user,
        "cityshare/reminder",
        cycle=held,
        key=f"reminder:{held.pk}:{held.status}:{due.occasion}:{moment}",
        due=deadline.due_at,
        left=deadline.due_at - now,
        own_zone=zone_of(member, held),
        tasks=due.tasks,
    )
    return message
