"""The files that answer the lines of the checklist."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.call import RequiredDocument
from workshop_portal import files
from workshop_portal.workflow import Stepped

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> DocumentQuerySet:
        return self.filter(application__in=Application.objects.visible_to(user))

    def current(self) -> DocumentQuerySet:
        """The version that counts; older ones are kept and never count."""
        return self.filter(is_current=True)

    def with_signer(self) -> DocumentQuerySet:
        """With `signed_as`: the name typed under a paper signed on the portal, None for others."""
        return self.annotate(signed_as=models.F("transfer__signature__name"))

    def readable(self) -> DocumentQuerySet:
        """Those that may be opened by their sender: all but what is held for a check."""
        return self.exclude(scan=Document.Scan.HELD)

    def scanned(self) -> DocumentQuerySet:
        """Those that may be opened by others: no virus check is still to come, or has failed."""
        return self.filter(scan__in=[Document.Scan.NONE, Document.Scan.CLEAN])


class Document(Stepped):
    """One version of the file that answers one required document."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("Received")
        RETURNED = "returned", _("Returned to you")
        ACCEPTED = "accepted", _("Checked and accepted")

    class ReturnReason(models.TextChoices):
        UNREADABLE = "unreadable", _("It cannot be read")
        UNSIGNED = "unsigned", _("A signature or a stamp is missing")
        WRONG = "wrong", _("It is a different document")
        INCOMPLETE = "incomplete", _("Pages or answers are missing")
        OUTDATED = "outdated", _("It is out of date")
        VICTIM_DATA = "victim_data", _("A victim could be recognised from it")
        OTHER = "other", _("Something else")

    class Origin(models.TextChoices):
        FILE = "file", _("Sent as a file")
        SIGNED = "signed", _("Signed on the portal")
        NOMINATOR = "nominator", _("Given by the nominator")

    class Scan(models.TextChoices):
        """Whether a virus scanner has seen it. Only `NONE` and `CLEAN` may be read by anybody."""

        NONE = "none", _("Not scanned")
        WAITING = "waiting", _("Waiting for virus check")
        CLEAN = "clean", _("Virus check passed")
        HELD = "held", _("Held for a check")

    STEPS = {
        Status.RECEIVED: {Status.RETURNED, Status.ACCEPTED},
        Status.ACCEPTED: {Status.RETURNED},
        Status.RETURNED: set(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="documents")
    requirement = models.ForeignKey(
        RequiredDocument, on_delete=models.PROTECT, related_name="documents"
    )
    version = models.PositiveSmallIntegerField()
    is_current = models.BooleanField(default=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.RECEIVED)
    file = models.FileField(upload_to=files.private_path)
    name = models.CharField(max_length=files.NAME_LENGTH)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    arrived_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.FILE)
    scan = models.CharField(max_length=8, choices=Scan, default=Scan.NONE)
    scanned_at = models.DateTimeField(null=True)
    pages = models.PositiveSmallIntegerField(null=True)
    thumbnail = models.FileField(upload_to=files.private_path, blank=True)
    # What the check noticed without refusing: {"code": …, "page": …}, and never words of the file.
    cautions = models.JSONField(default=list)
    cautions_seen_at = models.DateTimeField(null=True)

    return_reason = models.CharField(_("reason"), max_length=12, choices=ReturnReason, blank=True)
    return_note = models.TextField(_("what to do"), max_length=1000, blank=True)
    return_until = models.DateTimeField(_("new file until"), null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    # Found by `with_signer` alone.
    signed_as: str | None

    class Meta:
        ordering = ["requirement__order", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "requirement", "version"], name="a_version_once"
            ),
            models.UniqueConstraint(
                fields=["application", "requirement"],
                condition=Q(is_current=True),
                name="one_current_version",
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="no_empty_document"),
            models.CheckConstraint(
                condition=~Q(status="returned") | ~Q(return_reason=""),
                name="a_return_has_a_reason",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_scanned(self) -> bool:
        """Whether others than its sender may open it."""
        return self.scan in {self.Scan.NONE, self.Scan.CLEAN}

    @property
    def has_open_cautions(self) -> bool:
        """Whether something was noticed in it that its sender has not said is meant so."""
        return bool(self.cautions) and self.cautions_seen_at is None
