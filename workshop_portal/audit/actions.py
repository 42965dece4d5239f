"""Writing the trail and the record of readings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models, transaction

from workshop_portal.audit.models import DocumentAccess, Entry, name_of

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


def record(
    event: str,
    target: models.Model,
    *,
    by: User | None,
    about: models.Model | None = None,
    **facts: object,
) -> Entry:
    """Write one line of the trail, inside whatever transaction is open."""
    return record_all(event, [target], by=by, about=about, **facts)[0]


def record_all(
    event: str,
    targets: Iterable[models.Model],
    *,
    by: User | None,
    about: models.Model | None = None,
    **facts: object,
) -> list[Entry]:
    """Write one line of the trail for each of them, in one statement."""
    whole = name_of(about) if about else ""
    return Entry.objects.bulk_create(
        Entry(event=event, target=name_of(target), about=whole, by=by, facts=facts)
        for target in targets
    )


@transaction.atomic(durable=True)
def note_reading(
    document: models.Model,
    *,
    action: str,
    title: str,
    sha256: str,
    about: models.Model,
    by: User,
) -> DocumentAccess:
    """Put a reading on record, committed when this returns: only then may bytes leave."""
    return DocumentAccess.objects.create(
        action=action,
        target=name_of(document),
        about=name_of(about),
        title=title,
        sha256=sha256,
        by=by,
    )
