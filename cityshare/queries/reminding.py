"""Who is reminded of the end of a stage, and of what: whoever still has something to do in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import F

from cityshare.models import Cycle, Member, StageDeadline
from cityshare.queries.tasks import asked_in
from workshop_portal import reminders
from workshop_portal.audit.models import name_of
from workshop_portal.outbox.models import Message
from workshop_portal.task import Task

OCCASIONS = {"3-days": timedelta(days=3), "1-day": timedelta(days=1)}
EARLIEST = reminders.earliest(OCCASIONS)
REMINDER = "cityshare/reminder"
# By these letters a person was told of the deadline.
TOLD = ("cityshare/stage", "cityshare/deadline_moved")
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody who is to be reminded now, of which occasion, and what still waits for them."""

    member: Member
    deadline: StageDeadline
    occasion: str
    tasks: list[Task]


def due_reminders(*, now: datetime) -> list[Due]:
    """Who is to be reminded at this moment; in a few queries for each cycle that ends a stage."""
    soon = StageDeadline.objects.filter(
        stage=F("cycle__status"), due_at__gt=now, due_at__lte=now + EARLIEST
    ).exclude(stage=Cycle.Stage.SETUP)
    known = soon.select_related("cycle__workshop").prefetch_related("cycle__deadlines")
    return [due for deadline in known for due in _due(deadline, now)]


def _due(deadline: StageDeadline, now: datetime) -> Iterator[Due]:
    cycle = deadline.cycle
    occasions = {}
    for member, told_at, last_at in _people(cycle):
        occasions[member] = reminders.due(
            deadline.due_at,
            zone_of(member, cycle),
            OCCASIONS,
            since=told_at,
            last_at=last_at,
            now=now,
        )
    concerned = [member for member, occasion in occasions.items() if occasion]
    asked = asked_in(cycle, concerned, now=now)
    for member in concerned:
        # A meeting on a day of its own is no work that the stage waits for.
        tasks = [task for task in asked[member.pk] if task.due == deadline.due_at]
        if tasks:
            yield Due(member, deadline, occasions[member], tasks)


def _people(cycle: Cycle) -> Iterator[tuple[Member, datetime, datetime | None]]:
    """Everybody of the cities, when they were told of a deadline, and when last reminded."""
    letters = Message.objects.filter(about=name_of(cycle), letter__in=[*TOLD, REMINDER])
    told, reminded = dict[object, datetime](), dict[object, datetime]()
    for reader, letter, at in letters.order_by("written_at").values_list(
        "to", "letter", "written_at"
    ):
        (reminded if letter == REMINDER else told)[reader] = at
    for member in Member.objects.filter(team__cycle=cycle).select_related("user", "team__city"):
        reader = member.user_id
        yield member, told.get(reader, LONG_AGO), reminded.get(reader)


def zone_of(member: Member, cycle: Cycle) -> str:
    """On which clock a person of a city reads."""
    own = member.user.zone or member.team.zone
    return reminders.reading_zone(own, str(member.team.city.country), cycle.workshop.zone)
