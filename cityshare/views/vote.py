"""The vote on a draft: who leads a cycle asks its cities, their focal points answer."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cityshare import access
from cityshare.actions import vote as actions
from cityshare.forms.vote import VoiceForm, VoteForm
from cityshare.models import Voice, Vote
from cityshare.queries import vote as queries
from cityshare.queries.framework import lacking, sheet_of, with_places
from cityshare.views.framework import draft, shown
from workshop_portal.errors import require


@login_required
def create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask the cities of a cycle; where something is missing in the draft, only what that is."""
    framework = draft(request, pk)
    sheet = sheet_of(framework)
    cycles = queries.votable(request.user)
    form = VoteForm(request.POST or None, cycles=cycles)
    if form.is_valid():
        made = actions.put_to_vote(framework, **form.facts, by=request.user)
        messages.success(request, _("The focal points are asked. Each has a letter."))
        return redirect(made)
    context = {
        "framework": framework,
        "form": form,
        "lacking": with_places(framework, lacking(sheet)),
        "leads": cycles.exists(),
        "standing": queries.standing_of(framework, sheet),
    }
    return render(request, "cityshare/vote/create.html", context)


@require_safe
@login_required
def page(request: HttpRequest, pk: uuid.UUID, vote: uuid.UUID) -> HttpResponse:
    """How the vote stands, for who leads the cycle; for a city, what it has said itself."""
    found = vote_of(request, pk, vote)
    standing = queries.standing(found, queries.wording(sheet_of(found.framework)))
    mine = standing.line_of(request.user)
    context = {
        "framework": found.framework,
        "vote": found,
        "standing": standing,
        "leads": access.can_facilitate(request.user, found.cycle),
        "mine": mine,
        "speaks": mine is not None and access.can_speak_for(request.user, mine.voice.team),
        "left": found.until - timezone.now(),
    }
    return render(request, "cityshare/vote/vote.html", context)


@login_required
def answer(request: HttpRequest, pk: uuid.UUID, vote: uuid.UUID) -> HttpResponse:
    found = vote_of(request, pk, vote)
    voice = spoken_for(request, found)

    sheet = sheet_of(found.framework)
    words = queries.wording(sheet)
    marks = {"read": request.GET.get("read") or words, "wording": words}
    known = VoiceForm.known_of(voice)
    form = VoiceForm(request.POST or None, practices=sheet.practices, known=known, **marks)
    if form.is_valid():
        actions.answer(voice, **form.facts, by=request.user)
        messages.success(request, _("Your city's answer is kept. Thank you."))
        return redirect(found)
    context = {"framework": found.framework, "vote": found, "voice": voice, "form": form}
    return render(request, "cityshare/vote/answer.html", context)


@login_required
def edit(request: HttpRequest, pk: uuid.UUID, vote: uuid.UUID) -> HttpResponse:
    found = led_vote(request, pk, vote)
    known = VoteForm.known_of(found)
    form = VoteForm(request.POST or None, known=known, cycle=found.cycle)
    if form.is_valid():
        actions.prolong(found, **form.facts, by=request.user)
        messages.success(request, _("The cities whose answer is missing are asked again."))
        return redirect(found)
    context = {"framework": found.framework, "vote": found, "form": form}
    return render(request, "cityshare/vote/edit.html", context)


@require_POST
@login_required
def close(request: HttpRequest, pk: uuid.UUID, vote: uuid.UUID) -> HttpResponse:
    found = led_vote(request, pk, vote)
    actions.close(found, by=request.user)
    messages.success(request, _("The vote is closed. Whether you freeze the draft is up to you."))
    return redirect(found)


# --- Who sees what -----------------------------------------------------------------------


def vote_of(request: HttpRequest, framework: uuid.UUID, pk: uuid.UUID) -> Vote:
    """A vote on this framework that this person leads or is asked in; 404 for all others."""
    known = Vote.objects.visible_to(request.user).select_related("framework", "cycle__workshop")
    return get_object_or_404(known.filter(framework=shown(request, framework)), pk=pk)


def led_vote(request: HttpRequest, framework: uuid.UUID, pk: uuid.UUID) -> Vote:
    """A vote in a cycle that this person leads; 403 for the cities that are asked."""
    found = vote_of(request, framework, pk)
    require(access.can_facilitate(request.user, found.cycle))
    return found


def spoken_for(request: HttpRequest, vote: Vote) -> Voice:
    """The voice of the city that this person speaks for; 403 for everybody else."""
    voices = vote.voices.select_related("team__city", "vote__framework")
    voice = voices.filter(team__members__user=request.user).first()
    require(voice is not None and access.can_speak_for(request.user, voice.team))
    return voice
