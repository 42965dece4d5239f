"""What must always be true of what is stored, looked up row by row and file by file.

It may run beside the portal, after a fault and after a backup was restored: `findings` writes
nothing, and `sweep` takes only files that nobody has asked for in a week.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from applications.models import Application, Document, RequiredDocument
from workshop_portal.files.quarantine import PREFIX as QUARANTINE
from workshop_portal.papers.models import Paper

CHUNK = 256 * 1024
# A file is stored before its row: what is younger may still be waiting for it.
YOUNG = timedelta(hours=1)
# How long a file without a row is only reported; somebody may still say whose it is.
REPORTED = timedelta(days=7)
Status = Application.Status
NEVER_SENT = (Status.DRAFT, Status.WITHDRAWN)


def findings() -> Iterator[str]:
    """A line for everything that is not as it must be; nothing when all is well."""
    yield from _wrong_documents()
    yield from _wrong_papers()
    yield from _incomplete_applications()
    yield from _sent_without_receipt()
    yield from (f"file without a row: {name}" for name in stray_files(older_than=YOUNG))


def _wrong_documents() -> Iterator[str]:
    for document in Document.objects.order_by("arrived_at").iterator():
        is_sealed = document.scan == Document.Scan.HELD
        if fault := _fault(document.file.name, document, is_sealed=is_sealed):
            yield f"document {document.pk}: {fault}"


def _wrong_papers() -> Iterator[str]:
    for paper in Paper.objects.filter(state=Paper.State.READY).order_by("ready_at").iterator():
        if fault := _fault(paper.file.name, paper):
            yield f"paper {paper.pk}: {fault}"


def _fault(name: str | None, row: Document | Paper, *, is_sealed: bool = False) -> str:
    """What is wrong with the file of a row; of one that is locked away only that it is gone."""
    if not name or not default_storage.exists(name):
        return "its file is not there"
    if is_sealed:
        return ""
    size, sha256 = _measured(name)
    if size != row.size:
        return f"its file has {size} bytes instead of {row.size}"
    return "" if sha256 == row.sha256 else "its file is not the one that was stored"


def _measured(name: str) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with default_storage.open(name) as file:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            digest.update(chunk)
    return size, digest.hexdigest()


def _incomplete_applications() -> Iterator[str]:
    """Who has sent an application has given every document that its call asks for as a file."""
    wanted: dict[int, set[int]] = {}
    asked = RequiredDocument.objects.filter(given=RequiredDocument.Given.UPLOAD)
    for call, line in asked.values_list("call", "pk"):
        wanted.setdefault(call, set()).add(line)
    given: dict[object, set[int]] = {}
    for application, line in Document.objects.current().values_list("application", "requirement"):
        given.setdefault(application, set()).add(line)
    sent = Application.objects.exclude(status__in=NEVER_SENT).order_by("started_at")
    for pk, call in sent.values_list("pk", "call"):
        if lacking := wanted.get(call, set()) - given.get(pk, set()):
            yield f"application {pk}: sent, and lacks {len(lacking)} of its documents"


def _sent_without_receipt() -> Iterator[str]:
    sent = Application.objects.exclude(status__in=NEVER_SENT).filter(receipts=None)
    for pk in sent.order_by("started_at").values_list("pk", flat=True):
        yield f"application {pk}: sent, and has no receipt"


# --- Files without rows ------------------------------------------------------------------


def stray_files(*, older_than: timedelta) -> list[str]:
    """The stored files that no row names and that are at least that old, by name."""
    known, since = set(_named_files()), timezone.now() - older_than
    strays = [name for name in _stored_files() if name not in known]
    return sorted(name for name in strays if _is_older(name, since))


def _is_older(name: str, since: datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) <= since
    except FileNotFoundError:
        return False


def sweep() -> list[str]:
    """Delete the files that no row has named for a week; gives their names."""
    strays = stray_files(older_than=REPORTED)
    for name in strays:
        default_storage.delete(name)
    return strays


def _named_files() -> Iterator[str]:
    """The names in every column of every table that holds files."""
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, models.FileField):
                rows = model._default_manager.values_list(column.name, flat=True)
                yield from rows.iterator()


def _stored_files(folder: str = "") -> Iterator[str]:
    """Every stored file, but for those locked away, which expire by themselves."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" if folder else name for name in names)
    for inner in folders:
        if (path := f"{folder}/{inner}" if folder else inner) != QUARANTINE:
            yield from _stored_files(path)
