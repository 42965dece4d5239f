"""The page on which cities and facilitators declare conflicts of interest."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cityshare import access
from cityshare.actions import conflict as actions
from cityshare.forms.conflict import ConflictForm
from cityshare.models import Conflict, Cycle, Member
from cityshare.queries import conflict as queries
from cityshare.queries.cycle import seat_of
from cityshare.queries.rating import member_of
from cityshare.views.doors import cycle_of
from workshop_portal.errors import require


@login_required
def conflicts(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    found = cycle_of(request, cycle)
    member = member_of(found, request.user)

    form = ConflictForm(request.POST or None, cycle=found, own=member.team if member else None)
    if form.is_valid():
        declared = actions.declare(**form.facts, by=request.user)
        messages.success(request, _("Declared. Those who lead the cycle read it."))
        return redirect("cityshare:conflicts", declared.one.cycle_id)
    return render(request, "cityshare/draw/conflicts.html", page(request, found, member, form))


def page(
    request: HttpRequest, cycle: Cycle, member: Member | None, form: ConflictForm
) -> dict[str, Any]:
    """What is declared, as far as this person sees it, and what they still have to say."""
    return {
        "cycle": cycle,
        "here": _("Conflicts of interest"),
        "seat": seat_of(request.user, cycle),
        "member": member,
        "form": form,
        "lines": queries.shown_to(request.user, cycle, member.team if member else None),
        "has_said": member is not None and queries.has_said(member),
        "silent": [] if member else queries.silent(cycle),
        "may_declare": cycle.status in queries.DECLARED_IN,
        "may_say": cycle.status in queries.SAID_IN,
    }


@require_POST
@login_required
def conflicts_said(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    member = member_of(cycle_of(request, cycle), request.user)
    if member is None:
        raise Http404

    actions.say_all(member, by=request.user)
    messages.success(request, _("Thank you. If something comes up later, declare it here at once."))
    return redirect("cityshare:conflicts", cycle)


@require_POST
@login_required
def conflict_take_back(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    shown = Conflict.objects.visible_to(request.user).filter(one__cycle=cycle_of(request, cycle))
    conflict = get_object_or_404(shown.select_related("one__city", "other__city"), pk=pk)
    require(access.can_take_back(request.user, conflict))

    actions.take_back(conflict, by=request.user)
    messages.success(request, _("The conflict is taken back."))
    return redirect("cityshare:conflicts", cycle)
