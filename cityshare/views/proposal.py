"""A proposal before the two cities that it is about: yes, no, or rather another."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cityshare import access
from cityshare.actions import proposal as actions
from cityshare.forms.market import DeclineForm
from cityshare.models import Cycle, Proposal
from cityshare.queries import proposal as queries
from cityshare.queries.cycle import seat_of
from cityshare.queries.market import is_open
from cityshare.views.doors import cycle_of, spoken_for
from workshop_portal.errors import require


def proposal_of(request: HttpRequest, cycle: Cycle, pk: uuid.UUID) -> Proposal:
    """A proposal that this person may see; 404 for any other."""
    rows = Proposal.objects.visible_to(request.user).filter(learner__cycle=cycle)
    known = rows.select_related("helper__city", "learner__city", "practice", "rather__city")
    return get_object_or_404(known, pk=pk)


@require_safe
@login_required
def proposal(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    found = cycle_of(request, cycle)
    one = proposal_of(request, found, pk)

    seat = seat_of(request.user, found)
    speaks = seat.is_focal_point and is_open(found)
    context = {
        "cycle": found,
        "here": queries.in_a_line(one),
        "proposal": one,
        "page": queries.page(one, seat.team),
        "may_accept": speaks and queries.may_accept(one, seat.team),
        "may_decline": speaks and queries.may_decline(one),
        "may_plan": is_open(found) and access.can_plan(request.user, one.learner),
    }
    return render(request, "cityshare/market/proposal.html", context)


@require_POST
@login_required
def proposal_accept(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    found = cycle_of(request, cycle)
    one = proposal_of(request, found, pk)
    team = spoken_for(request, found)

    held = actions.accept(one, team, by=request.user)
    if held.status == Proposal.Status.ACCEPTED:
        messages.success(request, _("Both cities have said yes. Now the meeting can be planned."))
    else:
        messages.success(request, _("Your yes is noted. The other city is still to answer."))
    return redirect("cityshare:proposal", cycle, pk)


@login_required
def proposal_decline(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    found = cycle_of(request, cycle)
    one = proposal_of(request, found, pk)
    team = spoken_for(request, found)
    require(team.pk in (one.helper_id, one.learner_id))

    form = DeclineForm(request.POST or None, others=queries.others(one, team))
    if form.is_valid():
        actions.decline(one, team, **form.cleaned_data, by=request.user)
        messages.success(request, _("Your answer is noted. The others are told."))
        return redirect("cityshare:market", cycle)
    context = {
        "cycle": found,
        "here": _("Decline"),
        "proposal": one,
        "words": queries.in_a_line(one),
        "form": form,
    }
    return render(request, "cityshare/market/decline.html", context)
