"""A file comes in: checked before, kept for ever, and never without its row."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions.guard import TooLate, check_status, check_window, hold, witnessed
from applications.actions.receipts import issue
from applications.models import Application, Document
from applications.queries.intake import last_moment, room_left
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused

if TYPE_CHECKING:
    from applications.models import RequiredDocument
    from workshop_portal.accounts.models import User
    from workshop_portal.files import Checked

logger = logging.getLogger(__name__)
MOST_VERSIONS = 30


def attach(
    application: Application,
    requirement: RequiredDocument,
    *,
    checked: Checked,
    arrived_at: datetime,
    by: User,
) -> Document:
    """Take a file for a line of the checklist. The version before is kept, and counts no more."""
    document = Document(
        application=application,
        requirement=requirement,
        name=checked.name,
        media_type=checked.kind.media_type,
        size=checked.size,
        sha256=checked.sha256,
        arrived_at=arrived_at,
        uploaded_by=by,
    )
    with witnessed("document.upload", application, by=by, arrived_at=arrived_at):
        check_takeable(application, requirement, size=checked.size, arrived_at=arrived_at)
    _store(document, checked)
    try:
        with witnessed("document.upload", application, by=by, arrived_at=arrived_at):
            _put_in_place(document, arrived_at=arrived_at, by=by)
    except BaseException:
        document.file.delete(save=False)
        raise
    return document


def check_takeable(
    application: Application, requirement: RequiredDocument, *, size: int, arrived_at: datetime
) -> None:
    """Raise a refusal unless a file may be put here at this moment.

    A document that was returned has its own day, which may lie after the deadline.
    """
    check_status(application)
    current = application.documents.current().filter(requirement=requirement).first()
    until = last_moment(application, current)
    if until > application.window.limit:
        if arrived_at > until:
            raise TooLate(application.call, arrived_at, application, until)
    else:
        check_window(application.call, arrived_at, application)
    if requirement.documents.filter(application=application).count() >= MOST_VERSIONS:
        raise Refused(
            _(
                "This document has been replaced %(count)s times, more is not possible. Please "
                "write to the training centre."
            )
            % {"count": MOST_VERSIONS - 1}
        )
    if size > room_left(application, requirement):
        raise Refused(_("All documents together are too large. Please save this one smaller."))


def _store(document: Document, checked: Checked) -> None:
    try:
        document.file.save(checked.name, checked.content, save=False)
    except OSError as problem:
        logger.exception("The store did not take a file")
        raise Refused(
            _(
                "The file could not be stored at this moment. What you sent earlier is still here. "
                "Please try again in a few minutes."
            )
        ) from problem


@transaction.atomic
def _put_in_place(document: Document, *, arrived_at: datetime, by: User) -> None:
    held = hold(document.application)
    requirement = document.requirement
    check_takeable(held, requirement, size=document.size, arrived_at=arrived_at)
    versions = held.documents.filter(requirement=requirement)
    document.version = (versions.aggregate(last=Max("version"))["last"] or 0) + 1
    versions.current().update(is_current=False)
    document.save(force_insert=True)
    Application.objects.filter(pk=held.pk).update(
        version=F("version") + 1, changed_at=timezone.now()
    )
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
    if held.status == Application.Status.SUBMITTED:
        issue(held, arrived_at=arrived_at, by=by)


@transaction.atomic
def note_refusal(
    application: Application,
    requirement: RequiredDocument,
    *,
    code: str,
    size: int | None,
    sha256: str,
    by: User,
) -> None:
    """Keep in the trail that a file was not taken and why, and nothing of what was in it."""
    record(
        "document.refused",
        application,
        by=by,
        document=requirement.slug,
        code=code,
        size=size,
        sha256=sha256,
    )
