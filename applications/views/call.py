"""The call as its coordinator sets it up."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from applications.actions import call as actions
from applications.forms import intake, preview
from applications.forms.call import CallForm, RequiredDocumentForm
from applications.models import Call
from workshop_portal.deadlines import State
from workshop_portal.workshops.models import Workshop


@login_required
def create(request: HttpRequest, slug: str) -> HttpResponse:
    workshop = get_object_or_404(Workshop.objects.run_by(request.user), slug=slug)
    if Call.objects.filter(workshop=workshop).exists():
        return redirect("applications:call-edit", slug=slug)
    initial = {
        "seats": 30,
        "funded_seats": 0,
        "travel_budget": 0,
        "currency": "USD",
        "confirm_days": 7,
    }
    form = CallForm(request.POST or None, workshop=workshop, dates_stand=False, known=initial)
    if form.is_valid():
        call = actions.open_call(workshop, **form.facts, by=request.user)
        actions.order_papers(call, form=preview.describe(intake.SECTIONS))
        messages.success(request, _("The call is set up with the seven documents."))
        return redirect("applications:call-edit", slug=slug)
    return render(request, "applications/call_create.html", {"workshop": workshop, "form": form})


@login_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    call = _call(request, slug)
    dates_stand = call.state is not State.EARLY
    form = CallForm(
        request.POST or None, workshop=call.workshop, dates_stand=dates_stand, known=_known(call)
    )
    if form.is_valid():
        actions.edit_call(call, **form.facts, by=request.user)
        messages.success(request, _("The call is saved."))
        return redirect("applications:call-edit", slug=slug)
    documents = call.required_documents.all()
    context = {"workshop": call.workshop, "call": call, "form": form, "documents": documents}
    return render(request, "applications/call_edit.html", {**context, "dates_stand": dates_stand})


@login_required
def edit_document(request: HttpRequest, slug: str, document: str) -> HttpResponse:
    call = _call(request, slug)
    found = get_object_or_404(call.required_documents, slug=document)
    known = {name: getattr(found, name) for name in RequiredDocumentForm.Meta.fields}
    form = RequiredDocumentForm(request.POST or None, known=known)
    if form.is_valid():
        actions.edit_required_document(found, **form.facts, by=request.user)
        messages.success(request, _("The document is saved, and its paper is being printed anew."))
        return redirect("applications:call-edit", slug=slug)
    context = {"workshop": call.workshop, "document": found, "form": form}
    return render(request, "applications/call_document_edit.html", context)


def _call(request: HttpRequest, slug: str) -> Call:
    calls = Call.objects.run_by(request.user).select_related("workshop")
    return get_object_or_404(calls, workshop__slug=slug)


def _known(call: Call) -> dict[str, object]:
    zone = ZoneInfo(call.workshop.zone)
    opens, closes = call.opens_at.astimezone(zone), call.closes_at.astimezone(zone)
    return {
        **{name: getattr(call, name) for name in CallForm.Meta.fields},
        "opens_day": opens.date(),
        "opens_time": opens.time(),
        "closes_day": closes.date(),
        "closes_time": closes.time().replace(second=0, microsecond=0),
    }
