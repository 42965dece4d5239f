"""The demo's CityShare: two cycles that are over, and one in the middle of rating."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from workshop_portal.demo.cycles import past, present
from workshop_portal.workshops.models import Workshop

if TYPE_CHECKING:
    from cityshare.models import Framework
    from workshop_portal.accounts.models import User


def play(
    framework: Framework,
    *,
    workshops: dict[str, Workshop],
    staff: dict[str, User],
    now: datetime,
) -> list[User]:
    """Let everything happen; gives the accounts that were opened for it.

    `workshops` are the two past ones, `2017` and `2020`, and the one that lies `ahead`.
    """
    people = past.play(framework, workshops=workshops, staff=staff, now=now)
    present.play(framework, workshops["ahead"], staff=staff, now=now)
    return people
