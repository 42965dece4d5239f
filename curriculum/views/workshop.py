"""The page of a workshop, as those who run it write it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications.models import Call
from curriculum import access, queries
from curriculum.actions import postpone as postponing
from curriculum.actions import programme as actions
from curriculum.forms.postpone import PostponeForm
from curriculum.forms.workshop import NewWorkshopForm, WorkshopForm
from workshop_portal.errors import require
from workshop_portal.workshops import actions as workshops
from workshop_portal.workshops.models import Workshop
from workshop_portal.workshops.queries import parts


@login_required
def create(request: HttpRequest) -> HttpResponse:
    if not access.can_create_workshop(request.user):
        raise Http404
    form = NewWorkshopForm(request.POST or None)
    if form.is_valid():
        facts = form.facts
        coordinator = facts.pop("coordinator") or request.user
        workshop = workshops.create_workshop(coordinator=coordinator, **facts, by=request.user)
        messages.success(request, _("The workshop is there, as a draft that only its staff see."))
        return redirect("curriculum:workshop-edit", slug=workshop.slug)
    return render(request, "curriculum/workshop_create.html", {"form": form})


@login_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    workshop = _workshop(request, slug)
    prefetch_related_objects([workshop], "days", "objectives", "partners")
    busy = queries.busy_days(workshop)
    form = WorkshopForm(
        request.POST or None,
        known=_known(workshop),
        busy_days=busy,
        zone_stands=bool(busy) or hasattr(workshop, "call"),
    )
    if form.is_valid():
        actions.edit_workshop(workshop, **form.facts, by=request.user)
        messages.success(request, _("The page is saved."))
        return redirect("curriculum:workshop-edit", slug=slug)
    runs = access.can_edit_programme(request.user, workshop)
    context = {"workshop": workshop, "form": form, "runs": runs}
    return render(request, "curriculum/workshop_edit.html", context)


@login_required
def postpone(request: HttpRequest, slug: str) -> HttpResponse:
    """Move the workshop with all its dates: first a preview, then in one step."""
    workshop = get_object_or_404(Workshop.objects.run_by(request.user), slug=slug)
    call = Call.objects.select_related("workshop").filter(workshop=workshop).first()
    form = PostponeForm(request.POST or None, workshop=workshop, call=call, by=request.user)
    context = {"workshop": workshop, "call": call, "form": form}
    if not form.is_valid() or "change" in request.POST:
        return render(request, "curriculum/postpone.html", context)
    if "confirm" in request.POST:
        seen = form.cleaned_data["seen"]
        postponing.postpone(workshop, **form.facts, seen=seen, by=request.user)
        messages.success(request, _("The workshop is postponed. Everybody concerned is told."))
        return redirect("curriculum:workshop-edit", slug=slug)
    letters = postponing.letters(workshop, form.plan, reason=form.facts["reason"])
    context |= {"plan": form.plan, "letters": letters}
    return render(request, "curriculum/postpone_preview.html", context)


@login_required
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the page before the public, or take it away."""
    workshop = _workshop(request, slug)
    if request.POST.get("to") == "draft":
        workshops.withdraw_page(workshop, by=request.user)
        messages.success(request, _("The page is a draft again; only its staff see it."))
    else:
        workshops.publish(workshop, by=request.user)
        messages.success(request, _("The page is published. Everybody sees it."))
    return redirect("curriculum:workshop-edit", slug=slug)


def _workshop(request: HttpRequest, slug: str) -> Workshop:
    workshop = get_object_or_404(
        Workshop.objects.edited_by(request.user).select_related("call"), slug=slug
    )
    require(access.can_edit_workshop(request.user, workshop))
    return workshop


def _known(workshop: Workshop) -> dict[str, object]:
    found = parts(workshop)
    return {
        **{name: getattr(workshop, name) for name in WorkshopForm.Meta.fields},
        "days": found.days,
        "objectives": found.objectives,
        "organisers": found.organisers,
        "partners": found.partners,
    }
