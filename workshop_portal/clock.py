"""What time does to the whole house: every day its rows and files are compared."""

from __future__ import annotations

import logging

from celery import shared_task

from workshop_portal import invariants

logger = logging.getLogger(__name__)


@shared_task(time_limit=1800)
def audit() -> None:
    """Delete the files that no row has named for a week, and say in the log what is wrong."""
    for name in invariants.sweep():
        logger.warning("Deleted a file that no row has named for a week: %s", name)
    for finding in invariants.findings():
        logger.error("Not as it must be: %s", finding)
