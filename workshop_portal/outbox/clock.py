"""What time does to letters: leases end, tries fall due, and lost hand-offs are found."""

from __future__ import annotations

from celery import shared_task
from django.core.cache import cache
from django.db.models.functions import Now

from workshop_portal.handoff import hand_off
from workshop_portal.outbox import actions
from workshop_portal.outbox.models import Message
from workshop_portal.outbox.tasks import LANE_CLOSED, deliver

BATCH = 200


@shared_task
def sweep() -> None:
    """Settle the letters of senders that died, then hand every due letter to the worker.

    Two sweeps at once do no more than one: of two hand-offs of one letter the second finds it
    claimed.
    """
    actions.take_back()
    if cache.get(LANE_CLOSED):
        return
    due = Message.objects.filter(state=Message.State.QUEUED, next_try_at__lte=Now())
    for pk in due.order_by("next_try_at").values_list("pk", flat=True)[:BATCH]:
        hand_off(deliver, str(pk))
