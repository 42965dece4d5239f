"""Which applications those who run a call work with: filtered, searched, in an order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from applications.models import Application, Call, Document

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User

# What a committee may still decide about: what can yet become “accepted”.
DECIDABLE = [
    status for status, steps in Application.STEPS.items() if Application.Status.ACCEPTED in steps
]
LONGEST_SEARCH = 6
SEARCHED = ("given_name", "family_name", "organisation", "city_name", "reference")
# Whose letters come back; the person reads it on every page, staff call them if it matters.
UNREACHABLE = Q(applicant__unreachable_since__isnull=False)
SORTS = {
    "name": ("family_name", "given_name", "pk"),
    "organisation": ("organisation", "pk"),
    "country": ("country", "city_name", "pk"),
    "status": ("status", "-submitted_at", "pk"),
    "submitted": ("submitted_at", "pk"),
}


def applications_of(call: Call, user: User) -> QuerySet[Application]:
    """What this person works with in one call: sent, and never their own."""
    return Application.objects.filter(call=call).handled_by(user)


def _documents(**facts: Any) -> QuerySet[Document]:
    return Document.objects.filter(application=OuterRef("pk"), is_current=True, **facts)


def returned_before() -> Exists:
    """Whether an earlier file for the same line was returned; of a query of documents."""
    earlier = Document.objects.filter(
        application=OuterRef("application"),
        requirement=OuterRef("requirement"),
        status=Document.Status.RETURNED,
    )
    return Exists(earlier)


def state_of_documents(state: str) -> Q:
    """The applications whose files are in a state: a value of the filter of the list."""
    to_check = Exists(_documents(status=Document.Status.RECEIVED))
    returned = Exists(_documents(status=Document.Status.RETURNED))
    return {
        "to_check": Q(to_check),
        "replaced": Q(
            Exists(_documents(status=Document.Status.RECEIVED).filter(returned_before()))
        ),
        "returned": Q(returned),
        "checked": ~Q(to_check) & ~Q(returned),
    }[state]


def decided(state: str) -> Q:
    """The applications with a pending decision: none, any (`pending`), or of one outcome.

    A decision counts when it was taken after the file that it decides about was sent.
    """
    waits = Q(
        decision__isnull=False,
        decision__released_at=None,
        decision__decided_at__gte=F("submitted_at"),
        status__in=DECIDABLE,
    )
    if state == "none":
        return ~waits & Q(status=Application.Status.SUBMITTED)
    return waits if state == "pending" else waits & Q(decision__outcome=state)


def narrowed(applications: QuerySet[Application], chosen: Mapping[str, str]) -> QuerySet:
    """Those that the filters and the search leave. What is not chosen does not narrow."""
    for column in ("status", "country", "sector", "gender", "first_time"):
        if chosen.get(column):
            applications = applications.filter(**{column: chosen[column]})
    if chosen.get("documents"):
        applications = applications.filter(state_of_documents(chosen["documents"]))
    if chosen.get("reach"):
        applications = applications.filter(UNREACHABLE)
    if chosen.get("decision"):
        applications = applications.filter(decided(chosen["decision"]))
    for word in searched(chosen):
        found = Q()
        for column in SEARCHED:
            found |= Q(**{f"{column}__icontains": word})
        applications = applications.filter(found)
    return applications


def searched(chosen: Mapping[str, str]) -> list[str]:
    """The words that are searched for; each has to be found."""
    return chosen.get("q", "").split()[:LONGEST_SEARCH]


def sorting(chosen: Mapping[str, str]) -> str:
    """The order that was asked for if it is an allowed one, else the newest first."""
    sort = chosen.get("sort", "")
    return sort if sort.removeprefix("-") in SORTS else "-submitted"


def ordered(applications: QuerySet[Application], sort: str) -> QuerySet[Application]:
    """In the order of an allowed column, with `-` in front the other way round."""
    columns = SORTS[sort.removeprefix("-")]
    turned = [column.removeprefix("-") for column in columns if column.startswith("-")]
    if not sort.startswith("-"):
        return applications.order_by(*columns)
    return applications.order_by(
        *(column if column.removeprefix("-") in turned else f"-{column}" for column in columns)
    )
