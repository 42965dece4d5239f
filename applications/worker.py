"""What the worker does with what was handed in. It is one more user: it calls actions."""

from __future__ import annotations

from pathlib import Path

from celery import shared_task
from django.conf import settings

from applications.actions import nomination, quarantine, signing
from applications.actions import transfer as actions
from applications.actions.attach import NotStored
from applications.models import Document, Signature, Transfer
from workshop_portal import files


@shared_task(time_limit=100)
def check_transfer(transfer_id: str) -> None:
    """Check what has arrived, and make a document of it or refuse it.

    Shorter than the lease: a check that hangs is gone before another takes its place. Whoever
    comes second finds nothing to do.
    """
    transfer = actions.claim(transfer_id)
    if transfer is None:
        return
    try:
        with files.scratch_folder("check") as folder:
            paths = handed_in(transfer, folder)
            actions.conclude(transfer, checked(transfer, paths))
    except files.NotTaken as verdict:
        actions.refuse(transfer, verdict.code, **verdict.params)
    except (OSError, NotStored):
        actions.put_back(transfer)
        raise
    if transfer.origin == Document.Origin.NOMINATOR:
        nomination.settle(transfer.application)


@shared_task(time_limit=100)
def scan_document(document_id: str) -> None:
    """Ask the virus scanner about a document that waits for it."""
    waiting = Document.objects.filter(pk=document_id, scan=Document.Scan.WAITING)
    document = waiting.select_related("application").first()
    if document is None:
        return
    with files.scratch_folder("scan") as folder:
        quarantine.note_scan(document, verdict=files.scan(files.on_disk(document.file, folder)))


def checked(transfer: Transfer, paths: list[Path]) -> files.Checked:
    """The whole check of a file, or of photos of its pages. Raises NotTaken."""
    requirement = transfer.requirement
    pieces = list(transfer.pieces.all())
    name = pieces[0].name if len(pieces) == 1 else f"{requirement.title}.pdf"
    limit = min(requirement.size_limit, settings.UPLOAD_LIMIT)
    return files.check(
        paths,
        name,
        requirement.kinds if pieces else [files.PDF],
        limit=limit,
        page_limit=requirement.page_limit,
        names_nobody=requirement.names_nobody,
    )


def handed_in(transfer: Transfer, folder: Path) -> list[Path]:
    """What was handed in as files of this machine; what was signed here is printed now."""
    if signature := Signature.objects.filter(transfer=transfer).first():
        paper = folder / "signed.pdf"
        paper.write_bytes(signing.printed_paper(signature))
        return [paper]
    return [files.on_disk(piece.file, folder) for piece in transfer.pieces.all()]
