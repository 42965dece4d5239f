"""The one door through which a status changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, ClassVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from workshop_portal.audit.actions import record
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
    *,
    by: User | None,
    about: models.Model | None = None,
    **facts: object,
) -> None:
    """Lock the row, check the step, save it, write the trail.

    Of two people who take the same step at once, one succeeds and the other is refused, on
    every database: the update itself asks for the old status.
    """
    rows = type(thing)._default_manager
    was = rows.select_for_update().values_list("status", flat=True).get(pk=thing.pk)
    allowed = to in thing.STEPS.get(was, ())
    if not allowed or not rows.filter(pk=thing.pk, status=was).update(status=to):
        shown = dict(thing._meta.get_field("status").flatchoices).get(was, was)
        raise Refused(_("This step is no longer possible: the status is already “%s”.") % shown)
    thing.status = to
    record(f"{thing._meta.model_name}.{to}", thing, about=about, by=by, was=was, **facts)
