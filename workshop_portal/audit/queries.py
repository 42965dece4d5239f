"""The story of a thing, told from the trail and from the record of readings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as noop

from workshop_portal.audit.models import DocumentAccess, Entry

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User

# What each event means, in the words of the trail. A fact of the entry may stand in a sentence.
SENTENCES = {
    "account.address_confirmed": noop("Confirmed the address of the account"),
    "account.details_changed": noop("Changed the details of the account"),
    "account.invited": noop("Invited a person to the portal"),
    "account.made_admin": noop("Made a person an administrator"),
    "account.opened": noop("Opened an account"),
    "account.password_changed": noop("Changed the password"),
    "account.second_factor_forgotten": noop("Removed the second factor of an account"),
    "account.reachable": noop("Said that letters reach the address of the account"),
    "application.accepted": noop("Application accepted"),
    "application.at_close.asked": noop("Asked the portal to send the application at the deadline"),
    "application.at_close.recalled": noop("Took back that the portal sends at the deadline"),
    "application.at_close.refused": noop(
        "Asked for the application to be sent at the deadline, which was refused"
    ),
    "application.change.refused": noop("Tried to change the answers, which was refused"),
    "application.changed": noop("Changed the answers of the application"),
    "application.draft": noop("Opened the withdrawn application again"),
    "application.rejected": noop("Application not selected"),
    "application.sending.kept": noop("Sent the application; its files were still being checked"),
    "application.sending.stopped": noop("The application could not be sent: it is not complete"),
    "application.start.refused": noop("Tried to start an application, which was refused"),
    "application.started": noop("Started an application"),
    "application.submit.refused": noop("Tried to send the application, which was refused"),
    "application.submitted": noop("Sent the application"),
    "application.take_up.refused": noop("Tried to take the application up again, refused"),
    "application.unsent": noop("Not sent at the deadline: it was not complete"),
    "application.waitlisted": noop("Application put on the waiting list"),
    "application.withdraw.refused": noop("Tried to withdraw the application, which was refused"),
    "application.withdrawn": noop("Withdrew the application"),
    "applications.exported": noop("Downloaded the list of applications"),
    "attempts.exported": noop("Downloaded the list of attempts"),
    "call.changed": noop("Changed the call"),
    "call.created": noop("Wrote the call"),
    "call.extended": noop("Extended the deadline"),
    "decision.made": noop("Noted a decision"),
    "decision.overtaken": noop("Decided at the same time as somebody else, which was refused"),
    "decision.released": noop("Released a decision"),
    "decisions.released": noop("Released the decisions"),
    "document.accepted": noop("Checked and accepted a document"),
    "document.held": noop("The virus check held a document back"),
    "document.kept": noop("Confirmed what was noticed in a document"),
    "document.let_go": noop("Let a held document go after a look at it"),
    "document.received": noop("Gave a document"),
    "document.refused": noop("A file was refused at upload"),
    "document.removed": noop("Removed a document that was held for a check"),
    "document.returned": noop("Returned a document to the applicant"),
    "document.sign.refused": noop("Tried to sign a paper, which was refused"),
    "document.upload.refused": noop("Tried to send a file, which was refused"),
    "extension.given_to_country": noop("Gave one country more time: %(country)s"),
    "extension.given_to_person": noop("Gave this person more time"),
    "eligibility.exported": noop("Downloaded the counts of the eligibility check"),
    "framework.frozen": noop("Froze the framework of practices"),
    "framework.loaded": noop("Loaded the framework of practices"),
    "letter.tried_out": noop("Sent a copy of a letter to try it out"),
    "letter_text.changed": noop("Changed the words of a letter for this workshop"),
    "letter_text.dropped": noop("Went back to the usual words of a letter"),
    "message.bounced": noop("A letter came back: %(reason)s"),
    "message.cancelled": noop("Cancelled a held letter: %(reason)s"),
    "message.edited": noop("Changed the words of a held letter"),
    "message.held": noop("Held a letter back"),
    "message.opened": noop("Opened a letter in the outbox"),
    "message.released": noop("Let a held letter go"),
    "message.sent_again": noop("Sent the words of a letter once more"),
    "message.retried": noop("Sent a letter again"),
    "module.added": noop("Added a module to the programme"),
    "module.changed": noop("Changed a module of the programme"),
    "module.deleted": noop("Deleted a module of the programme"),
    "nomination.answer.refused": noop("A nominator's answer was refused"),
    "nomination.ask.refused": noop("Tried to send a personal link, which was refused"),
    "nomination.declined": noop("The nominator declined"),
    "nomination.given": noop("The nominator gave the letter"),
    "nomination.invited": noop("Sent a personal link to a nominator"),
    "nomination.renewed": noop("Sent a new personal link to a nominator"),
    "nomination.revoked": noop("Took the personal link of a nominator back"),
    "participant.seated": noop("Given a seat in the workshop"),
    "participant.unseated": noop("Gave the seat in the workshop back"),
    "programme.draft": noop("Took the programme back to draft"),
    "programme.released": noop("Released the programme"),
    "receipt.issued": noop("Receipt issued"),
    "required_document.changed": noop("Changed a line of the checklist"),
    "role.granted": noop("Gave the role “%(role)s”"),
    "role.removed": noop("Took away the role “%(role)s”"),
    "session.added": noop("Added a session to the programme"),
    "session.changed": noop("Changed a session of the programme"),
    "session.deleted": noop("Deleted a session of the programme"),
    "signature.made": noop("Signed as “%(name)s” on the portal"),
    "speaker.added": noop("Added a speaker to the programme"),
    "speaker.changed": noop("Changed a speaker of the programme"),
    "speaker.deleted": noop("Deleted a speaker of the programme"),
    "transfer.abandoned": noop("An upload was broken off"),
    "transfer.checking": noop("A file has arrived and waits for its check"),
    "transfer.refused": noop("A file was checked and not taken"),
    "transfer.taken": noop("A file was checked and taken"),
    "workshop.changed": noop("Changed the workshop"),
    "workshop.created": noop("Made the workshop"),
    "workshop.draft": noop("Took the workshop back to draft"),
    "workshop.postponed": noop("Postponed the workshop"),
    "workshop.published": noop("Published the workshop"),
}
READINGS = {
    DocumentAccess.Action.PREVIEW: gettext_lazy("Looked at the document “%(title)s”"),
    DocumentAccess.Action.DOWNLOAD: gettext_lazy("Downloaded the document “%(title)s”"),
}


@dataclass(frozen=True)
class Line:
    """One line of the story: when, who (a name, or the portal itself), and what in words."""

    at: datetime
    who: str
    what: str
    target: str
    is_reading: bool = False
    facts: dict[str, Any] = field(default_factory=dict)


class Facts(dict):
    """Facts for a sentence; one that the entry does not have shows as a dash."""

    def __missing__(self, key: str) -> str:
        return "—"


def trail(thing: models.Model, *, limit: int = 500) -> list[Line]:
    """What happened to `thing` and its parts and who read what of it, newest first.

    Two queries, however long the story is.
    """
    entries = Entry.objects.about(thing).select_related("by")[:limit]
    readings = DocumentAccess.objects.about(thing).select_related("by")[:limit]
    lines = [*map(told, entries), *map(read, readings)]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:limit]


def told(entry: Entry) -> Line:
    """What happened, as a line of the story."""
    return Line(
        at=entry.at,
        who=name(entry.by),
        what=in_words(entry.event, entry.facts),
        target=entry.target,
        facts=entry.facts,
    )


def read(reading: DocumentAccess) -> Line:
    """Who looked at a document, as a line of the story."""
    return Line(
        at=reading.at,
        who=name(reading.by),
        what=READINGS[DocumentAccess.Action(reading.action)] % {"title": reading.title},
        target=reading.target,
        is_reading=True,
    )


def in_words(event: str, facts: dict[str, Any]) -> str:
    """The sentence of an event; an event without one is shown under its own name."""
    if event not in SENTENCES:
        return event
    return _(SENTENCES[event]) % Facts(facts)


def name(user: User | None) -> str:
    """Who did it; what nobody did, the portal did by itself."""
    return str(user) if user else _("The portal")
