"""What every write of an applicant passes: the row held, the clock read, a refusal remembered."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from applications.models import Application
from applications.queries.intake import WRITABLE
from workshop_portal.audit.actions import record
from workshop_portal.deadlines import State
from workshop_portal.errors import Refused

if TYPE_CHECKING:
    from django.db import models

    from applications.models import Call
    from workshop_portal.accounts.models import User


class TooLate(Refused):
    """It arrived after the limit. Its page shows both readings of the clock."""

    page = "applications/applicant/late.html"

    def __init__(
        self,
        call: Call,
        arrived_at: datetime,
        application: Application | None = None,
        limit: datetime | None = None,
    ) -> None:
        super().__init__(_("This arrived after the deadline, so it could not be taken."))
        self.workshop = call.workshop
        self.limit = limit or (application or call).closes_at
        self.is_extra = limit is not None
        self.arrived_at = arrived_at
        self.application = application
        self.back = application.get_absolute_url() if application else call.get_absolute_url()


@contextmanager
def witnessed(
    event: str, target: models.Model, *, by: User, arrived_at: datetime
) -> Iterator[None]:
    """Keep a refusal in the trail, although nothing else is kept of what was refused.

    The transaction is opened inside, so that it has been undone when the line is written, and so
    that what can be refused at a glance is refused before anybody has to wait for a lock.
    """
    try:
        yield
    except Refused as refusal:
        record(
            f"{event}.refused",
            target,
            by=by,
            reason=str(refusal),
            arrived_at=arrived_at.isoformat(),
        )
        raise


def hold(application: Application) -> Application:
    """The row as it is now, with its call, locked until the transaction ends."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("call__workshop", "applicant")
        .get(pk=application.pk)
    )


def check_window(call: Call, arrived_at: datetime, application: Application | None = None) -> None:
    """Raise a refusal unless the call is open for what arrived at this moment."""
    state = (application or call).window.state(arrived_at)
    if state is State.EARLY:
        raise Refused(_("This call is not open yet. Come back when it opens."))
    if state is State.CLOSED:
        raise TooLate(call, arrived_at, application)


def check_status(application: Application, allowed: Collection[str] = WRITABLE) -> None:
    """Raise a refusal unless the application may still be written."""
    if application.status not in allowed:
        refusal = Refused(
            _("This application cannot be changed any more: it is now “%(status)s”.")
            % {"status": application.get_status_display()}
        )
        refusal.back = application.get_absolute_url()
        raise refusal
