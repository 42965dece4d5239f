"""What the invented applicants answer in their own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workshop_portal.demo.cast import Person

DUTIES = {
    "local": (
        "I keep the list of services in {city} that take in victims, and answer the duty telephone "
        "every third week. When the police or a clinic calls, I find the bed and the interpreter.",
        "I prepare the meetings of the city's referral group and follow what was decided. I also "
        "train the inspectors who visit hostels, farms and workshops in {city}.",
        "My office issues licences to small businesses in {city}. I go along when an inspection "
        "finds workers without papers or without pay.",
    ),
    "central": (
        "I write the guidance that the provinces work by and collect their figures twice a year. "
        "When two districts disagree about a case, it comes to my desk.",
        "I run the secretariat of the committee on trafficking and visit the provinces to see how "
        "its decisions arrive there.",
    ),
    "ngo": (
        "I accompany people through the first weeks after they come back: documents, health, "
        "money, and a talk with the family when they want it.",
        "I lead a team of six that meets people at risk where they live and work, and brings them "
        "to the authorities when they decide to speak.",
    ),
    "victim_service": (
        "I am responsible for a house with 22 places, for its staff and for its safety. With every "
        "person who comes we write a plan in the first three days.",
        "I hold the first conversations with people whom the police bring, often at night, and "
        "decide with them what comes next.",
    ),
    "other": (
        "I advise clients of my organisation and prepare its events. Trafficking is a subject that "
        "we would like to take up.",
    ),
}
EXPERIENCE = (
    "{years} years, first in a reception centre and then in my present office. Last year I worked "
    "on 31 cases, most of them forced labour, and took part in two joint inspections.",
    "I have worked on this for {years} years. The case that taught me most was a group of fishers "
    "who came home with debts that nobody could explain to them.",
    "In {years} years I have seen recruitment move from the village to the telephone. I helped to "
    "write the first referral form of our province; it has nine pages, and few people fill it in.",
    "{years} years of casework, mostly with young women who were promised work in restaurants. I "
    "also train volunteers of the hotline.",
)
NEWCOMER = (
    "Little so far: I have read about the subject and heard two lectures. Some of the people whom "
    "we meet in our work may be exploited, and we would not know.",
)
MOTIVATION = (
    "In {city} every office has its own list and its own form. I want to see how other cities made "
    "one of them, and what they had to give up for it.",
    "We find too few victims, and I do not believe that there are few. I would like to learn what "
    "inspectors elsewhere look at.",
    "Our work ends when the person goes home, and a year later some are gone again. I am looking "
    "for cities that stay in touch for longer.",
    "I have read about cities that rate each other. It must be uncomfortable, and I think that we "
    "need it.",
)
INTENTION = (
    "Within three months I will bring the police, the hospital and two organisations to one table "
    "and propose a referral form of one page.",
    "I will train the 40 inspectors of {city} in two half days and count what they report before "
    "and after.",
    "I will write down who does what in the first 48 hours, try it on two cases and change it.",
    "I will report to the council and ask for a line in next year's budget for interpreters.",
)
NEEDS = ("", "", "Vegetarian food.", "", "Halal food.", "", "A step-free room, please.", "")
DIALLING = {
    "BD": 880, "BT": 975, "CN": 86, "FJ": 679, "ID": 62, "IN": 91, "JP": 81, "KG": 996, "KH": 855,
    "KZ": 7, "LA": 856, "LK": 94, "MM": 95, "MN": 976, "MV": 960, "MY": 60, "NP": 977, "NZ": 64,
    "PG": 675, "PH": 63, "PK": 92, "SG": 65, "TH": 66, "TJ": 992, "TL": 670, "TO": 676, "UZ": 998,
    "VN": 84, "WS": 685,
}  # fmt: skip


def about_person(person: Person) -> dict[str, object]:
    """The first part of the form."""
    return {
        "given_name": person.given,
        "family_name": person.family,
        "certificate_name": person.name,
        "gender": person.gender,
        "birth_date": person.birth,
        "nationality": person.country,
        "phone": telephone(person.country, number=person.number),
        "city_name": person.city,
        "country": person.country,
    }


def about_office(person: Person) -> dict[str, object]:
    """The second part of the form."""
    return {
        "organisation": person.organisation,
        "sector": person.sector,
        "department": person.department,
        "position": person.position,
        "years": person.years,
    }


def about_work(sector: str, *, number: int, city: str, years: int) -> dict[str, object]:
    """The four long answers of applicant `number`; neighbours in a list answer differently."""
    facts = {"city": city, "years": years}
    experience = EXPERIENCE if years > 2 else NEWCOMER
    chosen = {
        "duties": DUTIES[sector][number % len(DUTIES[sector])],
        "experience": experience[number % len(experience)],
        "motivation": MOTIVATION[(number // 2) % len(MOTIVATION)],
        "intention": INTENTION[(number // 3) % len(INTENTION)],
    }
    return {field: text.format(**facts) for field, text in chosen.items()}


def about_taking_part(sector: str, *, number: int) -> dict[str, object]:
    """English, days, first time, air fare and needs of applicant `number`."""
    return {
        "spoken_english": "working" if number % 4 == 1 else "fluent",
        "written_english": "working" if number % 5 == 2 else "fluent",
        "all_days": "no" if sector == "other" and number % 2 else "yes",
        "first_time": "no" if number % 6 == 3 else "yes",
        "airfare": "no" if number % 5 == 4 else "yes",
        "needs": NEEDS[number % len(NEEDS)],
    }


def telephone(country: str, *, number: int) -> str:
    """A number that nobody has: the part after the country's code begins with 000."""
    return f"+{DIALLING[country]} 000 {4100 + 37 * number:04d}"
