"""The common framework that cities rate themselves and each other by."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workshop_portal.workflow import Stepped

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


class FrameworkQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> FrameworkQuerySet:
        """Frozen versions for everybody who is signed in; drafts for those who have a desk, and
        for the cities that are or were asked about them.
        """
        if not user.is_authenticated:
            return self.none()
        if user.has_desk:
            return self
        asked = Framework.objects.filter(votes__voices__team__members__user=user.pk).values("pk")
        return self.filter(Q(status=Framework.Status.FROZEN) | Q(pk__in=asked))

    def frozen(self) -> FrameworkQuerySet:
        """The versions that a cycle may use."""
        return self.filter(status=Framework.Status.FROZEN)


class Framework(Stepped):
    """A set of practices and levels; once frozen it never changes, so that answers stay true."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        FROZEN = "frozen", pgettext_lazy("framework", "Frozen")

    STEPS = {Status.DRAFT: {Status.FROZEN}, Status.FROZEN: set()}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200)
    version = models.CharField(_("version"), max_length=20)
    levels = models.PositiveSmallIntegerField(_("number of levels"), default=5)
    introduction = models.TextField(_("introduction"), max_length=2000, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies"
    )
    frozen_at = models.DateTimeField(null=True)

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="a_framework_version_once"),
            models.CheckConstraint(condition=Q(levels__gte=2), name="at_least_two_levels"),
        ]

    def __str__(self):
        return f"{self.name} {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("cityshare:framework", args=[self.pk])

    @property
    def tone(self) -> str:
        """The state that colours it in lists."""
        return "draft" if self.status == self.Status.DRAFT else "complete"


class LevelMeaning(models.Model):
    """What a level means in every practice: its name, and a few words."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="meanings")
    level = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=40)
    words = models.CharField(_("meaning"), max_length=200, blank=True)

    class Meta:
        ordering = ["level"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "level"], name="one_meaning_per_level"),
            models.CheckConstraint(condition=Q(level__gte=1), name="meanings_start_at_one"),
        ]

    def __str__(self):
        return f"{self.level} {self.name}"


class Practice(models.Model):
    """One line of the framework: something a city does, more or less well."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="practices")
    order = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10)
    pillar = models.CharField(max_length=60)
    name = models.CharField(max_length=150)
    question = models.CharField(max_length=300)
    grounded_in = models.TextField(blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="a_practice_code_once"),
            models.UniqueConstraint(fields=["framework", "order"], name="one_order_of_practices"),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"


class Descriptor(models.Model):
    """The sentence that says what one level of one practice looks like."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="descriptors")
    level = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["level"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "level"], name="one_descriptor_per_level"),
            models.CheckConstraint(condition=Q(level__gte=1), name="levels_start_at_one"),
        ]

    def __str__(self):
        return f"{self.practice.code} level {self.level}"
