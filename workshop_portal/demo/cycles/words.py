"""What raters write, and what is asked and told in peer assists: invented, a few of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

STRENGTHS = [
    "The agreement names who answers at night.",
    "The form is short, and the officers use it.",
    "Two organisations were at the table from the first day.",
    "The figures are kept by sex and age, and nobody can be recognised.",
    "The plan has a budget line of its own.",
    "Interpreters are trained, and not asked for by chance.",
]
QUESTIONS = [
    "Who takes over when the person in charge moves on?",
    "How do you know that people understand the message?",
    "What happens to somebody who does not want to testify?",
    "How often is the list tested?",
    "Who looks at the hotels outside the centre?",
    "Is the figure counted once or by each office?",
]
SUGGESTIONS = [
    "Put the steps on one page and hang it where the telephone is.",
    "Ask the harbour and the bus companies to the next meeting.",
    "Let a survivors' group read the leaflet before it is printed.",
    "Test the number at night once a month.",
    "Write down what you told us; others can use it.",
    "Agree with the next city on the route who calls whom.",
]


@dataclass(frozen=True)
class Topic:
    """What a city asks in a peer assist, what it hears, what it will do, and its thanks."""

    asked: str
    heard: str
    will_do: str
    thanks: str


NIGHTS = Topic(
    asked="How do we keep the pathway open at night and on holidays, with the people we have?",
    heard="""\
A duty officer by turns, one week each, with the list of numbers tested on Mondays.
The hotel owners' association pays for two rooms; the city answers for who sleeps there.
An agreement with the hospital that nobody is turned away before a caseworker has called.""",
    will_do="""\
Write the list of numbers with the police before the end of the month.
Try the turns of duty in one district for three months, and count how long people wait.""",
    thanks="""\
Thank you for two hours that saved us a year. We have the list on the wall, and the first night
call was answered in eleven minutes.""",
)
REACHING = Topic(
    asked="How do we reach people who leave for work abroad before somebody else does?",
    heard="""\
A table in the passport office, two mornings a week, staffed by people who came back.
A song on the buses to the border, with a number that answers in four languages.
Teachers who are told what a false offer looks like, before the last month of school.""",
    will_do="""\
Ask the passport office for a table, and two people who came back to sit at it.
Write down which offers people bring, and look at the list every quarter.""",
    thanks="""\
Thank you for telling us what did not work as well. The table is there since Monday, and nine
people have asked about an offer.""",
)
TOGETHER = Topic(
    asked="How do we keep offices at one table when the people in charge change every year?",
    heard="""\
The agreement names offices and not people, and each one names two who come.
A calendar for the whole year, with the same day of every second month.
Whoever leaves brings the next person along to one meeting.""",
    will_do="""\
Write the agreement anew with offices and deputies, and have it signed before summer.
Send the year's calendar with it, and count who came.""",
    thanks="""\
Thank you for lending us your agreement. Ours is signed by seven offices, and the new head of
the police came to the first meeting.""",
)
TOPICS = {"Prevention": REACHING, "Protection": NIGHTS}


def topic_of(pillar: str) -> Topic:
    """What is talked about on a practice of this pillar."""
    return TOPICS.get(pillar, TOGETHER)


DECLINES = "Our colleague who knows this is away until the summer."
TALKED = "The raters had not seen the second document; with it they agree."
STANDS = "No agreement: the figures are of two offices. The median stands."

# What the cities are asked about the next version of the framework, and what some of them say.
REWORDED = (
    "Funding lasts several years, survivors are paid for their work as other experts are, and "
    "business, unions and faith groups join decisions."
)
ASKED = (
    "One sentence is new: level 4 of PA2 says how survivors are paid. Please look at it with your "
    "colleagues of the social services."
)
ANSWERS: list[dict[str, Any]] = [
    {"answer": "agrees", "comment": "", "remarks": {}},
    {
        "answer": "remarks",
        "comment": "We agree. Two sentences would be easier to translate if they were shorter.",
        "remarks": {"PA2": "“As other experts are” needs an example: a fee, or a day's wage?"},
    },
    {"answer": "agrees", "comment": "", "remarks": {}},
    {
        "answer": "disagrees",
        "comment": "Our law lets the city pay nobody who is a party to a case. Level 4 would be "
        "out of reach for us whatever we do.",
        "remarks": {},
    },
]
