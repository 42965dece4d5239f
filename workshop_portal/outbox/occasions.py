"""The letters whose words a workshop may choose, and what may stand in them.

A placeholder is given by a small expression of ours, which is evaluated with what the letter was
posted with. Both our own letters and those of a workshop get nothing but the results; so no text
of staff ever meets a template engine, and “ours” can be shown by putting each placeholder in its
own place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from workshop_portal.outbox.proof import parted

FOOTER = "\n-- \n"


@dataclass(frozen=True)
class Occasion:
    """When a letter is written, what may stand in it, and what has to.

    `words` holds the expression of each placeholder, by name.
    """

    title: str | Promise
    words: Mapping[str, str]
    needs: frozenset[str] = field(default=frozenset())

    @property
    def meanings(self) -> dict[str, str | Promise]:
        """What may stand in the letter, by name, each with what it means."""
        return {name: MEANINGS[name] for name in self.words}


def part(name: str) -> str:
    """The expression for words that depend on the moment, which have a file of their own."""
    return f'{{% include "letters/_{name}.txt" %}}'


def clocks(moment: str) -> str:
    """The expression for a moment on the workshop's clock and on the reader's."""
    return f"{{% clocks {moment} workshop.zone person.zone %}}"


# For every letter, whoever gets it.
COMMON = {
    "greeting": part("greeting"),
    "name": "{{ person.full_name|unlinked }}",
    "centre": "{{ centre }}",
    "portal_name": "{{ portal_name }}",
}
OF_APPLICATION = {
    **COMMON,
    "workshop": "{{ workshop.title }}",
    "reference": '{{ application.reference|default:"" }}',
    "link": '{% link "applications:application" application.pk %}',
}
DECIDED = {**OF_APPLICATION, "message": "{{ decision.message }}"}
RECEIVED = {
    **OF_APPLICATION,
    "received_at": clocks("receipt.arrived_at"),
    "documents": part("documents"),
    "number": "{{ receipt.number }}",
    "receipt": '{% link "applications:receipt" application.pk %}',
    "deadline": clocks("application.closes_at"),
}
EXTENDED = {
    **OF_APPLICATION,
    "deadline": clocks("extension.until"),
    "reason": "{{ extension.reason }}",
}
REMINDER = {
    **OF_APPLICATION,
    "deadline": "{% clocks closes_at workshop.zone own_zone %}",
    "left": "{{ left|time_left }}",
}
LACKING = {**OF_APPLICATION, "documents": part("lacking")}
NOMINATOR = {
    **COMMON,
    "greeting": part("greeting_nominator"),
    "name": "{{ nomination.name|unlinked }}",
    "applicant": "{{ application.name|unlinked }}",
    "position": "{{ application.position|unlinked }}",
    "organisation": "{{ application.organisation|unlinked }}",
    "workshop": "{{ workshop.title }}",
    "link": '{% link "applications:nomination" secret %}',
    "deadline": "{% clocks nomination.expires_at workshop.zone %}",
    "renewed": part("renewed"),
}

# What a name stands for, told to those who write the letters.
MEANINGS: dict[str, str | Promise] = {
    "answer": _("A sentence that says by when there is an answer"),
    "applicant": _("The name of the person who applies"),
    "at_close": _("A sentence for those who let the portal send it at the deadline; else nothing"),
    "centre": _("The name of the training centre"),
    "check": _("The address of the page on which it is checked and sent"),
    "deadline": _("The last moment, on the workshop's clock and on the reader's"),
    "documents": _("The list of the documents that the letter is about"),
    "earlier_deadline": _("The deadline before, on both clocks"),
    "greeting": _("“Dear …,” with the name, or “Hello,” where we do not know it"),
    "left": _("How much time is left"),
    "link": _("The address of the page that the letter is about"),
    "message": _("What the committee wrote to this person; often nothing"),
    "more_time": _("A sentence that says who has more time"),
    "name": _("The reader's name"),
    "next_step": _("A sentence that says what the person can do now"),
    "number": _("The number of the receipt"),
    "organisation": _("The applicant's organisation"),
    "portal_name": _("The name of this portal"),
    "position": _("The applicant's position"),
    "reason": _("The reason that you gave"),
    "receipt": _("The address of the receipt"),
    "received_at": _("When it was sent, on both clocks"),
    "reference": _("The reference of the application"),
    "renewed": _("A sentence for those who had a link before; else nothing"),
    "workshop": _("The title of the workshop"),
    "workshops": _("The address of the page with all workshops"),
}

OCCASIONS: dict[str, Occasion] = {
    "applications/nomination_asked": Occasion(
        title=_("A nominator is asked"),
        words=NOMINATOR,
        needs=frozenset({"applicant", "link", "deadline"}),
    ),
    "applications/reminder": Occasion(
        title=_("Reminder: something is missing"),
        words={**REMINDER, "documents": part("lacking"), "at_close": part("at_close")},
        needs=frozenset({"deadline", "link"}),
    ),
    "applications/reminder_complete": Occasion(
        title=_("Reminder: only sending is missing"),
        words={**REMINDER, "check": '{% link "applications:check" application.pk %}'},
        needs=frozenset({"deadline"}),
    ),
    "applications/received": Occasion(
        title=_("An application is received"),
        words={**RECEIVED, "answer": part("answer")},
        needs=frozenset({"reference", "documents"}),
    ),
    "applications/sent_for_you": Occasion(
        title=_("An application is sent at the deadline"),
        words={**RECEIVED, "answer": part("answer")},
        needs=frozenset({"reference", "documents"}),
    ),
    "applications/not_sent": Occasion(
        title=_("An application could not be sent at the deadline"),
        words={**LACKING, "deadline": clocks("at")},
        needs=frozenset({"documents"}),
    ),
    "applications/sending_stopped": Occasion(
        title=_("A file of a sent application could not be taken"),
        words={**LACKING, "received_at": clocks("at"), "next_step": part("send_again")},
        needs=frozenset({"documents", "next_step", "link"}),
    ),
    "applications/replaced": Occasion(
        title=_("Something in a sent application is changed"),
        words=RECEIVED,
        needs=frozenset({"documents"}),
    ),
    "applications/returned": Occasion(
        title=_("Documents are returned"),
        words={**OF_APPLICATION, "documents": part("returns"), "deadline": clocks("until")},
        needs=frozenset({"documents", "deadline", "link"}),
    ),
    "applications/extended": Occasion(
        title=_("More time, for those who have a draft"),
        words={**EXTENDED, "earlier_deadline": clocks("extension.was")},
        needs=frozenset({"deadline", "link"}),
    ),
    "applications/extended_sent": Occasion(
        title=_("More time, for those who have sent"),
        words=EXTENDED,
        needs=frozenset({"deadline"}),
    ),
    "applications/extended_for_you": Occasion(
        title=_("More time for a country or a person"),
        words={
            **EXTENDED,
            "earlier_deadline": clocks("extension.was"),
            "more_time": part("more_time"),
            "next_step": part("use_time"),
        },
        needs=frozenset({"deadline", "link"}),
    ),
    "applications/withdrawn": Occasion(
        title=_("An application is withdrawn"),
        words={**OF_APPLICATION, "next_step": part("next_step")},
    ),
    "applications/accepted": Occasion(
        title=_("Decision: a place"), words=DECIDED, needs=frozenset({"link"})
    ),
    "applications/waitlisted": Occasion(
        title=_("Decision: waiting list"), words=DECIDED, needs=frozenset({"link"})
    ),
    "applications/rejected": Occasion(
        title=_("Decision: not selected"), words={**DECIDED, "workshops": "{{ base_url }}/"}
    ),
}

# Letters of a workshop whose words are always ours, as the outbox calls them.
OTHERS: dict[str, str | Promise] = {
    "applications/nomination_declined": _("A nominator has declined"),
    "applications/nomination_given": _("A nominator has given the letter"),
    "applications/nomination_received": _("A nominator's letter is received"),
    "applications/postponed": _("The workshop is postponed"),
    "cityshare/assessment_reopened": _("A self-assessment is opened again"),
    "cityshare/asset_due": _("A good practice is to be looked at again"),
    "cityshare/asset_invited": _("A city is invited to write a good practice too"),
    "cityshare/asset_published": _("A good practice is in the library"),
    "cityshare/asset_review": _("A good practice waits for validation"),
    "cityshare/assist_called_off": _("A peer assist is called off"),
    "cityshare/assist_handed_over": _("Somebody does not facilitate a peer assist any more"),
    "cityshare/assist_moved": _("The date or the place of a peer assist has changed"),
    "cityshare/assist_planned": _("The date of a peer assist"),
    "cityshare/assist_thanks": _("The host of a peer assist says thank you"),
    "cityshare/cities_to_rate": _("Which cities somebody rates"),
    "cityshare/comment_reported": _("A city has reported a comment"),
    "cityshare/conflict_declared": _("A conflict was declared after the draw"),
    "cityshare/help_agreed": _("Two cities have agreed on a peer assist"),
    "cityshare/help_declined": _("A city has declined a proposal"),
    "cityshare/help_proposed": _("Peer assists are proposed"),
    "cityshare/moderation_call": _("A call about a city is fixed"),
    "cityshare/moderation_settled": _("The talk about a city is settled"),
    "cityshare/deadline_moved": _("A stage has another deadline"),
    "cityshare/focal_point": _("Another person speaks for a city"),
    "cityshare/rating_restored": _("Somebody rates a city again"),
    "cityshare/rating_void": _("Somebody does not rate a city any more"),
    "cityshare/reminder": _("Reminder before a stage ends"),
    "cityshare/stage": _("A stage of a cycle begins"),
    "cityshare/vote_asked": _("A city is asked about the draft of a framework"),
    "workshops/role": _("A role is given"),
}


def title_of(letter: str) -> str:
    """What a letter is called in the lists of the staff."""
    known = OCCASIONS.get(letter)
    return str(known.title if known else OTHERS.get(letter, letter))


def words_of(letter: str, context: Mapping[str, object]) -> dict[str, str]:
    """The placeholders of a letter and what each stands for, in the language of the moment."""
    known = OCCASIONS.get(letter)
    expressions = known.words if known else COMMON
    made = Context({**context}, autoescape=False)
    return {name: compiled(said).render(made).strip() for name, said in expressions.items()}


@cache
def compiled(expression: str) -> Template:
    """One of our expressions, ready to be evaluated."""
    return Template(f"{{% load letters portal %}}{expression}")


def ours(letter: str, language: str) -> tuple[str, str]:
    """Subject and body of our own letter with every placeholder in its place, without footer."""
    context = {name: f"{{{name}}}" for name in OCCASIONS[letter].words}
    with override(language):
        subject, body = parted(render_to_string(f"letters/{letter}.txt", context))
    return subject, body.partition(FOOTER)[0].strip() + "\n"


def languages() -> list[tuple[str, str]]:
    """The languages that letters are written in, each with its name."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]
