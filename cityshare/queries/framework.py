"""Frameworks as people read them, and as plain data that leaves and comes back."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cityshare.interchange import Case, Invented, Line, Meaning, Sheet, written
from cityshare.models import (
    Descriptor,
    Dossier,
    DossierCase,
    Framework,
    LevelMeaning,
    Practice,
)
from workshop_portal.merging import mark

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from cityshare.models.framework import FrameworkQuerySet
    from workshop_portal.accounts.models import User

# So many practices can be talked through in one cycle; fewer or more are a caution.
FEWEST_PRACTICES, MOST_PRACTICES = 10, 16
FEWEST_CASES = 4


@dataclass(frozen=True, slots=True)
class Rung:
    """A level of one practice: its number, its name in every practice, and its own sentence."""

    level: int
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.level} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Described:
    """A practice with the sentence of every level, written or not; `pk` is that of its row."""

    line: Line
    pk: int
    rungs: list[Rung]


@dataclass(frozen=True, slots=True)
class Pillar:
    """The practices of one pillar, in their order."""

    name: str
    practices: list[Described]


def frameworks_of(user: User) -> FrameworkQuerySet:
    """What a person finds in the list, with `number` of practices and `runs`: cycles by it."""
    found = Framework.objects.visible_to(user).annotate(
        number=Count("practices", distinct=True), runs=Count("cycles", distinct=True)
    )
    return found.order_by("name", "-frozen_at", "version")


def whole(framework: Framework) -> list[Practice]:
    """The practices in order, each with its descriptors fetched; in two queries."""
    return list(framework.practices.prefetch_related("descriptors"))


def meanings_of(framework: Framework) -> dict[int, Meaning]:
    """What each level of a framework means in general; a level without a name has an empty one."""
    known = {m.level: Meaning(m.name, m.words) for m in framework.meanings.all()}
    return {n: known.get(n, Meaning("", "")) for n in range(1, framework.levels + 1)}


def pillars_of(framework: Framework, sheet: Sheet) -> list[Pillar]:
    """The framework as its page shows it: in order, what follows in one pillar together."""
    rows = dict(framework.practices.values_list("code", "pk"))
    found: list[Pillar] = []
    for line in sheet.practices:
        if not found or found[-1].name != line.pillar:
            found.append(Pillar(line.pillar, []))
        found[-1].practices.append(Described(line, rows[line.code], _rungs(sheet, line)))
    return found


def _rungs(sheet: Sheet, line: Line) -> list[Rung]:
    names = {level: mean.name for level, mean in enumerate(sheet.meanings, start=1)}
    return _ladder(names, enumerate(line.levels, start=1))


def rungs(practice: Practice) -> list[Rung]:
    """The levels of a practice from the lowest, with the names that its framework gives them."""
    found = _ladders(practice.framework_id, Descriptor.objects.filter(practice=practice))
    return found[practice.pk]


def all_rungs(framework: Framework | uuid.UUID) -> dict[int, list[Rung]]:
    """The levels of every practice of a framework, by the practice's key."""
    return _ladders(framework, Descriptor.objects.filter(practice__framework=framework))


def _ladders(
    framework: Framework | uuid.UUID, sentences: QuerySet[Descriptor]
) -> dict[int, list[Rung]]:
    names = dict(LevelMeaning.objects.filter(framework=framework).values_list("level", "name"))
    told: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for practice, level, text in sentences.order_by("level").values_list(
        "practice", "level", "text"
    ):
        told[practice].append((level, text))
    found = {practice: _ladder(names, texts) for practice, texts in told.items()}
    return defaultdict(list, found)


def _ladder(names: Mapping[int, str], texts: Iterable[tuple[int, str]]) -> list[Rung]:
    return [Rung(level, names.get(level, ""), text) for level, text in texts]


def dossiers_of(framework: Framework) -> list[Dossier]:
    """The invented cities of a framework, each with its cases in the order of the practices."""
    cases = DossierCase.objects.select_related("practice").order_by("practice__order")
    return list(framework.dossiers.prefetch_related(Prefetch("cases", cases)))


