"""How far raters agree, for those who lead; how one rates, for each rater alone."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cityshare.actions.naming import name_raters
from cityshare.forms.moderation import NamesForm
from cityshare.models import Cycle
from cityshare.queries import agreement as queries
from cityshare.queries.naming import knows_raters_of
from cityshare.views.doors import joined_cycle, led_cycle


@login_required
def agreement(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    """Alpha, severity and what lies outside; for those who lead alone."""
    found = led_cycle(request, cycle)

    form = NamesForm(request.POST or None, action=request.path)
    if form.is_valid():
        name_raters(found, found, **form.cleaned_data, by=request.user)
        return redirect("cityshare:agreement", cycle)
    report = queries.report(found, is_named=knows_raters_of(found, found, request.user))
    context = {"cycle": found, "here": _("Agreement"), "report": report, "names": form}
    return render(request, "cityshare/moderation/agreement.html", context)


@require_safe
@login_required
def feedback(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    """How the person who asks rates; nobody else opens it."""
    found = joined_cycle(request, cycle)

    context = {
        "cycle": found,
        "here": _("How I rate"),
        "feedback": queries.feedback(found, request.user),
        "is_early": not found.has_reached(Cycle.Stage.MODERATION),
    }
    return render(request, "cityshare/moderation/feedback.html", context)
