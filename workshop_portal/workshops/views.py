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
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from workshop_portal.audit.queries import trail
from workshop_portal.outbox.models import Message
from workshop_portal.outbox.occasions import title_of
from workshop_portal.workshops import actions, queries
from workshop_portal.workshops.forms import (
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
# What the forms on the page of a letter do, by the end of their URL names.
ACTS = ("retry", "again", "cancel", "bounced")


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


def forms_of(workshop: Workshop, letter: Message) -> dict[str, object]:
    """What can be filled in on the page of a letter, by name."""
    here = [workshop.slug, letter.pk]
    number = queries.times_sent_again(letter)
    at = {act: reverse(f"workshops:message-{act}", args=here) for act in ACTS}
    return {
        "retry": RetryForm(message=letter, action=at["retry"]),
        "again": AgainForm(action=at["again"], initial={"number": number}),
        "cancel": CancelForm(action=at["cancel"]),
        "bounced": BounceForm(action=at["bounced"]),
    }


def show_letter(
    request: HttpRequest, workshop: Workshop, letter: Message, **filled: object
) -> HttpResponse:
    """The page of one letter, which comes on record; `filled` are forms that somebody sent."""
    actions.note_opening(letter, workshop, by=request.user)
    forms = {**forms_of(workshop, letter), **filled}
    context = {"workshop": workshop, "letter": letter, "forms": forms, "story": trail(letter)}
    return render(request, "workshops/message.html", context)


@require_safe
@login_required
def message(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    return show_letter(request, *letter_of(request, slug, pk))


@require_POST
@login_required
def message_retry(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    workshop, letter = letter_of(request, slug, pk)

    form = RetryForm(request.POST, message=letter, action=request.path)
    if not form.is_valid():
        return show_letter(request, workshop, letter, retry=form)
    actions.retry_letter(letter, workshop, by=request.user)
    messages.success(request, _("The letter is on its way again."))
    return redirect("workshops:message", slug, pk)


@require_POST
@login_required
def message_again(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    workshop, letter = letter_of(request, slug, pk)

    form = AgainForm(request.POST, action=request.path)
    if not form.is_valid():
        return show_letter(request, workshop, letter, again=form)
    number = form.cleaned_data["number"]
    again = actions.send_letter_again(letter, workshop, number=number, by=request.user)
    messages.success(request, _("The same words are on their way to %s.") % again.address)
    return redirect("workshops:message", slug, again.pk)


@require_POST
@login_required
def message_cancel(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    workshop, letter = letter_of(request, slug, pk)

    form = CancelForm(request.POST, action=request.path)
    if not form.is_valid():
        return show_letter(request, workshop, letter, cancel=form)
    actions.cancel_letter(letter, workshop, **form.cleaned_data, by=request.user)
    messages.success(request, _("The letter is cancelled. It never leaves."))
    return redirect("workshops:message", slug, pk)


@require_POST
@login_required
def message_bounced(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    workshop, letter = letter_of(request, slug, pk)

    form = BounceForm(request.POST, action=request.path)
    if not form.is_valid():
        return show_letter(request, workshop, letter, bounced=form)
    actions.bounce_letter(letter, workshop, **form.cleaned_data, by=request.user)
    messages.success(request, _("It is noted that this letter came back."))
    return redirect("workshops:message", slug, pk)


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
