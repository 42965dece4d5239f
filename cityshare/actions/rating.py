"""Cities rate cities: first levels, the lock, final levels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cityshare.actions.draw import tell_each
from cityshare.models import Assignment, Cycle, Member, PeerRating, Practice
from cityshare.queries import rating as queries
from cityshare.queries.conflict import standing_between
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused
from workshop_portal.workflow import advance

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


def hold(assignment: Assignment, *, by: User) -> Assignment:
    """The pair as it stands now, locked, for the person who rates; for nobody else."""
    held = hold_for_anybody(assignment)
    if held.person_id != by.pk:
        raise Refused(_("Somebody else of your team rates this city by now."))
    return held


def hold_to_rate(assignment: Assignment, *, by: User) -> Assignment:
    """As `hold`; refused too while the city mends what it says of itself."""
    held = hold(assignment, by=by)
    if words := queries.waits_because(held):
        raise Refused(words, back=reverse("cityshare:rating", args=[held.rated.cycle_id]))
    return held


def hold_for_anybody(assignment: Assignment) -> Assignment:
    """The pair as it stands now, locked; refused outside the stage of rating.

    The cycle's row is locked first: whoever ends the stage waits for us, or we for them.
    """
    cycle = Cycle.objects.select_for_update().get(teams=assignment.rated_id)
    if cycle.status != Cycle.Stage.RATING:
        raise Refused(
            _("Ratings are written in the stage of peer rating only. This cycle is in “%s”.")
            % cycle.get_status_display()
        )
    return Assignment.objects.select_for_update().get(pk=assignment.pk)


@transaction.atomic
def rate(
    assignment: Assignment,
    practice: Practice,
    *,
    level: int | None,
    strength: str = "",
    question: str = "",
    suggestion: str = "",
    seen: int | None = None,
    by: User,
) -> PeerRating:
    """Keep a first level, or that it cannot be judged (`level` None), with the comments.

    `seen` is the version that the rater's page was made from: what another window has stored
    since is not overwritten.
    """
    held = hold_to_rate(assignment, by=by)
    check_ready(held, by)
    if held.status != Assignment.Status.ACTIVE:
        raise Refused(
            _("Your first ratings of this city are locked. You can give a final level instead.")
        )
    check_practice(held, practice, level)
    words = {"strength": strength, "question": question, "suggestion": suggestion}
    rating = write(held, practice, seen, initial=level, cannot_judge=level is None, **words)
    record("rating.given", held, about=held.rated.cycle, by=by, practice=practice.code)
    return rating


@transaction.atomic
def lock(assignment: Assignment, *, by: User) -> None:
    """Lock the first levels of a city, all at once; from now on its own view is shown."""
    held = hold_to_rate(assignment, by=by)
    check_ready(held, by)
    missing = [line.practice.code for line in queries.lines(held) if not line.is_given]
    if missing:
        raise Refused(
            _("Give a level, or say that you cannot judge, for these practices first: %s.")
            % ", ".join(missing)
        )
    advance(held, Assignment.Status.LOCKED, about=held.rated.cycle, by=by)
    Assignment.objects.filter(pk=held.pk).update(locked_at=timezone.now())


@transaction.atomic
def reconsider(
    assignment: Assignment,
    practice: Practice,
    *,
    level: int | None,
    reason: str = "",
    strength: str = "",
    question: str = "",
    suggestion: str = "",
    seen: int | None = None,
    by: User,
) -> PeerRating:
    """Keep a final level after the own view was seen; a changed one needs a reason.

    Who could not judge at first may not judge now: what they know now is the city's own view.
    """
    held = hold_to_rate(assignment, by=by)
    if held.status != Assignment.Status.LOCKED:
        raise Refused(_("Final levels are given after the first ones are locked, and once."))
    check_practice(held, practice, level)
    given = PeerRating.objects.get(assignment=held, practice=practice)
    if given.cannot_judge and level is not None:
        raise Refused(
            _("You could not judge this practice before you saw the city's own view. It stays so.")
        )
    if level is not None and level != given.initial and not reason:
        raise Refused(_("Say in a sentence why you changed the level."))
    words = {"strength": strength, "question": question, "suggestion": suggestion}
    rating = write(held, practice, seen, final=level, reason=reason, **words)
    record("rating.reconsidered", held, about=held.rated.cycle, by=by, practice=practice.code)
    return rating


@transaction.atomic
def finish(assignment: Assignment, *, by: User) -> None:
    """Hand the ratings of a city in; where no final level was given, the first one is final."""
    held = hold_to_rate(assignment, by=by)
    open_ones = PeerRating.objects.filter(assignment=held, cannot_judge=False, final=None)
    open_ones.update(final=F("initial"), version=F("version") + 1)
    advance(held, Assignment.Status.DONE, about=held.rated.cycle, by=by)
    Assignment.objects.filter(pk=held.pk).update(done_at=timezone.now())


@transaction.atomic
def entrust(assignment: Assignment, member: Member, *, by: User) -> None:
    """Let another person of one's team rate, as long as nothing is written yet."""
    hand_over(hold(assignment, by=by), member, by=by)


