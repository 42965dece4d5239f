"""What staff do with the documents of an application: read, accept, return."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from applications.actions.guard import hold
from applications.actions.posting import post_about
from applications.models import Application, Document
from applications.queries.checking import Return
from applications.standard import shown
from workshop_portal.audit.actions import note_reading, record
from workshop_portal.errors import Refused
from workshop_portal.workflow import advance

if TYPE_CHECKING:
    from applications.models import Call
    from workshop_portal.accounts.models import User

log = logging.getLogger(__name__)


def put_on_record(document: Document, *, action: str, by: User) -> bool:
    """Note that somebody reads a document; False when that failed, and then nobody may."""
    try:
        note_reading(
            document,
            action=action,
            title=str(document.requirement.title),
            sha256=document.sha256,
            about=document.application,
            by=by,
        )
    except DatabaseError:
        log.exception("A reading could not be put on record")
        return False
    return True


@transaction.atomic
def accept(document: Document, *, by: User) -> None:
    """Find a file in order."""
    _still_checked(document.application)
    _still_current(document)
    if not document.is_scanned:
        raise Refused(_("Nobody can have read this file yet: its virus check is still to come."))
    advance(document, Document.Status.ACCEPTED, about=document.application, by=by)


@transaction.atomic
def return_documents(
    application: Application, *, returns: Sequence[Return], until: datetime, by: User
) -> None:
    """Send files back, each with its reason, in one letter that names the day they are due."""
    _still_checked(application)
    for line in returns:
        _still_current(line.document)
        Document.objects.filter(pk=line.document.pk).update(
            return_reason=line.reason, return_note=line.note, return_until=until
        )
        advance(
            line.document,
            Document.Status.RETURNED,
            about=application,
            by=by,
            reason=line.reason,
            note=line.note,
            until=until.isoformat(),
        )
    post_about(
        "applications/returned",
        application,
        # A file is returned at most once, so the first one names the occasion.
        key=f"returned:{min(str(line.document.pk) for line in returns)}",
        returns=returns,
        # Before the deadline every file can be replaced, whatever day was set for this one.
        until=max(until, application.closes_at),
    )


def _still_checked(application: Application) -> None:
    """Hold the application, and go on only while its files are being checked."""
    held = hold(application)
    if held.status != Application.Status.SUBMITTED:
        raise Refused(
            _(
                "Documents are checked while an application is submitted. "
                "This one is now: “%(status)s”."
            )
            % {"status": held.get_status_display()}
        )


def _still_current(document: Document) -> None:
    """Hold the file, and go on only while no newer one has taken its place."""
    if not Document.objects.select_for_update().filter(pk=document.pk, is_current=True).exists():
        raise Refused(
            _(
                "A newer file for “%(title)s” has come in meanwhile. Look at that one; "
                "the older one counts no more."
            )
            % {"title": shown(document.requirement.title)}
        )


def note_export(
    call: Call,
    event: str = "applications.exported",
    *,
    by: User,
    kind: str,
    chosen: dict[str, str],
    rows: int,
) -> None:
    """Put on record who took a list out of the portal, how narrowed and how long."""
    record(
        event,
        call,
        about=call.workshop,
        by=by,
        kind=kind,
        chosen=chosen,
        rows=rows,
    )
