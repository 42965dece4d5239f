"""The seven documents that a call asks for unless it says otherwise.

The list is that of the first workshop's call (Jeju, 2017, section IX). A new standard document is
one more line here; a call may change its own lines afterwards.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

PAPER = (".pdf",)
TEXT = (".pdf", ".docx")
SIGNED = (".pdf", ".jpg", ".png")


@dataclass(frozen=True)
class Standard:
    """One line of the checklist, with the names of `RequiredDocument`'s columns."""

    slug: str
    title: str
    purpose: str
    given: str = "upload"
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
    ),
    Standard(
        slug="nomination",
        title="Letter of nomination",
        purpose="Your authority or organisation puts you forward for this workshop.",
        signed_by="The head of your office or organisation",
        is_form=True,
        suffixes=SIGNED,
    ),
    Standard(
        slug="commitment",
        title="Letter of commitment",
        purpose="You promise to prepare, to be there on all days and to follow up.",
        signed_by="You",
        is_form=True,
        suffixes=SIGNED,
    ),
    Standard(
        slug="waiver",
        title="Acknowledgement, waiver and release of liability",
        purpose="You know the risks of travel and study visits and take part at your own.",
        signed_by="You",
        is_form=True,
        suffixes=SIGNED,
    ),
    Standard(
        slug="consent",
        title="Consent to collection, use and disclosure of personal information",
        purpose="You agree to how your data are used, by whom and for how long.",
        signed_by="You",
        is_form=True,
        suffixes=SIGNED,
    ),
    Standard(
        slug="cv",
        title="Curriculum vitae",
        purpose="Your education and work, in a form of your own.",
        suffixes=TEXT,
    ),
)


def lines() -> list[dict[str, Any]]:
    """The seven as columns of `RequiredDocument`, in order, ready to be given a call."""
    return [
        {**asdict(line), "suffixes": list(line.suffixes), "order": order}
        for order, line in enumerate(SEVEN, start=1)
    ]
