"""Before a real city is rated, everybody rates invented ones and sees the agreed levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cityshare.models import CalibrationRating, Cycle, Dossier, DossierCase, Member
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


@transaction.atomic
def calibrate(
    member: Member, dossier: Dossier, *, levels: Mapping[DossierCase, int], by: User
) -> None:
    """Keep what a person gave to the cases of an invented city, once and for ever.

    A second answer would be one that has seen the agreed levels.
    """
    cycle = member.team.cycle
    if not cycle.has_reached(Cycle.Stage.SELF) or cycle.has_reached(Cycle.Stage.MODERATION):
        raise Refused(
            _("The invented cities are rated before the real ones. This is not the time for it.")
        )
    rows = [
        CalibrationRating(cycle=cycle, person_id=member.user_id, case=case, level=level)
        for case, level in levels.items()
    ]
    try:
        with transaction.atomic():
            CalibrationRating.objects.bulk_create(rows)
    except IntegrityError as known:
        raise Refused(
            _("You have rated this invented city already. Its agreed levels are shown to you.")
        ) from known
    record("calibration.given", dossier, about=member.team, by=by, cases=len(rows))
