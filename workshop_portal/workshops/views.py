"""The pages on which a workshop's letters and people are looked after."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from workshop_portal.outbox.models import Message
from workshop_portal.workshops import actions, queries
from workshop_portal.workshops.forms import LetterFilterForm, LetterForm, RetryForm, RoleForm
from workshop_portal.workshops.models import Role, Workshop

LETTERS_A_PAGE = 50


# --- Letters -----------------------------------------------------------------------------


@require_safe
@login_required
def outbox(request: HttpRequest, slug: str) -> HttpResponse:
    workshop = get_object_or_404(Workshop.objects.run_by(request.user), slug=slug)

    form = LetterFilterForm(request.GET)
    form.is_valid()
    asked = {"state": form.cleaned_data.get("state", ""), "words": form.cleaned_data.get("q", "")}
    letters = Paginator(queries.letters(workshop, **asked), LETTERS_A_PAGE)
    counts = queries.letter_counts(workshop)
    context = {
        "workshop": workshop,
        "form": form,
        "active": len([value for value in asked.values() if value]),
        "counts": counts,
        "stats": stats(counts),
        "page": letters.get_page(request.GET.get("page")),
    }
    return render(request, "workshops/outbox.html", context)


def stats(counts: dict[str, int]) -> list[dict[str, object]]:
    """How many letters there are in each state that has any, with the way to them."""
    return [
        {"value": number, "label": Message.State(state).label, "url": f"?state={state}"}
        for state, number in counts.items()
        if number
    ]


def letter_of(request: HttpRequest, slug: str, pk: uuid.UUID) -> tuple[Workshop, Message]:
    """The workshop and its letter, for those who run the workshop; 404 for everybody else."""
    workshop = get_object_or_404(Workshop.objects.run_by(request.user), slug=slug)
    letters = Message.objects.filter(scope=workshop.scope).select_related("to")
    return workshop, get_object_or_404(letters, pk=pk)


def retry_form(workshop: Workshop, letter: Message, data=None) -> RetryForm:
    again = reverse("workshops:message-retry", args=[workshop.slug, letter.pk])
    return RetryForm(data, message=letter, action=again)


@require_safe
@login_required
def message(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    workshop, letter = letter_of(request, slug, pk)
    actions.note_opening(letter, workshop, by=request.user)
    context = {"workshop": workshop, "letter": letter, "form": retry_form(workshop, letter)}
    return render(request, "workshops/message.html", context)


@require_POST
@login_required
def message_retry(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    workshop, letter = letter_of(request, slug, pk)

    form = retry_form(workshop, letter, request.POST)
    if form.is_valid():
        actions.retry_letter(letter, workshop, by=request.user)
        messages.success(request, _("The letter is on its way again."))
        return redirect("workshops:message", slug, pk)
    actions.note_opening(letter, workshop, by=request.user)
    context = {"workshop": workshop, "letter": letter, "form": form}
    return render(request, "workshops/message.html", context)


@require_POST
@login_required
def message_hold(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    workshop, letter = letter_of(request, slug, pk)

    actions.hold_letter(letter, workshop, by=request.user)
    messages.success(request, _("The letter is held. It stays here until you let it go."))
    return redirect("workshops:message", slug, pk)


@require_POST
@login_required
def message_release(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    workshop, letter = letter_of(request, slug, pk)

    actions.release_letter(letter, workshop, by=request.user)
    messages.success(request, _("The letter is on its way."))
    return redirect("workshops:message", slug, pk)


@login_required
def message_edit(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    workshop, letter = letter_of(request, slug, pk)
    if letter.state != Message.State.HELD and request.method != "POST":
        return redirect("workshops:message", slug, pk)
    actions.note_opening(letter, workshop, by=request.user)

    words = {"subject": letter.subject, "body": letter.body}
    form = LetterForm(request.POST or None, initial=words)
    if form.is_valid():
        actions.edit_letter(letter, workshop, **form.cleaned_data, by=request.user)
        messages.success(request, _("The letter is saved. It is still held."))
        return redirect("workshops:message", slug, pk)
    context = {"workshop": workshop, "letter": letter, "form": form}
    return render(request, "workshops/message_edit.html", context)


# --- People ------------------------------------------------------------------------------


@login_required
def roles(request: HttpRequest, slug: str) -> HttpResponse:
    workshop = get_object_or_404(queries.peopled_by(request.user), slug=slug)

    form = RoleForm(request.POST or None)
    if form.is_valid():
        actions.appoint(form.user, workshop, role=form.cleaned_data["role"], by=request.user)
        messages.success(request, _("%s has the role now.") % form.user)
        return redirect("workshops:roles", slug)
    context = {"workshop": workshop, "form": form, "people": queries.people(workshop)}
    return render(request, "workshops/roles.html", context)


@require_POST
@login_required
def role_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    workshop = get_object_or_404(queries.peopled_by(request.user), slug=slug)
    role = get_object_or_404(Role.objects.filter(workshop=workshop), pk=pk)

    actions.take_away(role, by=request.user)
    messages.success(request, _("The role is taken away."))
    if not queries.peopled_by(request.user).filter(pk=workshop.pk).exists():
        return redirect("home")
    return redirect("workshops:roles", slug)
