"""A file comes in: checked before, kept for ever, and never without its row."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions.guard import (
    Blocked,
    TooLate,
    check_status,
    check_window,
    hold,
    touch,
    witnessed,
)
from applications.actions.receipts import issue
from applications.models import Application, Document, Transfer
from applications.queries.intake import last_moment
from applications.queries.room import Sent, sent_for
from workshop_portal.audit.actions import record
from workshop_portal.deadlines import State
from workshop_portal.errors import Refused
from workshop_portal.files.quarantine import put_away
from workshop_portal.workflow import advance

if TYPE_CHECKING:
    from applications.models import RequiredDocument
    from workshop_portal.accounts.models import User
    from workshop_portal.files import Checked

logger = logging.getLogger(__name__)
MOST_VERSIONS = 30
# Of one document, with all that were broken off or not taken.
MOST_ATTEMPTS = 200


class NotStored(Refused):
    """The store took nothing at this moment; the same may well succeed in a few minutes."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The file could not be stored at this moment. What you sent earlier is still here. "
                "Please try again in a few minutes."
            )
        )


def attach(
    application: Application,
    requirement: RequiredDocument,
    *,
    checked: Checked,
    arrived_at: datetime,
    by: User | None,
    transfer: Transfer | None = None,
) -> Document:
    """Take a file for a line of the checklist. The version before is kept, and counts no more.

    The `transfer` that brought it is settled in the same transaction.
    """
    document = _document(application, requirement, checked, arrived_at, by, transfer)
    with witnessed("document.upload", application, by=by, arrived_at=arrived_at):
        check_takeable(
            application,
            requirement,
            size=checked.size,
            arrived_at=arrived_at,
            transfer=transfer,
        )
    _store(document, checked)
    try:
        with witnessed("document.upload", application, by=by, arrived_at=arrived_at):
            _put_in_place(document, arrived_at=arrived_at, by=by, transfer=transfer)
    except BaseException:
        _forget(document)
        raise
    return document


def _document(
    application: Application,
    requirement: RequiredDocument,
    checked: Checked,
    arrived_at: datetime,
    by: User | None,
    transfer: Transfer | None,
) -> Document:
    return Document(
        application=application,
        requirement=requirement,
        name=checked.name,
        media_type=checked.kind.media_type,
        size=checked.size,
        sha256=checked.sha256,
        arrived_at=arrived_at,
        uploaded_by=by,
        origin=transfer.origin if transfer else Document.Origin.FILE,
        pages=checked.pages,
        cautions=checked.cautions,
        scan=checked.scan,
    )


def check_takeable(
    application: Application,
    requirement: RequiredDocument,
    *,
    size: int,
    arrived_at: datetime,
    transfer: Transfer | None = None,
) -> Sent:
    """Raise a refusal unless a file may be put here at this moment; gives what the line has had.

    What a `transfer` has brought was in time when it was begun, and stays so. Files that were
    broken off or refused leave rows, of which nobody makes any number.
    """
    check_status(application)
    if transfer is None:
        check_moment(application, requirement, arrived_at)
    sent = sent_for(application, requirement, but=transfer)
    if transfer is None and sent.attempts >= MOST_ATTEMPTS:
        raise Blocked(
            _(
                "%(count)s files have been begun for this document, and more is not possible. "
                "Please write to the training centre."
            )
            % {"count": MOST_ATTEMPTS},
            cause="attempts",
            back=application.get_absolute_url(),
        )
    _check_room(application, sent, size)
    return sent


def _check_room(application: Application, sent: Sent, size: int) -> None:
    if sent.versions >= MOST_VERSIONS:
        raise Blocked(
            _(
                "This document has been replaced %(count)s times, more is not possible. Please "
                "write to the training centre."
            )
            % {"count": MOST_VERSIONS - 1},
            cause="versions",
            back=application.get_absolute_url(),
        )
    if size > sent.room:
        raise Blocked(
            _("All documents together are too large. Please save this one smaller."),
            cause="room",
            back=application.get_absolute_url(),
        )


def check_moment(
    application: Application, requirement: RequiredDocument, arrived_at: datetime
) -> None:
    """Raise a refusal unless a file for this line may arrive at this moment.

    A document that was returned has its own day, which may lie after the deadline.
    """
    if application.state_at(arrived_at) is State.CLOSED:
        current = application.documents.current().filter(requirement=requirement).first()
        until = last_moment(application, current)
        if arrived_at <= until:
            return
        if until > application.window.limit:
            raise TooLate(application.call, arrived_at, application, until)
    check_window(application.call, arrived_at, application)


def _store(document: Document, checked: Checked) -> None:
    try:
        if checked.scan == Document.Scan.HELD:
            document.file.name = put_away(checked.content)
            return
        document.file.save(checked.name, checked.content, save=False)
        if checked.thumbnail:
            document.thumbnail.save("small.jpg", ContentFile(checked.thumbnail), save=False)
    except OSError as problem:
        logger.exception("The store did not take a file")
        _forget(document)
        raise NotStored from problem


def _forget(document: Document) -> None:
    for file in (document.file, document.thumbnail):
        if file:
            file.delete(save=False)


@transaction.atomic
def _put_in_place(
    document: Document, *, arrived_at: datetime, by: User | None, transfer: Transfer | None
) -> None:
    held = hold(document.application)
    requirement = document.requirement
    check_takeable(held, requirement, size=document.size, arrived_at=arrived_at, transfer=transfer)
    versions = held.documents.filter(requirement=requirement)
    document.version = (versions.aggregate(last=Max("version"))["last"] or 0) + 1
    document.is_current = counts(document, versions.current().first())
    if document.is_current:
        versions.current().update(is_current=False)
    document.save(force_insert=True)
    if transfer:
        advance(transfer, Transfer.Status.TAKEN, by=by)
        Transfer.objects.filter(pk=transfer.pk).update(document=document)
    else:
        touch(held)
    record(
        "document.received",
        document,
        about=held,
        by=by,
        document=requirement.slug,
        version=document.version,
        size=document.size,
        sha256=document.sha256,
    )
    if held.status == Application.Status.SUBMITTED and document.is_current:
        issue(held, arrived_at=arrived_at, by=by)


def counts(document: Document, current: Document | None) -> bool:
    """Whether a file takes the place of the one that counts now.

    One that was sent earlier and checked later does not, nor one that is held for a check.
    """
    if current is None:
        return True
    return document.scan != Document.Scan.HELD and document.arrived_at >= current.arrived_at


@transaction.atomic
def keep(application: Application, requirement: RequiredDocument, *, by: User) -> None:
    """Note that the sender read what was noticed in the current file, and means it so."""
    current = application.documents.current().filter(requirement=requirement)
    open_ones = current.filter(cautions_seen_at=None).exclude(cautions=[])
    for document in open_ones:
        Document.objects.filter(pk=document.pk).update(cautions_seen_at=timezone.now())
        record("document.kept", document, about=application, by=by, document=requirement.slug)


@transaction.atomic
def note_refusal(
    application: Application,
    requirement: RequiredDocument,
    *,
    code: str,
    size: int | None,
    sha256: str,
    by: User | None,
) -> None:
    """Keep in the trail that a file was not taken and why, and nothing of what was in it."""
    record(
        "document.refused",
        application,
        about=application.call,
        by=by,
        cause="file",
        document=requirement.slug,
        code=code,
        size=size,
        sha256=sha256,
    )
