"""The common framework that cities rate themselves and each other by."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workshop_portal.workflow import Stepped


class Framework(Stepped):
    """A set of practices and levels; once frozen it never changes, so that answers stay true."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        FROZEN = "frozen", _("Frozen")

    STEPS = {Status.DRAFT: {Status.FROZEN}, Status.FROZEN: set()}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    version = models.CharField(max_length=20)
    levels = models.PositiveSmallIntegerField(default=5)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="a_framework_version_once"),
            models.CheckConstraint(condition=Q(levels__gte=2), name="at_least_two_levels"),
        ]

    def __str__(self):
        return f"{self.name} {self.version}"


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
