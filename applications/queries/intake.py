"""What the applicant's own pages show, in few queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import timeline
from applications.checklist import ASKED, Line, Slot, State, lines, missing, received, unanswered
from applications.models import (
    Application,
    Document,
    Extension,
    Nomination,
    RequiredDocument,
    Transfer,
)
from applications.queries.evidence import Attempt, attempts_of
from applications.queries.names import must_be_signed_again
from applications.queries.transfer import latest, sentence
from applications.standard import shown
from applications.timeline import Stage
from workshop_portal.templatetags.portal import day_words

if TYPE_CHECKING:
    from applications.models import Receipt
    from applications.models.application import ApplicationQuerySet

WRITABLE = {Application.Status.DRAFT, Application.Status.SUBMITTED}


@dataclass(frozen=True)
class Row:
    """A line of the checklist with what stands behind it; `is_asked` while a nominator is."""

    line: Line
    requirement: RequiredDocument
    document: Document | None
    url: str
    until: datetime
    may_send: bool = False
    transfer: Transfer | None = None
    is_asked: bool = False

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
            State.MISSING: _("See how far it is") if self.is_asked else self._first_step,
            State.ARRIVING: _("Go on with it"),
            State.CHECKING: _("See how far it is"),
            State.RETURNED: _("Send a new file"),
            State.STALE: _("Sign it again"),
        }.get(self.line.state, _("Replace"))
        return [{"url": self.url, "text": text, "main": self.line.state is State.RETURNED}]

    @property
    def _first_step(self) -> str:
        """What a document that nobody has given yet asks for."""
        return {
            RequiredDocument.Signer.APPLICANT: _("Sign or upload it"),
            RequiredDocument.Signer.NOMINATOR: _("Ask the person who nominates you"),
        }.get(RequiredDocument.Signer(self.requirement.signer), _("Upload it"))

    @property
    def word(self) -> str:
        """The state of the line as its applicant reads it."""
        return {
            State.MISSING: _("Waiting for the nominator") if self.is_asked else _("Not sent yet"),
            State.ARRIVING: _("Uploading"),
            State.CHECKING: _("Being checked"),
            State.HELD: _("Held for a check by staff"),
            State.STALE: _("Signed under another name"),
            State.WAITING: _("Received, waiting for the virus check"),
            State.RECEIVED: _("Received"),
            State.RETURNED: _("Returned to you"),
            State.ACCEPTED: _("Checked and accepted"),
        }[self.line.state]

    @property
    def reason(self) -> str:
        """Why a file was not taken or was returned, and what to do, in one text."""
        if self.transfer and (refusal := sentence(self.transfer)):
            return refusal
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
    is_own: bool
    may_finish: bool
    attempts: list[Attempt]

    @property
    def files(self) -> list[Row]:
        return [row for row in self.rows if not row.line.online]

    @property
    def returned(self) -> list[Row]:
        return [row for row in self.rows if row.line.state is State.RETURNED]

    @property
    def unconfirmed(self) -> list[Row]:
        """The lines whose file was taken with a question that nobody has answered yet."""
        return [row for row in self.rows if row.document and row.document.has_open_cautions]

    @property
    def is_complete(self) -> bool:
        return not missing([row.line for row in self.rows])

    @property
    def is_sendable(self) -> bool:
        """Whether it can be sent: everything is here, or on its way."""
        return self.next_row is None

    @property
    def next_row(self) -> Row | None:
        """The first line that is still missing; one that waits for a nominator comes last."""
        on_its_way = {State.ARRIVING, State.CHECKING}
        open_rows = (
            row for row in self.rows if not row.line.is_there and row.line.state not in on_its_way
        )
        return min(open_rows, key=lambda row: row.is_asked, default=None)

    @property
    def stopped(self) -> Attempt | None:
        """The sending that came to nothing, while it is the last thing that was tried."""
        last = self.attempts[0] if self.attempts else None
        return last if last and last.is_stopped else None

    @property
    def progress(self) -> str:
        return progress(self.rows)


def overview(application: Application, *, now: datetime) -> Overview:
    """The application page at the moment `now`, in six queries."""
    extension = extension_of(application)
    found = _with_asked(application, rows(application, now=now), now)
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
        is_own=extension is not None and not extension.is_for_all,
        may_finish=is_open
        and application.status == Application.Status.DRAFT
        and not application.is_being_sent,
        attempts=attempts_of(application),
    )


def _with_asked(application: Application, found: list[Row], now: datetime) -> list[Row]:
    """The lines, with the one marked for which somebody has a personal link that still works."""
    links = Nomination.objects.filter(application=application, expires_at__gte=now)
    asked = links.filter(status=Nomination.Status.INVITED).values_list("requirement", flat=True)
    return [replace(row, is_asked=row.requirement.pk in asked) for row in found]


def extension_of(application: Application) -> Extension | None:
    """The extension that gave this person the deadline in force: their own, or everybody's."""
    reaching = Extension.objects.concerning(
        call=application.call_id, application=application.pk, country=str(application.country)
    )
    return reaching.order_by("until", "made_at").last()


