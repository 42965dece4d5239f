"""Printing, in the worker alone."""

from __future__ import annotations

import hashlib
import importlib
import logging

from celery import shared_task
from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils.translation import override

from workshop_portal.leased import TRIES
from workshop_portal.papers.models import Paper

logger = logging.getLogger(__name__)

# Shorter than the lease: a printer that hangs is gone before another takes its paper.
LONGEST_PRINTING = 90
# Loaded when the first paper is printed, not at the start: it takes a second and 50 MB, and the
# web servers, which only order papers, never need it.
PRESS = "workshop_portal.papers.press"


@shared_task(time_limit=LONGEST_PRINTING)
def print_paper(paper_id: str) -> None:
    """Print a paper that is waiting. Whoever comes second finds nothing to do."""
    if paper := Paper.objects.waiting().claim(paper_id):
        make(paper)


def make(paper: Paper) -> None:
    """Print and keep the paper; a press that fails leaves it for another try, or gives up."""
    try:
        pdf = printed(paper)
    except Exception as fault:
        logger.exception("papers: %s could not be printed", paper.key)
        last = paper.tries >= TRIES
        state = Paper.State.FAILED if last else Paper.State.ORDERED
        said = f"{type(fault).__name__}: {fault}"[:300]
        ours(paper).update(state=state, lease_until=None, last_error=said)
    else:
        keep(paper, pdf)


def printed(paper: Paper) -> bytes:
    """The file of a paper from its frozen facts, also of one that nobody ordered and no row has."""
    press = importlib.import_module(PRESS)
    pdf = press.press(page(paper))
    return press.picture(pdf) if paper.is_picture else pdf


def page(paper: Paper) -> str:
    """The paper as HTML, in its language, from its frozen facts."""
    context = {
        "paper": paper,
        "facts": paper.facts,
        "centre": settings.CENTRE_NAME,
        "contact": settings.CONTACT_EMAIL,
        "reference": paper.facts.get("reference", ""),
        "zone": paper.facts.get("zone", ""),
    }
    with override(paper.language):
        return render_to_string(paper.template, context)


def keep(paper: Paper, made: bytes) -> None:
    """Store the file, then say that it is ready; a printer that came too late clears up."""
    paper.file.save(f"{paper.pk}{paper.kind.suffix}", ContentFile(made), save=False)
    facts = {"file": paper.file.name, "size": len(made), "sha256": hashlib.sha256(made).hexdigest()}
    ready = {"state": Paper.State.READY, "ready_at": Now(), "lease_until": None, "last_error": ""}
    if not ours(paper).update(**facts, **ready):
        paper.file.delete(save=False)


def ours(paper: Paper) -> QuerySet[Paper]:
    """The row, if no other printer has taken it since."""
    return Paper.objects.waiting().filter(pk=paper.pk, tries=paper.tries)
