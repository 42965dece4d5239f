"""The programme as pages show it, in few queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.dateformat import format as in_words
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from applications.models import Application, Call
from curriculum.models import Module, Postponement, Programme, Session, Speaker
from curriculum.postponing import Dates, Sitting, fingerprint
from workshop_portal.accounts.models import User
from workshop_portal.deadlines import State
from workshop_portal.ics import Appointment, calendar
from workshop_portal.workshops.models import (
    Participant,
    Role,
    TrainingDay,
    Workshop,
    WorkshopQuerySet,
)

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
    moved = workshop.postponements.count()
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
                sequence=moved,
            )
            for session in workshop.sessions.all()
        ],
    )


# --- Postponing --------------------------------------------------------------------------

# Whose application the new days concern; a draft only while it can still be sent.
APPLYING = {
    Application.Status.SUBMITTED,
    Application.Status.ACCEPTED,
    Application.Status.WAITLISTED,
}


@dataclass(frozen=True)
class Reader:
    """Somebody who is told of new days: as `participant`, `applicant` or `team`."""

    user: User
    part: str
    application: Application | None = None


@dataclass(frozen=True)
class Plan:
    """What postponing a workshop would move, and who would be told."""

    by_days: int
    was: Dates
    now: Dates
    readers: list[Reader]

    @property
    def fingerprint(self) -> str:
        """What a person has looked at, in one short text."""
        people = [f"{reader.part}:{reader.user.pk}" for reader in self.readers]
        return fingerprint(self.now, [*people, fingerprint(self.was, [])])

    @property
    def sessions(self) -> list[tuple[Sitting, Sitting]]:
        """Every session as it was and as it would be."""
        return list(zip(self.was.sessions, self.now.sessions, strict=True))

    @property
    def days(self) -> list[tuple[date, date]]:
        return list(zip(self.was.days, self.now.days, strict=True))

    @property
    def counts(self) -> dict[str, int]:
        """How many get a letter, by what they are."""
        return Counter(reader.part for reader in self.readers)


def with_postponement(workshops: WorkshopQuerySet) -> WorkshopQuerySet:
    """Each with the last time it was moved, for `postponement_of`, in the same query."""
    last = Postponement.objects.filter(workshop=OuterRef("pk")).order_by("-made_at", "-pk")
    return workshops.annotate(
        moved_from=Subquery(last.values("was")[:1]), moved_why=Subquery(last.values("reason")[:1])
    )


def postponement_of(workshop: Workshop) -> Postponement | None:
    """The last time a workshop of `with_postponement` was moved: its earlier days and why."""
    found: Any = workshop
    if found.moved_why is None:
        return None
    return Postponement(workshop=workshop, was=found.moved_from, reason=found.moved_why)


def plan(workshop: Workshop, *, first_day: date, with_deadline: bool, by: User) -> Plan:
    """What it would mean to begin on another day, in six queries.

    The deadline moves with it on demand, while it is still ahead, and so does the day by which
    there are answers. Raises ValueError when the workshop's clock skips one of the new times.
    """
    call = Call.objects.select_related("workshop").filter(workshop=workshop).first()
    is_ahead = call is not None and call.state is not State.CLOSED
    sessions = workshop.sessions.values_list("pk", "title", "starts_at", "ends_at")
    was = Dates(
        days=tuple(training_days(workshop)),
        sessions=tuple(
            Sitting(str(pk), title, starts, ends) for pk, title, starts, ends in sessions
        ),
        closes_at=call.closes_at if call and is_ahead and with_deadline else None,
        decide_by=call.decide_by if call and _is_to_come(call.decide_by) else None,
    )
    by_days = (first_day - was.days[0]).days
    readers = [reader for reader in readers_of(workshop, call) if reader.user != by]
    return Plan(by_days, was, was.later(by_days, workshop.zone), readers)


def _is_to_come(day: date | None) -> bool:
    return day is not None and day >= timezone.now().date()


def readers_of(workshop: Workshop, call: Call | None) -> list[Reader]:
    """Everybody whom the days of a workshop concern, once each, as what they are foremost."""
    seats = Participant.objects.filter(workshop=workshop).select_related("user")
    team = Role.objects.filter(workshop=workshop).select_related("user")
    found = {role.user: Reader(role.user, "team") for role in team}
    for application in applying(call) if call else []:
        reader = Reader(application.applicant, "applicant", application)
        found[application.applicant] = reader
    found |= {seat.user: Reader(seat.user, "participant") for seat in seats}
    return sorted(found.values(), key=lambda reader: (reader.part, str(reader.user.pk)))


def applying(call: Call) -> list[Application]:
    """The applications that are still about something."""
    now = timezone.now()
    concerned = call.applications.filter(status__in=[*APPLYING, Application.Status.DRAFT])
    found = concerned.with_deadline().select_related("applicant")
    for application in found:
        application.call = call
    return [
        application
        for application in found
        if application.status in APPLYING or application.window.is_open(now)
    ]
