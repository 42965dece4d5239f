"""What time does to papers: leases end, and lost orders are found."""

from __future__ import annotations

from celery import shared_task
from django.db.models import Q
from django.db.models.functions import Now

from workshop_portal.handoff import hand_off
from workshop_portal.papers.models import Paper
from workshop_portal.papers.tasks import TRIES, print_paper

BATCH = 50


@shared_task
def sweep() -> None:
    """Hand waiting papers to the worker; give up those that have ended a printer three times."""
    waiting = Paper.objects.filter(state=Paper.State.ORDERED)
    waiting.filter(tries__gte=TRIES, lease_until__lt=Now()).update(
        state=Paper.State.FAILED, last_error="The printer ended three times without a word."
    )
    free = waiting.filter(Q(lease_until=None) | Q(lease_until__lt=Now()))
    for pk in free.order_by("ordered_at").values_list("pk", flat=True)[:BATCH]:
        hand_off(print_paper, str(pk))
