"""What leaves a cycle as a file goes on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused

if TYPE_CHECKING:
    from cityshare.models import Cycle
    from workshop_portal.accounts.models import User


@transaction.atomic
def note_takeout(
    cycle: Cycle, *, kind: str, single_ratings: bool = False, reason: str = "", by: User
) -> None:
    """Put on record who took the cycle out, and why with the single ratings."""
    if single_ratings and not reason:
        raise Refused(_("Say why you need to know who gave which level. It goes on record."))
    record(
        "cycle.exported",
        cycle,
        about=cycle.workshop,
        by=by,
        kind=kind,
        single_ratings=single_ratings,
        reason=reason,
    )
