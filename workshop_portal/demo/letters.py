"""A workshop with words of its own, and a letter that came back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from applications.actions.letters import save_text
from applications.queries.letters import text_of
from workshop_portal.demo.clock import at
from workshop_portal.outbox.models import Message
from workshop_portal.workshops.actions import bounce_letter

if TYPE_CHECKING:
    from applications.models import Call
    from workshop_portal.accounts.models import User

SUBJECT = "We have your application {reference}"
BODY = """\
Dear {name},

thank you: your application for the workshop “{workshop}” has been received on {received_at}.

Its reference is {reference}. This is what lies here:

{documents}

{answer} Until {deadline} you can still change answers, replace documents or withdraw.

Your receipt: {receipt}

Please bring the case that you describe; all four days are built on what participants bring.

With kind regards,
the Jeju team of {centre}
"""
CAME_BACK = "550 5.1.1 Recipient address rejected: User unknown in virtual mailbox table"


def choose_words(call: Call, *, by: User) -> None:
    """The coordinator writes the letter that confirms an application anew."""
    text = text_of(call.workshop, "received", "en")
    if text:
        with at(call.opens_at):
            save_text(call.workshop, text, subject=SUBJECT, body=BODY, version=0, by=by)


def let_one_come_back(call: Call, *, by: User, now: datetime) -> None:
    """The first of those letters did not find its mailbox."""
    letters = Message.objects.filter(scope=call.workshop.scope, letter="applications/received")
    # Nobody signs in to the demo from an address at example.com.
    unseen = letters.filter(to__email__endswith="@example.com").order_by("written_at")
    for letter in unseen[:1]:
        with at(now - timedelta(hours=2)):
            bounce_letter(letter, call.workshop, reason=CAME_BACK, by=by)
