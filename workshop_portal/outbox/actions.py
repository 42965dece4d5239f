"""Every write to the outbox that a person or another part of the portal asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from workshop_portal.errors import Refused
from workshop_portal.handoff import hand_off
from workshop_portal.outbox import bounces, queries
from workshop_portal.outbox.models import Message
from workshop_portal.outbox.occasions import OCCASIONS, words_of
from workshop_portal.outbox.proof import UNPRINTABLE, fill, one_line, parted
from workshop_portal.outbox.queries import Texts
from workshop_portal.outbox.tasks import deliver, note_unreachable

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


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
    language: str = "",
    wait: timedelta | None = None,
    **context: object,
) -> Message:
    """Write a letter, as a row of the transaction that is open; the mail leaves after its commit.

    `letter` names the template `letters/<letter>.txt`, which gets `context` and `person`; `key`
    names the occasion, and one occasion has one letter however often it is posted. A `once`
    letter is never sent a second time unless a human says so. `address` goes before the
    account's own. A letter that is not `in_inbox` exists as a mail only. It is written in the
    language of the account; `language` is for readers of whom no account says one. With `wait`
    its mail leaves so much later, and what comes meanwhile about the same thing takes its words.
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
        about=_name_of(about),
        in_inbox=in_inbox and to is not None,
        language=queries.language_of(to, language),
    )
    if wait and (waiting := _told_in_one(message, context)):
        return waiting
    message.subject, message.body = write(message, context)
    return _send_off(message, wait=wait)


@dataclass(frozen=True, slots=True)
class Posting:
    """A letter that is to be written; `context` is what its template gets."""

    name: str
    to: User
    key: str
    about: models.Model | None = None
    context: Mapping[str, object] = field(default_factory=dict)


@transaction.atomic
def post_all(
    letters: Iterable[Posting], *, scope: str = "", rule: str = Message.Rule.SAFE
) -> list[Message]:
    """`post` for many readers at once; gives the letter of each occasion, in this order.

    The database is asked no more for sixty readers than for one.
    """
    asked: dict[str, Posting] = {}
    for letter in letters:
        asked.setdefault(letter.key, letter)
    rows = Message.objects.filter(key__in=[*asked])
    known = {*rows.values_list("key", flat=True)}
    has_choice = any(letter.name in OCCASIONS for letter in asked.values())
    texts = queries.texts(scope) if has_choice else {}
    new = [
        _written(letter, scope=scope, rule=rule, texts=texts)
        for key, letter in asked.items()
        if key not in known
    ]
    # Whoever posts one of these occasions at the same moment has written its letter; ours is none.
    Message.objects.bulk_create(new, ignore_conflicts=True)
    ours, stored = {message.pk for message in new}, {message.key: message for message in rows}
    found = [stored[key] for key in asked]
    for message in found:
        if message.pk in ours:
            hand_off(deliver, str(message.pk))
    return found


def _written(letter: Posting, *, scope: str, rule: str, texts: Texts) -> Message:
    """The row of a letter to somebody with an account, with its words; not stored."""
    message = Message(
        key=letter.key,
        letter=letter.name,
        rule=rule,
        to=letter.to,
        address=letter.to.email,
        scope=scope,
        about=_name_of(letter.about),
        language=queries.language_of(letter.to),
    )
    message.message_id = _message_id(message)
    message.subject, message.body = write(message, {**letter.context}, texts=texts)
    return message


def _name_of(thing: models.Model | None) -> str:
    return f"{thing._meta.label}:{thing.pk}" if thing else ""


def _told_in_one(message: Message, context: dict[str, object]) -> Message | None:
    """The same letter about the same thing that still waits, with the new words in it."""
    same = {name: getattr(message, name) for name in ("letter", "to", "address", "about")}
    rows = Message.objects.filter(**same, state=Message.State.QUEUED, tries=0)
    waiting = rows.filter(next_try_at__gt=Now()).first()
    if waiting is None:
        return None
    waiting.language = message.language
    subject, body = write(waiting, context)
    words = {"subject": subject, "body": body, "language": message.language}
    still = rows.filter(pk=waiting.pk, next_try_at__gt=Now())
    if not still.update(**words, written_at=timezone.now(), read_at=None):
        return None
    waiting.refresh_from_db()
    return waiting


def write(
    message: Message, context: dict[str, object], *, texts: Texts | None = None
) -> tuple[str, str]:
    """The subject and the body of a letter, in its language: the words that its workshop has
    chosen, else ours. `texts` are the chosen words where they are known already.
    """
    if texts is None:
        texts = queries.texts(message.scope, letter=message.letter)
    own, facts = texts.get((message.letter, message.language)), _facts(message)
    with translation.override(message.language):
        values = words_of(message.letter, {**facts, **context})
        if own:
            chosen = {"subject": one_line(fill(own[0], values)), "body": fill(own[1], values)}
            return parted(render_to_string("letters/own.txt", {**facts, **chosen}))
        given = values if message.letter in OCCASIONS else {**values, **context}
        return parted(render_to_string(f"letters/{message.letter}.txt", {**facts, **given}))


