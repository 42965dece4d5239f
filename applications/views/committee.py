"""The pages of those who select: decide about one, decide about many, release."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from applications import access
from applications.actions import selection
from applications.forms.staff import DecisionForm, ManyForm, ReleaseForm
from applications.queries import checking as one
from applications.queries import selection as queries
from applications.queries.staff import applications_of
from applications.views.staff import application_of, call_of
from workshop_portal.errors import require


@login_required
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    application = application_of(request, pk)
    require(access.can_decide(request.user, application))

    known = getattr(application, "decision", None)
    allowed = queries.possible(application)
    form = DecisionForm(request.POST or None, decision=known, allowed=allowed)
    if form.is_valid():
        selection.decide(application, **form.cleaned_data, by=request.user)
        messages.success(request, _("The decision is kept. Nobody is told until you release."))
        return redirect("applications:desk-application", pk)
    context = {
        "application": application,
        "workshop": application.call.workshop,
        "pending": one.pending_decision(application),
        "form": form,
    }
    return render(request, "applications/staff/decide.html", context)


@require_POST
@login_required
def decide_many(request: HttpRequest, slug: str) -> HttpResponse:
    call = call_of(request, slug)
    require(access.can_run(request.user, call))

    form = ManyForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.why)
        return redirect("applications:desk-list", slug)
    chosen = list(applications_of(call, request.user).filter(pk__in=form.versions))
    if len(chosen) != len(form.versions):
        raise Http404
    selection.decide_many(
        chosen, versions=form.versions, outcome=form.cleaned_data["outcome"], by=request.user
    )
    messages.success(request, kept(len(chosen)))
    return redirect("applications:desk-list", slug)


def kept(number: int) -> str:
    return ngettext(
        "%(n)d decision is kept. Nobody is told until you release.",
        "%(n)d decisions are kept. Nobody is told until you release.",
        number,
    ) % {"n": number}


@login_required
def release(request: HttpRequest, slug: str) -> HttpResponse:
    call = call_of(request, slug)
    require(access.can_run(request.user, call))

    plan = queries.plan(call, request.user)
    form = ReleaseForm(request.POST or None, plan=plan)
    if form.is_valid():
        number = selection.release(call, seen=form.cleaned_data["seen"], by=request.user)
        messages.success(request, told(number))
        return redirect("applications:desk-list", slug)
    context = {
        "call": call,
        "workshop": call.workshop,
        "plan": plan,
        "groups": selection.letters(plan),
        "form": form,
    }
    return render(request, "applications/staff/release.html", context)


def told(number: int) -> str:
    return ngettext(
        "%(n)d decision is released. The letter is on its way.",
        "%(n)d decisions are released. The letters are on their way.",
        number,
    ) % {"n": number}
