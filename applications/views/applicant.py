"""The applicant's own file: from the start to the receipt, and back."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import access
from applications.actions import intake, sending
from applications.forms.intake import SECTIONS, Section, SectionForm, answered, said
from applications.forms.preview import filled
from applications.forms.sending import AtCloseForm, SubmitForm
from applications.models import Application, Call
from applications.queries.intake import WRITABLE, Overview, overview
from applications.queries.own import own_application, seen_by
from applications.queries.paper import form_paper
from applications.views import kept, visitor
from applications.views.kept import login_or_keep
from workshop_portal.accounts.models import User
from workshop_portal.arrival import arrived
from workshop_portal.errors import require
from workshop_portal.files import PDF, serve
from workshop_portal.papers.queries import paper_of, ready
from workshop_portal.prepared import Question

STALE = 409
form_page = require_http_methods(["GET", "HEAD", "POST"])


def own(
    request: HttpRequest,
    pk: uuid.UUID,
    can: Callable[[User, Application], bool] = access.can_follow,
) -> Application:
    """The person's application at this address; 404 for what they may not know of."""
    return known(request, pk, can, own_application)


def known(
    request: HttpRequest,
    pk: uuid.UUID,
    can: Callable[[User, Application], bool],
    theirs: Question[..., Application],
) -> Application:
    """The same, as the question `theirs` finds it; `read_at` is when it was read."""
    user = request.user
    # Nearly always it is theirs, and whatever else they may see costs a longer question.
    mine = next(iter(theirs(pk=pk, user=user.pk)), None)
    application = mine or get_object_or_404(seen_by(user), pk=pk)
    require(can(user, application))
    application.applicant = user
    return application


@login_required
@form_page
def start(request: HttpRequest, slug: str) -> HttpResponse:
    calls = Call.objects.visible_to(request.user).select_related("workshop")
    call = get_object_or_404(calls, workshop__slug=slug)
    if request.method != "POST":
        begun = Application.objects.filter(call=call, applicant=request.user).first()
        return redirect(begun or call)
    told = visitor.kept(request, call)
    mine = intake.start(call, told=told, arrived_at=arrived(request), by=request.user)
    visitor.hand_over(request, mine)
    return redirect(mine)


@login_required
@require_safe
def application(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    mine = own(request, pk)
    return application_page(request, mine, AtCloseForm(application=mine))


def application_page(request: HttpRequest, mine: Application, form: AtCloseForm) -> HttpResponse:
    page = overview(mine, now=timezone.now())
    tasks = form_tasks(mine, page)
    facts = {"application": mine, "page": page, "tasks": tasks, "at_close": form}
    facts["next_step"] = next_step(mine, page, tasks)
    return render(request, "applications/applicant/application.html", facts)


def next_step(mine: Application, page: Overview, tasks: list[dict[str, str]]) -> dict[str, str]:
    """Where a draft goes on: what is missing first, then the check; {} when nothing waits."""
    if not page.may_finish:
        return {}
    if page.next_row is None:
        return {"name": _("Check and send"), "url": reverse("applications:check", args=[mine.pk])}
    if page.next_row.line.online:
        task = next(task for task in tasks if task["status"] != "complete")
        return {"name": _("Go on: %(what)s") % {"what": task["name"]}, "url": task["url"]}
    what = {"what": page.next_row.line.title}
    return {"name": _("Go on: %(what)s") % what, "url": page.next_row.url}


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


@form_page
@login_or_keep
def section(request: HttpRequest, pk: uuid.UUID, slug: str) -> HttpResponse:
    mine = own(request, pk, access.can_edit)
    here = section_named(slug)
    form = here.form_class(request.POST or kept.words(request), instance=mine)
    if form.is_valid() and request.method == "POST":
        arrived_at, by = arrived(request), request.user
        intake.save_section(mine, section=slug, answers=form.answers, arrived_at=arrived_at, by=by)
        kept.forget(request)
        messages.success(request, _("“%(section)s” is saved.") % {"section": here.title})
        return redirect(after(request, mine, here))
    if request.method == "POST" and not form.is_stale and kept.keep(request):
        return HttpResponseRedirect(request.get_full_path(), status=303)
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
        {"term": form.fields[name].label, "value": said(mine, name)} for name in form.conflicts
    ]
    facts = {
        "application": mine,
        "section": here,
        "number": SECTIONS.index(here) + 1,
        "all": len(SECTIONS),
        "form": form,
        "stored": stored,
        "is_open": mine.window.is_open(timezone.now()),
        "is_kept": kept.were_interrupted(request),
        "taken_over": visitor.taken_over(request, mine, form),
    }
    status = STALE if form.is_stale and request.method == "POST" else 200
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
def answers(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    facts = {"application": own(request, pk)}
    facts["sections"] = answered(facts["application"])
    facts["form"] = form_paper(facts["application"], filled(facts["application"]))
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


# --- Sending ---------------------------------------------------------------------------


@login_required
@require_safe
def check(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
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
def submit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    mine = own(request, pk, access.can_edit)
    if request.method != "POST":
        return redirect("applications:check", pk=pk)
    form = SubmitForm(request.POST, application=mine)
    if not form.is_valid() and mine.status == Application.Status.DRAFT:
        sending.note_unconfirmed(mine, arrived_at=arrived(request), by=request.user)
        return check_page(request, mine, form)
    facts = {"version": form.cleaned_data.get("version"), "statement": form.said}
    receipt = sending.submit(mine, **facts, arrived_at=arrived(request), by=request.user)
    return redirect("applications:receipt" if receipt else "applications:application", pk=pk)


@login_required
@require_POST
def at_close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Have the draft sent at its deadline, or take that back."""
    mine = own(request, pk, access.can_edit)
    form = AtCloseForm(request.POST, application=mine)
    if "recall" in request.POST:
        sending.recall_at_close(mine, by=request.user)
        messages.success(request, _("The portal does not send it. Send it yourself in time."))
    elif form.is_valid():
        said, arrived_at = form.said, arrived(request)
        sending.ask_at_close(mine, statement=said, arrived_at=arrived_at, by=request.user)
        messages.success(request, _("At the deadline the portal sends it, if it is complete."))
    else:
        return application_page(request, mine, form)
    return redirect(mine)


@login_required
@require_safe
def receipt(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
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
def receipt_paper(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponse | FileResponse:
    mine = own(request, pk)
    wanted = get_object_or_404(mine.receipts, number=number)
    paper = ready(paper_of(wanted.paper_key))
    if paper is None:
        return redirect("applications:receipt", pk=pk)
    return serve(paper.file, f"{mine.reference}-{number}.pdf", PDF.media_type)


# --- And back --------------------------------------------------------------------------


@login_required
@form_page
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
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
def take_up(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    mine = own(request, pk, access.can_withdraw)
    if request.method == "POST":
        intake.take_up(mine, arrived_at=arrived(request), by=request.user)
        messages.success(request, _("Your application is a draft again. Send it when it is ready."))
    return redirect(mine)
