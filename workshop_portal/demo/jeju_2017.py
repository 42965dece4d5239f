"""The workshop of November 2017 in Jeju: its public facts, in our own words.

From the call come the title, the days, the place, the organisers, the nine modules, the seven
documents, the deadline and the extended deadline. The call does not say when it opened, why it
was extended, how many seats there were or at which hour a session began: those are invented.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from applications.actions.call import open_call
from applications.actions.deadline import extend
from workshop_portal.deadlines import last_second
from workshop_portal.demo import shapes
from workshop_portal.demo.clock import at, on_the_clock
from workshop_portal.demo.shapes import Meeting

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User
    from workshop_portal.workshops.models import Workshop

SLUG = "jeju-2017"
ZONE = "Asia/Seoul"
DAYS = [date(2017, 11, 21), date(2017, 11, 22), date(2017, 11, 23), date(2017, 11, 24)]
OPENS = on_the_clock(date(2017, 8, 1), time(9, 0), ZONE)
DEADLINE = last_second(datetime(2017, 9, 12, 23, 59), ZONE)  # noqa: DTZ001 — the zone is given
EXTENDED = last_second(datetime(2017, 9, 30, 23, 59), ZONE)  # noqa: DTZ001 — the zone is given
EXTENDED_ON = on_the_clock(date(2017, 9, 11), time(15, 0), ZONE)
REASON = "Several authorities asked for more time to sign their letters of nomination."

FACTS = {
    "slug": SLUG,
    "title": "Enhancing a Victim-Centered Approach: Identification, Assistance and Protection of "
    "Trafficking Victims in the Asia-Pacific Region",
    "theme": "Trafficking in persons",
    "mode": "in_person",
    "venue": "Jeju International Training Center",
    "city": "Jeju-do",
    "country": "KR",
    "zone": ZONE,
    "contact_email": "workshops@example.org",
    "summary": "Four days for the people in cities and organisations who meet victims first: how "
    "to recognise them, what to offer them and how to keep them safe.",
    "background": """\
Hardly a country is untouched by trafficking in persons: people are brought from it, through it or
to it, to be exploited for sex, for their labour or for an organ. The International Labour
Organization counted 20.9 million people in forced labour, 11.7 million of them in Asia and the
Pacific, and took its own figure to be a low one. Most routes stay inside one region, so the answer
has to be regional as well.

The Republic of Korea takes part in the Bali Process, in which 45 countries, IOM, UNHCR and UNODC
have worked against smuggling and trafficking since 2002. Its Regional Support Office, set up in
2012, turns what the members agree on into daily cooperation.

Cities see the victims. CIFAL Jeju, which works on social inclusion, brings their officials together
to compare what they do and to go home with a plan.""",
    "event_objectives": """\
- Show how the safety of the person and an approach that starts from the victim belong together.
- Set out the standards for finding, helping and protecting victims, practise them, and compare how
  others meet them.
- Work out how a national strategy becomes the practice of one city, and how offices that share a
  case can share the work.
- Bring governments, provinces, cities and organisations into a lasting exchange of what works.""",
    "audience": "Officials of local governments, and the staff of non-governmental organisations "
    "and institutions, whose daily work brings them face to face with victims of trafficking.",
    "requirements": """\
- Hand in every document by its date.
- Read the preparatory texts and do the assignments, such as the case study, before arrival.
- Take part in all sessions, and not only as a listener.
- Speak and write English fluently.""",
    "methodology": """\
- Lectures and presentations by experts
- Practical exercises and discussion in groups
- The CityShare methodology of UNITAR
- Presentation of action plans
- A study visit""",
    "travel_terms": """\
- The organisers can help some participants with the air fare to Jeju; the means are limited.
- They pay for transport, room and meals in Jeju on the days of the workshop, but not on the day
  of arrival or of departure.
