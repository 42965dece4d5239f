"""How allauth speaks, writes and looks people up here."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from functools import lru_cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from workshop_portal.accounts import actions
from workshop_portal.accounts.models import User, UserQuerySet

SIGNED_IN_AT = "signed_in_at"
WRONG_CODE = _("This code is not right. Type the six digits of the newest letter or of your app.")
TOO_MANY = _("There were too many attempts. Wait a few minutes, then start again.")
ADDRESS_TAKEN = _("This address cannot be used. Give another one.")

# Letters that allauth has already counted against the limit of the address they go to.
COUNTED = {"email_confirmation", "email_confirmation_signup", "account_already_exists"}


class PortalBackend(AuthenticationBackend):
    """Finds the signed-in person with what every page asks of them, in one query."""

    def get_user(self, user_id: str) -> User | None:
        return active_people(threading.get_ident()).filter(pk=user_id).first()


@lru_cache(maxsize=256)
def active_people(_thread: int) -> UserQuerySet:
    """Everybody who may be signed in, with what every page asks of them.

    To put this question together takes longer than to ask it, so it is done once in a thread.
    Whoever filters it gets a copy that shares its inner questions, and Django counts in these
    while it writes SQL: two threads at once would spoil them.
    """
    return User.objects.as_signed_in().filter(is_active=True).order_by("pk")


class PortalAdapter(DefaultAccountAdapter):
    """Every write of allauth becomes an action, every mail a letter of the outbox."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Write to the training centre."),
        "duplicate_email": _("This is your address already. Give another one."),
        "email_taken": ADDRESS_TAKEN,
        "email_password_mismatch": _(
            "The address and the password do not belong together. Check both, or ask for a code "
            "by e-mail."
        ),
        "enter_current_password": _("This is not your password. Type the one you use now."),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("This is not your password. Try again."),
        "invalid_login": _("Give the e-mail address of your account."),
        "invalid_password_reset": _("This link has been used or is too old. Ask for a new one."),
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "same_as_current": _("This is your address already. Give another one."),
        "unverified_primary_email": _("Confirm your address first."),
    }

    # --- Writing -----------------------------------------------------------------------

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        said = form.cleaned_data
        return actions.sign_up(
            said["email"],
            password=said["password1"],
            given_name=said["given_name"],
            family_name=said["family_name"],
        )

    def set_password(self, user: User, password: str) -> None:
        actions.set_password(user, password=password)

    @transaction.atomic
    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        confirmed = super().confirm_email(request, email_address)
        if confirmed:
            actions.confirm_address(email_address.user)
        return confirmed

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        request.session[SIGNED_IN_AT] = time.time()
        actions.remember_language(user, language=get_language() or "")

    # --- Letters -----------------------------------------------------------------------

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A code or a link, to whoever reads that address; at most five an hour."""
        letter = template_prefix.rpartition("/")[2]
        if letter not in COUNTED:
            self.count_letter(email)
        facts = {name: context[name] for name in ("code", "password_reset_url") if name in context}
        actions.send_key(letter, address=email, person=context.get("user"), **facts)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """What was changed on an account is put on the trail and told to its owner."""
        facts = {k: v for k, v in (context or {}).items() if k in {"from_email", "to_email"}}
        occasion = template_prefix.rpartition("/")[2]
        actions.tell_of_change(user, occasion, address=email or user.email, **facts)

    def count_letter(self, email: str) -> None:
        if not ratelimit.consume(
            self.request,
            app="allauth.account",
            action="confirm_email",
            key=email.lower(),
            limit_get=True,
        ):
            raise ImmediateHttpResponse(ratelimit.respond_429(self.request))

    def get_reset_password_from_key_url(self, key: str) -> str:
        return actions.password_link(key)

    # --- Signing in --------------------------------------------------------------------

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Guesses are counted by address and origin together: nobody locks out another person."""
        return f"{credentials.get('email', '').lower()} from {ratelimit.get_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse further guesses, from one place and, more patiently, from all places together."""
        counted = [
            ("login_failed", self._get_login_attempts_cache_key(request, **credentials)),
            ("login_failed_anywhere", credentials.get("email", "").lower()),
        ]
        self._attempt = []
        for action, key in counted:
            use = ratelimit.consume(request, app="allauth.account", action=action, key=key)
            if not use:
                raise ImmediateHttpResponse(ratelimit.respond_429(request))
            self._attempt.append(use)

    def _rollback_login_failed_rl_usage(self) -> None:
        for use in self._attempt:
            use.rollback()

    def is_safe_url(self, url: str) -> bool:
        """Whether the way on leads to a page of ours: a path of this host and nothing cleverer."""
        host = {allauth_context.request.get_host()}
        plain = url.startswith("/") and url.isprintable() and "\\" not in url
        return plain and url_has_allowed_host_and_scheme(url, allowed_hosts=host)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are unreadable to whoever sees only the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "cannot_generate_recovery_codes": _("Set up an app or a passkey first."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        return safe().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return safe().decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        return settings.PORTAL_NAME

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002
        return ""


def within(request: HttpRequest, action: str, rate: str) -> bool:
    """Whether this origin has not yet used up `rate`, such as “60/h”, of an action.

    Counted under a keyed hash: what is kept does not tell the address, not even until it expires.
    """
    origin = salted_hmac("origin", ratelimit.get_ip(request)).hexdigest()
    rates = {action: f"{rate}/key"}
    use = ratelimit.consume(request, app="portal", action=action, config=rates, key=origin)
    return use is not None


def safe() -> MultiFernet:
    """What locks and opens secrets: made of the portal's key; older keys still open."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(derived(key)) for key in keys])


def derived(key: str) -> bytes:
    digest = hashlib.sha256(b"second factor:" + key.encode()).digest()
    return base64.urlsafe_b64encode(digest)
