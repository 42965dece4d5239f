"""How allauth speaks and looks people up here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend

from workshop_portal.accounts.models import User


class PortalBackend(AuthenticationBackend):
    """Finds the signed-in person with what every page asks of them, in one query."""

    def get_user(self, user_id: str) -> User | None:
        return User.objects.as_signed_in().filter(pk=user_id, is_active=True).first()


class PortalAdapter(DefaultAccountAdapter):
    pass
