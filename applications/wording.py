"""A paper as plain words, and whether a typed name is the name of a person. Pure.

What somebody signs in the browser is kept as text: the same words, in the same order, as they
stand on the page and in the PDF. A paper is told as plain data (its facts):

    title: str, tables: [{title, rows: [{term, value}]}], opening: str,
    text: str (Markdown, written by staff), words: str (added by the signer)
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import permutations
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

_WRITTEN = MarkdownIt("commonmark", {"html": False}).enable("table")
# What carries the sound of a letter in Latin, Greek and Cyrillic, in Arabic and in Hebrew. The
# signs of other scripts that look like these are letters of their own.
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u0652\u0670]")
# Letters that Unicode does not take apart, as people write them on other keyboards.
_PLAIN = str.maketrans(
    {
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "\u0131": "i",
        "ł": "l",
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)
MOST_PARTS = 6


# --- Names -----------------------------------------------------------------------------


def same_name(typed: str, known: str) -> bool:
    """Whether both are one person's name, whatever the case, accents, spaces and their order.

    A name without a single letter is nobody's.
    """
    one, other = _parts(typed), _parts(known)
    if not one or not other:
        return False
    if sorted(one) == sorted(other):
        return True
    if len(one) > MOST_PARTS or len(other) > MOST_PARTS:
        return "".join(one) == "".join(other)
    shorter, longer = sorted((one, other), key=len)
    whole = {"".join(order) for order in permutations(shorter)}
    return any("".join(order) in whole for order in permutations(longer))


def _parts(name: str) -> list[str]:
    """The words of a name without what may be left out: accents, apostrophes, invisible signs."""
    taken_apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    letters = _ACCENTS.sub("", taken_apart).translate(_PLAIN)
    kept = "".join(sign if _is_of_a_word(sign) else " " for sign in letters if _is_seen(sign))
    return kept.split()


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) != "Cf" and sign not in "'`\u00b4\u02bc\u2018\u2019"


def _is_of_a_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LMN"


# --- Text ------------------------------------------------------------------------------


def text_of(facts: Mapping[str, Any]) -> str:
    """The whole paper in plain words, from its title to its last line."""
    tables = ["\n".join(_table(table)) for table in facts["tables"]]
    parts = [facts["title"], *tables, facts["opening"], plain(facts["text"]), facts["words"]]
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def _table(table: Mapping[str, Any]) -> Iterable[str]:
    if table["title"]:
        yield table["title"]
    for row in table["rows"]:
        yield f"{row['term']}: {row['value']}"


def sha256_of(text: str) -> str:
    """The fingerprint of a text: that of its UTF-8 bytes, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(facts: Mapping[str, Any]) -> str:
    """A short sign of all facts: another fact gives another paper."""
    said = json.dumps(facts, sort_keys=True, ensure_ascii=False)
    return sha256_of(said)[:24]


def plain(markdown: str) -> str:
    """Written text without its marks: what a reader sees, with the numbers of its lists."""
    return "\n\n".join(_blocks(_WRITTEN.parse(markdown)))


def _blocks(tokens: list[Token]) -> Iterable[str]:
    """The paragraphs, headings, list items and table rows, each with what stands before it."""
    marks: list[int | None] = []
    mark = ""
    row: list[str] | None = None
    for token in tokens:
        if token.type in {"ordered_list_open", "bullet_list_open"}:
            marks.append(int(token.attrs.get("start", 1)) if token.tag == "ol" else None)
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            marks.pop()
        elif token.type == "list_item_open":
            number = marks[-1]
            mark = "• " if number is None else f"{number}. "
            marks[-1] = None if number is None else number + 1
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield " | ".join(row or ())
            row = None
        elif token.type == "inline" and row is not None:
            row.append(_inline(token))
        elif token.type in {"inline", "fence", "code_block"}:
            yield mark + (_inline(token) if token.type == "inline" else token.content.strip())
            mark = ""


def _inline(token: Token) -> str:
    """The words of a paragraph; a link keeps its address, for a paper cannot be pressed."""
    found, href = [], ""
    for child in token.children or []:
        if child.type in {"text", "code_inline"}:
            found.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            found.append("\n" if child.type == "hardbreak" else " ")
        elif child.type == "link_open":
            href = str(child.attrs.get("href", ""))
        elif child.type == "link_close" and href and href not in "".join(found):
            found.append(f" ({href})")
    return "".join(found)
