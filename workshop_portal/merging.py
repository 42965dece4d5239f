"""Two windows on one form: what may take the place of what is stored, and what may not. Pure.

A window says of each question what it was opened with, as a mark, and what is typed there now.
Where the stored thing still is what the window was opened with, the typed one takes its place.
Where another window was quicker, nothing is overwritten: people choose, with both before them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

MARK_LENGTH = 16


def mark(known: Mapping[str, object]) -> str:
    """A short mark of what is stored: another mark, other facts."""
    said = json.dumps({name: str(value) for name, value in known.items()}, sort_keys=True)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:MARK_LENGTH]


@dataclass(frozen=True)
class Held:
    """What is held of one question.

    `answer` is what counts. `words` is what was typed after it and is no answer yet, as it stands
    in the fields of the question: one text, or day, month and year; empty when there is none.
    """

    answer: object
    words: tuple[str, ...] = ()

    @property
    def signs(self) -> tuple[str, ...]:
        """Both as text; no answer and an empty one are the same."""
        return ("" if self.answer is None else str(self.answer), *self.words)

    @property
    def mark(self) -> str:
        return mark({str(place): sign for place, sign in enumerate(self.signs)})


@dataclass(frozen=True)
class Change:
    """What a window holds of a question, and the mark of what it was opened with."""

    held: Held
    base: str


class Fate(Enum):
    """What becomes of a change."""

    SAME = "same"  # it is stored already
    TAKEN = "taken"  # it takes the place of what is stored
    UNTOUCHED = "untouched"  # nothing was typed here; another window's answer stays
    CONFLICT = "conflict"  # two windows typed; people choose


def fate(change: Change, stored: Held) -> Fate:
    """What becomes of `change` where `stored` is held."""
    if change.held.signs == stored.signs:
        return Fate.SAME
    if change.base == stored.mark:
        return Fate.TAKEN
    if change.held.mark == change.base:
        return Fate.UNTOUCHED
    return Fate.CONFLICT
