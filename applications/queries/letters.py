"""The words of a workshop's letters as its staff see them: which there are, and who reads them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from applications.models import Application, Call, Decision
from applications.queries.staff import applications_of
from workshop_portal.outbox import occasions
from workshop_portal.outbox.models import LetterText
from workshop_portal.outbox.queries import letter_texts

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User
    from workshop_portal.workshops.models import Workshop

APP = "applications/"
# Of so many applicants one may be chosen to try a letter out on; more do not fit into a list.
MOST_READERS = 100


@dataclass(frozen=True)
class Text:
    """The words of one letter in one language: the workshop's own, or ours."""

    letter: str
    language: str
    language_name: str
    stored: LetterText | None = None

    @property
    def slug(self) -> str:
        """How the letter is called in an address."""
        return self.letter.removeprefix(APP)

    @property
    def occasion(self) -> occasions.Occasion:
        return occasions.OCCASIONS[self.letter]

    @property
    def is_own(self) -> bool:
        return self.stored is not None and bool(self.stored.body)

    @property
    def version(self) -> int:
        """Counts the changes; 0 is ours, never changed."""
        return self.stored.version if self.stored else 0

    @cached_property
    def ours(self) -> tuple[str, str]:
        return occasions.ours(self.letter, self.language)

    @property
    def subject(self) -> str:
        return self.stored.subject if self.stored and self.is_own else self.ours[0]

    @property
    def body(self) -> str:
        return self.stored.body if self.stored and self.is_own else self.ours[1]


@dataclass(frozen=True)
class Line:
    """One letter in the list, with its words in every language."""

    letter: str
    texts: list[Text]

    @property
    def title(self) -> str:
        return occasions.title_of(self.letter)

    @property
    def slug(self) -> str:
        return self.letter.removeprefix(APP)


def lines(workshop: Workshop) -> list[Line]:
    """Every letter whose words may be chosen, in every language, in one query."""
    stored = {(text.letter, text.language): text for text in letter_texts(workshop.scope)}
    return [
        Line(
            letter,
            [
                Text(letter, code, str(name), stored.get((letter, code)))
                for code, name in occasions.languages()
            ],
        )
        for letter in occasions.OCCASIONS
    ]


def text_of(workshop: Workshop, slug: str, language: str) -> Text | None:
    """The words of one letter in one language; None where there is no such letter or language."""
    letter, names = f"{APP}{slug}", dict(occasions.languages())
    if letter not in occasions.OCCASIONS or language not in names:
        return None
    stored = letter_texts(workshop.scope, letter=letter).filter(language=language).first()
    return Text(letter, language, str(names[language]), stored)


def readers(call: Call, user: User, letter: str) -> QuerySet[Application]:
    """Whom a letter can be tried out on: first those who would get it, then by name."""
    outcome, withdrawn = letter.removeprefix(APP), Application.Status.WITHDRAWN
    would = Q(status=outcome) if outcome == withdrawn else Q(decision__outcome=outcome)
    if outcome not in {*Decision.Outcome.values, withdrawn}:
        would = Q(pk__isnull=False)
    first = Case(When(would, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = applications_of(call, user).select_related("applicant", "call__workshop", "decision")
    return found.order_by(first, "family_name", "given_name", "pk")
