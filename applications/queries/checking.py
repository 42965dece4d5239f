"""One application as those who check it see it: answers, files, neighbours, story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db.models import Q
from django.utils.dateformat import format as date_words
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from applications import checklist
from applications.models import Application, Decision, Document, RequiredDocument
from applications.queries.staff import DECIDABLE, applications_of
from applications.standard import shown
from workshop_portal import files
from workshop_portal.audit import queries as audit
from workshop_portal.audit.models import DocumentAccess, Entry, name_of

if TYPE_CHECKING:
    from django.db.models import Field

    from workshop_portal.accounts.models import User

# The questions in the order in which staff read them; which exist is the checklist's word.
SECTIONS = {
    "you": gettext_lazy("The person"),
    "organisation": gettext_lazy("The organisation"),
    "work": gettext_lazy("The work"),
    "taking-part": gettext_lazy("Taking part"),
}
AFTER = {"family_name": "given_name", "department": "sector"}
LONGEST_STORY = 200


@dataclass(frozen=True)
class Return:
    """One file that goes back, why, and what the applicant should do."""

    document: Document
    reason: str
    note: str = ""

    @property
    def title(self) -> str:
        return shown(self.document.requirement.title)

    @property
    def reason_words(self) -> str:
        return str(Document.ReturnReason(self.reason).label)


@dataclass
class Slot:
    """A line of the checklist with the file that answers it and those before it."""

    requirement: RequiredDocument
    document: Document | None = None
    older: list[Document] = field(default_factory=list)

    @property
    def is_online(self) -> bool:
        return self.requirement.given == RequiredDocument.Given.ONLINE

    @property
    def is_new(self) -> bool:
        """Whether this file came in after an earlier one was returned, and nobody looked yet."""
        return (
            self.document is not None
            and self.document.status == Document.Status.RECEIVED
            and any(older.status == Document.Status.RETURNED for older in self.older)
        )

    @property
    def state(self) -> tuple[str, str]:
        """The state and its word as staff read it."""
        if self.is_online:
            return "done", _("Filled in")
        if self.document is None:
            return "missing", _("Missing")
        if scan := scan_word(self.document):
            return self.document.scan, scan
        if self.is_new:
            return "new", _("New file to check")
        return self.document.status, state_word(self.document)


def scan_word(document: Document) -> str:
    """Why a file cannot be opened yet; "" when it can."""
    return {
        Document.Scan.WAITING: _("Waiting for the virus check"),
        Document.Scan.HELD: _("Held for a check"),
    }.get(Document.Scan(document.scan), "")


def state_word(document: Document) -> str:
    """The state of a file as staff read it."""
    return {
        Document.Status.RECEIVED: _("To check"),
        Document.Status.RETURNED: _("Returned to the applicant"),
        Document.Status.ACCEPTED: pgettext("document", "Accepted"),
    }[Document.Status(document.status)]


def slots(application: Application) -> list[Slot]:
    """The checklist of an application in its order, in two queries."""
    lines = {
        requirement.pk: Slot(requirement)
        for requirement in application.call.required_documents.all()
    }
    for document in application.documents.order_by("-version"):
        document.application = application
        slot = lines[document.requirement_id]
        document.requirement = slot.requirement
        if document.is_current:
            slot.document = document
        else:
            slot.older.append(document)
    return list(lines.values())


def next_to_check(application: Application) -> Document | None:
    """The first file of an application that nobody has looked at yet."""
    return (
        application.documents.current()
        .scanned()
        .filter(status=Document.Status.RECEIVED)
        .order_by("requirement__order")
        .first()
    )


@dataclass(frozen=True)
class Neighbours:
    before: Application | None
    after: Application | None


def neighbours(application: Application, user: User) -> Neighbours:
    """The applications of the same call beside this one, in the order in which they came in."""
    others = applications_of(application.call, user).exclude(pk=application.pk)
    at = application.submitted_at
    if at is None:
        return Neighbours(None, None)
    earlier = Q(submitted_at__lt=at) | Q(submitted_at=at, pk__lt=application.pk)
    later = Q(submitted_at__gt=at) | Q(submitted_at=at, pk__gt=application.pk)
    few = others.only("pk", "given_name", "family_name")
    return Neighbours(
        before=few.filter(earlier).order_by("-submitted_at", "-pk").first(),
        after=few.filter(later).order_by("submitted_at", "pk").first(),
    )


@dataclass(frozen=True)
class Place:
    """Where a file stands in its application: its line, and the files before and after it."""

    slot: Slot
    before: Document | None
    after: Document | None


def place(document: Document, found: list[Slot]) -> Place:
    """The line of the checklist that a file answers, with its neighbours."""
    here = next(slot for slot in found if slot.requirement.pk == document.requirement_id)
    at = found.index(here)
    before = [slot.document for slot in found[:at] if slot.document]
    after = [slot.document for slot in found[at + 1 :] if slot.document]
    return Place(here, before[-1] if before else None, after[0] if after else None)


def state_of(document: Document, place: Place) -> tuple[str, str]:
    """The state of one file and its word; an older version has only its own."""
    if place.slot.document == document:
        return place.slot.state
    if scan := scan_word(document):
        return document.scan, scan
    return document.status, state_word(document)


def kind_of(document: Document) -> str:
    """How a browser can show it: `pdf`, `image`, or `other` for what it cannot."""
    if document.media_type == files.PDF.media_type:
        return "pdf"
    return "image" if document.media_type.startswith("image/") else "other"


def returnable(application: Application) -> list[Document]:
    """The files that can go back: those that count and are not with the applicant already."""
    return [
        slot.document
        for slot in slots(application)
        if slot.document and slot.document.status != Document.Status.RETURNED
    ]


def pending_decision(application: Application) -> Decision | None:
    """What the committee decided and has not released, if it still counts."""
    decision = getattr(application, "decision", None)
    if decision is None or application.status not in DECIDABLE or decision.released_at:
        return None
    sent = application.submitted_at
    return None if sent and decision.decided_at < sent else decision


# --- Answers ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    term: str
    value: str


@dataclass(frozen=True)
class Section:
    slug: str
    title: str
    answers: list[Answer]


def sections(application: Application) -> list[Section]:
    """Everything that was typed, in words."""
    return [
        Section(slug, str(title), [_answer(application, name) for name in _questions(slug)])
        for slug, title in SECTIONS.items()
    ]


def _questions(section: str) -> list[str]:
    names = list(checklist.ASKED[section])
    for name in checklist.OFFERED.get(section, ()):
        place = names.index(AFTER[name]) + 1 if name in AFTER else len(names)
        names.insert(place, name)
    return names


def _answer(application: Application, name: str) -> Answer:
    column = cast("Field", Application._meta.get_field(name))
    value = getattr(application, name)
    if name in {"country", "nationality"}:
        value = value.name
    elif column.choices:
        value = getattr(application, f"get_{name}_display")()
    elif name == "birth_date" and value:
        value = date_words(value, pgettext("date format", "j F Y"))
    return Answer(capfirst(str(column.verbose_name)), "" if value is None else str(value))


def received(application: Application, found: list[Slot]) -> int:
    """How many lines of the checklist are there."""
    lines = [
        checklist.Slot(
            slug=slot.requirement.slug,
            title=slot.requirement.title,
            online=slot.is_online,
            status=slot.document.status if slot.document else "",
            scan=slot.document.scan if slot.document else "",
        )
        for slot in found
    ]
    return checklist.received(checklist.lines(lines, vars(application)))


# --- The story -------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One line of the story; `confidential` until the decision is released."""

    at: datetime
    who: str
    what: str
    detail: str = ""
    confidential: bool = False


