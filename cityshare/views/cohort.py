"""The whole cycle for those who lead it: how far everybody is, and everything to take home."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cityshare import reports
from cityshare.actions.takeout import note_takeout
from cityshare.forms.cohort import JSON, TakeoutForm
from cityshare.models import Cycle
from cityshare.queries.cohort import cohort as stands
from cityshare.queries.cycle import Seat
from cityshare.views.doors import led_cycle
from workshop_portal import exports

LEADS = Seat(leads=True)


@require_safe
@login_required
def cohort(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    found = led_cycle(request, cycle)

    context = {
        "cycle": found,
        "here": _("The whole cycle"),
        "seat": LEADS,
        "cohort": stands(found, now=timezone.now()),
    }
    return render(request, "cityshare/cohort/cohort.html", context)


@login_required
def takeout(request: HttpRequest, cycle: uuid.UUID) -> HttpResponseBase:
    found = led_cycle(request, cycle)

    form = TakeoutForm(request.POST or None, cycle=found)
    if form.is_valid():
        note_takeout(found, **form.cleaned_data, by=request.user)
        return written(found, **form.cleaned_data)
    context = {"cycle": found, "here": _("Take it out"), "seat": LEADS, "form": form}
    return render(request, "cityshare/cohort/takeout.html", context)


def written(
    cycle: Cycle, *, kind: str, single_ratings: bool = False, **_reason: Any
) -> HttpResponseBase:
    """The file."""
    tables = reports.tables(cycle, single_ratings=single_ratings)
    title = f"cityshare-{cycle.workshop.slug}"
    if kind == JSON:
        return exports.as_json(title, reports.facts(cycle), tables)
    return exports.as_workbook(title, tables.values())
