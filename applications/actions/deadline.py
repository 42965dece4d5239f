"""Giving everybody more time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application, Call, Extension
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused
from workshop_portal.outbox.actions import post, write
from workshop_portal.outbox.models import Message

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


@transaction.atomic
def extend(call: Call, *, until: datetime, reason: str, by: User | None) -> Extension:
    """Move the deadline of a call for everybody, and write to all who have begun a draft.

    Raises Refused unless the new deadline is later than the one in force.
    """
    was = Call.objects.select_for_update().values_list("closes_at", flat=True).get(pk=call.pk)
    if until <= was:
        raise Refused(
            _("The new deadline has to be later than the one in force. Nothing was changed.")
        )
    extension = Extension.objects.create(call=call, was=was, until=until, reason=reason, by=by)
    Call.objects.filter(pk=call.pk).update(closes_at=until)
    call.closes_at = until
    record(
        "call.extended",
        call,
        about=call.workshop,
        by=by,
        was=was.isoformat(),
        until=until.isoformat(),
        reason=reason,
    )
    for draft in drafts_of(call):
        post(
            "applications/extended",
            to=draft.applicant,
            key=f"extension:{extension.pk}:{draft.pk}",
            scope=call.workshop.scope,
            about=draft,
            application=draft,
            workshop=call.workshop,
            extension=extension,
        )
    return extension


def letter_of(call: Call, *, until: datetime, reason: str, by: User) -> dict[str, object]:
    """What an extension would write, as the first of those who get it would read it."""
    drafts = drafts_of(call)
    extension = Extension(call=call, was=call.closes_at, until=until, reason=reason, by=by)
    sample = drafts[0] if drafts else Application(call=call, applicant=by)
    letter = Message(letter="applications/extended", to=sample.applicant, in_inbox=False)
    facts: dict[str, object] = {
        "application": sample,
        "workshop": call.workshop,
        "extension": extension,
    }
    subject, body = write(letter, facts)
    return {"drafts": drafts, "extension": extension, "subject": subject, "body": body}


def drafts_of(call: Call) -> list[Application]:
    """The applications that have been begun and not sent; theirs is the letter."""
    return list(
        call.applications.filter(status=Application.Status.DRAFT).select_related("applicant")
    )
