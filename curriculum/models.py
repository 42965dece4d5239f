"""The programme of a workshop: modules, sessions, speakers."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workshop_portal.workflow import Stepped
from workshop_portal.workshops.dates import dates_in_words
from workshop_portal.workshops.models import Workshop

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


class Programme(Stepped):
    """The programme as a whole: staff work on it until it is released to the public page."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        RELEASED = "released", _("Released")

    STEPS = {Status.DRAFT: {Status.RELEASED}, Status.RELEASED: {Status.DRAFT}}

    workshop = models.OneToOneField(Workshop, on_delete=models.CASCADE, related_name="programme")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)

    def __str__(self):
        return f"Programme of {self.workshop}"


class Postponement(models.Model):
    """A workshop moved to later days, with the days it had and the reason; everybody reads it."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="postponements")
    # Dates in ISO 8601, in their order.
    was = models.JSONField(default=list)
    days = models.PositiveSmallIntegerField()
    reason = models.CharField(_("reason"), max_length=300)
    made_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(days__gt=0), name="a_postponement_is_later")
        ]

    def __str__(self):
        return f"{self.workshop}: {self.days} days later"

    @property
    def earlier_dates(self) -> str:
        """The days that no longer count, in words."""
        return dates_in_words(date.fromisoformat(day) for day in self.was)


class OfWorkshopQuerySet(models.QuerySet):
    def editable_by(self, user: User) -> OfWorkshopQuerySet:
        """The rows of workshops that this person coordinates."""
        return self.filter(workshop__in=Workshop.objects.run_by(user))


class Module(models.Model):
    """A unit of teaching."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="modules")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), max_length=1000, blank=True)

    objects = OfWorkshopQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "number"], name="a_module_number_once")
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"


class Speaker(models.Model):
    """Who teaches, and for whom they speak."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="speakers")
    name = models.CharField(_("name"), max_length=150)
    position = models.CharField(_("position"), max_length=200, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)

    objects = OfWorkshopQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Session(models.Model):
    """A meeting at a time."""

    class Format(models.TextChoices):
        OPENING = "opening", _("Opening")
        LECTURE = "lecture", _("Lecture")
        EXERCISE = "exercise", _("Practical exercise")
        DISCUSSION = "discussion", _("Group discussion")
        SCENARIO = "scenario", _("Scenario exercise")
        FACILITATED = "facilitated", _("Facilitated discussion")
        CITYSHARE = "cityshare", _("CityShare")
        PRESENTATIONS = "presentations", _("Participants' presentations")
        ACTION_PLANS = "action_plans", _("Action plan presentation")
        STUDY_VISIT = "study_visit", _("Study visit")
        CLOSING = "closing", _("Closing")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="sessions")
    module = models.ForeignKey(
        Module, null=True, blank=True, on_delete=models.PROTECT, related_name="sessions"
    )
    title = models.CharField(_("title"), max_length=250)
    format = models.CharField(_("format"), max_length=14, choices=Format)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    room = models.CharField(_("room"), max_length=120, blank=True)
    capacity = models.PositiveSmallIntegerField(_("capacity"), null=True, blank=True)
    is_required = models.BooleanField(_("required"), default=True)
    summary = models.TextField(_("summary"), max_length=2000, blank=True)
    speakers = models.ManyToManyField(Speaker, blank=True, related_name="sessions")

    objects = OfWorkshopQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_session_ends_after_it_starts"
            )
        ]

    def __str__(self):
        return self.title
