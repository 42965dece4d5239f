"""The facilitator's pages of who rates whom."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cityshare.actions import draw as actions
from cityshare.actions import pairs
from cityshare.forms.draw import DrawForm, PersonForm, ReleaseForm, SwapForm, VoidForm
from cityshare.models import Assignment, Cycle, Draw, Member, Team
from cityshare.queries import draw as queries
from cityshare.queries.cycle import due_of
from cityshare.queries.pairs import (
    DRAWN_IN,
    is_draft,
    may_change,
    newest,
    stand_ins_of,
    standing_of,
)
from cityshare.views.doors import run_cycle


@login_required
def draw(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    found = run_cycle(request, cycle)

    form = DrawForm(request.POST or None, cycle=found, last=newest(found))
    if form.is_valid():
        actions.ask(found, **form.cleaned_data, by=request.user)
        return redirect("cityshare:draw", cycle)
    return page(request, found, form=form)


def page(
    request: HttpRequest, cycle: Cycle, *, form: DrawForm, release: ReleaseForm | None = None
) -> HttpResponse:
    """How the draw of a cycle stands, with the forms to draw again and to release it."""
    last = newest(cycle)
    context = {
        "cycle": cycle,
        "here": _("Who rates whom"),
        "last": last,
        "form": form,
        "may_draw": cycle.status in DRAWN_IN,
        "may_release": cycle.status == Cycle.Stage.RATING,
        "changes": queries.changes(cycle),
        "due": due_of(cycle),
        **(table(cycle, last, release) if last and last.has_pairs else {}),
    }
    return render(request, "cityshare/draw/draw.html", context)


def table(cycle: Cycle, last: Draw, release: ReleaseForm | None) -> dict[str, Any]:
    """The pairs of a draw, and what its page says of them."""
    board = queries.board(cycle, last)
    return {
        "board": board,
        "is_draft": is_draft(last),
        "obstacles": queries.obstacles(last, board),
        "ways_out": queries.ways_out(last, cycle),
        "release": release or ReleaseForm(is_short=bool(board.short)),
    }


@require_safe
@login_required
def draw_state(request: HttpRequest, cycle: uuid.UUID) -> JsonResponse:
    """For a script that waits: whether the page has something new to show."""
    last = newest(run_cycle(request, cycle))
    return JsonResponse({"is_done": last is None or last.status != Draw.Status.WAITING})


def one_of(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> Draw:
    """A draw of a cycle that this person leads."""
    draws = run_cycle(request, cycle).draws.select_related("cycle__workshop")
    return get_object_or_404(draws, pk=pk)


@require_POST
@login_required
def draw_release(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    found = one_of(request, cycle, pk)

    board = queries.board(found.cycle, found)
    form = ReleaseForm(request.POST, is_short=bool(board.short))
    if not form.is_valid():
        again = DrawForm(cycle=found.cycle, last=found)
        return page(request, found.cycle, form=again, release=form)
    number = actions.release(found, in_spite="in_spite" in form.cleaned_data, by=request.user)
    told = ngettext(
        "The raters know now whom they rate: %(n)d person has a letter.",
        "The raters know now whom they rate: %(n)d people have a letter.",
        number,
    )
    messages.success(request, told % {"n": number})
    return redirect("cityshare:draw", cycle)


@require_POST
@login_required
def draw_retry(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    actions.retry(one_of(request, cycle, pk), by=request.user)
    return redirect("cityshare:draw", cycle)


# --- Single raters -----------------------------------------------------------------------


def pair_of(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> Assignment:
    """A pair of a cycle that this person leads."""
    known = Assignment.objects.filter(rated__cycle=run_cycle(request, cycle)).select_related(
        "rater__city", "rated__city", "rated__cycle__workshop", "person"
    )
    return get_object_or_404(known, pk=pk)


@login_required
def assignment_swap(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    pair = pair_of(request, cycle, pk)
    found = pair.rated.cycle
    if not may_change(found, newest(found)):
        return redirect("cityshare:draw", cycle)

    form = swap_form(request.POST, pair.rated, pair)
    if form.is_valid():
        pairs.swap(pair, **form.facts, by=request.user)
        messages.success(request, _("%s: the rater is exchanged.") % pair.rated)
        return redirect(back_to(pair.rated))
    return render(request, "cityshare/draw/swap.html", swap_page(pair.rated, form, pair))


@login_required
def assignment_add(request: HttpRequest, cycle: uuid.UUID, team: uuid.UUID) -> HttpResponse:
    found = run_cycle(request, cycle)
    rated = get_object_or_404(found.teams.select_related("city"), pk=team)
    if not may_change(found, newest(found)):
        return redirect("cityshare:draw", cycle)

    form = swap_form(request.POST, rated, None)
    if form.is_valid():
        pairs.add(rated, **form.facts, by=request.user)
        messages.success(request, _("%s has one rater more.") % rated)
        return redirect(back_to(rated))
    return render(request, "cityshare/draw/swap.html", swap_page(rated, form, None))


def swap_form(data: Any, rated: Team, pair: Assignment | None) -> SwapForm:
    """The form that exchanges a rater of a city, or adds one where there is no pair."""
    return SwapForm(
        data or None,
        free=stand_ins_of(standing_of(rated.cycle), rated),
        may_be_empty=pair is not None,
        words=_("Exchange the rater") if pair else _("Add this rater"),
    )


def swap_page(
    rated: Team, form: SwapForm, pair: Assignment | None, person: PersonForm | None = None
) -> dict[str, Any]:
    """What the page of one place says around its form, and around that for another person."""
    if pair and person is None and others_than(pair).exists():
        person = person_form(pair)
    return {
        "cycle": rated.cycle,
        "here": rated.city.name,
        "rated": rated,
        "pair": pair,
        "form": form,
        "free": form.free,
        "is_draft": is_draft(newest(rated.cycle)),
        "person": person,
    }


def others_than(pair: Assignment) -> QuerySet[Member]:
    """Who else of the rating city's team could rate."""
    return Member.objects.filter(team=pair.rater_id).exclude(user=pair.person_id)


