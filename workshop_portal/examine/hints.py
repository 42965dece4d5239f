"""Words by which somebody could be recognised, in a text that should name nobody.

Hints, not findings: a person looks. Only their kind and page leave this program, never the words.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from workshop_portal.examine.verdict import Findings

MONTHS = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|"
    "Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|января|февраля|марта|апреля|мая|июня|июля|августа|"
    "сентября|октября|ноября|декабря"
)
YEAR = r"(?:19|20)\d\d"
HINTS = {
    "email": re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w"),
    "phone": re.compile(
        r"(?<![\w.])(?:\+|00)\d(?:[\s().-]{0,2}\d){7,13}\b|\b0\d{1,3}-\d{3,4}-\d{4}\b"
    ),
    "passport": re.compile(r"\b[A-Z]{1,2}\s?\d{7,9}\b|\b\d{6}-[1-8]\d{6}\b"),
    "date": re.compile(
        rf"\b\d{{1,2}}[./-]\d{{1,2}}[./-]{YEAR}\b|\b{YEAR}[./-]\d{{1,2}}[./-]\d{{1,2}}\b|"
        rf"\b\d{{1,2}}(?:st|nd|rd|th)?\.?\s(?:of\s)?(?:{MONTHS})\.?,?\s{YEAR}\b|"
        rf"\b(?:{MONTHS})\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s{YEAR}\b|"
        rf"{YEAR}년\s?\d{{1,2}}월\s?\d{{1,2}}일",
        re.IGNORECASE,
    ),
    "case_number": re.compile(
        r"\b(?:case|file|docket|dossier|reference|ref|дело|дела|사건)\.?\s*(?:"
        rf"(?:no|nr|number|№|#|번호)\.?\s*:?\s*(?:[A-Z]{{1,4}}[-/ ]?)?\d|"
        rf"(?:[A-Z]{{1,4}}[-/ ]?)?(?:\d+\s?[-/]\s?{YEAR}|{YEAR}\s?[-/]\s?\d+))",
        re.IGNORECASE,
    ),
}


def note(text: str, findings: Findings, page_at: Callable[[int], int | None]) -> None:
    """Note which kinds of hint this text has, each with the page on which its place stands."""
    for code, pattern in HINTS.items():
        for found in pattern.finditer(text):
            findings.caution(code, page_at(found.start()))
