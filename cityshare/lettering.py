"""How much room words take in a picture, which cannot break lines by itself. Pure.

Widths are estimates in em (the size of the letters) for the usual sans-serif faces, on the
generous side, so that words rather end early than run into their neighbours.
"""

from __future__ import annotations

import unicodedata

WIDE, BROAD, USUAL, NARROW = 1.0, 0.78, 0.62, 0.38
MORE = "…"


def ems(text: str) -> float:
    """The width of `text` in em."""
    return sum(map(_width, text))


def _width(letter: str) -> float:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    if unicodedata.east_asian_width(letter) in {"W", "F"}:
        return WIDE
    if letter in "fijlrt .,:;'|!()[]":
        return NARROW
    return BROAD if letter.isupper() or letter in "mw%@" else USUAL


def fitted(text: str, room: float) -> str:
    """`text`, or as much of it as fits into `room` em with an ellipsis."""
    if ems(text) <= room:
        return text
    kept = text
    while kept and ems(kept + MORE) > room:
        kept = kept[:-1]
    return kept.rstrip() + MORE


def lines(text: str, room: float) -> list[str]:
    """`text` in lines of at most `room` em, broken between words; a longer word is cut short."""
    found: list[str] = []
    for word in text.split():
        if found and ems(f"{found[-1]} {word}") <= room:
            found[-1] = f"{found[-1]} {word}"
        else:
            found.append(word)
    return [fitted(line, room) for line in found]
