"""An invented workshop, online and in Jeju, some weeks ahead, whose call has been decided."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from applications.actions.call import open_call
from workshop_portal.deadlines import last_second
from workshop_portal.demo import shapes
from workshop_portal.demo.clock import at, on_the_clock
from workshop_portal.demo.shapes import Meeting, Teacher

if TYPE_CHECKING:
    from applications.models import Call
    from workshop_portal.accounts.models import User

SLUG = "online-recruitment"
ZONE = "Asia/Seoul"
WEDNESDAY = 2
EXTRA = timedelta(days=3)
REASON = "The portal could not be reached for some hours on the day before the deadline."

FACTS = {
    "slug": SLUG,
    "title": "False Job Offers Online: What Cities Can See and Stop",
    "theme": "Forced labour and online recruitment",
    "mode": "hybrid",
    "venue": "Jeju International Training Center",
    "city": "Jeju-do",
    "country": "KR",
    "zone": ZONE,
    "contact_email": "workshops@example.org",
    "summary": "One day online and, a week later, two days in Jeju about job offers that end "
    "behind a locked door.",
    "background": """\
People who answer an offer on their telephone are recruited in one country, carried through a second
and locked up in a third. The town hall sees none of it, and yet it is there that a family asks for
help, that a hostel is licensed and that a survivor comes home to.""",
    "event_objectives": """\
- Know how recruitment works that never meets its victim before the border.
- Try out what a city can do without new powers: licences, schools, hotlines, returns.
- Set up a line between the cities of a route, so that a warning travels faster than the offer.""",
    "audience": "Officials of local and central governments and the staff of organisations who "
    "prevent forced labour or receive those who come back.",
    "requirements": """\
- Follow the online day from a quiet place.
- Take part in both days in Jeju.
- Speak and write English well enough to discuss a case.""",
    "methodology": """\
- Lectures online
- A scenario exercise
- Group work in Jeju
- Presentation of action plans""",
    "travel_terms": """\
- Ten participants can be helped with the air fare to Jeju.
- Room and meals in Jeju are paid for on the two days there.""",
}

LEARNING_OBJECTIVES = [
    "Tell a false offer from a poor one.",
    "Say which of one's own powers reach a recruiter, a hostel or a platform.",
    "Receive somebody who comes back without making them a suspect.",
    "Agree with another city on how a warning is passed on.",
]
ORGANISERS = ["UNITAR CIFAL Jeju"]
PARTNERS = ["Network of Harbour Cities (invented)"]
MODULES = [
    "How recruitment moved to the telephone",
    "What a city may inspect, license and buy",
    "Return, debt and the risk of going again",
]
LIM = Teacher("Lim Daeun", "Trainer", "Jeju International Training Center")
DSOUZA = Teacher("Anita D'Souza", "Analyst of online crime", "Independent")
SPEAKERS = [LIM, DSOUZA]

ONLINE, HALL = "", "Main hall"
PROGRAMME = [
    Meeting(0, "14:00", "14:30", "opening", "Opening", room=ONLINE),
    Meeting(
        0,
        "14:30",
        "15:45",
        "lecture",
        "Anatomy of an offer",
        module=1,
        room=ONLINE,
        speakers=(DSOUZA,),
    ),
    Meeting(
        0,
        "16:00",
        "17:15",
        "scenario",
        "Scenario: a cousin who has stopped answering",
        module=1,
        room=ONLINE,
    ),
    Meeting(
        1,
        "09:00",
        "10:30",
        "lecture",
        "Powers that a city already has",
        module=2,
        room=HALL,
        speakers=(LIM,),
    ),
    Meeting(1, "11:00", "12:30", "exercise", "Reading a licence file", module=2, room=HALL),
    Meeting(
        1, "14:00", "16:30", "facilitated", "The way back", module=3, room=HALL, speakers=(LIM,)
    ),
    Meeting(2, "09:00", "11:00", "discussion", "A line between cities", module=3, room=HALL),
    Meeting(2, "11:15", "12:45", "presentations", "Participants' presentations", room=HALL),
    Meeting(2, "14:00", "16:00", "action_plans", "Action plans", room=HALL),
    Meeting(2, "16:00", "16:30", "closing", "Closing", room=HALL),
]


def build(now: datetime, *, coordinator: User) -> Call:
    """Open the call ten weeks before `now`, to close 24 days before it (see also `EXTRA`)."""
    today = now.astimezone(ZoneInfo(ZONE)).date()
    opens_at = on_the_clock(today - timedelta(days=70), time(9, 0), ZONE)
    ended = today - timedelta(days=24)
    online = today + timedelta(days=40)
    online += timedelta(days=(WEDNESDAY - online.weekday()) % 7)
    with at(opens_at):
        workshop = shapes.published(
            FACTS,
            days=[online, online + timedelta(days=7), online + timedelta(days=8)],
            objectives=LEARNING_OBJECTIVES,
            organisers=ORGANISERS,
            partners=PARTNERS,
            coordinator=coordinator,
        )
        shapes.programme(workshop, MODULES, PROGRAMME, speakers=SPEAKERS, by=coordinator)
        return open_call(
            workshop,
            opens_at=opens_at,
            closes_at=last_second(datetime.combine(ended, time(23, 59)), ZONE),
            decide_by=today - timedelta(days=5),
            seats=20,
            funded_seats=10,
            travel_budget=Decimal(18_000),
            by=coordinator,
        )
