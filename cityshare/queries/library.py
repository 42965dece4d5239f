"""The library: every published asset of the network, found by words, practice and level."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet

from cityshare.models import Asset, Practice, Principle, Story, Team
from cityshare.models.asset import AssetQuerySet

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User

PER_PAGE = 20
SEARCHED = ("title", "audience", "context", "checklist", "tools", "to_adapt", "did_not_work")
IN_STORIES = ("happened", "learned", "city__name")
IN_PRINCIPLES = ("when", "do", "because")
SHELVED = (Asset.Status.PUBLISHED, Asset.Status.DUE)


def shelved(user: User) -> AssetQuerySet:
    """What the library holds for this person."""
    return Asset.objects.visible_to(user).filter(status__in=SHELVED)


def shelf(user: User) -> AssetQuerySet:
    """What the library holds for this person, with everything a list says of it."""
    cities = Team.objects.select_related("city")
    return (
        shelved(user)
        .select_related("practice")
        .prefetch_related(Prefetch("teams", queryset=cities))
        .annotate(used=Count("uses", distinct=True))
        .order_by("practice__order", "title")
    )


def found(user: User, chosen: Mapping[str, str]) -> AssetQuerySet:
    """The assets that fit: every word somewhere, of a practice, helping from a level."""
    books = shelf(user)
    for word in chosen.get("words", "").split():
        books = books.filter(mentions(word))
    if code := chosen.get("practice"):
        books = books.filter(practice__code=code)
    if level := chosen.get("level"):
        books = books.filter(from_level__lte=level, to_level__gt=level)
    return books


def mentions(word: str) -> Q:
    """Whether an asset, a story or a principle of it holds the word, however capitalised."""
    return (
        any_of(SEARCHED, word)
        | Exists(Story.objects.filter(asset=OuterRef("pk")).filter(any_of(IN_STORIES, word)))
        | Exists(Principle.objects.filter(asset=OuterRef("pk")).filter(any_of(IN_PRINCIPLES, word)))
    )


def any_of(columns: tuple[str, ...], word: str) -> Q:
    """Whether one of the columns holds the word."""
    holds = Q()
    for column in columns:
        holds |= Q(**{f"{column}__icontains": word})
    return holds


def page_of(books: QuerySet[Asset], number: str) -> Page[Asset]:
    """One page of the list; a number that is no page is the nearest that is."""
    return Paginator(books, PER_PAGE).get_page(number)


def choices(user: User) -> dict[str, Any]:
    """What can be searched for: practices on which the library holds something, by code with
    their newest name, and levels up to the highest to which something leads."""
    held = shelved(user)
    known = Practice.objects.filter(pk__in=held.values("practice"))
    known = known.order_by("order", "-framework__version")
    names: dict[str, str] = {}
    for code, name in known.values_list("code", "name"):
        names.setdefault(code, f"{code} {name}")
    return {"practices": list(names.items()), "levels": held.aggregate(top=Max("to_level"))["top"]}


def being_written(user: User) -> QuerySet[Asset]:
    """What this person's cities are writing, or those who lead look after."""
    mine = Asset.objects.written_by(user).exclude(status__in=[*SHELVED, Asset.Status.WITHDRAWN])
    return mine.select_related("practice", "cycle").order_by("-changed_at")


def to_validate(user: User) -> QuerySet[Asset]:
    """What waits for a word of this person's city: written in another country, and in review."""
    focal = Team.objects.filter(members__user_id=user.pk, members__is_focal_point=True)
    waiting = Asset.objects.filter(
        status=Asset.Status.REVIEW, cycle__teams__in=focal.values("pk")
    ).exclude(teams__city__country__in=focal.values("city__country"))
    said = Q(validations__version=OuterRef("version"), validations__team__in=focal.values("pk"))
    given = Asset.objects.filter(pk=OuterRef("pk")).filter(said)
    return waiting.exclude(Exists(given)).select_related("practice", "cycle").distinct()
