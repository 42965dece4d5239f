"""Who may work on the programme and on the page of a workshop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workshop_portal.workshops.access import can_coordinate
from workshop_portal.workshops.models import Workshop

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


def can_edit_programme(user: User, workshop: Workshop) -> bool:
    return can_coordinate(user, workshop)


def can_edit_workshop(user: User, workshop: Workshop) -> bool:
    """Those who run it, and the admin, who sets workshops up."""
    return user.is_admin or can_coordinate(user, workshop)


def can_create_workshop(user: User) -> bool:
    return user.is_admin
