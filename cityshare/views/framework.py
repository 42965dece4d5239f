"""Frameworks: read, written as drafts, frozen, copied, taken in and out as files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cityshare import access
from cityshare.actions import framework as actions
from cityshare.forms.framework import CopyForm, FrameworkForm, ImportForm, NewFrameworkForm
from cityshare.interchange import Sheet, written
from cityshare.models import Cycle, Framework
from cityshare.queries import framework as queries
from cityshare.queries.vote import standing_of, wording
from workshop_portal.errors import require
from workshop_portal.files import PDF, serve
from workshop_portal.papers.models import Paper
from workshop_portal.papers.queries import paper_of, ready


@require_safe
@login_required
def list_(request: HttpRequest) -> HttpResponse:
    context = {
        "frameworks": queries.frameworks_of(request.user),
        "keeps": access.can_keep_frameworks(request.user),
    }
    return render(request, "cityshare/framework/list.html", context)


@require_safe
@login_required
def page(request: HttpRequest, pk: str) -> HttpResponse:
    """The framework as cities read it; a draft with the ways to change it."""
    framework = shown(request, pk)
    sheet = queries.sheet_of(framework)
    told = access.can_read_answers(request.user, framework)
    context = {
        "framework": framework,
        "meanings": sheet.meanings,
        "pillars": queries.pillars_of(framework, sheet),
        "edits": access.can_edit(request.user, framework),
        "keeps": access.can_keep_frameworks(request.user),
        "dossiers": queries.dossiers_of(framework) if told else [],
        "told": told,
        "paper": booklet_of(framework, sheet),
        "cycles": Cycle.objects.visible_to(request.user).filter(framework=framework),
        **_asked(request, framework, sheet),
    }
    return render(request, "cityshare/framework/framework.html", context)


@login_required
def create(request: HttpRequest) -> HttpResponse:
    require(access.can_keep_frameworks(request.user))
    form = NewFrameworkForm(request.POST or None)
    if form.is_valid():
        made = actions.start_framework(**form.cleaned_data, by=request.user)
        messages.success(request, _("The draft is there. Say what each level means."))
        return redirect("cityshare:framework-edit", pk=made.pk)
    return render(request, "cityshare/framework/create.html", {"form": form})


@login_required
def import_(request: HttpRequest) -> HttpResponse:
    require(access.can_keep_frameworks(request.user))
    form = ImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("name", "version")}
        made = actions.take_in(form.sheet, **facts, by=request.user)
        messages.success(request, _("The framework is a draft now. Read it, then freeze it."))
        return redirect("cityshare:framework", pk=made.pk)
    return render(request, "cityshare/framework/import.html", {"form": form})


@login_required
def edit(request: HttpRequest, pk: str) -> HttpResponse:
    framework = draft(request, pk)
    prefetch_related_objects([framework], "meanings")
    told = access.can_read_answers(request.user, framework)
    known = _known(framework)
    form = FrameworkForm(request.POST or None, known=known, framework=framework, told=told)
    if form.is_valid():
        actions.edit_framework(framework, **form.facts, by=request.user)
        messages.success(request, _("The draft is saved."))
        return redirect("cityshare:framework", pk=pk)
    context = {"framework": framework, "form": form}
    return render(request, "cityshare/framework/edit.html", context)


@login_required
def freeze(request: HttpRequest, pk: str) -> HttpResponse:
    """What keeps the draft from being frozen, what to look at once more, and what it means."""
    framework = draft(request, pk)
    if request.method == "POST":
        actions.freeze(framework, seen=request.POST.get("vote"), by=request.user)
        messages.success(request, _("The version is frozen. Cycles can use it."))
        return redirect("cityshare:framework", pk=pk)
    sheet = queries.sheet_of(framework)
    context = {
        "framework": framework,
        "lacking": queries.with_places(framework, queries.lacking(sheet)),
        "cautions": queries.with_places(framework, queries.cautions(sheet)),
        "standing": standing_of(framework, sheet),
    }
    return render(request, "cityshare/framework/freeze.html", context)


@login_required
def copy(request: HttpRequest, pk: str) -> HttpResponse:
    framework = shown(request, pk)
    require(access.can_keep_frameworks(request.user))
    told = access.can_read_answers(request.user, framework)
    form = CopyForm(request.POST or None, initial={"name": framework.name})
    if form.is_valid():
        facts = {**form.cleaned_data, "with_invented": told}
        made = actions.copy_framework(framework, **facts, by=request.user)
        messages.success(request, _("The copy is a draft that you can change."))
        return redirect("cityshare:framework", pk=made.pk)
    context = {"framework": framework, "form": form, "told": told}
    return render(request, "cityshare/framework/copy.html", context)


@login_required
@require_POST
def discard(request: HttpRequest, pk: str) -> HttpResponse:
    actions.discard(draft(request, pk), by=request.user)
    messages.success(request, _("The draft is gone."))
    return redirect("cityshare:framework-list")


@require_safe
@login_required
def export(request: HttpRequest, pk: str) -> JsonResponse:
    """The framework as JSON; the invented cities only for those who may know their levels."""
    framework = shown(request, pk)
    sheet = queries.sheet_of(framework)
    if not access.can_read_answers(request.user, framework):
        sheet = replace(sheet, dossiers=())
    actions.note_export(framework, by=request.user)
    answer = JsonResponse(written(sheet), json_dumps_params={"ensure_ascii": False, "indent": 1})
    name = f"{file_name(framework)}.json"
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


# --- The booklet -------------------------------------------------------------------------


@login_required
@require_POST
def booklet_order(request: HttpRequest, pk: str) -> HttpResponse:
    actions.order_booklet(shown(request, pk), language=get_language() or "en")
    return redirect(f"{request.path.removesuffix('booklet/order/')}#booklet")


@require_safe
@login_required
def booklet(request: HttpRequest, pk: str) -> HttpResponse | FileResponse:
    framework = shown(request, pk)
    paper = ready(booklet_of(framework, queries.sheet_of(framework)))
    if paper is None:
        return redirect("cityshare:framework", pk=pk)
    return serve(paper.file, f"{file_name(framework)}.pdf", PDF.media_type, inline=True)


def booklet_of(framework: Framework, sheet: Sheet) -> Paper | None:
    """The booklet of the words as they are now, in the reader's language, if it was ordered."""
    facts = queries.booklet_facts(framework, sheet)
    return paper_of(queries.booklet_key(framework, facts, get_language() or "en"))


