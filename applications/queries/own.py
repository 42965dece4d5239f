"""What is a person's own: nearly every request of an applicant begins with one of these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet

from applications.models import Application, Piece, RequiredDocument
from workshop_portal.accounts.models import User
from workshop_portal.prepared import prepared

if TYPE_CHECKING:
    from applications.models.application import ApplicationQuerySet

# What decides whether an application may be written, and when: columns of its own, and its call's.
OF_IT, OF_CALL = ("status", "country"), ("opens_at", "closes_at", "grace_seconds")


def of_a_page(rows: ApplicationQuerySet) -> ApplicationQuerySet:
    """Applications with what every page about one says; `read_at` is when they were read."""
    return rows.select_related("call__workshop").with_clock()


def seen_by(user: User) -> ApplicationQuerySet:
    """All that this person may see, theirs or not, with their deadlines."""
    return of_a_page(Application.objects.with_deadline()).visible_to(user)


@prepared
def own_application(pk: UUID, user: UUID) -> QuerySet[Application, Application]:
    """An application of this person, with its deadline, or none."""
    theirs = Application.objects.written_by(User(pk=user))
    return of_a_page(theirs.with_deadline()).filter(pk=pk)


@prepared
def own_row(pk: UUID, user: UUID) -> QuerySet[Application, Application]:
    """The same with no more than decides whether it may be written, and when."""
    theirs = of_a_page(Application.objects.written_by(User(pk=user)).filter(pk=pk))
    of_call = (f"call__{name}" for name in ("workshop", "workshop__zone", *OF_CALL))
    return theirs.only("applicant", "call", *OF_IT, *of_call)


@prepared
def decisive(pk: UUID) -> QuerySet[Application, dict[str, Any]]:
    """What decides whether an application may be written, and when, as it is now."""
    return Application.objects.filter(pk=pk).values(*OF_IT, *(f"call__{name}" for name in OF_CALL))


@prepared
def own_piece(
    application: UUID, line: str, transfer: UUID, order: int, user: UUID
) -> QuerySet[Piece, Piece]:
    """One file of an upload of this person, with the upload and its line, or none."""
    visible = Piece.objects.visible_to(User(pk=user))
    of_line = visible.filter(transfer__application=application, transfer__requirement__slug=line)
    here = of_line.filter(transfer=transfer, order=order)
    return here.select_related("transfer__requirement")


@prepared
def upload_line(call: int, slug: str) -> QuerySet[RequiredDocument, RequiredDocument]:
    """The line of a call's checklist to which files can be sent, or none."""
    uploads = RequiredDocument.objects.filter(given=RequiredDocument.Given.UPLOAD)
    return uploads.filter(call=call, slug=slug)
