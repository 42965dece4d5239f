"""What the committee decided, before and after it becomes real."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models.application import Application

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> DecisionQuerySet:
        """Decisions on the applications that a coordinator works with, and on no others."""
        return self.filter(application__in=Application.objects.handled_by(user))

    def pending(self) -> DecisionQuerySet:
        return self.filter(released_at=None)


class Decision(models.Model):
    """What was decided. Nobody outside the committee can sense it until it is released."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("decision", "Accept")
        WAITLISTED = "waitlisted", _("Waiting list")
        REJECTED = "rejected", _("Do not select")

    application = models.OneToOneField(Application, on_delete=models.PROTECT)
    outcome = models.CharField(_("decision"), max_length=12, choices=Outcome)
    note = models.TextField(_("note for the committee"), max_length=1000, blank=True)
    message = models.TextField(_("words for the applicant"), max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(auto_now=True)
    released_at = models.DateTimeField(null=True)

    objects = DecisionQuerySet.as_manager()

    def __str__(self):
        return f"{self.outcome}: {self.application}"
