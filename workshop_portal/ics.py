"""Calendar files (RFC 5545) from plain appointments. Pure.

Times go in aware and come out in UTC, so that no calendar needs to know a zone's rules. The uid
stays the same for ever and `sequence` grows with every change: a calendar that reads the file
again moves the entry instead of adding a second one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event

MEDIA_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Appointment:
    """Something at a time. Without `ends` it is a moment, such as a deadline.

    `changed` is when these facts were last changed; `warn` is how long before the start the
    calendar should speak up.
    """

    uid: str
    title: str
    starts: datetime
    changed: datetime
    ends: datetime | None = None
    place: str = ""
    text: str = ""
    url: str = ""
    sequence: int = 0
    warn: timedelta | None = None


def calendar(name: str, appointments: Iterable[Appointment]) -> bytes:
    """The appointments as one file that calendars can open or subscribe to."""
    book = Calendar()
    book.add("prodid", "-//Workshop Portal//EN")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", name)
    for appointment in appointments:
        book.add_component(_event(appointment))
    return book.to_ical()


def _event(appointment: Appointment) -> Event:
    event = Event()
    event.add("uid", appointment.uid)
    event.add("dtstamp", appointment.changed.astimezone(UTC))
    event.add("dtstart", appointment.starts.astimezone(UTC))
    if appointment.ends:
        event.add("dtend", appointment.ends.astimezone(UTC))
    event.add("sequence", appointment.sequence)
    event.add("summary", appointment.title)
    lines = {
        "location": appointment.place,
        "description": appointment.text,
        "url": appointment.url,
    }
    for field, value in lines.items():
        if value:
            event.add(field, value)
    if appointment.warn:
        event.add_component(_alarm(appointment))
    return event


def _alarm(appointment: Appointment) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", appointment.title)
    alarm.add("trigger", -(appointment.warn or timedelta()))
    return alarm
