"""Sentences by which a victim could be recognised, for those who write them and those who read.

A machine only guesses, so what it finds is a question and never an answer: a person looks.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from cityshare.queries.evidence import few_words
from cityshare.small_counts import small_counts
from workshop_portal import files
from workshop_portal.examine.hints import HINTS

# What a text that says whom to ask is asked for.
ASKED_FOR = frozenset({"email", "phone"})
_ENDS = re.compile(r"(?<=[!?。])\s*|(?<=[^\W\d][.])\s+(?=[^\Wa-z\d_])|\n+")


@dataclass(frozen=True)
class Hint:
    """A sentence of a text, the part in which it stands, and what was noticed in it."""

    where: str
    sentence: str
    why: str


def hints(text: str, *, where: str, without: Collection[str] = ()) -> list[Hint]:
    """What was noticed in a text, by sentence; kinds in `without` may stand there."""
    found = []
    for part in _ENDS.split(text):
        reasons = [
            files.caution_words({"code": code})
            for code, pattern in HINTS.items()
            if code not in without and pattern.search(part)
        ]
        if few := small_counts(part):
            reasons.append(few_words(few))
        if reasons:
            found.append(Hint(where, part.strip(), " ".join(reasons)))
    return found
