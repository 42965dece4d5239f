"""A file comes in piece by piece, waits for its check, and becomes a document or is refused."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.files import File
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from applications.actions.attach import (
    NotStored,
    attach,
    check_takeable,
    note_refusal,
)
from applications.actions.guard import Blocked, hold, hold_with_touch, lock, witnessed
from applications.actions.sending import settle
from applications.models import Application, Document, Piece, RequiredDocument, Transfer
from applications.queries.room import Sent, sent_for
from applications.queries.transfer import SAME_FILE
from workshop_portal import spool
from workshop_portal.files import FORGOTTEN, shown_name
from workshop_portal.handoff import hand_off
from workshop_portal.workflow import advance

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from workshop_portal.accounts.models import User
    from workshop_portal.files import Checked

logger = logging.getLogger(__name__)
Status = Transfer.Status

CHECK = "applications.worker.check_transfer"
# How long a broken upload waits for its sender to go on.
PATIENCE = timedelta(hours=24)
LEASE = timedelta(seconds=120)
TRIES = 3


# --- Broken off ------------------------------------------------------------------------


def abandon_others(transfer: Transfer) -> None:
    """Whoever sends another file for a line has given up the one that was on its way."""
    line = Transfer.objects.filter(
        application=transfer.application, requirement=transfer.requirement
    )
    for other in line.filter(status=Status.ARRIVING).exclude(pk=transfer.pk):
        abandon(other, by=transfer.by)


@transaction.atomic
def abandon(transfer: Transfer, *, by: User | None) -> None:
    """Break an upload off: what has come of it is deleted."""
    lock(transfer.application_id)
    advance(transfer, Status.ABANDONED, by=by)
    pieces = list(transfer.pieces.all())
    transaction.on_commit(lambda: discard(pieces))
    settle(transfer.application_id)


def abandon_stale() -> None:
    """Break off what nobody has gone on with for a day."""
    silent = Transfer.objects.filter(status=Status.ARRIVING, moved_at__lt=timezone.now() - PATIENCE)
    for transfer in silent:
        abandon(transfer, by=None)


# --- In one go -------------------------------------------------------------------------


def hand_in(
    application: Application,
    requirement: RequiredDocument,
    *,
    origin: str = Document.Origin.FILE,
    arrived_at: datetime,
    by: User | None,
    uploads: Sequence[UploadedFile] = (),
) -> Transfer:
    """Take an answer to a line of the checklist that is whole, and leave it to the worker.

    `uploads` are the file, or photos of its pages in their order; the worker checks and concludes
    them. Without any, whoever calls makes the file and calls `conclude`: a paper that was signed
    on the portal. `by` is None for a nominator, who has no account.
    """
    size = sum(upload.size or 0 for upload in uploads)
    with witnessed("document.upload", application, by=by, arrived_at=arrived_at):
        check_takeable(application, requirement, size=size, arrived_at=arrived_at)
    begun = Transfer(
        application=application,
        requirement=requirement,
        origin=origin,
        status=Status.CHECKING,
        begun_at=arrived_at,
        by=by,
    )
    with (
        stored(uploads) as pieces,
        witnessed("document.upload", application, by=by, arrived_at=arrived_at),
    ):
        return take_in(begun, pieces=pieces)


@contextmanager
def stored(uploads: Sequence[File]) -> Iterator[list[Piece]]:
    """Pieces whose files lie in the store, for a block that puts them on record with `take_in`.

    A store may be slow, so nobody holds a row while this begins. When the block ends badly the
    files are gone again. Raises NotStored.
    """
    pieces: list[Piece] = []
    try:
        for order, upload in enumerate(uploads):
            keep_file(_piece(order, upload), upload, pieces)
        yield pieces
    except BaseException:
        drop(pieces)
        raise


def _piece(order: int, upload: File) -> Piece:
    size = upload.size or 0
    return Piece(
        order=order,
        name=shown_name(upload.name or ""),
        size=size,
        got=size,
        sha256=getattr(upload, "sha256", ""),
    )


class SameFile(Exception):
    """The very file answers another `line`, by its id: whoever sends it is asked first.

    It ends the transaction and is no refusal: nothing of it is kept in the trail.
    """

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def admit(begun: Transfer, *, size: int, doubt: str = "") -> Sent:
    """Lock the application for what begins, and say what its line has had.

    Raises a refusal when it may not be put there, and SameFile when the file of the SHA-256
    `doubt` answers another line.
    """
    hold_with_touch(begun.application)
    line, moment = begun.requirement, begun.begun_at
    sent = check_takeable(begun.application, line, size=size, arrived_at=moment)
    if doubt in sent.others:
        raise SameFile(sent.others[doubt])
    return sent


@transaction.atomic
def take_in(begun: Transfer, *, pieces: Sequence[Piece], doubt: str = "") -> Transfer:
    """Put a whole answer on record, if it may be put there, and leave its pieces to the worker.

    `begun` says of what and whose it is, with the status of one that waits for its check; `doubt`
    and what is raised are those of `admit`.
    """
    sent = admit(begun, size=sum(piece.size for piece in pieces), doubt=doubt)
    Transfer.objects.bulk_create([begun])
    for piece in pieces:
        piece.transfer = begun
    Piece.objects.bulk_create(pieces)
    if sent.arriving:
        abandon_others(begun)
    if pieces:
        hand_off(CHECK, str(begun.pk))
    return begun


# --- The check and its end -------------------------------------------------------------


def claim(transfer_id: str) -> Transfer | None:
    """Take a waiting transfer to work on it; None when it is somebody else's, or settled."""
    free = Q(lease_until=None) | Q(lease_until__lt=Now())
    waiting = Transfer.objects.filter(status=Status.CHECKING, tries__lt=TRIES)
    found = waiting.filter(free, pk=transfer_id).select_related(
        "application__call__workshop", "application__applicant", "requirement", "by"
    )
    transfer = found.first()
    # The number of the try is the claim: only one worker can take it from n to n + 1.
    if transfer is None or not waiting.filter(pk=transfer.pk, tries=transfer.tries).update(
        tries=F("tries") + 1, lease_until=Now() + LEASE
    ):
        return None
    return transfer


