"""How the demo writes workshops and programmes down."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, time
from typing import TYPE_CHECKING, Any

from curriculum.actions import programme as curriculum
from workshop_portal.demo.clock import on_the_clock
from workshop_portal.workshops.actions import create_workshop, edit_workshop, publish

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User
    from workshop_portal.workshops.models import Workshop


@dataclass(frozen=True)
class Teacher:
    """Somebody who speaks, with position and organisation as the programme names them."""

    name: str
    position: str
    organisation: str


@dataclass(frozen=True)
class Meeting:
    """A session: on which training day, from 0, between which hours of the workshop's clock."""

    day: int
    starts: str
    ends: str
    format: str
    title: str
    module: int | None = None
    room: str = ""
    summary: str = ""
    speakers: tuple[Teacher, ...] = ()
    capacity: int | None = None


def published(
    facts: dict[str, str],
    *,
    days: list[date],
    objectives: list[str],
    organisers: list[str],
    coordinator: User,
    partners: list[str] | None = None,
) -> Workshop:
    """A workshop on its public page, run by `coordinator`."""
    workshop = create_workshop(coordinator=coordinator, by=coordinator, **facts)
    edit_workshop(
        workshop,
        days=days,
        objectives=objectives,
        organisers=[(name, "") for name in organisers],
        partners=[(name, "") for name in partners or []],
        by=coordinator,
    )
    publish(workshop, by=coordinator)
    return workshop


def programme(
    workshop: Workshop,
    modules: list[str],
    meetings: list[Meeting],
    *,
    speakers: list[Teacher],
    by: User,
) -> None:
    """The released programme, in order: modules, speakers, sessions."""
    numbered = {
        number: curriculum.add_module(workshop, number=number, title=title, by=by)
        for number, title in enumerate(modules, start=1)
    }
    named = {
        teacher: curriculum.add_speaker(workshop, by=by, **asdict(teacher)) for teacher in speakers
    }
    days = list(workshop.days.values_list("date", flat=True))
    for meeting in meetings:
        curriculum.add_session(
            workshop,
            module=numbered[meeting.module] if meeting.module else None,
            speakers=[named[teacher] for teacher in meeting.speakers],
            by=by,
            **_facts(meeting, day=days[meeting.day], zone=workshop.zone),
        )
    curriculum.release(workshop, by=by)


def _facts(meeting: Meeting, *, day: date, zone: str) -> dict[str, Any]:
    return {
        "title": meeting.title,
        "format": meeting.format,
        "starts_at": on_the_clock(day, time.fromisoformat(meeting.starts), zone),
        "ends_at": on_the_clock(day, time.fromisoformat(meeting.ends), zone),
        "room": meeting.room,
        "summary": meeting.summary,
        "capacity": meeting.capacity,
    }
