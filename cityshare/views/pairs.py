"""The facilitator's pages of who helps whom."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cityshare.actions import matching as actions
from cityshare.actions import proposal as proposals
from cityshare.forms.market import LimitsForm, PairForm
from cityshare.models import Matching, Need, Proposal
from cityshare.queries import matching as queries
from cityshare.queries import proposal as wording
from cityshare.queries.market import is_open
from cityshare.views.doors import run_cycle

SHOWN = (Proposal.Status.PROPOSED, Proposal.Status.ACCEPTED, Proposal.Status.DECLINED)


@login_required
def matching(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    found = run_cycle(request, cycle)

    last = queries.newest(found)
    form = LimitsForm(request.POST or None, last=last, cycle=found)
    if form.is_valid():
        actions.start(found, **form.cleaned_data, by=request.user)
        return redirect("cityshare:matching", cycle)
    context = {
        "cycle": found,
        "here": _("Who helps whom"),
        "is_open": is_open(found),
        "last": last,
        "shown": wording.in_words(found, wording.all_proposals(found, *SHOWN)),
        "form": form,
    }
    return render(request, "cityshare/market/matching.html", context | solved(last))


def solved(last: Matching | None) -> dict[str, object]:
    """What the last solving found, its drafts, and what falls away when they are shown."""
    if last is None:
        return {"found": None, "falling": [], "drafts": []}
    drafts = last.proposals.filter(status=Proposal.Status.DRAFT)
    return {
        "found": queries.found_of(last),
        "falling": queries.falling(last) if last.status == Matching.Status.READY else [],
        "drafts": wording.in_words(last.cycle, wording.named(drafts)),
    }


@require_safe
@login_required
def matching_state(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    """For a script that waits: whether the page has something new to show."""
    last = queries.newest(run_cycle(request, cycle))
    return JsonResponse({"is_done": last is None or last.status != Matching.Status.WAITING})


def one_of(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> Matching:
    """A solving of a cycle that this person leads."""
    return get_object_or_404(run_cycle(request, cycle).matchings.select_related("cycle"), pk=pk)


@require_POST
@login_required
def matching_release(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    number = actions.release(one_of(request, cycle, pk), by=request.user)
    told = ngettext(
        "%(n)d proposal is shown to its cities. The letters are on their way.",
        "%(n)d proposals are shown to their cities. The letters are on their way.",
        number,
    )
    messages.success(request, told % {"n": number})
    return redirect("cityshare:matching", cycle)


@require_POST
@login_required
def matching_discard(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    actions.discard(one_of(request, cycle, pk), by=request.user)
    messages.success(request, _("These proposals are put aside. No city has seen them."))
    return redirect("cityshare:matching", cycle)


@require_POST
@login_required
def matching_retry(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    actions.retry(one_of(request, cycle, pk), by=request.user)
    return redirect("cityshare:matching", cycle)


@login_required
def proposal_create(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    found = run_cycle(request, cycle)

    needs = Need.objects.filter(team__cycle=found, status=Need.Status.CONFIRMED)
    known = needs.select_related("team__city", "practice").order_by(
        "team__city__country", "team__city__name", "practice__order"
    )
    initial = {"need": request.GET.get("need"), "helper_city": request.GET.get("helper")}
    teams = found.teams.by_country()
    form = PairForm(request.POST or None, needs=known, teams=teams, initial=initial)
    if form.is_valid():
        need, helper = form.cleaned_data["need"], form.cleaned_data["helper_city"]
        made = proposals.propose(helper, need.team, need.practice, by=request.user)
        messages.success(request, _("Both cities are asked: %s.") % wording.in_a_line(made))
        return redirect("cityshare:matching", cycle)
    context = {"cycle": found, "here": _("Propose a pair"), "form": form, "needs": known}
    return render(request, "cityshare/market/pair.html", context)
