"""The conflicts of interest of a cycle: which are declared, and who has said what they know."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from cityshare.models import Assignment, Conflict, ConflictsDeclared, Cycle, Member
from cityshare.queries.standings import FEWEST_RATERS

if TYPE_CHECKING:
    from cityshare.models import Team
    from cityshare.models.cycle import ConflictQuerySet
    from workshop_portal.accounts.models import User

Stage = Cycle.Stage

# While a conflict can be declared, and taken back: until the levels are shown to all cities.
DECLARED_IN = (Stage.SELF, Stage.RATING, Stage.MODERATION)
# While people say that they have named all.
SAID_IN = (Stage.SELF, Stage.RATING)
# More of one team than this are for those who lead to declare.
MOST_DECLARED = 5


def standing_between(one: Team, other: Team) -> ConflictQuerySet:
    """The conflicts between two cities that were not taken back, whoever declared them."""
    either = Q(one=one, other=other) | Q(one=other, other=one)
    return Conflict.objects.standing().filter(either)


def has_declared_most(team: Team) -> bool:
    """Whether a team has declared as many as it may in its cycle, those taken back included.

    If those did not count, one person could end pair after pair by declaring and taking back.
    """
    return Conflict.objects.filter(one=team, by_leads=False).count() >= MOST_DECLARED


def counted_in_spite(cycle: Cycle) -> list[Assignment]:
    """The pairs whose ratings count although a conflict was declared between their cities."""
    standing = Conflict.objects.standing()
    there = standing.filter(one=OuterRef("rater"), other=OuterRef("rated"))
    back = standing.filter(one=OuterRef("rated"), other=OuterRef("rater"))
    pairs = Assignment.objects.counted().filter(Exists(there) | Exists(back), rated__cycle=cycle)
    return list(
        pairs.select_related("rater__city", "rated__city").order_by(
            "rated__city__country", "rated__city__name", "rater__city__name"
        )
    )


@dataclass(frozen=True, slots=True)
class Left:
    """How many raters a city has now; `is_few` where it would see nothing but levels."""

    city: str
    number: int
    is_few: bool


def left_to(*teams: Team) -> list[Left]:
    """How many raters each of these cities has."""
    found = Assignment.objects.filter(rated__in=teams, status__in=Assignment.RELEASED)
    number = Counter(found.values_list("rated", flat=True))
    return [
        Left(team.city.name, number[team.pk], is_few=number[team.pk] < FEWEST_RATERS)
        for team in teams
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """A declared conflict as it stands in a person's list."""

    conflict: Conflict
    may_take_back: bool


def shown_to(user: User, cycle: Cycle, own: Team | None) -> list[Line]:
    """The standing conflicts of a cycle that this person sees; `own` is their city, if any.

    Who leads takes any of them back, a city those that it has declared itself.
    """
    found = Conflict.objects.visible_to(user).standing().filter(one__cycle=cycle)
    known = found.select_related("one__city", "other__city", "declared_by")
    return [
        Line(conflict, may_take_back=own is None or not conflict.by_leads)
        for conflict in known.order_by("one__city__name", "other__city__name")
    ]


def silent(cycle: Cycle) -> list[Member]:
    """The people of the cities who have not said yet whether there are conflicts, by city."""
    said = ConflictsDeclared.objects.filter(team=OuterRef("team"), person=OuterRef("user"))
    members = Member.objects.filter(team__cycle=cycle).exclude(Exists(said))
    known = members.select_related("user", "team__city")
    return list(known.order_by("team__city__country", "team__city__name", "user__family_name"))


def has_said(member: Member) -> bool:
    """Whether this person has said which conflicts there are, or none."""
    said = ConflictsDeclared.objects.filter(team=member.team_id, person=member.user_id)
    return said.exists()
