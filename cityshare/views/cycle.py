"""CityShare's own page, and each cycle as everybody's map: where we are, by when, what is next."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cityshare import access
from cityshare.actions import cycle as actions
from cityshare.forms.cycle import CycleForm, MoveOnForm, known_of
from cityshare.models import Cycle, Framework
from cityshare.queries.cycle import cycles_of, due_of, led_workshops, seat_of, workshops_led_by
from cityshare.queries.gate import passage_of
from cityshare.queries.letters import letters
from cityshare.queries.stages import MEANINGS, way
from cityshare.queries.tasks import tasks_in
from cityshare.queries.team import by_country
from cityshare.views.doors import cycle_of, run_cycle


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What CityShare is, and one's own cycles."""
    context = {
        "joined": cycles_of(request.user),
        "led": led_workshops(request.user),
        "keeps": access.can_keep_frameworks(request.user),
    }
    return render(request, "cityshare/home.html", context)


@require_safe
@login_required
def page(request: HttpRequest, cycle: str) -> HttpResponse:
    """Where the cycle is, by when, what is mine to do next, and who takes part."""
    found = dated(cycle_of(request, cycle))
    seat = seat_of(request.user, found)
    countries = by_country(found)
    context = {
        "cycle": found,
        "seat": seat,
        "steps": way(found),
        "meaning": MEANINGS[found.status],
        "due": due_of(found),
        "left": left(found),
        "tasks": tasks_in(found, request.user, seat, now=timezone.now()),
        "countries": countries,
        "number": sum(len(country.teams) for country in countries),
    }
    return render(request, "cityshare/cycle/cycle.html", context)


@login_required
def create(request: HttpRequest, slug: str) -> HttpResponse:
    workshop = get_object_or_404(workshops_led_by(request.user), slug=slug)
    form = CycleForm(request.POST or None, workshop=workshop, cycle=None, by=request.user)
    if form.is_valid():
        made = actions.begin_cycle(workshop, **form.facts, by=request.user)
        messages.success(request, _("The cycle is there. Only those who lead it see it so far."))
        return redirect("cityshare:team-list", cycle=made.pk)
    has_framework = Framework.objects.frozen().exists()
    context = {"workshop": workshop, "form": form, "has_framework": has_framework}
    return render(request, "cityshare/cycle/create.html", context)


@login_required
def edit(request: HttpRequest, cycle: str) -> HttpResponse:
    found = dated(run_cycle(request, cycle))
    if found.status == Cycle.Stage.CLOSED:
        messages.info(request, _("This cycle is closed, so its rules and deadlines stand."))
        return redirect(found)

    form = CycleForm(
        request.POST or None,
        known=known_of(found),
        workshop=found.workshop,
        cycle=found,
        by=request.user,
    )
    if form.is_valid():
        actions.edit_cycle(found, **form.facts, by=request.user)
        messages.success(request, _("The rules and deadlines are saved."))
        return redirect(found)
    context = {"cycle": found, "here": _("Rules and deadlines"), "form": form}
    return render(request, "cityshare/cycle/edit.html", context)


@login_required
def move_on(request: HttpRequest, cycle: str) -> HttpResponse:
    """What the next stage opens, what is missing before, who is written to; and one press."""
    found = dated(run_cycle(request, cycle))
    passage = passage_of(found)
    if passage is None:
        return redirect(found)
    form = MoveOnForm(request.POST or None, has_lacks=bool(passage.lacks))
    if form.is_valid():
        actions.move_on(found, **form.cleaned_data, by=request.user)
        messages.success(request, _("The cycle has moved on. Everybody of the cities is told."))
        return redirect(found)
    context = {"cycle": found, "here": _("Move the cycle on"), "passage": passage, "form": form}
    context["letters"] = letters(found, passage.to, passage.readers)
    return render(request, "cityshare/cycle/move_on.html", context)


def dated(cycle: Cycle) -> Cycle:
    """The cycle with its deadlines, of which a page says more than one thing."""
    prefetch_related_objects([cycle], "deadlines")
    return cycle


def left(cycle: Cycle) -> object:
    """How much time the stage still has; None without a deadline."""
    due = due_of(cycle)
    return due - timezone.now() if due else None
