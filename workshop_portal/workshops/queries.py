"""What the pages of a workshop need to know, in few queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import (
    CharField,
    Count,
    Expression,
    F,
    IntegerField,
    Model,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast

from workshop_portal.outbox.models import Message
from workshop_portal.outbox.occasions import title_of
from workshop_portal.workshops.dates import dates_in_words
from workshop_portal.workshops.models import (
    LearningObjective,
    Partner,
    Role,
    TrainingDay,
    Workshop,
)

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


@dataclass(frozen=True)
class Person:
    """Somebody who works in a workshop, with their roles in it."""

    user: User
    roles: list[Role]


def peopled_by(user: User) -> QuerySet[Workshop]:
    """The workshops whose people this person sees and chooses: their own; an admin's, all."""
    return Workshop.objects.all() if user.is_admin else Workshop.objects.run_by(user)


def people(workshop: Workshop) -> list[Person]:
    """Everybody with a role, by name; roles in the order in which they are always listed."""
    order = {kind: place for place, kind in enumerate(Role.Kind.values)}
    roles = Role.objects.filter(workshop=workshop).select_related("user")
    people: dict[object, Person] = {}
    for role in sorted(roles, key=lambda role: order[role.role]):
        people.setdefault(role.user_id, Person(role.user, [])).roles.append(role)
    return sorted(people.values(), key=lambda person: str(person.user).casefold())


def letters(
    workshop: Workshop, *, state: str = "", kind: str = "", words: str = ""
) -> QuerySet[Message]:
    """The letters of a workshop, newest first, without their bodies."""
    found = Message.objects.filter(scope=workshop.scope).select_related("to").defer("body")
    if state:
        found = found.filter(state=state)
    if kind:
        found = found.filter(letter=kind)
    for word in words.split():
        person = Q(to__given_name__icontains=word) | Q(to__family_name__icontains=word)
        found = found.filter(Q(subject__icontains=word) | Q(address__icontains=word) | person)
    return found.order_by("-written_at", "-pk")


@dataclass(frozen=True)
class LetterCounts:
    """How many letters a workshop has, by kind and state."""

    numbers: dict[tuple[str, str], int]

    @property
    def states(self) -> dict[str, int]:
        """How many are in each state; every state is there."""
        found = dict.fromkeys(Message.State.values, 0)
        for (_kind, state), number in self.numbers.items():
            found[state] += number
        return found

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The kinds that there are, each with its name, by name."""
        kinds = {kind for kind, _state in self.numbers}
        return sorted(((kind, title_of(kind)) for kind in kinds), key=lambda pair: pair[1])

    def of(self, kind: str, state: str) -> int:
        return self.numbers.get((kind, state), 0)


def letter_counts(workshop: Workshop) -> LetterCounts:
    """The letters of a workshop counted once, for its filters and for its list."""
    rows = Message.objects.filter(scope=workshop.scope).order_by()
    counted = rows.values_list("letter", "state").annotate(Count("pk"))
    return LetterCounts({(kind, state): number for kind, state, number in counted})


def times_sent_again(letter: Message) -> int:
    """How often the words of a letter have been sent once more."""
    return Message.objects.filter(key__startswith=f"again:{letter.pk}:").count()


# --- What the public page says -----------------------------------------------------------


@dataclass
class Parts:
    """What belongs to a workshop: its days, aims and organisations, each in its own order."""

    days: list[date] = field(default_factory=list)
    objectives: list[str] = field(default_factory=list)
    organisers: list[tuple[str, str]] = field(default_factory=list)
    partners: list[tuple[str, str]] = field(default_factory=list)

    @property
    def dates(self) -> str:
        return dates_in_words(self.days)


def days_of(workshop: Workshop) -> list[date]:
    """The training days, in their order."""
    days = TrainingDay.objects.filter(workshop_id=workshop.pk).order_by("date")
    return list(days.values_list("date", flat=True))


def dates_of(workshop: Workshop) -> str:
    """The training days in words."""
    return dates_in_words(days_of(workshop))


def parts(workshop: Workshop) -> Parts:
    """Days, objectives and organisations of a workshop, in one query."""
    found = Parts()
    places = {"organiser": found.organisers, "partner": found.partners}
    for kind, _place, text, url in _rows(workshop):
        if kind == "day":
            found.days.append(date.fromisoformat(text))
        elif kind == "objective":
            found.objectives.append(text)
        else:
            places[kind].append((text, url))
    return found


def _rows(workshop: Workshop) -> QuerySet:
    days = _of(TrainingDay, workshop, kind=Value("day"), place=Value(0), words=F("date"))
    objectives = _of(
        LearningObjective, workshop, kind=Value("objective"), place=F("order"), words=F("text")
    )
    partners = _of(
        Partner, workshop, kind=F("part"), place=Value(0), words=F("name"), link=F("url")
    )
    return days.union(objectives, partners, all=True).order_by("kind", "place", "words")


def _of(model: type[Model], workshop: Workshop, **columns: Expression | F) -> QuerySet:
    """Rows of one table in the four columns that all three have in common."""
    columns.setdefault("link", Value(""))
    place = Cast(columns.pop("place"), IntegerField())
    words = {name: Cast(value, CharField()) for name, value in columns.items()}
    rows = model._default_manager.filter(workshop=workshop).order_by()
    return rows.annotate(place=place, **words).values_list("kind", "place", "words", "link")
