"""Who may do what with accounts. A person and a thing in, yes or no out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from workshop_portal.accounts.models import User


def must_add_second_factor(user: User | AnonymousUser) -> bool:
    """Whether this person sees other people's files and still signs in with one thing only."""
    return (
        settings.STAFF_NEED_SECOND_FACTOR
        and user.is_authenticated
        and user.has_desk
        and not user.has_second_factor
    )
