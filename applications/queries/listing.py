"""The list of a call: which columns it has, and what stands in each line."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.dateformat import format as date_words
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django_countries import countries

from applications.models import Application, Call, Decision, Document, RequiredDocument
from applications.queries.staff import (
    DECIDABLE,
    applications_of,
    narrowed,
    ordered,
    returned_before,
    sorting,
)

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User

PER_PAGE = 50
COLUMNS = (
    "pk",
    "given_name",
    "family_name",
    "reference",
    "organisation",
    "sector",
    "city_name",
    "country",
    "status",
    "submitted_at",
    "decision__outcome",
    "decision__version",
    "decision__decided_at",
    "decision__released_at",
)


@dataclass(frozen=True)
class Row:
    """One line of the list, in words that the template only has to place."""

    pk: str
    choice: str
    url: str
    name: str
    reference: str
    organisation: str
    sector: str
    place: str
    status: str
    status_word: str
    submitted: str
    documents: str
    papers: str
    papers_word: str
    decision: str


@dataclass(frozen=True)
class Head:
    """The head of a column: how the list is sorted by it now, and how a press would sort it."""

    word: str
    sort: str = ""
    sorted: str = ""


def heads(sort: str, zone: str) -> list[Head]:
    """The heads of the list, in its order; a second press turns the order round."""
    words = {
        "name": _("Name"),
        "organisation": _("Organisation"),
        "country": _("City"),
        "status": _("Status"),
        "": _("Documents"),
        "submitted": _("Sent (%(zone)s)") % {"zone": zone.rsplit("/", maxsplit=1)[-1]},
    }
    found = []
    for column, word in words.items():
        turned = sort.startswith("-")
        here = bool(column) and sort.removeprefix("-") == column
        found.append(
            Head(
                word=word,
                sort=f"-{column}" if column and here and not turned else column,
                sorted=("descending" if turned else "ascending") if here else "",
            )
        )
    return found


@dataclass(frozen=True)
class Counted:
    """How many applications a call has: in all, in each status, and from which countries."""

    everything: int
    statuses: list[tuple[str, str, int]]
    nations: list[tuple[str, str]]


def counted(call: Call, user: User) -> Counted:
    """The applications of a call counted once, for its filters and for its list."""
    found = applications_of(call, user).order_by().values_list("status", "country")
    numbers: dict[str, int] = defaultdict(int)
    codes = set()
    for status, country, number in found.annotate(number=Count("*")):
        numbers[status] += number
        codes.add(country)
    return Counted(
        everything=sum(numbers.values()),
        statuses=[
            (value, str(label), numbers[value])
            for value, label in Application.Status.choices
            if value in numbers
        ],
        nations=sorted(
            ((code, countries.name(code)) for code in codes if code), key=lambda pair: pair[1]
        ),
    )


@dataclass(frozen=True)
class Listing:
    heads: list[Head]
    rows: list[Row]
    page: Page


def listing(
    call: Call, user: User, chosen: Mapping[str, str], page: str, *, counts: Counted
) -> Listing:
    """One page of a call's applications: first which ones, then what stands in their lines."""
    sort = sorting(chosen)
    found = ordered(narrowed(applications_of(call, user), chosen), sort)
    pages = Paginator(found.values_list("pk", flat=True), PER_PAGE)
    if not chosen.keys() - {"sort"}:
        pages.count = counts.everything
    there = pages.get_page(page)
    return Listing(
        heads=heads(sort, call.workshop.zone.replace("_", " ")),
        rows=rows(call, list(there.object_list)),
        page=there,
    )


