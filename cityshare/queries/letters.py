"""The letter that tells a cycle's people of a new stage: what it speaks of, and how it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cityshare.models import Cycle
from cityshare.queries.cycle import dues_of
from cityshare.queries.stages import LASTING, MEANINGS
from workshop_portal.outbox.actions import preview

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cityshare.models import Member


def letter_facts(cycle: Cycle, stage: str, member: Member) -> dict[str, Any]:
    """What the letter about a stage speaks of to one reader; the deadlines may be fetched."""
    return {
        "stage": stage,
        "stage_name": Cycle.Stage(stage).label,
        "meaning": MEANINGS[stage],
        "due": dues_of(cycle).get(stage),
        "team": member.team,
        "speaks": member.is_focal_point,
        "lasts": stage in LASTING,
    }


def letters(cycle: Cycle, stage: str, readers: Sequence[Member]) -> list[tuple[Member, str, str]]:
    """The letter that a focal point and that others would get: reader, subject, body."""
    first: dict[bool, Member] = {}
    for member in readers:
        first.setdefault(member.is_focal_point, member)
    return [
        (
            member,
            *preview(
                "cityshare/stage",
                to=member.user,
                scope=cycle.workshop.scope,
                cycle=cycle,
                workshop=cycle.workshop,
                **letter_facts(cycle, stage, member),
            ),
        )
        for member in first.values()
    ]
