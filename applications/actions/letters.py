"""The words that a workshop chooses for its letters, and trying them out on a reader."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.queries.letters import Text, text_of
from applications.queries.rehearsal import reading
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused
from workshop_portal.outbox import actions as outbox
from workshop_portal.outbox.models import LetterText
from workshop_portal.outbox.queries import Texts

if TYPE_CHECKING:
    from applications.models import Application
    from workshop_portal.accounts.models import User
    from workshop_portal.workshops.models import Workshop


# --- Choosing words ----------------------------------------------------------------------


class Overwritten(Refused):
    """Somebody else changed the words first. It holds theirs and one's own, for both to be seen."""

    page = "applications/staff/letter_stale.html"

    def __init__(self, stored: Text, subject: str, body: str) -> None:
        super().__init__(_("Somebody else changed this letter after you opened it."))
        self.stored, self.subject, self.body = stored, subject, body


@transaction.atomic
def save_text(
    workshop: Workshop, text: Text, *, subject: str, body: str, version: int, by: User
) -> None:
    """Use these words for a letter from now on. The trail keeps the words before.

    `version` is that of the words which the person had before their eyes. When others have taken
    their place, nothing is stored: Overwritten holds both.
    """
    if not _store(workshop, text, version, subject=subject, body=body, by=by):
        now = text_of(workshop, text.slug, text.language)
        raise Overwritten(now or text, subject, body)
    _record("letter_text.changed", workshop, text, by=by)


@transaction.atomic
def drop_text(workshop: Workshop, text: Text, *, version: int, by: User) -> None:
    """Use our own words again. The row stays, empty, so that versions go on counting."""
    if not text.is_own or not _store(workshop, text, version, subject="", body="", by=by):
        raise Refused(
            _("Somebody else changed this letter at the same time. Look at it again first.")
        )
    _record("letter_text.dropped", workshop, text, by=by)


def _store(
    workshop: Workshop, text: Text, version: int, *, subject: str, body: str, by: User
) -> bool:
    """Write the words if nobody has since that version; whether that was so."""
    row = {"scope": workshop.scope, "letter": text.letter, "language": text.language}
    words = {"subject": subject, "body": body, "changed_by": by}
    if version:
        known = LetterText.objects.filter(**row, version=version)
        now = timezone.now()
        return bool(known.update(version=F("version") + 1, changed_at=now, **words))
    try:
        with transaction.atomic():
            LetterText.objects.create(**row, **words)
    except IntegrityError:
        return False
    return True


def _record(event: str, workshop: Workshop, text: Text, *, by: User) -> None:
    was = {"was_subject": text.subject, "was_body": text.body} if text.is_own else {}
    facts = {"letter": text.letter, "language": text.language, **was}
    record(event, workshop, about=workshop, by=by, **facts)


# --- Trying them out ---------------------------------------------------------------------


def try_out(
    letter: str, sample: Application, *, language: str = "", texts: Texts | None = None
) -> tuple[str, str]:
    """Subject and body as the letter about this application would be written now.

    Nothing is stored and nothing leaves. Without `language` it is the reader's own; `texts` are
    words that are not stored yet.
    """
    found = reading(letter, sample)
    return outbox.preview(
        letter,
        to=found.to,
        scope=sample.call.workshop.scope,
        language=language or found.language,
        texts=texts,
        **found.facts,
    )


def values_of(letter: str, sample: Application, *, language: str) -> dict[str, str]:
    """What each placeholder of a letter stands for when it is about this application."""
    found = reading(letter, sample)
    return outbox.placeholders(letter, to=found.to, language=language, **found.facts)


def language_read(letter: str, sample: Application) -> str:
    """The language in which the reader of a letter about this application gets it."""
    return reading(letter, sample).language


def send_me(letter: str, sample: Application, *, by: User) -> None:
    """Send what the reader would get to the person who asks."""
    words, language = try_out(letter, sample), language_read(letter, sample)
    key = f"copy:{uuid.uuid4()}"
    copy = outbox.send_copy(words, letter=letter, language=language, to=by, key=key)
    record("letter.tried_out", copy, about=sample.call.workshop, by=by, letter=letter)
