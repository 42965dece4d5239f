"""The pages on which a workshop's letters and people are looked after."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from workshop_portal.audit.queries import trail
from workshop_portal.outbox.models import Message
from workshop_portal.outbox.occasions import title_of
from workshop_portal.workshops import actions, queries
from workshop_portal.workshops.forms import (
    ActForm,
    AgainForm,
    BounceForm,
    CancelForm,
    LetterFilterForm,
    LetterForm,
    RetryForm,
    RoleForm,
)
from workshop_portal.workshops.models import Role, Workshop

LETTERS_A_PAGE = 50


# --- Letters -----------------------------------------------------------------------------


@require_safe
@login_required
def outbox(request: HttpRequest, slug: str) -> HttpResponse:
    workshop = get_object_or_404(Workshop.objects.run_by(request.user), slug=slug)

    counts = queries.letter_counts(workshop)
    form = LetterFilterForm(request.GET, kinds=counts.kinds)
    asked = form.asked
    letters = Paginator(queries.letters(workshop, **asked), LETTERS_A_PAGE)
    context = {
        "workshop": workshop,
        "form": form,
        "active": len([value for value in asked.values() if value]),
        "counts": counts.states,
        "stats": stats(counts.states),
        "many": many(counts, asked["kind"]),
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


def many(counts: queries.LetterCounts, kind: str) -> dict[str, object]:
    """What can be done at once with the letters of the kind that is shown."""
    waiting, held = counts.of(kind, Message.State.QUEUED), counts.of(kind, Message.State.HELD)
    return {"kind": kind, "title": title_of(kind), "waiting": waiting, "held": held}


@require_POST
@login_required
def letters_hold(request: HttpRequest, slug: str) -> HttpResponse:
    workshop = get_object_or_404(Workshop.objects.run_by(request.user), slug=slug)

    number = actions.hold_all(workshop, kind=request.POST.get("kind", ""), by=request.user)
    said = ngettext("%(n)d letter is held.", "%(n)d letters are held.", number)
    messages.success(request, said % {"n": number})
    return redirect(f"{reverse('workshops:outbox', args=[slug])}?state=held")


@require_POST
@login_required
def letters_release(request: HttpRequest, slug: str) -> HttpResponse:
    workshop = get_object_or_404(Workshop.objects.run_by(request.user), slug=slug)

    number = actions.release_all(workshop, kind=request.POST.get("kind", ""), by=request.user)
    said = ngettext("%(n)d letter is on its way.", "%(n)d letters are on their way.", number)
    messages.success(request, said % {"n": number})
    return redirect("workshops:outbox", slug)


def letter_of(request: HttpRequest, slug: str, pk: uuid.UUID) -> tuple[Workshop, Message]:
    """The workshop and its letter, for those who run the workshop; 404 for everybody else."""
    workshop = get_object_or_404(Workshop.objects.run_by(request.user), slug=slug)
    letters = Message.objects.filter(scope=workshop.scope).select_related("to")
    return workshop, get_object_or_404(letters, pk=pk)


@dataclass(frozen=True)
class Act:
    """What a button on the page of a letter does, what it asks, and what is said when it is done.

    `said` may name the %(address)s to which a letter goes.
    """

    do: Callable[..., Message | None]
    said: Promise
    form: type[ActForm] = ActForm


# By the end of their URL names.
ACTS = {
    "retry": Act(actions.retry_letter, gettext_lazy("The letter is on its way again."), RetryForm),
    "again": Act(
        actions.send_letter_again,
        gettext_lazy("The same words are on their way to %(address)s."),
        AgainForm,
    ),
    "cancel": Act(
        actions.cancel_letter, gettext_lazy("The letter is cancelled. It never leaves."), CancelForm
    ),
    "bounced": Act(
        actions.bounce_letter, gettext_lazy("It is noted that this letter came back."), BounceForm
    ),
    "hold": Act(
        actions.hold_letter, gettext_lazy("The letter is held. It stays here until you let it go.")
    ),
    "release": Act(actions.release_letter, gettext_lazy("The letter is on its way.")),
}


def form_of(workshop: Workshop, letter: Message, act: str, *sent: object) -> ActForm:
    """What an act asks on the page of a letter, with what was sent if anything was."""
    action = reverse(f"workshops:message-{act}", args=[workshop.slug, letter.pk])
    return ACTS[act].form(*sent, letter=letter, action=action)


def show_letter(
    request: HttpRequest, workshop: Workshop, letter: Message, **filled: object
) -> HttpResponse:
    """The page of one letter, which comes on record; `filled` are forms that somebody sent."""
    actions.note_opening(letter, workshop, by=request.user)
    forms = {act: form_of(workshop, letter, act) for act in ACTS} | filled
    context = {"workshop": workshop, "letter": letter, "forms": forms, "story": trail(letter)}
    return render(request, "workshops/message.html", context)


@require_safe
@login_required
def message(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    return show_letter(request, *letter_of(request, slug, pk))


@require_POST
@login_required
def message_act(request: HttpRequest, slug: str, pk: uuid.UUID, act: str) -> HttpResponse:
    """Do one of the `ACTS` with a letter, and show the letter that came of it."""
    workshop, letter = letter_of(request, slug, pk)

    form = form_of(workshop, letter, act, request.POST)
    if not form.is_valid():
        return show_letter(request, workshop, letter, **{act: form})
    shown = ACTS[act].do(letter, workshop, **form.facts, by=request.user) or letter
    messages.success(request, str(ACTS[act].said) % {"address": shown.address})
    return redirect("workshops:message", slug, shown.pk)


@login_required
def message_edit(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    workshop, letter = letter_of(request, slug, pk)
    is_fixed = letter.state != Message.State.HELD or letter.has_secret
    if is_fixed and request.method != "POST":
        return redirect("workshops:message", slug, pk)
    actions.note_opening(letter, workshop, by=request.user)

    words = {"subject": letter.subject, "body": letter.shown_body}
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
