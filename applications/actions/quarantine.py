"""What the virus scanner says of a document, and what becomes of one that it held back."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions.attach import counts
from applications.actions.guard import hold
from applications.actions.sending import settle
from applications.models import Document
from workshop_portal import files
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused
from workshop_portal.files.quarantine import discard, put_away, read_back

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User

logger = logging.getLogger(__name__)
Scan = Document.Scan

SCAN = "applications.worker.scan_document"
KEPT = timedelta(days=30)
# What a check finds out about a file.
TAKEN = ("media_type", "size", "sha256", "pages", "cautions")


@transaction.atomic
def note_scan(document: Document, *, verdict: str) -> None:
    """Note what the scanner said of a document that waited for it. Nothing is news twice."""
    if verdict not in {Scan.CLEAN, Scan.HELD}:
        return
    hold(document.application)
    waiting = Document.objects.filter(pk=document.pk, scan=Scan.WAITING)
    if not waiting.update(scan=verdict, scanned_at=timezone.now()):
        return
    if verdict == Scan.HELD:
        # Another file may have come while the scanner looked at this one.
        document.refresh_from_db(fields=["is_current"])
        _lock_away(document)
        record("document.held", document, about=document.application, by=None)
        _bring_back_the_one_before(document)
    settle(document.application_id)


def _lock_away(document: Document) -> None:
    """Move the file to where nobody can read it, and forget its picture."""
    bare = [name for name in (document.file.name, document.thumbnail.name) if name]
    with document.file.open("rb") as content:
        name = put_away(content)
    Document.objects.filter(pk=document.pk).update(file=name, thumbnail="")
    for left in bare:
        transaction.on_commit(partial(discard, left), robust=True)


def _bring_back_the_one_before(document: Document) -> None:
    """A file that is held counts no more where a good one came before it."""
    versions = Document.objects.filter(
        application=document.application_id, requirement=document.requirement_id
    )
    good = versions.filter(version__lt=document.version).exclude(scan=Scan.HELD)
    before = good.exclude(status=Document.Status.RETURNED).order_by("-version").first()
    if document.is_current and before:
        versions.filter(pk=document.pk).update(is_current=False)
        versions.filter(pk=before.pk).update(is_current=True)


def let_go(document: Document, *, by: User) -> None:
    """Take a held file for harmless: it is checked like any other, and is then one like any other.

    The scanner spoke before anything else had been looked at. Raises Refused, and leaves the file
    where it is, when it cannot be taken for another reason.
    """
    checked = _checked(document)
    locked = str(document.file.name)
    document.file.save(checked.name, checked.content, save=False)
    if checked.thumbnail:
        document.thumbnail.save("small.jpg", ContentFile(checked.thumbnail), save=False)
    try:
        _let_go(document, checked, by=by)
    except BaseException:
        for stored in filter(None, (document.file, document.thumbnail)):
            stored.delete(save=False)
        raise
    discard(locked)


def _checked(document: Document) -> files.Checked:
    requirement = document.requirement
    with files.scratch_folder("held") as folder:
        path = folder / "held"
        try:
            path.write_bytes(read_back(str(document.file.name)))
            return files.check(
                [path],
                document.name,
                requirement.kinds,
                limit=min(requirement.size_limit, settings.UPLOAD_LIMIT),
                page_limit=requirement.page_limit,
                names_nobody=requirement.names_nobody,
                is_trusted=True,
            )
        except (OSError, InvalidToken) as problem:
            logger.exception("A held file could not be read back")
            raise Refused(
                _("The file cannot be read back: it is gone, or the key it was locked with is.")
            ) from problem
        except files.NotTaken as verdict:
            raise Refused(" ".join(verdict.messages)) from verdict


@transaction.atomic
def _let_go(document: Document, checked: files.Checked, *, by: User) -> None:
    held = hold(document.application)
    _take(document, scan=Scan.CLEAN)
    versions = held.documents.filter(requirement=document.requirement_id)
    current = versions.current().exclude(pk=document.pk).first()
    document.scan = Scan.CLEAN
    if counts(document, current):
        versions.current().update(is_current=False)
        document.is_current = True
    document.media_type, document.size = checked.kind.media_type, checked.size
    document.sha256, document.pages = checked.sha256, checked.pages
    document.cautions = checked.cautions
    document.save(update_fields=[*TAKEN, "is_current", "file", "thumbnail"])
    record("document.let_go", document, about=held, by=by)
    settle(held.pk)


@transaction.atomic
def remove(document: Document, *, by: User | None) -> None:
    """Delete a held file for ever. That it was there stays in the trail."""
    held = hold(document.application)
    _take(document, scan=Scan.HELD)
    record(
        "document.removed",
        document,
        about=held,
        by=by,
        document=document.requirement.slug,
        size=document.size,
        sha256=document.sha256,
    )
    Document.objects.filter(pk=document.pk).delete()
    transaction.on_commit(partial(discard, str(document.file.name)), robust=True)


def _take(document: Document, *, scan: str) -> None:
    """Hold the row while it is in quarantine; refuse when somebody was quicker."""
    rows = Document.objects.filter(pk=document.pk, scan=Scan.HELD)
    if not rows.update(scan=scan, scanned_at=timezone.now()):
        raise Refused(_("Somebody has decided about this file already."))


def clear() -> None:
    """Delete what has been held for thirty days."""
    old = Document.objects.filter(scan=Scan.HELD, arrived_at__lt=timezone.now() - KEPT)
    for document in old.select_related("application", "requirement"):
        remove(document, by=None)
