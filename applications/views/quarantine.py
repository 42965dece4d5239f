"""The page of those who look after the portal: files that the virus check held back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications import access
from applications.actions import quarantine as actions
from applications.models import Document
from applications.queries.transfer import held_back
from workshop_portal.errors import require


def held_of(request: HttpRequest, pk: uuid.UUID) -> Document:
    """A file that was held back, for those who decide about it; 404 for all others."""
    if not access.can_let_go(request.user):
        raise Http404
    held = get_object_or_404(held_back(), pk=pk)
    require(access.can_judge(request.user, held))
    return held


@require_safe
@login_required
def quarantine(request: HttpRequest) -> HttpResponse:
    if not access.can_let_go(request.user):
        raise Http404
    context = {"documents": held_back(), "days": actions.KEPT.days}
    return render(request, "applications/staff/quarantine.html", context)


@require_POST
@login_required
def let_go(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    actions.let_go(held_of(request, pk), by=request.user)
    messages.success(request, _("The file can be opened now, like any other."))
    return redirect("applications:quarantine")


@require_POST
@login_required
def remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    actions.remove(held_of(request, pk), by=request.user)
    messages.success(request, _("The file is deleted."))
    return redirect("applications:quarantine")
