"""The programme as pages show it, in few queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.dateformat import format as in_words
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from applications.ics import Appointment, calendar
from curriculum.models import Module, Programme, Session, Speaker
from workshop_portal.workshops.models import TrainingDay, Workshop

SPEAKER = ("speakers__name", "speakers__position", "speakers__organisation")


@dataclass(frozen=True)
class Line:
    """A session with every word ready: templates are what a long programme costs."""

    pk: str
    title: str
    format: str
    starts: str
    ends: str
    iso: str
    own: str
    room: str
    module: str
    speakers: tuple[str, ...]
    summary: str
    is_required: bool


@dataclass(frozen=True)
class Day:
    """A day on the workshop's clock."""

    date: date
    title: str
    lines: tuple[Line, ...]


def is_released(workshop: Workshop) -> bool:
    """Reads `programme` when the workshop was fetched with it."""
    programme = getattr(workshop, "programme", None)
    return programme is not None and programme.status == Programme.Status.RELEASED


def rows_of(workshop: Workshop) -> list[tuple[dict[str, Any], list[str]]]:
    """Every session as its columns, with its speakers in words; all in one query."""
    rows = workshop.sessions.order_by("starts_at", "title", "pk", "speakers__name").values(
        *("pk", "title", "format", "starts_at", "ends_at", "room", "is_required", "summary"),
        *("module__number", *SPEAKER),
    )
    found: dict[object, tuple[dict[str, Any], list[str]]] = {}
    for row in rows:
        _columns, speakers = found.setdefault(row["pk"], (row, []))
        words = ", ".join(row[column] for column in SPEAKER if row[column])
        if words:
            speakers.append(words)
    return list(found.values())


def days_of(workshop: Workshop, reader: ZoneInfo | None, days: Iterable[date] = ()) -> list[Day]:
    """The programme by day of the workshop's zone, each time also on the reader's clock.

    `days` are shown also when nothing happens on them yet.
    """
    zone = ZoneInfo(workshop.zone)
    found: dict[date, list[Line]] = {day: [] for day in days}
    for columns, speakers in rows_of(workshop):
        day = columns["starts_at"].astimezone(zone).date()
        found.setdefault(day, []).append(_line(columns, speakers, zone, reader))
    shape = pgettext("date format", "l j F Y")
    return [Day(day, in_words(day, shape), tuple(found[day])) for day in sorted(found)]


def _line(
    columns: dict[str, Any], speakers: list[str], zone: ZoneInfo, reader: ZoneInfo | None
) -> Line:
    starts, ends = (columns[name].astimezone(zone) for name in ("starts_at", "ends_at"))
    return Line(
        pk=str(columns["pk"]),
        title=columns["title"],
        format=str(Session.Format(columns["format"]).label),
        starts=f"{starts:%H:%M}",
        ends=f"{ends:%H:%M}",
        iso=starts.isoformat(),
        own=_own(starts, ends, reader),
        room=columns["room"],
        module=str(columns["module__number"] or ""),
        speakers=tuple(speakers),
        summary=columns["summary"],
        is_required=columns["is_required"],
    )


def _own(starts: datetime, ends: datetime, reader: ZoneInfo | None) -> str:
    """The times on the reader's clock, where it differs; with the day, where that differs too."""
    if reader is None:
        return ""
    own, own_end = starts.astimezone(reader), ends.astimezone(reader)
    if own.utcoffset() == starts.utcoffset():
        return ""
    times = {"from": f"{own:%H:%M}", "to": f"{own_end:%H:%M}"}
    if own.date() == starts.date():
        return _("your time: %(from)s–%(to)s") % times  # noqa: RUF001
    day = in_words(own, pgettext("date format", "j F"))
    return _("your time: %(day)s, %(from)s–%(to)s") % {**times, "day": day}  # noqa: RUF001


def clashes(
    workshop: Workshop,
    *,
    starts_at: datetime,
    ends_at: datetime,
    room: str,
    speakers: Sequence[Speaker],
    apart_from: Session | None = None,
) -> list[str]:
    """A sentence for everything that would be in two places at once."""
    others = workshop.sessions.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    if apart_from:
        others = others.exclude(pk=apart_from.pk)
    same = Q(speakers__in=speakers)
    if room:
        same |= Q(room__iexact=room)
    others = others.filter(same).distinct().prefetch_related("speakers")
    return [words for other in others for words in _clash(other, room, speakers)]


def _clash(other: Session, room: str, speakers: Sequence[Speaker]) -> list[str]:
    facts = {"room": room, "title": other.title}
    said = []
    if room and other.room.casefold() == room.casefold():
        said.append(_("At that time “%(title)s” takes place in %(room)s.") % facts)
    busy = set(other.speakers.all())
    said += [
        _("At that time %(name)s speaks in “%(title)s”.") % {**facts, "name": speaker.name}
        for speaker in speakers
        if speaker in busy
    ]
    return said


def modules_of(workshop: Workshop) -> list[Module]:
    """With `number_of_sessions`, so that a page can say what may be deleted."""
    return list(workshop.modules.annotate(number_of_sessions=Count("sessions")))


def speakers_of(workshop: Workshop) -> list[Speaker]:
    """With `number_of_sessions`, as `modules_of`."""
    return list(workshop.speakers.annotate(number_of_sessions=Count("sessions")))


def training_days(workshop: Workshop) -> list[date]:
    """In the order of their dates."""
    return list(TrainingDay.objects.filter(workshop=workshop).values_list("date", flat=True))


def busy_days(workshop: Workshop) -> set[date]:
    """The days, on the workshop's clock, on which there are sessions."""
    zone = ZoneInfo(workshop.zone)
    starts = Session.objects.filter(workshop=workshop).values_list("starts_at", flat=True)
    return {at.astimezone(zone).date() for at in starts}


def programme_calendar(workshop: Workshop) -> bytes:
    """The released sessions as a calendar file."""
    address = settings.PUBLIC_BASE_URL + workshop.get_absolute_url()
    return calendar(
        workshop.title,
        [
            Appointment(
                uid=f"session-{session.pk}@workshop-portal",
                title=session.title,
                starts=session.starts_at,
                ends=session.ends_at,
                changed=timezone.now(),
                place=session.room or workshop.place,
                text=session.get_format_display(),
                url=address,
            )
            for session in workshop.sessions.all()
        ],
    )
