"""What happens to a framework: written as a draft, frozen for good, copied to be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cityshare.actions.vote import close_with
from cityshare.interchange import Invented, Line, Meaning, Sheet, read
from cityshare.models import (
    Descriptor,
    Dossier,
    DossierCase,
    Framework,
    LevelMeaning,
    Practice,
    Voice,
    Vote,
)
from cityshare.queries.framework import (
    booklet_facts,
    booklet_key,
    booklet_keys,
    lacking,
    level_above,
    sheet_of,
)
from workshop_portal.accounts.models import User
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused, unchanged
from workshop_portal.papers import actions as papers
from workshop_portal.papers.models import Paper
from workshop_portal.workflow import advance

BOOKLET = "papers/framework.html"


@transaction.atomic
def load_framework(data: dict[str, Any], *, name: str, by: User | None) -> Framework:
    """Read a framework as JSON carries it, and freeze it.

    `data` is in the shape that `interchange` describes; one that is not raises ValueError.
    Loading the same version again gives the framework that is there.
    """
    sheet, faults = read(data)
    if sheet is None:
        raise ValueError(faults)
    known = Framework.objects.filter(name=name, version=sheet.version).first()
    if known:
        return known
    framework = _store(sheet, name=name, version=sheet.version)
    record("framework.loaded", framework, by=by, practices=len(sheet.practices))
    freeze(framework, by=by)
    return framework


@transaction.atomic
def take_in(sheet: Sheet, *, name: str, version: str, by: User) -> Framework:
    """Make a draft of a framework that came as a file."""
    framework = _store(sheet, name=name, version=version)
    record("framework.imported", framework, by=by, practices=len(sheet.practices))
    return framework


@transaction.atomic
def start_framework(*, name: str, version: str, levels: int, by: User) -> Framework:
    """Begin a framework of one's own, as an empty draft."""
    framework = _store(Sheet(name, version, levels), name=name, version=version)
    record("framework.started", framework, by=by)
    return framework


@transaction.atomic
def copy_framework(
    framework: Framework, *, name: str, version: str, with_invented: bool, by: User
) -> Framework:
    """Make a draft that says the same, to be changed; the answers to the old one stay with it.

    Without the invented cities the copy tells nobody which levels were agreed on.
    """
    sheet = sheet_of(framework)
    if not with_invented:
        sheet = replace(sheet, dossiers=())
    copy = _store(sheet, name=name, version=version, copied_from=framework)
    record("framework.copied", copy, by=by, source=str(framework))
    return copy


@transaction.atomic
def freeze(framework: Framework, *, seen: str | None = None, by: User | None) -> None:
    """End the draft: from now on nobody changes a word, and cycles can be run by it.

    It needs no vote of the cities. How the last one stands is on record; one that is open ends.
    `seen` is the mark of how it stood on the page.
    """
    held = draft(framework)
    if missing := lacking(sheet_of(held)):
        raise Refused(_("It is not complete yet: %s") % missing[0].words)
    facts = close_with(held, seen=seen, by=by)
    advance(held, Framework.Status.FROZEN, by=by, **facts)
    Framework.objects.filter(pk=held.pk).update(frozen_at=timezone.now())
    framework.refresh_from_db()


@transaction.atomic
def discard(framework: Framework, *, by: User) -> None:
    """Throw a draft away."""
    held = draft(framework)
    if held.copies.exists():
        raise Refused(_("Another version was copied from this draft, so it has to stay."))
    if held.votes.filter(status=Vote.Status.OPEN).exists():
        raise Refused(_("The cities are asked about this draft. Close the vote first."))
    if Voice.objects.filter(vote__framework=held).exclude(answer="").exists():
        raise Refused(_("Cities have answered about this draft, so it has to stay."))
    record("framework.discarded", held, by=by, name=held.name, version=held.version)
    held.delete()


