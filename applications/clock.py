"""What time does to calls: the papers that a call page offers are there, whatever happened."""

from __future__ import annotations

from celery import shared_task

from applications.actions.call import order_papers
from applications.forms import intake, preview
from applications.models import Call


@shared_task
def print_call_papers() -> None:
    """Order what is missing, also after a text, a date or the form itself has changed."""
    form = preview.describe(intake.SECTIONS)
    for call in Call.objects.select_related("workshop"):
        order_papers(call, form=form)
