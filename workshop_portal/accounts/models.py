"""People and the cities they come from."""

from __future__ import annotations

import uuid
from functools import cached_property
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField


class City(models.Model):
    """A city of a country; of one name in one country there is one."""

    name = models.CharField(_("city"), max_length=120)
    country = CountryField(_("country"))

    class Meta:
        ordering = ["country", "name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), "country", name="one_city_of_a_name"),
        ]
        verbose_name_plural = "cities"

    def __str__(self):
        return f"{self.name}, {self.country.name}"


class UserQuerySet(models.QuerySet["User"]):
    def get_by_natural_key(self, email: str) -> User:
        """The account of an address, however it is capitalised."""
        return self.get(email__iexact=email)

    def as_signed_in(self) -> UserQuerySet:
        """With what every page's header asks of a person, in the same query."""
        roles, members = apps.get_model("workshops", "Role"), apps.get_model("cityshare", "Member")
        desk = roles._default_manager.filter(user=OuterRef("pk"))
        leads = desk.filter(role__in=["facilitator", "coordinator"])
        joined = members._default_manager.filter(user=OuterRef("pk"))
        hidden = Q(letters__state__in=apps.get_model("outbox", "Message").UNSEEN)
        shown = Q(letters__in_inbox=True) & ~hidden
        unread = Count("letters", filter=shown & Q(letters__read_at=None))
        keys = apps.get_model("mfa", "Authenticator")._default_manager
        factors = keys.filter(user=OuterRef("pk")).exclude(type="recovery_codes")
        return self.annotate(
            has_desk=Exists(desk) | Q(is_admin=True),
            has_second_factor=Exists(factors),
            is_in_cityshare=Exists(joined.exclude(team__cycle__status="setup")) | Exists(leads),
            unread_letters=unread,
        )


class User(AbstractBaseUser):
    """A person with an account; the address is the name they sign in with."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    given_name = models.CharField(_("given name"), max_length=120, blank=True)
    family_name = models.CharField(_("family name"), max_length=120, blank=True)
    city = models.ForeignKey(City, null=True, blank=True, on_delete=models.PROTECT)
    zone = models.CharField(_("time zone"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    # Since when letters to the address come back; the person reads it on every page.
    unreachable_since = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    is_admin = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = UserQuerySet.as_manager()

    # Rows of the accounts library that point here.
    emailaddress_set: Any
    authenticator_set: Any

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_address")]

    def __str__(self):
        return self.full_name or self.email

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @cached_property
    def has_desk(self) -> bool:
        """Whether this person works for the centre: has a role in a workshop, or administers."""
        return self.is_admin or self.roles.exists()

    @cached_property
    def is_in_cityshare(self) -> bool:
        """Whether this person takes part in a cycle of CityShare, or could lead one."""
        joined = self.memberships.exclude(team__cycle__status="setup")
        leads = self.roles.filter(role__in=["facilitator", "coordinator"])
        return joined.exists() or leads.exists()

    @cached_property
    def has_second_factor(self) -> bool:
        """Whether signing in asks for more than a password: an app's code or a passkey."""
        return self.authenticator_set.exclude(type="recovery_codes").exists()

    @cached_property
    def unread_letters(self) -> int:
        return self.letters.inbox_of(self).unread().count()
