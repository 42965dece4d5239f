"""A team around one screen: everybody says a level, the spread is shown, one level is agreed."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cityshare.actions import assessment as actions
from cityshare.forms.assessment import AgreeForm, HandsForm, SayForm
from cityshare.queries import discussion as queries
from cityshare.queries.assessment import Line, Overview
from cityshare.queries.assessment import before as before_this
from cityshare.queries.framework import rungs
from cityshare.views.assessment import STALE, form_page, place_of, sent
from cityshare.views.doors import own_seat


@login_required
@form_page
def discuss(request: HttpRequest, cycle: uuid.UUID, code: str) -> HttpResponse:
    """One practice in large letters; the hands that were counted stand in the address alone."""
    seat, team = own_seat(request, cycle)
    page, line = place_of(team, code)
    form = agreement(line, sent(request))
    if request.method == "POST" and (form.is_valid() or page.closed):
        facts = {"changes": form.changes, "whole": True, "by": request.user}
        if actions.write(team, line.practice, **facts).is_stored:
            return redirect(onward(page, line))
        line.score.refresh_from_db()
        form = agreement(line, request.POST)
    talk = heard(request, line, form)
    context = {"seat": seat, **around(page, line), **talk}
    status = STALE if form.is_stale else 200
    return render(request, "cityshare/assess/discuss.html", context, status=status)


def agreement(line: Line, data=None) -> AgreeForm:
    form = AgreeForm(data, instance=line.score, rungs=rungs(line.practice))
    if data is not None:
        form.is_valid()
    return form


def heard(request: HttpRequest, line: Line, form: AgreeForm) -> dict[str, object]:
    """What was said in the room and on devices; it is offered to be kept with the agreement."""
    steps, is_shown = rungs(line.practice), "show" in request.GET
    hands = HandsForm(request.GET if is_shown else None, rungs=steps)
    hands.is_valid()
    talk = queries.talk(line, steps, hands.hands, request.user)
    if talk.words and not line.score.dissent:
        form.initial["dissent"] = talk.words
    return {
        "form": form,
        "hands": hands,
        "talk": talk,
        "steps": [(rung, hands[f"hands{rung.level}"]) for rung in steps],
        "is_shown": is_shown or form.is_bound,
    }


def around(page: Overview, line: Line) -> dict[str, object]:
    """What stands around the talk on the screen."""
    before, following = page.beside(line)
    return {
        "cycle": page.team.cycle,
        "here": line.practice.code,
        "page": page,
        "line": line,
        "before": before,
        "after": following,
        "earlier": before_this(page.team, line.practice),
    }


def onward(page: Overview, line: Line) -> str:
    """The discussion of the next practice, or the whole after the last one."""
    _before, following = page.beside(line)
    if following is None:
        return reverse("cityshare:assess", args=[page.team.cycle_id])
    return reverse("cityshare:discuss", args=[page.team.cycle_id, following.practice.code])


@require_POST
@login_required
def discuss_say(request: HttpRequest, cycle: uuid.UUID, code: str) -> HttpResponse:
    """What this member holds to be the level, from a device of their own."""
    _seat, team = own_seat(request, cycle)
    _page, line = place_of(team, code)
    form = SayForm(request.POST, rungs=rungs(line.practice))
    if form.is_valid():
        level = form.cleaned_data["level"]
        actions.say(team, line.practice, level=level, by=request.user)
        messages.success(request, _("You said level %(level)s.") % {"level": level})
    else:
        messages.error(request, _("Choose one of the levels that are shown."))
    return redirect("cityshare:discuss", cycle, code)


@require_POST
@login_required
def discuss_anew(request: HttpRequest, cycle: uuid.UUID, code: str) -> HttpResponse:
    """Everybody says a level once more."""
    _seat, team = own_seat(request, cycle)
    _page, line = place_of(team, code)
    actions.begin_anew(team, line.practice, by=request.user)
    return redirect("cityshare:discuss", cycle, code)
