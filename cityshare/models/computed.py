"""What a person asks for and the worker computes: a draw of raters, and who helps whom."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from workshop_portal.leased import Leased, LeasedQuerySet
from workshop_portal.workflow import Stepped


class Computed(Stepped, Leased):
    """One attempt, computed by the worker; a person looks at it and releases it or puts it aside.

    `outcome` is what the worker found, beside the rows that it made.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    outcome = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = LeasedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-asked_at"]
