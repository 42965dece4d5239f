"""Counting the answers of the eligibility check."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from applications.eligibility import Reason, joined
from applications.models import EligibilityCount
from workshop_portal.audit.actions import record

if TYPE_CHECKING:
    from applications.models import Call
    from workshop_portal.accounts.models import User


@transaction.atomic
def count(call: Call, *, country: str, reasons: Iterable[Reason]) -> None:
    """Count one more person of this country with these reasons, and keep nothing else of them.

    It stands in no trail: who asked is nobody's business.
    """
    tally, _is_new = EligibilityCount.objects.get_or_create(
        call=call, country=country, reasons=joined(reasons)
    )
    EligibilityCount.objects.filter(pk=tally.pk).update(number=F("number") + 1)


@transaction.atomic
def note_export(call: Call, *, kind: str, rows: int, by: User) -> None:
    """Put on record who took the counts out of the portal."""
    record("eligibility.exported", call, about=call.workshop, by=by, kind=kind, rows=rows)
