"""Postponing a workshop in one step: everything moves together, and everybody is told once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.actions import deadline
from applications.actions.call import edit_call, order_papers
from applications.models import Call
from curriculum.models import Postponement, Session
from curriculum.queries import Plan, Reader, plan
from workshop_portal.accounts.models import User
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused
from workshop_portal.outbox import actions as outbox
from workshop_portal.workshops.actions import set_days
from workshop_portal.workshops.dates import dates_in_words
from workshop_portal.workshops.models import Workshop

LETTER = "applications/postponed"


@transaction.atomic
def postpone(
    workshop: Workshop, *, first_day: date, with_deadline: bool, reason: str, seen: str, by: User
) -> Postponement:
    """Move the workshop to later days, with all that hangs on them, and write to all concerned.

    `seen` is the fingerprint of the plan that the person looked at; when anything has changed
    since, nothing moves, and they look again.
    """
    held = Workshop.objects.select_for_update().get(pk=workshop.pk)
    moving = plan(held, first_day=first_day, with_deadline=with_deadline, by=by)
    if moving.by_days <= 0:
        raise Refused(_("The new first day has to be later than the one it has now."))
    if moving.fingerprint != seen:
        raise Refused(
            _(
                "Something has changed since you looked at this: a date, or who is told. Nothing "
                "was moved. Look again, and postpone it then."
            )
        )
    postponement = Postponement.objects.create(
        workshop=held,
        was=[day.isoformat() for day in moving.was.days],
        days=moving.by_days,
        reason=reason,
        by=by,
    )
    _move(held, moving, reason=reason, by=by)
    _note(postponement, moving, by=by)
    letters = [
        outbox.Posting(
            LETTER,
            to=reader.user,
            key=f"postponed:{postponement.pk}:{reader.user.pk}",
            about=reader.application or held,
            context=facts_of(postponement, moving, reader),
        )
        for reader in moving.readers
    ]
    outbox.post_all(letters, scope=held.scope)
    return postponement


def _move(workshop: Workshop, moving: Plan, *, reason: str, by: User) -> None:
    set_days(workshop, list(moving.now.days))
    Session.objects.bulk_update(
        [
            Session(pk=session.pk, starts_at=session.starts_at, ends_at=session.ends_at)
            for session in moving.now.sessions
        ],
        ["starts_at", "ends_at"],
    )
    call = Call.objects.select_related("workshop").filter(workshop=workshop).first()
    if call is None:
        return
    if moving.now.decide_by:
        edit_call(call, decide_by=moving.now.decide_by, by=by)
    if moving.now.closes_at:
        deadline.move(call, until=moving.now.closes_at, reason=reason, by=by)
    order_papers(call)


def _note(postponement: Postponement, moving: Plan, *, by: User) -> None:
    new = moving.now
    record(
        "workshop.postponed",
        postponement.workshop,
        about=postponement.workshop,
        by=by,
        was=postponement.was,
        now=[day.isoformat() for day in new.days],
        sessions=len(new.sessions),
        closes_at=new.closes_at.isoformat() if new.closes_at else "",
        decide_by=new.decide_by.isoformat() if new.decide_by else "",
        reason=postponement.reason,
        told=len(moving.readers),
    )


def facts_of(postponement: Postponement, moving: Plan, reader: Reader) -> dict[str, Any]:
    """What the letter to one reader speaks of; the deadline, where it moves, is their own."""
    closes_at = moving.now.closes_at
    if closes_at and reader.application:
        closes_at = max(closes_at, reader.application.closes_at)
    return {
        "workshop": postponement.workshop,
        "application": reader.application,
        "part": reader.part,
        "was": dates_in_words(moving.was.days),
        "now": dates_in_words(moving.now.days),
        "reason": postponement.reason,
        "closes_at": closes_at,
        "decide_by": moving.now.decide_by,
    }


def letters(workshop: Workshop, moving: Plan, *, reason: str) -> list[tuple[Reader, str, str]]:
    """One letter of each kind, as the first who gets it would read it: reader, subject, body."""
    planned = Postponement(workshop=workshop, days=moving.by_days, reason=reason)
    first: dict[str, Reader] = {}
    for reader in moving.readers:
        first.setdefault(reader.part, reader)
    return [
        (
            reader,
            *outbox.preview(
                LETTER, to=reader.user, scope=workshop.scope, **facts_of(planned, moving, reader)
            ),
        )
        for reader in first.values()
    ]
