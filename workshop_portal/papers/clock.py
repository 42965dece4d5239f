"""What time does to papers: leases end, and lost orders are found."""

from __future__ import annotations

from celery import shared_task

from workshop_portal.handoff import hand_off
from workshop_portal.papers import actions
from workshop_portal.papers.models import Paper
from workshop_portal.papers.tasks import print_paper

BATCH = 50


@shared_task
def sweep() -> None:
    """Hand waiting papers to the worker; give up those that have ended a printer three times."""
    actions.give_up()
    waiting = Paper.objects.waiting().free()
    for pk in waiting.order_by("ordered_at").values_list("pk", flat=True)[:BATCH]:
        hand_off(print_paper, str(pk))
