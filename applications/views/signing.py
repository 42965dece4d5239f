"""Papers filled with what the applicant typed once: signed in the browser, or printed."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications import access
from applications.actions import nomination as nominating
from applications.actions import signing
from applications.forms.preview import filled
from applications.forms.signing import NominatorForm, OwnSignForm
from applications.models import Application, RequiredDocument
from applications.queries import nomination as nominations
from applications.queries import paper as papers
from applications.queries import signing as queries
from applications.queries.intake import slot
from applications.views.applicant import form_page, own
from workshop_portal.arrival import arrived
from workshop_portal.files import PDF, serve
from workshop_portal.papers.models import Paper
from workshop_portal.papers.queries import ready

Signer = RequiredDocument.Signer


# --- Signed in the browser -----------------------------------------------------------------


@login_required
@form_page
def sign(request: HttpRequest, pk: uuid.UUID, slug: str) -> HttpResponse:
    mine = own(request, pk, access.can_edit)
    lines = mine.call.required_documents.filter(signer=Signer.APPLICANT)
    requirement = get_object_or_404(lines, slug=slug)
    facts, sha256 = queries.to_sign(mine, requirement)
    form = OwnSignForm(request.POST or None, application=mine, sha256=sha256)
    if form.is_valid():
        arrived_at, by = arrived(request), request.user
        signing.sign(mine, requirement, **form.signed, arrived_at=arrived_at, by=by)
        messages.success(request, _("“%s” is signed.") % requirement.title)
        return redirect("applications:document", pk, slug)
    context = {
        "application": mine,
        "requirement": requirement,
        "facts": facts,
        "form": form,
        "lacks": papers.lacking(mine),
        "row": slot(mine, requirement, now=timezone.now()).row,
    }
    return render(request, "applications/applicant/sign.html", context)


# --- Printed with the person's data ----------------------------------------------------------


def printed(mine: Application, requirement: RequiredDocument) -> Paper | None:
    """The paper with the answers as they are now; None when it has not been ordered."""
    facts = (
        papers.form_facts(mine, filled(mine))
        if requirement.given == RequiredDocument.Given.ONLINE
        else queries.printed_facts(mine, requirement)
    )
    return papers.filled_paper(mine, requirement.slug, facts)


def paper_line(request: HttpRequest, pk: object, slug: str) -> tuple[Application, RequiredDocument]:
    """The application and a line of it of which a filled paper exists; 404 for other lines."""
    mine = own(request, pk, access.can_edit)
    unfilled = {"given": RequiredDocument.Given.UPLOAD, "signer": Signer.NOBODY}
    lines = mine.call.required_documents.exclude(**unfilled)
    return mine, get_object_or_404(lines, slug=slug)


def page_of(mine: Application, requirement: RequiredDocument) -> str:
    """The page on which the paper of a line is offered."""
    if requirement.given == RequiredDocument.Given.ONLINE:
        return reverse("applications:answers", args=[mine.pk])
    return reverse("applications:document", args=[mine.pk, requirement.slug])


@login_required
@require_POST
def paper_order(request: HttpRequest, pk: uuid.UUID, slug: str) -> HttpResponse:
    mine, requirement = paper_line(request, pk, slug)
    if requirement.given == RequiredDocument.Given.ONLINE:
        signing.order_form(mine, requirement, filled(mine))
    else:
        signing.order_paper(mine, requirement)
    return redirect(f"{page_of(mine, requirement)}#paper")


@login_required
@require_safe
def paper(request: HttpRequest, pk: uuid.UUID, slug: str) -> HttpResponse | FileResponse:
    mine, requirement = paper_line(request, pk, slug)
    found = ready(printed(mine, requirement))
    if found is None:
        return redirect(f"{page_of(mine, requirement)}#paper")
    return serve(found.file, f"{slug}.pdf", PDF.media_type)


# --- The nominator -----------------------------------------------------------------------


@login_required
@form_page
def nominator(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    mine = own(request, pk, access.can_edit)
    requirement = get_object_or_404(mine.call.required_documents, signer=Signer.NOMINATOR)
    progress = nominations.progress_of(mine, now=timezone.now())
    known = vars(progress.nomination) if progress else {"language": request.LANGUAGE_CODE}
    form = NominatorForm(request.POST or None, application=mine, initial=known)
    if form.is_valid():
        facts = form.cleaned_data
        nominating.ask(mine, **facts, arrived_at=arrived(request), by=request.user)
        messages.success(request, _("The personal link is on its way to %s.") % facts["email"])
        return redirect("applications:document", pk, requirement.slug)
    context = {
        "application": mine,
        "requirement": requirement,
        "progress": progress,
        "lacks": papers.lacking(mine),
        "form": form,
    }
    return render(request, "applications/applicant/nominator.html", context)


@login_required
@require_POST
def nominator_renew(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    mine = own(request, pk, access.can_edit)
    nomination = get_object_or_404(nominations.of(mine))
    nominating.renew(nomination, arrived_at=arrived(request), by=request.user)
    messages.success(request, _("A new link is on its way to %s.") % nomination.email)
    return redirect("applications:document", pk, nomination.requirement.slug)


@login_required
@require_POST
def nominator_revoke(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    mine = own(request, pk, access.can_edit)
    nomination = get_object_or_404(nominations.of(mine))
    nominating.revoke(nomination, by=request.user)
    messages.success(request, _("The link opens nothing any more."))
    return redirect("applications:document", pk, nomination.requirement.slug)
