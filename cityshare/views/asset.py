"""The pages on which cities write an asset down."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cityshare import access
from cityshare.actions import asset as actions
from cityshare.forms.asset import (
    AssetForm,
    BeginForm,
    HandInForm,
    PrincipleForm,
    StoryForm,
    WithdrawForm,
)
from cityshare.models import Asset, Cycle, Invitation, PeerAssist, Principle, Story
from cityshare.queries import asset as queries
from cityshare.queries.cycle import seat_of
from cityshare.views.doors import cycle_of
from cityshare.views.library import asset_of
from workshop_portal.errors import require
from workshop_portal.fresh import FreshForm


def written(request: HttpRequest, pk: uuid.UUID) -> Asset:
    """An asset that this person writes; 403 for those who only read it."""
    found = asset_of(request, pk)
    require(access.can_write(request.user, found))
    return found


def known(thing: models.Model, form: type[FreshForm]) -> dict[str, Any]:
    """What is stored of a thing, by the fields of its form."""
    return {name: getattr(thing, name) for name in form.Meta.fields}


@login_required
def asset_create(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    found = cycle_of(request, cycle)
    seat = seat_of(request.user, found)
    require(seat.leads or seat.team is not None)

    assist = assist_of(request, found)
    form = BeginForm(
        request.POST or None, cycle=found, team=seat.team, known=suggested(request, assist)
    )
    if form.is_valid():
        begun = actions.begin(found, assist=assist, **form.facts, by=request.user)
        return redirect("cityshare:asset-edit", begun.pk)
    context = {"cycle": found, "form": form, "here": _("Write down a good practice")}
    return render(request, "cityshare/asset/create.html", context)


def assist_of(request: HttpRequest, cycle: Cycle) -> PeerAssist | None:
    """The peer assist that the asset is written from, when the address names one."""
    named = request.GET.get("assist", "")
    seen = PeerAssist.objects.visible_to(request.user).filter(host__cycle=cycle)
    return next((assist for assist in seen if str(assist.pk) == named), None)


def suggested(request: HttpRequest, assist: PeerAssist | None) -> dict[str, Any] | None:
    """What the form begins with: the assist's practice, or the one that a page linked from."""
    if assist is None:
        code = request.GET.get("practice", "")
        return {"practice": code} if code else None
    teams = [assist.host_id, *assist.helpers.values_list("pk", flat=True)]
    return {"practice": assist.practice.code, "teams": teams}


@login_required
def asset_edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    asset = written(request, pk)
    levels = asset.practice.framework.levels
    form = AssetForm(request.POST or None, levels=levels, known=known(asset, AssetForm))
    if form.is_valid():
        actions.edit(asset, **form.facts, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("cityshare:asset", pk)
    return part_page(request, asset, form, _("What the good practice says"))


@login_required
def story_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    asset = written(request, pk)
    form = StoryForm(request.POST or None, cities=queries.storytellers(asset))
    if form.is_valid():
        actions.tell(asset, **form.facts, by=request.user)
        return redirect("cityshare:asset", pk)
    return part_page(request, asset, form, _("Tell a story"))


@login_required
def story_edit(request: HttpRequest, pk: uuid.UUID, part: uuid.UUID) -> HttpResponse:
    asset = written(request, pk)
    story = get_object_or_404(Story, asset=asset, pk=part)
    stored = known(story, StoryForm)
    cities = queries.storytellers(asset)
    form = StoryForm(request.POST or None, cities=cities, known=stored)
    if form.is_valid():
        actions.tell(asset, story=story, **form.facts, by=request.user)
        return redirect("cityshare:asset", pk)
    return part_page(request, asset, form, _("A story"), part=story, kind="story")


@login_required
def principle_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    asset = written(request, pk)
    form = PrincipleForm(request.POST or None, asset=asset)
    if form.is_valid():
        actions.conclude(asset, **form.facts, by=request.user)
        return redirect("cityshare:asset", pk)
    return part_page(request, asset, form, _("A principle for action"))


@login_required
def principle_edit(request: HttpRequest, pk: uuid.UUID, part: uuid.UUID) -> HttpResponse:
    asset = written(request, pk)
    principles = asset.principles.prefetch_related("stories")
    principle = get_object_or_404(principles, pk=part)
    carried = sorted(story.pk for story in principle.stories.all())
    stored = {**known(principle, PrincipleForm), "stories": carried}
    form = PrincipleForm(request.POST or None, asset=asset, known=stored)
    if form.is_valid():
        actions.conclude(asset, principle=principle, **form.facts, by=request.user)
        return redirect("cityshare:asset", pk)
    title = _("A principle for action")
    return part_page(request, asset, form, title, part=principle, kind="principle")


def part_page(
    request: HttpRequest, asset: Asset, form: FreshForm, title: str, **more: object
) -> HttpResponse:
    """A page with one form about an asset, or a part of it that can be deleted there."""
    context = {"asset": asset, "form": form, "title": title, **more}
    return render(request, "cityshare/asset/form.html", context)


@require_POST
@login_required
def strike(
    request: HttpRequest, pk: uuid.UUID, part: uuid.UUID, model: type[Story] | type[Principle]
) -> HttpResponse:
    asset = written(request, pk)
    actions.strike(get_object_or_404(model, asset=asset, pk=part), by=request.user)
    messages.success(request, _("It is taken out."))
    return redirect("cityshare:asset", pk)


@require_POST
@login_required
def join(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    actions.join(invitation_of(request, pk), by=request.user)
    messages.success(request, _("Your city writes it too now, and is named as an author."))
    return redirect("cityshare:asset", pk)


@require_POST
@login_required
def decline(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    actions.decline(invitation_of(request, pk), by=request.user)
    messages.success(request, _("Your answer is kept. Your city is not named in it."))
    return redirect("cityshare:library")


def invitation_of(request: HttpRequest, pk: uuid.UUID) -> Invitation:
    """The invitation that this person answers for a city; 403 for all others who read the asset."""
    found = queries.invitation_for(asset_of(request, pk), request.user)
    if found is None:
        raise PermissionDenied
    return found


@require_POST
@login_required
def uninvite(request: HttpRequest, pk: uuid.UUID, part: uuid.UUID) -> HttpResponse:
    asset = written(request, pk)
    known = asset.invitations.select_related("team__city")
    actions.uninvite(get_object_or_404(known, pk=part), by=request.user)
    messages.success(request, _("The invitation is taken back."))
    return redirect("cityshare:asset", pk)


@require_POST
@login_required
def hand_in(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    asset = written(request, pk)
    actions.hand_in(asset, **HandInForm(request.POST).facts, by=request.user)
    messages.success(
        request, _("The focal points of the cities in other countries are asked for their word.")
    )
    return redirect("cityshare:asset", pk)


@require_POST
@login_required
def take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    actions.take_back(written(request, pk), by=request.user)
    messages.success(request, _("You can write on it now. Other cities validate it again."))
    return redirect("cityshare:asset", pk)


@require_POST
@login_required
def still_holds(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    actions.still_holds(written(request, pk), by=request.user)
    messages.success(request, _("It stays in the library for another year."))
    return redirect("cityshare:asset", pk)


@login_required
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    asset = written(request, pk)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        actions.withdraw(asset, **form.cleaned_data, by=request.user)
        messages.success(request, _("It is withdrawn. Its authors still see it."))
        return redirect("cityshare:asset", pk)
    return part_page(request, asset, form, _("Withdraw the good practice"))
