"""What happens to a workshop and its people."""

from __future__ import annotations

from django.db import transaction

from workshop_portal.accounts.models import City, User
from workshop_portal.audit.actions import record
from workshop_portal.workshops.models import Participant, Role, Workshop


@transaction.atomic
def enrol(
    user: User, workshop: Workshop, *, city: City, organisation: str, by: User | None
) -> Participant:
    """Give a person a seat for their city. Asking twice gives the same seat."""
    seat, is_new = Participant.objects.get_or_create(
        workshop=workshop, user=user, defaults={"city": city, "organisation": organisation}
    )
    if is_new:
        record("participant.seated", seat, about=workshop, by=by, city=str(city))
    return seat


@transaction.atomic
def grant(user: User, workshop: Workshop, *, role: str, by: User | None) -> Role:
    """Give a person a role in a workshop. Granting it twice changes nothing."""
    granted, is_new = Role.objects.get_or_create(workshop=workshop, user=user, role=role)
    if is_new:
        record("role.granted", granted, about=workshop, by=by, role=role, to=str(user.pk))
    return granted
