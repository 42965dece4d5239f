"""What is typed into a draft is kept while it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions.guard import Blocked, check_window, hold, witnessed
from applications.models import Application
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused
from workshop_portal.merging import Change, Fate, fate

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User

# How often a change is weighed anew when other windows store something at the same moments.
MOST_ATTEMPTS = 8
WEIGHED = ("version", "status", "unfinished", "autosaved")


def autosave(
    application: Application,
    *,
    section: str,
    changes: Mapping[str, Change],
    arrived_at: datetime,
    by: User,
) -> dict[str, Fate]:
    """Store of each question what was typed there, and say what became of each.

    What another window has stored since is never overwritten. One statement writes, and only
    where the row still is the one that was weighed; so this needs no transaction of its own. The
    trail gets its line when the section is saved or left. `application` is then as it is stored.
    """
    if not changes:
        return {}
    with witnessed("application.change", application, by=by, arrived_at=arrived_at):
        check_window(application.call, arrived_at, application)
        for _attempt in range(MOST_ATTEMPTS):
            check_draft(application)
            fates = {
                name: fate(change, application.stored(name)) for name, change in changes.items()
            }
            taken = {name: changes[name] for name in fates if fates[name] is Fate.TAKEN}
            if not taken or _store(application, section, taken):
                return fates
            application.refresh_from_db(fields=[*WEIGHED, *changes])
        raise Refused(_("Too many windows save at this moment. Wait a few seconds."))


def check_draft(application: Application) -> None:
    """Raise a refusal when it has been sent: from then on every change gets a receipt."""
    if application.status != Application.Status.DRAFT:
        raise Blocked(
            _(
                "This application is no longer a draft: what is typed here is not saved by "
                "itself. Copy what you typed, and open the application again."
            ),
            cause="status",
            back=application.get_absolute_url(),
        )


def _store(application: Application, section: str, taken: Mapping[str, Change]) -> bool:
    """Write what is taken, unless the row has changed since it was read."""
    answers = {name: change.held.answer for name, change in taken.items()}
    words = {name: list(change.held.words) for name, change in taken.items() if change.held.words}
    others = {name: kept for name, kept in application.unfinished.items() if name not in taken}
    facts = {
        **answers,
        "unfinished": {**others, **words},
        "autosaved": sorted({*application.autosaved, section}),
    }
    draft = Application.Status.DRAFT
    row = Application.objects.filter(pk=application.pk, version=application.version, status=draft)
    if not row.update(version=F("version") + 1, changed_at=timezone.now(), **facts):
        return False
    for name, fact in facts.items():
        setattr(application, name, fact)
    application.version += 1
    return True


@transaction.atomic
def leave(application: Application, *, by: User) -> None:
    """Put on the trail which sections were saved by themselves in this sitting."""
    tell(hold(application), by=by)


def tell(held: Application, *, by: User | None) -> None:
    """Write the lines of the trail for what was saved by itself; `held` is the locked row."""
    if not held.autosaved:
        return
    for section in held.autosaved:
        record("application.changed", held, by=by, section=section)
    Application.objects.filter(pk=held.pk).update(autosaved=[])
