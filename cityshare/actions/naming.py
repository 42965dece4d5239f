"""Who gave which rating is told to those who lead for a reason, which goes on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from cityshare.models import Cycle
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused

if TYPE_CHECKING:
    from django.db.models import Model

    from workshop_portal.accounts.models import User


@transaction.atomic
def name_raters(thing: Model, cycle: Cycle, *, reason: str, by: User) -> None:
    """Tell one person who rated: a talk's practice, a city in its comments, or what lies outside.

    `thing` is the talk, the city's team or the cycle. From now on `by` alone reads the names there.
    """
    if not cycle.has_reached(Cycle.Stage.MODERATION):
        raise Refused(_("Ratings are not closed yet."))
    if not reason:
        raise Refused(_("Say why you need to know who gave which level. It goes on record."))
    record("ratings.named", thing, about=cycle, by=by, reason=reason)
