"""PDFs that the portal makes: ordered in a request, printed by the worker, kept as files."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from workshop_portal import files
from workshop_portal.leased import Leased, LeasedQuerySet


class PaperQuerySet(LeasedQuerySet):
    def waiting(self) -> Self:
        """Those that were ordered and are not printed yet."""
        return self.filter(state=Paper.State.ORDERED)


class Paper(Leased):
    """A PDF with the facts it was made from, frozen when it was ordered.

    `key` names the occasion (`receipt:<application>:2`), so that the same paper is never made
    twice. Who may read it is for the app that ordered it to say. A paper whose facts say
    `"form": "png"` is a picture of its first page.
    """

    class State(models.TextChoices):
        ORDERED = "ordered", _("Being prepared")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be made")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    template = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=8, default="en")
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.ORDERED)
    file = models.FileField(upload_to=files.private_path, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    ordered_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "lease_until"], name="paper_due")]

    def __str__(self):
        return self.title

    @property
    def is_picture(self) -> bool:
        return self.facts.get("form") == "png"

    @property
    def kind(self) -> files.Kind:
        """What its file is."""
        return files.PNG if self.is_picture else files.PDF
