"""A city's own view: the whole, one practice after another, handing in; and who leads looks on."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    QueryDict,
)
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cityshare import access
from cityshare.actions import assessment as actions
from cityshare.forms.assessment import OwnViewForm, ReopenForm, WhoForm
from cityshare.models import Cycle, Team
from cityshare.queries import assessment as queries
from cityshare.queries import own_paper
from cityshare.queries.cycle import Seat, due_of
from cityshare.queries.evidence import closed_because, few_words, shown_of
from cityshare.queries.framework import rungs
from cityshare.small_counts import small_counts
from cityshare.views.doors import led_cycle, led_team, own_seat
from workshop_portal.errors import require
from workshop_portal.files import PDF, serve
from workshop_portal.papers.queries import ready

STALE = 409
form_page = require_http_methods(["GET", "HEAD", "POST"])


def place_of(team: Team, code: str) -> tuple[queries.Overview, queries.Line]:
    """The own view of a city, and one practice of it; 404 for a code that there is not."""
    page = queries.overview(team)
    line = page.line(code)
    if line is None:
        raise Http404
    return page, line


# --- The whole ---------------------------------------------------------------------------


@require_safe
@login_required
def assess(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    seat, team = own_seat(request, cycle)
    return whole(request, seat, team)


def whole(
    request: HttpRequest, seat: Seat, team: Team, form: WhoForm | None = None
) -> HttpResponse:
    """All practices by pillar, how far the city is, and what keeps it from being handed in."""
    page = queries.overview(team)
    context = {
        "cycle": team.cycle,
        "seat": seat,
        "here": _("Self-assessment"),
        "page": page,
        "due": due_of(team.cycle) if not page.closed else None,
        "papers": own_paper.offers(page),
        "form": form or who_form(page),
    }
    return render(request, "cityshare/assess/overview.html", context)


def who_form(page: queries.Overview, data=None) -> WhoForm:
    known = {"who_took_part": page.assessment.who_took_part}
    form = WhoForm(data, known=known, instance=page.assessment)
    form.helper.form_action = reverse("cityshare:assess-who", args=[page.team.cycle_id])
    return form


@require_POST
@login_required
def assess_who(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    """Who sat around the screen, in general words."""
    seat, team = own_seat(request, cycle)
    page = queries.overview(team)
    form = who_form(page, request.POST)
    if not form.is_valid():
        return whole(request, seat, team, form)
    actions.tell_who(team, seen=page.assessment, **form.facts, by=request.user)
    messages.success(request, _("Saved."))
    return redirect("cityshare:assess", cycle)


@require_POST
@login_required
def assess_submit(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    _seat, team = own_seat(request, cycle)
    require(access.can_speak_for(request.user, team))
    actions.submit(team, seen=request.POST.get("seen", ""), by=request.user)
    messages.success(request, _("Your self-assessment is handed in. Thank you."))
    return redirect("cityshare:assess", cycle)


# --- One practice ------------------------------------------------------------------------


@login_required
@form_page
def practice(request: HttpRequest, cycle: uuid.UUID, code: str) -> HttpResponse:
    seat, team = own_seat(request, cycle)
    page, line = place_of(team, code)
    steps = rungs(line.practice)
    form = OwnViewForm(sent(request), instance=line.score, rungs=steps)
    if request.method == "POST" and (form.is_valid() or page.closed):
        facts = {"changes": form.changes, "whole": True, "by": request.user}
        written = actions.write(team, line.practice, **facts)
        if written.is_stored:
            return redirect(after(page, line))
        form = OwnViewForm(request.POST, instance=written.score, rungs=steps)
        form.is_valid()
        form.note(written.wrong)
    context = one(page, line) | {"seat": seat, "form": form, "rungs": steps}
    status = STALE if form.is_stale else 200
    return render(request, "cityshare/assess/practice.html", context, status=status)


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, be it nothing at all; None where the page is only opened."""
    return request.POST if request.method == "POST" else None


