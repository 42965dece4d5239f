"""Who nominates an applicant, how far that has come, and what a personal link opens."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from applications.models import Application, Document, Nomination, RequiredDocument, Transfer
from applications.queries.intake import WRITABLE, last_moment
from applications.queries.paper import Facts, text_facts
from applications.queries.transfer import sentence
from applications.wording import same_name, sha256_of, text_of
from workshop_portal.outbox.models import Message

if TYPE_CHECKING:
    from workshop_portal.papers.models import Paper

Status = Nomination.Status
ANSWERABLE = {Status.INVITED, Status.GIVEN}
LINK_LASTS = timedelta(days=14)


def of(application: Application) -> QuerySet[Nomination]:
    """The nomination of an application, if somebody has been asked."""
    return Nomination.objects.filter(application=application).select_related(
        "application__call__workshop", "requirement"
    )


def digest_of(secret: str) -> str:
    """What is kept of a link's secret. The secret has 256 bits, so it needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def nomination_behind(secret: str, *, at: datetime) -> Nomination | None:
    """The nomination that a link opens at that moment.

    None for every link that opens nothing: wrong, replaced, withdrawn, answered or out of time,
    or one whose application is no more to be written. The page says the same of all of them.
    """
    found = (
        Nomination.objects.filter(secret_sha256=digest_of(secret))
        .select_related("application__call__workshop", "application__applicant", "requirement")
        .first()
    )
    return found if found and is_open(found, at=at) else None


def is_open(nomination: Nomination, *, at: datetime) -> bool:
    """Whether the nominator can answer, or give another letter, at that moment."""
    return (
        nomination.status in ANSWERABLE
        and at <= nomination.expires_at
        and nomination.application.status in WRITABLE
    )


def link_limit(application: Application, requirement: RequiredDocument, now: datetime) -> datetime:
    """Until when a link made now lasts: two weeks, and never beyond the day for the letter."""
    current = application.documents.current().filter(requirement=requirement).first()
    return min(now + LINK_LASTS, last_moment(application, current))


def nominator_line(application: Application) -> RequiredDocument | None:
    """The line of the checklist that a nominator answers; None when the call has none."""
    lines = application.call.required_documents
    return lines.filter(signer=RequiredDocument.Signer.NOMINATOR).first()


def is_own(application: Application, *, name: str = "", email: str = "") -> bool:
    """Whether a name or an address is the applicant's own."""
    user = application.applicant
    own = {user.email.casefold(), *(row.email.casefold() for row in user.emailaddress_set.all())}
    return email.casefold() in own or same_name(name, application.name)


# --- How far it has come -------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """A nomination as its applicant and the staff read it; `word` and `status` go on a chip."""

    nomination: Nomination
    status: str
    word: str
    can_write: bool

    @property
    def is_waiting(self) -> bool:
        return self.status in {"pending", "expired", "bounced"}


def progress_of(application: Application, *, now: datetime) -> Progress | None:
    """How far the nomination of an application has come; None when nobody was asked."""
    nomination = of(application).first()
    if nomination is None:
        return None
    status, word = _state(nomination, now)
    if status == "pending" and _came_back(nomination):
        status, word = "bounced", _("The letter came back")
    limit = link_limit(application, nomination.requirement, now)
    can_write = application.status in WRITABLE and now <= limit
    return Progress(nomination, status, word, can_write)


def nomination_of(
    application: Application, requirement: RequiredDocument, *, now: datetime
) -> Progress | None:
    """The same for the page of a line; None also where nobody is to nominate."""
    if requirement.signer != RequiredDocument.Signer.NOMINATOR:
        return None
    return progress_of(application, now=now)


def link_key(nomination: Nomination) -> str:
    """The key of the letter that carries the present link."""
    return f"nomination:{nomination.pk}:link:{nomination.link_number}"


def _came_back(nomination: Nomination) -> bool:
    letters = Message.objects.filter(key=link_key(nomination))
    return letters.filter(state=Message.State.BOUNCED).exists()


def _state(nomination: Nomination, now: datetime) -> tuple[str, str]:
    if nomination.status == Status.INVITED and now > nomination.expires_at:
        return "expired", _("The link has run out")
    return {
        Status.INVITED: ("pending", _("Waiting for an answer")),
        Status.GIVEN: ("received", _("Letter given")),
        Status.DECLINED: ("rejected", _("Declined")),
        Status.REVOKED: ("withdrawn", _("Link withdrawn")),
    }[Status(nomination.status)]


def given_transfer(nomination: Nomination) -> Transfer | None:
    """The letter that came through the present invitation and has been taken, if there is one."""
    return letters_of(nomination).filter(status=Transfer.Status.TAKEN).last()


def to_settle() -> list[Application]:
    """The applications whose nominator's letter has been taken and not been told of."""
    letters = Transfer.objects.filter(
        application=OuterRef("application"),
        requirement=OuterRef("requirement"),
        origin=Document.Origin.NOMINATOR,
        status=Transfer.Status.TAKEN,
        begun_at__gte=OuterRef("invited_at"),
    )
    waiting = Nomination.objects.filter(Exists(letters), status=Status.INVITED)
    return [found.application for found in waiting.select_related("application")]


def letters_of(nomination: Nomination) -> QuerySet[Transfer]:
    """What came in through the present invitation, in the order in which it came."""
    return Transfer.objects.filter(
        application=nomination.application_id,
        requirement=nomination.requirement_id,
        origin=Document.Origin.NOMINATOR,
        begun_at__gte=nomination.invited_at,
    ).order_by("begun_at")


# --- The page behind the link --------------------------------------------------------------


@dataclass(frozen=True)
class Invitation:
    """What the nominator's page says: the letter as it would be signed, and what was given."""

    facts: Facts
    sha256: str
    paper: Paper | None
    is_being_checked: bool
    refusal: str
    given: Document | None


def invitation(nomination: Nomination, paper: Paper | None) -> Invitation:
    """The page of a nomination, in three queries."""
    facts, sha256 = letter_to_sign(nomination)
    last = letters_of(nomination).select_related("document").last()
    taken = letters_of(nomination).filter(document__is_current=True)
    given = taken.select_related("document").last()
    return Invitation(
        facts=facts,
        sha256=sha256,
        paper=paper,
        is_being_checked=last is not None and last.status == Transfer.Status.CHECKING,
        refusal=sentence(last) if last else "",
        given=given.document if given else None,
    )


def letter_to_sign(nomination: Nomination, words: str = "") -> tuple[Facts, str]:
    """The letter with what the nominator adds, and the fingerprint of its text without that."""
    application, requirement = nomination.application, nomination.requirement
    bare = text_facts(application, requirement, nomination)
    return {**bare, "words": words}, sha256_of(text_of(bare))
