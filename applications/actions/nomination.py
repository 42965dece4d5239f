"""Asking an authority to nominate, and what it answers through its personal link."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.actions import signing
from applications.actions import transfer as transfers
from applications.actions.attach import check_takeable
from applications.actions.guard import check_answered, hold, witnessed
from applications.actions.posting import post_about
from applications.models import Document, Nomination, Transfer
from applications.queries import nomination as queries
from applications.queries.signing import standing_signature
from applications.wording import same_name
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused
from workshop_portal.outbox.actions import post
from workshop_portal.workflow import advance

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from applications.models import Application, RequiredDocument, Signature
    from workshop_portal.accounts.models import User

Status = Nomination.Status
SECRET_BYTES = 32
# Letters go to somebody who never asked for them: few, and not one after another.
MOST_LINKS = 10
PAUSE = timedelta(minutes=10)


class NotAnswered(Refused):
    """What a nominator sent was not taken. The page knows the way back to the letter."""

    page = "applications/nominator/refused.html"


# --- What the applicant does -----------------------------------------------------------------


def ask(
    application: Application,
    *,
    name: str,
    position: str,
    organisation: str,
    email: str,
    language: str,
    arrived_at: datetime,
    by: User,
) -> Nomination:
    """Ask a person to nominate the applicant: their personal link leaves in a letter.

    Asking the same person with the same words again, while the link waits, changes nothing.
    Another person takes the place of the one before, whose link is dead from now on.
    """
    person = {
        "name": name,
        "position": position,
        "organisation": organisation,
        "email": email,
        "language": language,
    }
    with (
        witnessed("nomination.ask", application, by=by, arrived_at=arrived_at),
        transaction.atomic(),
    ):
        held = hold(application)
        requirement = _line(held)
        _check_person(held, person)
        known = Nomination.objects.filter(application=held).first()
        if known and _is_asked(known, person, arrived_at):
            return known
        check_takeable(held, requirement, size=0, arrived_at=arrived_at)
        if known:
            return _invite(known, held, person, arrived_at=arrived_at, by=by)
        return _begin(held, requirement, person, arrived_at=arrived_at, by=by)


def _line(application: Application) -> RequiredDocument:
    line = queries.nominator_line(application)
    if line is None:
        raise Refused(
            _("This call asks for no letter of nomination."), back=application.get_absolute_url()
        )
    return line


def _check_person(application: Application, person: dict[str, str]) -> None:
    check_answered(application)
    if queries.is_own(application, name=person["name"], email=person["email"]):
        raise Refused(
            _("Nobody can nominate themselves. Please name a person of your authority."),
            back=application.get_absolute_url(),
        )


def _is_asked(known: Nomination, person: dict[str, str], at: datetime) -> bool:
    same = all(getattr(known, column) == value for column, value in person.items())
    return same and known.status == Status.INVITED and at <= known.expires_at


def _begin(
    application: Application,
    requirement: RequiredDocument,
    person: dict[str, str],
    *,
    arrived_at: datetime,
    by: User,
) -> Nomination:
    secret = secrets.token_urlsafe(SECRET_BYTES)
    nomination = Nomination.objects.create(
        application=application,
        requirement=requirement,
        secret_sha256=queries.digest_of(secret),
        expires_at=queries.link_limit(application, requirement, arrived_at),
        invited_at=arrived_at,
        **person,
    )
    record("nomination.invited", nomination, about=application, by=by, link=1)
    _send_link(nomination, secret)
    return nomination


def _invite(
    nomination: Nomination,
    application: Application,
    person: dict[str, str],
    *,
    arrived_at: datetime,
    by: User,
) -> Nomination:
    """Make a new link, which makes the one before worthless, and send it."""
    nomination.application = application
    _check_pause(nomination, person, arrived_at)
    secret, number = secrets.token_urlsafe(SECRET_BYTES), nomination.link_number + 1
    Nomination.objects.filter(pk=nomination.pk).update(
        secret_sha256=queries.digest_of(secret),
        link_number=number,
        expires_at=queries.link_limit(application, nomination.requirement, arrived_at),
        invited_at=arrived_at,
        answered_at=None,
        words="",
        **person,
    )
    if nomination.status == Status.INVITED:
        record("nomination.renewed", nomination, about=application, by=by, link=number)
    else:
        advance(nomination, Status.INVITED, about=application, by=by, link=number)
    nomination.refresh_from_db()
    nomination.application = application
    _send_link(nomination, secret)
    return nomination


def _check_pause(nomination: Nomination, person: dict[str, str], at: datetime) -> None:
    """A slip in the address can be mended at once; one address gets its letters slowly."""
    back = nomination.application.get_absolute_url()
    if nomination.link_number >= MOST_LINKS:
        raise Refused(
            _("%(n)s links have been sent, more is not possible. Please write to us.")
            % {"n": MOST_LINKS},
            back=back,
        )
    same_address = person.get("email", nomination.email) == nomination.email
    if same_address and at < nomination.invited_at + PAUSE:
        raise Refused(
            _("A letter left a moment ago. Please wait ten minutes before the next one."),
            back=back,
        )


def renew(nomination: Nomination, *, arrived_at: datetime, by: User) -> Nomination:
    """Send the same person a new link; the one before is dead from now on."""
    application = nomination.application
    with (
        witnessed("nomination.ask", application, by=by, arrived_at=arrived_at),
        transaction.atomic(),
    ):
        held = hold(application)
        fresh = Nomination.objects.select_related("requirement").get(pk=nomination.pk)
        check_takeable(held, fresh.requirement, size=0, arrived_at=arrived_at)
        return _invite(fresh, held, {}, arrived_at=arrived_at, by=by)


@transaction.atomic
def revoke(nomination: Nomination, *, by: User) -> None:
    """Take the link back: it opens nothing any more. A letter that was given stays."""
    held = hold(nomination.application)
    if Nomination.objects.get(pk=nomination.pk).status != Status.REVOKED:
        advance(nomination, Status.REVOKED, about=held, by=by)


# --- What the nominator does -----------------------------------------------------------------


def sign_letter(
    nomination: Nomination,
    *,
    name: str,
    statement: str,
    words: str,
    seen: str,
    arrived_at: datetime,
) -> Signature:
    """Sign the letter as it stands on the page, with `words` added to it.

    `seen` is the fingerprint of the letter that was read. The letter counts when the worker has
    printed it; the same letter signed twice is one.
    """
    with _answering(nomination, arrived_at) as (held, fresh):
        facts, sha256 = queries.letter_to_sign(fresh, words)
        if seen != sha256:
            raise Refused(
                _(
                    "The letter has changed since you opened the page. Please go back, read it "
                    "again and sign it then."
                )
            )
        if not same_name(name, fresh.name):
            raise Refused(_("Please sign with the name in the letter: %s.") % fresh.name)
        if standing := standing_signature(held, fresh.requirement, facts):
            return standing
        transfer = transfers.hand_in(
            held,
            fresh.requirement,
            origin=Document.Origin.NOMINATOR,
            arrived_at=arrived_at,
            by=None,
        )
        return signing.keep(transfer, facts, name=name, statement=statement, nomination=fresh)


def upload_letter(
    nomination: Nomination, *, uploads: Sequence[UploadedFile], arrived_at: datetime
) -> Transfer:
    """Take a letter as a file, or photos of its pages, and leave it to the worker to check.

    The files are stored while nobody waits for the row, and deleted again when the link has ended
    meanwhile.
    """
    with (
        _in_a_sentence(),
        transfers.stored(uploads) as pieces,
        _answering(nomination, arrived_at) as (held, fresh),
    ):
        begun = Transfer(
            application=held,
            requirement=fresh.requirement,
            origin=Document.Origin.NOMINATOR,
            status=Transfer.Status.CHECKING,
            begun_at=arrived_at,
        )
        return transfers.take_in(begun, pieces=pieces)


def decline(nomination: Nomination, *, words: str, arrived_at: datetime) -> None:
    """Say no to the applicant, with words if there are any. The link is used up."""
    with _answering(nomination, arrived_at) as (held, fresh):
        Nomination.objects.filter(pk=fresh.pk).update(words=words, answered_at=arrived_at)
        advance(fresh, Status.DECLINED, about=held, by=None)
        fresh.refresh_from_db()
        _tell_applicant("applications/nomination_declined", fresh, held)


@contextmanager
def _answering(
    nomination: Nomination, arrived_at: datetime
) -> Iterator[tuple[Application, Nomination]]:
    """The application and the nomination as they are now, locked while an answer is taken.

    Refused when the link has ended since the page was opened.
    """
    application = nomination.application
    with (
        _in_a_sentence(),
        witnessed("nomination.answer", application, by=None, arrived_at=arrived_at),
        transaction.atomic(),
    ):
        held = hold(application)
        fresh = Nomination.objects.select_related("requirement").get(pk=nomination.pk)
        fresh.application = held
        is_replaced = fresh.secret_sha256 != nomination.secret_sha256
        if is_replaced or not queries.is_open(fresh, at=arrived_at):
            raise Refused(
                _("This link has ended in the meantime, so your answer could not be taken.")
            )
        yield held, fresh


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    """Every refusal in here is told in its sentence alone: the rest of it is the applicant's."""
    try:
        yield
    except Refused as refusal:
        raise NotAnswered(str(refusal)) from refusal


