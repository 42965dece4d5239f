"""The pages on which everybody rates invented cities first."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cityshare import access
from cityshare.actions.calibration import calibrate as keep
from cityshare.forms.rating import CalibrationForm
from cityshare.models import Cycle, Member
from cityshare.queries import rating as queries
from cityshare.queries.cycle import due_of
from cityshare.views.doors import joined_cycle
from workshop_portal.errors import require


def member_of(request: HttpRequest, cycle: uuid.UUID) -> Member:
    """This person's place in a team of the cycle; 404 for everybody else."""
    found = joined_cycle(request, cycle)
    member = queries.member_of(found, request.user)
    if member is None:
        raise Http404
    member.team.cycle = found
    return member


@require_safe
@login_required
def calibrate(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    member = member_of(request, cycle)

    found, cities = member.team.cycle, queries.invented(member)
    waits = found.status == Cycle.Stage.RATING and not all(city.is_rated for city in cities)
    context = {
        "cycle": found,
        "here": _("Invented cities"),
        "due": due_of(found) if waits else None,
        "cities": cities,
    }
    return render(request, "cityshare/rating/invented.html", context)


@login_required
def calibrate_city(request: HttpRequest, cycle: uuid.UUID, number: int) -> HttpResponse:
    member = member_of(request, cycle)
    require(access.can_write_for(request.user, member.team))
    invented = {city.dossier.order: city for city in queries.invented(member)}
    if number not in invented:
        raise Http404
    city = invented[number]

    form = CalibrationForm(request.POST or None, cases=city.cases)
    if form.is_valid():
        keep(member, city.dossier, levels=form.levels, by=request.user)
        messages.success(request, _("Here are the agreed levels beside yours."))
        return redirect("cityshare:calibrate-city", cycle, number)
    context = {"cycle": member.team.cycle, "here": city.dossier.title, "city": city, "form": form}
    context["above"] = (_("Invented cities"), reverse("cityshare:calibrate", args=[cycle]))
    return render(request, "cityshare/rating/invented_city.html", context)
