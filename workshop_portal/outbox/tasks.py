"""Sending: the only place where mail leaves the portal.

SMTP cannot promise that a mail leaves exactly once. What can be promised: a letter has one
sender at a time (a claim with a lease), and a sender that loses the line says whether the body
had begun to leave. Before that point nothing was sent and the letter may go again; after it only
a `safe` letter does, and a `once` letter waits for a human.
"""

from __future__ import annotations

import contextlib
import logging
import re
import smtplib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.db import DatabaseError
from django.db.models import F
from django.db.models.functions import Now

from workshop_portal.outbox.models import Message

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
# Shorter than the lease: a sender that hangs is gone before another may take its letter.
LONGEST_SENDING = 100
# Minutes to the next try; the last one is repeated until TRIES are used up, in about a week.
PAUSES = (1, 5, 15, 60, 240, 1440)
TRIES = 11
SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
LANE_CLOSED = "outbox:lane-closed"
LANE_PAUSE = 300
# What a server says that wants us to sign in, or does not know our password.
SIGN_IN_FIRST = {530, 534, 535, 538}
# What a server says of an address that takes no mail, where it does not say it more exactly.
NO_SUCH_ADDRESS = {550, 551, 553}
# The exact word, RFC 3463: 5.1 is about the address, 5.2.1 a mailbox that was closed. The other
# numbers are about the letter, the way or the rules of the server, and say nothing of the person.
EXACTLY = re.compile(rb"\b5\.\d{1,3}\.\d{1,3}\b")
OF_THE_ADDRESS = re.compile(rb"5\.(?:1\.\d{1,3}|2\.1)")


@dataclass(frozen=True)
class Outcome:
    """What became of one try: the state that follows, and why in words for staff."""

    state: str
    error: str = ""
    counts: bool = True


@shared_task(time_limit=LONGEST_SENDING)
def deliver(message_id: str) -> None:
    """Send a letter that is due. Whoever comes second, or too early, finds nothing to do."""
    if cache.get(LANE_CLOSED):
        return
    claim = uuid.uuid4()
    due = Message.objects.filter(pk=message_id, state=Message.State.QUEUED, next_try_at__lte=Now())
    lease = {"lease_until": Now() + LEASE, "claim": claim, "tries": F("tries") + 1}
    if due.update(state=Message.State.CLAIMED, **lease):
        message = Message.objects.get(pk=message_id)
        settle(message, claim, send(message, lambda: keep(message, claim)))


def keep(message: Message, claim: uuid.UUID) -> bool:
    """Whether the letter is still this sender's; if so, the lease starts anew."""
    ours = Message.objects.filter(
        pk=message.pk, claim=claim, state=Message.State.CLAIMED, lease_until__gt=Now()
    )
    return bool(ours.update(lease_until=Now() + LEASE))


def settle(message: Message, claim: uuid.UUID, outcome: Outcome) -> None:
    """Write down what became of the try, if the letter is still this sender's.

    A sender whose lease ran out in the meantime may still turn “not known” into what it knows.
    """
    state, tries = outcome.state, message.tries if outcome.counts else message.tries - 1
    if state == Message.State.QUEUED and tries >= TRIES:
        state = Message.State.FAILED
    facts: dict[str, object] = {"state": state, "tries": tries, "lease_until": None}
    if state == Message.State.SENT:
        facts["sent_at"] = Now()
    if state == Message.State.SENT and message.to_id and not message.in_inbox:
        facts["body"] = ""  # a code or a link to sign in: nobody needs it any more
    elif state == Message.State.SENT and message.has_secret:
        facts["body"] = message.shown_body
    if state == Message.State.QUEUED:
        pause = PAUSES[min(tries, len(PAUSES)) - 1] if outcome.counts else 1
        facts["next_try_at"] = Now() + timedelta(minutes=pause)
    ours = Message.objects.filter(
        pk=message.pk, claim=claim, state__in=[Message.State.CLAIMED, Message.State.UNKNOWN]
    )
    if ours.update(last_error=outcome.error[:300], **facts) and state == Message.State.BOUNCED:
        note_unreachable(message)


def note_unreachable(message: Message) -> None:
    """Note that the person cannot be reached, if it is the address of the account that failed."""
    people = get_user_model()._default_manager.filter(letters=message, unreachable_since=None)
    people.filter(email__iexact=message.address).update(unreachable_since=Now())


# --- One mail ----------------------------------------------------------------------------


class LeaseLost(Exception):
    """Somebody else may be sending this letter: stop before its body leaves."""


