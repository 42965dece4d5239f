"""The pages on which people see and change what the portal knows of them."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from workshop_portal.accounts import actions, queries
from workshop_portal.accounts.forms import DetailsForm, LanguageForm

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


@require_POST
@login_required
def reachable(request: HttpRequest) -> HttpResponse:
    actions.trust_address(request.user, by=request.user)
    words = _("Letters go to %s again. If one comes back, we tell you here.")
    messages.success(request, words % request.user.email)
    return redirect("accounts:profile")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak another language from here on: on this device, and to the person who is signed in."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        raise BadRequest
    chosen = form.cleaned_data["language"]
    if request.user.is_authenticated:
        actions.choose_language(request.user, language=chosen, by=request.user)
    response = redirect(form.cleaned_data["next"] or "home")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return response


def too_many(request: HttpRequest) -> HttpResponse:
    """Too many attempts: say when to try again, to people and to programs."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(RETRY_AFTER)
    return response
