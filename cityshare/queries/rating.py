"""What a rater reads: the cities to rate, one city's practices, and what is known of each.

Nothing of a city's own levels is here until the rater's first ratings are locked.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext as _

from cityshare.models import (
    Assignment,
    CalibrationRating,
    ConflictsDeclared,
    Dossier,
    DossierCase,
    Evidence,
    Member,
    PeerRating,
    Practice,
    SelfScore,
)
from cityshare.queries.framework import Rung, all_rungs

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from cityshare.models import Cycle
    from workshop_portal.accounts.models import User


@dataclass(frozen=True)
class CityToRate:
    """One city that a person rates, and how far they are with it."""

    assignment: Assignment
    given: int
    asked: int

    @property
    def is_complete(self) -> bool:
        """Whether every practice has a level or a "cannot judge"."""
        return self.given == self.asked

    @property
    def tone(self) -> str:
        """The state that colours the line."""
        return "accepted" if self.assignment.status == Assignment.Status.DONE else "incomplete"

    @property
    def waits(self) -> bool:
        """Whether the city mends its own view, so that nobody rates it at this moment."""
        return bool(waits_because(self.assignment))


@dataclass(frozen=True)
class Line:
    """One practice of the city that is rated; `own` is None until the first ratings are locked."""

    practice: Practice
    rating: PeerRating | None
    own: SelfScore | None = None

    @property
    def is_given(self) -> bool:
        """Whether the rater has said something about the level."""
        return self.rating is not None and is_given(self.rating)

    @property
    def is_changed(self) -> bool:
        """Whether the final level differs from the first one."""
        rating = self.rating
        return bool(rating and rating.final is not None and rating.final != rating.initial)


@dataclass(frozen=True)
class Readiness:
    """What a rater has to do before the first real city: say conflicts, rate invented cities."""

    conflicts: bool
    calibration: bool

    @property
    def is_complete(self) -> bool:
        return self.conflicts and self.calibration


def is_given(rating: PeerRating) -> bool:
    """Whether a level stands there, or that it cannot be judged."""
    return rating.cannot_judge or rating.initial is not None


def member_of(cycle: Cycle, user: User) -> Member | None:
    """The person's place in a team of the cycle."""
    mine = Member.objects.filter(team__cycle=cycle, user_id=user.pk)
    return mine.select_related("team__city", "team__cycle").first()


def readiness(member: Member) -> Readiness:
    """How far a person is with what comes before rating."""
    cases = DossierCase.objects.filter(dossier__framework__cycles__teams=member.team_id)
    said = ConflictsDeclared.objects.filter(team=member.team_id, person=member.user_id)
    return Readiness(
        conflicts=said.exists(),
        calibration=not cases.exclude(pk__in=calibrated(member).values("case")).exists(),
    )


def may_begin(assignment: Assignment) -> bool:
    """Whether the person of this pair has done what comes before the first real city."""
    places = Member.objects.filter(team=assignment.rater_id, user=assignment.person_id)
    member = places.select_related("team").first()
    return member is not None and readiness(member).is_complete


def calibrated(member: Member) -> QuerySet[CalibrationRating]:
    """What a person has given to invented cities in the cycle, whichever team they were in."""
    return CalibrationRating.objects.filter(cycle=member.team.cycle_id, person=member.user_id)


def asked_of(cycle: Cycle) -> dict[uuid.UUID, int]:
    """How many practices are rated of each city: all but those outside its mandate."""
    practices = Practice.objects.filter(framework=cycle.framework_id).count()
    barred = SelfScore.objects.handed_in().filter(outside_mandate=True)
    outside = Count("assessment__scores", filter=Q(assessment__scores__in=barred))
    teams = cycle.teams.order_by().annotate(outside=outside)
    return {pk: practices - number for pk, number in teams.values_list("pk", "outside")}


