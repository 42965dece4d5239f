"""Taking pictures away: as a file at once, or as a PDF or PNG that the worker makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import get_language

from cityshare.queries.takeaway import TEMPLATES, Picture, facts_of, keys_of
from workshop_portal.audit.actions import record
from workshop_portal.merging import mark
from workshop_portal.papers.actions import discard, order

if TYPE_CHECKING:
    from cityshare.models import Cycle
    from workshop_portal.accounts.models import User
    from workshop_portal.papers.models import Paper


@transaction.atomic
def order_picture(cycle: Cycle, picture: Picture, *, form: str, by: User) -> Paper:
    """Have a picture made as "pdf" or "png", in the language of the reader.

    The same picture gives the file there is; when it has changed, this person's older file of it
    is gone.
    """
    facts = facts_of(picture, cycle, form)
    keys = keys_of(cycle, by, form, picture.key)
    language = get_language() or "en"
    key = f"{keys}{language}-{mark(facts)}"
    paper = order(key, TEMPLATES[form], title=picture.title, facts=facts, language=language)
    discard(keys, but=paper)
    note_picture(cycle, picture, form=form, by=by)
    return paper


@transaction.atomic
def note_picture(cycle: Cycle, picture: Picture, *, form: str, by: User) -> None:
    """Put on record that somebody has taken a picture away."""
    facts = {"title": picture.title, "form": form, "rows": len(picture.rows)}
    record("picture.exported", cycle, about=cycle.workshop, by=by, **facts)
