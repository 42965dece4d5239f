"""The shared nouns: a workshop, who works in it and who sits in it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, Min, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from django_countries.fields import CountryField

from workshop_portal.workflow import Stepped

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


def known_zone(name: str) -> None:
    """Raise ValidationError unless `name` is an IANA time zone: a place's, and not this machine's.

    Beside the zones, the folder that Python reads has such files as `localtime` and `Factory`.
    """
    if name != "UTC" and ("/" not in name or name not in available_timezones()):
        raise ValidationError(_("Choose a time zone such as Asia/Seoul."))


class WorkshopQuerySet(models.QuerySet):
    def run_by(self, user: User) -> WorkshopQuerySet:
        """The workshops that this person coordinates."""
        return self.filter(
            pk__in=Role.objects.filter(user_id=user.pk, role=Role.Kind.COORDINATOR).values(
                "workshop"
            )
        )

    def edited_by(self, user: User) -> WorkshopQuerySet:
        """The workshops whose page this person may change."""
        return self if user.is_admin else self.run_by(user)

    def visible_to(self, user) -> WorkshopQuerySet:
        """What is published, for everybody; drafts for those who work in them and for admins."""
        if not user.is_authenticated:
            return self.filter(status=Workshop.Status.PUBLISHED)
        if user.is_admin:
            return self
        mine = Role.objects.filter(user_id=user.pk).values("workshop")
        return self.filter(Q(status=Workshop.Status.PUBLISHED) | Q(pk__in=mine))

    def with_dates(self) -> WorkshopQuerySet:
        """With `first_day` and `last_day`, in the order of their dates."""
        return self.annotate(first_day=Min("days__date"), last_day=Max("days__date")).order_by(
            "-first_day"
        )


class Workshop(Stepped):
    """One edition, with its dates and place."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        VIRTUAL = "virtual", _("Online")
        HYBRID = "hybrid", _("In person and online")

    STEPS = {Status.DRAFT: {Status.PUBLISHED}, Status.PUBLISHED: {Status.DRAFT}}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=250)
    theme = models.CharField(_("theme"), max_length=250, blank=True)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode, default=Mode.IN_PERSON)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    country = CountryField(_("country"), blank=True)
    zone = models.CharField(_("time zone"), max_length=60, validators=[known_zone])
    summary = models.CharField(_("summary"), max_length=400, blank=True)
    background = models.TextField(_("background"), blank=True)
    event_objectives = models.TextField(_("event objectives"), blank=True)
    audience = models.TextField(_("target audience"), blank=True)
    requirements = models.TextField(_("requirements for participants"), blank=True)
    methodology = models.TextField(_("methodology"), blank=True)
    travel_terms = models.TextField(_("terms of travel assistance"), blank=True)
    outcome = models.TextField(_("what came of it"), blank=True)
    contact_email = models.EmailField(_("contact"), blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)

    objects = WorkshopQuerySet.as_manager()

    # Found by `with_dates` alone.
    first_day: date | None
    last_day: date | None

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("workshop-detail", args=[self.slug])

    @property
    def scope(self) -> str:
        """How letters of this workshop are found in the outbox."""
        return f"workshop:{self.pk}"

    @property
    def place(self) -> str:
        """Where it happens, in a few words."""
        if self.mode == self.Mode.VIRTUAL:
            return self.get_mode_display()
        country = countries.name(str(self.country))
        return ", ".join(part for part in (self.venue, self.city, country) if part)


class TrainingDay(models.Model):
    """A day of the workshop; days need not follow one another."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="days")
    date = models.DateField(_("date"))

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "date"], name="one_row_per_training_day")
        ]

    def __str__(self):
        return self.date.isoformat()


class LearningObjective(models.Model):
    """What participants can do at the end; asked again in the evaluation."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="objectives")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "order"], name="objectives_in_one_order")
        ]

    def __str__(self):
        return self.text


class Partner(models.Model):
    """An organisation that holds the workshop or helps to."""

    class Part(models.TextChoices):
        ORGANISER = "organiser", _("Organiser")
        PARTNER = "partner", _("Partner")

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="partners")
    part = models.CharField(max_length=10, choices=Part)
    name = models.CharField(max_length=200)
    url = models.URLField(blank=True)

    class Meta:
        ordering = ["part", "name"]

    def __str__(self):
        return self.name


class Role(models.Model):
    """What a person is in one workshop, beside being an applicant or a participant."""

    class Kind(models.TextChoices):
        COORDINATOR = "coordinator", _("Coordinator")
        REVIEWER = "reviewer", _("Reviewer")
        FACILITATOR = "facilitator", _("Facilitator")
        OBSERVER = "observer", _("Observer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="roles")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roles"
    )
    role = models.CharField(max_length=12, choices=Kind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workshop", "user", "role"], name="a_role_once")
        ]

    def __str__(self):
        return f"{self.user}: {self.get_role_display()}"


class Participant(models.Model):
    """The seat: a person of a city in a workshop."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="participants")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats"
    )
    city = models.ForeignKey("accounts.City", on_delete=models.PROTECT)
    organisation = models.CharField(max_length=200, blank=True)
    seated_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workshop", "user"], name="one_seat_per_person")
        ]

    def __str__(self):
        return f"{self.user} of {self.city}"
