"""What happens to words about a city: it says whether they help, and what must not stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cityshare.actions.posting import post_to_leads
from cityshare.models import Cycle, PeerRating
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


def still_open(rating: PeerRating) -> Cycle:
    """The cycle of a comment, if it is neither before the moderation nor over."""
    cycle = rating.assignment.rated.cycle
    if not cycle.has_reached(Cycle.Stage.MODERATION) or cycle.status == Cycle.Stage.CLOSED:
        raise Refused(_("Comments can be looked at and marked from the moderation on."))
    return cycle


@transaction.atomic
def mark(rating: PeerRating, *, useful: bool | None, by: User) -> None:
    """The rated city says whether a comment helps it; with None it takes that back."""
    still_open(rating)
    PeerRating.objects.filter(pk=rating.pk).update(useful=useful)
    record("comment.marked", rating, about=rating.assignment.rated.cycle, by=by, useful=useful)


@transaction.atomic
def report(rating: PeerRating, *, by: User) -> None:
    """The rated city asks those who lead to look at a comment; reported once, it stays so."""
    cycle = still_open(rating)
    now = timezone.now()
    if not PeerRating.objects.filter(pk=rating.pk, reported_at=None).update(reported_at=now):
        return
    record("comment.reported", rating, about=cycle, by=by)
    post_to_leads(
        "cityshare/comment_reported",
        cycle=cycle,
        key=f"comment:{rating.pk}:{now.isoformat()}",
        team=rating.assignment.rated,
        practice=rating.practice,
    )


@transaction.atomic
def hold_back(rating: PeerRating, *, reason: str, by: User) -> None:
    """Show a comment to nobody any more but its rater, who reads the reason."""
    cycle = still_open(rating)
    PeerRating.objects.filter(pk=rating.pk).update(held_back=reason, useful=None)
    record("comment.held_back", rating, about=cycle, by=by, reason=reason)


@transaction.atomic
def let_stand(rating: PeerRating, *, by: User) -> None:
    """Show a comment that was held back or reported: nothing is wrong with it."""
    cycle = still_open(rating)
    PeerRating.objects.filter(pk=rating.pk).update(held_back="", reported_at=None)
    record("comment.let_stand", rating, about=cycle, by=by)
