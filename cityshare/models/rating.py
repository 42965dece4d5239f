"""Cities rate cities: who rates whom, what they say, and what is agreed where they differ."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cityshare.models.computed import Computed
from cityshare.models.cycle import Cycle, Member, Team
from cityshare.models.framework import Framework, Practice
from workshop_portal.workflow import Stepped

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


class Draw(Computed):
    """One attempt to assign the raters of a cycle.

    `outcome` holds method, complete or not, codes of what is in the way and
    of what would help. The pairs are `Assignment`s in PROPOSED.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Being computed")
        READY = "ready", _("Ready to look at")
        RELEASED = "released", _("Released")
        FAILED = "failed", _("Could not be computed")
        DISCARDED = "discarded", _("Discarded")

    STEPS = {
        Status.WAITING: {Status.READY, Status.FAILED},
        Status.READY: {Status.RELEASED, Status.DISCARDED},
        Status.FAILED: {Status.WAITING},
    }

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="draws")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    seed = models.PositiveIntegerField()
    raters_per_city = models.PositiveSmallIntegerField()
    bars_own_country = models.BooleanField()
    bars_mutual_rating = models.BooleanField()

    def __str__(self):
        return f"{self.cycle}, seed {self.seed}"

    @property
    def has_pairs(self) -> bool:
        """Whether it was computed, and its pairs are the ones to look at."""
        return self.status in (self.Status.READY, self.Status.RELEASED)


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> AssignmentQuerySet:
        """Those that one rates for one's city, once they are released; all, for those who lead."""
        own = Team.objects.of(user).values("pk")
        mine = Q(person_id=user.pk, rater__in=own, status__in=Assignment.RELEASED)
        return self.filter(mine | Q(rated__cycle__in=Cycle.objects.led_by(user)))

    def counted(self) -> AssignmentQuerySet:
        """Those whose ratings count: locked or finished, and not made void."""
        return self.filter(status__in=Assignment.COUNTED)

    def represented(self) -> AssignmentQuerySet:
        """Those whose person is in the team of the rating city still, and may speak for it."""
        there = Member.objects.filter(team=OuterRef("rater"), user=OuterRef("person"))
        return self.filter(Exists(there))


