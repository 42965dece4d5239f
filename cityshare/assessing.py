"""What a city may say of itself, and what it has to show before it hands that in. Pure.

The rules are those of section 2, step 2: level n needs all before it; from level 3 on a document,
from 4 on figures of the last 12 months, from 5 on an outside review or an adopter; the target is
not below today; at most three practices have the top priority; what is outside the mandate has a
reason and no level.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

DOCUMENT, FIGURES, REVIEW = "document", "figures", "review"
# From which level on a kind of evidence is needed; levels are cumulative, and so is evidence.
SHOWN_FROM: Mapping[str, int] = {DOCUMENT: 3, FIGURES: 4, REVIEW: 5}
TOP, MOST_ON_TOP = 3, 3
# What is answered in the place of a level.
OUTSIDE = "outside"


class Lack(StrEnum):
    """What is missing in an answer."""

    LEVEL = "level"
    TARGET = "target"
    LOW_TARGET = "low target"
    REASON = "reason"
    DOCUMENT = DOCUMENT
    FIGURES = FIGURES
    REVIEW = REVIEW


class Wrong(StrEnum):
    """Why a choice cannot be stored."""

    LOW_TARGET = "low target"
    CROWDED_TOP = "crowded top"


@dataclass(frozen=True, slots=True)
class Choice:
    """Level and target from 1 on, None for none; priority 0 (none) to 3 (top)."""

    current: int | None = None
    target: int | None = None
    priority: int = 0
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a city says of one practice; `shown` are the kinds of evidence that count for it."""

    code: str
    choice: Choice = Choice()
    has_reason: bool = False
    shown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a city is: numbers of practices, and the codes of those with the top priority."""

    asked: int
    answered: int
    complete: int
    outside: int
    unshown: int
    top: tuple[str, ...]


# --- Before it is handed in --------------------------------------------------------------


def needed(level: int | None) -> list[str]:
    """The kinds of evidence that a level needs; those of all levels below it are among them."""
    return [kind for kind, since in SHOWN_FROM.items() if level is not None and level >= since]


def lacks(answer: Answer) -> list[Lack]:
    """What this answer lacks; empty when it can be handed in."""
    choice = answer.choice
    if choice.outside:
        return [] if answer.has_reason else [Lack.REASON]
    if choice.current is None:
        return [Lack.LEVEL]
    found = []
    if choice.target is None:
        found.append(Lack.TARGET)
    elif choice.target < choice.current:
        found.append(Lack.LOW_TARGET)
    return found + [Lack(kind) for kind in needed(choice.current) if kind not in answer.shown]


def on_top(answers: Iterable[Answer]) -> tuple[str, ...]:
    """The codes of the practices with the top priority, in the order of the answers."""
    return tuple(answer.code for answer in answers if answer.choice.priority == TOP)


def progress(answers: Iterable[Answer]) -> Progress:
    """How far a city is with these answers, one for every practice of the framework."""
    known = list(answers)
    choices = [answer.choice for answer in known]
    lacking = [lacks(answer) for answer in known]
    return Progress(
        asked=len(known),
        answered=sum(choice.outside or choice.current is not None for choice in choices),
        complete=sum(not lack for lack in lacking),
        outside=sum(choice.outside for choice in choices),
        unshown=sum(bool({*SHOWN_FROM} & {*lack}) for lack in lacking),
        top=on_top(known),
    )


def is_ready(answers: Iterable[Answer]) -> bool:
    """Whether all of it can be handed in: nothing lacks, and the top is not crowded."""
    known = list(answers)
    return len(on_top(known)) <= MOST_ON_TOP and not any(map(lacks, known))


# --- While it is written -----------------------------------------------------------------


def chosen(
    known: Choice, typed: Mapping[str, Any], *, others_on_top: int = 0
) -> tuple[Choice, dict[str, Wrong]]:
    """What stands after `typed`, and what of it cannot stand, by question.

    `typed` holds any of `level` (a number, OUTSIDE or None), `target` and `priority`. A level
    above the old target takes that target away, for nobody has said a new one; what is outside
    the mandate has neither level, target nor priority, whatever else was typed.
    """
    found, wrong = known, dict[str, Wrong]()
    if "level" in typed:
        found = _at_level(found, typed["level"])
    if found.outside:
        return Choice(outside=True), wrong
    if "target" in typed:
        target = typed["target"]
        if target is not None and found.current is not None and target < found.current:
            wrong["target"] = Wrong.LOW_TARGET
        else:
            found = replace(found, target=target)
    if "priority" in typed:
        is_new = typed["priority"] == TOP != known.priority
        if is_new and others_on_top >= MOST_ON_TOP:
            wrong["priority"] = Wrong.CROWDED_TOP
        else:
            found = replace(found, priority=typed["priority"])
    return found, wrong


def _at_level(known: Choice, level: int | str | None) -> Choice:
    if level == OUTSIDE:
        return Choice(outside=True)
    current = None if level is None else int(level)
    is_below = current is not None and known.target is not None and known.target < current
    target = None if is_below else known.target
    return Choice(current, target, known.priority, outside=False)


# --- Around one screen -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spread:
    """How many people said which level, from 1 on."""

    hands: tuple[int, ...]

    @property
    def said(self) -> list[tuple[int, int]]:
        """The levels that somebody said, from the lowest, each with the number of people."""
        return [(level, many) for level, many in enumerate(self.hands, start=1) if many]

    @property
    def people(self) -> int:
        return sum(self.hands)

    @property
    def width(self) -> int:
        """How far the highest lies above the lowest; 0 when all say the same, or nobody spoke."""
        levels = [level for level, _many in self.said]
        return levels[-1] - levels[0] if levels else 0


def spread(levels: int, said: Iterable[int], hands: Mapping[int, int]) -> Spread:
    """The views of members (`said`, a level each) and the hands that were counted, put together."""
    known = list(said)
    return Spread(tuple(known.count(n) + max(0, hands.get(n, 0)) for n in range(1, levels + 1)))
