"""The practices of a draft, and its invented cities."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cityshare import access
from cityshare.actions import dossier as dossiers
from cityshare.actions import practice as actions
from cityshare.forms.practice import CaseForm, DossierForm, PracticeForm, known_of
from cityshare.models import Dossier, Framework, Practice
from cityshare.queries.framework import meanings_of
from cityshare.views.framework import draft
from workshop_portal.errors import require


@login_required
def create(request: HttpRequest, pk: str) -> HttpResponse:
    framework = draft(request, pk)
    form = _form(request, framework)
    if form.is_valid():
        made = actions.add_practice(framework, **form.facts, by=request.user)
        messages.success(request, _("%s is added at the end.") % made.code)
        return redirect(f"{framework.get_absolute_url()}#{made.code}")
    context = {"framework": framework, "form": form}
    return render(request, "cityshare/framework/practice.html", context)


@login_required
def edit(request: HttpRequest, pk: str, practice: int) -> HttpResponse:
    framework, found = practice_of(request, pk, practice)
    form = _form(request, framework, found)
    if form.is_valid():
        found = actions.edit_practice(found, **form.facts, by=request.user)
        messages.success(request, _("%s is saved.") % found.code)
        return redirect(f"{framework.get_absolute_url()}#{found.code}")
    context = {"framework": framework, "practice": found, "form": form}
    return render(request, "cityshare/framework/practice.html", context)


@login_required
@require_POST
def move(request: HttpRequest, pk: str, practice: int) -> HttpResponse:
    framework, found = practice_of(request, pk, practice)
    actions.move_practice(found, up=request.POST.get("to") == "up", by=request.user)
    return redirect(f"{framework.get_absolute_url()}#{found.code}")


@login_required
@require_POST
def remove(request: HttpRequest, pk: str, practice: int) -> HttpResponse:
    framework, found = practice_of(request, pk, practice)
    actions.remove_practice(found, by=request.user)
    messages.success(request, _("%s is removed from the draft.") % found.code)
    return redirect(framework)


def practice_of(request: HttpRequest, pk: str, practice: int) -> tuple[Framework, Practice]:
    """A draft and one of its practices; 404 for that of another framework."""
    framework = draft(request, pk)
    practices = framework.practices.prefetch_related("descriptors")
    return framework, get_object_or_404(practices, pk=practice)


def _form(
    request: HttpRequest, framework: Framework, practice: Practice | None = None
) -> PracticeForm:
    others = framework.practices.exclude(pk=practice.pk) if practice else framework.practices.all()
    return PracticeForm(
        request.POST or None,
        known=known_of(practice) if practice else None,
        meanings=meanings_of(framework),
        taken={other.code for other in others},
        pillars=list(dict.fromkeys(other.pillar for other in others)),
    )


# --- Invented cities ---------------------------------------------------------------------


@login_required
def dossier_create(request: HttpRequest, pk: str) -> HttpResponse:
    framework = draft(request, pk)
    form = DossierForm(request.POST or None)
    if form.is_valid():
        made = dossiers.add_dossier(framework, **form.facts, by=request.user)
        messages.success(request, _("The invented city is there. Write its cases."))
        return redirect("cityshare:dossier-edit", pk=pk, dossier=made.pk)
    context = {"framework": framework, "form": form}
    return render(request, "cityshare/framework/dossier.html", context)


@login_required
def dossier_edit(request: HttpRequest, pk: str, dossier: str) -> HttpResponse:
    framework, found = dossier_of(request, pk, dossier)
    known = {"title": found.title, "text": found.text}
    form = DossierForm(request.POST or None, known=known)
    if form.is_valid():
        dossiers.edit_dossier(found, **form.facts, by=request.user)
        messages.success(request, _("The invented city is saved."))
        return redirect("cityshare:dossier-edit", pk=pk, dossier=dossier)
    cases = found.cases.select_related("practice")
    context = {"framework": framework, "dossier": found, "form": form, "cases": cases}
    return render(request, "cityshare/framework/dossier.html", context)


@login_required
@require_POST
def dossier_remove(request: HttpRequest, pk: str, dossier: str) -> HttpResponse:
    framework, found = dossier_of(request, pk, dossier)
    dossiers.remove_dossier(found, by=request.user)
    messages.success(request, _("The invented city is removed from the draft."))
    return redirect(framework)


@login_required
def case_create(request: HttpRequest, pk: str, dossier: str) -> HttpResponse:
    framework, found = dossier_of(request, pk, dossier)
    form = CaseForm(request.POST or None, dossier=found, meanings=meanings_of(framework))
    if form.is_valid():
        dossiers.put_case(found, **form.facts, by=request.user)
        messages.success(request, _("The case is saved."))
        return redirect("cityshare:dossier-edit", pk=pk, dossier=dossier)
    context = {"framework": framework, "dossier": found, "form": form}
    return render(request, "cityshare/framework/case.html", context)


@login_required
def case_edit(request: HttpRequest, pk: str, dossier: str, case: int) -> HttpResponse:
    framework, found = dossier_of(request, pk, dossier)
    one = get_object_or_404(found.cases.select_related("practice"), pk=case)
    known = {name: getattr(one, name) for name in ("text", "level", "why")}
    meanings = meanings_of(framework)
    form = CaseForm(request.POST or None, known=known, dossier=found, meanings=meanings)
    if form.is_valid():
        dossiers.put_case(found, one.practice, case=one, **form.facts, by=request.user)
        messages.success(request, _("The case is saved."))
        return redirect("cityshare:dossier-edit", pk=pk, dossier=dossier)
    context = {"framework": framework, "dossier": found, "case": one, "form": form}
    return render(request, "cityshare/framework/case.html", context)


@login_required
@require_POST
def case_remove(request: HttpRequest, pk: str, dossier: str, case: int) -> HttpResponse:
    _framework, found = dossier_of(request, pk, dossier)
    dossiers.remove_case(get_object_or_404(found.cases, pk=case), by=request.user)
    messages.success(request, _("The case is removed."))
    return redirect("cityshare:dossier-edit", pk=pk, dossier=dossier)


def dossier_of(request: HttpRequest, pk: str, dossier: str) -> tuple[Framework, Dossier]:
    """A draft and one of its invented cities, for those who may read its agreed levels."""
    framework = draft(request, pk)
    require(access.can_read_answers(request.user, framework))
    return framework, get_object_or_404(framework.dossiers, pk=dossier)
