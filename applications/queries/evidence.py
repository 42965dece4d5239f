"""Every attempt to send, change or add something, with its arrival and what came of it.

Read from the trail alone: what stands here is what the portal noted at the moment itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Application, Call
from applications.queries.staff import searched
from applications.standard import shown
from workshop_portal.audit.models import Entry, name_of

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User

PER_PAGE = 50
MOST_OF_ONE = 20
# What was tried, by event.
TRIED: dict[str, Promise] = {
    "application.submitted": gettext_lazy("Sent the application"),
    "application.sending.kept": gettext_lazy("Sent the application"),
    "application.sending.stopped": gettext_lazy("Sending the application"),
    "application.unsent": gettext_lazy("Sending by the portal at the deadline"),
    "application.submit.refused": gettext_lazy("Sending the application"),
    "application.at_close.refused": gettext_lazy("Asking to be sent at the deadline"),
    "application.change.refused": gettext_lazy("Changing answers"),
    "application.withdraw.refused": gettext_lazy("Withdrawing the application"),
    "application.take_up.refused": gettext_lazy("Taking the application up again"),
    "application.start.refused": gettext_lazy("Starting an application"),
    "document.upload.refused": gettext_lazy("Sending a file"),
    "document.refused": gettext_lazy("Sending a file"),
}
OUTCOMES: dict[str, Promise] = {
    "taken": gettext_lazy("Taken"),
    "waiting": gettext_lazy("Waiting for its files"),
    "refused": gettext_lazy("Not taken"),
}
OUTCOME_OF = {"application.submitted": "taken", "application.sending.kept": "waiting"}
# What stood in the way, by the word that the trail keeps.
CAUSES: dict[str, Promise] = {
    "late": gettext_lazy("It arrived after the deadline"),
    "incomplete": gettext_lazy("Something was missing"),
    "unconfirmed": gettext_lazy("The statement was not confirmed"),
    "changed": gettext_lazy("The application had been changed in another window meanwhile"),
    "status": gettext_lazy("The application could not be changed any more"),
    "early": gettext_lazy("The call was not open yet"),
    "file": gettext_lazy("The file itself could not be taken"),
    "versions": gettext_lazy("The document had been replaced too often"),
    "attempts": gettext_lazy("Too many files had been begun for the document"),
    "room": gettext_lazy("All documents together were too large"),
}


@dataclass(frozen=True)
class Attempt:
    """One attempt: when it arrived, whose it was, what it was and what became of it."""

    arrived_at: datetime
    deadline: datetime | None
    who: str
    email: str
    reference: str
    what: str
    outcome: str
    outcome_word: str
    why: str
    is_stopped: bool


def attempts_of(application: Application) -> list[Attempt]:
    """What one person tried, the newest first, in one query."""
    entries = Entry.objects.filter(event__in=TRIED, target=name_of(application))
    return [_attempt(entry, application, None) for entry in entries[:MOST_OF_ONE]]


def entries_of(call: Call, chosen: Mapping[str, str]) -> QuerySet[Entry]:
    """The attempts of everybody in a call that the filters leave, the newest first."""
    entries = Entry.objects.about(call).filter(event__in=TRIED).select_related("by")
    if outcome := chosen.get("outcome"):
        events = [event for event in TRIED if OUTCOME_OF.get(event, "refused") == outcome]
        entries = entries.filter(event__in=events)
    if cause := chosen.get("cause"):
        entries = entries.filter(facts__cause=cause)
    if one := chosen.get("application"):
        entries = entries.filter(target=f"{Application._meta.label}:{one}")
    if words := searched(chosen):
        entries = entries.filter(target__in=_named(call, words))
    return entries


def _named(call: Call, words: list[str]) -> list[str]:
    """The trail's names of the applications whose person or reference fits all the words."""
    found = Application.objects.filter(call=call)
    for word in words:
        fits = Q(applicant__email__icontains=word) | Q(reference__icontains=word)
        for column in ("given_name", "family_name"):
            fits |= Q(**{f"{column}__icontains": word})
            fits |= Q(**{f"applicant__{column}__icontains": word})
        found = found.filter(fits)
    return [f"{Application._meta.label}:{pk}" for pk in found.values_list("pk", flat=True)]


def page_of(entries: QuerySet[Entry], page: str) -> tuple[Page, list[Attempt]]:
    """One page of attempts, and its lines."""
    there = Paginator(entries, PER_PAGE).get_page(page)
    return there, lines(list(there.object_list))


def lines(entries: Iterable[Entry]) -> list[Attempt]:
    """These entries as attempts, their people in one query."""
    entries = list(entries)
    people = _people(entry.target for entry in entries)
    return [_attempt(entry, people.get(entry.target), entry.by) for entry in entries]


def _people(targets: Iterable[str]) -> dict[str, Application]:
    label = f"{Application._meta.label}:"
    keys = {uuid.UUID(name.removeprefix(label)) for name in targets if name.startswith(label)}
    found = Application.objects.filter(pk__in=keys).select_related("applicant")
    return {name_of(application): application for application in found}


def _attempt(entry: Entry, application: Application | None, by: User | None) -> Attempt:
    outcome = OUTCOME_OF.get(entry.event, "refused")
    person = application.applicant if application else by
    return Attempt(
        arrived_at=_moment(entry.facts.get("arrived_at")) or entry.at,
        deadline=_moment(entry.facts.get("deadline")),
        who=application.name if application else str(by or ""),
        email=person.email if person else "",
        reference=(application.reference or "") if application else "",
        what=str(TRIED[entry.event]),
        outcome=outcome,
        outcome_word=str(OUTCOMES[outcome]),
        why=_why(entry) if outcome == "refused" else "",
        is_stopped=entry.event == "application.sending.stopped",
    )


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def _why(entry: Entry) -> str:
    """What stood in the way, in the reader's words; what has none, as it was said then."""
    cause = entry.facts.get("cause", "")
    if cause not in CAUSES:
        return str(entry.facts.get("reason", ""))
    if missing := entry.facts.get("missing"):
        titles = get_text_list([shown(title) for title in missing], _("and"))
        return _("Missing: %(titles)s") % {"titles": titles}
    return str(CAUSES[cause])