def _facts(message: Message) -> dict[str, object]:
    """What every letter may speak of: its reader, us, and where it is found on the portal."""
    inbox = f"{settings.PUBLIC_BASE_URL}{reverse('outbox:letter', args=[message.pk])}"
    return {
        "person": message.to,
        "centre": settings.CENTRE_NAME,
        "portal_name": settings.PORTAL_NAME,
        "contact_email": settings.CONTACT_EMAIL,
        "base_url": settings.PUBLIC_BASE_URL,
        "inbox_url": inbox if message.in_inbox else "",
    }


def preview(
    letter: str,
    *,
    to: User | None,
    scope: str,
    language: str = "",
    texts: Texts | None = None,
    **context: object,
) -> tuple[str, str]:
    """Subject and body as `post` would write them, but for the address in the inbox."""
    read_in = language or queries.language_of(to)
    message = Message(letter=letter, to=to, scope=scope, in_inbox=False, language=read_in)
    return write(message, context, texts=texts)


def placeholders(
    letter: str, *, to: User | None, language: str, **context: object
) -> dict[str, str]:
    """What each placeholder of a letter stands for when this reader gets it."""
    facts = _facts(Message(letter=letter, to=to, in_inbox=False))
    with translation.override(language):
        return words_of(letter, {**facts, **context})


def _message_id(message: Message) -> str:
    return f"<{message.pk}@{sending_domain()}>"


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
def cancel(message: Message, *, reason: str) -> None:
    """Keep a held letter for ever from leaving. Its row stays, so its occasion writes no other."""
    _move(message, message.State.HELD, message.State.CANCELLED, last_error=reason)


@transaction.atomic
def rewrite(message: Message, *, subject: str, body: str) -> None:
    """Change the words of a held letter; its occasion and its reader stay."""
    words = {"subject": one_line(subject), "body": UNPRINTABLE.sub("", body)}
    _move(message, message.State.HELD, message.State.HELD, **words)


@transaction.atomic
def send_again(message: Message, *, number: int) -> Message:
    """Send the same words once more, as a letter of its own, to the reader's present address.

    `number` is how often that was done before, as the person saw it: of two presses at once one
    writes a letter.
    """
    if message.state not in (message.State.SENT, message.State.BOUNCED):
        raise _moved_on(message)
    if message.is_cut:
        raise Refused(
            _(
                "This letter held a personal link, which is not kept. The applicant can send a new "
                "one."
            )
        )
    again = Message(
        key=f"again:{message.pk}:{number}",
        letter=message.letter,
        rule=message.rule,
        to=message.to,
        address=message.to.email if message.to else message.address,
        scope=message.scope,
        about=message.about,
        language=message.language,
        in_inbox=message.in_inbox,
        subject=message.subject,
        body=message.body,
    )
    return _send_off(again)


@transaction.atomic
def send_copy(words: tuple[str, str], *, letter: str, language: str, to: User, key: str) -> Message:
    """Send somebody of the staff what a letter would say. It is no letter of the workshop's."""
    subject = one_line(_("Preview: %(subject)s") % {"subject": words[0]})
    copy = Message(
        key=key,
        letter=letter,
        rule=Message.Rule.SAFE,
        to=to,
        address=to.email,
        language=language,
        subject=subject,
        body=words[1],
    )
    return _send_off(copy)


@transaction.atomic
def bounce(message: Message, *, said: str) -> None:
    """Note that a letter came back; if it was sent to the account's address, so is the person's
    being out of reach. Only what left can come back.
    """
    left = message.State.SENT, message.State.UNKNOWN
    state = message.state if message.state in left else ""
    _move(message, state, message.State.BOUNCED, last_error=said[:300])
    note_unreachable(message)


def take_bounce(mail: bytes) -> Message | None:
    """Read a mail that a mail server sent back, and note which letter came back by it, if any.

    Whatever else the mail is, nothing happens: a letter is found by its Message-ID, which only
    those know who had the letter in their hands, and its address has to be the one that failed.
    """
    returned = bounces.read(mail)
    if returned is None:
        return None
    sent = Message.objects.filter(state__in=[Message.State.SENT, Message.State.UNKNOWN])
    for message in sent.filter(message_id__in=returned.message_ids):
        if message.address.lower() in returned.addresses:
            bounce(message, said=returned.said)
            return message
    return None


def _send_off(message: Message, *, wait: timedelta | None = None) -> Message:
    """Store a letter whose words are known and hand it to the worker; of one key there is one.

    The sweep finds a letter that is to wait when its time has come.
    """
    message.message_id = _message_id(message)
    if wait:
        message.next_try_at = Now() + wait
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        return Message.objects.get(key=message.key)
    if not wait:
        hand_off(deliver, str(message.pk))
    return message


def _move(message: Message, was: str, to: str, **words: str) -> None:
    """Change the state only where it still is what the person saw; the worker may be quicker."""
    rows = Message.objects.filter(pk=message.pk, state=was)
    fresh = {"next_try_at": Now(), "tries": 0, "claim": None, "lease_until": None}
    if not rows.update(state=to, **{"last_error": "", **fresh, **words}):
        raise _moved_on(message)
    message.refresh_from_db()


def _moved_on(message: Message) -> Refused:
    now = Message.objects.get(pk=message.pk).get_state_display()
    return Refused(_("This is no longer possible: the letter has moved on. It is now: “%s”.") % now)


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
