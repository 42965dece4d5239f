"""The staff desk: every workshop that a person works in, and what waits for them there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from applications.models import Call
from applications.queries.desk import Waiting, waiting
from cityshare.models import Cycle
from cityshare.models.cycle import LEADS
from workshop_portal.outbox.models import Message
from workshop_portal.workshops.models import Role, Workshop

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


NOTHING = Waiting()


@dataclass(frozen=True)
class Place:
    """One workshop as it stands on the desk of one person."""

    workshop: Workshop
    roles: list[str]
    call: Call | None = None
    runs: bool = False
    waiting: Waiting = NOTHING
    letters: int = 0
    leads: bool = False
    cycles: tuple[Cycle, ...] = ()

    @property
    def is_calm(self) -> bool:
        """Whether nothing here waits for anybody."""
        waits = self.waiting
        piles = (waits.to_check, waits.pending, waits.unsent, waits.unreachable, self.letters)
        return not any(piles)


def places(user: User) -> list[Place]:
    """The workshops of a person's roles, all of them for an admin; what waits comes first."""
    roles: dict[object, list[str]] = {}
    runs, leads = set(), set()
    for workshop, role in Role.objects.filter(user=user).values_list("workshop", "role"):
        roles.setdefault(workshop, []).append(str(Role.Kind(role).label))
        if role == Role.Kind.COORDINATOR:
            runs.add(workshop)
        if role in LEADS:
            leads.add(workshop)
    workshops = Workshop.objects.with_dates()
    shown = list(workshops if user.is_admin else workshops.filter(pk__in=roles))
    calls = {call.workshop_id: call for call in Call.objects.filter(workshop__in=shown)}
    run = [workshop for workshop in shown if workshop.pk in runs]
    waits, letters = waiting(run, user) if run else {}, stuck(run)
    cycles = cycles_led(user) if leads else {}
    for workshop in shown:
        if workshop.pk in calls:
            calls[workshop.pk].workshop = workshop
    found = [
        Place(
            workshop=workshop,
            roles=roles.get(workshop.pk, []),
            call=calls.get(workshop.pk),
            runs=workshop.pk in runs,
            waiting=waits.get(workshop.pk, NOTHING),
            letters=letters.get(workshop.scope, 0),
            leads=workshop.pk in leads,
            cycles=tuple(cycles.get(workshop.pk, ())),
        )
        for workshop in shown
    ]
    return sorted(found, key=lambda place: (place.is_calm, not place.runs))


def cycles_led(user: User) -> dict[object, list[Cycle]]:
    """The cycles that a person facilitates, the newest first, by workshop."""
    found: dict[object, list[Cycle]] = {}
    for cycle in Cycle.objects.led_by(user):
        found.setdefault(cycle.workshop_id, []).append(cycle)
    return found


def stuck(workshops: list[Workshop]) -> dict[str, int]:
    """How many letters of each workshop need a person, by scope."""
    states = [Message.State.FAILED, Message.State.UNKNOWN, Message.State.BOUNCED]
    scopes = [workshop.scope for workshop in workshops]
    found = Message.objects.filter(scope__in=scopes, state__in=states).order_by()
    return dict(found.values_list("scope").annotate(Count("pk")))
