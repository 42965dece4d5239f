"""The self-assessment on paper: the empty form to write on, and what a city has answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from cityshare.models import Evidence, SelfScore, Team
from cityshare.queries.assessment import Line, Overview
from cityshare.queries.framework import Rung, all_rungs
from workshop_portal.merging import mark
from workshop_portal.papers.models import Paper
from workshop_portal.papers.queries import paper_of

Facts = dict[str, Any]


class Sheet(StrEnum):
    """What is printed."""

    EMPTY = "empty"
    FILLED = "filled"


@dataclass(frozen=True)
class Offer:
    """A paper as the page offers it; None while nobody has ordered it as it would be now."""

    sheet: Sheet
    paper: Paper | None


def offers(page: Overview) -> list[Offer]:
    """Both papers of a city, in whatever state they are."""
    return [Offer(sheet, paper_of(key_of(page, sheet, facts_of(page, sheet)))) for sheet in Sheet]


def keys_of(page: Overview, sheet: Sheet) -> str:
    """What the keys of one paper have in common, whatever was answered."""
    cycle = page.team.cycle
    whose = page.team.pk if sheet is Sheet.FILLED else cycle.framework_id
    return f"own-view:{whose}:{sheet}:{get_language()}:"


def key_of(page: Overview, sheet: Sheet, facts: Facts) -> str:
    """The key of a paper: with other answers it is another paper."""
    return f"{keys_of(page, sheet)}{mark(facts)}"


def facts_of(page: Overview, sheet: Sheet) -> Facts:
    """What the paper says; nothing of a city in the empty one."""
    framework = page.team.cycle.framework
    steps = all_rungs(framework)
    is_filled = sheet is Sheet.FILLED
    evidence = _evidence(page.team) if is_filled else {}
    facts = {
        "is_filled": is_filled,
        "framework": str(framework),
        "introduction": framework.introduction,
        "levels": list(range(1, framework.levels + 1)),
        "pillars": [
            {
                "name": pillar.name,
                "practices": [
                    {
                        **_practice(line, steps[line.practice.pk]),
                        **(_answer(line.score) if is_filled else {}),
                        "evidence": evidence.get(line.practice.pk, []),
                    }
                    for line in pillar.lines
                ],
            }
            for pillar in page.pillars
        ],
    }
    return {**facts, **_whose(page)} if is_filled else facts


def _whose(page: Overview) -> Facts:
    cycle = page.team.cycle
    way = reverse("cityshare:assess", args=[cycle.pk])
    return {
        "city": str(page.team.city),
        "cycle": cycle.name,
        "who": page.assessment.who_took_part,
        "is_submitted": page.assessment.status == page.assessment.Status.SUBMITTED,
        "address": f"{settings.PUBLIC_BASE_URL}{way}",
    }


def _practice(line: Line, steps: list[Rung]) -> Facts:
    return {
        "number": line.number,
        "code": line.practice.code,
        "name": line.practice.name,
        "question": line.practice.question,
        "rungs": [{"level": rung.level, "name": rung.name, "text": rung.text} for rung in steps],
    }


def _answer(score: SelfScore) -> Facts:
    return {
        "current": score.current,
        "target": score.target,
        "outside": score.outside_mandate,
        "reason": score.reason,
        "priority": score.get_priority_display(),
        "confidence": score.get_confidence_display(),
        "why": score.why,
        "dissent": score.dissent,
    }


def _evidence(team: Team) -> dict[int, list[str]]:
    """The titles of what was received, by practice."""
    rows = Evidence.objects.filter(
        score__assessment__team=team, state=Evidence.State.TAKEN
    ).values_list("score__practice", "title")
    found: dict[int, list[str]] = {}
    for practice, title in rows:
        found.setdefault(practice, []).append(title)
    return found
