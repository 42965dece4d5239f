"""Every write to the outbox that a person or another part of the portal asks for."""

from __future__ import annotations

import re
from email.utils import parseaddr
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from workshop_portal.errors import Refused
from workshop_portal.handoff import hand_off
from workshop_portal.outbox.models import Message
from workshop_portal.outbox.tasks import deliver

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User

SUBJECT_LENGTH = 200
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")


@transaction.atomic
def post(
    letter: str,
    *,
    to: User | None,
    key: str,
    rule: str = Message.Rule.SAFE,
    address: str | None = None,
    scope: str = "",
    about: models.Model | None = None,
    in_inbox: bool = True,
    **context: object,
) -> Message:
    """Write a letter, as a row of the transaction that is open; the mail leaves after its commit.

    `letter` names the template `letters/<letter>.txt`, which gets `context` and `person`; `key`
    names the occasion, and one occasion has one letter however often it is posted. A `once`
    letter is never sent a second time unless a human says so. `address` goes before the
    account's own. A letter that is not `in_inbox` exists as a mail only.
    """
    if known := Message.objects.filter(key=key).first():
        return known
    message = Message(
        key=key,
        letter=letter,
        rule=rule,
        to=to,
        address=address or (to.email if to else ""),
        scope=scope,
        about=f"{about._meta.label}:{about.pk}" if about else "",
        in_inbox=in_inbox and to is not None,
    )
    message.message_id = f"<{message.pk}@{sending_domain()}>"
    message.subject, message.body = write(message, context)
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        return Message.objects.get(key=key)
    hand_off(deliver, str(message.pk))
    return message


def write(message: Message, context: dict[str, object]) -> tuple[str, str]:
    """The subject and the body of a letter: what its template says before the first blank line,
    and what after it."""
    inbox = f"{settings.PUBLIC_BASE_URL}{reverse('outbox:letter', args=[message.pk])}"
    rendered = render_to_string(
        f"letters/{message.letter}.txt",
        {
            "person": message.to,
            "centre": settings.CENTRE_NAME,
            "portal_name": settings.PORTAL_NAME,
            "contact_email": settings.CONTACT_EMAIL,
            "base_url": settings.PUBLIC_BASE_URL,
            "inbox_url": inbox if message.in_inbox else "",
            **context,
        },
    )
    words = UNPRINTABLE.sub("", rendered.replace("\r\n", "\n"))
    subject, _blank, body = words.strip().partition("\n\n")
    return one_line(subject), BLANK_LINES.sub("\n\n", body.strip()) + "\n"


def one_line(words: str) -> str:
    """A subject that fits a header: no line break or control character, and not too long."""
    words = " ".join(UNPRINTABLE.sub("", words).split())
    return words if len(words) <= SUBJECT_LENGTH else words[: SUBJECT_LENGTH - 1] + "…"


def sending_domain() -> str:
    """What stands behind the @ of a Message-ID: the domain that the letters come from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


# --- What staff may do with a letter -----------------------------------------------------


@transaction.atomic
def retry(message: Message) -> None:
    """Send a letter again that could not be sent, or of which nobody knows whether it was."""
    stuck = message.State.FAILED, message.State.UNKNOWN
    _move(message, message.state if message.state in stuck else "", message.State.QUEUED)
    hand_off(deliver, str(message.pk))


@transaction.atomic
def hold(message: Message) -> None:
    """Keep back a letter that is waiting to be sent."""
    _move(message, message.State.QUEUED, message.State.HELD)


@transaction.atomic
def release(message: Message) -> None:
    """Let a held letter go."""
    _move(message, message.State.HELD, message.State.QUEUED)
    hand_off(deliver, str(message.pk))


@transaction.atomic
def rewrite(message: Message, *, subject: str, body: str) -> None:
    """Change the words of a held letter; its occasion and its reader stay."""
    words = {"subject": one_line(subject), "body": UNPRINTABLE.sub("", body)}
    _move(message, message.State.HELD, message.State.HELD, **words)


def _move(message: Message, was: str, to: str, **words: str) -> None:
    """Change the state only where it still is what the person saw; the worker may be quicker."""
    rows = Message.objects.filter(pk=message.pk, state=was)
    fresh = {"next_try_at": Now(), "tries": 0, "claim": None, "lease_until": None}
    if not rows.update(state=to, last_error="", **fresh, **words):
        now = Message.objects.get(pk=message.pk).get_state_display()
        raise Refused(
            _("This is no longer possible: the letter has moved on. It is now: “%s”.") % now
        )
    message.refresh_from_db()


# --- What time does ----------------------------------------------------------------------


@transaction.atomic
def take_back() -> None:
    """Settle the letters of senders that died; the updates ask for the old state."""
    left = Message.objects.filter(state=Message.State.CLAIMED, lease_until__lt=Now())
    left.filter(rule=Message.Rule.ONCE).update(
        state=Message.State.UNKNOWN,
        lease_until=None,
        last_error=_("The sender ended before it could say whether the mail had left."),
    )
    left.filter(rule=Message.Rule.SAFE).update(
        state=Message.State.QUEUED, lease_until=None, claim=None, next_try_at=Now()
    )


# --- What readers do ---------------------------------------------------------------------


def read(message: Message) -> None:
    """Note the first time that the person opened the letter on the portal.

    One statement, and none at all the next time: a page that is only looked at holds no lock.
    """
    if message.read_at is None:
        message.read_at = timezone.now()
        Message.objects.filter(pk=message.pk, read_at=None).update(read_at=message.read_at)