@transaction.atomic
def edit_framework(
    framework: Framework, *, meanings: Mapping[int, Meaning], by: User, **facts: object
) -> None:
    """Change name, version, number of levels, introduction, and what each level means.

    With fewer levels than before, the sentences of those that are gone are deleted; a case of an
    invented city that was agreed to be on one of them has to be changed first.
    """
    held = unchanged(framework, draft(framework), facts, "meanings")
    _refuse_double(str(facts["name"]), str(facts["version"]), but=held)
    levels = int(str(facts["levels"]))
    if case := level_above(held, levels):
        raise Refused(_("“%s” has a case on a level that would be gone.") % case.dossier)
    for name, value in facts.items():
        setattr(held, name, value)
    held.save(update_fields=[*facts])
    Descriptor.objects.filter(practice__framework=held, level__gt=levels).delete()
    _store_meanings(held, {n: mean for n, mean in meanings.items() if n <= levels})
    record("framework.changed", held, by=by, levels=levels)


@transaction.atomic
def note_export(framework: Framework, *, by: User) -> None:
    """Put on record that somebody downloaded a framework."""
    record("framework.exported", framework, by=by)


@transaction.atomic
def order_booklet(framework: Framework, *, language: str) -> Paper:
    """Have the framework printed as it is now; a booklet of earlier words is thrown away."""
    facts = booklet_facts(framework, sheet_of(framework))
    key = booklet_key(framework, facts, language)
    paper = papers.order(key, BOOKLET, title=str(framework), facts=facts, language=language)
    papers.discard(booklet_keys(framework, language), but=paper)
    return paper


# --- What they have in common ------------------------------------------------------------


def draft(framework: Framework) -> Framework:
    """The row, held for the transaction that is open; refused once it is frozen."""
    held = Framework.objects.select_for_update().get(pk=framework.pk)
    if held.status != Framework.Status.DRAFT:
        raise Refused(_("This version is frozen, so it never changes. Copy it to change it."))
    return held


def _store(
    sheet: Sheet, *, name: str, version: str, copied_from: Framework | None = None
) -> Framework:
    _refuse_double(name, version)
    framework = Framework.objects.create(
        name=name,
        version=version,
        levels=sheet.levels,
        introduction=sheet.introduction,
        copied_from=copied_from,
    )
    _store_meanings(framework, dict(enumerate(sheet.meanings, start=1)))
    practices = {
        line.code: _store_line(framework, order, line)
        for order, line in enumerate(sheet.practices, start=1)
    }
    for order, dossier in enumerate(sheet.dossiers, start=1):
        _store_dossier(framework, order, dossier, practices)
    return framework


def _refuse_double(name: str, version: str, *, but: Framework | None = None) -> None:
    others = Framework.objects.filter(name=name, version=version).values_list("pk", flat=True)
    if {*others} - {but.pk if but else None}:
        facts = {"name": name, "version": version}
        raise Refused(_("There is a version %(version)s of “%(name)s” already.") % facts)


def _store_meanings(framework: Framework, meanings: Mapping[int, Meaning]) -> None:
    framework.meanings.all().delete()
    LevelMeaning.objects.bulk_create(
        LevelMeaning(framework=framework, level=level, name=mean.name, words=mean.words)
        for level, mean in meanings.items()
        if mean.name
    )


def _store_line(framework: Framework, order: int, line: Line) -> Practice:
    practice = Practice.objects.create(
        framework=framework,
        order=order,
        code=line.code,
        pillar=line.pillar,
        name=line.name,
        question=line.question,
        grounded_in=line.grounded_in,
    )
    store_levels(practice, dict(enumerate(line.levels, start=1)))
    return practice


def store_levels(practice: Practice, levels: Mapping[int, str]) -> None:
    """Put these sentences, by level, in the place of those that a practice has."""
    practice.descriptors.all().delete()
    Descriptor.objects.bulk_create(
        Descriptor(practice=practice, level=level, text=text)
        for level, text in levels.items()
        if text
    )


def _store_dossier(
    framework: Framework, order: int, invented: Invented, practices: Mapping[str, Practice]
) -> None:
    dossier = Dossier.objects.create(
        framework=framework, order=order, title=invented.title, text=invented.text
    )
    DossierCase.objects.bulk_create(
        DossierCase(
            dossier=dossier,
            practice=practices[case.practice],
            text=case.text,
            level=case.level,
            why=case.why,
        )
        for case in invented.cases
    )
