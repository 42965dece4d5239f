"""What time does to calls: papers are there, people are reminded, and drafts are sent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from celery import shared_task

from applications.actions import nomination, quarantine, transfer
from applications.actions.call import order_papers
from applications.actions.reminding import remind
from applications.actions.sending import settle
from applications.forms import intake, preview
from applications.models import Application, Call
from applications.queries.deadline import due_reminders
from applications.queries.nomination import to_settle
from applications.queries.transfer import to_check, to_scan
from workshop_portal.arrival import database_now
from workshop_portal.files import sweep_scratch
from workshop_portal.handoff import hand_off

logger = logging.getLogger(__name__)


@shared_task
def print_call_papers() -> None:
    """Order what is missing, also after a text, a date or the form itself has changed."""
    form = preview.describe(intake.SECTIONS)
    for call in Call.objects.select_related("workshop"):
        order_papers(call, form=form)


@shared_task
def remind_drafts() -> None:
    """Write the reminders that are due. Two clocks at once write each of them once."""
    now = database_now()
    for_each(
        due_reminders(now=now),
        lambda found: remind(found.draft, occasion=found.occasion, now=now),
    )


@shared_task
def send_what_waits() -> None:
    """Complete the presses whose files are checked, and send at the deadline what was to be."""
    waiting = Application.objects.waiting_to_be_sent().values_list("pk", flat=True)
    for_each(waiting, settle)


@shared_task
def sweep_transfers() -> None:
    """Give the worker what it has lost, and let go what ended it three times or was forgotten."""
    transfer.give_up()
    transfer.abandon_stale()
    for pk in to_check():
        hand_off(transfer.CHECK, str(pk))


@shared_task
def sweep_leftovers() -> None:
    """Delete what processes that were killed have left behind of files on their way."""
    transfer.sweep()
    sweep_scratch()


@shared_task
def settle_nominations() -> None:
    """Tell of letters whose check ended with a worker that could not say so any more."""
    for_each(to_settle(), nomination.settle)


@shared_task
def scan_what_waits() -> None:
    """Ask the virus scanner again about what it has not seen; delete what was held too long."""
    quarantine.clear()
    for pk in to_scan():
        hand_off(quarantine.SCAN, str(pk))


def for_each(things: Iterable, act: Callable) -> None:
    """Act on one after another; what goes wrong with one is logged and keeps no other waiting."""
    for thing in things:
        try:
            act(thing)
        except Exception:
            logger.exception("What was due could not be done for %s", thing)
