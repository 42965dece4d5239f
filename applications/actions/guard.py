"""What every write of an applicant passes: the row held, the clock read, a refusal remembered."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application
from applications.queries.evidence import Attempt, attempts_of
from applications.queries.intake import WRITABLE
from applications.queries.own import OF_CALL, OF_IT, decisive
from applications.queries.paper import lacking
from workshop_portal.audit.actions import record
from workshop_portal.deadlines import State
from workshop_portal.errors import Refused
from workshop_portal.prepared import Changes, prepared, prepared_change
from workshop_portal.templatetags.portal import read_clock

if TYPE_CHECKING:
    from applications.models import Call
    from workshop_portal.accounts.models import User


class Blocked(Refused):
    """A refusal with what stood in the way, as the evidence keeps it.

    `cause` is one word of `queries.evidence.CAUSES`; `facts` are what the trail keeps beside it.
    """

    def __init__(self, words: str, *, cause: str, back: str = "", **facts: object) -> None:
        super().__init__(words, back=back)
        self.cause, self.facts = cause, facts


class TooLate(Blocked):
    """It arrived after the limit. Its page shows both readings of the clock."""

    page = "applications/applicant/late.html"

    def __init__(
        self,
        call: Call,
        arrived_at: datetime,
        application: Application | None = None,
        limit: datetime | None = None,
    ) -> None:
        self.limit = limit or (application or call).closes_at
        super().__init__(
            _("This arrived after the deadline, so it could not be taken."),
            cause="late",
            back=application.get_absolute_url() if application else call.get_absolute_url(),
            deadline=self.limit.isoformat(),
        )
        self.workshop = call.workshop
        self.is_extra = limit is not None
        self.arrived_at = arrived_at
        self.application = application

    @property
    def sentence(self) -> str:
        zone = ZoneInfo(self.workshop.zone)
        return _(
            "This arrived after the deadline, so it could not be taken. The deadline was "
            "%(limit)s; this arrived %(arrived)s."
        ) % {
            "limit": read_clock(self.limit, zone, "exact").words,
            "arrived": read_clock(self.arrived_at, zone, "exact").words,
        }

    @property
    def attempts(self) -> list[Attempt]:
        """What this person tried before, with this last one."""
        return attempts_of(self.application) if self.application else []


@contextmanager
def witnessed(
    event: str, target: Application | Call, *, by: User | None, arrived_at: datetime
) -> Iterator[None]:
    """Keep a refusal in the trail, although nothing else is kept of what was refused.

    The transaction is opened inside, so that it has been undone when the line is written, and so
    that what can be refused at a glance is refused before anybody has to wait for a lock.
    """
    try:
        yield
    except Refused as refusal:
        why = {"cause": refusal.cause, **refusal.facts} if isinstance(refusal, Blocked) else {}
        record(
            f"{event}.refused",
            target,
            about=target.call if isinstance(target, Application) else target.workshop,
            by=by,
            reason=str(refusal),
            arrived_at=arrived_at.isoformat(),
            **{"deadline": target.closes_at.isoformat(), **why},
        )
        raise


def hold(application: Application) -> Application:
    """The row as it is now, with its call, locked until the transaction ends."""
    return _held_rows.one(pk=application.pk)


def lock(application_id: UUID) -> None:
    """Lock the row of that key until the transaction ends, for a step that asks nothing of it."""
    _locked_rows.one(pk=application_id)


@prepared
def _locked_rows(pk: UUID) -> QuerySet[Application, Any]:
    """The key of the row of that key, locked, or none."""
    rows = Application.objects.select_for_update(of=("self",)).order_by()
    return rows.filter(pk=pk).values_list("pk")


@prepared
def _held_rows(pk: UUID) -> QuerySet[Application, Application]:
    """The row of that key, locked, or none."""
    rows = Application.objects.select_for_update(of=("self",))
    return rows.select_related("call__workshop", "applicant").filter(pk=pk)


def hold_with_touch(application: Application) -> None:
    """Count a change of the row, which locks it until the transaction ends, and look again.

    For a step of a request that has read the row already and stores none of its facts: only what
    decides whether it may be written, and when, is read anew, into `application` itself.
    """
    touch(application)
    now = decisive.one(pk=application.pk)
    for name in OF_IT:
        setattr(application, name, now[name])
    for name in OF_CALL:
        setattr(application.call, name, now[f"call__{name}"])
    # Found once in the life of this object, so perhaps before somebody else was done.
    application.__dict__.pop("extended_until", None)


def touch(held: Application, **facts: object) -> None:
    """Count a change of a locked row, and store its facts with it.

    Whoever opened the application before has to look again: their `version` is not the one here.
    """
    if not facts:
        _counted(pk=held.pk, now=timezone.now())
        return
    rows = Application.objects.filter(pk=held.pk)
    rows.update(version=F("version") + 1, changed_at=timezone.now(), **facts)
    for name, fact in facts.items():
        setattr(held, name, fact)


@prepared_change
def _counted(pk: UUID, now: datetime) -> Changes:
    """A change of the row of that key, of which nothing else is stored."""
    return Application.objects.filter(pk=pk), {"version": F("version") + 1, "changed_at": now}


def check_window(call: Call, arrived_at: datetime, application: Application | None = None) -> None:
    """Raise a refusal unless the call is open for what arrived at this moment."""
    state = application.state_at(arrived_at) if application else call.window.state(arrived_at)
    if state is State.EARLY:
        raise Blocked(_("This call is not open yet. Come back when it opens."), cause="early")
    if state is State.CLOSED:
        raise TooLate(call, arrived_at, application)


def check_status(application: Application, allowed: Collection[str] = WRITABLE) -> None:
    """Raise a refusal unless the application may still be written."""
    if application.status not in allowed:
        raise Blocked(
            _("This application cannot be changed any more: it is now “%(status)s”.")
            % {"status": application.get_status_display()},
            cause="status",
            back=application.get_absolute_url(),
        )


def check_answered(application: Application) -> None:
    """Raise a refusal unless all is answered that every paper says of its person."""
    if lacks := lacking(application):
        terms = ", ".join(lack.term for lack in lacks)
        raise Refused(
            _("Please answer this in the form first: %s.") % terms,
            back=application.get_absolute_url(),
        )
