"""The pages on which those who run a call give more time, and see who tried what and when."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications import access, reports
from applications.actions import checking, deadline
from applications.forms.deadline import AttemptFilter, ExtensionForm, SomeExtensionForm
from applications.models import Call, Extension
from applications.queries import evidence
from applications.queries.deadline import unsent
from applications.views.staff import call_of
from workshop_portal import exports
from workshop_portal.errors import require


@login_required
def call_extend(request: HttpRequest, slug: str) -> HttpResponse:
    call = call_of(request, slug)
    require(access.can_run(request.user, call))

    form = ExtensionForm(request.POST or None, call=call)
    context = {"call": call, "workshop": call.workshop, "form": form}
    if not form.is_valid() or "change" in request.POST:
        return render(request, "applications/staff/extend.html", context)
    if "confirm" in request.POST:
        deadline.extend(call, **form.facts, by=request.user)
        messages.success(request, _("The deadline is moved. The public page shows the new date."))
        return redirect("applications:desk-list", slug)
    preview = deadline.preview(call, **form.facts, by=request.user)
    return render(
        request, "applications/staff/extend_preview.html", {**context, "preview": preview}
    )


@login_required
def call_extend_some(request: HttpRequest, slug: str) -> HttpResponse:
    call = call_of(request, slug)
    require(access.can_run(request.user, call))

    known = {"whom": "person", "person": request.GET.get("person", "")}
    form = SomeExtensionForm(request.POST or None, call=call, initial=known)
    context = {"call": call, "workshop": call.workshop, "form": form, "given": given(call)}
    if not form.is_valid() or "change" in request.POST:
        return render(request, "applications/staff/extend_some.html", context)
    if "confirm" in request.POST:
        give(call, form, request)
        return redirect("applications:call-extend-some", slug)
    preview = deadline.preview(call, **form.facts, by=request.user)
    return render(
        request, "applications/staff/extend_preview.html", {**context, "preview": preview}
    )


def given(call: Call) -> list[Extension]:
    """The extensions that some have, the newest first."""
    found = call.extensions.select_related("application__applicant", "by")
    return [each for each in found.order_by("-made_at", "-pk") if not each.is_for_all]


def give(call: Call, form: SomeExtensionForm, request: HttpRequest) -> None:
    """Give the time that the form asks for, and say to whom."""
    facts = form.facts
    if application := facts.pop("application", None):
        deadline.extend_for_person(application, **facts, by=request.user)
        messages.success(request, _("%s has more time now, and a letter.") % application.name)
    else:
        made = deadline.extend_for_country(call, **facts, by=request.user)
        messages.success(
            request,
            _("Those who work in %s have more time now, and a letter.") % made.country.name,
        )


@require_safe
@login_required
def call_unsent(request: HttpRequest, slug: str) -> HttpResponse:
    call = call_of(request, slug)
    require(access.can_run(request.user, call))

    drafts = unsent(call, request.user, now=timezone.now())
    context = {"call": call, "workshop": call.workshop, "drafts": drafts}
    return render(request, "applications/staff/unsent.html", context)


@require_safe
@login_required
def call_attempts(request: HttpRequest, slug: str) -> HttpResponse:
    call = call_of(request, slug)
    require(access.can_run(request.user, call))

    form = AttemptFilter(request.GET)
    page, lines = evidence.page_of(
        evidence.entries_of(call, form.chosen), request.GET.get("page", "")
    )
    context = {
        "call": call,
        "workshop": call.workshop,
        "form": form,
        "active": len(form.chosen),
        "page": page,
        "lines": lines,
    }
    return render(request, "applications/staff/attempts.html", context)


@require_safe
@login_required
def call_attempts_export(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    call = call_of(request, slug)
    require(access.can_run(request.user, call))
    if kind not in exports.FORMATS:
        raise Http404

    chosen = AttemptFilter(request.GET).chosen
    found = evidence.entries_of(call, chosen)
    checking.note_export(
        call,
        "attempts.exported",
        by=request.user,
        kind=kind,
        chosen=chosen,
        rows=found.count(),
    )
    return exports.export(reports.attempts(call, found), kind)
