"""The cities of a cycle and their people."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cityshare import access
from cityshare.actions import team as actions
from cityshare.forms.team import MemberForm, TeamForm
from cityshare.models import Cycle, Member, Team
from cityshare.queries.cycle import seat_of
from cityshare.queries.team import by_country, facts_of, leading_participants, unplaced
from cityshare.views.doors import cycle_of, run_cycle
from workshop_portal.errors import require


@require_safe
@login_required
def list_(request: HttpRequest, cycle: str) -> HttpResponse:
    """The cities by country; for those who lead, also whoever has no city yet."""
    found = cycle_of(request, cycle)
    seat = seat_of(request.user, found)
    context = {"cycle": found, "here": _("Cities"), "seat": seat}
    context["countries"] = by_country(found)
    if seat.leads:
        context |= {"unplaced": unplaced(found), "leading": leading_participants(found)}
    return render(request, "cityshare/cycle/teams.html", context)


@login_required
@require_POST
def make(request: HttpRequest, cycle: str) -> HttpResponse:
    """One team for each city of the workshop's participants."""
    found = run_cycle(request, cycle)
    number = len(actions.make_teams(found, by=request.user))
    said = ngettext("%(n)d city has its team.", "%(n)d cities have their teams.", number)
    messages.success(request, said % {"n": number} if number else _("Everybody has a city."))
    return redirect("cityshare:team-list", cycle=cycle)


@login_required
def people(request: HttpRequest, cycle: str, team: str) -> HttpResponse:
    """Who belongs to a city's team, and who speaks for it."""
    found, city = city_of(request, cycle, team)
    seat = seat_of(request.user, found)
    form = MemberForm(request.POST or None, cycle=found) if seat.leads else None
    if form is None:
        require(request.method != "POST" and access.can_write_for(request.user, city))
    elif form.is_valid():
        actions.add_member(city, form.cleaned_data["person"].user, by=request.user)
        messages.success(request, _("The person belongs to the team now."))
        return redirect("cityshare:team-people", cycle=cycle, team=team)
    leads_or_speaks = seat.leads or access.can_speak_for(request.user, city)
    may_change = leads_or_speaks and found.status != Cycle.Stage.CLOSED
    context = {"cycle": found, "seat": seat, "form": form, "may_change": may_change}
    return render(request, "cityshare/cycle/people.html", context | around(city))


def around(team: Team) -> dict[str, object]:
    """Where the page of a team stands, its people, and what others read of the city."""
    return {
        "above": above(team.cycle),
        "here": team.city.name,
        "team": team,
        "members": team.members.select_related("user"),
        "facts": facts_of(team),
    }


@login_required
@require_POST
def remove_member(request: HttpRequest, cycle: str, team: str, pk: str) -> HttpResponse:
    found, city = city_of(request, cycle, team)
    require(access.can_facilitate(request.user, found))
    member = get_object_or_404(city.members.select_related("user"), pk=pk)
    actions.remove_member(member, by=request.user)
    messages.success(request, _("The person is no longer in the team."))
    return redirect("cityshare:team-people", cycle=cycle, team=team)


@login_required
@require_POST
def hand_on(request: HttpRequest, cycle: str, team: str, pk: str) -> HttpResponse:
    """Let another person speak for the city: by the facilitator, or by who speaks for it now."""
    found, city = city_of(request, cycle, team)
    leads = access.can_facilitate(request.user, found)
    require(leads or access.can_speak_for(request.user, city))
    member = get_object_or_404(Member.objects.filter(team=city).select_related("user"), pk=pk)
    actions.hand_on(member, by=request.user)
    messages.success(request, _("%s speaks for the city now.") % member.user)
    return redirect("cityshare:team-people", cycle=cycle, team=team)


@login_required
@require_POST
def remove(request: HttpRequest, cycle: str, team: str) -> HttpResponse:
    found, city = city_of(request, cycle, team)
    require(access.can_facilitate(request.user, found))
    actions.remove_team(city, by=request.user)
    messages.success(request, _("The city is no longer in the cycle."))
    return redirect("cityshare:team-list", cycle=cycle)


@login_required
def edit(request: HttpRequest, cycle: str, team: str) -> HttpResponse:
    """What others read of a city, told by who speaks for it or by the facilitator."""
    found, city = city_of(request, cycle, team)
    leads = access.can_facilitate(request.user, found)
    require(leads or access.can_speak_for(request.user, city))
    known = {name: getattr(city, name) for name in TeamForm.Meta.fields}
    form = TeamForm(request.POST or None, known=known)
    if form.is_valid():
        actions.edit_team(city, **form.facts, by=request.user)
        messages.success(request, _("What others read of the city is saved."))
        return redirect("cityshare:team-people", cycle=cycle, team=team)
    here = _("What others read of the city")
    context = {"cycle": found, "above": above(found), "here": here, "team": city, "form": form}
    return render(request, "cityshare/cycle/team_edit.html", context)


def above(cycle: Cycle) -> tuple[str, str]:
    """The list that the page of a city belongs to."""
    return _("Cities"), reverse("cityshare:team-list", args=[cycle.pk])


def city_of(request: HttpRequest, cycle: str, team: str) -> tuple:
    """A cycle and one of its cities; 404 for the city of another cycle."""
    found = cycle_of(request, cycle)
    teams = Team.objects.visible_to(request.user).select_related("city", "cycle")
    return found, get_object_or_404(teams, pk=team, cycle=found)
