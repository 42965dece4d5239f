"""The pictures that everybody in a cycle compares by: river, stairs, and one city by itself."""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from cityshare.actions import pictures as actions
from cityshare.forms.pictures import RiverForm
from cityshare.models import Cycle, Team
from cityshare.queries import pictures as queries
from cityshare.queries import steps, takeaway
from cityshare.queries.cycle import seat_of
from cityshare.queries.pictures import Board, RiverPage
from cityshare.queries.standings import PracticeLine, sight_of, standings
from cityshare.queries.steps import StairsPage
from cityshare.queries.takeaway import Picture
from cityshare.queries.team import facts_of
from cityshare.views.doors import cycle_of
from workshop_portal.files import serve

# A drawing that a person opens by itself runs nothing and loads nothing.
DRAWING_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def compared(request: HttpRequest, pk: uuid.UUID) -> Cycle:
    """The cycle, with what its river may be laid over."""
    return cycle_of(request, pk, "previous__framework")


def board_of(request: HttpRequest, pk: uuid.UUID) -> Board:
    """The levels that this person may compare; 404 while there are none."""
    if (seen := queries.board(request.user, compared(request, pk))) is None:
        raise Http404
    return seen


def not_yet(request: HttpRequest, cycle: Cycle, here: str) -> HttpResponse:
    """What stands where the picture will be."""
    return render(request, "cityshare/pictures/not_yet.html", {"cycle": cycle, "here": here})


# --- The river -----------------------------------------------------------------------------


def form_of(request: HttpRequest, seen: Board) -> RiverForm:
    """What the address says of the river that is wanted."""
    return RiverForm(
        request.GET,
        cities=seen.now.teams if seen.leads else (),
        has_mine=seen.mine is not None,
        has_before=queries.earlier(seen.cycle) is not None,
    )


def river_of(request: HttpRequest, seen: Board) -> RiverPage:
    return queries.river_page(seen, form_of(request, seen).choice)


