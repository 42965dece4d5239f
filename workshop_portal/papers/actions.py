"""Ordering papers; the worker prints them."""

from __future__ import annotations

from functools import partial

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from workshop_portal.handoff import hand_off
from workshop_portal.papers.models import Paper
from workshop_portal.papers.tasks import print_paper


@transaction.atomic
def order(
    key: str, template: str, *, title: str, facts: dict[str, object], language: str = "en"
) -> Paper:
    """Order the paper of an occasion; ordering it again gives the same one.

    One that could not be made gets three more tries: what kept the press may have been mended.

    `template` extends `print_base.html` and is rendered with `facts`, which are frozen now, and
    `paper`. The order is a row of the transaction that is open; it is printed after the commit.
    """
    if known := Paper.objects.filter(key=key).first():
        return _again(known) if known.state == Paper.State.FAILED else known
    paper = Paper(key=key, template=template, title=title, facts=facts, language=language)
    try:
        with transaction.atomic():
            paper.save(force_insert=True)
    except IntegrityError:
        return Paper.objects.get(key=key)
    hand_off(print_paper, str(paper.pk))
    return paper


def _again(paper: Paper) -> Paper:
    failed = Paper.objects.filter(pk=paper.pk, state=Paper.State.FAILED)
    if failed.update(state=Paper.State.ORDERED, tries=0, lease_until=None):
        hand_off(print_paper, str(paper.pk))
    paper.refresh_from_db()
    return paper


@transaction.atomic
def discard(keys: str, *, but: Paper) -> None:
    """Let the papers be gone whose key begins with `keys`, all but one: they are out of date."""
    for paper in Paper.objects.filter(key__startswith=keys).exclude(pk=but.pk):
        name = paper.file.name
        paper.delete()
        if name:
            transaction.on_commit(partial(paper.file.storage.delete, name), robust=True)


@transaction.atomic
def give_up() -> None:
    """Let no printer try again what has ended one of them three times."""
    Paper.objects.waiting().lost().update(
        state=Paper.State.FAILED, last_error=_("The printer ended three times without a word.")
    )