class Assignment(Stepped):
    """A city's person who rates another city.

    PROPOSED and ALTERNATE belong to a draw. From `locked` on the initial levels never change and
    the own view of the rated city is shown; DONE when the final levels are given. What is VOID
    is kept and does not count; what a conflict has ended can come back as it was.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ALTERNATE = "alternate", _("Alternate")
        ACTIVE = "active", _("To rate")
        LOCKED = "locked", _("First ratings locked")
        DONE = "done", _("Finished")
        VOID = "void", _("Does not count")

    RELEASED = (Status.ACTIVE, Status.LOCKED, Status.DONE)
    COUNTED = (Status.LOCKED, Status.DONE)
    STEPS = {
        Status.PROPOSED: {Status.ACTIVE, Status.ALTERNATE},
        Status.ALTERNATE: {Status.ACTIVE},
        Status.ACTIVE: {Status.LOCKED, Status.VOID},
        Status.LOCKED: {Status.DONE, Status.VOID},
        Status.DONE: {Status.VOID},
        Status.VOID: {Status.ACTIVE, Status.LOCKED, Status.DONE},
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draw = models.ForeignKey(
        Draw, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    rater = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="ratings_to_give")
    rated = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="assignments")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    ended_by_conflict = models.BooleanField(default=False)
    locked_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(rater=F("rated")), name="nobody_rates_oneself"),
            models.UniqueConstraint(
                fields=["rater", "rated"],
                condition=Q(status__in=["active", "locked", "done"]),
                name="a_pair_once",
            ),
            models.UniqueConstraint(
                fields=["draw", "rater", "rated"], name="a_pair_once_in_a_draw"
            ),
        ]

    def __str__(self):
        return f"{self.rater} rates {self.rated}"

    @property
    def can_return(self) -> bool:
        """Whether a conflict has ended it: with that, it comes back."""
        return self.status == self.Status.VOID and self.ended_by_conflict

    @property
    def how_far(self) -> Status:
        """How far its person has come, whether it counts or not."""
        if self.done_at:
            return self.Status.DONE
        return self.Status.LOCKED if self.locked_at else self.Status.ACTIVE


class PeerRating(models.Model):
    """What a rater says about one practice of one city.

    The level that counts is `final` where it was given, else `initial`; none with
    `cannot_judge`. `useful` is what the rated city says of the comments.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="ratings")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    initial = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)
    cannot_judge = models.BooleanField(_("cannot judge"), default=False)
    final = models.PositiveSmallIntegerField(_("final level"), null=True, blank=True)
    reason = models.CharField(_("why it changed"), max_length=500, blank=True)
    strength = models.TextField(_("one strength"), max_length=800, blank=True)
    question = models.TextField(_("one question"), max_length=800, blank=True)
    suggestion = models.TextField(_("one suggestion"), max_length=800, blank=True)
    useful = models.BooleanField(null=True)
    # Comments that name a person or do harm are kept back by the facilitator, with a reason.
    held_back = models.CharField(max_length=300, blank=True)
    reported_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["practice__order"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "practice"], name="one_rating_each"),
            models.CheckConstraint(
                condition=Q(initial=None) | Q(initial__gte=1), name="ratings_start_at_one"
            ),
            models.CheckConstraint(
                condition=Q(cannot_judge=False) | Q(initial=None, final=None),
                name="no_level_without_judging",
            ),
            models.CheckConstraint(
                condition=Q(final=None) | Q(final=F("initial")) | ~Q(reason=""),
                name="a_changed_level_has_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.practice.code}: {self.final or self.initial or '—'}"

    @property
    def level(self) -> int | None:
        """The level that counts."""
        return self.initial if self.final is None else self.final


class Dossier(models.Model):
    """An invented city, by which raters see how they rate before a real city is rated."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="dossiers")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=150)
    text = models.TextField(_("the invented city"), max_length=3000)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "order"], name="one_order_of_dossiers")
        ]

    def __str__(self):
        return self.title


class DossierCase(models.Model):
    """One practice of an invented city: what is known, and the level that was agreed on."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="cases")
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(_("what is known"), max_length=2000)
    level = models.PositiveSmallIntegerField(_("agreed level"))
    why = models.TextField(_("why this level"), max_length=1000)

    class Meta:
        ordering = ["dossier", "practice__order"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "practice"], name="one_case_per_practice"),
            models.CheckConstraint(condition=Q(level__gte=1), name="cases_start_at_one"),
        ]

    def __str__(self):
        return f"{self.dossier}: {self.practice.code}"


class CalibrationRating(models.Model):
    """The level that a person gave to a case; given once, and the agreed one is shown at once.

    It stays when the person leaves their team, and counts in whichever they join in the cycle.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="calibrations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(DossierCase, on_delete=models.PROTECT, related_name="ratings")
    level = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "person", "case"], name="a_case_rated_once")
        ]

    def __str__(self):
        return f"{self.case}: {self.level}"


class Moderation(Stepped):
    """A practice of a city on which views are far apart, and what was agreed in the talk."""

    class Status(models.TextChoices):
        OPEN = "open", _("To talk about")
        AGREED = "agreed", _("Agreed")
        STANDS = "stands", _("No agreement: the median stands")

    STEPS = {
        Status.OPEN: {Status.AGREED, Status.STANDS},
        Status.AGREED: {Status.OPEN},
        Status.STANDS: {Status.OPEN},
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="moderations")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    meets_at = models.DateTimeField(_("call"), null=True, blank=True)
    link = models.URLField(_("link to the call"), max_length=500, blank=True)
    agreed = models.PositiveSmallIntegerField(_("agreed level"), null=True, blank=True)
    note = models.TextField(_("what was said"), max_length=2000, blank=True)
    # The level went down: the city is asked whether its target is still the right one. What it
    # answers, be it the same, goes before the target of its self-assessment, which stays.
    asks_for_target = models.BooleanField(default=False)
    target = models.PositiveSmallIntegerField(_("target in 12 months"), null=True, blank=True)
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["team__city__country", "team__city__name", "practice__order"]
        constraints = [
            models.UniqueConstraint(fields=["team", "practice"], name="moderated_once"),
            models.CheckConstraint(
                condition=~Q(status="agreed") | Q(agreed__gte=1), name="agreed_on_a_level"
            ),
            models.CheckConstraint(
                condition=Q(target=None) | Q(target__gte=F("agreed")),
                name="no_target_below_what_was_agreed",
            ),
        ]

    def __str__(self):
        return f"{self.team}: {self.practice.code}"
