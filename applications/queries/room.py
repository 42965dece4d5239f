"""How much has been sent for one line of the checklist, and how much more may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from applications.models import Application, Document, RequiredDocument, Transfer
from workshop_portal.prepared import prepared

NONE = UUID(int=0)
LARGEST_APPLICATION = 50 * 1024 * 1024


@dataclass(frozen=True)
class Sent:
    """What one line has had so far, and how many bytes a new file for it may have (`room`).

    What is being checked counts as a version already. `attempts` are all files that were ever
    begun, with those that were broken off or not taken; `arriving` are those on their way now.
    `others` has the line, by its id, that a file answers elsewhere, by the SHA-256 of the file.
    """

    versions: int
    attempts: int
    arriving: int
    room: int
    others: Mapping[str, int]


def sent_for(
    application: Application, requirement: RequiredDocument, *, but: Transfer | None = None
) -> Sent:
    """What is known of one line, in two queries, as if the transfer `but` had not been begun.

    The file that a new one replaces makes room for it; what is on its way for other lines has its
    room already.
    """
    begun, room = Counter[str](), LARGEST_APPLICATION
    versions, sizes, others = _documents(application, requirement)
    room -= sum(sizes.values())
    for line, status, number, size in _begun(
        application=application.pk, but=but.pk if but else NONE
    ):
        if line == requirement.pk:
            begun[status] = number
        elif status in Transfer.UNDER_WAY:
            room -= size
    versions += begun[Transfer.Status.CHECKING]
    arriving = begun[Transfer.Status.ARRIVING]
    return Sent(versions, begun.total(), arriving, room, others)


def _documents(
    application: Application, requirement: RequiredDocument
) -> tuple[int, dict[int, int], dict[str, int]]:
    """How many documents a line has had, and of the other lines the size of what answers them and
    which of them each hash belongs to.

    A picture is drawn anew when it is stored: what was sent is known from its transfer.
    """
    ours, sizes, others = set(), dict[int, int](), dict[str, int]()
    for pk, line, size, stored, sent in _counting(
        application=application.pk, requirement=requirement.pk
    ):
        if line == requirement.pk:
            ours.add(pk)
        else:
            sizes[line] = size
            others |= {sha256: line for sha256 in (stored, sent) if sha256}
    return len(ours), sizes, others


@prepared
def _begun(application: UUID, but: UUID) -> QuerySet[Transfer, Any]:
    """The line, the status, how many files there are of it, and their bytes."""
    transfers = Transfer.objects.filter(application=application).exclude(pk=but).order_by()
    files = transfers.values_list("requirement", "status")
    return files.annotate(Count("pk", distinct=True), Sum("pieces__size", default=0))


@prepared
def _counting(application: UUID, requirement: int) -> QuerySet[Document, Any]:
    """Documents that answer a line, or have answered this one, with what was sent for each."""
    documents = Document.objects.filter(application=application)
    counting = documents.filter(Q(is_current=True) | Q(requirement=requirement))
    # The first line of the checklist is the last to be noted, so it is the one that is named.
    rows = counting.order_by("-requirement__order")
    return rows.values_list("pk", "requirement", "size", "sha256", "transfer__pieces__sha256")
