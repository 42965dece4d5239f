"""What happens to the invented cities of a draft, by which raters calibrate."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cityshare.actions.framework import draft
from cityshare.interchange import MOST_DOSSIERS
from cityshare.models import Dossier, DossierCase, Framework, Practice
from workshop_portal.accounts.models import User
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused, unchanged


@transaction.atomic
def add_dossier(framework: Framework, *, title: str, text: str, by: User) -> Dossier:
    """Invent one more city."""
    held = draft(framework)
    if held.dossiers.count() >= MOST_DOSSIERS:
        raise Refused(
            _("There are %d invented cities; more would be too much to read.") % MOST_DOSSIERS
        )
    last = held.dossiers.aggregate(last=Max("order"))["last"] or 0
    dossier = Dossier.objects.create(framework=held, order=last + 1, title=title, text=text)
    record("dossier.added", dossier, about=held, by=by, title=title)
    return dossier


@transaction.atomic
def edit_dossier(dossier: Dossier, *, title: str, text: str, by: User) -> None:
    """Change what is told of an invented city."""
    held = draft(dossier.framework)
    stored = held.dossiers.filter(pk=dossier.pk).first()
    stored = unchanged(dossier, stored, {"title": title, "text": text})
    stored.title, stored.text = title, text
    stored.save(update_fields=["title", "text"])
    record("dossier.changed", stored, about=held, by=by, title=title)


@transaction.atomic
def remove_dossier(dossier: Dossier, *, by: User) -> None:
    """Take an invented city out of a draft, with its cases."""
    held = draft(dossier.framework)
    record("dossier.removed", dossier, about=held, by=by, title=dossier.title)
    dossier.delete()


@transaction.atomic
def put_case(
    dossier: Dossier,
    practice: Practice,
    *,
    case: DossierCase | None = None,
    text: str,
    level: int,
    why: str,
    by: User,
) -> DossierCase:
    """Say what is known of one practice of an invented city, and the level that was agreed on.

    Of one practice there is one case; a second takes the place of `case`, the one that was seen.
    """
    held = draft(dossier.framework)
    words = {"text": text, "level": level, "why": why}
    stored = dossier.cases.filter(practice=practice).first()
    if case or stored:
        unchanged(case or DossierCase(), stored, words)
    put, is_new = DossierCase.objects.update_or_create(
        dossier=dossier, practice=practice, defaults=words
    )
    event = "dossier.case_added" if is_new else "dossier.case_changed"
    record(event, put, about=held, by=by, code=practice.code, level=level)
    return put


@transaction.atomic
def remove_case(case: DossierCase, *, by: User) -> None:
    """Take a case out of an invented city."""
    held = draft(case.dossier.framework)
    record("dossier.case_removed", case, about=held, by=by, code=case.practice.code)
    case.delete()
