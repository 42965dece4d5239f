"""A draw of raters is asked for, computed by the worker, looked at, and released."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cityshare.actions.posting import Told, post_to_each
from cityshare.models import Assignment, Cycle, Draw
from cityshare.pairing import bar
from cityshare.queries.cycle import due_of
from cityshare.queries.draw import outcome_of
from cityshare.queries.pairs import (
    DRAWN_IN,
    Facts,
    facts_of,
    in_turn,
    is_released,
    pairs_of,
    people_of,
)
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused
from workshop_portal.handoff import hand_off
from workshop_portal.workflow import advance, advance_all

if TYPE_CHECKING:
    from uuid import UUID

    from cityshare import allocation
    from cityshare.models import Team
    from workshop_portal.accounts.models import User

Status = Draw.Status
DRAW = "cityshare.worker.draw_raters"


def hold(cycle: Cycle, *stages: str) -> Cycle:
    """The cycle as it stands now, locked; refused outside these stages."""
    held = Cycle.objects.select_for_update(of=["self"]).get(pk=cycle.pk)
    if held.status not in stages:
        allowed = ", ".join(f"“{Cycle.Stage(stage).label}”" for stage in stages)
        raise Refused(
            _("This is possible in these stages only: %(stages)s. The cycle is in “%(now)s”.")
            % {"stages": allowed, "now": held.get_status_display()}
        )
    return held


# --- Asked for ---------------------------------------------------------------------------


@transaction.atomic
def ask(
    cycle: Cycle,
    *,
    seed: int,
    raters_per_city: int,
    bars_own_country: bool,
    bars_mutual_rating: bool,
    by: User,
) -> Draw:
    """Ask the worker for a draw by these rules; a draft that was not released is put aside.

    Nobody has been told of its pairs, so they are gone.
    """
    held = hold(cycle, *DRAWN_IN)
    _check_free(held)
    for draft in held.draws.filter(status=Status.READY):
        advance(draft, Status.DISCARDED, about=held, by=by)
        draft.assignments.all().delete()
    rules = {
        "seed": seed,
        "raters_per_city": raters_per_city,
        "bars_own_country": bars_own_country,
        "bars_mutual_rating": bars_mutual_rating,
    }
    draw = Draw.objects.create(cycle=held, asked_at=timezone.now(), asked_by=by, **rules)
    record("draw.asked", draw, about=held, by=by, **rules)
    hand_off(DRAW, str(draw.pk))
    return draw


def _check_free(held: Cycle) -> None:
    """Raise where a draw would overthrow what people have been told, or has nothing to draw."""
    if is_released(held):
        raise Refused(
            _(
                "The raters know already whom they rate, so the draw stands. You can exchange "
                "single raters, with a reason."
            )
        )
    if held.draws.filter(status=Status.WAITING).exists():
        raise Refused(_("A draw is being computed already. Wait for it, please."))
    if held.teams.count() < 2:
        raise Refused(_("A draw needs at least two cities."))


@transaction.atomic
def retry(draw: Draw, *, by: User) -> None:
    """Try again what no worker could finish."""
    held = hold(draw.cycle, *DRAWN_IN)
    _check_free(held)
    advance(draw, Status.WAITING, about=held, by=by)
    Draw.objects.filter(pk=draw.pk).update(tries=0, lease_until=None)
    hand_off(DRAW, str(draw.pk))


# --- Computed ----------------------------------------------------------------------------


def claim(pk: str) -> Draw | None:
    """Take a waiting draw to work on it; None when it is somebody else's, or done."""
    return Draw.objects.filter(status=Status.WAITING).select_related("cycle").claim(pk)


