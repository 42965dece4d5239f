"""What anybody may read about a call before signing up."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from applications.forms import intake, preview
from applications.models import Call
from applications.queries import call as queries
from workshop_portal import files, ics
from workshop_portal.papers.models import Paper
from workshop_portal.papers.queries import paper_of, ready
from workshop_portal.rendering import remembered
from workshop_portal.workshops.dates import dates_in_words
from workshop_portal.workshops.queries import days_of


def shown_call(request: HttpRequest, slug: str) -> Call:
    """The call at this address; 404 while its workshop is nobody's business."""
    calls = Call.objects.visible_to(request.user).select_related("workshop")
    return get_object_or_404(calls, workshop__slug=slug)


def call(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that an applicant needs before signing up."""
    call = shown_call(request, slug)
    days = days_of(call.workshop)
    about = queries.workshop_facts(call, days)
    context = {
        "call": call,
        "workshop": call.workshop,
        "deadline": queries.deadline(call, queries.extension_of(call)),
        "dates": dates_in_words(days),
        "body": remembered("applications/_call_body.html", queries.body(call, about)),
    }
    return render(request, "applications/call.html", context)


def call_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    call = shown_call(request, slug)
    return HttpResponse(
        queries.deadline_calendar(call),
        content_type=ics.MEDIA_TYPE,
        headers={"Content-Disposition": 'attachment; filename="deadline.ics"'},
    )


def call_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole application form, to be read before one starts."""
    call = shown_call(request, slug)
    form = preview.describe(intake.SECTIONS)
    paper = paper_of(queries.form_key(call, form, queries.workshop_facts(call)))
    context = {"call": call, "workshop": call.workshop, "sections": form, "paper": ready(paper)}
    return render(request, "applications/call_preview.html", context)


def call_preview_paper(request: HttpRequest, slug: str) -> HttpResponse | FileResponse:
    call = shown_call(request, slug)
    form = preview.describe(intake.SECTIONS)
    paper = paper_of(queries.form_key(call, form, queries.workshop_facts(call)))
    if not ready(paper):
        return redirect("applications:call-preview", slug=slug)
    return _serve(paper, f"{slug} application form.pdf")


def call_guidelines(request: HttpRequest, slug: str, document: str) -> HttpResponse:
    """The text of one paper as a page."""
    call = shown_call(request, slug)
    found = get_object_or_404(call.required_documents.exclude(guidelines=""), slug=document)
    paper = paper_of(queries.paper_key(call, found, queries.workshop_facts(call)))
    context = {
        "call": call,
        "workshop": call.workshop,
        "document": found,
        "accepted": queries.accepted(found),
        "paper": ready(paper),
    }
    return render(request, "applications/call_guidelines.html", context)


def call_paper(request: HttpRequest, slug: str, document: str) -> HttpResponse | FileResponse:
    call = shown_call(request, slug)
    found = get_object_or_404(call.required_documents.exclude(guidelines=""), slug=document)
    paper = paper_of(queries.paper_key(call, found, queries.workshop_facts(call)))
    if not ready(paper):
        return redirect("applications:call-guidelines", slug=slug, document=document)
    return _serve(paper, f"{slug} {document}.pdf")


def _serve(paper: Paper, name: str) -> FileResponse:
    return files.serve(paper.file, name, files.PDF.media_type, inline=True)
