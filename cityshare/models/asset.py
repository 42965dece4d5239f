"""What was learned, written down so that the next city can use it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cityshare.models.cycle import Cycle, Team
from cityshare.models.exchange import PeerAssist
from cityshare.models.framework import Practice
from workshop_portal.workflow import Stepped

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


class AssetQuerySet(models.QuerySet):
    def written_by(self, user: User) -> AssetQuerySet:
        """Those that one's own city writes, or that one writes as the cycle's facilitator."""
        mine = Q(teams__members__user_id=user.pk)
        led = Q(cycle__in=Cycle.objects.led_by(user))
        return self.filter(pk__in=Asset.objects.filter(mine | led).values("pk"))

    def visible_to(self, user: User) -> AssetQuerySet:
        """Published ones for everybody in the network; in review, for its cycle; drafts, for
        those who write them, and those who are asked to."""
        if not user.is_authenticated:
            return self.none()
        rows = Asset.objects.all()
        own = rows.written_by(user).values("pk")
        cycles = Cycle.objects.visible_to(user).values("pk")
        review = rows.filter(status=Asset.Status.REVIEW, cycle__in=cycles).values("pk")
        asked = Invitation.objects.filter(
            team__members__user_id=user.pk, status=Invitation.Status.ASKED
        )
        to_join = rows.filter(status=Asset.Status.DRAFT, invitations__in=asked).values("pk")
        seen = Q(pk__in=own) | Q(pk__in=review) | Q(pk__in=to_join)
        if in_the_network(user):
            seen |= Q(status__in=[Asset.Status.PUBLISHED, Asset.Status.DUE])
        return self.filter(seen)


def in_the_network(user: User) -> bool:
    """Whether this person reads the library: whoever leads or has taken part in a cycle."""
    return Cycle.objects.visible_to(user).exists()


class Asset(Stepped):
    """A good practice distilled: stories, the principles they carry, and who to ask.

    `teams` are its authors: the city that began it, and those that said yes to an invitation.
    It is published when two cities of other countries have validated it, and looked at again
    after 12 months.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Being written")
        REVIEW = "review", _("Waiting for validation")
        PUBLISHED = "published", _("In the library")
        DUE = "due", _("To be looked at again")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    STEPS = {
        Status.DRAFT: {Status.REVIEW, Status.WITHDRAWN},
        Status.REVIEW: {Status.DRAFT, Status.PUBLISHED, Status.WITHDRAWN},
        Status.PUBLISHED: {Status.DUE, Status.DRAFT, Status.WITHDRAWN},
        Status.DUE: {Status.PUBLISHED, Status.DRAFT, Status.WITHDRAWN},
        Status.WITHDRAWN: {Status.DRAFT},
    }
    VALIDATIONS_NEEDED = 2

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="assets")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="assets")
    teams = models.ManyToManyField(Team, related_name="assets")
    assist = models.ForeignKey(
        PeerAssist, null=True, blank=True, on_delete=models.SET_NULL, related_name="assets"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    title = models.CharField(_("title"), max_length=200)
    from_level = models.PositiveSmallIntegerField(_("helps from level"))
    to_level = models.PositiveSmallIntegerField(_("to level"))
    audience = models.CharField(_("who it is for"), max_length=300, blank=True)
    context = models.TextField(_("where it worked"), max_length=2000, blank=True)
    checklist = models.TextField(_("checklist"), max_length=3000, blank=True)
    tools = models.TextField(_("tools and documents"), max_length=3000, blank=True)
    cost = models.TextField(_("cost and staff"), max_length=1500, blank=True)
    did_not_work = models.TextField(_("what did not work"), max_length=2000, blank=True)
    to_adapt = models.TextField(_("what to adapt"), max_length=2000, blank=True)
    safeguards = models.TextField(_("safeguards for victims"), max_length=2000, blank=True)
    contacts = models.TextField(_("who to ask"), max_length=600, blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    published_at = models.DateTimeField(null=True)
    review_on = models.DateField(_("to be looked at again on"), null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = AssetQuerySet.as_manager()

    class Meta:
        ordering = ["practice__order", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_level__gte=1, to_level__gt=F("from_level")),
                name="an_asset_leads_upward",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("cityshare:asset", args=[self.pk])


class Invitation(Stepped):
    """A city is asked whether it writes an asset with others; before its yes it is no author."""

    class Status(models.TextChoices):
        ASKED = "asked", _("No answer yet")
        ACCEPTED = "accepted", _("Writes it too")
        DECLINED = "declined", _("Does not write it")

    STEPS = {
        Status.ASKED: {Status.ACCEPTED, Status.DECLINED},
        Status.ACCEPTED: set(),
        Status.DECLINED: set(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="invitations")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["team__city__name"]
        constraints = [
            models.UniqueConstraint(fields=["asset", "team"], name="a_city_invited_once")
        ]

    def __str__(self):
        return f"{self.team}: {self.asset}"


class Story(models.Model):
    """What happened in one city, what was learned, and who to ask."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="stories")
    city = models.ForeignKey("accounts.City", on_delete=models.PROTECT, related_name="+")
    happened = models.TextField(_("what happened"), max_length=3000)
    learned = models.TextField(_("what was learned"), max_length=2000)
    ask = models.CharField(_("who to ask"), max_length=300, blank=True)

    class Meta:
        ordering = ["city__name"]
        verbose_name_plural = "stories"

    def __str__(self):
        return f"{self.city}"


class Principle(models.Model):
    """A principle for action. It is common when two stories of two countries carry it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="principles")
    order = models.PositiveSmallIntegerField(default=0)
    when = models.CharField(_("when …"), max_length=300)
    do = models.CharField(_("do …"), max_length=300)
    because = models.CharField(_("because …"), max_length=300)
    stories = models.ManyToManyField(Story, related_name="principles", blank=True)

    class Meta:
        ordering = ["order"]

    def __str__(self):
        return self.do


class Validation(models.Model):
    """What a city of another country says about an asset, in one version of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="validations")
    version = models.PositiveSmallIntegerField()
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="validations")
    agrees = models.BooleanField(_("it holds for us"))
    note = models.TextField(_("note"), max_length=1000, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "version", "team"], name="validated_once")
        ]

    def __str__(self):
        return f"{self.team}: {self.asset}"


class Use(models.Model):
    """A city has used an asset, and says how useful it was."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="uses")
    city = models.ForeignKey("accounts.City", on_delete=models.PROTECT, related_name="+")
    usefulness = models.PositiveSmallIntegerField(
        _("how useful"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    note = models.TextField(_("what came of it"), max_length=1000, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    used_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "city"], name="one_word_on_use_per_city"),
            models.CheckConstraint(
                condition=Q(usefulness__gte=1, usefulness__lte=5), name="useful_from_one_to_five"
            ),
        ]

    def __str__(self):
        return f"{self.city}: {self.asset}"