def story(application: Application, found: list[Slot]) -> list[Line]:
    """What happened to an application and who read its files, the newest first, in two queries."""
    decision = getattr(application, "decision", None)
    entries = Entry.objects.about(application)
    if decision:
        entries = entries | Entry.objects.about(decision)
    titles = dict(_titles(found))
    readings = DocumentAccess.objects.about(application).select_related("by")
    lines = [
        *(_told(entry, titles) for entry in entries.select_related("by")[:LONGEST_STORY]),
        *(_read(reading) for reading in readings[:LONGEST_STORY]),
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _titles(found: list[Slot]) -> Iterator[tuple[str, str]]:
    for slot in found:
        for document in (slot.document, *slot.older):
            if document:
                yield name_of(document), shown(slot.requirement.title)


def _read(reading: DocumentAccess) -> Line:
    line = audit.read(reading)
    return Line(at=line.at, who=line.who, what=line.what)


def _told(entry: Entry, titles: dict[str, str]) -> Line:
    line = audit.told(entry)
    details = [titles.get(entry.target, "")]
    if reason := entry.facts.get("reason"):
        details.append(str(dict(Document.ReturnReason.choices).get(reason, reason)))
    if outcome := entry.facts.get("outcome"):
        details.append(str(dict(Decision.Outcome.choices).get(outcome, outcome)))
    details.append(str(entry.facts.get("note", "")))
    return Line(
        at=line.at,
        who=line.who,
        what=line.what,
        detail=" · ".join(detail for detail in details if detail),
        confidential=entry.event in {"decision.made", "decision.overtaken"},
    )
