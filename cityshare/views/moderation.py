"""Where views lie far apart: the list, one talk, its call, what came of it, the second look."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from cityshare import access
from cityshare.actions import moderation as actions
from cityshare.actions import naming
from cityshare.forms.moderation import CallForm, NamesForm, SettleForm, TargetForm
from cityshare.models import Cycle, Moderation
from cityshare.queries import moderation as queries
from cityshare.queries.comments import reported_in
from cityshare.queries.conflict import counted_in_spite
from cityshare.queries.cycle import seat_of
from cityshare.views.doors import cycle_of, led_team
from workshop_portal.errors import require

TOLD = gettext_lazy("The call is fixed. The city and its raters get a letter.")
UNCHANGED = gettext_lazy("The call is fixed like this already. Nobody gets another letter.")


def moderation_of(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> tuple[Moderation, str]:
    """A talk and what this person is to it; 404 for those whom it does not concern."""
    known = Moderation.objects.select_related(
        "team__city", "team__cycle__workshop", "team__cycle__framework", "practice", "settled_by"
    )
    found = get_object_or_404(known, pk=pk, team__cycle=cycle_of(request, cycle))
    seat = seat_of(request.user, found.team.cycle)
    role = queries.role_in(found, request.user, seat)
    if not role:
        raise Http404
    return found, role


def above(cycle: Cycle) -> tuple[str, str]:
    """The list that the page of one talk belongs to."""
    return _("Moderation"), reverse("cityshare:moderation", args=[cycle.pk])


# --- The list ----------------------------------------------------------------------------


@require_safe
@login_required
def overview(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    found = cycle_of(request, cycle)
    seat = seat_of(request.user, found)
    is_open = found.status == Cycle.Stage.MODERATION

    context = {
        "cycle": found,
        "seat": seat,
        "here": _("Moderation"),
        "is_open": is_open,
        "is_early": not found.has_reached(Cycle.Stage.MODERATION),
        "groups": queries.talks(found, request.user, seat),
        "levels": found.framework.levels,
        "more": queries.not_listed(found) if seat.leads and is_open else 0,
        "reported": reported_in(found) if seat.leads else 0,
        "in_spite": counted_in_spite(found) if seat.leads and is_open else [],
    }
    return render(request, "cityshare/moderation/list.html", context)


@require_POST
@login_required
def open_flagged(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    found = cycle_of(request, cycle)
    require(access.can_facilitate(request.user, found))

    number = actions.open_flagged(found, by=request.user)
    words = ngettext("%(n)d practice is new on the list.", "%(n)d practices are new.", number)
    messages.success(request, words % {"n": number})
    return redirect("cityshare:moderation", cycle)


@login_required
def call(request: HttpRequest, cycle: uuid.UUID, team: uuid.UUID) -> HttpResponse:
    city = led_team(request, cycle, team)

    known = city.moderations.filter(status=Moderation.Status.OPEN).first()
    form = CallForm(request.POST or None, zone=city.cycle.workshop.zone, known=known)
    if form.is_valid():
        link = form.cleaned_data["link"]
        is_new = actions.arrange(city, meets_at=form.meets_at, link=link, by=request.user)
        messages.success(request, TOLD if is_new else UNCHANGED)
        return redirect("cityshare:moderation", cycle)
    people = queries.concerned(city)
    context = {"cycle": city.cycle, "team": city, "form": form, "people": people}
    context |= {"above": above(city.cycle), "here": pgettext("talk", "Call")}
    return render(request, "cityshare/moderation/call.html", context)


# --- One talk ----------------------------------------------------------------------------


@login_required
def moderate(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    found, role = moderation_of(request, cycle, pk)
    talk = queries.talk(found, request.user, role)
    form = SettleForm(request.POST or None, rungs=talk.rungs)
    if request.method == "POST":
        require(access.can_facilitate(request.user, found.team.cycle))
    if form.is_valid():
        actions.settle(found, **form.facts, by=request.user)
        messages.success(request, _("What came of the talk is kept."))
        return redirect("cityshare:moderation", cycle)
    return talk_page(request, talk, settle=form)


def talk_page(request: HttpRequest, talk: queries.Talk, **forms: object) -> HttpResponse:
    """The page of one talk, with the forms that this person may fill in now."""
    found = talk.moderation
    cycle, is_lead = found.team.cycle, talk.role == queries.LEADS
    stage, status = Cycle.Stage.MODERATION, Moderation.Status.OPEN
    speaks = talk.role == queries.CITY and access.can_speak_for(request.user, found.team)
    asks = talk.waits_for_target and cycle.status in actions.TARGET_STAGES
    context = {
        "cycle": cycle,
        "above": above(cycle),
        "here": found.practice.code,
        "talk": talk,
        "may_settle": is_lead and cycle.status == stage and found.status == status,
        "may_reopen": is_lead and cycle.status == stage and found.status != status,
        "may_add": talk.may_add_evidence and cycle.status == stage,
        "asks_target": asks and talk.role == queries.CITY,
        "target": target_form(talk) if asks and speaks else None,
        "names": names_form(found) if is_lead and not talk.is_named else None,
        **forms,
    }
    return render(request, "cityshare/moderation/talk.html", context)


def target_form(talk: queries.Talk, data: object = None) -> TargetForm:
    """The choice of a target from the agreed level on."""
    agreed = talk.moderation.agreed or 1
    reachable = [rung for rung in talk.rungs if rung.level >= agreed]
    at = [talk.moderation.team.cycle_id, talk.moderation.pk]
    action = reverse("cityshare:moderate-target", args=at)
    return TargetForm(data, rungs=reachable, target=talk.unit.target, action=action)


def names_form(moderation: Moderation, data: object = None) -> NamesForm:
    """Where those who lead say why they need to know who gave which level."""
    at = [moderation.team.cycle_id, moderation.pk]
    return NamesForm(data, action=reverse("cityshare:moderate-names", args=at))


@require_POST
@login_required
def name_raters(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    found, role = moderation_of(request, cycle, pk)
    require(access.can_facilitate(request.user, found.team.cycle))

    form = names_form(found, request.POST)
    if not form.is_valid():
        return talk_page(request, queries.talk(found, request.user, role), names=form)
    naming.name_raters(found, found.team.cycle, **form.cleaned_data, by=request.user)
    return redirect("cityshare:moderate", cycle, pk)


@require_POST
@login_required
def reopen(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    found, _role = moderation_of(request, cycle, pk)
    require(access.can_facilitate(request.user, found.team.cycle))

    actions.reopen(found, by=request.user)
    messages.success(request, _("This practice is talked about again."))
    return redirect("cityshare:moderate", cycle, pk)


@require_POST
@login_required
def look_at_target(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    found, role = moderation_of(request, cycle, pk)
    require(access.can_speak_for(request.user, found.team))

    talk = queries.talk(found, request.user, role)
    form = target_form(talk, request.POST)
    if not form.is_valid():
        return talk_page(request, talk, target=form)
    actions.look_at_target(found, target=form.cleaned_data["target"], by=request.user)
    messages.success(request, _("Your target is kept."))
    return redirect("cityshare:moderate", cycle, pk)
