"""What a city says about itself: levels, targets, and what shows them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cityshare.assessing import OUTSIDE, TOP, Choice
from cityshare.models.cycle import Cycle, Team
from cityshare.models.framework import Practice
from workshop_portal import files
from workshop_portal.leased import Leased, LeasedQuerySet
from workshop_portal.merging import Held
from workshop_portal.workflow import Stepped

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


class SelfAssessment(Stepped):
    """A city's own view of every practice; the focal point submits it, the facilitator reopens.

    What is reopened can be written until the rating ends, what was never submitted only in its
    own stage. `version` counts every change of what belongs to it, evidence too.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Being written")
        SUBMITTED = "submitted", _("Submitted")

    STEPS = {Status.OPEN: {Status.SUBMITTED}, Status.SUBMITTED: {Status.OPEN}}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.OneToOneField(Team, on_delete=models.PROTECT, related_name="assessment")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    # Who sat around the screen, in general words: never a name of a person.
    who_took_part = models.CharField(_("who took part"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reopened_at = models.DateTimeField(null=True)
    reopened_because = models.CharField(_("why it is open again"), max_length=300, blank=True)

    def __str__(self):
        return f"{self.team}"

    @property
    def is_open_again(self) -> bool:
        """Whether the city mends what others have read, or waited for."""
        return self.status == self.Status.OPEN and self.reopened_at is not None


class SelfScoreQuerySet(models.QuerySet):
    def handed_in(self) -> SelfScoreQuerySet:
        """What a city says as it was handed in: of one that is being written nobody else reads."""
        return self.filter(assessment__status=SelfAssessment.Status.SUBMITTED)


class SelfScore(models.Model):
    """A city's own level and target for one practice; `version` counts its changes.

    A row with nothing in `current` is unanswered, or outside the city's mandate.
    """

    class Confidence(models.TextChoices):
        LOW = "low", _("We are guessing")
        MIDDLE = "middle", _("Fairly sure")
        HIGH = "high", _("Sure, and we can show it")

    class Priority(models.IntegerChoices):
        NONE = 0, _("Not now")
        LOW = 1, _("Good to have")
        HIGH = 2, _("Important")
        TOP = TOP, _("Among our three most important")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(SelfAssessment, on_delete=models.CASCADE, related_name="scores")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    current = models.PositiveSmallIntegerField(_("level today"), null=True, blank=True)
    target = models.PositiveSmallIntegerField(_("target in 12 months"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.NONE
    )
    confidence = models.CharField(_("how sure"), max_length=8, choices=Confidence, blank=True)
    outside_mandate = models.BooleanField(_("outside our mandate"), default=False)
    reason = models.CharField(_("whose task it is"), max_length=500, blank=True)
    why = models.TextField(_("what we do, in a few sentences"), max_length=3000, blank=True)
    dissent = models.TextField(_("who saw it differently"), max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = SelfScoreQuerySet.as_manager()

    class Meta:
        ordering = ["practice__order"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "practice"], name="one_own_level"),
            models.CheckConstraint(
                condition=Q(current=None) | Q(current__gte=1), name="own_levels_start_at_one"
            ),
            models.CheckConstraint(
                condition=Q(target=None) | Q(current=None) | Q(target__gte=F("current")),
                name="no_target_below_today",
            ),
            models.CheckConstraint(
                condition=Q(outside_mandate=False) | Q(current=None, target=None),
                name="no_level_outside_the_mandate",
            ),
            models.CheckConstraint(condition=Q(priority__lte=3), name="priority_up_to_three"),
        ]

    def __str__(self):
        return f"{self.practice.code}: {self.current or '—'}"

    @property
    def level(self) -> int | str | None:
        """What is answered where a level is asked for: the level, or that it is no task of ours."""
        return OUTSIDE if self.outside_mandate else self.current

    @property
    def choice(self) -> Choice:
        """Level, target and priority as the rules know them."""
        return Choice(self.current, self.target, self.priority, self.outside_mandate)

    def stored(self, question: str) -> Held:
        """What is stored of one question of the form."""
        return Held(getattr(self, question))


class EvidenceQuerySet(LeasedQuerySet):
    # Stages in which raters have nothing to judge, not yet or no more.
    NO_RATING = (Cycle.Stage.SETUP, Cycle.Stage.SELF, Cycle.Stage.CLOSED)

    def visible_to(self, user: User) -> EvidenceQuerySet:
        """One's own city's; that of cities which one rates or leads the cycle of.

        Others than the city see only what the check has let through, raters from the stage of
        rating on until the cycle is closed.
        """
        own = Q(score__assessment__team__members__user_id=user.pk)
        led = Q(
            score__assessment__team__cycle__in=Cycle.objects.led_by(user),
            state=Evidence.State.TAKEN,
        )
        rated = Q(
            score__assessment__team__assignments__person_id=user.pk,
            score__assessment__team__assignments__rater__in=Team.objects.of(user).values("pk"),
            score__assessment__team__assignments__status__in=["active", "locked", "done"],
            score__assessment__status=SelfAssessment.Status.SUBMITTED,
            state=Evidence.State.TAKEN,
        ) & ~Q(score__assessment__team__cycle__status__in=EvidenceQuerySet.NO_RATING)
        return self.filter(pk__in=Evidence.objects.filter(own | led | rated).values("pk"))

    def waiting(self) -> EvidenceQuerySet:
        """Files to be checked."""
        return self.filter(state=Evidence.State.CHECKING)


class Evidence(Leased):
    """What shows a level: a file, a link or a text. Never personal data of victims.

    A file is checked by the worker; until it is TAKEN only its own city sees it. `verdict` and
    `facts` name the sentence of a refusal, as in the intake.
    """

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("A document: plan, agreement, procedure")
        FIGURES = "figures", _("Figures of the last 12 months")
        REVIEW = "review", _("An outside review, or another city that took it over")
        OTHER = "other", _("Something else")

    # For one practice: more than that nobody reads.
    MOST = 12
    FILE_KINDS = [files.PDF, files.DOCX, files.JPEG, files.PNG]

    class State(models.TextChoices):
        CHECKING = "checking", _("Being checked")
        TAKEN = "taken", _("Received")
        REFUSED = "refused", _("Not taken")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    score = models.ForeignKey(SelfScore, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(_("what it is"), max_length=10, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("in words"), max_length=3000, blank=True)
    url = models.URLField(_("link"), max_length=500, blank=True)
    file = models.FileField(upload_to=files.private_path, blank=True)
    name = models.CharField(max_length=files.NAME_LENGTH, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)
    # Of the file that is kept, and of the one that was sent: what is drawn anew is another file.
    sha256 = models.CharField(max_length=64, blank=True)
    sent_sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.TAKEN)
    verdict = models.CharField(max_length=20, blank=True)
    facts = models.JSONField(default=dict)
    # Added while the city's practice was moderated: this is allowed once.
    in_moderation = models.BooleanField(default=False)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["added_at"]
        verbose_name_plural = "evidence"
        indexes = [models.Index(fields=["state", "lease_until"], name="evidence_due")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(url="") | ~Q(file="") | Q(state="refused"),
                name="evidence_shows_something",
            )
        ]

    def __str__(self):
        return self.title

    @property
    def host(self) -> str:
        """Where a link leads, as people read it."""
        return urlsplit(self.url).hostname or ""


class OwnView(models.Model):
    """In a team's discussion, what one person holds to be the level, before all agree on one.

    It stays when the person leaves the team.
    """

    score = models.ForeignKey(SelfScore, on_delete=models.CASCADE, related_name="views")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["score", "person"], name="one_view_each")]

    def __str__(self):
        return f"{self.level}"
