"""A file comes in piece by piece, and goes on where it was cut off."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from applications.actions.attach import NotStored, check_moment
from applications.actions.guard import lock, witnessed
from applications.actions.transfer import (
    CHECK,
    SameFile,
    abandon_others,
    admit,
    discard,
    drop,
    keep_file,
    refuse,
    stored,
    take_in,
)
from applications.models import Application, Piece, Transfer
from applications.queries.intake import last_moment
from applications.queries.transfer import AFTER_THE_LIMIT
from workshop_portal import spool
from workshop_portal.deadlines import State
from workshop_portal.errors import Refused
from workshop_portal.files import HEAD
from workshop_portal.handoff import hand_off
from workshop_portal.prepared import Changes, prepared, prepared_change
from workshop_portal.workflow import advance

if TYPE_CHECKING:
    from applications.models import RequiredDocument
    from workshop_portal.accounts.models import User

logger = logging.getLogger(__name__)
Status = Transfer.Status


@dataclass(frozen=True)
class Announced:
    """A file as its sender announces it: name, size in bytes, SHA-256 in hex or "" if unknown."""

    name: str
    size: int
    sha256: str = ""


@dataclass
class First:
    """The first bytes of a file, in the spool under `key`; `head` is what its kind is known by.

    Whoever makes a row of them settles them first, and says that they are `kept`.
    """

    key: str
    size: int
    sha256: str
    head: bytes
    kept: bool = False

    def is_all_of(self, file: Announced) -> bool:
        """Whether this is the whole file, and what was announced."""
        return self.size == file.size and file.sha256 in {"", self.sha256}


@contextmanager
def first_bytes(stream: spool.Stream, *, length: int) -> Iterator[First]:
    """What comes of `length` bytes that are sent with an announcement, for as long as the block.

    Raises NotStored.
    """
    key, digest, first = uuid4().hex, hashlib.sha256(), None
    try:
        with _spooling():
            size = spool.append(key, stream, offset=0, most=length, digest=digest)
            first = First(key, size, digest.hexdigest(), spool.head_of(key, HEAD))
        yield first
    finally:
        if first is None or not first.kept:
            spool.discard(key)


@contextmanager
def _spooling() -> Iterator[None]:
    """A block in which bytes come to the disk; raises NotStored when it takes them not."""
    try:
        yield
    except OSError as problem:
        logger.exception("The spool did not take what came")
        raise NotStored from problem


def begin(
    application: Application,
    requirement: RequiredDocument,
    *,
    pieces: Sequence[Announced],
    arrived_at: datetime,
    by: User,
    sure: bool = False,
    first: First | None = None,
) -> Transfer | SameFile:
    """Begin an upload, or go on with the one that was broken off: the same files again, which
    stay as early as they were. A file that comes again whole and in time is taken anew.

    Everything that can be refused now is refused now; what arrived in time stays in time. For a
    file that answers another line too SameFile is returned, and nothing has begun, unless the
    person is `sure` of it: a question is no refusal. A file whose `first` bytes came with its
    announcement goes on from there; one that is whole with them is handed to the worker at once.
    """
    is_whole = first is not None and first.is_all_of(pieces[0])
    # What is whole and in time needs nothing of what was broken off.
    is_new = is_whole and application.state_at(arrived_at) is State.OPEN
    if not is_new and (known := unfinished(application, requirement, pieces)):
        return known
    begun = Transfer(
        application=application,
        requirement=requirement,
        status=Status.CHECKING if is_whole else Status.ARRIVING,
        begun_at=arrived_at,
        by=by,
        facts={"sure": True} if sure else {},
    )
    with witnessed("document.upload", application, by=by, arrived_at=arrived_at):
        check_moment(application, requirement, arrived_at)
        try:
            return _take(begun, pieces, first)
        except SameFile as same:
            return same


def _take(begun: Transfer, files: Sequence[Announced], first: First | None) -> Transfer:
    """Take what is whole, and open an upload for all else."""
    if first and begun.status == Status.CHECKING:
        return _take_whole(begun, files[0], first)
    if first:
        with _spooling():
            spool.settle(first.key)
    return _open(begun, files, first)


def unfinished(
    application: Application, requirement: RequiredDocument, pieces: Sequence[Announced]
) -> Transfer | None:
    """The upload of exactly these files that was begun and is not whole, if there is one."""
    wanted = [(piece.size, piece.sha256) for piece in pieces]
    for transfer in _arriving(application=application.pk, requirement=requirement.pk):
        announced = [(piece.size, piece.sha256) for piece in transfer.pieces.all()]
        if announced == wanted and all(sha256 for _size, sha256 in announced):
            transfer.requirement = requirement
            return transfer
    return None


@prepared
def _arriving(application: UUID, requirement: int) -> QuerySet[Transfer, Transfer]:
    """What is on its way for a line, with its files."""
    of_line = Transfer.objects.filter(application=application, requirement=requirement)
    return of_line.filter(status=Status.ARRIVING).prefetch_related("pieces")


def _take_whole(begun: Transfer, file: Announced, first: First) -> Transfer:
    with (
        spool.Spooled(first.key, name=file.name, sha256=first.sha256) as upload,
        stored([upload]) as pieces,
    ):
        doubt = "" if begun.facts.get("sure") else first.sha256
        return take_in(begun, pieces=pieces, doubt=doubt)


@transaction.atomic
def _open(begun: Transfer, files: Sequence[Announced], first: First | None) -> Transfer:
    doubt = "" if begun.facts.get("sure") else files[0].sha256
    sent = admit(begun, size=sum(file.size for file in files), doubt=doubt)
    if sent.arriving and (known := unfinished(begun.application, begun.requirement, files)):
        # The same announcement had come twice at once: a browser sends again what a line lost.
        return known
    pieces = [Piece(transfer=begun, order=n, **vars(file)) for n, file in enumerate(files)]
    if first:
        # What came with the announcement had arrived when the announcement had.
        begun.moved_at = begun.begun_at
        pieces[0].pk, pieces[0].got = UUID(first.key), first.size
    Transfer.objects.bulk_create([begun])
    Piece.objects.bulk_create(pieces)
    if first:
        first.kept = True
    if sent.arriving:
        abandon_others(begun)
    return begun


def take_piece(
    piece: Piece, stream: spool.Stream, *, offset: int, length: int, arrived_at: datetime
) -> int:
    """Put `length` bytes of `stream` at `offset`, and say how many bytes of the file are here.

    Less than `offset + length` means that they did not fit, or broke off: the sender goes on
    from what this says. Bytes that are here already may be sent again; nothing happens. When the
    last of them arrived the upload was whole, whenever it is finished.
    """
    if piece.transfer.status != Status.ARRIVING:
        raise Refused(_("This upload has ended. Choose the file again if it is not here."))
    if offset != piece.got or offset + length > piece.size:
        return piece.got
    with _spooling():
        got = offset + spool.append(piece.pk.hex, stream, offset=offset, most=length)
        # The upload may have ended meanwhile, and its file be gone: the row below knows it.
        with suppress(FileNotFoundError):
            spool.settle(piece.pk.hex)
    if _came(pk=piece.pk, after=offset, got=got):
        _moved(pk=piece.transfer_id, at=arrived_at)
        return got
    piece.refresh_from_db(fields=["got"])
    if not Transfer.objects.filter(pk=piece.transfer_id, status=Status.ARRIVING).exists():
        discard([piece])
    return piece.got


@prepared_change
def _came(pk: UUID, after: int, got: int) -> Changes:
    """What came of a file goes on from what was here, while its upload goes on."""
    here = Piece.objects.filter(pk=pk, got=after, transfer__status=Status.ARRIVING)
    return here, {"got": got}


@prepared_change
def _moved(pk: UUID, at: datetime) -> Changes:
    """The latest moment at which something of an upload arrived."""
    return Transfer.objects.filter(pk=pk, moved_at__lt=at), {"moved_at": at}


def finish(transfer: Transfer, *, by: User) -> Transfer:
    """Hand a whole upload to the worker, which checks it, and say how the transfer stands now.

    Finishing twice changes nothing. What became whole too late, by its last piece, or is not what
    was announced, is refused here. Raises Refused while bytes are missing.
    """
    pieces = _files(transfer=transfer.pk)
    if transfer.status != Status.ARRIVING:
        return transfer
    if any(piece.got < piece.size for piece in pieces):
        raise Refused(_("The file is not whole yet."))
    kept: list[Piece] = []
    # Bytes are read and copied while nobody waits for the row.
    is_true = all(piece.sha256 in {"", spool.sha256_of(piece.pk.hex)} for piece in pieces)
    try:
        if is_true:
            _keep_spooled(pieces, kept)
        done = _finish(transfer, pieces, is_true=is_true, by=by)
    except FileNotFoundError:
        done = None
    except BaseException:
        drop(kept)
        raise
    if done is None or done.status == Status.REFUSED:
        drop(kept)
    return done or Transfer.objects.get(pk=transfer.pk)


@prepared
def _files(transfer: UUID) -> QuerySet[Piece, Piece]:
    """The files of an upload in their order."""
    return Piece.objects.filter(transfer=transfer)


@prepared_change
def _lies_at(pk: UUID, file: str) -> Changes:
    """Where the store keeps a file, by the store's own name."""
    return Piece.objects.filter(pk=pk), {"file": file}


