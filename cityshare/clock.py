"""What time does to CityShare: what the worker lost is handed off again, people are reminded."""

from __future__ import annotations

import logging
from collections.abc import Callable

from celery import shared_task
from django.utils import timezone

from cityshare.actions import draw, evidence, matching
from cityshare.actions.asset import fall_due
from cityshare.actions.reminding import remind
from cityshare.models import Asset
from cityshare.queries.evidence import to_check
from cityshare.queries.reminding import due_reminders
from workshop_portal.arrival import database_now
from workshop_portal.handoff import hand_off

logger = logging.getLogger(__name__)


def let_assets_fall_due() -> None:
    """Ask the authors of what was published a year ago whether it still holds."""
    today = timezone.now().date()
    for asset in Asset.objects.filter(status=Asset.Status.PUBLISHED, review_on__lte=today):
        fall_due(asset, today=today)


def check_evidence_again() -> None:
    """Give the worker what it has lost, and let go what ended it three times."""
    evidence.give_up()
    for pk in to_check():
        hand_off(evidence.CHECK, str(pk))


def remind_of_deadlines() -> None:
    """Write the reminders that are due, once each."""
    now = database_now()
    for due in due_reminders(now=now):
        try:
            remind(due, now=now)
        except Exception:
            logger.exception("A reminder could not be written to %s", due.member)


# What is to be done each time; one that fails keeps no other from its turn.
SWEEPS: list[Callable[[], None]] = [
    draw.recover,
    matching.recover,
    check_evidence_again,
    let_assets_fall_due,
    remind_of_deadlines,
]


@shared_task
def sweep_cityshare() -> None:
    """Find what was lost or has fallen due, one kind after another."""
    for sweep in SWEEPS:
        try:
            sweep()
        except Exception:
            logger.exception("CityShare: %s could not be done", sweep.__name__)
