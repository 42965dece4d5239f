"""Peer assists: the list, the plan, the meeting's page, its notes and its thanks."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cityshare import access
from cityshare.actions import assist as actions
from cityshare.forms.assist import CallOffForm, NotesForm, PlanForm, ThanksForm
from cityshare.models import Cycle, PeerAssist
from cityshare.queries import assist as queries
from cityshare.queries.cycle import leads_of
from cityshare.queries.market import is_open
from cityshare.queries.proposal import in_a_line
from cityshare.views.doors import cycle_of
from cityshare.views.proposal import proposal_of
from workshop_portal import ics
from workshop_portal.errors import require


def assist_of(request: HttpRequest, cycle: Cycle, pk: uuid.UUID) -> PeerAssist:
    """A peer assist that this person may see; 404 for any other."""
    rows = PeerAssist.objects.visible_to(request.user).filter(host__cycle=cycle)
    known = rows.select_related("host__city", "host__cycle", "practice", "facilitator")
    return get_object_or_404(known, pk=pk)


@require_safe
@login_required
def assist_list(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    found = cycle_of(request, cycle)

    context = {
        "cycle": found,
        "here": _("Peer assists"),
        "assists": queries.assists_of(found, request.user),
        "plannable": queries.plannable(found, request.user),
        "leads": access.can_facilitate(request.user, found),
    }
    return render(request, "cityshare/assist/list.html", context)


@login_required
def assist_create(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    found = cycle_of(request, cycle)
    one = proposal_of(request, found, pk)
    require(access.can_plan(request.user, one.learner))

    beside = queries.beside(one)
    known = queries.first_plan(one)
    choices = queries.choices(found, [one.learner, one.helper], leads_of(found))
    form = PlanForm(request.POST or None, known=known, beside=beside, **choices)
    if form.is_valid():
        second = [other for other in beside if str(other.pk) == form.second]
        made = actions.plan([one, *second], **form.facts, by=request.user)
        messages.success(request, planned_words(made))
        return redirect(made)
    context = {"cycle": found, "here": _("Plan a peer assist"), "form": form}
    context["words"] = in_a_line(one)
    return render(request, "cityshare/assist/plan.html", context)


def planned_words(assist: PeerAssist) -> str:
    if assist.starts_at:
        return _("The peer assist is planned. The letters with the date are on their way.")
    return _("The plan is saved. Nobody is told before there is a date.")


def changed_words(was: PeerAssist, now: PeerAssist) -> str:
    if was.starts_at:
        return _("The plan is saved. Whoever a new date, length or link concerns gets a letter.")
    return planned_words(now)


@require_safe
@login_required
def assist(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    found = cycle_of(request, cycle)
    one = assist_of(request, found, pk)

    context = {
        "cycle": found,
        "here": str(one),
        "assist": one,
        "sides": queries.sides(one),
        "agenda": queries.agenda(one),
        "clock": queries.clock_words(one.zone),
        "has_begun": queries.has_begun(one),
        "hints": queries.noticed(one),
        "is_open": is_open(found),
        "may_plan": access.can_plan(request.user, one.host),
        "may_thank": access.can_speak_for(request.user, one.host),
    }
    return render(request, "cityshare/assist/assist.html", context)


@login_required
def assist_edit(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    found = cycle_of(request, cycle)
    one = assist_of(request, found, pk)
    require(access.can_plan(request.user, one.host))

    teams = [side.team for side in queries.sides(one)]
    choices = queries.choices(found, teams, leads_of(found), assist=one)
    form = PlanForm(request.POST or None, known=PlanForm.known_of(one), **choices)
    if form.is_valid():
        now = actions.change(one, **form.facts, by=request.user)
        messages.success(request, changed_words(one, now))
        return redirect(one)
    context = {"cycle": found, "here": _("Change the plan"), "assist": one, "form": form}
    return render(request, "cityshare/assist/plan.html", context)


@require_safe
@login_required
def assist_calendar(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    one = assist_of(request, cycle_of(request, cycle), pk)
    if one.starts_at is None or one.status == PeerAssist.Status.CALLED_OFF:
        raise Http404
    return HttpResponse(
        queries.file_of(one, queries.sides(one)),
        content_type=ics.MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{queries.file_name(one)}"'},
    )


@login_required
def assist_notes(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    found = cycle_of(request, cycle)
    one = assist_of(request, found, pk)
    require(access.can_note(request.user, one))

    known = {name: getattr(one, name) for name in NotesForm.Meta.fields}
    form = NotesForm(request.POST or None, known=known)
    if form.is_valid():
        actions.note(one, **form.facts, by=request.user)
        messages.success(request, _("The notes are saved."))
        return redirect(one)
    context = {"cycle": found, "here": _("Notes"), "assist": one, "form": form}
    context["hints"] = queries.noticed(one)
    return render(request, "cityshare/assist/notes.html", context)


@require_POST
@login_required
def assist_held(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    one = assist_of(request, cycle_of(request, cycle), pk)
    require(access.can_plan(request.user, one.host))

    actions.conclude(one, by=request.user)
    messages.success(request, _("The meeting is over. Write the notes and thank the helpers."))
    return redirect(one)


@login_required
def assist_call_off(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    found = cycle_of(request, cycle)
    one = assist_of(request, found, pk)
    require(access.can_plan(request.user, one.host))

    form = CallOffForm(request.POST or None)
    if form.is_valid():
        actions.call_off(one, **form.cleaned_data, by=request.user)
        messages.success(request, called_off_words(one))
        return redirect(one)
    context = {"cycle": found, "here": _("Call it off"), "assist": one, "form": form}
    return render(request, "cityshare/assist/call_off.html", context)


def called_off_words(assist: PeerAssist) -> str:
    if assist.starts_at:
        return _("The meeting is called off. Everybody is told why.")
    return _("The meeting is called off. It had no date, so nobody gets a letter.")


@login_required
def assist_thank(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    found = cycle_of(request, cycle)
    one = assist_of(request, found, pk)
    require(access.can_speak_for(request.user, one.host))

    form = ThanksForm(request.POST or None)
    if form.is_valid():
        actions.thank(one, **form.cleaned_data, by=request.user)
        messages.success(request, _("Your thanks are on their way."))
        return redirect(one)
    context = {"cycle": found, "here": _("Thank the helpers"), "assist": one, "form": form}
    return render(request, "cityshare/assist/thank.html", context)