def hand_over(held: Assignment, member: Member, *, by: User) -> None:
    """Give a released pair, which is held, to another person of its team, who is told.

    Each time is told for itself: a pair may come back to somebody who had it before.
    """
    if member.team_id != held.rater_id:
        raise Refused(_("Only somebody of your city's team can rate for it."))
    if held.status != Assignment.Status.ACTIVE or held.ratings.exists():
        raise Refused(_("Somebody has begun to rate this city; it stays with that person."))
    if member.user_id == held.person_id:
        return
    cycle = held.rated.cycle
    Assignment.objects.filter(pk=held.pk).update(person=member.user_id)
    entry = record("assignment.entrusted", held, about=cycle, by=by, to=str(member.user_id))
    tell_each({member.user: [held.rated]}, cycle=cycle, key=f"entrusted:{entry.pk}")


def check_ready(held: Assignment, by: User) -> None:
    """Raise unless this person has said their conflicts and rated the invented cities."""
    if standing_between(held.rater, held.rated).exists():
        raise Refused(
            _(
                "You do not rate this city any more: who rates whom was arranged anew. This says "
                "nothing about you or your work."
            )
        )
    member = Member.objects.filter(team=held.rater_id, user=by).select_related("team").first()
    ready = queries.readiness(member) if member else None
    if ready is None or not ready.conflicts:
        raise Refused(_("Say first whether there is a conflict between your city and another."))
    if not ready.calibration:
        raise Refused(_("Rate the invented cities first; it takes about ten minutes."))


def check_practice(held: Assignment, practice: Practice, level: int | None) -> None:
    """Raise unless the practice is asked about in this city and has such a level."""
    framework = held.rated.cycle.framework
    is_asked = practice.pk in {line.practice.pk for line in queries.lines(held)}
    if practice.framework_id != framework.pk or not is_asked:
        raise Refused(_("This practice is not rated in this city."))
    if level is not None and not 1 <= level <= framework.levels:
        raise Refused(_("Levels go from 1 to %s.") % framework.levels)


def write(held: Assignment, practice: Practice, seen: int | None, **facts: object) -> PeerRating:
    """Store what was said, unless another window has stored something since."""
    rating, _new = PeerRating.objects.get_or_create(assignment=held, practice=practice)
    if seen is not None and seen != rating.version:
        raise Refused(
            _(
                "You have saved this practice in another window since you opened this page. "
                "Open it again to see what is stored."
            )
        )
    PeerRating.objects.filter(pk=rating.pk).update(
        version=F("version") + 1, changed_at=timezone.now(), **facts
    )
    rating.refresh_from_db()
    return rating