@transaction.atomic
def conclude(draw: Draw, found: allocation.Draw, *, facts: Facts) -> None:
    """Store what was drawn: the pairs, an alternate for each city, and what stood in the way.

    Where a conflict or a city has come up meanwhile, the worker draws once more.
    """
    cycle = Cycle.objects.select_for_update(of=["self"]).get(pk=draw.cycle_id)
    if facts_of(cycle, draw).problem != facts.problem:
        Draw.objects.filter(pk=draw.pk).update(lease_until=None, tries=0)
        hand_off(DRAW, str(draw.pk))
        return
    advance(draw, Status.READY, about=cycle, by=None, found=len(found.pairs), wanted=found.wanted)
    Draw.objects.filter(pk=draw.pk).update(outcome=outcome_of(found, facts), lease_until=None)
    people = people_of(cycle)
    turns: dict[UUID, int] = defaultdict(int)
    rows = []
    for rater, rated in found.pairs:
        team = facts.teams[rater]
        person = in_turn(people[team.pk], turns[team.pk])
        turns[team.pk] += 1
        rows.append(_pair(draw, team, facts.teams[rated], person, Assignment.Status.PROPOSED))
    for rated, rater in found.alternates.items():
        team = facts.teams[rater]
        person = in_turn(people[team.pk], turns[team.pk])
        rows.append(_pair(draw, team, facts.teams[rated], person, Assignment.Status.ALTERNATE))
    Assignment.objects.bulk_create(rows)


def _pair(draw: Draw, rater: Team, rated: Team, person: UUID | None, status: str) -> Assignment:
    return Assignment(draw=draw, rater=rater, rated=rated, person_id=person, status=status)


def recover() -> None:
    """Give the worker what it has lost; give up what has ended it three times."""
    waiting = Draw.objects.filter(status=Status.WAITING)
    for over in waiting.lost().select_related("cycle"):
        advance(over, Status.FAILED, about=over.cycle, by=None)
    for pk in waiting.free().values_list("pk", flat=True):
        hand_off(DRAW, str(pk))


# --- Released ----------------------------------------------------------------------------


@transaction.atomic
def release(draw: Draw, *, in_spite: bool = False, by: User) -> int:
    """Make the pairs real and write to everybody who rates; gives how many people that are.

    `in_spite` says that the person knows which cities have too few raters. From now on the
    rules of the draw are those of the cycle.
    """
    held = hold(draw.cycle, Cycle.Stage.RATING)
    facts = facts_of(held, draw)
    pairs = list(pairs_of(held, draw).filter(status=Assignment.Status.PROPOSED))
    _fill(held, pairs)
    _check(facts, pairs, in_spite=in_spite)
    advance(draw, Status.RELEASED, about=held, by=by, pairs=len(pairs))
    Cycle.objects.filter(pk=held.pk).update(
        seed=draw.seed,
        raters_per_city=draw.raters_per_city,
        bars_own_country=draw.bars_own_country,
        bars_mutual_rating=draw.bars_mutual_rating,
    )
    rows = list(pairs_of(held, draw).filter(pk__in=[pair.pk for pair in pairs]))
    advance_all(rows, Assignment.Status.ACTIVE, about=held, by=by)
    cities: dict[User, list[Team]] = defaultdict(list)
    for pair in rows:
        if pair.person:
            cities[pair.person].append(pair.rated)
    tell_each(cities, cycle=held, key=f"draw:{draw.pk}")
    return len(cities)


def tell_each(cities: Mapping[User, list[Team]], *, cycle: Cycle, key: str) -> None:
    """Write to everybody which cities they rate, and by when."""
    told = [Told(person, key, {"cities": rated}) for person, rated in cities.items()]
    post_to_each(told, "cityshare/cities_to_rate", cycle=cycle, due=due_of(cycle))


def _fill(held: Cycle, pairs: Iterable[Assignment]) -> None:
    """Give pairs whose person is not there, or has left the team, somebody who is."""
    people = people_of(held)
    for pair in pairs:
        if pair.person_id not in people[pair.rater_id]:
            pair.person_id = in_turn(people[pair.rater_id], 0)
            Assignment.objects.filter(pk=pair.pk).update(person=pair.person_id)


def _check(facts: Facts, pairs: list[Assignment], *, in_spite: bool) -> None:
    """Raise where a pair may not be, has nobody, or is missing and nobody has said so."""
    barred = [pair for pair in pairs if bar(facts.problem, *facts.pair(pair))]
    if barred:
        raise Refused(
            _("These pairs are not allowed any more; exchange their raters first: %s.")
            % ", ".join(str(pair) for pair in barred)
        )
    nobody = sorted({str(pair.rater) for pair in pairs if pair.person_id is None})
    if nobody:
        raise Refused(
            _("These cities have nobody who could rate. Add somebody to their teams first: %s.")
            % "; ".join(nobody)
        )
    if len(pairs) < facts.problem.wanted and not in_spite:
        raise Refused(
            _("Some cities have too few raters. Tick that you release the draw in spite of it.")
        )
