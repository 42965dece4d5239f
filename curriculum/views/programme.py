"""The programme as its coordinator works on it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Max, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from curriculum import access, queries
from curriculum.actions import programme as actions
from curriculum.forms.programme import ModuleForm, SessionForm, SpeakerForm
from curriculum.models import Module, Programme, Session, Speaker
from workshop_portal.errors import require
from workshop_portal.workshops.models import Workshop


@login_required
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """Modules, sessions by day and speakers; a POST releases the programme or takes it back."""
    workshop = _workshop(request, slug)
    if request.method == "POST":
        if request.POST.get("to") == "draft":
            actions.unrelease(workshop, by=request.user)
            messages.success(request, _("The sessions are off the public page again."))
        else:
            actions.release(workshop, by=request.user)
            messages.success(request, _("The programme is released. Its sessions are public."))
        return redirect("curriculum:programme", slug=slug)
    context = {
        "workshop": workshop,
        "programme": getattr(workshop, "programme", None) or Programme(workshop=workshop),
        "modules": queries.modules_of(workshop),
        "days": queries.days_of(workshop, None, queries.training_days(workshop)),
        "speakers": queries.speakers_of(workshop),
    }
    return render(request, "curriculum/programme.html", context)


@login_required
def create_module(request: HttpRequest, slug: str) -> HttpResponse:
    workshop = _workshop(request, slug)
    last = workshop.modules.aggregate(last=Max("number"))["last"] or 0
    form = ModuleForm(request.POST or None, workshop=workshop, next_number=last + 1)
    if form.is_valid():
        actions.add_module(workshop, **form.facts, by=request.user)
        return _saved(request, workshop)
    return _form(request, workshop, form, _("Add a module"))


@login_required
def edit_module(request: HttpRequest, slug: str, pk: str) -> HttpResponse:
    module = _part(request, Module, slug, pk)
    form = ModuleForm(
        request.POST or None,
        workshop=module.workshop,
        module=module,
        known=_known(module, ModuleForm),
    )
    if form.is_valid():
        actions.edit_module(module, **form.facts, by=request.user)
        return _saved(request, module.workshop)
    return _form(request, module.workshop, form, module, "curriculum:module-delete")


@login_required
def create_speaker(request: HttpRequest, slug: str) -> HttpResponse:
    workshop = _workshop(request, slug)
    form = SpeakerForm(request.POST or None)
    if form.is_valid():
        actions.add_speaker(workshop, **form.facts, by=request.user)
        return _saved(request, workshop)
    return _form(request, workshop, form, _("Add a speaker"))


@login_required
def edit_speaker(request: HttpRequest, slug: str, pk: str) -> HttpResponse:
    speaker = _part(request, Speaker, slug, pk)
    form = SpeakerForm(request.POST or None, known=_known(speaker, SpeakerForm))
    if form.is_valid():
        actions.edit_speaker(speaker, **form.facts, by=request.user)
        return _saved(request, speaker.workshop)
    return _form(request, speaker.workshop, form, speaker, "curriculum:speaker-delete")


@login_required
def create_session(request: HttpRequest, slug: str) -> HttpResponse:
    workshop = _workshop(request, slug)
    days = queries.training_days(workshop)
    form = SessionForm(
        request.POST or None, workshop=workshop, days=days, day=request.GET.get("day")
    )
    if form.is_valid():
        actions.add_session(workshop, **form.facts, by=request.user)
        return _saved(request, workshop)
    return _form(request, workshop, form, _("Add a session"), days=days)


@login_required
def edit_session(request: HttpRequest, slug: str, pk: str) -> HttpResponse:
    session = _part(request, Session, slug, pk)
    prefetch_related_objects([session], "speakers")
    days = queries.training_days(session.workshop)
    known = _known_session(session)
    form = SessionForm(
        request.POST or None, workshop=session.workshop, days=days, session=session, known=known
    )
    if form.is_valid():
        actions.edit_session(session, **form.facts, by=request.user)
        return _saved(request, session.workshop)
    return _form(request, session.workshop, form, session, "curriculum:session-delete", days=days)


@login_required
def delete(request: HttpRequest, slug: str, pk: str, model: type) -> HttpResponse:
    """Ask once, then take a module, a session or a speaker out."""
    part = _part(request, model, slug, pk)
    if request.method == "POST":
        actions.delete(part, by=request.user)
        messages.success(request, _("“%s” is deleted.") % part)
        return redirect("curriculum:programme", slug=slug)
    context = {"workshop": part.workshop, "part": part, "kind": model._meta.verbose_name}
    return render(request, "curriculum/delete.html", context)


def _workshop(request: HttpRequest, slug: str) -> Workshop:
    mine = Workshop.objects.run_by(request.user).select_related("programme")
    workshop = get_object_or_404(mine, slug=slug)
    require(access.can_edit_programme(request.user, workshop))
    return workshop


def _part(request: HttpRequest, model: type, slug: str, pk: str) -> Any:
    mine = model.objects.editable_by(request.user).select_related("workshop")
    return get_object_or_404(mine, workshop__slug=slug, pk=pk)


def _known(part: Module | Speaker, form: type[ModuleForm | SpeakerForm]) -> dict[str, object]:
    return {name: getattr(part, name) for name in form.Meta.fields}


def _known_session(session: Session) -> dict[str, object]:
    zone = ZoneInfo(session.workshop.zone)
    starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    plain = {name: getattr(session, name) for name in SessionForm.Meta.fields}
    return {
        **plain,
        "module": session.module_id,
        "speakers": [speaker.pk for speaker in session.speakers.all()],
        "day": str(starts.date()),
        "starts": starts.time(),
        "ends": ends.time(),
    }


def _saved(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    messages.success(request, _("The programme is saved."))
    return redirect("curriculum:programme", slug=workshop.slug)


def _form(
    request: HttpRequest, workshop: Workshop, form: Any, thing: Any, deletes: str = "", **more: Any
) -> HttpResponse:
    """The page of a form; `thing` is its title or the part that is being changed."""
    context = {"workshop": workshop, "form": form, "title": str(thing), **more}
    if deletes:
        context["delete_url"] = reverse(deletes, args=[workshop.slug, thing.pk])
    return render(request, "curriculum/part_form.html", context)