class Words:
    """What the lines of one page share, looked up once: names of values, forms of dates."""

    def __init__(self, call: Call, given: list[str]) -> None:
        self.lines, self.online = len(given), given.count(RequiredDocument.Given.ONLINE)
        self.zone = ZoneInfo(call.workshop.zone)
        self.statuses = {value: str(label) for value, label in Application.Status.choices}
        self.sectors = {value: str(label) for value, label in Application.Sector.choices}
        self.country = cache(countries.name)
        self.papers = cache(papers_words)
        self.here = cache(self._here)
        self.day = cache(partial(date_words, format_string=pgettext("date format", "j M Y")))
        self.url = reverse("applications:desk-application", args=[uuid.UUID(int=0)])

    def _here(self, papers: int) -> str:
        return _("%(n)d of %(all)d") % {"n": self.online + papers, "all": self.lines}

    def address(self, pk: uuid.UUID) -> str:
        return self.url.replace(str(uuid.UUID(int=0)), str(pk))

    def moment(self, at: datetime | None) -> str:
        """Short, on the workshop's clock; the head of the column names the zone."""
        if at is None:
            return ""
        here = at.astimezone(self.zone)
        return f"{self.day(here.date())}, {here:%H:%M}"


def rows(call: Call, wanted: list[uuid.UUID]) -> list[Row]:
    """The lines of these applications, in their order; all their documents in one query."""
    known = Application.objects.filter(pk__in=wanted).values_list(*COLUMNS)
    by_key = {values[0]: values for values in known}
    words = Words(call, list(call.required_documents.order_by().values_list("given", flat=True)))
    papers = _papers(wanted)
    return [_row(by_key[pk], papers[pk], words) for pk in wanted if pk in by_key]


def _row(values: tuple, papers: Papers, words: Words) -> Row:
    pk, given_name, family_name, reference, organisation, sector, city, country = values[:8]
    status, sent, outcome, version, decided_at, released_at = values[8:]
    return Row(
        pk=str(pk),
        choice=f"{pk}:{version or 0}",
        url=words.address(pk),
        name=f"{given_name} {family_name}".strip(),
        reference=reference or "",
        organisation=organisation,
        sector=words.sectors.get(sector, ""),
        place=", ".join(part for part in (city, words.country(country)) if part),
        status=status,
        status_word=words.statuses[status],
        submitted=words.moment(sent),
        documents=words.here(papers.here),
        papers=papers.state,
        papers_word=words.papers(papers.state, papers.waiting),
        decision=decision_words(status, outcome, decided_at, released_at, sent=sent),
    )


def decision_words(
    status: str,
    outcome: str | None,
    decided_at: datetime | None,
    released_at: datetime | None,
    *,
    sent: datetime | None,
) -> str:
    """What the committee decided and has not released; nothing when it has not decided."""
    if not outcome or released_at or status not in DECIDABLE:
        return ""
    if sent and decided_at and decided_at < sent:
        return ""
    return str(Decision.Outcome(outcome).label)


@dataclass
class Papers:
    """How the uploaded files of one application stand."""

    received: int = 0
    returned: int = 0
    accepted: int = 0
    replaced: int = 0

    @property
    def here(self) -> int:
        return self.received + self.accepted

    @property
    def state(self) -> str:
        if self.replaced:
            return "new"
        if self.received:
            return "received"
        return "returned" if self.returned else "checked"

    @property
    def waiting(self) -> int:
        """How many files the state speaks of."""
        return self.replaced or self.received or self.returned


def papers_words(state: str, number: int) -> str:
    """The state of an application's files in words."""
    if state == "new":
        return ngettext("%(n)d new file", "%(n)d new files", number) % {"n": number}
    if state == "received":
        return _("%(n)d to check") % {"n": number}
    return _("%(n)d returned") % {"n": number} if state == "returned" else _("All checked")


def _papers(applications: Collection[object]) -> Mapping[object, Papers]:
    """How the files of each of these applications stand, in one query."""
    current = Document.objects.current().filter(application__in=applications)
    received = Q(status=Document.Status.RECEIVED)
    counts = (
        current.order_by()
        .values_list("application")
        .annotate(
            received=Count("pk", filter=received),
            returned=Count("pk", filter=Q(status=Document.Status.RETURNED)),
            accepted=Count("pk", filter=Q(status=Document.Status.ACCEPTED)),
            replaced=Count("pk", filter=received & Q(version__gt=1) & Q(returned_before())),
        )
    )
    return defaultdict(Papers, {application: Papers(*found) for application, *found in counts})
