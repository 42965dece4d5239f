"""What the desk does with one person's file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from applications.actions import checking, selection
from applications.queries.checking import Return
from workshop_portal.audit.models import DocumentAccess, name_of

if TYPE_CHECKING:
    from applications.models import Document
    from workshop_portal.accounts.models import User
    from workshop_portal.demo.file import File

# What goes back, and the words that go with it; people take turns.
RETURNS = (
    {
        "nomination": ("unsigned", "Your head of office has to sign it; a stamp alone is not "
                       "enough."),
        "case-study": ("victim_data", "The name of the village and the date make the person "
                       "recognisable. Please leave both out."),
    },
    {"nomination": ("unreadable", "The photograph is blurred in the lower half. Please scan the "
                    "page or take it again in daylight.")},
    {"consent": ("incomplete", "The second page with the signature is not there.")},
)  # fmt: skip
NOTES = {
    "accepted": ("Strong case, clear plan.", "First person from this city.", ""),
    "waitlisted": ("Good, but two others come from the same province.", ""),
    "rejected": ("Does not work with victims.", "Cannot be there on all days."),
}
WORDS = {
    "accepted": "",
    "waitlisted": "We would be glad to have you if a seat becomes free.",
    "rejected": "This workshop is for people who work directly with victims of trafficking. The "
    "list of coming workshops may hold one that fits your work better.",
}


@dataclass(frozen=True)
class Desk:
    """A coordinator at work; every document is read before it is judged."""

    coordinator: User

    def accept(self, file: File, slug: str, *, at: datetime) -> None:
        document = file.current(slug)
        self.read(document)
        checking.accept(document, by=self.coordinator)

    def send_back(self, file: File, *, at: datetime, until: datetime) -> None:
        reasons = RETURNS[self.turn(file)]
        documents = {slug: file.current(slug) for slug in reasons}
        for document in documents.values():
            self.read(document)
        checking.return_documents(
            file.application,
            returns=[
                Return(documents[slug], reason, note) for slug, (reason, note) in reasons.items()
            ],
            until=until,
            by=self.coordinator,
        )

    def sent_back(self, file: File) -> list[str]:
        """Which documents of this person go back, if any do."""
        return list(RETURNS[self.turn(file)])

    def decide(self, file: File, outcome: str, *, at: datetime) -> None:
        notes = NOTES[outcome]
        selection.decide(
            file.application,
            outcome=outcome,
            note=notes[file.person.number % len(notes)],
            message=WORDS[outcome],
            version=0,
            by=self.coordinator,
        )

    def read(self, document: Document) -> None:
        """Put the reading on record: here the row alone, for the action commits by itself."""
        DocumentAccess.objects.create(
            action=DocumentAccess.Action.PREVIEW,
            target=name_of(document),
            about=name_of(document.application),
            title=document.requirement.title,
            sha256=document.sha256,
            by=self.coordinator,
        )

    @staticmethod
    def turn(file: File) -> int:
        return (file.person.number - 1) % len(RETURNS)