def progress(cycle: Cycle) -> list[CityToRate]:
    """Every released pair of the cycle with how far its rater is; levels are not in it."""
    spoken = Q(ratings__cannot_judge=True) | Q(ratings__initial__isnull=False)
    pairs = (
        Assignment.objects.filter(rated__cycle=cycle, status__in=Assignment.RELEASED)
        .select_related("rated__city", "rated__assessment", "rater__city", "person")
        .annotate(given=Count("ratings", filter=spoken))
        .order_by("rated__city__country", "rated__city__name", "rater__city__name")
    )
    asked = asked_of(cycle)
    return [CityToRate(pair, pair.given, asked[pair.rated_id]) for pair in pairs]


def to_rate(cycle: Cycle, user: User) -> list[CityToRate]:
    """The cities that this person rates, by name."""
    return [line for line in progress(cycle) if line.assignment.person_id == user.pk]


def lines(assignment: Assignment) -> list[Line]:
    """The practices of the rated city, in their order; those outside its mandate are left out.

    So is what was asked about only after the first levels were locked.
    """
    own = {score.practice_id: score for score in said_by(assignment)}
    given = {rating.practice_id: rating for rating in assignment.ratings.all()}
    practices = Practice.objects.filter(framework=assignment.rated.cycle.framework_id)
    is_open = is_unblinded(assignment)
    return [
        Line(
            practice=practice,
            rating=given.get(practice.pk),
            own=own.get(practice.pk) if is_open else None,
        )
        for practice in practices
        if not (practice.pk in own and own[practice.pk].outside_mandate)
        and (practice.pk in given or not is_open)
    ]


def said_by(assignment: Assignment) -> QuerySet[SelfScore]:
    """What the rated city has handed in; nothing while it is being written or mended."""
    return SelfScore.objects.handed_in().filter(assessment__team=assignment.rated_id)


def waits_because(assignment: Assignment) -> str:
    """Why the city cannot be rated at this moment; "" while it can."""
    own = getattr(assignment.rated, "assessment", None)
    if own is None or not own.is_open_again:
        return ""
    return _(
        "This city is changing its self-assessment, and nobody rates it until it is handed in "
        "again. What you have saved stays; come back then."
    )


def is_unblinded(assignment: Assignment) -> bool:
    """Whether the rater may see how the city sees itself."""
    return assignment.status in {Assignment.Status.LOCKED, Assignment.Status.DONE}


def outside(assignment: Assignment) -> list[SelfScore]:
    """The practices that the rated city does not hold the power for, with its reasons."""
    return list(said_by(assignment).filter(outside_mandate=True).select_related("practice"))


def told(assignment: Assignment, practice: Practice) -> str:
    """What the city says it does, in its words."""
    found = said_by(assignment).filter(practice=practice)
    return found.values_list("why", flat=True).first() or ""


def evidence(assignment: Assignment, practice: Practice, user: User) -> list[Evidence]:
    """What shows the level, as far as the rater may read it."""
    visible = Evidence.objects.visible_to(user).filter(
        score__assessment__team=assignment.rated_id, score__practice=practice
    )
    return list(visible.filter(state=Evidence.State.TAKEN))


# --- Calibration -------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A practice of an invented city; `given` is what this person said, and None before."""

    case: DossierCase
    rungs: list[Rung]
    given: int | None

    @property
    def difference(self) -> int | None:
        """How many levels above the agreed one; None before it is given."""
        return None if self.given is None else self.given - self.case.level

    @property
    def lower(self) -> int:
        """How many levels below the agreed one."""
        return max(0, -(self.difference or 0))


@dataclass(frozen=True)
class InventedCity:
    """An invented city with its cases, as one person has rated them."""

    dossier: Dossier
    cases: list[Case]

    @property
    def is_rated(self) -> bool:
        return all(case.given is not None for case in self.cases)


def invented(member: Member) -> list[InventedCity]:
    """The invented cities of the cycle's framework, with what this person said of them."""
    framework = member.team.cycle.framework_id
    cases = DossierCase.objects.select_related("practice")
    dossiers = Dossier.objects.filter(framework=framework).prefetch_related(
        Prefetch("cases", queryset=cases)
    )
    given = dict(calibrated(member).values_list("case", "level"))
    steps = all_rungs(framework)
    return [
        InventedCity(
            dossier,
            [
                Case(case, steps[case.practice_id], given.get(case.pk))
                for case in dossier.cases.all()
            ],
        )
        for dossier in dossiers
    ]
