"""Who gave which rating: told to those who lead, one by one, when they have said why.

The trail keeps the reason, and is what says that somebody may know: of a talk, of the comments
about a city, or of what lies outside in a cycle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workshop_portal.audit.models import Entry, name_of

if TYPE_CHECKING:
    from django.db.models import Model

    from cityshare.models import Cycle
    from workshop_portal.accounts.models import User

NAMED = "ratings.named"


def named_in(cycle: Cycle, user: User) -> frozenset[str]:
    """Of what in the cycle this person knows the raters, as the trail names things."""
    asked = Entry.objects.filter(event=NAMED, by=user, about=name_of(cycle))
    return frozenset(asked.values_list("target", flat=True))


def knows_raters_of(thing: Model, cycle: Cycle, user: User) -> bool:
    """Whether this person has said why they need to know the raters of this."""
    return name_of(thing) in named_in(cycle, user)
