"""What the worker does for CityShare. It is one more user: it calls actions."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from cityshare.actions import draw, evidence, matching
from cityshare.allocation import allocate
from cityshare.matching import match
from cityshare.models import Evidence
from cityshare.queries.matching import problem
from cityshare.queries.pairs import facts_of
from workshop_portal import files


@shared_task(time_limit=100)
def draw_raters(pk: str) -> None:
    """Draw who rates whom. Whoever comes second finds nothing to do; a lease outlives this."""
    asked = draw.claim(pk)
    if asked is None:
        return
    facts = facts_of(asked.cycle, asked)
    draw.conclude(asked, allocate(facts.problem), facts=facts)


@shared_task(time_limit=100)
def solve_matching(pk: str) -> None:
    """Find the best set of peer assists to propose. Whoever comes second finds nothing to do.

    Shorter than the lease: one that hangs is gone before another takes its place.
    """
    asked = matching.claim(pk)
    if asked is None:
        return
    posed = problem(asked)
    answer = match(posed.group, posed.limits, posed.accepted)
    matching.conclude(asked, answer, teams=posed.teams)


@shared_task(time_limit=100)
def check_evidence(pk: str) -> None:
    """Check a file that shows a level, and take it or refuse it with its sentence."""
    row = evidence.claim(pk)
    if row is None:
        return
    try:
        with files.scratch_folder("evidence") as folder:
            path = files.on_disk(row.file, folder)
            checked = files.check(
                [path],
                row.name,
                Evidence.FILE_KINDS,
                limit=settings.UPLOAD_LIMIT,
                names_nobody=True,
            )
            evidence.conclude(row, checked)
    except files.NotTaken as verdict:
        evidence.refuse(row, verdict.code, **verdict.params)