@require_safe
@login_required
def river(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    found, here = compared(request, cycle), pgettext("diagram", "River")
    seen = queries.board(request.user, found)
    if seen is None:
        return not_yet(request, found, here)
    form = form_of(request, seen)
    context = {
        "cycle": found,
        "here": here,
        "seat": seen.seat,
        "form": form,
        "river": queries.river_page(seen, form.choice),
    }
    return render(request, "cityshare/pictures/river.html", context)


@require_safe
@login_required
def river_show(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    """The river alone, large, for a wall that everybody looks at: nobody's own line is on it."""
    seen = replace(board_of(request, cycle), mine=None)
    page = river_of(request, seen)
    asked = f"?{request.GET.urlencode()}" if request.GET else ""
    ways = [
        (_("Stairs"), reverse("cityshare:stairs-show", args=[cycle, seen.now.practices[0].code])),
        (_("Back to the page"), reverse("cityshare:river", args=[cycle]) + asked),
    ]
    context = {"river": page, "title": page.title, "signs": page.signs, "ways": ways}
    return render(request, "cityshare/pictures/show.html", context)


@require_safe
@login_required
def river_drawing(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    seen = board_of(request, cycle)
    return drawing(request, seen, takeaway.river_picture(river_of(request, seen), seen.cycle))


@require_POST
@login_required
def river_order(request: HttpRequest, cycle: uuid.UUID, form: str) -> HttpResponse:
    seen = board_of(request, cycle)
    picture = takeaway.river_picture(river_of(request, seen), seen.cycle)
    return order(request, seen, picture, form)


# --- The stairs ----------------------------------------------------------------------------


def practice_of(seen: Board, code: str) -> PracticeLine:
    """A practice of the cycle's framework; 404 for any other code."""
    for line in seen.now.practices:
        if line.code == code:
            return line
    raise Http404


def stairs_of(request: HttpRequest, cycle: uuid.UUID, code: str) -> tuple[Board, StairsPage]:
    seen = board_of(request, cycle)
    return seen, steps.stairs_page(seen, practice_of(seen, code))


def beside(seen: Board, code: str) -> tuple[PracticeLine | None, PracticeLine | None]:
    """The practices before and after this one."""
    lines: list[PracticeLine | None] = [None, *seen.now.practices, None]
    place = next(n for n, line in enumerate(lines) if line and line.code == code)
    return lines[place - 1], lines[place + 1]


@require_safe
@login_required
def stairs(request: HttpRequest, cycle: uuid.UUID) -> HttpResponse:
    found, here = compared(request, cycle), pgettext("diagram", "Stairs")
    seen = queries.board(request.user, found)
    if seen is None:
        return not_yet(request, found, here)
    signs = steps.stairs_signs(has_mine=seen.mine is not None)
    context = {
        "cycle": found,
        "here": here,
        "seat": seen.seat,
        "glances": steps.glances(seen),
        "signs": signs,
    }
    return render(request, "cityshare/pictures/stairs.html", context)


@require_safe
@login_required
def stairs_practice(request: HttpRequest, cycle: uuid.UUID, code: str) -> HttpResponse:
    seen, page = stairs_of(request, cycle, code)
    back, forth = beside(seen, code)
    context = {"cycle": seen.cycle, "here": code, "seat": seen.seat, "stairs": page}
    context |= {"back": back, "forth": forth}
    return render(request, "cityshare/pictures/stairs_practice.html", context)


@require_safe
@login_required
def stairs_show(request: HttpRequest, cycle: uuid.UUID, code: str) -> HttpResponse:
    """The stairs alone, large, with the ways to the practices beside this one."""
    seen = replace(board_of(request, cycle), mine=None)
    page = steps.stairs_page(seen, practice_of(seen, code))
    ways = [
        (line.code, reverse("cityshare:stairs-show", args=[cycle, line.code]))
        for line in beside(seen, code)
        if line
    ]
    ways.append((pgettext("diagram", "River"), reverse("cityshare:river-show", args=[cycle])))
    back = reverse("cityshare:stairs-practice", args=[cycle, code])
    ways.append((_("Back to the page"), back))
    context = {"stairs": page, "title": page.title, "signs": page.signs, "ways": ways}
    return render(request, "cityshare/pictures/show.html", context)


@require_safe
@login_required
def stairs_drawing(request: HttpRequest, cycle: uuid.UUID, code: str) -> HttpResponse:
    seen, page = stairs_of(request, cycle, code)
    return drawing(request, seen, takeaway.stairs_picture(page, seen.cycle))


@require_POST
@login_required
def stairs_order(request: HttpRequest, cycle: uuid.UUID, code: str, form: str) -> HttpResponse:
    seen, page = stairs_of(request, cycle, code)
    return order(request, seen, takeaway.stairs_picture(page, seen.cycle), form)


# --- One city ------------------------------------------------------------------------------


@require_safe
@login_required
def team(request: HttpRequest, cycle: uuid.UUID, team: uuid.UUID) -> HttpResponse:
    found = cycle_of(request, cycle)
    city = get_object_or_404(Team.objects.select_related("city"), cycle=found, pk=team)
    seat = seat_of(request.user, found)
    own, seen = seat.team.pk if seat.team else None, sight_of(seat, found)
    now = standings(found, sight=seen, own=own)
    page = steps.city_page(now, city, own=own, seen=seen)
    context = {
        "cycle": found,
        "here": city.city.name,
        "city": page,
        "facts": facts_of(city),
        "signs": steps.city_signs(page),
    }
    return render(request, "cityshare/pictures/city.html", context)


# --- To take away --------------------------------------------------------------------------


def drawing(request: HttpRequest, seen: Board, picture: Picture) -> HttpResponse:
    """The picture as an SVG file that needs nothing beside itself."""
    actions.note_picture(seen.cycle, picture, form="svg", by=request.user)
    answer = HttpResponse(picture.svg.text, content_type="image/svg+xml; charset=utf-8")
    name = f"{get_valid_filename(picture.title)}.svg"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Content-Security-Policy"] = DRAWING_POLICY
    return answer


def order(request: HttpRequest, seen: Board, picture: Picture, form: str) -> HttpResponse:
    """Have the worker make a PDF or PNG, and go where it will be."""
    if form not in takeaway.TEMPLATES:
        raise Http404
    paper = actions.order_picture(seen.cycle, picture, form=form, by=request.user)
    return redirect("cityshare:picture", seen.cycle.pk, paper.pk)


@require_safe
@login_required
def picture(request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    found = cycle_of(request, cycle)
    paper = get_object_or_404(takeaway.pictures_of(found, request.user), pk=pk)
    context = {"cycle": found, "here": paper.title, "paper": paper}
    return render(request, "cityshare/pictures/picture.html", context)


@require_safe
@login_required
def picture_file(
    request: HttpRequest, cycle: uuid.UUID, pk: uuid.UUID
) -> HttpResponse | FileResponse:
    found = cycle_of(request, cycle)
    paper = get_object_or_404(takeaway.pictures_of(found, request.user), pk=pk)
    if paper.state != paper.State.READY:
        return redirect("cityshare:picture", cycle, pk)
    name = f"{get_valid_filename(paper.title)}{paper.kind.suffix}"
    return serve(paper.file, name, paper.kind.media_type)
