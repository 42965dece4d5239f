"""A sheet around a picture that leaves the portal, with what it is and what its signs mean. Pure.

Everything is in user units of the picture, from the top left corner of the sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cityshare.drawing import NAME, Words
from cityshare.lettering import ems, fitted
from cityshare.river import Point

TITLE = 20


@dataclass(frozen=True)
class Frame:
    """A sheet around a picture: its title above, and what its signs mean below.

    `body` is where the picture's own corner lies; a sign is drawn where its words are, in a box
    of 40 by 20.
    """

    width: float
    height: float
    title: Words
    subtitle: Words
    body: Point
    signs: tuple[Words, ...]


def frame(width: float, height: float, title: str, subtitle: str, signs: Sequence[str]) -> Frame:
    """The sheet for a picture of this size; `signs` are the words beside the signs.

    Without a title the picture begins at the top.
    """
    above = 70 if title else 0
    x, y = 24.0, above + height + 14
    placed = []
    for words in signs:
        room = 52 + NAME * ems(words)
        if x > 24 and x + room > width:
            x, y = 24.0, y + 28
        placed.append(Words(words, Point(round(x, 2), y)))
        x += room + 24
    return Frame(
        width=width,
        height=y + 40,
        title=Words(fitted(title, (width - 48) / TITLE), Point(24, 34)),
        subtitle=Words(fitted(subtitle, (width - 48) / NAME), Point(24, 58)),
        body=Point(0, above),
        signs=tuple(placed),
    )
