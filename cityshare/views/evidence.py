"""What shows a level: given, taken back, and read by those who may."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cityshare import access
from cityshare.actions import evidence as actions
from cityshare.forms.evidence import EvidenceForm
from cityshare.models import Evidence
from cityshare.queries.evidence import closed_because
from cityshare.views.assessment import form_page, place_of
from cityshare.views.doors import own_seat
from workshop_portal.errors import require
from workshop_portal.files import serve


@login_required
@form_page
def evidence_add(request: HttpRequest, cycle: uuid.UUID, code: str) -> HttpResponse:
    """A file, a link or a text for one practice."""
    seat, team = own_seat(request, cycle)
    page, line = place_of(team, code)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EvidenceForm(*sent, initial={"kind": request.GET.get("kind")})
    if form.is_valid():
        actions.add(team, line.practice, form.given, by=request.user)
        return redirect(place(cycle, code))
    context = {
        "cycle": team.cycle,
        "seat": seat,
        "here": line.practice.code,
        "line": line,
        "form": form,
        "closed": closed_because(page.assessment, line.score),
        "back": place(cycle, code),
    }
    return render(request, "cityshare/assess/evidence.html", context)


def place(cycle: uuid.UUID, code: str) -> str:
    """Where the evidence of a practice stands."""
    return reverse("cityshare:assess-practice", args=[cycle, code]) + "#evidence"


def visible(request: HttpRequest, pk: uuid.UUID) -> Evidence:
    known = Evidence.objects.visible_to(request.user)
    wanted = known.select_related("score__assessment__team__cycle", "score__practice")
    return get_object_or_404(wanted, pk=pk)


@require_POST
@login_required
def evidence_delete(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = visible(request, pk)
    team = row.score.assessment.team
    require(access.can_write_for(request.user, team))
    actions.delete(row, by=request.user)
    messages.success(request, _("“%(title)s” is deleted.") % {"title": row.title})
    return redirect(place(team.cycle_id, row.score.practice.code))


@require_safe
@login_required
def evidence_file(request: HttpRequest, pk: uuid.UUID) -> HttpResponse | FileResponse:
    """The file of a piece of evidence; that others than its own city read it is on record."""
    row = visible(request, pk)
    readable = Evidence.objects.filter(state=Evidence.State.TAKEN).exclude(file="")
    get_object_or_404(readable, pk=row.pk)
    is_own = access.can_write_for(request.user, row.score.assessment.team)
    if not is_own and not actions.put_on_record(row, by=request.user):
        return render(request, "unrecorded.html", status=503)
    return serve(row.file, row.name, row.media_type)
