"""What waits for a coordinator in each of their workshops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils import timezone

from applications.models import Application
from applications.queries.deadline import unsent_counts
from applications.queries.staff import UNREACHABLE, decided, state_of_documents
from workshop_portal.workshops.models import Workshop

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


@dataclass(frozen=True)
class Waiting:
    """What waits for a coordinator in one workshop."""

    applications: int = 0
    to_check: int = 0
    replaced: int = 0
    pending: int = 0
    unsent: int = 0
    unreachable: int = 0


def waiting(workshops: Iterable[Workshop], user: User) -> dict[object, Waiting]:
    """What waits in each workshop, in as many queries however many there are."""
    sent = (
        Application.objects.handled_by(user)
        .filter(call__workshop__in=workshops)
        .order_by()
        .values_list("call__workshop")
    )
    to_check = sent.filter(status=Application.Status.SUBMITTED)
    counted = {
        "applications": sent,
        "to_check": to_check.filter(state_of_documents("to_check")),
        "replaced": to_check.filter(state_of_documents("replaced")),
        "pending": sent.filter(decided("pending")),
        "unreachable": sent.filter(UNREACHABLE),
    }
    numbers: dict[object, dict[str, int]] = defaultdict(dict)
    for workshop, number in unsent_counts(workshops, user, now=timezone.now()).items():
        numbers[workshop]["unsent"] = number
    for name, found in counted.items():
        for workshop, number in found.annotate(number=Count("*")):
            numbers[workshop][name] = number
    return {workshop: Waiting(**facts) for workshop, facts in numbers.items()}
