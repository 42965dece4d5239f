"""A file on its way: from the first byte until it is a document, or is not taken."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.call import RequiredDocument
from applications.models.document import Document
from workshop_portal import files
from workshop_portal.workflow import Stepped

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


class TransferQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> TransferQuerySet:
        """What a person is sending for their own application."""
        return self.filter(application__applicant_id=user.pk)

    def under_way(self) -> TransferQuerySet:
        """What has neither become a document nor been refused."""
        return self.filter(status__in=Transfer.UNDER_WAY)

    def unsettled(self) -> TransferQuerySet:
        """What is on its way, or was refused: what the sender has to know of."""
        return self.filter(status__in=[*Transfer.UNDER_WAY, Transfer.Status.REFUSED])


class Transfer(Stepped):
    """One answer to a line of the checklist on its way: a file, pages, or a signed paper.

    `begun_at` is when its first byte arrived, and that is the moment which counts for the
    deadline. The worker checks what has arrived; then it becomes a `Document`, or it is refused:
    `verdict` names the sentence, `facts` are what the sentence needs.
    """

    class Status(models.TextChoices):
        ARRIVING = "arriving", _("Arriving")
        CHECKING = "checking", _("Being checked")
        TAKEN = "taken", _("Received")
        REFUSED = "refused", _("Not taken")
        ABANDONED = "abandoned", _("Broken off")

    UNDER_WAY = (Status.ARRIVING, Status.CHECKING)
    STEPS = {
        Status.ARRIVING: {Status.CHECKING, Status.REFUSED, Status.ABANDONED},
        Status.CHECKING: {Status.TAKEN, Status.REFUSED},
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="transfers")
    requirement = models.ForeignKey(
        RequiredDocument, on_delete=models.PROTECT, related_name="transfers"
    )
    origin = models.CharField(max_length=10, choices=Document.Origin, default=Document.Origin.FILE)
    status = models.CharField(max_length=10, choices=Status, default=Status.ARRIVING)
    begun_at = models.DateTimeField()
    moved_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    document = models.OneToOneField(
        Document, null=True, on_delete=models.SET_NULL, related_name="transfer"
    )
    verdict = models.CharField(max_length=20, blank=True)
    facts = models.JSONField(default=dict)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["begun_at"]
        indexes = [
            models.Index(fields=["status", "lease_until"], name="transfer_due"),
            models.Index(
                fields=["application", "requirement", "status"], name="transfer_of_a_line"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(verdict=""), name="a_refusal_has_a_verdict"
            )
        ]

    def __str__(self):
        return f"{self.requirement.slug}: {self.get_status_display()}"


class PieceQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> PieceQuerySet:
        """The files that a person is sending for their own application."""
        return self.filter(transfer__application__applicant_id=user.pk)


class Piece(models.Model):
    """One file of a transfer: the document itself, or the photo of one of its pages.

    `got` counts the bytes that lie on the disk; `sha256` is what the sender announced.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="pieces")
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=files.NAME_LENGTH)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    got = models.PositiveIntegerField(default=0)
    file = models.FileField(upload_to=files.private_path, blank=True)

    objects = PieceQuerySet.as_manager()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "order"], name="one_order_of_pieces"),
            models.CheckConstraint(
                condition=Q(got__lte=models.F("size")), name="no_more_than_announced"
            ),
        ]

    def __str__(self):
        return self.name