def progress(found: Sequence[Row]) -> str:
    """How far the checklist has come, in words."""
    number = received([row.line for row in found])
    return _("%(number)s of %(all)s documents received") % {"number": number, "all": len(found)}


def rows(application: Application, *, now: datetime | None = None) -> list[Row]:
    """The checklist with its files, in three queries however long it is."""
    current = {document.requirement_id: document for document in current_documents(application)}
    sent = latest(application, current.values())
    requirements = list(application.call.required_documents.all())
    answers = answers_of(application)
    slots = [
        _slot(application, line, current.get(line.pk), sent.get(line.pk)) for line in requirements
    ]
    return [
        _row(application, line, requirement, (current.get(key), sent.get(key)), now)
        for line, requirement in zip(lines(slots, answers), requirements, strict=True)
        for key in [requirement.pk]
    ]


def with_files(applications: ApplicationQuerySet) -> ApplicationQuerySet:
    """With all that their checklists are told from, in four queries however many there are."""
    current = Prefetch(
        "documents", Document.objects.current().with_signer(), to_attr="current_documents"
    )
    sent = Prefetch("transfers", Transfer.objects.unsettled(), to_attr="shown_transfers")
    told = applications.with_deadline().select_related("call__workshop")
    return told.prefetch_related(current, sent, "call__required_documents")


def current_documents(application: Application) -> Sequence[Document]:
    """The files that count; those that a list fetched for all its applications, if it did."""
    fetched: Sequence[Document] | None = getattr(application, "current_documents", None)
    return fetched if fetched is not None else list(application.documents.current().with_signer())


def _row(
    application: Application,
    line: Line,
    requirement: RequiredDocument,
    here: tuple[Document | None, Transfer | None],
    now: datetime | None,
) -> Row:
    document, transfer = here
    name, args = "applications:document", [application.pk, requirement.slug]
    if line.online:
        name, args = "applications:section", [application.pk, next(iter(ASKED))]
    until = last_moment(application, document)
    allowed = now is not None and application.status in WRITABLE and now <= until
    url = reverse(name, args=args)
    return Row(line, requirement, document, url, until, allowed, transfer)


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
    """One line of the checklist with all its versions, in two queries."""
    sent = application.documents.filter(requirement=requirement).with_signer()
    versions = list(sent.order_by("-version"))
    current = next((version for version in versions if version.is_current), None)
    transfer = latest(application, [current] if current else []).get(requirement.pk)
    [line] = lines([_slot(application, requirement, current, transfer)], answers_of(application))
    row = _row(application, line, requirement, (current, transfer), now)
    return Place(row, [version for version in versions if not version.is_current])


def _slot(
    application: Application,
    requirement: RequiredDocument,
    document: Document | None,
    transfer: Transfer | None,
) -> Slot:
    on_its_way = transfer.status if transfer and transfer.status in Transfer.UNDER_WAY else ""
    return Slot(
        slug=requirement.slug,
        title=shown(requirement.title),
        online=requirement.given == RequiredDocument.Given.ONLINE,
        status=document.status if document else "",
        scan=document.scan if document else "",
        transfer=on_its_way,
        is_stale=document is not None and must_be_signed_again(application, document),
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


def steps(application: Application, found: list[Row], *, now: datetime) -> list[dict[str, Any]]:
    """The timeline in words."""
    call = application.call
    files = [row for row in found if not row.line.online]
    accepted = sum(row.line.state is State.ACCEPTED for row in files)
    made = timeline.steps(
        application.status,
        submitted_at=application.submitted_at,
        checked=accepted == len(files),
        closed=now > application.window.limit and not application.is_being_sent,
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
            else _("By %(date)s at the latest") % {"date": day_words(step.by)}
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
