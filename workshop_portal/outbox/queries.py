"""What the inbox needs to know, what a reader reads, and which words a workshop has chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import QuerySet

from workshop_portal.outbox.models import LetterText, Message
from workshop_portal.outbox.occasions import OCCASIONS, languages

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User

# The words that a workshop has chosen: subject and body by letter and language.
Texts = dict[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True)
class Neighbours:
    """The letters beside one letter in a person's inbox, None at either end."""

    newer: Message | None
    older: Message | None


def inbox(user: User) -> QuerySet[Message]:
    """A person's letters, newest first, without their bodies."""
    return Message.objects.inbox_of(user).defer("body").order_by("-written_at", "-pk")


def neighbours(user: User, message: Message) -> Neighbours:
    """The letters written just after and just before this one."""
    at, pk = message.written_at, message.pk
    rows = Message.objects.inbox_of(user).only("pk", "subject")
    same = rows.filter(written_at=at)
    newer = same.filter(pk__gt=pk) | rows.filter(written_at__gt=at)
    older = same.filter(pk__lt=pk) | rows.filter(written_at__lt=at)
    return Neighbours(
        newer=newer.order_by("written_at", "pk").first(),
        older=older.order_by("-written_at", "-pk").first(),
    )


def language_of(reader: User | None, otherwise: str = "") -> str:
    """The language that a person reads: the account's, else the one told, else the portal's."""
    spoken = {code for code, _name in languages()}
    told = (reader.language if reader else "", otherwise)
    return next((code for code in told if code in spoken), settings.LANGUAGE_CODE)


# --- The words of the letters ------------------------------------------------------------


def texts(scope: str, *, letter: str = "") -> Texts:
    """The words that a scope uses instead of ours, of one letter or of all; an empty text is ours.

    Asks nothing where there is nothing to choose.
    """
    if not scope or (letter and letter not in OCCASIONS):
        return {}
    return {
        (text.letter, text.language): (text.subject, text.body)
        for text in letter_texts(scope, letter=letter)
        if text.body
    }


def letter_texts(scope: str, *, letter: str = "") -> QuerySet[LetterText]:
    """What a scope has stored about the words of its letters, and who changed it last."""
    found = LetterText.objects.filter(scope=scope).select_related("changed_by")
    return found.filter(letter=letter) if letter else found
