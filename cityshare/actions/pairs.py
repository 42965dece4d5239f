"""Single raters are exchanged: by hand with a reason, or because a conflict was declared.

What was given counts from the lock on: a conflict alone ends no pair that has come so far, and
once the stage of rating is over nothing ends one.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cityshare.actions import rating
from cityshare.actions.draw import hold, tell_each
from cityshare.actions.posting import post_to
from cityshare.models import Assignment, Cycle, Member, Team
from cityshare.pairing import Bar
from cityshare.queries.conflict import standing_between
from cityshare.queries.cycle import members_of
from cityshare.queries.pairs import (
    CHANGEABLE,
    CONFLICT,
    DRAWN_IN,
    STANDING,
    is_draft,
    newest,
    pairs_of,
    standing_of,
)
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused
from workshop_portal.workflow import advance

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User

Status = Assignment.Status

BARS: dict[Bar, str | Promise] = {
    Bar.OWN: gettext_lazy("No city rates itself."),
    Bar.COUNTRY: gettext_lazy("Cities of one country do not rate each other in this cycle."),
    Bar.CONFLICT: gettext_lazy("A conflict was declared between these two cities."),
    Bar.MUTUAL: gettext_lazy("No two cities rate each other in this cycle."),
    Bar.TWICE: gettext_lazy("This city rates it already."),
}


# --- By hand -----------------------------------------------------------------------------


@transaction.atomic
def swap(pair: Assignment, *, rater: Team | None, reason: str, by: User) -> Assignment | None:
    """Let another city rate in this one's place, or, with no `rater`, nobody.

    Everything else stays. Who was told already is told of the change; what is locked counts and
    cannot be exchanged.
    """
    held = _hold(pair.rated.cycle)
    pair = _changeable(pair)
    was, rated = pair.rater, pair.rated
    if rater == was:
        raise Refused(_("This city rates it already. Choose another one."))
    _leave(pair, reason=reason, by=by)
    seated = _seat(held, rated, rater, reason=reason, by=by) if rater else None
    event = "assignment.swapped" if seated else "assignment.emptied"
    now = rater.city.name if rater else ""
    facts = {"rated": rated.city.name, "was": was.city.name, "now": now, "reason": reason}
    record(event, seated or rated, about=held, by=by, **facts)
    _settle_alternate(held, rated)
    return seated


@transaction.atomic
def add(rated: Team, *, rater: Team, reason: str, by: User) -> Assignment:
    """Give a city that has too few raters one more."""
    held = _hold(rated.cycle)
    if not standing_of(held).is_short(rated):
        raise Refused(_("This city has as many raters as the rule says. Exchange one instead."))
    seated = _seat(held, rated, rater, reason=reason, by=by)
    facts = {"rated": rated.city.name, "now": rater.city.name, "reason": reason}
    record("assignment.added", seated, about=held, by=by, **facts)
    _settle_alternate(held, rated)
    return seated


@transaction.atomic
def entrust(pair: Assignment, *, member: Member, by: User) -> None:
    """Let another person of the rating city do it; who was told already is told."""
    held = _hold(pair.rated.cycle)
    pair = _changeable(pair)
    if pair.status == Status.ACTIVE:
        rating.hand_over(rating.hold_for_anybody(pair), member, by=by)
        return
    if member.team_id != pair.rater_id:
        raise Refused(_("Only somebody of the rating city's team can rate for it."))
    Assignment.objects.filter(pk=pair.pk).update(person=member.user_id)
    record("assignment.entrusted", pair, about=held, by=by, to=str(member.user_id))


def _hold(cycle: Cycle) -> Cycle:
    """The cycle, locked; refused where no pair can be changed any more."""
    stages = DRAWN_IN if is_draft(newest(cycle)) else [Cycle.Stage.RATING]
    return hold(cycle, *stages)


def _changeable(pair: Assignment) -> Assignment:
    """The pair as it stands now, if a person may change it."""
    found = _as_it_stands(pair)
    if found.status not in CHANGEABLE:
        raise Refused(
            _(
                "This rater cannot be exchanged: the status is “%s”. What is locked counts; it can "
                "be made void only where a conflict is declared."
            )
            % found.get_status_display()
        )
    return found


def _as_it_stands(pair: Assignment) -> Assignment:
    known = Assignment.objects.select_related(
        "rater__city", "rated__city", "rated__cycle", "person"
    )
    found = known.filter(pk=pair.pk).first()
    if found is None:
        raise Refused(_("This pair is gone: raters were drawn or exchanged since you looked."))
    return found


# --- Because of a conflict ---------------------------------------------------------------


def void_between(cycle: Cycle, one: Team, other: Team, *, by: User) -> list[Assignment]:
    """End what two cities with a conflict have not locked; others rate instead, if there are any.

    What was written is kept and does not count. Gives the pairs that had been released. The cycle
    is locked by whoever calls.
    """
    if cycle.status not in DRAWN_IN:
        return []
    ended = []
    for pair in _between(cycle, one, other).filter(status__in=CHANGEABLE):
        rated = pair.rated
        if pair.status != Status.PROPOSED:
            ended.append(pair)
        _leave(pair, reason=CONFLICT, is_conflict=True, by=by)
        _next_best(cycle, rated, by=by)
    for rated in (one, other):
        _settle_alternate(cycle, rated)
    return ended


def _between(cycle: Cycle, one: Team, other: Team) -> QuerySet[Assignment]:
    """The pairs of two cities, in both directions."""
    between = Q(rater=one, rated=other) | Q(rater=other, rated=one)
    return pairs_of(cycle, newest(cycle)).filter(between)


@transaction.atomic
def make_void(pair: Assignment, *, reason: str, by: User) -> None:
    """Let locked ratings not count, as a conflict was declared; who comes next rates instead."""
    held = hold(pair.rated.cycle, Cycle.Stage.RATING)
    pair = _as_it_stands(pair)
    if pair.status not in Assignment.COUNTED:
        raise Refused(_("Only ratings that count can be made void; these do not."))
    rater, rated = pair.rater, pair.rated
    if not standing_between(rater, rated).exists():
        raise Refused(_("No conflict is declared between these two cities. The ratings stand."))
    _leave(pair, reason=reason, is_conflict=True, by=by)
    facts = {"rated": rated.city.name, "was": rater.city.name, "reason": reason}
    record("assignment.set_aside", pair, about=held, by=by, **facts)
    _next_best(held, rated, by=by)
    _settle_alternate(held, rated)


@transaction.atomic
def restore(pair: Assignment, *, by: User) -> None:
    """Let a rater whom a conflict has ended go on where they were, or their ratings count again."""
    held = hold(pair.rated.cycle, Cycle.Stage.RATING)
    pair = _as_it_stands(pair)
    if not pair.can_return:
        raise Refused(_("Only what a declared conflict has ended can come back."))
    standing = standing_of(held)
    if barred := standing.bar(pair.rater, pair.rated):
        raise Refused(str(BARS[barred]))
    if not standing.is_short(pair.rated):
        raise Refused(_("Another city has taken this place. Exchange that one for nobody first."))
    person = _still_there(pair)
    if person is None:
        raise Refused(_("The person who rated is not in the team of that city any more."))
    _bring_back(held, pair, person, by=by)


def restore_between(cycle: Cycle, one: Team, other: Team, *, by: User) -> list[Assignment]:
    """Bring back what a conflict had ended that is taken back now, where the place is empty still.

    The cycle is locked by whoever calls. After the stage of rating nothing comes back.
    """
    if cycle.status != Cycle.Stage.RATING:
        return []
    back = []
    for pair in _between(cycle, one, other).filter(status=Status.VOID, ended_by_conflict=True):
        person = _still_there(pair)
        if person and standing_of(cycle).may_return(pair):
            _bring_back(cycle, pair, person, by=by)
            back.append(pair)
    return back


def _still_there(pair: Assignment) -> User | None:
    """Who rated, if they are in the team of the rating city still."""
    return next((person for person in members_of(pair.rater) if person == pair.person), None)


def _bring_back(held: Cycle, pair: Assignment, person: User, *, by: User) -> None:
    facts = {"rated": pair.rated.city.name, "now": pair.rater.city.name}
    advance(pair, pair.how_far, "assignment.restored", about=held, by=by, **facts)
    Assignment.objects.filter(pk=pair.pk).update(reason="", ended_by_conflict=False)
    post_to(
        person,
        "cityshare/rating_restored",
        cycle=held,
        key=_once("restored", pair),
        city=pair.rated.city,
    )
    _settle_alternate(held, pair.rated)


def _next_best(cycle: Cycle, rated: Team, *, by: User) -> None:
    """Let the alternate rate, or whoever comes next by the rules of the draw."""
    standing = standing_of(cycle)
    key = standing.facts.keys[rated.pk]
    free = standing.free(key)
    if not free:
        return
    alternate = standing.alternates.get(key)
    rater = standing.facts.teams[alternate if alternate in free else free[0]]
    seated = _seat(cycle, rated, rater, reason=CONFLICT, by=by)
    facts = {"rated": rated.city.name, "now": rater.city.name, "reason": CONFLICT}
    record("assignment.replaced", seated, about=cycle, by=by, **facts)


# --- What both have in common ------------------------------------------------------------


def _leave(pair: Assignment, *, reason: str, is_conflict: bool = False, by: User) -> None:
    """End a pair: of a draft it is gone; once released it is kept, void, and its person told.

    Why is not told: where a conflict was declared, one of the two cities does not know of it, and
    a letter with a reason now and then would say what the others leave out.
    """
    if pair.status == Status.PROPOSED:
        pair.delete()
        return
    cycle = pair.rated.cycle
    facts = {"reason": reason, "ended_by_conflict": is_conflict}
    Assignment.objects.filter(pk=pair.pk).update(**facts)
    advance(pair, Status.VOID, about=cycle, by=by, reason=reason)
    if pair.person:
        post_to(
            pair.person,
            "cityshare/rating_void",
            cycle=cycle,
            key=_once("void", pair),
            city=pair.rated.city,
        )


def _once(occasion: str, pair: Assignment) -> str:
    """The key of a letter about what may happen to a pair again."""
    return f"{occasion}:{pair.pk}:{timezone.now():%Y%m%d%H%M%S%f}"


def _seat(held: Cycle, rated: Team, rater: Team, *, reason: str, by: User) -> Assignment:
    """Let a city rate another: in a draft without a word to anybody, else at once."""
    standing = standing_of(held)
    if barred := standing.bar(rater, rated):
        raise Refused(str(BARS[barred]))
    waiting = pairs_of(held, standing.draw).filter(status=Status.ALTERNATE)
    known = waiting.filter(rater=rater, rated=rated).first()
    person = _whose_turn(rater)
    if is_draft(standing.draw):
        if known:
            known.delete()
        return Assignment.objects.create(
            draw=standing.draw, rater=rater, rated=rated, person=person, reason=reason
        )
    if person is None:
        raise Refused(_("%s has nobody who could rate. Add somebody to its team first.") % rater)
    if known is None:
        known = Assignment.objects.create(
            rater=rater, rated=rated, status=Status.ALTERNATE, reason=reason
        )
    Assignment.objects.filter(pk=known.pk).update(person=person, reason=reason)
    advance(known, Status.ACTIVE, about=held, by=by, reason=reason)
    known.refresh_from_db()
    tell_each({person: [rated]}, cycle=held, key=f"pair:{known.pk}")
    return known


def _whose_turn(rater: Team) -> User | None:
    """Who of a city's team rates the fewest cities; the focal point goes before others."""
    rating_now = Assignment.objects.filter(rater=rater, status__in=STANDING)
    load = Counter(rating_now.values_list("person", flat=True))
    return min(members_of(rater), key=lambda person: load[person.pk], default=None)


def _settle_alternate(held: Cycle, rated: Team) -> None:
    """Give a city another alternate where it has none, or one who may not rate it any more."""
    standing = standing_of(held)
    key = standing.facts.keys[rated.pk]
    free = standing.free(key)
    if standing.alternates.get(key) in free:
        return
    waiting = pairs_of(held, standing.draw).filter(status=Status.ALTERNATE, rated=rated)
    for past in waiting:
        past.delete()
    if free:
        rater = standing.facts.teams[free[0]]
        Assignment.objects.create(
            draw=standing.draw if is_draft(standing.draw) else None,
            rater=rater,
            rated=rated,
            person=_whose_turn(rater),
            status=Status.ALTERNATE,
        )
