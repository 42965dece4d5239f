"""What raters wrote about a city, as its team reads it: without names, in nobody's order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.utils.crypto import salted_hmac

from cityshare.models import Assignment, Cycle, PeerRating
from cityshare.queries.naming import named_in
from cityshare.queries.standings import FEWEST_RATERS
from workshop_portal.audit.models import name_of

if TYPE_CHECKING:
    from cityshare.models import Team
    from workshop_portal.accounts.models import User

WRITTEN = ~Q(strength="") | ~Q(question="") | ~Q(suggestion="")
TOKEN_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Comment:
    """What one rater wrote about one practice. Neither rater nor level is in it.

    `token` stands for the rating in addresses: its own number would tell which comments have the
    same author.
    """

    token: str
    strength: str
    question: str
    suggestion: str
    useful: bool | None
    is_reported: bool


def token_of(rating: PeerRating) -> str:
    """A name for the rating that says nothing about any other one."""
    return salted_hmac("cityshare.comment", str(rating.pk)).hexdigest()[:TOKEN_LENGTH]


def are_few(team: Team) -> bool:
    """Whether so few cities rated this one that its team would know who wrote what."""
    return Assignment.objects.counted().filter(rated=team).count() < FEWEST_RATERS


def written_about(team: Team) -> list[PeerRating]:
    """The ratings with words that count for a city, held back ones too; none of too few raters."""
    pairs = Assignment.objects.counted().filter(rated=team)
    raters = pairs.order_by().values("rated").annotate(number=Count("rater"))
    enough = raters.filter(number__gte=FEWEST_RATERS).values("rated")
    found = PeerRating.objects.filter(WRITTEN, assignment__in=pairs, assignment__rated__in=enough)
    return list(found.select_related("practice", "assignment").order_by("practice__order"))


def comments_of(team: Team, cycle: Cycle) -> dict[str, list[Comment]]:
    """What the team may read, by the practice's code; nothing before the ratings are closed."""
    found: dict[str, list[Comment]] = defaultdict(list)
    if not cycle.has_reached(Cycle.Stage.MODERATION):
        return found
    for rating in written_about(team):
        if not rating.held_back:
            found[rating.practice.code].append(
                Comment(
                    token=token_of(rating),
                    strength=rating.strength,
                    question=rating.question,
                    suggestion=rating.suggestion,
                    useful=rating.useful,
                    is_reported=rating.reported_at is not None,
                )
            )
    for comments in found.values():
        comments.sort(key=lambda comment: comment.token)
    return found


def behind(team: Team, token: str) -> PeerRating | None:
    """The rating that a token stands for, if its words are for this team to read."""
    readable = (rating for rating in written_about(team) if not rating.held_back)
    return next((rating for rating in readable if token_of(rating) == token), None)


# --- For those who lead ------------------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """A comment as those who lead read it; who wrote it is told when they have said why."""

    rating: PeerRating
    by: str = ""
    city: str = ""


@dataclass(frozen=True)
class Desk:
    """What those who lead look through: what was reported, what is kept back, and one city's.

    `is_named` says whether the reader knows who wrote about that city.
    """

    reported: list[Written] = field(default_factory=list)
    kept_back: list[Written] = field(default_factory=list)
    of_city: list[Written] = field(default_factory=list)
    is_named: bool = False


def desk(cycle: Cycle, user: User, team: Team | None = None) -> Desk:
    """The comments of a cycle as this person reads them; those about `team` in full."""
    rows = _in_cycle(cycle)
    of_city = rows.filter(WRITTEN, assignment__rated=team) if team else rows.none()
    named = named_in(cycle, user)
    return Desk(
        reported=_written(rows.filter(reported_at__isnull=False, held_back=""), named),
        kept_back=_written(rows.exclude(held_back=""), named),
        of_city=_written(of_city, named),
        is_named=team is not None and name_of(team) in named,
    )


def reported_in(cycle: Cycle) -> int:
    """How many comments cities have reported and nobody has looked at."""
    return _in_cycle(cycle).filter(reported_at__isnull=False, held_back="").count()


def _in_cycle(cycle: Cycle) -> QuerySet[PeerRating]:
    """The ratings that count; none before the ratings are closed."""
    if not cycle.has_reached(Cycle.Stage.MODERATION):
        return PeerRating.objects.none()
    pairs = Assignment.objects.counted().filter(rated__cycle=cycle)
    return PeerRating.objects.filter(assignment__in=pairs).select_related(
        "practice", "assignment__rated__city", "assignment__rater__city", "assignment__person"
    )


def _written(rows: QuerySet[PeerRating], named: Collection[str]) -> list[Written]:
    """By city and practice, and within them in nobody's order."""
    return [
        Written(row, str(row.assignment.person), str(row.assignment.rater))
        if name_of(row.assignment.rated) in named
        else Written(row)
        for row in sorted(rows, key=_place)
    ]


def _place(row: PeerRating) -> tuple[str, str, int, str]:
    city = row.assignment.rated.city
    return str(city.country), city.name, row.practice.order, token_of(row)
