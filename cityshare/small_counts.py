"""Counts of people below five, which may let somebody recognise one of them. Pure.

Evidence says "<5" instead (section 2, visibility). A machine only guesses, so what it finds is a
question to the writer and never a refusal.
"""

from __future__ import annotations

import re

FEW = 5
_NUMBERS = r"(?:[1-4]|one|two|three|four|a single|only one)"
_PEOPLE = (
    r"(?:victims?|survivors?|persons?|people|women|woman|men|man|girls?|boys?|child(?:ren)?|"
    r"minors?|cases?|migrants?|workers?|adults?|nationals?|individuals?|referrals?|suspects?|"
    r"convictions?|prosecutions?|complaints?)"
)
# One or two words may stand between: "3 identified male victims".
_SAID = re.compile(
    rf"(?<![\w<.,/%\u2013-])(?<!<\s){_NUMBERS}\s+(?:[a-z-]+\s+){{0,2}}?{_PEOPLE}\b(?!\s+per\b)",
    re.IGNORECASE,
)
_LISTED = re.compile(rf"\b{_PEOPLE}(?:\s+\w+)?\s*[:=]\s*[1-4](?![\w.,%/]*\d|\s*%)", re.IGNORECASE)
# Korean counts people with 명, 건 is the word for cases.
_KOREAN = re.compile(r"(?<![\d<.,])[1-4]\s*(?:명|건|인(?![가-힣]))")
MOST = 5


def small_counts(text: str) -> list[str]:
    """The places in `text` that read like a count of fewer than five people, at most five."""
    found = [match for shape in (_SAID, _LISTED, _KOREAN) for match in shape.finditer(text)]
    found.sort(key=lambda match: match.start())
    return list(dict.fromkeys(" ".join(match.group().split()) for match in found))[:MOST]
