"""The vote of the focal points on the draft of a framework, before it is frozen."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cityshare.models.cycle import Cycle, Team
from cityshare.models.framework import Framework
from workshop_portal.deadlines import Window
from workshop_portal.workflow import Stepped

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


class VoteQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> VoteQuerySet:
        """The votes of cycles that this person leads, and those in which their city is asked."""
        asked = Voice.objects.filter(team__in=Team.objects.of(user).values("pk")).values("vote")
        return self.filter(Q(cycle__in=Cycle.objects.led_by(user)) | Q(pk__in=asked))


class Vote(Stepped):
    """The cities of a cycle are asked about a draft until a moment; of a draft one at a time.

    After that moment no answer is taken, and it waits to be closed by who leads the cycle.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    STEPS = {Status.OPEN: {Status.CLOSED}, Status.CLOSED: set()}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="votes")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="votes")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    until = models.DateTimeField(_("until"))
    words = models.TextField(_("words to the cities"), max_length=1000, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = VoteQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework"], condition=Q(status="open"), name="one_open_vote_on_a_draft"
            )
        ]

    def __str__(self):
        return f"{self.framework}, {self.cycle}"

    def get_absolute_url(self) -> str:
        return reverse("cityshare:vote", args=[self.framework_id, self.pk])

    def takes_answers(self, now: datetime) -> bool:
        """Whether a city can answer at this moment; its cycle and workshop are known."""
        window = Window(self.asked_at, self.until, self.cycle.workshop.zone)
        return self.status == self.Status.OPEN and window.is_open(now)


class Voice(models.Model):
    """What one city says in a vote; without an answer it was asked only.

    `wording` is the mark of the words that were read: of other words the answer says nothing.
    `remarks` are on single practices, by their codes.
    """

    class Answer(models.TextChoices):
        AGREES = "agrees", _("Agrees")
        REMARKS = "remarks", _("Agrees, with remarks")
        DISAGREES = "disagrees", _("Does not agree")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="voices")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="voices")
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, blank=True)
    comment = models.TextField(_("comment"), max_length=3000, blank=True)
    remarks = models.JSONField(_("remarks"), default=dict, blank=True)
    wording = models.CharField(max_length=64, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["team__city__country", "team__city__name"]
        constraints = [
            models.UniqueConstraint(fields=["vote", "team"], name="one_voice_of_a_city"),
            models.CheckConstraint(
                condition=Q(answer="", given_by=None, given_at=None)
                | ~Q(answer="") & Q(given_by__isnull=False, given_at__isnull=False),
                name="an_answer_was_given_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.team}: {self.vote}"
