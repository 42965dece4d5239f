"""Cycles as people find them: who one is in one, where it stands, and who takes part."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists
from django.urls import reverse
from django.utils.functional import Promise

from cityshare.models import Cycle, Member, StageDeadline, Team
from cityshare.models.cycle import LEADS
from workshop_portal.accounts.models import User
from workshop_portal.task import Task
from workshop_portal.workshops.models import Role, Workshop

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Seat:
    """Who somebody is in a cycle: of a city's team, or one of those who lead; never both."""

    team: Team | None = None
    is_focal_point: bool = False
    leads: bool = False


def seat_of(user: User, cycle: Cycle) -> Seat:
    """Who this person is in the cycle; in one query, where staff belong to no city."""
    mine = Member.objects.filter(team__cycle=cycle, user_id=user.pk)
    if user.has_desk:
        roles = Role.objects.filter(workshop=cycle.workshop_id, user_id=user.pk, role__in=LEADS)
        if roles.filter(~Exists(mine)).exists():
            return Seat(leads=True)
    member = mine.select_related("team__city").first()
    return Seat(member.team, member.is_focal_point) if member else Seat()


def members_of(team: Team) -> list[User]:
    """Everybody of a city's team, the focal point first."""
    return members_of_each([team])[team.pk]


def members_of_each(teams: Collection[Team]) -> dict[UUID, list[User]]:
    """Everybody of each of these teams, by its id; each focal point first."""
    found: dict[UUID, list[User]] = {team.pk: [] for team in teams}
    for member in Member.objects.filter(team__in=teams).select_related("user"):
        found[member.team_id].append(member.user)
    return found


def focal_point_of(team: Team) -> User | None:
    """Who speaks for a city; None while nobody has been chosen."""
    return next(iter(focal_points_of([team])), None)


def focal_points_of(teams: Iterable[Team]) -> list[User]:
    """Who speaks for each of these cities, as far as somebody has been chosen."""
    spoken = Member.objects.filter(team__in=teams, is_focal_point=True)
    return [member.user for member in spoken.select_related("user")]


def leads_of(cycle: Cycle) -> list[User]:
    """Who leads the cycle: the facilitators and coordinators of its workshop, by name."""
    roles = Role.objects.filter(workshop=cycle.workshop_id, role__in=LEADS)
    taking_part = Member.objects.filter(team__cycle=cycle).values("user")
    found = User.objects.filter(pk__in=roles.values("user")).exclude(pk__in=taking_part)
    return list(found.order_by("family_name", "given_name", "pk"))


@dataclass(frozen=True, slots=True)
class Joined:
    """A cycle as it stands in somebody's list: what they are in it, and when its stage ends."""

    cycle: Cycle
    team: Team | None
    due: datetime | None

    @property
    def tone(self) -> str:
        """The state that colours the line."""
        return {"setup": "draft", "closed": "closed"}.get(self.cycle.status, "current")


def cycles_of(user: User) -> list[Joined]:
    """The cycles that a person leads or takes part in, the newest first, in four queries."""
    cycles = Cycle.objects.visible_to(user).select_related("workshop", "framework")
    teams = Team.objects.of(user).select_related("city")
    own = {team.cycle_id: team for team in teams}
    dues = {
        (deadline.cycle_id, deadline.stage): deadline.due_at
        for deadline in StageDeadline.objects.filter(cycle__in=cycles)
    }
    return [Joined(c, own.get(c.pk), dues.get((c.pk, c.status))) for c in cycles]


def workshops_led_by(user: User) -> QuerySet[Workshop]:
    """The workshops in which a person may begin a cycle."""
    led = Role.objects.filter(user_id=user.pk, role__in=LEADS).values("workshop")
    return Workshop.objects.filter(pk__in=led)


def led_workshops(user: User) -> list[Workshop]:
    """The same by title, to choose from."""
    return list(workshops_led_by(user).order_by("title"))


def dues_of(cycle: Cycle) -> dict[str, datetime]:
    """Until when each stage of a cycle lasts that has a deadline; these may be fetched."""
    return {deadline.stage: deadline.due_at for deadline in cycle.deadlines.all()}


def due_of(cycle: Cycle) -> datetime | None:
    """Until when the stage that a cycle is in lasts; None where no deadline was given."""
    return dues_of(cycle).get(cycle.status)


def todo(
    cycle: Cycle,
    name: str,
    url: str,
    args: Sequence[object] = (),
    *,
    status: str = "open",
    word: str | Promise = "",
    hint: str = "",
    due: datetime | None = None,
) -> Task:
    """A task of a cycle, until the end of its stage or until `due`, on the workshop's clock.

    `url` is the name of a page of the cycle, `args` what its address asks for beside the cycle.
    """
    return Task(
        name=name,
        url=reverse(f"cityshare:{url}", args=[cycle.pk, *args]),
        hint=hint,
        due=due or due_of(cycle),
        zone=cycle.workshop.zone,
        status=status,
        word=word,
    )
