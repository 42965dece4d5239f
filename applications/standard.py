"""The seven documents that a call asks for unless it says otherwise.

The list is that of the first workshop's call (Jeju, 2017, section IX). A new standard document is
one more line here, with its text in `standard_texts/<slug>.md`; a call may change its own lines
afterwards.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

PAPER = (".pdf",)
TEXT = (".pdf", ".docx")
SIGNED = (".pdf", ".jpg", ".png")
BY_APPLICANT = "You"
TEXTS = Path(__file__).parent / "standard_texts"


def text_of(slug: str) -> str:
    """The guidelines or the letter of a standard document, as Markdown."""
    return (TEXTS / f"{slug}.md").read_text(encoding="utf-8").strip()


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


SEVEN = (
    Standard(
        slug="application",
        title="Application form",
        purpose="Who you are, where you work and what you want to learn.",
        given="online",
        suffixes=(),
    ),
    Standard(
        slug="case-study",
        title="Case study description",
        purpose="A case from your own work that the group can learn from, told so that nobody "
        "in it can be recognised.",
        suffixes=TEXT,
        guidelines=text_of("case-study"),
    ),
    Standard(
        slug="nomination",
        title="Letter of nomination",
        purpose="Your authority or organisation puts you forward for this workshop.",
        signer="nominator",
        signed_by="The head of your office or organisation",
        is_form=True,
        suffixes=SIGNED,
        guidelines=text_of("nomination"),
    ),
    Standard(
        slug="commitment",
        title="Letter of commitment",
        purpose="You promise to prepare, to be there on all days and to follow up.",
        signer="applicant",
        signed_by=BY_APPLICANT,
        is_form=True,
        suffixes=SIGNED,
        guidelines=text_of("commitment"),
    ),
    Standard(
        slug="waiver",
        title="Acknowledgement, waiver and release of liability",
        purpose="You know the risks of travel and study visits and accept them.",
        signer="applicant",
        signed_by=BY_APPLICANT,
        is_form=True,
        suffixes=SIGNED,
        guidelines=text_of("waiver"),
    ),
    Standard(
        slug="consent",
        title="Consent to collection, use and disclosure of personal information",
        purpose="You agree to how your data are used, by whom and for how long.",
        signer="applicant",
        signed_by=BY_APPLICANT,
        is_form=True,
        suffixes=SIGNED,
        guidelines=text_of("consent"),
    ),
    Standard(
        slug="cv",
        title="Curriculum vitae",
        purpose="Your education and work, in a form of your own.",
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
