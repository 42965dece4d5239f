"""What happens to accounts and cities."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import get_language

from workshop_portal.accounts.models import City, User
from workshop_portal.audit.actions import record
from workshop_portal.outbox.actions import post, take_bounce
from workshop_portal.outbox.models import Message


def city_named(name: str, country: str) -> City:
    """The city of that name in that country, made known when it is new."""
    name = " ".join(name.split())
    known = City.objects.filter(name__iexact=name, country=country)
    if city := known.first():
        return city
    try:
        with transaction.atomic():
            return City.objects.create(name=name, country=country)
    except IntegrityError:
        return known.get()


@transaction.atomic
def open_account(
    email: str,
    *,
    password: str | None = None,
    given_name: str = "",
    family_name: str = "",
    city: City | None = None,
    is_admin: bool = False,
    by: User | None = None,
) -> User:
    """Make an account whose address is taken as confirmed (by staff, or for the demo)."""
    user = User(
        email=email.strip().lower(),
        given_name=given_name,
        family_name=family_name,
        city=city,
        is_admin=is_admin,
    )
    user.set_password(password)
    user.save()
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    record("account.opened", user, by=by)
    return user


@transaction.atomic
def sign_up(email: str, *, password: str, given_name: str, family_name: str) -> User:
    """Make the account that a visitor asked for; its address waits for the code we send there.

    The portal goes on in the language in which it was asked.
    """
    user = User(
        email=email.lower(),
        given_name=given_name,
        family_name=family_name,
        language=get_language() or "",
    )
    user.set_password(password)
    user.save()
    record("account.opened", user, by=user)
    return user


@transaction.atomic
def set_password(user: User, *, password: str) -> None:
    """Change the password; every other session of this person ends with it."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record("account.password_changed", user, by=user)


@transaction.atomic
def change_details(
    user: User,
    *,
    given_name: str,
    family_name: str,
    zone: str,
    language: str,
    city_name: str,
    country: str,
    by: User,
) -> None:
    """Change the name, the clock, the language and the city that the portal knows of a person.

    Applications keep what was written in them.
    """
    city = city_named(city_name, country) if city_name else None
    facts = {"given_name": given_name, "family_name": family_name, "zone": zone, "city": city}
    facts |= {"language": language}
    changed = [name for name, value in facts.items() if getattr(user, name) != value]
    for name in changed:
        setattr(user, name, facts[name])
    if changed:
        user.save(update_fields=changed)
        record("account.details_changed", user, by=by, changed=changed)


@transaction.atomic
def choose_language(user: User, *, language: str, by: User) -> None:
    """Let the portal and its letters speak to a person in this language from now on."""
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])
        record("account.details_changed", user, by=by, changed=["language"])


def remember_language(user: User, *, language: str) -> None:
    """Write letters in the language in which a person signed in, unless they chose one."""
    if not user.language:
        user.language = language
        user.save(update_fields=["language"])


@transaction.atomic
def note_bounce(mail: bytes) -> Message | None:
    """Note which letter came back by a mail that a mail server sent, if one did."""
    letter = take_bounce(mail)
    if letter:
        record("message.bounced", letter, by=None, reason=letter.last_error)
    return letter


@transaction.atomic
def trust_address(user: User, *, by: User) -> None:
    """Take a person as within reach again: they have confirmed the address, or say it is right.

    That a mail server takes a letter proves nothing, for most take everything first and send it
    back later; so only people end this, and the next letter that comes back begins it anew.
    """
    out_of_reach = User.objects.filter(pk=user.pk, unreachable_since__isnull=False)
    if out_of_reach.update(unreachable_since=None):
        user.unreachable_since = None
        record("account.reachable", user, by=by)


@transaction.atomic
def confirm_address(user: User) -> None:
    """Put on the trail that the person holds the address: letters reach them there."""
    record("account.address_confirmed", user, by=user)
    trust_address(user, by=user)


@transaction.atomic
def tell_of_change(user: User, occasion: str, *, address: str, **facts: Any) -> None:
    """Write the owner that something about signing in was changed, and put it on the trail."""
    if not occasion.startswith("password"):  # `set_password` has noted that one
        record(f"account.{occasion}", user, by=user)
    post(
        f"account/{occasion}",
        to=user,
        address=address,
        key=f"account:{occasion}:{uuid.uuid4()}",
        language=get_language() or "",
        **facts,
    )


@transaction.atomic
def send_key(letter: str, *, address: str, person: User | None, **facts: Any) -> None:
    """Send a code or a link to an address: a mail only, for whoever holds it can sign in."""
    to = person or User.objects.filter(email=address.lower()).first()
    key = f"account:{letter}:{uuid.uuid4()}"
    asked_in = get_language() or ""
    post(
        f"account/{letter}",
        to=to,
        address=address,
        key=key,
        in_inbox=False,
        language=asked_in,
        **facts,
    )


# --- Staff -----------------------------------------------------------------------------


def password_link(key: str) -> str:
    """Where a new password is chosen; `key` is "<person>-<token>". Works once, for one hour."""
    person, _dash, token = key.partition("-")
    path = reverse("account_reset_password_from_key", args=[person, token])
    return f"{settings.PUBLIC_BASE_URL}{path}"


@transaction.atomic
def invite(user: User, *, by: User | None) -> None:
    """Write to somebody whose account was made for them how to choose a password."""
    token = default_token_generator.make_token(user)
    post(
        "account/invitation",
        to=user,
        key=f"account:invitation:{uuid.uuid4()}",
        in_inbox=False,
        password_reset_url=password_link(f"{user_pk_to_url_str(user)}-{token}"),
    )
    record("account.invited", user, by=by)


@transaction.atomic
def make_admin(user: User, *, by: User | None) -> None:
    """Let a person look after the portal. Doing it twice changes nothing."""
    if not user.is_admin:
        user.is_admin = True
        user.save(update_fields=["is_admin"])
        record("account.made_admin", user, by=by)


@transaction.atomic
def forget_second_factor(user: User, *, by: User | None) -> None:
    """Take off app, passkeys and recovery codes of somebody who has lost them."""
    if user.authenticator_set.all().delete()[0]:
        record("account.second_factor_forgotten", user, by=by)
        key = f"account:second_factor_forgotten:{uuid.uuid4()}"
        post("account/second_factor_forgotten", to=user, key=key)
