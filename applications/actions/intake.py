"""An application from its start to its receipt, and back again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from applications.actions.guard import check_status, check_window, hold, witnessed
from applications.actions.receipts import issue
from applications.checklist import missing, unanswered
from applications.models import Application, Receipt
from applications.queries.intake import checklist
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused
from workshop_portal.outbox.actions import post
from workshop_portal.workflow import advance
from workshop_portal.workshops.actions import unseat

if TYPE_CHECKING:
    from applications.models import Call
    from workshop_portal.accounts.models import User

Status = Application.Status
# Facts of the person that hold for every workshop; what is about one workshop is asked anew.
CARRIED = (
    "given_name",
    "family_name",
    "certificate_name",
    "gender",
    "birth_date",
    "nationality",
    "phone",
    "city_name",
    "country",
    "organisation",
    "sector",
    "department",
    "position",
    "years",
    "duties",
    "experience",
    "spoken_english",
    "written_english",
    "needs",
)
# Crockford's alphabet: no letter in it is taken for a digit, read aloud or written by hand.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX_LENGTH = 6


def start(call: Call, *, arrived_at: datetime, by: User) -> Application:
    """The person's application for this call; begun now if there is none. Twice gives the same."""
    if begun := Application.objects.filter(call=call, applicant=by).first():
        return begun
    with witnessed("application.start", call, by=by, arrived_at=arrived_at):
        check_window(call, arrived_at)
        return _begin(call, by=by)


@transaction.atomic
def _begin(call: Call, *, by: User) -> Application:
    application, is_new = Application.objects.get_or_create(
        call=call, applicant=by, defaults=known_facts(by)
    )
    if is_new:
        record("application.started", application, by=by)
    return application


def known_facts(user: User) -> dict[str, object]:
    """What the person has told before: in the latest application, else with the account."""
    if earlier := Application.objects.filter(applicant=user).order_by("-changed_at").first():
        return {name: getattr(earlier, name) for name in CARRIED}
    facts: dict[str, object] = {
        "given_name": user.given_name,
        "family_name": user.family_name,
        "certificate_name": user.full_name,
    }
    if city := user.city:
        facts |= {"city_name": city.name, "country": city.country}
    return facts


def save_section(
    application: Application,
    *,
    section: str,
    answers: Mapping[str, object],
    arrived_at: datetime,
    by: User,
) -> None:
    """Store the answers of a section, all or none.

    `application` is the row as the page was checked against; when another window has changed it
    since, nothing is stored. An application that was sent stays complete and gets a new receipt.
    """
    with witnessed("application.change", application, by=by, arrived_at=arrived_at):
        check_window(application.call, arrived_at, application)
        _save(application, section, answers, arrived_at=arrived_at, by=by)


@transaction.atomic
def _save(
    application: Application,
    section: str,
    answers: Mapping[str, object],
    *,
    arrived_at: datetime,
    by: User,
) -> None:
    held = hold(application)
    check_status(held)
    check_window(held.call, arrived_at, held)
    if all(getattr(held, name) == answer for name, answer in answers.items()):
        return
    rows = Application.objects.filter(pk=held.pk, version=application.version)
    if not rows.update(version=F("version") + 1, changed_at=timezone.now(), **answers):
        raise Refused(
            _(
                "This application was changed in another window at this moment. Please go "
                "back, compare, and save again."
            )
        )
    for name, answer in answers.items():
        setattr(held, name, answer)
    record("application.changed", held, by=by, section=section)
    if held.status == Status.SUBMITTED:
        if unanswered(answers, section):
            raise Refused(_("An application that has been sent stays complete."))
        issue(held, arrived_at=arrived_at, by=by)


