"""The doors of a cycle: what an address leads to, for the person who stands before it."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from cityshare import access
from cityshare.models import Cycle, Team
from cityshare.queries.cycle import Seat, seat_of
from workshop_portal.errors import require

Key = uuid.UUID | str


def cycle_of(request: HttpRequest, pk: Key, *beside: str) -> Cycle:
    """A cycle that this person leads or takes part in; 404 for all others.

    It comes with its workshop and its framework, and with what is named in `beside`.
    """
    known = Cycle.objects.visible_to(request.user)
    return get_object_or_404(known.select_related("workshop", "framework", *beside), pk=pk)


def joined_cycle(request: HttpRequest, pk: Key) -> Cycle:
    """A cycle in which this person is of a city's team; 404 for those who lead it, too."""
    known = Cycle.objects.joined_by(request.user).select_related("workshop", "framework")
    return get_object_or_404(known.distinct(), pk=pk)


def led_cycle(request: HttpRequest, pk: Key) -> Cycle:
    """A cycle that this person leads; 404 for everybody else, who takes part in it too."""
    known = Cycle.objects.led_by(request.user).select_related("workshop", "framework")
    return get_object_or_404(known, pk=pk)


def run_cycle(request: HttpRequest, pk: Key) -> Cycle:
    """A cycle that this person leads; 403 for those who take part in it, and know of the page."""
    found = cycle_of(request, pk)
    require(access.can_facilitate(request.user, found))
    return found


def led_team(request: HttpRequest, cycle: Key, pk: Key) -> Team:
    """A city of a cycle that this person leads; 404 for everybody else."""
    known = Team.objects.filter(cycle__in=Cycle.objects.led_by(request.user), cycle=cycle)
    wanted = known.select_related("city", "cycle__workshop", "cycle__framework")
    return get_object_or_404(wanted, pk=pk)


def own_team(request: HttpRequest, cycle: Key, pk: Key) -> Team:
    """The person's own city in this cycle; 404 for all others."""
    known = Team.objects.of(request.user).filter(cycle__in=Cycle.objects.joined_by(request.user))
    wanted = known.select_related("city", "cycle__workshop", "cycle__framework")
    return get_object_or_404(wanted, pk=pk, cycle=cycle)


def own_seat(request: HttpRequest, cycle: Key) -> tuple[Seat, Team]:
    """The person's place in a cycle that they take part in, and their city; 404 for all others."""
    found = joined_cycle(request, cycle)
    seat = seat_of(request.user, found)
    if seat.team is None:
        raise Http404
    seat.team.cycle = found
    return seat, seat.team


def spoken_for(request: HttpRequest, cycle: Cycle) -> Team:
    """The city that this person answers for; 403 for everybody but a focal point."""
    team = seat_of(request.user, cycle).team
    require(team is not None and access.can_speak_for(request.user, team))
    return team
