"""The letters of a workshop: their words, changed and tried out by those who run it."""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.actions import letters as actions
from applications.forms.letters import LetterTextForm, ReaderForm
from applications.models import Application, Call
from applications.queries import letters as queries
from applications.queries.rehearsal import example
from applications.views.staff import call_of
from workshop_portal.outbox import occasions


def text_of(call: Call, slug: str, language: str) -> queries.Text:
    """The words of a letter in a language; 404 where there is no such letter or language."""
    if text := queries.text_of(call.workshop, slug, language):
        return text
    raise Http404


def readers_of(
    request: HttpRequest, call: Call, letter: str
) -> tuple[list[Application], Application]:
    """On whom a letter can be tried out, and on whom it is: the one chosen, else the first."""
    everybody = queries.readers(call, request.user, letter)
    found = list(everybody[: queries.MOST_READERS])
    asked = request.POST.get("reader") or request.GET.get("reader") or ""
    if not any(str(reader.pk) == asked for reader in found) and is_key(asked):
        found = [*everybody.filter(pk=asked), *found]
    first = next(iter(found), example(call, request.user))
    return found, next((reader for reader in found if str(reader.pk) == asked), first)


def is_key(said: str) -> bool:
    """Whether it could be the key of a row."""
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", said) is not None


@require_safe
@login_required
def letters(request: HttpRequest, slug: str) -> HttpResponse:
    call = call_of(request, slug)
    context = {"workshop": call.workshop, "lines": queries.lines(call.workshop)}
    return render(request, "applications/staff/letters.html", context)


@login_required
def letter_text(request: HttpRequest, slug: str, occasion: str, language: str) -> HttpResponse:
    call = call_of(request, slug)
    text = text_of(call, occasion, language)
    readers, reader = readers_of(request, call, text.letter)

    values = actions.values_of(text.letter, reader, language=language)
    form = LetterTextForm(request.POST or None, text=text, readers=readers, values=values)
    if form.is_valid() and "look" not in request.POST:
        actions.save_text(call.workshop, text, **form.words, by=request.user)
        messages.success(request, _("These words are used from now on."))
        for warning in form.warnings:
            messages.warning(request, warning)
        return redirect("applications:letters", slug)
    context = {"workshop": call.workshop, "text": text, "form": form, "reader": reader}
    context |= shown(text, form, reader)
    return render(request, "applications/staff/letter_text.html", context)


def shown(text: queries.Text, form: LetterTextForm, reader: Application) -> dict[str, object]:
    """The preview beside the form, of what was typed if it can be a letter; and what may stand."""
    said = {"subject": text.subject, "body": text.body}
    if form.is_bound:
        said = form.words if form.is_valid() else {}
    preview = None
    if said:
        typed = {(text.letter, text.language): (said["subject"], said["body"])}
        preview = actions.try_out(text.letter, reader, language=text.language, texts=typed)
    meanings = text.occasion.meanings.items()
    places = [(f"{{{name}}}", words, form.values[name]) for name, words in meanings]
    return {"preview": preview, "places": places}


@require_POST
@login_required
def letter_restore(request: HttpRequest, slug: str, occasion: str, language: str) -> HttpResponse:
    call = call_of(request, slug)
    text = text_of(call, occasion, language)

    seen = request.POST.get("version", "")
    version = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
    actions.drop_text(call.workshop, text, version=version, by=request.user)
    messages.success(request, _("Our words are used again from now on."))
    return redirect("applications:letters", slug)


@require_safe
@login_required
def letter_preview(request: HttpRequest, slug: str, occasion: str) -> HttpResponse:
    call = call_of(request, slug)
    text = text_of(call, occasion, settings.LANGUAGE_CODE)
    readers, reader = readers_of(request, call, text.letter)

    subject, body = actions.try_out(text.letter, reader)
    language = actions.language_read(text.letter, reader)
    context = {
        "workshop": call.workshop,
        "text": text,
        "form": ReaderForm(readers=readers, initial={"reader": reader.pk}),
        "readers": readers,
        "reader": reader,
        "subject": subject,
        "body": body,
        "language_name": dict(occasions.languages())[language],
        "spoken": language,
    }
    return render(request, "applications/staff/letter_preview.html", context)


@require_POST
@login_required
def letter_copy(request: HttpRequest, slug: str, occasion: str) -> HttpResponse:
    call = call_of(request, slug)
    text = text_of(call, occasion, settings.LANGUAGE_CODE)
    _readers, reader = readers_of(request, call, text.letter)

    actions.send_me(text.letter, reader, by=request.user)
    messages.success(request, _("A copy is on its way to %s.") % request.user.email)
    return redirect("applications:letter-preview", slug, occasion)
