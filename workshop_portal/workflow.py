"""The one door through which a status changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from workshop_portal.audit.actions import record, record_all
from workshop_portal.errors import Refused

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


class Stepped(models.Model):
    """A row whose status moves only along `STEPS`."""

    STEPS: ClassVar[Mapping[str, Collection[str]]]
    status = models.CharField(max_length=20)

    class Meta:
        abstract = True


@transaction.atomic
def advance(
    thing: Stepped,
    to: str,
    event: str = "",
    /,
    *,
    by: User | None,
    about: models.Model | None = None,
    **facts: object,
) -> None:
    """Lock the row, check the step, save it, write the trail.

    The line of the trail is called after the new status, or `event` where that would say
    something else than what happened.

    Of two people who take the same step at once, one succeeds and the other is refused, on
    every database: the update itself asks for the old status.
    """
    rows = type(thing)._default_manager
    was = rows.select_for_update().values_list("status", flat=True).get(pk=thing.pk)
    allowed = to in thing.STEPS.get(was, ())
    if not allowed or not rows.filter(pk=thing.pk, status=was).update(status=to):
        raise _refused(thing, was)
    thing.status = to
    name = event or f"{thing._meta.model_name}.{to}"
    record(name, thing, about=about, by=by, was=was, **facts)


@transaction.atomic
def advance_all(
    things: Sequence[Stepped],
    to: str,
    *,
    by: User | None,
    about: models.Model | None = None,
    **facts: object,
) -> None:
    """`advance` for many rows of one status, in three statements: all take the step, or none."""
    if not things:
        return
    first = things[0]
    was = first.status
    rows = type(first)._default_manager.filter(pk__in=[thing.pk for thing in things])
    elsewhere = rows.exclude(status=was).values_list("status", flat=True).first()
    if elsewhere or to not in first.STEPS.get(was, ()):
        raise _refused(first, elsewhere or was)
    if rows.filter(status=was).update(status=to) != len(things):
        raise _refused(first, was)
    for thing in things:
        thing.status = to
    record_all(f"{first._meta.model_name}.{to}", things, about=about, by=by, was=was, **facts)


def _refused(thing: Stepped, was: str) -> Refused:
    shown = dict(thing._meta.get_field("status").flatchoices).get(was, was)
    return Refused(_("This step is no longer possible: the status is already “%s”.") % shown)
