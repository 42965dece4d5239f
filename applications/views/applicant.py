"""The applicant's own file: from the start to the receipt, and back."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications import access
from applications.actions import attach as attaching
from applications.actions import intake
from applications.forms.intake import SECTIONS, Section, SectionForm, answered, words
from applications.forms.sending import DocumentForm, SubmitForm
from applications.models import Application, Call, Document, RequiredDocument
from applications.queries.intake import WRITABLE, Overview, overview, room_left, slot
from workshop_portal.accounts.models import User
from workshop_portal.arrival import arrived
from workshop_portal.errors import require
from workshop_portal.files import PDF, serve
from workshop_portal.papers.models import Paper
from workshop_portal.papers.queries import paper_of

STALE = 409
form_page = require_http_methods(["GET", "HEAD", "POST"])


def own(
    request: HttpRequest,
    pk: object,
    can: Callable[[User, Application], bool] = access.can_follow,
) -> Application:
    """The person's application at this address; 404 for what they may not know of."""
    visible = Application.objects.visible_to(request.user)
    application = get_object_or_404(visible.select_related("call__workshop"), pk=pk)
    require(can(request.user, application))
    application.applicant = request.user
    return application


@login_required
@form_page
def start(request, slug):
    calls = Call.objects.visible_to(request.user).select_related("workshop")
    call = get_object_or_404(calls, workshop__slug=slug)
    if request.method != "POST":
        begun = Application.objects.filter(call=call, applicant=request.user).first()
        return redirect(begun or call)
    return redirect(intake.start(call, arrived_at=arrived(request), by=request.user))


@login_required
@require_safe
def application(request, pk):
    mine = own(request, pk)
    page = overview(mine, now=timezone.now())
    facts = {"application": mine, "page": page, "tasks": form_tasks(mine, page)}
    return render(request, "applications/applicant/application.html", facts)


def form_tasks(mine: Application, page: Overview) -> list[dict[str, str]]:
    """The sections of the form as tasks; links while there is something to write."""
    writable = page.is_open and mine.status in WRITABLE
    return [
        {
            "name": here.title,
            "url": reverse("applications:section", args=[mine.pk, here.slug]) if writable else "",
            "status": part.status,
            "word": part.word,
        }
        for here, part in zip(SECTIONS, page.parts, strict=True)
    ]


# --- The form --------------------------------------------------------------------------


@login_required
@form_page
def section(request, pk, slug):
    mine = own(request, pk, access.can_edit)
    here = section_named(slug)
    form = here.form_class(request.POST or None, instance=mine)
    if form.is_valid():
        arrived_at, by = arrived(request), request.user
        intake.save_section(mine, section=slug, answers=form.answers, arrived_at=arrived_at, by=by)
        messages.success(request, _("“%(section)s” is saved.") % {"section": here.title})
        return redirect(after(request, mine, here))
    return section_page(request, mine, here, form)


def section_named(slug: str) -> Section:
    for known in SECTIONS:
        if known.slug == slug:
            return known
    raise Http404


def section_page(
    request: HttpRequest, mine: Application, here: Section, form: SectionForm
) -> HttpResponse:
    """The form as it was typed; beside it what is stored, when another window stored it."""
    stored = [
        {"term": form.fields[name].label, "value": words(mine, name)} for name in form.differing
    ]
    status = STALE if form.is_stale else 200
    facts = {
        "application": mine,
        "section": here,
        "number": SECTIONS.index(here) + 1,
        "all": len(SECTIONS),
        "form": form,
        "stored": stored if form.is_stale else [],
        "is_open": mine.window.is_open(timezone.now()),
    }
    return render(request, "applications/applicant/section.html", facts, status=status)


def after(request: HttpRequest, mine: Application, here: Section) -> str:
    """Where saving leads: back to the check, or to the next part of a draft, or to the list."""
    if "check" in request.GET:
        return reverse("applications:check", args=[mine.pk])
    later = SECTIONS[SECTIONS.index(here) + 1 :]
    if mine.status == Application.Status.DRAFT and later:
        return reverse("applications:section", args=[mine.pk, later[0].slug])
    return mine.get_absolute_url()


