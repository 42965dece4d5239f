"""What happens to the practices of a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cityshare.actions.framework import draft, store_levels
from cityshare.interchange import MOST_PRACTICES
from cityshare.models import Framework, Practice
from workshop_portal.accounts.models import User
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused, unchanged


@transaction.atomic
def add_practice(
    framework: Framework, *, levels: Mapping[int, str], by: User, **facts: Any
) -> Practice:
    """Put one more practice at the end; `facts` are its columns, `levels` its sentences."""
    held = draft(framework)
    if held.practices.count() >= MOST_PRACTICES:
        raise Refused(
            _("There are %d practices; more do not fit into one framework.") % MOST_PRACTICES
        )
    _refuse_double(held, facts["code"])
    last = held.practices.aggregate(last=Max("order"))["last"] or 0
    practice = Practice.objects.create(framework=held, order=last + 1, **facts)
    store_levels(practice, levels)
    record("practice.added", practice, about=held, by=by, code=practice.code)
    return practice


@transaction.atomic
def edit_practice(
    practice: Practice, *, levels: Mapping[int, str], by: User, **facts: Any
) -> Practice:
    """Change what a practice of a draft says."""
    held = draft(practice.framework)
    stored = held.practices.filter(pk=practice.pk).first()
    stored = unchanged(practice, stored, facts, "descriptors")
    _refuse_double(held, facts["code"], but=stored)
    for name, value in facts.items():
        setattr(stored, name, value)
    stored.save(update_fields=[*facts])
    store_levels(stored, levels)
    record("practice.changed", stored, about=held, by=by, code=stored.code)
    return stored


@transaction.atomic
def move_practice(practice: Practice, *, up: bool, by: User) -> None:
    """Let a practice change places with its neighbour; at the end of the row nothing happens."""
    held = draft(practice.framework)
    practice.refresh_from_db()
    if up:
        neighbour = held.practices.filter(order__lt=practice.order).last()
    else:
        neighbour = held.practices.filter(order__gt=practice.order).first()
    if neighbour is None:
        return
    here, there = practice.order, neighbour.order
    # Of one place there is one: the practice steps aside, to a place that nobody has.
    for thing, order in ((practice, 0), (neighbour, here), (practice, there)):
        thing.order = order
        thing.save(update_fields=["order"])
    record("practice.moved", practice, about=held, by=by, code=practice.code, to=there)


@transaction.atomic
def remove_practice(practice: Practice, *, by: User) -> None:
    """Take a practice out of a draft, with its sentences and the cases that are about it."""
    held = draft(practice.framework)
    record("practice.removed", practice, about=held, by=by, code=practice.code, name=practice.name)
    practice.delete()


def _refuse_double(framework: Framework, code: str, *, but: Practice | None = None) -> None:
    others = framework.practices.filter(code__iexact=code).values_list("pk", flat=True)
    if {*others} - {but.pk if but else None}:
        raise Refused(_("There is a practice with the code %s already.") % code)
