"""The one page that a nominator's personal link opens. There is no account and no session.

Opening it changes nothing, however often: mail programs and virus scanners open links too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from applications.actions import attach, signing
from applications.actions import nomination as actions
from applications.forms.signing import DeclineForm, LetterFileForm, LetterSignForm
from applications.models import Nomination
from applications.queries import nomination as queries
from applications.queries.paper import filled_paper
from applications.queries.room import sent_for
from applications.queries.signing import printed_facts
from applications.views.applicant import form_page
from workshop_portal.arrival import arrived
from workshop_portal.files import PDF, serve
from workshop_portal.papers.queries import ready

View = Callable[..., HttpResponse]


def behind_link(view: View) -> View:
    """Give the view the nomination behind a link, in the nominator's language.

    Whatever is wrong with a link, the answer is one and the same plain page. The language lasts
    until the request has been answered, for an answer may be refused after this. Which headers
    go out with an address that is a secret, `NoStoreMiddleware` knows; the page itself tells its
    own host only that a form came from here, which the check against forged requests needs.
    """

    @wraps(view)
    def opened(request: HttpRequest, secret: str, **kwargs: Any) -> HttpResponse:
        nomination = queries.nomination_behind(secret, at=arrived(request))
        if nomination is None:
            return render(request, "applications/nominator/ended.html", status=404)
        request.LANGUAGE_CODE = language_of(request, nomination)
        translation.activate(request.LANGUAGE_CODE)
        return view(request, nomination, secret, **kwargs)

    return opened


def language_of(request: HttpRequest, nomination: Nomination) -> str:
    """The language chosen on this device, else the one in which we write to the nominator."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else nomination.language


def button(view: View) -> View:
    """A button behind the link; who comes to its address without pressing it reads the letter.

    The switch of languages, for one, comes back to where the page was shown.
    """

    @form_page
    @behind_link
    @wraps(view)
    def pressed(
        request: HttpRequest, nomination: Nomination, secret: str, **kwargs: Any
    ) -> HttpResponse:
        if request.method != "POST":
            return redirect("applications:nomination", secret)
        return view(request, nomination, secret, **kwargs)

    return pressed


def page(
    request: HttpRequest, nomination: Nomination, secret: str, **bound: forms.Form
) -> HttpResponse:
    """The letter and the three ways to answer; a form that was sent comes back as it was."""
    context = shown(nomination, secret) | bound | {"bound": [*bound.values()]}
    return render(request, "applications/nominator/letter.html", context)


def shown(nomination: Nomination, secret: str) -> dict[str, object]:
    """What stands on the page before anything is sent."""
    application, requirement = nomination.application, nomination.requirement
    facts = printed_facts(application, requirement)
    there = queries.invitation(nomination, filled_paper(application, requirement.slug, facts))
    return {
        "nomination": nomination,
        "application": application,
        "workshop": application.call.workshop,
        "secret": secret,
        "order_url": reverse("applications:nomination-paper-order", args=[secret]),
        "paper_url": reverse("applications:nomination-paper", args=[secret]),
        "page": there,
        "sign": LetterSignForm(sha256=there.sha256, known=nomination.name),
        "file": file_form(nomination),
        "decline": DeclineForm(),
    }


def file_form(nomination: Nomination, *sent: object) -> LetterFileForm:
    """The form for a letter as a file, as large as there is room for it."""
    requirement = nomination.requirement
    room = sent_for(nomination.application, requirement).room
    return LetterFileForm(*sent, requirement=requirement, room=room)


@require_safe
@behind_link
def letter(request: HttpRequest, nomination: Nomination, secret: str) -> HttpResponse:
    return page(request, nomination, secret)


@button
def sign(request: HttpRequest, nomination: Nomination, secret: str) -> HttpResponse:
    _facts, sha256 = queries.letter_to_sign(nomination)
    form = LetterSignForm(request.POST, sha256=sha256, known=nomination.name)
    if not form.is_valid():
        return page(request, nomination, secret, sign=form)
    actions.sign_letter(nomination, **form.signed, arrived_at=arrived(request))
    return redirect("applications:nomination", secret)


@button
def upload(request: HttpRequest, nomination: Nomination, secret: str) -> HttpResponse:
    form = file_form(nomination, request.POST, request.FILES)
    if not form.is_valid():
        application, requirement = nomination.application, nomination.requirement
        attach.note_refusal(application, requirement, **form.refusal, by=None)
        return page(request, nomination, secret, file=form)
    uploads = form.cleaned_data["file"]
    actions.upload_letter(nomination, uploads=uploads, arrived_at=arrived(request))
    return redirect("applications:nomination", secret)


@button
def decline(request: HttpRequest, nomination: Nomination, secret: str) -> HttpResponse:
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return page(request, nomination, secret, decline=form)
    words = form.cleaned_data["reason"]
    actions.decline(nomination, words=words, arrived_at=arrived(request))
    context = {"nomination": nomination, "application": nomination.application}
    return render(request, "applications/nominator/declined.html", context)


@require_POST
@behind_link
def paper_order(request: HttpRequest, nomination: Nomination, secret: str) -> HttpResponse:
    signing.order_paper(nomination.application, nomination.requirement)
    return redirect("applications:nomination", secret)


@require_safe
@behind_link
def paper(request: HttpRequest, nomination: Nomination, secret: str) -> HttpResponse | FileResponse:
    application, requirement = nomination.application, nomination.requirement
    facts = printed_facts(application, requirement)
    found = ready(filled_paper(application, requirement.slug, facts))
    if found is None:
        return redirect("applications:nomination", secret)
    return serve(found.file, f"{requirement.slug}.pdf", PDF.media_type)
