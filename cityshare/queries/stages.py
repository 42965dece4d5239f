"""What each stage of a cycle is for, in words for everybody who takes part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cityshare.models import Cycle

Stage = Cycle.Stage
# The stages that last for a while; CLOSED is an end, not a stage that has one.
LASTING = [stage for stage in Stage.values if stage != Stage.CLOSED]

MEANINGS: dict[str, str | Promise] = {
    Stage.SETUP: _("The cities and the rules are put together. Only those who lead see the cycle."),
    Stage.SELF: _(
        "Every city talks about each practice and agrees on its level today and its target in "
        "12 months."
    ),
    Stage.RATING: _(
        "Officials of other cities read the evidence and give each practice a level, without "
        "knowing what the city says of itself."
    ),
    Stage.MODERATION: _(
        "Ratings are closed. Where views lie far apart, the city and its raters talk and agree "
        "on a level."
    ),
    Stage.COMPARE: _("All cities see the levels side by side: who can teach, and who can learn."),
    Stage.MARKET: _("Cities confirm what they can teach and what they want to learn."),
    Stage.ASSIST: _("One or two cities help another with one question, in a meeting."),
    Stage.DISTIL: _("Good practices are written down with their stories, for others to use."),
    Stage.PLAN: _("Every city plans what it will do in the next 12 months."),
    Stage.FOLLOW3: _("Three months later: what has been done, and what stands in the way."),
    Stage.FOLLOW6: _("Six months later: what has been done, seen together with another city."),
    Stage.FOLLOW12: _("Twelve months later: what has changed, and what others can learn from it."),
    Stage.CLOSED: _("The cycle is over. Everything stays readable."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A stage on the way: done, current or upcoming; `at` is its deadline on the clock `zone`."""

    stage: str
    name: str
    state: str
    note: str | Promise
    at: datetime | None
    zone: str


def way(cycle: Cycle) -> list[Step]:
    """All stages of a cycle in order; what each is for stands with the one that is now.

    The deadlines and the workshop of the cycle are read, so they may be fetched beforehand.
    """
    return list(_steps(cycle))


def _steps(cycle: Cycle) -> Iterator[Step]:
    order = Stage.values
    here = order.index(cycle.status)
    dues = {deadline.stage: deadline.due_at for deadline in cycle.deadlines.all()}
    for place, stage in enumerate(order):
        is_over = place < here or (place == here and stage == Stage.CLOSED)
        state = "done" if is_over else "current" if place == here else "upcoming"
        yield Step(
            stage=stage,
            name=str(Stage(stage).label),
            state=state,
            note=MEANINGS[stage] if place == here else "",
            at=dues.get(stage) if place >= here else None,
            zone=cycle.workshop.zone,
        )