def one(page: queries.Overview, line: queries.Line) -> dict[str, object]:
    """What the page of one practice says around its form."""
    before, following = page.beside(line)
    few = small_counts(line.score.why)
    return {
        "cycle": page.team.cycle,
        "above": (_("Self-assessment"), reverse("cityshare:assess", args=[page.team.cycle_id])),
        "here": line.practice.code,
        "page": page,
        "line": line,
        "before": before,
        "after": following,
        "rules": queries.rules(line, page.team.cycle.framework.levels),
        "evidence": shown_of(line.score),
        "evidence_closed": closed_because(page.assessment, line.score),
        "earlier": queries.before(page.team, line.practice),
        "few": few_words(few) if few else "",
    }


def after(page: queries.Overview, line: queries.Line) -> str:
    """The next practice, or the whole after the last one."""
    _before, following = page.beside(line)
    at = [page.team.cycle_id]
    if following is None:
        return reverse("cityshare:assess", args=at)
    return reverse("cityshare:assess-practice", args=[*at, following.practice.code])


@form_page
def practice_autosave(request: HttpRequest, cycle: uuid.UUID, code: str) -> HttpResponse:
    """What was typed since the last saving; the script of the page speaks with this address."""
    if not request.user.is_authenticated:
        return JsonResponse({"sentence": _("You have been signed out.")}, status=401)
    _seat, team = own_seat(request, cycle)
    _page, line = place_of(team, code)
    if request.method != "POST":
        return JsonResponse({"token": get_token(request)})
    changed, steps = request.POST.getlist("changed"), rungs(line.practice)
    form = OwnViewForm(request.POST, instance=line.score, only=changed, rungs=steps)
    fates = {}
    if changes := form.changes:
        written = actions.write(team, line.practice, changes=changes, by=request.user)
        form.instance, fates = written.score, written.fates
        form.note(written.wrong)
    return JsonResponse({"at": timezone.now().isoformat(), "questions": form.news(fates)})


# --- On paper ----------------------------------------------------------------------------


def sheet_named(name: str) -> own_paper.Sheet:
    if name not in {*own_paper.Sheet}:
        raise Http404
    return own_paper.Sheet(name)


@require_POST
@login_required
def paper_order(request: HttpRequest, cycle: uuid.UUID, sheet: str) -> HttpResponse:
    _seat, team = own_seat(request, cycle)
    actions.order_paper(team, sheet=sheet_named(sheet))
    return redirect(reverse("cityshare:assess", args=[cycle]) + "#paper")


@require_safe
@login_required
def paper(request: HttpRequest, cycle: uuid.UUID, sheet: str) -> HttpResponse | FileResponse:
    _seat, team = own_seat(request, cycle)
    wanted = sheet_named(sheet)
    offers = {offer.sheet: offer.paper for offer in own_paper.offers(queries.overview(team))}
    found = ready(offers[wanted])
    if found is None:
        return redirect(reverse("cityshare:assess", args=[cycle]) + "#paper")
    return serve(found.file, f"self-assessment-{wanted}.pdf", PDF.media_type)


# --- Who leads looks on ------------------------------------------------------------------


@require_safe
@login_required
def assess_list(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    """How far every city is."""
    found = led_cycle(request, cycle)
    context = {
        "cycle": found,
        "seat": Seat(leads=True),
        "here": _("Self-assessments"),
        "pages": queries.overviews(found),
        "due": due_of(found) if found.status == Cycle.Stage.SELF else None,
    }
    return render(request, "cityshare/assess/list.html", context)


@login_required
@form_page
def assess_team(request: HttpRequest, cycle: uuid.UUID, team: uuid.UUID) -> HttpResponse:
    """What one city says of itself, for those who lead; they can open it again."""
    found = led_team(request, cycle, team)
    form = ReopenForm(request.POST or None)
    if form.is_valid():
        actions.reopen(found, because=form.cleaned_data["because"], by=request.user)
        messages.success(request, _("It is open again. The team gets a letter with your reason."))
        return redirect("cityshare:assess-team", cycle, team)
    page = queries.overview(found)
    context = {
        "cycle": found.cycle,
        "seat": Seat(leads=True),
        "above": (_("Self-assessments"), reverse("cityshare:assess-list", args=[cycle])),
        "here": found.city.name,
        "page": page,
        "pillars": queries.told(page),
        "form": form if queries.can_be_reopened(found.cycle, page.assessment) else None,
    }
    return render(request, "cityshare/assess/team.html", context)