- Everything else stays with the participant, such as travel at home and the visa fee.""",
}

LEARNING_OBJECTIVES = [
    "Tell trafficking from smuggling, forced labour and other exploitation, and use the basic "
    "terms correctly.",
    "Describe what threatens the safety of people in the region, above all of women, children and "
    "refugees.",
    "Name the hardest local problems, the practices that have helped, and the policies a city can "
    "adopt.",
    "Choose protection for a victim according to the needs that this victim has.",
    "Use the tools and methods of the training in one's own office.",
    "Rate and compare the policies of cities with CityShare, and write a plan of action that is "
    "carried out and followed up.",
    "Belong to a network of colleagues who go on exchanging what they know.",
]

ORGANISERS = [
    "UNITAR CIFAL Jeju",
    "Jeju International Training Center (JITC)",
]

MODULES = [
    "Introducing the concepts and current trends in trafficking in persons",
    "Identification of victims of trafficking",
    "Global approach to addressing trafficking in persons",
    "Refugees and trafficking in persons",
    "Providing assistance to victims of trafficking",
    "Prosecution",
    "Prevention",
    "Monitoring and Evaluation",
    "Cityshare Methodology",
]

HALL, ROOM = "Main hall", "Seminar room 2"
PROGRAMME = [
    Meeting(0, "09:00", "09:45", "opening", "Opening and introductions", room=HALL),
    Meeting(0, "10:00", "12:00", "lecture", "Concepts, routes and numbers", module=1, room=HALL),
    Meeting(0, "13:30", "15:30", "lecture", "Signs that an official can see", module=2, room=HALL),
    Meeting(
        0,
        "15:45",
        "17:15",
        "exercise",
        "First conversations with a possible victim",
        module=2,
        room=ROOM,
    ),
    Meeting(
        1, "09:00", "10:30", "lecture", "What states have promised each other", module=3, room=HALL
    ),
    Meeting(1, "10:45", "12:15", "discussion", "On the run and at risk", module=4, room=ROOM),
    Meeting(
        1,
        "13:30",
        "15:30",
        "lecture",
        "From first shelter to a life of one's own",
        module=5,
        room=HALL,
    ),
    Meeting(
        1, "15:45", "17:30", "exercise", "Writing a referral that arrives", module=5, room=ROOM
    ),
    Meeting(
        2,
        "09:00",
        "10:30",
        "lecture",
        "Building a case that does not rest on one witness",
        module=6,
        room=HALL,
    ),
    Meeting(
        2, "10:45", "12:15", "discussion", "Prevention that a city can pay for", module=7, room=ROOM
    ),
    Meeting(
        2,
        "13:30",
        "17:30",
        "study_visit",
        "Study visit: services for migrants in Jeju",
        room="Bus from the main door",
    ),
    Meeting(
        3, "09:00", "10:15", "lecture", "How would we know that it helped?", module=8, room=HALL
    ),
    Meeting(
        3,
        "10:30",
        "12:30",
        "cityshare",
        "Cities rate and compare their practice",
        module=9,
        room=HALL,
    ),
    Meeting(3, "13:30", "16:00", "action_plans", "Action plans of the cities", room=HALL),
    Meeting(3, "16:15", "17:00", "closing", "Certificates and closing", room=HALL),
]


def build(*, coordinator: User) -> Workshop:
    """Write the workshop as it stood when it was over."""
    with at(OPENS):
        workshop = shapes.published(
            FACTS,
            days=DAYS,
            objectives=LEARNING_OBJECTIVES,
            organisers=ORGANISERS,
            coordinator=coordinator,
        )
        call = open_call(
            workshop,
            opens_at=OPENS,
            closes_at=DEADLINE,
            decide_by=date(2017, 10, 13),
            seats=30,
            funded_seats=10,
            travel_budget=Decimal(20_000),
            by=coordinator,
        )
        shapes.programme(workshop, MODULES, PROGRAMME, speakers=[], by=coordinator)
    with at(EXTENDED_ON):
        extend(call, until=EXTENDED, reason=REASON, by=coordinator)
    return workshop
