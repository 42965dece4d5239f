"""The seven documents that a call asks for unless it says otherwise.

The list is that of the first workshop's call (Jeju, 2017, section IX). A new standard document is
one more line here, with its text in `standard_texts/<slug>.md`; a call may change its own lines
afterwards. Calls hold the texts in English; whoever reads another language is shown the translation
of a text for as long as nobody has changed it: short ones from the catalogue, long ones from
`standard_texts/<language>/<slug>.md`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as noop

PAPER = (".pdf",)
TEXT = (".pdf", ".docx")
SIGNED = (".pdf", ".jpg", ".png")
BY_APPLICANT = noop("You")
TEXTS = Path(__file__).parent / "standard_texts"


def text_of(slug: str, language: str = "") -> str:
    """The guidelines or the letter of a standard document, as Markdown."""
    return (TEXTS / language / f"{slug}.md").read_text(encoding="utf-8").strip()


@dataclass(frozen=True)
class Standard:
    """One line of the checklist, with the names of `RequiredDocument`'s columns."""

    slug: str
    title: str
    purpose: str
    given: str = "upload"
    signer: str = ""
    signed_by: str = ""
    guidelines: str = ""
    is_form: bool = False
    suffixes: tuple[str, ...] = PAPER
    page_limit: int = 100
    names_nobody: bool = False


SEVEN = (
    Standard(
        slug="application",
        title=noop("Application form"),
        purpose=noop("Who you are, where you work and what you want to learn."),
        given="online",
        suffixes=(),
    ),
    Standard(
        slug="case-study",
        title=noop("Case study description"),
        purpose=noop(
            "A case from your own work that the group can learn from, told so that nobody "
            "in it can be recognised."
        ),
        suffixes=TEXT,
        guidelines=text_of("case-study"),
        page_limit=300,
        names_nobody=True,
    ),
    Standard(
        slug="nomination",
        title=noop("Letter of nomination"),
        purpose=noop("Your authority or organisation puts you forward for this workshop."),
        signer="nominator",
        signed_by=noop("The head of your office or organisation"),
        is_form=True,
        suffixes=SIGNED,
        guidelines=text_of("nomination"),
    ),
    Standard(
        slug="commitment",
        title=noop("Letter of commitment"),
        purpose=noop("You promise to prepare, to be there on all days and to follow up."),
        signer="applicant",
        signed_by=BY_APPLICANT,
        is_form=True,
        suffixes=SIGNED,
        guidelines=text_of("commitment"),
    ),
    Standard(
        slug="waiver",
        title=noop("Acknowledgement, waiver and release of liability"),
        purpose=noop("You know the risks of travel and study visits and accept them."),
        signer="applicant",
        signed_by=BY_APPLICANT,
        is_form=True,
        suffixes=SIGNED,
        guidelines=text_of("waiver"),
    ),
    Standard(
        slug="consent",
        title=noop("Consent to collection, use and disclosure of personal information"),
        purpose=noop("You agree to how your data are used, by whom and for how long."),
        signer="applicant",
        signed_by=BY_APPLICANT,
        is_form=True,
        suffixes=SIGNED,
        guidelines=text_of("consent"),
    ),
    Standard(
        slug="cv",
        title=noop("Curriculum vitae"),
        purpose=noop("Your education and work, in a form of your own."),
        suffixes=TEXT,
        guidelines=text_of("cv"),
    ),
)


def lines() -> list[dict[str, Any]]:
    """The seven as columns of `RequiredDocument`, in order, ready to be given a call."""
    return [
        {**asdict(line), "suffixes": list(line.suffixes), "order": order}
        for order, line in enumerate(SEVEN, start=1)
    ]


SHORT = {text for line in SEVEN for text in (line.title, line.purpose, line.signed_by) if text}
LONG = {line.guidelines: line.slug for line in SEVEN if line.guidelines}


def shown(text: str) -> str:
    """A text of a required document in the reader's language; a changed one as it stands."""
    if text in LONG:
        return _translated(text, get_language() or "")
    return gettext(text) if text in SHORT else text


@cache
def _translated(text: str, language: str) -> str:
    translated = (TEXTS / language / f"{LONG[text]}.md").exists()
    return text_of(LONG[text], language) if translated else text
