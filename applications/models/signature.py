"""Papers signed on the portal, and the authority that signs for an applicant."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.call import RequiredDocument
from applications.models.transfer import Transfer
from workshop_portal.workflow import Stepped


class Nomination(Stepped):
    """The authority that nominates an applicant, and the personal link it answers through.

    The link holds a secret of which only the SHA-256 is kept. Opening it changes nothing: mail
    programs and virus scanners open links too.
    """

    class Status(models.TextChoices):
        INVITED = "invited", _("Waiting for an answer")
        GIVEN = "given", _("Letter given")
        DECLINED = "declined", _("Declined")
        REVOKED = "revoked", _("Link withdrawn")

    STEPS = {
        Status.INVITED: {Status.GIVEN, Status.DECLINED, Status.REVOKED},
        Status.GIVEN: {Status.INVITED, Status.REVOKED},
        Status.DECLINED: {Status.INVITED, Status.REVOKED},
        Status.REVOKED: {Status.INVITED},
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.OneToOneField(
        Application, on_delete=models.CASCADE, related_name="nomination"
    )
    requirement = models.ForeignKey(RequiredDocument, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=150)
    position = models.CharField(_("position"), max_length=200)
    organisation = models.CharField(_("authority or organisation"), max_length=200)
    email = models.EmailField(_("e-mail address"), max_length=254)
    language = models.CharField(_("language"), max_length=8, default="en")
    status = models.CharField(max_length=10, choices=Status, default=Status.INVITED)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    # Counts the links: each renewal makes the one before worthless.
    link_number = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField()
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    words = models.TextField(_("words to the applicant"), max_length=1000, blank=True)

    def __str__(self):
        return f"{self.name}, {self.organisation}"


class Signature(models.Model):
    """A name typed under a text, as a record of its own: who, when, what, and the text's hash.

    `text` is the whole paper in plain words as the signer read it; `sha256` is that of `text` in
    UTF-8. Exactly one of `user` and `nomination` signed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="signatures"
    )
    requirement = models.ForeignKey(RequiredDocument, on_delete=models.PROTECT, related_name="+")
    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="signature")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    nomination = models.ForeignKey(
        Nomination, null=True, on_delete=models.PROTECT, related_name="signatures"
    )
    name = models.CharField(_("name as typed"), max_length=150)
    statement = models.CharField(max_length=400)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None, nomination__isnull=False)
                | Q(user__isnull=False, nomination=None),
                name="one_signer",
            )
        ]

    def __str__(self):
        return f"{self.name}: {self.requirement.slug}"
