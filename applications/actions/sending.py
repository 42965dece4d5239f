"""Sending an application: at once, when its files have been checked, or at the deadline."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from applications.actions.autosave import tell
from applications.actions.guard import Blocked, check_status, check_window, hold, touch, witnessed
from applications.actions.posting import post_about
from applications.actions.receipts import issue
from applications.models import Application, Receipt
from applications.queries.sending import Standing, standing
from applications.queries.transfer import AFTER_THE_LIMIT
from workshop_portal.arrival import database_now
from workshop_portal.audit.actions import record
from workshop_portal.workflow import advance

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User

Status = Application.Status
UNSENT = {Status.DRAFT, Status.WITHDRAWN}
# Crockford's alphabet: no letter in it is taken for a digit, read aloud or written by hand.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX_LENGTH = 6


# --- What the person presses -------------------------------------------------------------


def submit(
    application: Application, *, version: int, statement: str, arrived_at: datetime, by: User
) -> Receipt | None:
    """Send the application, with the statement that the person made.

    `version` is what the person checked: when it has changed since, it has to be checked again.
    Sending what has been sent gives the receipt there is. While files of it are still being
    checked the press is kept and there is no receipt yet: `settle` completes it, and what
    counts is the moment of the press.
    """
    if application.status not in UNSENT:
        return application.receipts.latest("number")
    with witnessed("application.submit", application, by=by, arrived_at=arrived_at):
        check_window(application.call, arrived_at, application)
        return _press(application, version, statement, arrived_at=arrived_at, by=by)


@transaction.atomic
def _press(
    application: Application, version: int, statement: str, *, arrived_at: datetime, by: User
) -> Receipt | None:
    held = hold(application)
    if held.status not in UNSENT:
        return held.receipts.latest("number")
    check_status(held, {Status.DRAFT})
    if held.sending_since:
        return None
    check_window(held.call, arrived_at, held)
    found = standing(held, now=arrived_at)
    _check_sendable(held, found, version=version, statement=statement)
    if not found.to_come:
        return _send(held, statement=statement, arrived_at=arrived_at, by=by)
    Application.objects.filter(pk=held.pk).update(
        sending_since=arrived_at, sending_statement=statement
    )
    record(
        "application.sending.kept",
        held,
        about=held.call,
        by=by,
        arrived_at=arrived_at.isoformat(),
        deadline=held.closes_at.isoformat(),
        statement=statement,
    )
    return None


def _check_sendable(
    application: Application, found: Standing, *, version: int, statement: str
) -> None:
    """Raise a refusal unless this is what was checked, and all of it is here or on its way."""
    back = application.get_absolute_url()
    if application.version != version:
        raise Blocked(
            _(
                "The application was changed in another window after you opened this page. "
                "Please check it once more and send it then."
            ),
            cause="changed",
            back=back,
        )
    if found.lacking:
        titles = [row.line.title for row in found.lacking]
        raise Blocked(
            _("The application is not complete. This is still missing: %(titles)s.")
            % {"titles": get_text_list(titles, _("and"))},
            cause="incomplete",
            back=back,
            missing=found.titles,
        )
    if not statement:
        raise Blocked(
            _("Please confirm first that what you say is true."), cause="unconfirmed", back=back
        )


def _send(
    held: Application, *, statement: str, arrived_at: datetime, letter: str = "", by: User | None
) -> Receipt:
    """The one step from a draft to an application. `held` is locked, complete and in time."""
    tell(held, by=by)
    held.reference = held.reference or give_reference(held)
    touch(held, submitted_at=arrived_at, sending_since=None, sends_at_close=False)
    advance(
        held,
        Status.SUBMITTED,
        about=held.call,
        by=by,
        reference=held.reference,
        arrived_at=arrived_at.isoformat(),
        deadline=held.closes_at.isoformat(),
        statement=statement,
    )
    return issue(held, arrived_at=arrived_at, letter=letter, by=by)


@transaction.atomic
def note_unconfirmed(application: Application, *, arrived_at: datetime, by: User) -> None:
    """Keep in the trail that somebody tried to send without confirming that it is true."""
    record(
        "application.submit.refused",
        application,
        about=application.call,
        by=by,
        cause="unconfirmed",
        reason="unconfirmed",
        arrived_at=arrived_at.isoformat(),
        deadline=application.closes_at.isoformat(),
    )


def give_reference(application: Application) -> str:
    """Give the application a reference that nobody can guess and everybody can read out."""
    place = application.call.workshop.slug.split("-")[0][:PREFIX_LENGTH].upper()
    while True:
        signs = "".join(secrets.choice(ALPHABET) for _place in range(8))
        reference = f"{place}-{signs[:4]}-{signs[4:]}"
        try:
            with transaction.atomic():
                Application.objects.filter(pk=application.pk).update(reference=reference)
        except IntegrityError:
            continue
        return reference


# --- Sending at the deadline -------------------------------------------------------------


def ask_at_close(
    application: Application, *, statement: str, arrived_at: datetime, by: User
) -> None:
    """Have the portal send the draft at its deadline, if it is complete then. Twice is once.

    `statement` is what the person confirms now about what will be sent then.
    """
    with (
        witnessed("application.at_close", application, by=by, arrived_at=arrived_at),
        transaction.atomic(),
    ):
        held = hold(application)
        check_status(held, {Status.DRAFT})
        check_window(held.call, arrived_at, held)
        if held.sends_at_close:
            return
        Application.objects.filter(pk=held.pk).update(
            sends_at_close=True, sending_statement=statement
        )
        record("application.at_close.asked", held, by=by, statement=statement)


@transaction.atomic
def recall_at_close(application: Application, *, by: User) -> None:
    """Leave the sending to the person again. Without such a wish nothing happens."""
    held = hold(application)
    if held.status == Status.DRAFT and held.sends_at_close:
        Application.objects.filter(pk=held.pk).update(sends_at_close=False)
        record("application.at_close.recalled", held, by=by)


# --- What time and the worker conclude ---------------------------------------------------


@transaction.atomic
def settle(application_id: object) -> None:
    """Complete what a person asked to be sent, or give it up and say why.

    Nothing happens while a file of it is on its way, and nothing when it is settled already, so
    this may be called at any time, by anybody, and twice at once.
    """
    wanted = Application.objects.waiting_to_be_sent().filter(pk=application_id).first()
    if wanted is None:
        return
    held, now = hold(wanted), database_now()
    found = standing(held, now=now)
    if held.status != Status.DRAFT or found.to_come:
        return
    closed = now > held.window.limit
    if held.sending_since:
        _settle_press(held, found, pressed_at=held.sending_since, closed=closed)
    elif held.sends_at_close and closed and not _may_still_come(held, found, now=now):
        _settle_wish(held, found)


def _may_still_come(held: Application, found: Standing, *, now: datetime) -> bool:
    """Whether a slow line may still bring what is missing: a form with a file begun in time."""
    return bool(found.lacking) and now <= held.window.limit + AFTER_THE_LIMIT


def _settle_press(
    held: Application, found: Standing, *, pressed_at: datetime, closed: bool
) -> None:
    """The person pressed in time, and what was on its way has come to its end."""
    if not found.lacking:
        said = held.sending_statement
        _send(held, statement=said, arrived_at=pressed_at, by=held.applicant)
        return
    # After the deadline there is nothing left to wait for, whatever else was asked for.
    Application.objects.filter(pk=held.pk).update(
        sending_since=None, sends_at_close=held.sends_at_close and not closed
    )
    _give_up(
        held,
        "application.sending.stopped",
        "applications/sending_stopped",
        found,
        arrived_at=pressed_at,
        closed=closed,
    )


def _settle_wish(held: Application, found: Standing) -> None:
    """The deadline is over, and the person wanted the draft to be sent by then."""
    said, last_moment = held.sending_statement, held.closes_at
    if not found.lacking:
        letter = "applications/sent_for_you"
        _send(held, statement=said, arrived_at=last_moment, letter=letter, by=None)
        return
    Application.objects.filter(pk=held.pk).update(sends_at_close=False)
    _give_up(
        held,
        "application.unsent",
        "applications/not_sent",
        found,
        arrived_at=last_moment,
        closed=True,
    )


def _give_up(
    held: Application,
    event: str,
    letter: str,
    found: Standing,
    *,
    arrived_at: datetime,
    closed: bool,
) -> None:
    """Note what kept the application from being sent, and tell its person what can be done."""
    record(
        event,
        held,
        about=held.call,
        by=None,
        cause="incomplete",
        missing=found.titles,
        arrived_at=arrived_at.isoformat(),
        deadline=held.closes_at.isoformat(),
    )
    post_about(
        letter,
        held,
        key=f"{event}:{held.pk}:{arrived_at:%Y%m%d%H%M%S%f}",
        lacking=found.lacking,
        at=arrived_at,
        closed=closed,
    )
