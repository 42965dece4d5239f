"""The library, and one asset as everybody in the network reads it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cityshare import access
from cityshare.actions import asset as actions
from cityshare.forms.asset import LibraryForm, UseForm, ValidationForm
from cityshare.models import Asset, Invitation, Use
from cityshare.models.asset import in_the_network
from cityshare.queries import asset as queries
from cityshare.queries import library as books
from workshop_portal.errors import require


def asset_of(request: HttpRequest, pk: uuid.UUID) -> Asset:
    """An asset that this person may read; 404 for all others."""
    known = Asset.objects.visible_to(request.user).select_related(
        "practice__framework", "cycle__workshop"
    )
    return get_object_or_404(known, pk=pk)


@require_safe
@login_required
def library(request: HttpRequest) -> HttpResponse:
    require(in_the_network(request.user))

    form = LibraryForm(request.GET, **books.choices(request.user))
    chosen = form.chosen
    context = {
        "form": form,
        "page": books.page_of(books.found(request.user, chosen), request.GET.get("page", "")),
        "is_narrowed": bool(chosen),
        "being_written": books.being_written(request.user),
        "to_validate": books.to_validate(request.user),
    }
    return render(request, "cityshare/asset/library.html", context)


@require_safe
@login_required
def asset(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = asset_of(request, pk)

    context = {
        "asset": found,
        "page": queries.asset_page(found),
        "teams": queries.authors(found),
        "may_write": access.can_write(request.user, found),
        "invited": invited_city(request, found),
        "validates_for": validating_team(request, found),
        "uses_for": using_city(request, found),
    }
    return render(request, "cityshare/asset/asset.html", context)


def invited_city(request: HttpRequest, found: Asset) -> object:
    """The city for which this person may say now that it writes it too, or None."""
    invitation = queries.invitation_for(found, request.user)
    if invitation is None or found.status != Asset.Status.DRAFT:
        return None
    return invitation.team.city if invitation.status == Invitation.Status.ASKED else None


def validating_team(request: HttpRequest, found: Asset) -> object:
    """The city for which this person may validate it now, or None."""
    waits = found.status == Asset.Status.REVIEW
    return queries.validating_team(found, request.user) if waits else None


def using_city(request: HttpRequest, found: Asset) -> object:
    """The city for which this person may say that it was used, or None."""
    is_shelved = found.status in books.SHELVED
    return queries.using_city(found, request.user) if is_shelved else None


@login_required
def asset_validate(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = asset_of(request, pk)
    team = queries.validating_team(found, request.user)
    require(team is not None)

    page = queries.asset_page(found)
    form = ValidationForm(request.POST or None, seen=request.GET.get("seen") or page.mark)
    if form.is_valid():
        actions.validate(found, team, **form.cleaned_data, by=request.user)
        messages.success(request, _("Your city's word is kept. Thank you."))
        return redirect("cityshare:asset", pk)
    context = {"asset": found, "form": form, "team": team, "page": page}
    return render(request, "cityshare/asset/validate.html", context)


@login_required
def asset_use(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = asset_of(request, pk)
    city = queries.using_city(found, request.user)
    require(city is not None)

    used = Use.objects.filter(asset=found, city=city).first()
    form = UseForm(request.POST or None, used=used)
    if form.is_valid():
        actions.note_use(found, city, **form.cleaned_data, by=request.user)
        messages.success(request, _("It is kept, and helps the next city to choose."))
        return redirect("cityshare:asset", pk)
    context = {"asset": found, "form": form, "city": city}
    return render(request, "cityshare/asset/use.html", context)
