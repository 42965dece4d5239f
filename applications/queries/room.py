"""How much has been sent for one line of the checklist, and how much more may be."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Sum

from applications.models import Application, RequiredDocument, Transfer

LARGEST_APPLICATION = 50 * 1024 * 1024


@dataclass(frozen=True)
class Sent:
    """What one line has had so far, and how many bytes a new file for it may have (`room`).

    What is being checked counts as a version already. `attempts` are all files that were ever
    begun, with those that were broken off or not taken; `arriving` are those on their way now.
    """

    versions: int
    attempts: int
    arriving: int
    room: int


def sent_for(
    application: Application, requirement: RequiredDocument, *, but: Transfer | None = None
) -> Sent:
    """The numbers of one line, in two queries, as if the transfer `but` had not been begun.

    The file that a new one replaces makes room for it; what is on its way for other lines has its
    room already.
    """
    versions, begun, room = 0, Counter[str](), LARGEST_APPLICATION
    documents = application.documents.order_by().values_list("requirement", "is_current")
    for line, is_current, number, size in documents.annotate(Count("pk"), Sum("size")):
        if line == requirement.pk:
            versions += number
        elif is_current:
            room -= size
    transfers = application.transfers.exclude(pk__in=[but.pk] if but else []).order_by()
    files = transfers.values_list("requirement", "status")
    for line, status, number, size in files.annotate(
        Count("pk", distinct=True), Sum("pieces__size", default=0)
    ):
        if line == requirement.pk:
            begun[status] = number
        elif status in Transfer.UNDER_WAY:
            room -= size
    versions += begun[Transfer.Status.CHECKING]
    return Sent(versions, begun.total(), begun[Transfer.Status.ARRIVING], room)
