"""Reminding somebody of their own deadline, once for each occasion."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from applications.actions.guard import hold
from applications.actions.posting import post_about
from applications.checklist import unanswered
from applications.models import Application
from applications.queries.deadline import zone_of
from applications.queries.intake import answers_of
from applications.queries.sending import standing
from workshop_portal.outbox.models import Message


@transaction.atomic
def remind(draft: Application, *, occasion: str, now: datetime) -> Message | None:
    """Write the reminder of one occasion, if it is still a draft with this deadline.

    A person whose complete draft is sent by the portal has nothing left to do, so there is no
    letter. Another deadline makes another occasion; the same one has one letter, however often.
    """
    held = hold(draft)
    if held.status != Application.Status.DRAFT or held.closes_at != draft.closes_at:
        return None
    lacking = standing(held, now=now).lacking
    if held.is_being_sent or (held.sends_at_close and not lacking):
        return None
    letter = "applications/reminder" if lacking else "applications/reminder_complete"
    return post_about(
        letter,
        held,
        key=f"reminder:{held.pk}:{occasion}:{held.closes_at:%Y%m%d%H%M%S}",
        lacking=lacking,
        unanswered=len(unanswered(answers_of(held))),
        left=held.window.left(now),
        closes_at=held.closes_at,
        own_zone=zone_of(held),
    )