def put_back(transfer: Transfer) -> None:
    """Let it wait for another try that counts as this one: the store failed, and not the file."""
    waiting = Transfer.objects.filter(pk=transfer.pk, status=Status.CHECKING, tries__gt=0)
    waiting.update(tries=F("tries") - 1)


def conclude(transfer: Transfer, checked: Checked) -> Document | None:
    """Make a document of what was checked; None when it may not be put there any more.

    Raises NotStored when the store took nothing: the transfer stays, for another try.
    """
    application, requirement = transfer.application, transfer.requirement
    checked = replace(checked, cautions=[*checked.cautions, *_same(transfer)])
    try:
        document = attach(
            application,
            requirement,
            checked=checked,
            arrived_at=transfer.begun_at,
            by=transfer.by,
            transfer=transfer,
        )
    except Blocked as reason:
        refuse(transfer, reason.cause)
        return None
    drop(transfer.pieces.all())
    settle(application.pk)
    return document


def _same(transfer: Transfer) -> list[dict[str, str]]:
    """A caution when the same file answers another line, unless the person said it is right."""
    if transfer.facts.get("sure"):
        return []
    sent = [piece.sha256 for piece in transfer.pieces.all()]
    if len(sent) != 1:
        return []
    others = sent_for(transfer.application, transfer.requirement, but=transfer).others
    if sent[0] not in others:
        return []
    return [{"code": SAME_FILE, "line": RequiredDocument.objects.get(pk=others[sent[0]]).slug}]


@transaction.atomic
def refuse(transfer: Transfer, code: str, **facts: object) -> Transfer:
    """Take it not: its bytes are deleted, and its sender reads why.

    `code` and `facts` are those of `files.sentence`, or a word of `queries.transfer.SENTENCES`.
    """
    hold(transfer.application)
    pieces = list(transfer.pieces.all())
    said = {"name": pieces[0].name if pieces else "", **facts}
    Transfer.objects.filter(pk=transfer.pk).update(verdict=code, facts=said)
    advance(transfer, Status.REFUSED, by=transfer.by)
    transfer.verdict, transfer.facts = code, said
    note_refusal(
        transfer.application,
        transfer.requirement,
        code=code,
        size=sum(piece.size for piece in pieces),
        sha256=pieces[0].sha256 if pieces else "",
        by=transfer.by,
    )
    transaction.on_commit(lambda: discard(pieces))
    transaction.on_commit(lambda: drop(pieces))
    settle(transfer.application_id)
    return transfer


def give_up() -> None:
    """Refuse what has ended a worker three times."""
    over = Transfer.objects.filter(status=Status.CHECKING, tries__gte=TRIES, lease_until__lt=Now())
    for transfer in over.select_related("application", "requirement", "by"):
        refuse(transfer, "unchecked" if transfer.pieces.exists() else "unprinted")


# --- Bytes -----------------------------------------------------------------------------


def keep_file(piece: Piece, content: File, stored: list[Piece]) -> None:
    """Store the file of a piece and note in `stored` that it lies there; raises NotStored."""
    try:
        piece.file.save(piece.name, content, save=False)
    except OSError as problem:
        logger.exception("The store did not take a file")
        raise NotStored from problem
    stored.append(piece)


def drop(pieces: Iterable[Piece]) -> None:
    """Delete the files of pieces that have done their work; the rows say what they were."""
    for piece in pieces:
        if name := piece.file.name:
            piece.file.delete(save=False)
            Piece.objects.filter(pk=piece.pk, file=name).update(file="")


def discard(pieces: Iterable[Piece]) -> None:
    for piece in pieces:
        spool.discard(piece.pk.hex)


def sweep() -> None:
    """Delete what a process that was killed could not: files of uploads that have ended."""
    ended = Piece.objects.exclude(transfer__status__in=Transfer.UNDER_WAY)
    drop(ended.exclude(file=""))
    arriving = Piece.objects.filter(transfer__status=Status.ARRIVING)
    expected = {key.hex for key in arriving.values_list("pk", flat=True)}
    spool.sweep(but=expected, before=timezone.now() - FORGOTTEN)
