"""How much has been sent for one line of the checklist, and how much more may be."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from applications.models import Application, RequiredDocument, Transfer

LARGEST_APPLICATION = 50 * 1024 * 1024


@dataclass(frozen=True)
class Sent:
    """What one line has had so far, and how many bytes a new file for it may have (`room`).

    What is being checked counts as a version already. `attempts` are all files that were ever
    begun, with those that were broken off or not taken.
    """

    versions: int
    attempts: int
    room: int


def sent_for(
    application: Application, requirement: RequiredDocument, *, but: Transfer | None = None
) -> Sent:
    """The numbers of one line, in two queries, as if the transfer `but` had not been begun.

    The file that a new one replaces makes room for it; what is on its way for other lines has its
    room already.
    """
    here = Q(requirement=requirement)
    documents = application.documents.aggregate(
        versions=Count("pk", filter=here), taken=Sum("size", filter=~here & Q(is_current=True))
    )
    checking = here & Q(status=Transfer.Status.CHECKING)
    under_way = ~here & Q(status__in=Transfer.UNDER_WAY)
    transfers = application.transfers.exclude(pk__in=[but.pk] if but else []).aggregate(
        checking=Count("pk", filter=checking, distinct=True),
        attempts=Count("pk", filter=here, distinct=True),
        promised=Sum("pieces__size", filter=under_way),
    )
    return Sent(
        versions=documents["versions"] + transfers["checking"],
        attempts=transfers["attempts"],
        room=LARGEST_APPLICATION - (documents["taken"] or 0) - (transfers["promised"] or 0),
    )
