"""What time does to letters: leases end, tries fall due, and lost hand-offs are found."""

from __future__ import annotations

from celery import shared_task
from django.core.cache import cache
from django.db.models.functions import Now

from workshop_portal.handoff import hand_off
from workshop_portal.outbox.models import Message
from workshop_portal.outbox.tasks import LANE_CLOSED, deliver

BATCH = 200


@shared_task
def sweep() -> None:
    """Settle the letters of senders that died, then hand every due letter to the worker.

    Two sweeps at once do no more than one: the updates ask for the old state, and of two hand-offs
    of one letter the second finds it claimed.
    """
    left = Message.objects.filter(state=Message.State.CLAIMED, lease_until__lt=Now())
    left.filter(rule=Message.Rule.ONCE).update(
        state=Message.State.UNKNOWN,
        lease_until=None,
        last_error="The sender ended before it could say whether the mail had left.",
    )
    left.filter(rule=Message.Rule.SAFE).update(
        state=Message.State.QUEUED, lease_until=None, claim=None, next_try_at=Now()
    )
    if cache.get(LANE_CLOSED):
        return
    due = Message.objects.filter(state=Message.State.QUEUED, next_try_at__lte=Now())
    for pk in due.order_by("next_try_at").values_list("pk", flat=True)[:BATCH]:
        hand_off(deliver, str(pk))