def sheet_of(framework: Framework) -> Sheet:
    """The framework as plain data, in five queries."""
    numbers = range(1, framework.levels + 1)
    meanings = meanings_of(framework)
    return Sheet(
        name=framework.name,
        version=framework.version,
        levels=framework.levels,
        introduction=framework.introduction,
        meanings=tuple(meanings.values()) if any(m.name for m in meanings.values()) else (),
        practices=tuple(
            Line(
                practice.code,
                practice.pillar,
                practice.name,
                practice.question,
                practice.grounded_in,
                tuple(_sentences(practice, numbers)),
            )
            for practice in whole(framework)
        ),
        dossiers=tuple(
            Invented(dossier.title, dossier.text, tuple(map(_case, dossier.cases.all())))
            for dossier in dossiers_of(framework)
        ),
    )


def _sentences(practice: Practice, levels: Iterable[int]) -> Iterator[str]:
    texts = {d.level: d.text for d in practice.descriptors.all()}
    return (texts.get(level, "") for level in levels)


def _case(case: DossierCase) -> Case:
    return Case(case.practice.code, case.text, case.level, case.why)


def has_cases(framework: Framework) -> bool:
    """Whether a level was agreed on for any invented city."""
    return DossierCase.objects.filter(dossier__framework=framework).exists()


def level_above(framework: Framework, level: int) -> DossierCase | None:
    """A case that was agreed to be on a level above this one."""
    cases = DossierCase.objects.filter(dossier__framework=framework, level__gt=level)
    return cases.select_related("dossier").first()


def booklet_facts(framework: Framework, sheet: Sheet) -> dict[str, Any]:
    """What the booklet is printed from: all but the invented cities, whose levels stay untold."""
    told = written(replace(sheet, dossiers=()))
    return {**told, "is_draft": framework.status == Framework.Status.DRAFT}


def booklet_key(framework: Framework, facts: dict[str, Any], language: str) -> str:
    """By which the booklet of these words in this language is found again."""
    return f"{booklet_keys(framework, language)}{mark(facts)}"


def booklet_keys(framework: Framework, language: str) -> str:
    """How the keys of all booklets of a framework in a language begin."""
    return f"framework:{framework.pk}:{language}:"


# --- Before it is frozen -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """What a draft lacks, or what is worth a second look; `pk` is the practice that mends it."""

    words: str
    code: str = ""
    pk: int | None = None


def lacking(sheet: Sheet) -> list[Finding]:
    """What keeps a draft from being frozen."""
    found = [] if sheet.practices else [Finding(_("It has no practice yet."))]
    nameless = [n for n in range(1, sheet.levels + 1) if not _named(sheet, n)]
    found += [Finding(_("Level %(level)s has no name.") % {"level": level}) for level in nameless]
    for line in sheet.practices:
        facts = {"code": line.code}
        if not line.question:
            found.append(Finding(_("%(code)s has no question.") % facts, line.code))
        for level, text in enumerate(line.levels, start=1):
            if not text:
                words = _("%(code)s has no sentence for level %(level)s.")
                found.append(Finding(words % {**facts, "level": level}, line.code))
    return found


def with_places(framework: Framework, findings: list[Finding]) -> list[Finding]:
    """Findings with the practices by whose pages they are mended; in one query."""
    known = dict(framework.practices.values_list("code", "pk"))
    return [replace(finding, pk=known.get(finding.code)) for finding in findings]


def _named(sheet: Sheet, level: int) -> bool:
    return bool(sheet.meanings and sheet.meanings[level - 1].name)


def cautions(sheet: Sheet) -> list[Finding]:
    """What does not keep a draft from being frozen, and should be meant so."""
    found = []
    number = len(sheet.practices)
    if number and not FEWEST_PRACTICES <= number <= MOST_PRACTICES:
        words = ngettext(
            "It has %(n)d practice. Between %(few)d and %(most)d can be talked through in one "
            "cycle.",
            "It has %(n)d practices. Between %(few)d and %(most)d can be talked through in one "
            "cycle.",
            number,
        )
        facts = {"n": number, "few": FEWEST_PRACTICES, "most": MOST_PRACTICES}
        found.append(Finding(words % facts))
    if not sheet.introduction:
        found.append(Finding(_("It has no introduction that says where it comes from.")))
    if not sheet.dossiers:
        found.append(Finding(_("It has no invented city, so raters cannot calibrate.")))
    for dossier in sheet.dossiers:
        if len(dossier.cases) < FEWEST_CASES:
            words = _("“%(title)s” has fewer than %(n)d cases.")
            found.append(Finding(words % {"title": dossier.title, "n": FEWEST_CASES}))
    for line in sheet.practices:
        if not line.grounded_in:
            words = _("%(code)s names nothing that it is grounded in.")
            found.append(Finding(words % {"code": line.code}, line.code))
    return found