@transaction.atomic
def _finish(transfer: Transfer, pieces: list[Piece], *, is_true: bool, by: User) -> Transfer | None:
    """The step itself; None when somebody else has taken it."""
    held = _held(transfer)
    if held.status != Status.ARRIVING:
        return None
    if _is_late(held):
        return refuse(held, "late")
    if not is_true:
        return refuse(held, "torn")
    for piece in pieces:
        _lies_at(pk=piece.pk, file=str(piece.file.name))
    advance(held, Status.CHECKING, by=by)
    hand_off(CHECK, str(held.pk))
    transaction.on_commit(lambda: discard(pieces))
    return held


def _is_late(transfer: Transfer) -> bool:
    """Whether its last byte came too long after the moment until which its first one could."""
    whole_at = transfer.moved_at - AFTER_THE_LIMIT
    is_over = transfer.application.state_at(whole_at) is State.CLOSED
    return is_over and whole_at > until(transfer)


def until(transfer: Transfer) -> datetime:
    """Until when the first byte had to be here: the deadline, or a returned file's own day."""
    current = transfer.application.documents.current().filter(requirement=transfer.requirement)
    return last_moment(transfer.application, current.first())


def _held(transfer: Transfer) -> Transfer:
    """The row as it is now, with all that its rules ask about, locked until the end.

    Everywhere the application is locked first, and then what belongs to it.
    """
    lock(transfer.application_id)
    return _held_rows.one(pk=transfer.pk)


@prepared
def _held_rows(pk: UUID) -> QuerySet[Transfer, Transfer]:
    """The upload of that key with its application and its line, locked, or none."""
    rows = Transfer.objects.select_for_update(of=("self",)).filter(pk=pk)
    return rows.select_related(
        "application__call__workshop", "application__applicant", "requirement"
    )


def _keep_spooled(pieces: Iterable[Piece], kept: list[Piece]) -> None:
    for piece in pieces:
        with spool.Spooled(piece.pk.hex) as whole:
            keep_file(piece, whole, kept)
