"""The pages on which people see and change what the portal knows of them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from workshop_portal.accounts import actions, queries
from workshop_portal.accounts.forms import DetailsForm

RETRY_AFTER = 300


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    keys = queries.keys_of(request.user)
    return render(request, "accounts/profile.html", {"keys": keys})


@login_required
def details(request: HttpRequest) -> HttpResponse:
    form = DetailsForm.of(request.user, request.POST or None)
    if form.is_valid():
        actions.change_details(request.user, **form.cleaned_data, by=request.user)
        messages.success(request, _("Your details are saved."))
        return redirect("accounts:profile")
    return render(request, "accounts/details.html", {"form": form})


@login_required
def held(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/held.html", {"held": queries.held_about(request.user)})


def too_many(request: HttpRequest) -> HttpResponse:
    """Too many attempts: say when to try again, to people and to programs."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(RETRY_AFTER)
    return response