def submit(
    application: Application, *, version: int, statement: str, arrived_at: datetime, by: User
) -> Receipt:
    """Send the application, with the statement that the person made.

    `version` is what the person checked: when it has changed since, it has to be checked again.
    Sending what has been sent gives the receipt there is.
    """
    if application.status not in {Status.DRAFT, Status.WITHDRAWN}:
        return application.receipts.latest("number")
    with witnessed("application.submit", application, by=by, arrived_at=arrived_at):
        check_window(application.call, arrived_at, application)
        return _send(application, version, statement, arrived_at=arrived_at, by=by)


@transaction.atomic
def _send(
    application: Application, version: int, statement: str, *, arrived_at: datetime, by: User
) -> Receipt:
    held = hold(application)
    if held.status not in {Status.DRAFT, Status.WITHDRAWN}:
        return held.receipts.latest("number")
    check_window(held.call, arrived_at, held)
    _check_sendable(held, version=version, statement=statement)
    held.submitted_at = arrived_at
    held.reference = held.reference or give_reference(held)
    Application.objects.filter(pk=held.pk, version=version).update(
        submitted_at=arrived_at, changed_at=timezone.now(), version=F("version") + 1
    )
    advance(
        held,
        Status.SUBMITTED,
        by=by,
        reference=held.reference,
        arrived_at=arrived_at.isoformat(),
        deadline=held.closes_at.isoformat(),
        statement=statement,
    )
    return issue(held, arrived_at=arrived_at, by=by)


@transaction.atomic
def note_unconfirmed(application: Application, *, arrived_at: datetime, by: User) -> None:
    """Keep in the trail that somebody tried to send without confirming that it is true."""
    record(
        "application.submit.refused",
        application,
        by=by,
        reason="unconfirmed",
        arrived_at=arrived_at.isoformat(),
    )


def _check_sendable(application: Application, *, version: int, statement: str) -> None:
    back = application.get_absolute_url()
    if application.version != version:
        raise _refusal(
            _(
                "The application was changed in another window after you opened this page. "
                "Please check it once more and send it then."
            ),
            back,
        )
    if lacking := missing(checklist(application)):
        titles = get_text_list([line.title for line in lacking], _("and"))
        raise _refusal(
            _("The application is not complete. This is still missing: %(titles)s.")
            % {"titles": titles},
            back,
        )
    if not statement:
        raise _refusal(_("Please confirm first that what you say is true."), back)


def _refusal(words: str, back: str) -> Refused:
    refusal = Refused(words)
    refusal.back = back
    return refusal


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


def withdraw(application: Application, *, arrived_at: datetime, by: User) -> None:
    """Take the application back, at any time, and the seat with it. Twice changes nothing."""
    with (
        witnessed("application.withdraw", application, by=by, arrived_at=arrived_at),
        transaction.atomic(),
    ):
        held = hold(application)
        if held.status == Status.WITHDRAWN:
            return
        if held.status == Status.ACCEPTED:
            unseat(held.applicant, held.call.workshop, by=by)
        advance(held, Status.WITHDRAWN, by=by)
        Application.objects.filter(pk=held.pk).update(
            version=F("version") + 1, changed_at=timezone.now()
        )
        post(
            "applications/withdrawn",
            to=held.applicant,
            key=f"application:{held.pk}:withdrawn:{held.version}",
            rule="safe",
            scope=held.call.workshop.scope,
            about=held,
            application=held,
            workshop=held.call.workshop,
            may_return=held.window.is_open(arrived_at),
            closes_at=held.closes_at,
        )


def take_up(application: Application, *, arrived_at: datetime, by: User) -> None:
    """Make a draft again of what was withdrawn, while the call is open."""
    with (
        witnessed("application.take_up", application, by=by, arrived_at=arrived_at),
        transaction.atomic(),
    ):
        held = hold(application)
        if held.status == Status.DRAFT:
            return
        check_window(held.call, arrived_at, held)
        advance(held, Status.DRAFT, by=by)
        Application.objects.filter(pk=held.pk).update(
            version=F("version") + 1, changed_at=timezone.now()
        )
