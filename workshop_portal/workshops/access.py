"""Who may do what in a workshop. A person and a thing in, yes or no out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workshop_portal.workshops.models import Role, Workshop

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


def can_coordinate(user: User, workshop: Workshop) -> bool:
    """Whether this person runs the workshop: its applications, letters, programme and roles."""
    return Role.objects.filter(
        workshop=workshop, user_id=user.pk, role=Role.Kind.COORDINATOR
    ).exists()
