"""What the eligibility check says to a visitor, and how many it has said it to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries import countries

from applications.eligibility import Answers, Outcome, Reason, outcome, parted, reasons
from applications.models import Call


@dataclass(frozen=True)
class Advice:
    """What stands in the way, what one can do about it, and where that leads.

    `way` is “write” (to the centre) or “look” (at the other workshops); `label` names the reason
    for those who read the counts.
    """

    label: str | Promise
    sentence: str | Promise
    remedy: str | Promise
    way: str


OF_ENGLISH = _(
    "All sessions and all papers are in English, without an interpreter. Perhaps a colleague who "
    "is fluent in English can apply from your office."
)
SOME_ENGLISH = _(
    "Tell the training centre how you use English at work, and ask whether it is enough."
)
ADVICE = {
    Reason.SECTOR: Advice(
        _("Another kind of organisation"),
        _(
            "The call is for people of governments, of non-governmental organisations and of "
            "institutions that work directly with victims."
        ),
        _("Tell the training centre what your organisation does, and ask before you apply."),
        "write",
    ),
    Reason.COUNTRY: Advice(
        _("A country outside the region"),
        _("The workshop is made for cities in Asia and the Pacific."),
        _("Tell the training centre where you work and why you want to come, and ask."),
        "write",
    ),
    Reason.SPOKEN: Advice(
        _("Too little spoken English"),
        _("The group talks and works in English all day."),
        OF_ENGLISH,
        "look",
    ),
    Reason.SPOKEN_SOME: Advice(
        _("Spoken English good enough to work in"),
        _("The call asks for people who speak English fluently."),
        SOME_ENGLISH,
        "write",
    ),
    Reason.WRITTEN: Advice(
        _("Too little written English"),
        _("The readings and the assignments are in English."),
        OF_ENGLISH,
        "look",
    ),
    Reason.WRITTEN_SOME: Advice(
        _("Written English good enough to work in"),
        _("The call asks for people who write English fluently."),
        SOME_ENGLISH,
        "write",
    ),
    Reason.DAYS: Advice(
        _("Not there on all days"),
        _("A seat is for somebody who takes part on every day of the workshop."),
        _("See whether another workshop suits you better, or tell a colleague of this one."),
        "look",
    ),
}


@dataclass(frozen=True)
class Verdict:
    """What the check found: the outcome, and for each reason what one can do."""

    outcome: Outcome
    reasons: tuple[Reason, ...]

    @property
    def advice(self) -> list[tuple[str, str]]:
        """Each reason with its remedy; a remedy that has been given is not given again."""
        given: set[str] = set()
        lines = []
        for reason in self.reasons:
            sentence, remedy = str(ADVICE[reason].sentence), str(ADVICE[reason].remedy)
            lines.append((sentence, "" if remedy in given else remedy))
            given.add(remedy)
        return lines

    @property
    def ways(self) -> set[str]:
        """Where the advice leads."""
        return {ADVICE[reason].way for reason in self.reasons}


def verdict(answers: Answers, call: Call) -> Verdict:
    """What these answers come to under the rules of the call."""
    found = reasons(answers, call.rules)
    return Verdict(outcome(found, call.rules), found)


# --- The counts ------------------------------------------------------------------------


TOLD = {
    Outcome.YES: pgettext_lazy("eligibility", "May apply"),
    Outcome.ASK: pgettext_lazy("eligibility", "Asked to write to us"),
    Outcome.NO: pgettext_lazy("eligibility", "Turned away"),
}
HEADS = (_("Country"), pgettext_lazy("eligibility", "Checked"), *TOLD.values())


@dataclass(frozen=True)
class Nation:
    """How many people of one country checked, and with which outcome."""

    name: str
    checked: int
    may_apply: int
    to_ask: int
    turned_away: int

    @property
    def numbers(self) -> tuple[int, ...]:
        """In the order of `HEADS`."""
        return (self.checked, self.may_apply, self.to_ask, self.turned_away)

    @property
    def cells(self) -> list[tuple[str | Promise, int]]:
        """Each number with the head of its column."""
        return list(zip(HEADS[1:], self.numbers, strict=True))


@dataclass(frozen=True)
class Counts:
    """The answers of a call: a line for each country and for each reason, and their totals.

    A person can have several reasons, so those add up to more than the people turned away.
    """

    total: Nation
    nations: list[Nation]
    reasons: list[tuple[str | Promise, int]]


def counts(call: Call) -> Counts:
    """The countries with most people first, the reasons too; in one query."""
    people: dict[str, Counter[Outcome]] = {}
    against: Counter[Reason] = Counter()
    for tally in call.eligibility_counts.all():
        found = parted(tally.reasons)
        told = people.setdefault(countries.name(str(tally.country)), Counter())
        told[outcome(found, call.rules)] += tally.number
        against.update(dict.fromkeys(found, tally.number))
    nations = [_nation(name, told) for name, told in people.items()]
    return Counts(
        total=_nation(str(_("All countries")), sum(people.values(), Counter())),
        nations=sorted(nations, key=lambda nation: (-nation.checked, nation.name)),
        reasons=[(ADVICE[reason].label, number) for reason, number in against.most_common()],
    )


def _nation(name: str, told: Counter[Outcome]) -> Nation:
    return Nation(
        name=name,
        checked=told.total(),
        may_apply=told[Outcome.YES],
        to_ask=told[Outcome.ASK],
        turned_away=told[Outcome.NO],
    )
