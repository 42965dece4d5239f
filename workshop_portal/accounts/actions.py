"""What happens to accounts and cities."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from workshop_portal.accounts.models import City, User


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
    return user
