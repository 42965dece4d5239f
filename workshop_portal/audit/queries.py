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
    "account.reachable": noop("Said that letters reach the address of the account"),
    "account.second_factor_forgotten": noop("Removed the second factor of an account"),
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
    "assessment.changed": noop("Changed the city's own view: %(code)s"),
    "assessment.views_forgotten": noop("Let everybody say their level anew: %(code)s"),
    "assessment.who_told": noop("Noted who took part in the self-assessment"),
    "asset.begun": noop("Began to write down a good practice: %(practice)s"),
    "asset.draft": noop("Took a good practice back to write on it"),
    "asset.due": noop("A good practice is to be looked at again"),
    "asset.edited": noop("Changed the words of a good practice"),
    "asset.invited": noop("Invited a city to write a good practice too: %(city)s"),
    "asset.principle": noop("Wrote a principle of a good practice"),
    "asset.published": noop("Put a good practice into the library"),
    "asset.review": noop("Asked other cities to validate a good practice"),
    "asset.story": noop("Told a story of a good practice: %(city)s"),
    "asset.struck": noop("Took a part out of a good practice"),
    "asset.uninvited": noop("Took back the invitation to write a good practice: %(city)s"),
    "asset.used": noop("Said how useful a good practice was: %(city)s"),
    "asset.validated": noop("Gave the word of a city on a good practice: %(city)s"),
    "asset.withdrawn": noop("Withdrew a good practice: %(reason)s"),
    "assignment.active": noop("Told a rater of a city to rate"),
    "assignment.added": noop("Gave %(rated)s one more rater: %(now)s, because %(reason)s"),
    "assignment.alternate": noop("Made a rater an alternate"),
    "assignment.done": noop("Handed the ratings of a city in"),
    "assignment.entrusted": noop("Let somebody else of the city rate"),
    "assignment.locked": noop("Locked the first levels of a city"),
    "assignment.replaced": noop("Exchanged a rater: %(reason)s"),
    "assignment.restored": noop("Let a rater whom a conflict had ended go on: %(now)s"),
    "assignment.set_aside": noop("Let ratings of %(rated)s not count, because %(reason)s"),
    "assignment.void": noop("Ratings of a city do not count any more"),
    "attempts.exported": noop("Downloaded the list of attempts"),
    "calibration.given": noop("Rated an invented city"),
    "call.changed": noop("Changed the call"),
    "call.created": noop("Wrote the call"),
    "call.extended": noop("Extended the deadline"),
    "comment.held_back": noop("Kept a rater's comment back: %(reason)s"),
    "comment.let_stand": noop("Let a rater's comment stand"),
    "comment.marked": noop("Said whether a comment was useful"),
    "comment.reported": noop("Reported a rater's comment"),
    "conflict.declared": noop("Declared a conflict between two cities"),
    "conflict.taken_back": noop("Took a declared conflict back"),
    "conflicts.said": noop("Said that there is no other conflict"),
    "cycle.assist": noop("Began a stage of a cycle: peer assists"),
    "cycle.begun": noop("Began the cycle “%(name)s”"),
    "cycle.changed": noop("Changed the rules or deadlines of a cycle"),
    "cycle.closed": noop("Closed a cycle"),
    "cycle.compare": noop("Began a stage of a cycle: comparing"),
    "cycle.distil": noop("Began a stage of a cycle: writing down good practices"),
    "cycle.exported": noop("Downloaded everything of a cycle (%(kind)s)"),
    "cycle.follow12": noop("Began a stage of a cycle: follow-up after 12 months"),
    "cycle.follow3": noop("Began a stage of a cycle: follow-up after 3 months"),
    "cycle.follow6": noop("Began a stage of a cycle: follow-up after 6 months"),
    "cycle.market": noop("Began a stage of a cycle: offers and needs"),
    "cycle.moderation": noop("Began a stage of a cycle: moderation"),
    "cycle.plan": noop("Began a stage of a cycle: action plans"),
    "cycle.rating": noop("Began a stage of a cycle: peer rating"),
    "cycle.self": noop("Began a stage of a cycle: self-assessment"),
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
    "dossier.added": noop("Invented a city for calibration: %(title)s"),
    "dossier.case_added": noop("Wrote a case of an invented city: %(code)s"),
    "dossier.case_changed": noop("Changed a case of an invented city: %(code)s"),
    "dossier.case_removed": noop("Removed a case of an invented city: %(code)s"),
    "dossier.changed": noop("Changed an invented city: %(title)s"),
    "dossier.removed": noop("Removed an invented city: %(title)s"),
    "draw.asked": noop("Asked for a draw of raters with the seed %(seed)s"),
    "draw.discarded": noop("Put a draw of raters aside"),
    "draw.failed": noop("Raters could not be drawn"),
    "draw.ready": noop("Drew the raters"),
    "draw.released": noop("Released the draw of raters: %(pairs)s pairs"),
    "draw.waiting": noop("Asked again for a draw of raters"),
    "eligibility.exported": noop("Downloaded the counts of the eligibility check"),
    "evidence.added": noop("Gave a piece of evidence: %(code)s"),
    "evidence.deleted": noop("Deleted a piece of evidence: %(code)s"),
    "evidence.refused": noop("A file was checked and not taken"),
    "evidence.taken": noop("A file was checked and taken"),
    "extension.given_to_country": noop("Gave one country more time: %(country)s"),
    "extension.given_to_person": noop("Gave this person more time"),
    "framework.changed": noop("Changed a draft of the framework"),
    "framework.copied": noop("Copied the framework from %(source)s"),
    "framework.discarded": noop("Threw a draft of the framework away: %(name)s %(version)s"),
    "framework.exported": noop("Downloaded the framework"),
    "framework.frozen": noop(
        "Froze the framework of practices; %(agreed)s of %(asked)s cities that were asked agreed"
    ),
    "framework.imported": noop("Read a framework from a file"),
    "framework.loaded": noop("Loaded the framework of practices"),
    "framework.started": noop("Began a framework"),
    "letter.tried_out": noop("Sent a copy of a letter to try it out"),
    "letter_text.changed": noop("Changed the words of a letter for this workshop"),
    "letter_text.dropped": noop("Went back to the usual words of a letter"),
    "invitation.accepted": noop("Agreed to write a good practice too: %(city)s"),
    "invitation.declined": noop("Declined to write a good practice: %(city)s"),
    "matching.asked": noop("Asked for peer assists to propose"),
    "matching.discarded": noop("Put proposed peer assists aside"),
    "matching.failed": noop("Peer assists to propose could not be computed"),
    "matching.ready": noop("Found peer assists to propose"),
    "matching.released": noop("Showed proposed peer assists to their cities"),
    "matching.waiting": noop("Asked again for peer assists to propose"),
    "member.added": noop("Put a person into the team of %(city)s"),
    "member.removed": noop("Took a person out of the team of %(city)s"),
    "member.speaks": noop("Let another person speak for %(city)s"),
    "message.bounced": noop("A letter came back: %(reason)s"),
    "message.cancelled": noop("Cancelled a held letter: %(reason)s"),
    "message.edited": noop("Changed the words of a held letter"),
    "message.held": noop("Held a letter back"),
    "message.opened": noop("Opened a letter in the outbox"),
    "message.released": noop("Let a held letter go"),
    "message.retried": noop("Sent a letter again"),
    "message.sent_again": noop("Sent the words of a letter once more"),
    "moderation.agreed": noop("Agreed on a level: %(practice)s"),
    "moderation.arranged": noop("Fixed the call with a city"),
    "moderation.open": noop("Opened a talk again"),
    "moderation.opened": noop("Put practices on the list of talks: %(number)s"),
    "moderation.stands": noop("No agreement, the median stands: %(practice)s"),
    "moderation.target": noop("Looked at the target again after a talk"),
    "module.added": noop("Added a module to the programme"),
    "module.changed": noop("Changed a module of the programme"),
    "module.deleted": noop("Deleted a module of the programme"),
    "need.changed": noop("Changed what the city wants to learn: %(practice)s"),
    "need.confirmed": noop("Asked other cities for help: %(practice)s"),
    "need.declined": noop("Asked for no help: %(practice)s"),
    "nomination.answer.refused": noop("A nominator's answer was refused"),
    "nomination.ask.refused": noop("Tried to send a personal link, which was refused"),
    "nomination.declined": noop("The nominator declined"),
    "nomination.given": noop("The nominator gave the letter"),
    "nomination.invited": noop("Sent a personal link to a nominator"),
    "nomination.renewed": noop("Sent a new personal link to a nominator"),
    "nomination.revoked": noop("Took the personal link of a nominator back"),
    "offer.changed": noop("Changed what the city can show: %(practice)s"),
    "offer.confirmed": noop("Offered help to other cities: %(practice)s"),
    "offer.declined": noop("Offered no help: %(practice)s"),
    "participant.seated": noop("Given a seat in the workshop"),
    "participant.unseated": noop("Gave the seat in the workshop back"),
    "peerassist.called_off": noop("Called a peer assist off: %(reason)s"),
    "peerassist.changed": noop("Changed the plan of a peer assist"),
    "peerassist.held": noop("Said that a peer assist has taken place"),
    "peerassist.noted": noop("Wrote the notes of a peer assist"),
    "peerassist.planned": noop("Planned a peer assist: %(practice)s"),
    "peerassist.thanked": noop("Thanked the helpers of a peer assist"),
    "picture.exported": noop("Took a picture of the levels away: %(title)s"),
    "practice.added": noop("Added a practice to the framework: %(code)s"),
    "practice.changed": noop("Changed a practice of the framework: %(code)s"),
    "practice.moved": noop("Moved a practice of the framework: %(code)s"),
    "practice.removed": noop("Removed a practice of the framework: %(code)s"),
    "programme.draft": noop("Took the programme back to draft"),
    "programme.released": noop("Released the programme"),
    "proposal.accepted": noop("Both cities agreed to a peer assist: %(practice)s"),
    "proposal.declined": noop("Declined a peer assist (%(practice)s): %(reason)s"),
    "proposal.dropped": noop("A peer assist is no longer proposed: %(practice)s"),
    "proposal.proposed": noop("Proposed a peer assist: %(practice)s"),
    "proposal.yes": noop("Said yes to a peer assist for %(city)s: %(practice)s"),
    "rating.given": noop("Rated a practice: %(practice)s"),
    "rating.reconsidered": noop("Gave a final level: %(practice)s"),
    "ratings.named": noop("Had the raters named: %(reason)s"),
    "receipt.issued": noop("Receipt issued"),
    "required_document.changed": noop("Changed a line of the checklist"),
    "role.granted": noop("Gave the role “%(role)s”"),
    "role.removed": noop("Took away the role “%(role)s”"),
    "selfassessment.open": noop("Opened the self-assessment again: %(reason)s"),
    "selfassessment.submitted": noop("Handed the self-assessment in"),
    "session.added": noop("Added a session to the programme"),
    "session.changed": noop("Changed a session of the programme"),
    "session.deleted": noop("Deleted a session of the programme"),
    "signature.made": noop("Signed as “%(name)s” on the portal"),
    "speaker.added": noop("Added a speaker to the programme"),
    "speaker.changed": noop("Changed a speaker of the programme"),
    "speaker.deleted": noop("Deleted a speaker of the programme"),
    "team.changed": noop("Changed what others read of a city"),
    "team.made": noop("Made the team of a city: %(city)s"),
    "team.removed": noop("Took a city out of a cycle: %(city)s"),
    "transfer.abandoned": noop("An upload was broken off"),
    "transfer.checking": noop("A file has arrived and waits for its check"),
    "transfer.refused": noop("A file was checked and not taken"),
    "transfer.taken": noop("A file was checked and taken"),
    "voice.given": noop("Answered for a city about a draft of the framework: %(city)s"),
    "vote.closed": noop(
        "Closed the vote on a draft of the framework; %(agreed)s of %(asked)s cities agreed"
    ),
    "vote.opened": noop("Asked the cities of a cycle about a draft of the framework: %(cycle)s"),
    "vote.prolonged": noop("Gave the cities more time to answer about a draft of the framework"),
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
