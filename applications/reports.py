"""Tables that leave the portal: what the desk shows on the screen, whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from django.db.models import Field, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django_countries import countries

from applications.eligibility import outcome, parted
from applications.models import Application, Call, Document, EligibilityCount, RequiredDocument
from applications.queries.eligibility import ADVICE, TOLD
from applications.queries.evidence import lines
from applications.queries.listing import decision_words
from applications.standard import shown
from workshop_portal.audit.models import Entry
from workshop_portal.exports import Table

BATCH = 500
TYPED = (
    "reference",
    "status",
    "given_name",
    "family_name",
    "gender",
    "nationality",
    "organisation",
    "sector",
    "department",
    "position",
    "years",
    "city_name",
    "country",
    "phone",
    "spoken_english",
    "written_english",
    "all_days",
    "first_time",
    "airfare",
)
DECIDED = (
    "submitted_at",
    "decision__outcome",
    "decision__decided_at",
    "decision__released_at",
    "pk",
)


def applicants(call: Call, applications: QuerySet[Application]) -> Table:
    """The applications of a call, a row each, a column for each document of its checklist."""
    requirements = list(call.required_documents.all())
    columns = _columns()
    heads = [capfirst(str(columns[name].verbose_name)) for name in TYPED]
    return Table(
        title=f"applications-{call.workshop.slug}",
        columns=[
            *heads,
            _("E-mail address"),
            _("Sent (%(zone)s)") % {"zone": call.workshop.zone},
            *(shown(requirement.title) for requirement in requirements),
            _("Decision, confidential until it is released"),
        ],
        rows=_rows(applications, requirements, call.window.zone),
    )


def attempts(call: Call, entries: QuerySet[Entry]) -> Table:
    """What was tried in a call, a row each, to the millisecond on the workshop's clock."""
    zone = {"zone": call.workshop.zone}
    return Table(
        title=f"attempts-{call.workshop.slug}",
        columns=[
            _("Arrived (%(zone)s)") % zone,
            _("Name"),
            _("E-mail address"),
            _("Reference"),
            _("What"),
            pgettext("attempt", "What came of it"),
            _("What stood in the way"),
            _("Deadline in force (%(zone)s)") % zone,
        ],
        rows=_attempts(entries, ZoneInfo(call.workshop.zone)),
    )


def _attempts(entries: QuerySet[Entry], zone: ZoneInfo) -> Iterator[list[object]]:
    found = entries.iterator(BATCH)
    while batch := list(islice(found, BATCH)):
        for line in lines(batch):
            yield [
                _reading(line.arrived_at, zone),
                line.who,
                line.email,
                line.reference,
                line.what,
                line.outcome_word,
                line.why,
                _reading(line.deadline, zone),
            ]


def _reading(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(" ", "milliseconds") if at else ""


def _rows(
    applications: QuerySet[Application], requirements: list[RequiredDocument], zone: str
) -> Iterator[list[object]]:
    """The rows, a batch at a time: the memory stays the same however many there are."""
    words, where = _words(), ZoneInfo(zone)
    found = applications.values_list(*TYPED, "applicant__email", *DECIDED).iterator(BATCH)
    while batch := list(islice(found, BATCH)):
        states = _states([values[-1] for values in batch])
        for values in batch:
            typed, email = values[: len(TYPED)], values[len(TYPED)]
            sent, outcome, decided_at, released_at, pk = values[len(TYPED) + 1 :]
            yield [
                *_told(typed, words),
                email,
                sent.astimezone(where).strftime("%Y-%m-%d %H:%M") if sent else "",
                *(
                    _state(requirement, states.get((pk, requirement.pk)))
                    for requirement in requirements
                ),
                decision_words(typed[1], outcome, decided_at, released_at, sent=sent),
            ]


def _told(typed: Iterable[object], words: dict[str, dict[str, str]]) -> Iterator[object]:
    for name, value in zip(TYPED, typed, strict=True):
        yield words[name].get(str(value), "") if name in words else value


def _columns() -> dict[str, Field]:
    return {column.name: column for column in Application._meta.fields if column.name in TYPED}


def _words() -> dict[str, dict[str, str]]:
    """What the values of each column with a fixed list are called."""
    words = {
        name: {value: str(label) for value, label in column.flatchoices}
        for name, column in _columns().items()
        if column.choices
    }
    return {**words, "country": dict(countries), "nationality": dict(countries)}


def _states(applications: list[object]) -> dict[tuple[object, int], str]:
    """The state of the current file of each line of each application, in one query."""
    files = Document.objects.current().filter(application__in=applications).order_by()
    return {
        (application, requirement): status
        for application, requirement, status in files.values_list(
            "application", "requirement", "status"
        )
    }


def _state(requirement: RequiredDocument, status: str | None) -> str:
    if requirement.given == RequiredDocument.Given.ONLINE:
        return _("Filled in")
    words: dict[str | None, str] = {
        None: _("Missing"),
        Document.Status.RECEIVED: _("To check"),
        Document.Status.RETURNED: _("Returned"),
        Document.Status.ACCEPTED: pgettext("document", "Accepted"),
    }
    return words[status]


def eligibility(call: Call) -> Table:
    """The counts of the eligibility check: a row for each country and set of reasons."""
    tallies = call.eligibility_counts.order_by("country", "reasons")
    return Table(
        title=f"eligibility-{call.workshop.slug}",
        columns=[_("Country"), _("Answer"), _("What stood in the way"), _("People")],
        rows=[_tally(tally, call) for tally in tallies],
    )


def _tally(tally: EligibilityCount, call: Call) -> list[object]:
    found = parted(tally.reasons)
    labels = [str(ADVICE[reason].label) for reason in found]
    told = TOLD[outcome(found, call.rules)]
    return [countries.name(str(tally.country)), told, "; ".join(labels), tally.number]
