"""What a letter about an application would be written with, were it written now.

Where the occasion has come already its own facts are taken; else the usual ones stand in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application, Decision, Document, Extension, Nomination, Receipt
from applications.queries.checking import Return
from applications.queries.deadline import zone_of
from applications.queries.intake import Row, rows
from applications.queries.letters import APP
from applications.queries.receipts import received_documents
from applications.queries.selection import facts_of
from workshop_portal.outbox.queries import language_of

if TYPE_CHECKING:
    from applications.models import Call
    from workshop_portal.accounts.models import User

Facts = dict[str, Any]
# The deadline of a letter that is only tried out lies so many days ahead.
DAYS_AHEAD = 7
# Stands where a nominator's secret would: of a real one only the fingerprint is kept.
NO_SECRET = "preview"  # noqa: S105 — opens nothing


@dataclass(frozen=True)
class Reading:
    """Who would read a letter, in which language, and what it is written with.

    A nominator has no account, so `to` is nobody.
    """

    to: User | None
    language: str
    facts: Facts


def reading(letter: str, application: Application) -> Reading:
    """How a letter about this application would be written now."""
    slug = letter.removeprefix(APP)
    shared = {"application": application, "workshop": application.call.workshop}
    facts = {**shared, "call": application.call, **FACTS[slug](application)}
    if nomination := facts.get("nomination"):
        return Reading(None, language_of(None, nomination.language), facts)
    return Reading(application.applicant, language_of(application.applicant), facts)


def example(call: Call, user: User) -> Application:
    """Something to try a letter out on while nobody has applied: as if the person who asks had."""
    return Application(call=call, applicant=user, reference="0000-0000")


# --- The facts of each letter ------------------------------------------------------------


def _decided(outcome: str) -> Callable[[Application], Facts]:
    def decision(application: Application) -> Facts:
        made = Decision.objects.filter(application=application, outcome=outcome).first()
        return facts_of(made or Decision(application=application, outcome=outcome))

    return decision


def _received(application: Application) -> Facts:
    return {"receipt": _receipt(application, 1)}


def _replaced(application: Application) -> Facts:
    return {"receipt": _receipt(application, 2)}


def _receipt(application: Application, least: int) -> Receipt:
    last = application.receipts.filter(number__gte=least).order_by("number").last()
    return last or Receipt(
        application=application,
        number=least,
        arrived_at=application.submitted_at or timezone.now(),
        documents=received_documents(application),
    )


def _returned(application: Application) -> Facts:
    current = application.documents.current().select_related("requirement")
    files = list(current.filter(status=Document.Status.RETURNED)) or list(current[:1])
    if not files:
        files = [Document(requirement=application.call.required_documents.all()[0])]
    usual = Document.ReturnReason.values[0]
    returns = [Return(file, file.return_reason or usual, file.return_note) for file in files]
    return {"returns": returns, "until": max(_ahead(timezone.now()), application.closes_at)}


def _extended(application: Application) -> Facts:
    was = application.closes_at
    extension = Extension(
        call=application.call,
        was=was,
        until=_ahead(max(was, timezone.now())),
        reason=_("The reason that you give when you extend the deadline."),
    )
    return {"extension": extension}


def _extended_for_you(application: Application) -> Facts:
    facts = _extended(application)
    facts["extension"].application = application
    return facts


def _withdrawn(application: Application) -> Facts:
    may_return = application.window.is_open(timezone.now())
    return {"may_return": may_return, "closes_at": application.closes_at}


def _reminder(application: Application) -> Facts:
    closes_at = max(application.closes_at, _ahead(timezone.now()))
    return {
        "lacking": _lacking(application),
        "unanswered": 0,
        "left": closes_at - timezone.now(),
        "closes_at": closes_at,
        "own_zone": zone_of(application),
    }


def _stopped(application: Application) -> Facts:
    closed = not application.window.is_open(timezone.now())
    return {"lacking": _lacking(application), "at": timezone.now(), "closed": closed}


def _not_sent(application: Application) -> Facts:
    return {"lacking": _lacking(application), "at": application.closes_at, "closed": True}


def _lacking(application: Application) -> list[Row]:
    """What is missing, or, where nothing is, the first lines of the checklist in its place."""
    everything = rows(application)
    return [row for row in everything if not row.line.is_there] or everything[:2]


def _nomination(application: Application) -> Facts:
    made = Nomination.objects.filter(application=application).first()
    usual = Nomination(
        application=application, name=_("Nominator"), expires_at=_ahead(timezone.now())
    )
    return {"nomination": made or usual, "secret": NO_SECRET, "is_renewed": False}


def _ahead(moment: datetime) -> datetime:
    return moment + timedelta(days=DAYS_AHEAD)


FACTS: dict[str, Callable[[Application], Facts]] = {
    "nomination_asked": _nomination,
    "reminder": _reminder,
    "reminder_complete": _reminder,
    "received": _received,
    "sent_for_you": _received,
    "not_sent": _not_sent,
    "sending_stopped": _stopped,
    "replaced": _replaced,
    "returned": _returned,
    "extended": _extended,
    "extended_sent": _extended,
    "extended_for_you": _extended_for_you,
    "withdrawn": _withdrawn,
    **{outcome: _decided(outcome) for outcome in Decision.Outcome.values},
}
