"""The pages of a person who rates another city."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cityshare import access
from cityshare.actions import rating as actions
from cityshare.forms.rating import EntrustForm, FinalForm, RatingForm
from cityshare.models import Assignment, Cycle, Member
from cityshare.queries import rating as queries
from cityshare.queries.cycle import due_of
from cityshare.queries.framework import rungs
from cityshare.views.doors import joined_cycle
from workshop_portal.errors import require


def pair_of(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> Assignment:
    """A pair in which this person rates; 404 for everybody else, those who lead included."""
    pairs = Assignment.objects.visible_to(request.user).filter(
        rated__cycle=cycle, person=request.user
    )
    known = pairs.select_related(
        "rated__cycle__framework",
        "rated__cycle__workshop",
        "rated__city",
        "rated__assessment",
        "rater__city",
    )
    return get_object_or_404(known, pk=pk)


@require_safe
@login_required
def rating(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    found = joined_cycle(request, cycle)
    member = queries.member_of(found, request.user)

    context = {
        "cycle": found,
        "here": _("Cities I rate"),
        "ready": queries.readiness(member) if member else None,
        "cities": queries.to_rate(found, request.user),
        "is_open": found.status == Cycle.Stage.RATING,
        "due": until(found),
    }
    return render(request, "cityshare/rating/mine.html", context)


@require_safe
@login_required
def rate(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    pair = pair_of(request, cycle, pk)
    require(access.can_rate(request.user, pair))
    if not queries.may_begin(pair):
        return not_yet(request, pair)

    lines = queries.lines(pair)
    context = around(pair) | {
        "lines": lines,
        "outside": queries.outside(pair),
        "left": sum(not line.is_given for line in lines),
        "is_unblinded": queries.is_unblinded(pair),
        "waits": queries.waits_because(pair),
        "hand_over": hand_over(pair) if not any(line.rating for line in lines) else None,
    }
    return render(request, "cityshare/rating/city.html", context)


def around(pair: Assignment) -> dict[str, object]:
    """Where the page of a city stands, and until when the city is rated."""
    return {
        "cycle": pair.rated.cycle,
        "above": above(pair),
        "here": pair.rated.city.name,
        "pair": pair,
        "due": until(pair.rated.cycle) if pair.status != Assignment.Status.DONE else None,
    }


def until(cycle: Cycle) -> datetime | None:
    """Until when cities are rated; None where that is over, or was never said."""
    return due_of(cycle) if cycle.status == Cycle.Stage.RATING else None


def above(pair: Assignment) -> tuple[str, ...]:
    """The list that the page of a city belongs to."""
    return _("Cities I rate"), reverse("cityshare:rating", args=[pair.rated.cycle_id])


def not_yet(request: HttpRequest, pair: Assignment) -> HttpResponse:
    """Back to the page with what has to be done before a real city is opened."""
    member = queries.member_of(pair.rated.cycle, request.user)
    if member and queries.readiness(member).conflicts:
        words = _("Before you open a city, rate the invented cities.")
    else:
        words = _("Before you open a city, say whether there is a conflict.")
    messages.info(request, words)
    return redirect("cityshare:rating", pair.rated.cycle_id)


def hand_over(pair: Assignment) -> EntrustForm | None:
    """The form to let somebody else of the team rate; None when there is nobody else."""
    others = Member.objects.filter(team=pair.rater_id).exclude(user=pair.person_id)
    form = EntrustForm(members=others.select_related("user"))
    form.helper.form_action = reverse("cityshare:rate-entrust", args=[pair.rated.cycle_id, pair.pk])
    return form if others.exists() else None


@login_required
def rate_practice(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID, code: str) -> HttpResponse:
    pair = pair_of(request, cycle, pk)
    require(access.can_rate(request.user, pair))
    if not queries.may_begin(pair):
        return not_yet(request, pair)
    lines = queries.lines(pair)
    place = place_of(lines, code)
    line, is_final = lines[place], queries.is_unblinded(pair)

    kind = FinalForm if is_final else RatingForm
    form = kind(request.POST or None, rungs=rungs(line.practice), rating=line.rating)
    if form.is_valid():
        save = actions.reconsider if is_final else actions.rate
        save(pair, line.practice, **form.facts, by=request.user)
        return redirect(way_on(pair, lines, place))
    context = page(pair, lines, place, request) | {"form": form, "is_final": is_final}
    return render(request, "cityshare/rating/practice.html", context)


def place_of(lines: list[queries.Line], code: str) -> int:
    """Where in the list the practice of this code stands; 404 for one that is not asked about."""
    codes = [line.practice.code for line in lines]
    if code not in codes:
        raise Http404
    return codes.index(code)


def way_on(pair: Assignment, lines: list[queries.Line], place: int) -> str:
    """The next practice, or the city's page after the last one."""
    at = [pair.rated.cycle_id, pair.pk]
    if place + 1 == len(lines):
        return reverse("cityshare:rate", args=at)
    return reverse("cityshare:rate-practice", args=[*at, lines[place + 1].practice.code])


def page(
    pair: Assignment, lines: list[queries.Line], place: int, request: HttpRequest
) -> dict[str, object]:
    """What the page of one practice says around the form."""
    line, at = lines[place], [pair.rated.cycle_id, pair.pk]
    return {
        "cycle": pair.rated.cycle,
        "above": (*above(pair), pair.rated.city.name, reverse("cityshare:rate", args=at)),
        "here": line.practice.code,
        "pair": pair,
        "line": line,
        "number": place + 1,
        "lines": lines,
        "before": lines[place - 1] if place else None,
        "after": lines[place + 1] if place + 1 < len(lines) else None,
        "waits": queries.waits_because(pair),
        "told": queries.told(pair, line.practice),
        "evidence": queries.evidence(pair, line.practice, request.user),
    }


@require_POST
@login_required
def rate_lock(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    pair = pair_of(request, cycle, pk)
    require(access.can_rate(request.user, pair))

    actions.lock(pair, by=request.user)
    messages.success(
        request,
        _("Your first ratings are locked. Now you see how the city sees itself."),
    )
    return redirect("cityshare:rate", cycle, pk)


@require_POST
@login_required
def rate_finish(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    pair = pair_of(request, cycle, pk)
    require(access.can_rate(request.user, pair))

    actions.finish(pair, by=request.user)
    messages.success(request, _("Your ratings of this city are handed in. Thank you."))
    return redirect("cityshare:rating", cycle)


@require_POST
@login_required
def rate_entrust(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    pair = pair_of(request, cycle, pk)
    require(access.can_rate(request.user, pair))

    members = Member.objects.filter(team=pair.rater_id).select_related("user")
    form = EntrustForm(request.POST, members=members)
    if form.is_valid():
        actions.entrust(pair, form.member, by=request.user)
        messages.success(request, _("%s rates this city now.") % form.member.user)
        return redirect("cityshare:rating", cycle)
    return redirect("cityshare:rate", cycle, pk)
