"""Whose deadline it is: what an extension gives to whom, who is reminded, who did not send."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, F, Max, OuterRef, Q, Subquery

from applications import reminders
from applications.checklist import missing
from applications.models import Application, Call, Extension, RequiredDocument
from applications.queries.intake import checklist, with_files
from workshop_portal.audit.models import name_of
from workshop_portal.outbox.models import Message
from workshop_portal.reminders import reading_zone

if TYPE_CHECKING:
    from applications.models.application import ApplicationQuerySet
    from workshop_portal.accounts.models import User
    from workshop_portal.workshops.models import Workshop

Status = Application.Status
# For how long after their deadline complete drafts stand on the desk as something to do.
WORTH_A_LOOK = timedelta(days=14)
# Who can still use more time: a draft is finished, what was sent is changed.
BEGUN = (Status.DRAFT, Status.SUBMITTED)
# Who has withdrawn can take the application up again, if somebody asks for just this person.
MAY_USE_TIME = (*BEGUN, Status.WITHDRAWN)
REMINDERS = ("applications/reminder", "applications/reminder_complete")


def concerned(
    call: Call, *, until: datetime, country: str = "", application: Application | None = None
) -> list[Application]:
    """Who would have more time with an extension until then; all, of a country, or one person."""
    begun = call.applications.filter(status__in=BEGUN)
    if country:
        begun = begun.filter(country=country)
    if application:
        begun = call.applications.filter(pk=application.pk)
    found = begun.with_deadline().select_related("applicant").order_by("family_name", "pk")
    for one in found:
        one.call = call
    return [one for one in found if one.closes_at < until]


def deadline_of_country(call: Call, country: str) -> datetime:
    """The deadline in force for all who work in a country."""
    given = call.extensions.filter(country=country, application=None).exclude(country="")
    latest = given.aggregate(latest=Max("until"))["latest"]
    return max(call.closes_at, latest or call.closes_at)


def ends_with(application: Application, *, country: str, now: datetime) -> bool:
    """Whether naming another country would end the time that the one now named still gives."""
    if application.call.window.is_open(now):
        return False
    there = Extension.objects.reaching(
        call=application.call_id, application=application.pk, country=country
    )
    return not there.filter(until__gte=now).exists()


def unsent(call: Call, user: User, *, now: datetime) -> list[Application]:
    """The drafts that lack nothing and that nobody sent by their deadline, by name.

    Those of others, as a person at the desk sees them.
    """
    return _unsent(Application.objects.filter(call=call), user, now)


def unsent_counts(workshops: Iterable[Workshop], user: User, *, now: datetime) -> dict[object, int]:
    """How many such drafts each workshop has, of late, in four queries however many there are."""
    fresh = Q(call__closes_at__gt=now - WORTH_A_LOOK) | Q(extended_until__gt=now - WORTH_A_LOOK)
    drafts = Application.objects.with_deadline().filter(fresh, call__workshop__in=workshops)
    return Counter(draft.call.workshop_id for draft in _unsent(drafts, user, now))


def _unsent(applications: ApplicationQuerySet, user: User, now: datetime) -> list[Application]:
    """As many files as are asked for say which drafts are worth a closer look."""
    asked = RequiredDocument.objects.filter(
        call=OuterRef("call"), given=RequiredDocument.Given.UPLOAD
    )
    number = asked.order_by().values("call").annotate(number=Count("pk")).values("number")
    late = applications.filter(status=Status.DRAFT, sending_since=None, call__closes_at__lt=now)
    drafts = (
        with_files(late)
        .alias(
            files=Count("documents", filter=Q(documents__is_current=True)),
            asked=Subquery(number),
        )
        .filter(files__gte=F("asked"))
        .select_related("applicant")
        .order_by("family_name", "given_name", "pk")
    )
    return [
        draft
        for draft in drafts
        if now > draft.window.limit and not draft.sends_at_close and not missing(checklist(draft))
    ]


@dataclass(frozen=True)
class Due:
    """A draft whose person is to be reminded now, and of which occasion."""

    draft: Application
    occasion: str


def due_reminders(*, now: datetime) -> list[Due]:
    """Who is to be reminded at this moment, in three queries."""
    recent = Message.objects.filter(
        letter__in=REMINDERS, written_at__gt=now - reminders.EARLIEST
    ).order_by()
    last = dict(recent.values_list("about").annotate(Max("written_at")))
    found = []
    for draft in _open_drafts(now):
        told_at = max(draft.started_at, draft.extended_at or draft.started_at)
        occasion = reminders.due(
            draft.closes_at,
            zone_of(draft),
            since=told_at,
            last_at=last.get(name_of(draft)),
            now=now,
        )
        if occasion:
            found.append(Due(draft, occasion))
    return found


def _open_drafts(now: datetime) -> ApplicationQuerySet:
    """Drafts that close soon, with `extended_at`: when their deadline was last moved."""
    moved = Extension.objects.concerning(
        call=OuterRef("call"), application=OuterRef("pk"), country=OuterRef("country")
    )
    drafts = Application.objects.filter(status=Status.DRAFT, sending_since=None)
    return (
        drafts.with_deadline()
        .annotate(extended_at=Subquery(moved.order_by("-made_at").values("made_at")[:1]))
        .filter(Q(call__closes_at__gt=now) | Q(extended_until__gt=now))
        .filter(call__opens_at__lte=now, call__closes_at__lte=now + reminders.EARLIEST)
        .select_related("call__workshop", "applicant")
    )


def zone_of(application: Application) -> str:
    """On which clock the applicant reads."""
    return reading_zone(
        application.applicant.zone, str(application.country), application.call.workshop.zone
    )