class Watched(smtplib.SMTP):
    """An SMTP connection that knows whether the body of a mail had begun to leave."""

    body_begun = False
    still_ours: Callable[[], bool] = staticmethod(lambda: True)

    def data(self, msg: Any) -> tuple[int, bytes]:
        if not self.still_ours():
            raise LeaseLost
        self.body_begun = True
        return super().data(msg)


class WatchedOverTLS(Watched, smtplib.SMTP_SSL):
    pass


class WatchedBackend(EmailBackend):
    @property
    def connection_class(self) -> type[Watched]:
        return WatchedOverTLS if self.use_ssl else Watched


def send(message: Message, still_ours: Callable[[], bool]) -> Outcome:
    """Try once to send the letter, and judge what happened; never raises for the letter's sake."""
    watched = settings.EMAIL_BACKEND == SMTP_BACKEND
    line = WatchedBackend() if watched else get_connection()
    try:
        return attempt(message, line, still_ours)
    except Exception as fault:
        return judge(message, fault, getattr(line, "connection", None))
    finally:
        # The mail is out or it is not: a bad farewell changes nothing.
        with contextlib.suppress(Exception):
            line.close()


def attempt(message: Message, line: BaseEmailBackend, still_ours: Callable[[], bool]) -> Outcome:
    """Hand the letter to the mail server; raises what the server or the network raises."""
    mail = EmailMessage(
        subject=message.subject,
        body=message.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.address],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
        connection=line,
    )
    mail.message()  # a header that cannot be written is found before the server is bothered
    line.open()
    connection = getattr(line, "connection", None)
    if isinstance(connection, Watched):
        connection.still_ours = still_ours
    line.send_messages([mail])
    return Outcome(Message.State.SENT)


def judge(message: Message, fault: Exception, connection: object | None) -> Outcome:
    """What a failed try means for the letter. `connection` is None when none was opened."""
    words, code = in_words(fault), reply_code(fault)
    if code in SIGN_IN_FIRST:
        close_lane(words)
        return Outcome(Message.State.QUEUED, words, counts=False)
    if refuses_address(fault):
        return Outcome(Message.State.BOUNCED, words)
    if code is not None and connection is not None:
        return Outcome(Message.State.FAILED if code >= 500 else Message.State.QUEUED, words)
    if isinstance(fault, LeaseLost | smtplib.SMTPException | OSError | DatabaseError):
        body_begun = getattr(connection, "body_begun", False)
        again = message.rule == Message.Rule.SAFE or not body_begun
        return Outcome(Message.State.QUEUED if again else Message.State.UNKNOWN, words)
    logger.exception("outbox: letter %s cannot be sent", message.pk)
    return Outcome(Message.State.FAILED, words)


def reply_code(fault: Exception) -> int | None:
    """The code that the server said no with, or None when it did not speak."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return next((code for code, _words in fault.recipients.values()), None)
    if isinstance(fault, smtplib.SMTPNotSupportedError):
        return 550
    return fault.smtp_code if isinstance(fault, smtplib.SMTPResponseException) else None


def refuses_address(fault: Exception) -> bool:
    """Whether the server says that the address takes no mail, now or later."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        said: list[tuple[int, bytes | str]] = [*fault.recipients.values()]
    elif isinstance(fault, smtplib.SMTPDataError):
        said = [(fault.smtp_code, fault.smtp_error)]
    else:
        return False
    at_recipient = isinstance(fault, smtplib.SMTPRecipientsRefused)
    return any(is_of_address(code, words, at_recipient) for code, words in said)


def is_of_address(code: int, words: bytes | str, at_recipient: bool) -> bool:
    """Whether a “no” is about the address; without an exact number only at the recipient's turn."""
    raw = words if isinstance(words, bytes) else words.encode()
    if code >= 500 and (exact := EXACTLY.search(raw)):
        return OF_THE_ADDRESS.fullmatch(exact[0]) is not None
    return at_recipient and code in NO_SUCH_ADDRESS


def in_words(fault: Exception) -> str:
    """What the server or the system said, on one line."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        said = [f"{code} {words!r}" for code, words in fault.recipients.values()]
        return f"Recipient refused: {', '.join(said)}"
    return f"{type(fault).__name__}: {fault}".replace("\n", " ")


def close_lane(words: str) -> None:
    """Let no letter leave for some minutes: the fault lies with us, not with any letter."""
    if cache.add(LANE_CLOSED, words, LANE_PAUSE):
        logger.error("outbox: the mail server refuses our account, no letter leaves: %s", words)
