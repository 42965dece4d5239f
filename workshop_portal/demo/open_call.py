"""An invented workshop in Jeju, about three months ahead, whose call is open now."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from applications.actions.call import open_call
from workshop_portal.deadlines import last_second
from workshop_portal.demo import shapes
from workshop_portal.demo.clock import at, on_the_clock
from workshop_portal.demo.jeju_2017 import MODULES, ORGANISERS
from workshop_portal.demo.shapes import Meeting, Teacher

if TYPE_CHECKING:
    from applications.models import Call
    from workshop_portal.accounts.models import User

SLUG = "safe-referral-jeju"
ZONE = "Asia/Seoul"
TUESDAY = 1

FACTS = {
    "slug": SLUG,
    "title": "Safe Referral of Trafficking Victims between Cities of the Asia-Pacific Region",
    "theme": "Trafficking in persons",
    "mode": "in_person",
    "venue": "Jeju International Training Center",
    "city": "Jeju-do",
    "country": "KR",
    "zone": ZONE,
    "contact_email": "workshops@example.org",
    "summary": "Four days on one question: how does a person who was found in one city reach "
    "safety in another without telling the story again at every door?",
    "background": """\
A referral is a promise that one office makes on behalf of another. It breaks where a form gets
lost, where nobody answers at night, or where a person is sent home before anyone has asked what is
waiting there.

Participants bring a case of their own, compare how their cities would have handled it, and go home
with a referral pathway that their colleagues can use on the next day.""",
    "event_objectives": """\
- Compare referral pathways of cities that share a border, a route or a diaspora.
- Practise the first 48 hours: the conversation, the bed, the interpreter, the risk assessment.
- Agree on what is passed on about a person, with whose consent, and what is never passed on.
- Write one page that says who does what, and have it read by the city next to yours.""",
    "audience": "Officials of local and provincial governments, and the staff of organisations and "
    "institutions, who work directly with victims of trafficking.",
    "requirements": """\
- Bring a case from your own work, told so that nobody in it can be recognised.
- Read the preparatory texts, about four hours.
- Be there on all four days.
- Speak and write English well enough to discuss a case.""",
    "methodology": """\
- Short lectures
- Exercises on real forms, with names removed
- A scenario that runs through three days
- CityShare: cities rate and compare their practice
- A study visit and the presentation of action plans""",
    "travel_terms": """\
- 15 of the 30 participants can be helped with the air fare to Jeju.
- Room, meals and transport in Jeju are paid for on the four days of the workshop, not on the days
  of arrival and departure.
- The visa fee and travel inside your own country stay with you.""",
}

LEARNING_OBJECTIVES = [
    "Recognise when a person may be a victim, and know what to do within the first hour.",
    "Hold a first conversation that does no harm.",
    "Write a referral that says enough, and no more than the person has agreed to.",
    "Describe the pathway of one's own city and name its weakest step.",
    "Use CityShare to learn from a city that does better at this step.",
    "Present a plan of action with three dated steps.",
]

PAIK = Teacher("Paik Eunseo", "Trainer", "Jeju International Training Center")
SALONGA = Teacher("Teresita Salonga", "Adviser on victim protection", "Bahay Tuluyan Network")
IQBAL = Teacher("Farid Iqbal", "Investigator, retired", "Independent")
SPEAKERS = [PAIK, SALONGA, IQBAL]

HALL, ROOM = "Main hall", "Seminar room 1"
PROGRAMME = [
    Meeting(0, "09:00", "09:45", "opening", "Opening", room=HALL),
    Meeting(
        0,
        "10:00",
        "11:30",
        "lecture",
        "Who is a victim, and who decides?",
        module=1,
        room=HALL,
        speakers=(PAIK,),
    ),
    Meeting(
        0,
        "13:00",
        "15:00",
        "exercise",
        "The first conversation",
        module=2,
        room=ROOM,
        speakers=(SALONGA,),
        capacity=15,
    ),
    Meeting(
        0,
        "15:30",
        "17:00",
        "scenario",
        "The scenario, part 1: a call at night",
        module=2,
        room=HALL,
    ),
    Meeting(
        1,
        "09:00",
        "10:30",
        "lecture",
        "Referral across a border",
        module=3,
        room=HALL,
        speakers=(PAIK,),
    ),
    Meeting(
        1,
        "10:45",
        "12:15",
        "discussion",
        "People who flee and people who are sold",
        module=4,
        room=ROOM,
    ),
    Meeting(
        1,
        "13:30",
        "15:00",
        "exercise",
        "One page instead of nine",
        module=5,
        room=ROOM,
        speakers=(SALONGA,),
    ),
    Meeting(
        1,
        "15:30",
        "17:00",
        "scenario",
        "The scenario, part 2: the second door",
        module=5,
        room=HALL,
    ),
    Meeting(
        2,
        "09:00",
        "10:30",
        "lecture",
        "What an investigator needs from us",
        module=6,
        room=HALL,
        speakers=(IQBAL,),
    ),
    Meeting(
        2, "10:45", "12:00", "discussion", "Licences, inspections, purchases", module=7, room=ROOM
    ),
    Meeting(
        2,
        "13:30",
        "17:30",
        "study_visit",
        "Study visit: a shelter and a hotline",
        room="Bus from the main door",
    ),
    Meeting(
        3,
        "09:00",
        "10:00",
        "lecture",
        "Counting what matters",
        module=8,
        room=HALL,
        speakers=(PAIK,),
    ),
    Meeting(
        3,
        "10:15",
        "12:30",
        "cityshare",
        "River and stairs: our cities compared",
        module=9,
        room=HALL,
    ),
    Meeting(3, "13:30", "16:00", "action_plans", "Action plans", room=HALL),
    Meeting(3, "16:00", "16:30", "closing", "Closing", room=HALL),
]


def build(now: datetime, *, coordinator: User) -> Call:
    """Open the call three weeks before `now`; it closes nine days after, late at night in Seoul."""
    today = now.astimezone(ZoneInfo(ZONE)).date()
    opens_at = on_the_clock(today - timedelta(days=21), time(9, 0), ZONE)
    ends_on = today + timedelta(days=9)
    first = today + timedelta(days=91)
    first += timedelta(days=(TUESDAY - first.weekday()) % 7)
    with at(opens_at):
        workshop = shapes.published(
            FACTS,
            days=[first + timedelta(days=number) for number in range(4)],
            objectives=LEARNING_OBJECTIVES,
            organisers=ORGANISERS,
            coordinator=coordinator,
        )
        shapes.programme(workshop, MODULES, PROGRAMME, speakers=SPEAKERS, by=coordinator)
        return open_call(
            workshop,
            opens_at=opens_at,
            closes_at=last_second(datetime.combine(ends_on, time(23, 59)), ZONE),
            decide_by=ends_on + timedelta(days=21),
            seats=30,
            funded_seats=15,
            travel_budget=Decimal(40_000),
            by=coordinator,
        )