def person_form(pair: Assignment, data: Any = None) -> PersonForm:
    """The form that lets somebody else of the rating city's team do it."""
    form = PersonForm(data, members=others_than(pair).select_related("user"))
    form.helper.form_action = reverse(
        "cityshare:assignment-entrust", args=[pair.rated.cycle_id, pair.pk]
    )
    return form


@require_POST
@login_required
def assignment_entrust(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    pair = pair_of(request, cycle, pk)

    form = person_form(pair, request.POST)
    if not form.is_valid():
        context = swap_page(pair.rated, swap_form(None, pair.rated, pair), pair, form)
        return render(request, "cityshare/draw/swap.html", context)
    member = form.cleaned_data["member"]
    pairs.entrust(pair, member=member, by=request.user)
    messages.success(request, _("%s rates this city now.") % member.user)
    return redirect(back_to(pair.rated))


@login_required
def assignment_void(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    pair = pair_of(request, cycle, pk)

    form = VoidForm(request.POST or None)
    if form.is_valid():
        pairs.make_void(pair, **form.cleaned_data, by=request.user)
        messages.success(request, _("%s: these ratings do not count any more.") % pair.rated)
        return redirect(back_to(pair.rated))
    context = {"cycle": pair.rated.cycle, "here": pair.rated.city.name, "pair": pair, "form": form}
    return render(request, "cityshare/draw/void.html", context)


@require_POST
@login_required
def assignment_restore(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    pair = pair_of(request, cycle, pk)

    pairs.restore(pair, by=request.user)
    messages.success(request, _("%s: the rater is back.") % pair.rated)
    return redirect(back_to(pair.rated))


def back_to(rated: Team) -> str:
    """The line of a city in the table."""
    return f"{reverse('cityshare:draw', args=[rated.cycle_id])}#city-{rated.pk}"
