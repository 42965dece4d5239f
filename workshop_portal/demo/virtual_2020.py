"""The workshop that was held online on three days in September: its public facts, in our words.

The report gives the days, 1, 2 and 8 September, but no year. It speaks of the Covid-19 pandemic;
2020 is our choice. It gives no hours either: those are invented, and so is the zone's choice.
"""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

from workshop_portal.demo import shapes
from workshop_portal.demo.clock import at, on_the_clock
from workshop_portal.demo.shapes import Meeting, Teacher

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User
    from workshop_portal.workshops.models import Workshop

SLUG = "human-security-2020"
ZONE = "Asia/Seoul"
DAYS = [date(2020, 9, 1), date(2020, 9, 2), date(2020, 9, 8)]
WRITTEN = on_the_clock(date(2020, 7, 20), time(10, 0), ZONE)

FACTS = {
    "slug": SLUG,
    "title": "Enhancing Human Security in the Asia-Pacific Region",
    "theme": "Human security and trafficking in persons",
    "mode": "virtual",
    "zone": ZONE,
    "contact_email": "workshops@example.org",
    "summary": "Three days online about human security, trafficking in persons and the three Ps: "
    "prevention, protection, prosecution.",
    "background": "Governments, international organisations and non-governmental organisations "
    "met over Zoom while the Covid-19 pandemic kept them at home and changed who is trafficked, "
    "how, and for what.",
    "event_objectives": """\
- Agree on what human security, trafficking in persons and the three Ps mean in practice.
- Hear from experts, and from one another, what has worked.
- Draft a plan of action for one's own country, small enough to be carried out.""",
    "audience": "People in governments, international organisations and non-governmental "
    "organisations who work against trafficking in persons.",
    "methodology": """\
- Sessions with invited experts
- Two scenario exercises on a written case
- A facilitated discussion
- Presentations by participants about their own countries""",
    "outcome": """\
46 participants from 18 countries took part. Selected participants presented the situation in their
country and what is done about it, and all worked on a plan of action with aims of their own.""",
}

ORGANISERS = [
    "UNITAR CIFAL Jeju",
    "Regional Support Office of the Bali Process (RSO)",
]

RSO = "Regional Support Office of the Bali Process (RSO)"
CHOI = Teacher("Hong-ghi Choi", "Ambassador, Director", "UNITAR CIFAL Jeju")
SHARMAN = Teacher("Jake Sharman", "Australian Co-Manager", RSO)
RESI = Teacher("Among Resi", "Counter Trafficking Program Officer", "IOM Thailand")
SHIM = Teacher("Nari Shim", "Policy and Communications Officer", "IOM Korea")
SURTEES = Teacher("Rebecca Surtees", "Senior Researcher", "NEXUS Institute")
LAIDLAW = Teacher("Bill Laidlaw", "Programme Coordinator", RSO)
MILLER = Teacher(
    "Rebecca Miller",
    "Regional Programme Coordinator (Human Trafficking/Smuggling of Migrants)",
    "UNODC",
)
SPEAKERS = [CHOI, SHARMAN, RESI, SHIM, SURTEES, LAIDLAW, MILLER]

PROGRAMME = [
    Meeting(0, "10:00", "10:20", "opening", "Opening remarks", speakers=(CHOI, SHARMAN)),
    Meeting(
        0,
        "10:20",
        "11:20",
        "lecture",
        "Session 1: Recent efforts and discourse in anti-trafficking activities",
        speakers=(RESI,),
        summary="Where trafficking, forced labour and slavery differ, and what the pandemic did "
        "to all three.",
    ),
    Meeting(
        0,
        "11:30",
        "12:30",
        "lecture",
        "Session 2: The 3P paradigm used for addressing trafficking in persons",
        speakers=(SHIM,),
        summary="Prevention, protection and prosecution, each with cases.",
    ),
    Meeting(
        0,
        "13:30",
        "14:45",
        "lecture",
        "Session 3: Identifying, protecting and assisting victims of trafficking",
        speakers=(SURTEES,),
        summary="What to weigh when someone may be a victim, what protection consists of, and "
        "why both are hard.",
    ),
    Meeting(
        0,
        "15:00",
        "16:00",
        "scenario",
        "Scenario exercise 1",
        summary="Groups read a case led by the RSO: which crime is it, how to investigate and "
        "prosecute it, how to protect the victims?",
    ),
    Meeting(
        1,
        "10:00",
        "11:30",
        "lecture",
        "Session 4: Prosecution of human trafficking cases",
        speakers=(LAIDLAW,),
        summary="Why victims hesitate to go to court, how to make it easier for them, and what is "
        "left when a case rests on testimony alone.",
    ),
    Meeting(
        1,
        "11:45",
        "13:00",
        "facilitated",
        "Session 5: Partnership and international cooperation",
        speakers=(MILLER,),
        summary="What makes a partnership work, with examples from the participants.",
    ),
    Meeting(
        1,
        "14:00",
        "15:15",
        "scenario",
        "Scenario exercise 2",
        summary="A second case led by the RSO: where prosecution gets stuck, and which other "
        "crimes trafficking is taken for.",
    ),
    Meeting(
        2,
        "10:00",
        "12:30",
        "presentations",
        "Participants' presentations",
        summary="Participants tell of trafficking in their country and of the answers that their "
        "country or organisation has found.",
    ),
]


def build(*, coordinator: User) -> Workshop:
    """Write the workshop; the report knows of no call for it, so there is none."""
    with at(WRITTEN):
        workshop = shapes.published(
            FACTS, days=DAYS, objectives=[], organisers=ORGANISERS, coordinator=coordinator
        )
        shapes.programme(workshop, [], PROGRAMME, speakers=SPEAKERS, by=coordinator)
    return workshop
