"""Files on their way, as their sender's page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import standard
from applications.models import Application, Document, RequiredDocument, Transfer
from workshop_portal import files

BATCH = 50
SAME_FILE = "same_file"
# An upload that began in time is taken if it is whole this long after the limit.
AFTER_THE_LIMIT = timedelta(minutes=15)
# What only the moment forbids; what is wrong with a file itself is for `files.sentence` to say.
SENTENCES = {
    "late": gettext_lazy(
        "“%(name)s” was begun in time, but it was whole more than 15 minutes after the deadline, "
        "so it could not be taken."
    ),
    "unprinted": gettext_lazy(
        "What was signed on the portal could not be printed, so it does not count. Please sign it "
        "again, or send it as a file."
    ),
    "torn": gettext_lazy(
        "“%(name)s” did not arrive as it was sent. Nothing is lost: choose it once more."
    ),
    "status": gettext_lazy(
        "“%(name)s” could not be taken: this application cannot be changed any more."
    ),
    "versions": gettext_lazy(
        "“%(name)s” could not be taken: this document has been replaced too often. Please write to "
        "the training centre."
    ),
    "room": gettext_lazy(
        "“%(name)s” could not be taken: all documents together are too large. Save it smaller and "
        "choose it again."
    ),
}


def under_way(application: Application) -> bool:
    """Whether a file of this application has been sent and is neither taken nor refused yet."""
    return application.transfers.under_way().exists()


def to_check() -> list[object]:
    """What was handed in and no worker looks at: whole files and signed papers, oldest first."""
    free = Q(lease_until=None) | Q(lease_until__lt=Now())
    handed_in = Q(pieces__order=0) | Q(signature__isnull=False)
    waiting = Transfer.objects.filter(free, handed_in, status=Transfer.Status.CHECKING)
    return list(waiting.values_list("pk", flat=True)[:BATCH])


def to_scan() -> list[object]:
    """The documents that the virus scanner has not seen yet, the oldest first."""
    waiting = Document.objects.filter(scan=Document.Scan.WAITING)
    return list(waiting.order_by("arrived_at").values_list("pk", flat=True)[:BATCH])


def held_back() -> QuerySet[Document]:
    """The files that the virus check held back, the oldest first."""
    held = Document.objects.filter(scan=Document.Scan.HELD).order_by("arrived_at")
    return held.select_related("requirement", "application__call__workshop")


def held_up(since: datetime) -> int:
    """How many documents have waited for the virus scanner since then, or longer."""
    return Document.objects.filter(scan=Document.Scan.WAITING, arrived_at__lt=since).count()


def latest(application: Application, current: Iterable[Document]) -> dict[int, Transfer]:
    """What is on its way for each line, or was refused last, by the id of the line.

    A refusal is past when a file has come in after it.
    """
    taken = {document.requirement_id: document.arrived_at for document in current}
    return {
        transfer.requirement_id: transfer
        for transfer in shown(application)
        if transfer.status != Transfer.Status.REFUSED
        or transfer.requirement_id not in taken
        or transfer.begun_at > taken[transfer.requirement_id]
    }


def shown(application: Application) -> Iterable[Transfer]:
    """What its page may speak of; what a list fetched for all its applications, if it did."""
    fetched: Iterable[Transfer] | None = getattr(application, "shown_transfers", None)
    return application.transfers.unsettled() if fetched is None else fetched


def sentence(transfer: Transfer) -> str:
    """Why it was not taken and what to do, in the reader's language; "" for all others."""
    if transfer.status != Transfer.Status.REFUSED:
        return ""
    if transfer.verdict in SENTENCES:
        return SENTENCES[transfer.verdict] % {"name": "", **transfer.facts}
    return files.sentence(transfer.verdict, **transfer.facts)


def same_words(line: int) -> str:
    """The question before the very file that answers another line is sent for this one."""
    title = standard.shown(RequiredDocument.objects.get(pk=line).title)
    return _("This is the same file as your “%(title)s”. Is that right?") % {"title": title}


@dataclass(frozen=True)
class Arrival:
    """What is on its way to a line, or was refused, as its page tells it."""

    transfer: Transfer
    name: str
    size: int
    got: int
    photos: int

    @property
    def is_broken_off(self) -> bool:
        return self.transfer.status == Transfer.Status.ARRIVING

    @property
    def is_being_checked(self) -> bool:
        return self.transfer.status == Transfer.Status.CHECKING

    @property
    def args(self) -> list[object]:
        return [self.transfer.application_id, self.transfer.requirement.slug, self.transfer.pk]

    @property
    def state_url(self) -> str:
        return reverse("applications:transfer-state", args=self.args)

    @property
    def cancel_url(self) -> str:
        return reverse("applications:transfer-cancel", args=self.args)


def arrival(transfer: Transfer) -> Arrival:
    """A transfer with its files counted together, in one query."""
    pieces = list(transfer.pieces.all())
    return Arrival(
        transfer=transfer,
        name=pieces[0].name if pieces else "",
        size=sum(piece.size for piece in pieces),
        got=sum(piece.got for piece in pieces),
        photos=len(pieces),
    )


def cautions(document: Document | None) -> list[str]:
    """What was noticed in a file and not yet confirmed, in words."""
    if document is None or not document.has_open_cautions:
        return []
    return [files.caution_words(caution) for caution in document.cautions]
