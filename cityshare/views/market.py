"""Offers and needs: what the cities say of both, and what each one is asked."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cityshare.actions import market as actions
from cityshare.forms.market import NeedForm, OfferForm, SaidForm
from cityshare.models import Cycle, Need, Offer, Practice, Team
from cityshare.queries import market as queries
from cityshare.queries.cycle import seat_of
from cityshare.queries.proposal import mine
from cityshare.queries.standings import PracticeLine
from cityshare.views.doors import cycle_of, spoken_for

Words = str | Promise


@dataclass(frozen=True)
class Kind:
    """An offer or a need: the pages are the same, the questions and the words are not.

    `row` is what a city has said of a practice, `choices` of which others it may say it.
    """

    name: str
    form: type[SaidForm]
    answer: Callable[..., Any]
    row: Callable[[Team, Practice], Offer | Need]
    choices: Callable[[queries.Board], list[PracticeLine]]
    title: Words
    title_of_another: Words
    yes: Words
    no: Words


OFFER = Kind(
    name="offer",
    form=OfferForm,
    answer=actions.answer_offer,
    row=queries.offer_of,
    choices=lambda board: board.offerable,
    title=gettext_lazy("What we could teach"),
    title_of_another=gettext_lazy("Offer another practice"),
    yes=gettext_lazy("Your offer stands. The other cities see it."),
    no=gettext_lazy("Your city does not offer this for now."),
)
NEED = Kind(
    name="need",
    form=NeedForm,
    answer=actions.answer_need,
    row=queries.need_of,
    choices=lambda board: board.wanted,
    title=gettext_lazy("What we want to learn"),
    title_of_another=gettext_lazy("Ask for help with another practice"),
    yes=gettext_lazy("Your need is noted. The other cities see it."),
    no=gettext_lazy("Your city does not ask for help with this for now."),
)
KINDS = {kind.name: kind for kind in (OFFER, NEED)}


def back_to(cycle: Cycle, kind: Kind, code: str) -> HttpResponse:
    """The market, at the practice of which something was said just now."""
    return redirect(f"{reverse('cityshare:market', args=[cycle.pk])}#{kind.name}-{code}")


@require_safe
@login_required
def market(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    found = cycle_of(request, cycle)
    seat = seat_of(request.user, found)

    is_ready, is_open = found.has_reached(Cycle.Stage.MARKET), queries.is_open(found)
    context = {
        "cycle": found,
        "here": _("Offers and needs"),
        "seat": seat,
        "is_ready": is_ready,
        "is_open": is_open,
        "may_answer": seat.is_focal_point and is_open,
        "board": queries.board(found, seat.team) if seat.team and is_ready else None,
        "answers": queries.answers(found) if seat.leads and is_ready else [],
        "stalls": queries.stalls(found) if is_ready else [],
        "mine": mine(found, seat.team) if seat.team and is_ready else [],
    }
    return render(request, "cityshare/market/market.html", context)


@require_POST
@login_required
def answer(request: HttpRequest, cycle: uuid.UUID, code: str, kind: Kind) -> HttpResponse:
    found = cycle_of(request, cycle)
    team = spoken_for(request, found)
    practice = get_object_or_404(Practice, framework=found.framework_id, code=code)

    yes = request.POST.get("answer") == "yes"
    kind.answer(team, practice, yes=yes, by=request.user)
    messages.success(request, kind.yes if yes else kind.no)
    return back_to(found, kind, code)


@login_required
def said_edit(request: HttpRequest, cycle: uuid.UUID, code: str, kind: Kind) -> HttpResponse:
    found = cycle_of(request, cycle)
    team = spoken_for(request, found)
    practice = get_object_or_404(Practice, framework=found.framework_id, code=code)

    seen = kind.row(team, practice)
    known = {name: getattr(seen, name) for name in kind.form.Meta.fields}
    form = kind.form(request.POST or None, known=known)
    if form.is_valid():
        kind.answer(team, practice, yes=True, seen=seen, **form.facts, by=request.user)
        messages.success(request, kind.yes)
        return back_to(found, kind, code)
    here = str(practice)
    context = {"cycle": found, "here": here, "kind": kind, "practice": practice, "form": form}
    return render(request, "cityshare/market/said.html", context)


@login_required
def said_create(request: HttpRequest, cycle: uuid.UUID, kind: Kind) -> HttpResponse:
    found = cycle_of(request, cycle)
    team = spoken_for(request, found)

    form = kind.form(request.POST or None, practices=kind.choices(queries.board(found, team)))
    if form.is_valid():
        facts = form.facts
        practice = found.framework.practices.get(code=facts.pop("practice"))
        unsaid = kind.form.Meta.model()
        kind.answer(team, practice, yes=True, seen=unsaid, **facts, by=request.user)
        messages.success(request, kind.yes)
        return back_to(found, kind, practice.code)
    context = {"cycle": found, "here": kind.title_of_another, "kind": kind, "form": form}
    return render(request, "cityshare/market/said.html", context)