# --- What follows when a letter has been checked -----------------------------------------------


@transaction.atomic
def settle(application: Application) -> None:
    """Note that the nominator's letter is here, and tell both. Until then nothing happens.

    Another letter in its place is told to the nominator alone, once for each.
    """
    held = hold(application)
    fresh = queries.of(held).first()
    if fresh is None or fresh.status not in queries.ANSWERABLE:
        return
    fresh.application = held
    given = queries.given_transfer(fresh)
    if given is None:
        return
    if fresh.status == Status.INVITED:
        Nomination.objects.filter(pk=fresh.pk).update(answered_at=given.begun_at)
        advance(fresh, Status.GIVEN, about=held, by=None)
        fresh.refresh_from_db()
        fresh.application = held
        _tell_applicant("applications/nomination_given", fresh, held)
    key = f"nomination:{fresh.pk}:received:{given.pk}"
    _tell_nominator("applications/nomination_received", fresh, key, given=given)


# --- Letters -----------------------------------------------------------------------------------


def _send_link(nomination: Nomination, secret: str) -> None:
    _tell_nominator(
        "applications/nomination_asked",
        nomination,
        queries.link_key(nomination),
        secret=secret,
        is_renewed=nomination.link_number > 1,
    )


def _tell_nominator(letter: str, nomination: Nomination, key: str, **context: Any) -> None:
    application = nomination.application
    post(
        letter,
        to=None,
        address=nomination.email,
        key=key,
        scope=application.call.workshop.scope,
        about=application,
        in_inbox=False,
        language=nomination.language,
        nomination=nomination,
        application=application,
        workshop=application.call.workshop,
        **context,
    )


def _tell_applicant(letter: str, nomination: Nomination, application: Application) -> None:
    key = f"nomination:{nomination.pk}:{nomination.status}:{nomination.link_number}"
    post_about(letter, application, key=key, nomination=nomination)