# --- Who sees what -----------------------------------------------------------------------


def shown(request: HttpRequest, pk: str) -> Framework:
    """A framework that this person may read, or 404."""
    return get_object_or_404(Framework.objects.visible_to(request.user), pk=pk)


def draft(request: HttpRequest, pk: str) -> Framework:
    """A draft that this person may change; a frozen version answers 403."""
    framework = shown(request, pk)
    require(access.can_edit(request.user, framework))
    return framework


def file_name(framework: Framework) -> str:
    """How files of a framework are called, without their ending."""
    return slugify(f"{framework.name} {framework.version}") or "framework"


def _asked(request: HttpRequest, framework: Framework, sheet: Sheet) -> dict[str, Any]:
    """How the vote on a draft stands, and what this person's city has said in it."""
    if framework.status != Framework.Status.DRAFT or not (found := standing_of(framework, sheet)):
        return {}
    mine = found.line_of(request.user)
    return {
        "standing": found,
        "leads": access.can_facilitate(request.user, found.vote.cycle),
        "mine": mine,
        "speaks": mine is not None and access.can_speak_for(request.user, mine.voice.team),
        "wording": wording(sheet),
    }


def _known(framework: Framework) -> dict[str, Any]:
    known = {name: getattr(framework, name) for name in FrameworkForm.Meta.fields}
    for level, mean in queries.meanings_of(framework).items():
        known |= {f"name_{level}": mean.name, f"words_{level}": mean.words}
    return known