@login_required
@require_safe
def answers(request, pk):
    facts = {"application": own(request, pk)}
    facts["sections"] = answered(facts["application"])
    if "download" not in request.GET:
        return render(request, "applications/applicant/answers.html", facts)
    response = render(
        request,
        "applications/applicant/answers.txt",
        facts,
        content_type="text/plain; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="answers.txt"'
    return response


# --- The documents ---------------------------------------------------------------------


@login_required
@form_page
def document(request, pk, slug):
    mine = own(request, pk, access.can_edit)
    uploads = mine.call.required_documents.filter(given=RequiredDocument.Given.UPLOAD)
    requirement = get_object_or_404(uploads, slug=slug)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    room = room_left(mine, requirement)
    form = DocumentForm(*sent, requirement=requirement, room=room)
    if not form.is_valid():
        if sent:
            attaching.note_refusal(mine, requirement, **form.refusal, by=request.user)
        return document_page(request, mine, requirement, form)
    checked, arrived_at = form.cleaned_data["file"], arrived(request)
    attaching.attach(mine, requirement, checked=checked, arrived_at=arrived_at, by=request.user)
    messages.success(request, _("“%(file)s” has been received.") % {"file": checked.name})
    return redirect(mine)


def document_page(
    request: HttpRequest, mine: Application, requirement: RequiredDocument, form: DocumentForm
) -> HttpResponse:
    facts = {
        "application": mine,
        "requirement": requirement,
        "slot": slot(mine, requirement, now=timezone.now()),
        "form": form,
    }
    return render(request, "applications/applicant/document.html", facts)


@login_required
@require_safe
def document_file(request, pk):
    visible = Document.objects.visible_to(request.user).select_related("application")
    sent = get_object_or_404(visible, pk=pk)
    require(access.can_follow(request.user, sent.application))
    return serve(sent.file, sent.name, sent.media_type)


# --- Sending ---------------------------------------------------------------------------


@login_required
@require_safe
def check(request, pk):
    mine = own(request, pk, access.can_edit)
    if mine.status != Application.Status.DRAFT:
        return redirect(mine)
    return check_page(request, mine, SubmitForm(application=mine))


def check_page(request: HttpRequest, mine: Application, form: SubmitForm) -> HttpResponse:
    page = overview(mine, now=timezone.now())
    facts = {
        "application": mine,
        "page": page,
        "tasks": form_tasks(mine, page),
        "sections": answered(mine),
        "form": form,
    }
    return render(request, "applications/applicant/check.html", facts)


@login_required
@form_page
def submit(request, pk):
    mine = own(request, pk, access.can_edit)
    if request.method != "POST":
        return redirect("applications:check", pk=pk)
    form = SubmitForm(request.POST, application=mine)
    if not form.is_valid() and mine.status == Application.Status.DRAFT:
        intake.note_unconfirmed(mine, arrived_at=arrived(request), by=request.user)
        return check_page(request, mine, form)
    facts = {"version": form.cleaned_data.get("version"), "statement": form.said}
    intake.submit(mine, **facts, arrived_at=arrived(request), by=request.user)
    return redirect("applications:receipt", pk=pk)


@login_required
@require_safe
def receipt(request, pk):
    mine = own(request, pk)
    receipts = list(mine.receipts.all())
    if not receipts:
        raise Http404
    latest = receipts.pop()
    facts = {
        "application": mine,
        "receipt": latest,
        "earlier": receipts,
        "paper": paper_of(latest.paper_key),
        "is_open": mine.window.is_open(timezone.now()),
    }
    return render(request, "applications/applicant/receipt.html", facts)


@login_required
@require_safe
def receipt_paper(request, pk, number):
    mine = own(request, pk)
    wanted = get_object_or_404(mine.receipts, number=number)
    paper = paper_of(wanted.paper_key)
    if paper is None or paper.state != Paper.State.READY:
        return redirect("applications:receipt", pk=pk)
    return serve(paper.file, f"{mine.reference}-{number}.pdf", PDF.media_type)


# --- And back --------------------------------------------------------------------------


@login_required
@form_page
def withdraw(request, pk):
    mine = own(request, pk, access.can_withdraw)
    if request.method == "POST":
        intake.withdraw(mine, arrived_at=arrived(request), by=request.user)
        messages.success(request, _("Your application has been withdrawn."))
        return redirect(mine)
    is_open = mine.window.is_open(timezone.now())
    facts = {"application": mine, "is_open": is_open}
    return render(request, "applications/applicant/withdraw.html", facts)


@login_required
@form_page
def take_up(request, pk):
    mine = own(request, pk, access.can_withdraw)
    if request.method == "POST":
        intake.take_up(mine, arrived_at=arrived(request), by=request.user)
        messages.success(request, _("Your application is a draft again. Send it when it is ready."))
    return redirect(mine)
