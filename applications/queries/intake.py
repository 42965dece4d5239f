"""What the applicant's own pages show, in few queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import timeline
from applications.checklist import ASKED, Line, Slot, State, lines, missing, received, unanswered
from applications.models import Application, Document, RequiredDocument
from applications.timeline import Stage

if TYPE_CHECKING:
    from applications.models import Receipt

WRITABLE = {Application.Status.DRAFT, Application.Status.SUBMITTED}
LARGEST_APPLICATION = 50 * 1024 * 1024


@dataclass(frozen=True)
class Row:
    """A line of the checklist with what stands behind it."""

    line: Line
    requirement: RequiredDocument
    document: Document | None
    url: str
    until: datetime
    may_send: bool = False

    @property
    def file_url(self) -> str:
        """Where the current file can be downloaded; nothing when there is none."""
        if self.document is None:
            return ""
        return reverse("applications:document-file", args=[self.document.pk])

    @property
    def actions(self) -> list[dict[str, object]]:
        """What can be done with this line now."""
        if not self.may_send:
            return []
        text = {
            State.MISSING: _("Send this document"),
            State.RETURNED: _("Send a new file"),
        }.get(self.line.state, _("Replace"))
        return [{"url": self.url, "text": text, "main": self.line.state is State.RETURNED}]

    @property
    def word(self) -> str:
        """The state of the line as its applicant reads it."""
        return {
            State.MISSING: _("Not sent yet"),
            State.RECEIVED: _("Received"),
            State.RETURNED: _("Returned to you"),
            State.ACCEPTED: _("Checked and accepted"),
        }[self.line.state]

    @property
    def reason(self) -> str:
        """Why the file was returned, and what to do, in one text."""
        if self.document is None or self.line.state is not State.RETURNED:
            return ""
        words = [f"{self.document.get_return_reason_display()}.", self.document.return_note]
        return " ".join(word for word in words if word)


@dataclass(frozen=True)
class Part:
    """A section of the form with how many of its questions are still open."""

    slug: str
    asked: int
    open: int

    @property
    def status(self) -> str:
        if not self.open:
            return "complete"
        return "missing" if self.open == self.asked else "incomplete"

    @property
    def word(self) -> str:
        if not self.open:
            return _("Complete")
        if self.open == self.asked:
            return _("Not begun")
        return ngettext("%(n)d answer missing", "%(n)d answers missing", self.open) % {
            "n": self.open
        }


@dataclass(frozen=True)
class Overview:
    """Everything the application page says, read at one moment."""

    rows: list[Row]
    parts: list[Part]
    steps: list[dict[str, Any]]
    receipt: Receipt | None
    is_open: bool
    left: timedelta | None
    was: datetime | None
    reason: str

    @property
    def files(self) -> list[Row]:
        return [row for row in self.rows if not row.line.online]

    @property
    def returned(self) -> list[Row]:
        return [row for row in self.rows if row.line.state is State.RETURNED]

    @property
    def is_complete(self) -> bool:
        return not missing([row.line for row in self.rows])

    @property
    def progress(self) -> str:
        return progress(self.rows)


def overview(application: Application, *, now: datetime) -> Overview:
    """The application page at the moment `now`, in four queries."""
    call = application.call
    extension = call.extensions.for_all().last()
    found = rows(application, now=now)
    window = application.window
    is_open = window.is_open(now)
    return Overview(
        rows=found,
        parts=parts(application),
        steps=steps(application, found, now=now),
        receipt=application.receipts.last() if application.reference else None,
        is_open=is_open,
        left=window.left(now) if is_open else None,
        was=extension.was if extension else None,
        reason=extension.reason if extension else "",
    )


def progress(found: Sequence[Row]) -> str:
    """How far the checklist has come, in words."""
    number = received([row.line for row in found])
    return _("%(number)s of %(all)s documents received") % {"number": number, "all": len(found)}


def rows(application: Application, *, now: datetime | None = None) -> list[Row]:
    """The checklist with its files, in two queries however long it is."""
    current = {document.requirement_id: document for document in current_documents(application)}
    requirements = list(application.call.required_documents.all())
    answers = answers_of(application)
    slots = [_slot(requirement, current.get(requirement.pk)) for requirement in requirements]
    return [
        _row(application, line, requirement, current.get(requirement.pk), now)
        for line, requirement in zip(lines(slots, answers), requirements, strict=True)
    ]


def current_documents(application: Application) -> Sequence[Document]:
    """The files that count; those that a list fetched for all its applications, if it did."""
    fetched: Sequence[Document] | None = getattr(application, "current_documents", None)
    return fetched if fetched is not None else list(application.documents.current())


def _row(
    application: Application,
    line: Line,
    requirement: RequiredDocument,
    document: Document | None,
    now: datetime | None,
) -> Row:
    name, args = "applications:document", [application.pk, requirement.slug]
    if line.online:
        name, args = "applications:section", [application.pk, next(iter(ASKED))]
    until = last_moment(application, document)
    allowed = now is not None and application.status in WRITABLE and now <= until
    return Row(line, requirement, document, reverse(name, args=args), until, allowed)


def last_moment(application: Application, document: Document | None) -> datetime:
    """Until when a file may be sent for a line: the deadline, or a later day for a returned one."""
    limit = application.window.limit
    if document is None or document.status != Document.Status.RETURNED:
        return limit
    return max(limit, document.return_until or limit)


@dataclass(frozen=True)
class Place:
    """The page of one line: its row and the versions that no longer count, newest first."""

    row: Row
    earlier: list[Document]


def slot(application: Application, requirement: RequiredDocument, *, now: datetime) -> Place:
    """One line of the checklist with all its versions, in one query."""
    versions = list(application.documents.filter(requirement=requirement).order_by("-version"))
    current = next((version for version in versions if version.is_current), None)
    [line] = lines([_slot(requirement, current)], answers_of(application))
    row = _row(application, line, requirement, current, now)
    return Place(row, [version for version in versions if not version.is_current])


def _slot(requirement: RequiredDocument, document: Document | None) -> Slot:
    return Slot(
        slug=requirement.slug,
        title=requirement.title,
        online=requirement.given == RequiredDocument.Given.ONLINE,
        status=document.status if document else "",
    )


def checklist(application: Application) -> list[Line]:
    """What is there and what is missing; `checklist.missing` says whether it is complete."""
    return [row.line for row in rows(application)]


def answers_of(application: Application) -> dict[str, object]:
    """The answers to everything that is asked, by the name of the question."""
    return {name: getattr(application, name) for names in ASKED.values() for name in names}


def parts(application: Application) -> list[Part]:
    answers = answers_of(application)
    return [Part(slug, len(ASKED[slug]), len(unanswered(answers, slug))) for slug in ASKED]


def room_left(application: Application, requirement: RequiredDocument) -> int:
    """How many bytes a new file for this line may have; the one that it replaces makes room."""
    others = application.documents.current().exclude(requirement=requirement)
    return LARGEST_APPLICATION - (others.aggregate(all=Sum("size"))["all"] or 0)


def steps(application: Application, found: list[Row], *, now: datetime) -> list[dict[str, Any]]:
    """The timeline in words."""
    call = application.call
    files = [row for row in found if not row.line.online]
    accepted = sum(row.line.state is State.ACCEPTED for row in files)
    made = timeline.steps(
        application.status,
        submitted_at=application.submitted_at,
        checked=accepted == len(files),
        closed=now > application.window.limit,
        decide_by=call.decide_by,
    )
    counted = _("%(n)s of %(all)s files checked") % {"n": accepted, "all": len(files)}
    return [
        {
            "name": step_words(step, application),
            "state": step.state,
            "at": step.at,
            "zone": call.workshop.zone,
            "note": counted
            if step.stage is Stage.CHECKED and step.state == "current"
            else _("By %(date)s at the latest") % {"date": date_format(step.by, "j F Y")}
            if step.by
            else "",
        }
        for step in made
    ]


def step_words(step: timeline.Step, application: Application) -> str:
    """What a stage is called; an answer is called by what it says."""
    if step.stage is Stage.ANSWER and step.state == "done":
        return str(application.get_status_display())
    if step.stage is Stage.RECEIVED and step.state != "done":
        return _("You send your application")
    return {
        Stage.RECEIVED: _("Application received"),
        Stage.CHECKED: _("Documents checked"),
        Stage.REVIEW: _("Under review"),
        Stage.ANSWER: _("Answer to you"),
        Stage.UNSENT: _("Not sent in time"),
        Stage.WITHDRAWN: _("Withdrawn"),
    }[step.stage]
