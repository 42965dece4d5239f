"""All workshops as a visitor meets them: open for applications, coming, past."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.utils import timezone

from applications.models import Call
from applications.queries.call import Deadline, deadline
from workshop_portal.workshops.dates import dates_in_words
from workshop_portal.workshops.models import Workshop

LONG_TEXTS = (
    "background",
    "event_objectives",
    "audience",
    "requirements",
    "methodology",
    "travel_terms",
    "outcome",
)


@dataclass(frozen=True)
class Card:
    """A workshop in a few lines; `deadline` only where there is a call."""

    title: str
    url: str
    call_url: str
    text: str
    dates: str
    place: str
    deadline: Deadline | None


@dataclass
class Showcase:
    open: list[Card] = field(default_factory=list)
    upcoming: list[Card] = field(default_factory=list)
    past: list[Card] = field(default_factory=list)


def showcase() -> Showcase:
    """The published workshops, in two queries; the next deadline first, then by date."""
    now = timezone.now()
    found = Showcase()
    for workshop in _workshops():
        _shelf(found, workshop, now).append(_card(workshop))
    found.open.sort(key=lambda card: card.deadline.at if card.deadline else now)
    found.upcoming.reverse()
    return found


def _workshops() -> QuerySet[Workshop]:
    return (
        Workshop.objects.filter(status=Workshop.Status.PUBLISHED)
        .with_dates()
        .order_by(F("first_day").desc(nulls_first=True))
        .defer(*LONG_TEXTS)
        .select_related("call")
        .prefetch_related("days")
    )


def _call(workshop: Workshop) -> Call | None:
    call = getattr(workshop, "call", None)
    if call:
        call.workshop = workshop
    return call


def _shelf(found: Showcase, workshop: Workshop, now: datetime) -> list[Card]:
    call = _call(workshop)
    if call and call.window.is_open(now):
        return found.open
    today = now.astimezone(ZoneInfo(workshop.zone)).date()
    if workshop.last_day and workshop.last_day < today:
        return found.past
    return found.upcoming


def _card(workshop: Workshop) -> Card:
    call = _call(workshop)
    return Card(
        title=workshop.title,
        url=workshop.get_absolute_url(),
        call_url=call.get_absolute_url() if call else "",
        text=workshop.summary or workshop.theme,
        dates=dates_in_words([day.date for day in workshop.days.all()]),
        place=workshop.place,
        deadline=deadline(call) if call else None,
    )
