"""What one person does with their application."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile

from applications.actions import intake, sending
from applications.actions.attach import attach
from applications.models import Application
from workshop_portal import files
from workshop_portal.demo import answers, paperwork

if TYPE_CHECKING:
    from applications.models import Call, Document
    from workshop_portal.demo.cast import Person

STATEMENT = "What I have said here is true and complete."
# A few people photograph what they have signed, or write in a word processor.
PHOTOGRAPHED, TYPED = {"commitment", "consent"}, {"case-study", "cv"}


class File:
    """A person's application to a call, from the first page to the last paper."""

    def __init__(self, person: Person, call: Call) -> None:
        self.person = person
        self.call = call

    @property
    def application(self) -> Application:
        """The row as it is at this moment."""
        return Application.objects.select_related("call__workshop", "applicant").get(
            call=self.call, applicant=self.person.user
        )

    @cached_property
    def required(self) -> dict[str, Any]:
        return {line.slug: line for line in self.call.required_documents.all()}

    def current(self, slug: str) -> Document:
        """The file that counts for a line of the checklist."""
        return self.application.documents.current().get(requirement__slug=slug)

    def begin(self, *, at: datetime) -> None:
        intake.start(self.call, arrived_at=at, by=self.person.user)

    def answer(self, section: str, *, at: datetime) -> None:
        intake.save_section(
            self.application,
            section=section,
            answers=self._answers(section),
            arrived_at=at,
            by=self.person.user,
        )

    def hand_in(self, slug: str, *, at: datetime) -> None:
        """Upload what answers a line. Our own small files are not examined once more."""
        page = paperwork.sheet(
            slug,
            name=self.person.name,
            organisation=self.person.organisation,
            city=self.person.city,
            workshop=self.call.workshop.title,
            on=at.date(),
        )
        suffix = self._suffix(slug)
        content = paperwork.MAKERS[suffix](page)
        checked = files.Checked(
            name=f"{slug} {self.person.family or self.person.given}{suffix}",
            kind=files.KINDS[suffix],
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            content=ContentFile(content),
        )
        attach(
            self.application,
            self.required[slug],
            checked=checked,
            arrived_at=at,
            by=self.person.user,
        )

    def send(self, *, at: datetime) -> None:
        application = self.application
        sending.submit(
            application,
            version=application.version,
            statement=STATEMENT,
            arrived_at=at,
            by=self.person.user,
        )

    def withdraw(self, *, at: datetime) -> None:
        intake.withdraw(self.application, arrived_at=at, by=self.person.user)

    def _suffix(self, slug: str) -> str:
        if slug in PHOTOGRAPHED and self.person.number % 16 == 1:
            return ".jpg"
        return ".docx" if slug in TYPED and self.person.number % 7 == 2 else ".pdf"

    def _answers(self, section: str) -> dict[str, object]:
        person = self.person
        if section == "work":
            return answers.about_work(
                person.sector, number=person.number, city=person.city, years=person.years
            )
        if section == "taking-part":
            return answers.about_taking_part(person.sector, number=person.number)
        return answers.about_person(person) if section == "you" else answers.about_office(person)
