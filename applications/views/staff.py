"""The pages of those who run a call: the list, one application, its documents."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from applications import access, reports
from applications.actions import checking
from applications.forms.staff import FilterBar, FilterForm, ManyForm, ReturnForm
from applications.models import Application, Call, Document
from applications.queries import checking as one
from applications.queries import listing
from applications.queries import staff as queries
from applications.queries.nomination import progress_of
from applications.queries.signing import proof_of
from applications.standard import shown
from workshop_portal import exports, files
from workshop_portal.audit.models import DocumentAccess
from workshop_portal.errors import require
from workshop_portal.rendering import remembered


def call_of(request: HttpRequest, slug: str) -> Call:
    """The call that this person runs; 404 for everybody else."""
    calls = Call.objects.run_by(request.user).select_related("workshop")
    return get_object_or_404(calls, workshop__slug=slug)


def application_of(request: HttpRequest, pk: uuid.UUID) -> Application:
    """An application that this person works with; 404 for all others, their own included."""
    handled = Application.objects.handled_by(request.user)
    wanted = handled.select_related("call__workshop", "applicant", "decision__decided_by")
    return get_object_or_404(wanted, pk=pk)


def document_of(request: HttpRequest, pk: uuid.UUID) -> Document:
    """A file of an application that this person works with; 404 for all others."""
    handled = Application.objects.handled_by(request.user)
    wanted = Document.objects.filter(application__in=handled).select_related(
        "requirement", "application__call__workshop", "application__applicant"
    )
    return get_object_or_404(wanted, pk=pk)


# --- The list ----------------------------------------------------------------------------


@require_safe
@login_required
def applications(request: HttpRequest, slug: str) -> HttpResponse:
    call = call_of(request, slug)
    require(access.can_run(request.user, call))

    counts = listing.counted(call, request.user)
    form = FilterForm(request.GET, countries=counts.nations)
    page = request.GET.get("page", "")
    context = {
        "call": call,
        "workshop": call.workshop,
        "form": form,
        "filters": filter_bar(call, form, counts),
        "many": ManyForm(),
        "counts": counts,
        "list": listing.listing(call, request.user, form.chosen, page, counts=counts),
    }
    return render(request, "applications/staff/list.html", context)


def filter_bar(call: Call, form: FilterForm, counts: listing.Counted) -> str:
    """The bar of filters, drawn once for each choice that people make in it."""
    clear_url = reverse("applications:desk-list", args=[call.workshop.slug])
    bar = FilterBar(tuple(form.chosen.items()), tuple(counts.nations), clear_url)
    return remembered("applications/staff/_filters.html", bar)


@require_safe
@login_required
def export(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    call = call_of(request, slug)
    require(access.can_run(request.user, call))
    if kind not in exports.FORMATS:
        raise Http404

    form = FilterForm(request.GET, countries=listing.counted(call, request.user).nations)
    found = queries.narrowed(queries.applications_of(call, request.user), form.chosen)
    table = reports.applicants(call, queries.ordered(found, queries.sorting(form.chosen)))
    checking.note_export(call, by=request.user, kind=kind, chosen=form.chosen, rows=found.count())
    return exports.export(table, kind)


# --- One application ---------------------------------------------------------------------


@require_safe
@login_required
def application(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = application_of(request, pk)
    require(access.can_check(request.user, found))

    slots = one.slots(found)
    context = {
        "application": found,
        "call": found.call,
        "workshop": found.call.workshop,
        "slots": slots,
        "received": one.received(found, slots),
        "sections": one.sections(found),
        "story": one.story(found, slots),
        "decision": one.pending_decision(found),
        "neighbours": one.neighbours(found, request.user),
        "nomination": progress_of(found, now=timezone.now()),
        "can_be_decided": found.status in queries.DECIDABLE,
        "can_be_checked": found.status == Application.Status.SUBMITTED,
    }
    return render(request, "applications/staff/application.html", context)


@require_safe
@login_required
def document(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = document_of(request, pk)
    require(access.can_check(request.user, found.application))
    return show_document(request, found)


def show_document(
    request: HttpRequest, found: Document, form: ReturnForm | None = None
) -> HttpResponse:
    """The page of one file: the file itself, what it is, what can be done with it."""
    slots = one.slots(found.application)
    place = one.place(found, slots)
    context = {
        "document": found,
        "application": found.application,
        "workshop": found.application.call.workshop,
        "slots": slots,
        "place": place,
        "state": one.state_of(found, place),
        "kind": one.kind_of(found),
        "proof": proof_of(found),
        "form": form or return_form(found),
        "can_be_checked": place.slot.document == found
        and found.application.status == Application.Status.SUBMITTED,
    }
    return render(request, "applications/staff/document.html", context)


@require_safe
@login_required
def document_file(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = document_of(request, pk)
    require(access.can_check(request.user, found.application) and found.is_scanned)

    inline = "download" not in request.GET
    action = DocumentAccess.Action.PREVIEW if inline else DocumentAccess.Action.DOWNLOAD
    if not checking.put_on_record(found, action=action, by=request.user):
        return render(request, "unrecorded.html", status=503)
    return files.serve(found.file, found.name, found.media_type, inline=inline)


@require_safe
@login_required
def document_small(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The first page of a file in small; who sees it has looked at the file."""
    found = document_of(request, pk)
    require(access.can_check(request.user, found.application) and found.is_scanned)
    if not found.thumbnail:
        raise Http404

    if not checking.put_on_record(found, action=DocumentAccess.Action.PREVIEW, by=request.user):
        return HttpResponse(status=503)
    return files.serve(found.thumbnail, "small.jpg", files.JPEG.media_type, inline=True)


# --- Checking ----------------------------------------------------------------------------


@require_POST
@login_required
def document_accept(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = document_of(request, pk)
    require(access.can_check(request.user, found.application))

    checking.accept(found, by=request.user)
    messages.success(request, _("Accepted: %s.") % shown(found.requirement.title))
    if following := one.next_to_check(found.application):
        return redirect("applications:desk-document", following.pk)
    return redirect("applications:desk-application", found.application_id)


def return_form(found: Document, data=None) -> ReturnForm:
    form = ReturnForm(data, documents=[found], call=found.application.call)
    form.helper.form_action = reverse("applications:document-return", args=[found.pk])
    return form


@require_POST
@login_required
def document_return(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = document_of(request, pk)
    require(access.can_check(request.user, found.application))

    form = return_form(found, request.POST)
    if form.is_valid():
        return give_back(request, found.application, form)
    return show_document(request, found, form)


@login_required
def documents_return(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = application_of(request, pk)
    require(access.can_check(request.user, found))

    documents = one.returnable(found)
    form = ReturnForm(request.POST or None, documents=documents, call=found.call)
    if form.is_valid():
        return give_back(request, found, form)
    context = {"application": found, "workshop": found.call.workshop, "form": form}
    return render(request, "applications/staff/return.html", context)


def give_back(request: HttpRequest, found: Application, form: ReturnForm) -> HttpResponse:
    """Return what the form chose, and say that one letter tells it."""
    returns = [one.Return(*chosen) for chosen in form.chosen]
    checking.return_documents(found, returns=returns, until=form.until, by=request.user)
    messages.success(
        request,
        ngettext(
            "%(n)d document is returned. One letter tells %(name)s why and until when.",
            "%(n)d documents are returned. One letter tells %(name)s why and until when.",
            len(returns),
        )
        % {"n": len(returns), "name": found.name},
    )
    return redirect("applications:desk-application", found.pk)
