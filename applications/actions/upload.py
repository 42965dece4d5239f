"""A file comes in piece by piece, and goes on where it was cut off."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from applications.actions.attach import NotStored, check_takeable
from applications.actions.guard import hold, touch, witnessed
from applications.actions.transfer import (
    CHECK,
    abandon_others,
    discard,
    drop,
    keep_file,
    refuse,
)
from applications.models import Application, Piece, Transfer
from applications.queries.intake import last_moment
from applications.queries.transfer import AFTER_THE_LIMIT
from workshop_portal import spool
from workshop_portal.errors import Refused
from workshop_portal.handoff import hand_off
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


def begin(
    application: Application,
    requirement: RequiredDocument,
    *,
    pieces: Sequence[Announced],
    arrived_at: datetime,
    by: User,
    sure: bool = False,
) -> Transfer:
    """Begin an upload, or go on with the one that was broken off: the same files again.

    Everything that can be refused now is refused now; what arrived in time stays in time.
    `sure` is for a file that answers another line too: the person has been asked.
    """
    if known := unfinished(application, requirement, pieces):
        return known
    size = sum(piece.size for piece in pieces)
    with witnessed("document.upload", application, by=by, arrived_at=arrived_at):
        check_takeable(application, requirement, size=size, arrived_at=arrived_at)
        return _open(
            Transfer(
                application=application,
                requirement=requirement,
                begun_at=arrived_at,
                by=by,
                facts={"sure": True} if sure else {},
            ),
            pieces,
        )


def unfinished(
    application: Application, requirement: RequiredDocument, pieces: Sequence[Announced]
) -> Transfer | None:
    """The upload of exactly these files that was begun and is not whole, if there is one."""
    arriving = application.transfers.filter(requirement=requirement, status=Status.ARRIVING)
    wanted = [(piece.size, piece.sha256) for piece in pieces]
    for transfer in arriving.prefetch_related("pieces"):
        announced = [(piece.size, piece.sha256) for piece in transfer.pieces.all()]
        if announced == wanted and all(sha256 for _size, sha256 in announced):
            return transfer
    return None


@transaction.atomic
def _open(transfer: Transfer, pieces: Sequence[Announced]) -> Transfer:
    held = hold(transfer.application)
    check_takeable(
        held,
        transfer.requirement,
        size=sum(piece.size for piece in pieces),
        arrived_at=transfer.begun_at,
    )
    transfer.save(force_insert=True)
    Piece.objects.bulk_create(
        Piece(transfer=transfer, order=order, **vars(piece)) for order, piece in enumerate(pieces)
    )
    abandon_others(transfer)
    touch(held)
    return transfer


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
    try:
        got = offset + spool.append(piece.pk.hex, stream, offset=offset, most=length)
    except OSError as problem:
        logger.exception("The spool did not take a piece")
        raise NotStored from problem
    here = Piece.objects.filter(pk=piece.pk, got=offset, transfer__status=Status.ARRIVING)
    if here.update(got=got):
        earlier = Transfer.objects.filter(pk=piece.transfer_id, moved_at__lt=arrived_at)
        earlier.update(moved_at=arrived_at)
        return got
    piece.refresh_from_db(fields=["got"])
    if not Transfer.objects.filter(pk=piece.transfer_id, status=Status.ARRIVING).exists():
        discard([piece])
    return piece.got


def finish(transfer: Transfer, *, by: User) -> Transfer:
    """Hand a whole upload to the worker, which checks it, and say how the transfer stands now.

    Finishing twice changes nothing. What became whole too late, by its last piece, or is not what
    was announced, is refused here. Raises Refused while bytes are missing.
    """
    pieces = list(transfer.pieces.all())
    if transfer.status != Status.ARRIVING:
        return transfer
    if any(piece.got < piece.size for piece in pieces):
        raise Refused(_("The file is not whole yet."))
    stored: list[Piece] = []
    # Bytes are read and copied while nobody waits for the row.
    is_true = all(piece.sha256 in {"", spool.sha256_of(piece.pk.hex)} for piece in pieces)
    try:
        if is_true:
            _keep_spooled(pieces, stored)
        done = _finish(transfer, pieces, is_true=is_true, by=by)
    except FileNotFoundError:
        done = None
    except BaseException:
        drop(stored)
        raise
    if done is None or done.status == Status.REFUSED:
        drop(stored)
    return done or Transfer.objects.get(pk=transfer.pk)


@transaction.atomic
def _finish(transfer: Transfer, pieces: list[Piece], *, is_true: bool, by: User) -> Transfer | None:
    """The step itself; None when somebody else has taken it."""
    held = _held(transfer)
    if held.status != Status.ARRIVING:
        return None
    if held.moved_at > until(held) + AFTER_THE_LIMIT:
        return refuse(held, "late")
    if not is_true:
        return refuse(held, "torn")
    for piece in pieces:
        piece.save(update_fields=["file"])
    advance(held, Status.CHECKING, by=by)
    hand_off(CHECK, str(held.pk))
    transaction.on_commit(lambda: discard(pieces))
    return held


def until(transfer: Transfer) -> datetime:
    """Until when the first byte had to be here: the deadline, or a returned file's own day."""
    current = transfer.application.documents.current().filter(requirement=transfer.requirement)
    return last_moment(transfer.application, current.first())


def _held(transfer: Transfer) -> Transfer:
    """The row as it is now, with all that its rules ask about, locked until the end.

    Everywhere the application is locked first, and then what belongs to it.
    """
    hold(transfer.application)
    return (
        Transfer.objects.select_for_update(of=("self",))
        .select_related("application__call__workshop", "application__applicant", "requirement")
        .get(pk=transfer.pk)
    )


def _keep_spooled(pieces: Iterable[Piece], stored: list[Piece]) -> None:
    for piece in pieces:
        with spool.path_of(piece.pk.hex).open("rb") as whole:
            keep_file(piece, File(whole), stored)
