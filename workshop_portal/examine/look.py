"""How a PDF looks and what can be read in it, once it is known to be taken."""

from __future__ import annotations

from functools import partial

import pypdfium2
from PIL import Image

from workshop_portal.examine import hints
from workshop_portal.examine.picture import THUMBNAIL, thumbnail
from workshop_portal.examine.verdict import Findings, Question

# Paper counts as white although a JPEG never gets it quite right.
NEARLY_WHITE = 250
SMALLEST_PDF = b"""%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R
/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >> endobj
4 0 obj << /Length 22 >> stream
BT /F 9 Tf (A) Tj ET
endstream endobj
trailer << /Root 1 0 R >>
"""


def examine(question: Question) -> Findings:
    """A picture of the first page; cautions for an empty one, and for words that name somebody."""
    findings = Findings()
    pdf = pypdfium2.PdfDocument(question.paths[0])
    drawn = _first_page(pdf)
    question.keep("thumbnail", thumbnail(drawn))
    if not any(drawn.convert("L").histogram()[:NEARLY_WHITE]):
        findings.caution("empty_page", 1)
    if question.names_nobody:
        for number in range(len(pdf)):
            words = pdf[number].get_textpage().get_text_bounded()
            hints.note(words, findings, partial(_always, number + 1))
    return findings


def _always(page: int, _place: int) -> int:
    return page


def warm_up() -> None:
    """Do once what the libraries only do the first time, so that no fork has to."""
    with pypdfium2.PdfDocument(SMALLEST_PDF) as pdf:
        thumbnail(_first_page(pdf))


def _first_page(pdf: pypdfium2.PdfDocument) -> Image.Image:
    pdf.init_forms()
    page = pdf[0]
    width, height = page.get_size()
    return page.render(scale=min(THUMBNAIL[0] / width, THUMBNAIL[1] / height)).to_pil()
