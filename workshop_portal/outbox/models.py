"""Letters: every one is a row before it is a mail, and stays as a line of the inbox."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workshop_portal.logs import SECRET


class MessageQuerySet(models.QuerySet):
    def inbox_of(self, user) -> MessageQuerySet:
        """The letters a person finds on the portal; codes and links to sign in are mail only."""
        return self.filter(to=user, in_inbox=True).exclude(state__in=Message.UNSEEN)

    def unread(self) -> MessageQuerySet:
        return self.filter(read_at=None)


class Message(models.Model):
    """A letter as it was written; also the line in the person's inbox on the portal.

    `rule` says what may happen when it is not known whether a mail left: a `once` letter
    (a decision, an invitation) waits for a human, a `safe` one (a receipt, a code) goes again
    under the same Message-ID.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting to be sent")
        CLAIMED = "claimed", _("Being sent")
        SENT = "sent", pgettext_lazy("letter", "Sent")
        FAILED = "failed", _("Could not be sent")
        UNKNOWN = "unknown", _("Not known if sent")
        HELD = "held", _("Held by staff")
        CANCELLED = "cancelled", _("Cancelled")
        BOUNCED = "bounced", _("Came back")

    # Letters in these states are not shown to their reader.
    UNSEEN = (State.HELD, State.CANCELLED)

    class Rule(models.TextChoices):
        ONCE = "once", _("Never sent twice")
        SAFE = "safe", _("May be sent again")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    letter = models.CharField(max_length=80)
    rule = models.CharField(max_length=4, choices=Rule)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="letters"
    )
    address = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    message_id = models.CharField(max_length=200, unique=True)
    scope = models.CharField(max_length=80, blank=True, db_index=True)
    about = models.CharField(max_length=120, blank=True, db_index=True)
    language = models.CharField(max_length=8, default="en")
    in_inbox = models.BooleanField(default=True)

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    written_at = models.DateTimeField(auto_now_add=True, db_index=True)
    next_try_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at"]
        indexes = [
            models.Index(fields=["state", "next_try_at"], name="message_due"),
            models.Index(fields=["to", "read_at"], name="message_inbox"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="sent_has_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="claimed") | Q(lease_until__isnull=False),
                name="claimed_has_a_lease",
            ),
        ]

    def __str__(self):
        return self.subject

    @property
    def has_secret(self) -> bool:
        """Whether a personal link stands in it, that only its reader may use."""
        return SECRET.search(self.body) is not None

    @property
    def shown_body(self) -> str:
        """The letter for everybody but its reader: a personal link is cut short."""
        return SECRET.sub("…", self.body)

    @property
    def is_cut(self) -> bool:
        """Whether it held a personal link, which is kept only until the letter has left."""
        return "/nominations/…" in self.body


class LetterText(models.Model):
    """The words that one scope (a workshop) uses for a letter in one language, instead of ours.

    Both texts are plain words with placeholders in braces; `letter` says which are allowed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.CharField(max_length=80)
    letter = models.CharField(max_length=80)
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=200)
    body = models.TextField(max_length=20_000)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "letter", "language"], name="one_text_of_a_letter"
            )
        ]

    def __str__(self):
        return f"{self.letter} ({self.language})"
