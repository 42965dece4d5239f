"""Giving more time: to everybody, to one country, or to one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django_countries import countries

from applications.actions.posting import letter_about
from applications.models import Application, Call, Extension
from applications.queries.deadline import MAY_USE_TIME, concerned, deadline_of_country
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused
from workshop_portal.outbox import actions as outbox

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from workshop_portal.accounts.models import User

Status = Application.Status


# --- For everybody -----------------------------------------------------------------------


@transaction.atomic
def extend(call: Call, *, until: datetime, reason: str, by: User | None) -> Extension:
    """Move the deadline of a call for everybody, and write to all who can use the time.

    Who has a draft reads that there is more time, who has sent reads that changes are possible.
    Raises Refused unless the new deadline is later than the one in force.
    """
    gaining = concerned(call, until=until)
    extension = move(call, until=until, reason=reason, by=by)
    _write_to(gaining, extension)
    return extension


@transaction.atomic
def move(call: Call, *, until: datetime, reason: str, by: User | None) -> Extension:
    """Move the deadline of a call for everybody, publicly and on record, without any letter.

    Raises Refused unless the new deadline is later than the one in force.
    """
    was = _in_force(call)
    _check_later(until, was)
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
    return extension


def _in_force(call: Call) -> datetime:
    """The deadline of the call as it is now; nobody else moves it until the transaction ends."""
    return Call.objects.select_for_update().values_list("closes_at", flat=True).get(pk=call.pk)


def _check_later(until: datetime, was: datetime) -> None:
    if until <= was:
        raise Refused(
            _("The new deadline has to be later than the one in force. Nothing was changed.")
        )


# --- For a country or for a person -------------------------------------------------------


@transaction.atomic
def extend_for_country(
    call: Call, *, country: str, until: datetime, reason: str, by: User
) -> Extension:
    """Give more time to all who work in one country and have begun; only they are told.

    Raises Refused unless the new deadline is later than the one in force for that country, and to
    who would have that time too, or would have it by naming the country.
    """
    may_be_there = call.applications.filter(country__in=[country, ""], status__in=MAY_USE_TIME)
    _check_nobodys_own(may_be_there, by)
    was = max(_in_force(call), deadline_of_country(call, country))
    _check_later(until, was)
    gaining = concerned(call, until=until, country=country)
    extension = Extension.objects.create(
        call=call, country=country, was=was, until=until, reason=reason, by=by
    )
    record(
        "extension.given_to_country",
        extension,
        about=call.workshop,
        by=by,
        country=countries.name(country),
        was=was.isoformat(),
        until=until.isoformat(),
        reason=reason,
    )
    _write_to(gaining, extension)
    return extension


@transaction.atomic
def extend_for_person(
    application: Application, *, until: datetime, reason: str, by: User
) -> Extension:
    """Give more time to one person, also after the deadline: the draft can be written again.

    Raises Refused unless the new deadline is later than the one in force for this person and
    the person can use it, and to who asks for themselves.
    """
    _check_nobodys_own(Application.objects.filter(pk=application.pk), by)
    _in_force(application.call)
    fresh = Application.objects.select_related("call__workshop", "applicant").get(pk=application.pk)
    if fresh.status not in MAY_USE_TIME:
        raise Refused(
            _("More time would not help: this application is now “%s”.")
            % fresh.get_status_display()
        )
    was = fresh.closes_at
    _check_later(until, was)
    extension = Extension.objects.create(
        call=fresh.call, application=fresh, was=was, until=until, reason=reason, by=by
    )
    record(
        "extension.given_to_person",
        extension,
        about=fresh,
        by=by,
        was=was.isoformat(),
        until=until.isoformat(),
        reason=reason,
    )
    _write_to([fresh], extension)
    return extension


def _check_nobodys_own(applications: QuerySet[Application], by: User) -> None:
    if applications.filter(applicant=by).exists():
        raise Refused(_("Nobody gives more time to themselves. Ask another coordinator."))


# --- The letters -------------------------------------------------------------------------


@dataclass(frozen=True)
class Preview:
    """What an extension would do: who has more time, and the letter to the first of them."""

    extension: Extension
    drafts: list[Application]
    sent: list[Application]
    to: Application | None
    subject: str
    body: str


def preview(
    call: Call,
    *,
    until: datetime,
    reason: str,
    country: str = "",
    application: Application | None = None,
    by: User,
) -> Preview:
    """What giving more time would do; nothing is written."""
    was = application.closes_at if application else deadline_of_country(call, country)
    extension = Extension(
        call=call,
        country=country,
        application=application,
        was=was,
        until=until,
        reason=reason,
        by=by,
    )
    gaining = concerned(call, until=until, country=country, application=application)
    drafts = [one for one in gaining if one.status == Status.DRAFT]
    sent = [one for one in gaining if one.status != Status.DRAFT]
    first = next(iter([*drafts, *sent]), None)
    sample = first or Application(call=call, applicant=by)
    subject, body = outbox.preview(
        letter_of(sample, extension),
        to=sample.applicant,
        scope=call.workshop.scope,
        application=sample,
        workshop=call.workshop,
        extension=extension,
    )
    return Preview(extension, drafts, sent, first, subject, body)


def letter_of(application: Application, extension: Extension) -> str:
    """Which letter tells this person of this extension."""
    if not extension.is_for_all:
        return "applications/extended_for_you"
    is_draft = application.status == Status.DRAFT
    return "applications/extended" if is_draft else "applications/extended_sent"


def _write_to(gaining: Iterable[Application], extension: Extension) -> None:
    letters = [
        letter_about(
            letter_of(application, extension),
            application,
            key=f"extension:{extension.pk}:{application.pk}",
            extension=extension,
        )
        for application in gaining
    ]
    outbox.post_all(letters, scope=extension.call.workshop.scope)
