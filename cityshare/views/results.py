"""How others see a city, for its own team; and what is written, for those who lead."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cityshare.actions import comment as actions
from cityshare.actions.naming import name_raters
from cityshare.forms.moderation import HoldForm, NamesForm
from cityshare.models import Cycle, PeerRating, Team
from cityshare.queries import comments as queries
from cityshare.queries.agreement import results as results_of
from cityshare.views.doors import led_cycle, own_team

# What the buttons beside a comment say; anything else takes the mark back.
USEFUL = {"yes": True, "no": False}


def comment_of(team: Team, token: str) -> PeerRating:
    """The words that a token of this city's page stands for."""
    rating = queries.behind(team, token)
    if rating is None:
        raise Http404
    return rating


@require_safe
@login_required
def results(request: HttpRequest, cycle: uuid.UUID, team: uuid.UUID) -> HttpResponse:
    own = own_team(request, cycle, team)

    written = queries.comments_of(own, own.cycle)
    found = results_of(own)
    lines = found.lines if found else []
    context = {
        "cycle": own.cycle,
        "here": _("Our results"),
        "team": own,
        "results": found,
        "lines": [(line, unit, written.get(line.code, [])) for line, unit in lines],
        "has_comments": bool(written),
        "is_over": own.cycle.status == Cycle.Stage.CLOSED,
    }
    return render(request, "cityshare/moderation/results.html", context)


def back_to(team: Team, token: str) -> HttpResponse:
    """The results, at the comment of which something was said; its fold opens by that."""
    address = reverse("cityshare:results", args=[team.cycle_id, team.pk])
    return redirect(f"{address}#comment-{token}")


@require_POST
@login_required
def comment_mark(
    request: HttpRequest, cycle: uuid.UUID, team: uuid.UUID, token: str
) -> HttpResponse:
    own = own_team(request, cycle, team)

    useful = USEFUL.get(request.POST.get("useful", ""))
    actions.mark(comment_of(own, token), useful=useful, by=request.user)
    messages.success(request, _("Thank you. The rater learns how many comments were useful."))
    return back_to(own, token)


@require_POST
@login_required
def comment_report(
    request: HttpRequest, cycle: uuid.UUID, team: uuid.UUID, token: str
) -> HttpResponse:
    own = own_team(request, cycle, team)

    actions.report(comment_of(own, token), by=request.user)
    messages.success(request, _("Those who lead the cycle look at this comment."))
    return back_to(own, token)


# --- For those who lead ------------------------------------------------------------------


@login_required
def comments(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    found = led_cycle(request, cycle)

    teams = list(Team.objects.filter(cycle=found).by_country())
    team = next((one for one in teams if str(one.pk) == request.GET.get("team")), None)
    form = NamesForm(request.POST or None, action=comments_url(team) if team else "")
    if team and form.is_valid():
        name_raters(team, found, **form.cleaned_data, by=request.user)
        return redirect(comments_url(team))
    context = {
        "cycle": found,
        "here": _("Comments"),
        "team": team,
        "teams": teams,
        "desk": queries.desk(found, request.user, team),
        "names": form,
        "is_early": not found.has_reached(Cycle.Stage.MODERATION),
        "is_over": found.status == Cycle.Stage.CLOSED,
    }
    return render(request, "cityshare/moderation/comments.html", context)


def comments_url(team: Team) -> str:
    """The comments about a city."""
    return f"{reverse('cityshare:comments', args=[team.cycle_id])}?team={team.pk}"


def rating_in(cycle: Cycle, pk: int) -> PeerRating:
    """A rating of this cycle, of which the levels may be known."""
    rows = PeerRating.objects.filter(assignment__rated__cycle=cycle)
    if not cycle.has_reached(Cycle.Stage.MODERATION):
        raise Http404
    known = rows.select_related("assignment__rated__cycle", "assignment__rated__city", "practice")
    return get_object_or_404(known, pk=pk)


@login_required
def comment_hold(request: HttpRequest, cycle: uuid.UUID, pk: int) -> HttpResponse:
    found = led_cycle(request, cycle)

    rating, form = rating_in(found, pk), HoldForm(request.POST or None)
    if form.is_valid():
        actions.hold_back(rating, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The comment is kept back. Its rater reads your reason."))
        return redirect(comments_url(rating.assignment.rated))
    context = {"cycle": found, "here": _("Keep back"), "rating": rating, "form": form}
    return render(request, "cityshare/moderation/hold.html", context)


@require_POST
@login_required
def comment_let_stand(request: HttpRequest, cycle: uuid.UUID, pk: int) -> HttpResponse:
    found = led_cycle(request, cycle)

    rating = rating_in(found, pk)
    actions.let_stand(rating, by=request.user)
    messages.success(request, _("The comment stands."))
    return redirect(comments_url(rating.assignment.rated))
