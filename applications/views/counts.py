"""How many people found out whether a workshop is for them, as the desk reads it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications import access, reports
from applications.actions import eligibility as actions
from applications.queries import eligibility as queries
from applications.views.staff import call_of
from workshop_portal import exports
from workshop_portal.errors import require


@require_safe
@login_required
def counts(request: HttpRequest, slug: str) -> HttpResponse:
    """How many asked, by country and by what stood in the way."""
    call = call_of(request, slug)
    require(access.can_run(request.user, call))

    found, heads = queries.counts(call), queries.HEADS
    context = {"call": call, "workshop": call.workshop, "counts": found, "heads": heads}
    return render(request, "applications/staff/eligibility.html", context)


@require_safe
@login_required
def export(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The counts as a table, to be taken out of the portal."""
    call = call_of(request, slug)
    require(access.can_run(request.user, call))
    if kind not in exports.FORMATS:
        raise Http404

    table = reports.eligibility(call)
    actions.note_export(call, kind=kind, rows=call.eligibility_counts.count(), by=request.user)
    return exports.export(table, kind)
