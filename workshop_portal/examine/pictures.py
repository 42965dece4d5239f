"""Photos in a text that should name nobody: somebody could be recognised in them.

Hints, not findings: a person looks. What a page says can only be read where it is text, so a page
that is a picture as a whole is pointed out too.
"""

from __future__ import annotations

import io
import posixpath
import time
import zipfile
from collections.abc import Callable
from functools import partial
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesNSImpl

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from workshop_portal.examine import wording
from workshop_portal.examine.picture import LARGEST_PICTURE, TORN
from workshop_portal.examine.tones import looks_like_a_photo
from workshop_portal.examine.verdict import Findings, Question

# How long pictures are looked at, in seconds of the processor.
SECONDS = 5.0
# A page with fewer letters than this, and a picture of at least so many pixels each way, is a scan.
FEW_LETTERS, SCAN = 20, 500
FORMATS = ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP"]
BODY, LINKS = "word/document.xml", "word/_rels/document.xml.rels"
MEDIA = "word/media/"
Look = Callable[[], Image.Image]


def examine(question: Question) -> Findings:
    """Cautions for photos, for pages that are pictures, and for what could not be looked at."""
    findings, content = Findings(), question.read()
    if content.startswith(b"%PDF-"):
        _look_at_pdf(content, findings)
    else:
        _look_at_word(content, findings)
    return findings


def _note(findings: Findings, page: int | None, size: tuple[int, int], look: Look) -> None:
    """Note one picture; `look` gives it to be looked at, where that is not too much."""
    is_too_much = size[0] * size[1] > LARGEST_PICTURE or time.process_time() > SECONDS
    try:
        if is_too_much:
            findings.caution("pictures")
        elif looks_like_a_photo(look()):
            findings.caution("photo", page)
    except (*TORN, MemoryError, pypdfium2.PdfiumError):
        findings.caution("pictures")


# --- PDF -------------------------------------------------------------------------------


def _look_at_pdf(content: bytes, findings: Findings) -> None:
    pdf = pypdfium2.PdfDocument(content)
    for number in range(len(pdf)):
        page = pdf[number]
        shown = list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]))
        is_mute = len(page.get_textpage().get_text_bounded().strip()) < FEW_LETTERS
        if is_mute and any(min(image.get_px_size()) >= SCAN for image in shown):
            findings.caution("scan", number + 1)
            continue
        for image in shown:
            _note(findings, number + 1, image.get_px_size(), partial(_drawn, image))


def _drawn(image: pypdfium2.PdfImage) -> Image.Image:
    return image.get_bitmap().to_pil()


# --- Word ------------------------------------------------------------------------------


def _look_at_word(content: bytes, findings: Findings) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        body, links = Body(), Links()
        names = packed.namelist()
        for name, handler in ((BODY, body), (LINKS, links)):
            if name in names:
                wording.read(packed.read(name), handler)
        pages = {links.targets.get(key, ""): page for key, page in body.shown.items()}
        sizes = [
            _note_member(findings, packed.read(name), pages.get(name))
            for name in names
            if name.startswith(MEDIA)
        ]
    if body.letters < FEW_LETTERS and any(min(size) >= SCAN for size in sizes):
        findings.caution("scan")


def _note_member(findings: Findings, content: bytes, page: int | None) -> tuple[int, int]:
    """Note a part that may be a picture; gives its size, or nothing when it is none."""
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
    except TORN:
        return (0, 0)
    # A JPEG can be read in a smaller size at once.
    picture.draft("L", (SCAN, SCAN))
    _note(findings, page, picture.size, picture.copy)
    return picture.size


class Body(ContentHandler):
    """Which pictures the text shows, on which of its pages, and how many letters it has."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: dict[str, int | None] = {}
        self.letters, self.page, self.inside = 0, 1, ""

    def startElementNS(  # noqa: N802
        self, name: wording.Name, qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        self.inside = name[1]
        if self.inside == wording.PAGE_TURN:
            self.page += 1
        elif self.inside in {"blip", "imagedata"}:
            key = wording.of(attrs, "embed") or wording.of(attrs, "id")
            self.shown.setdefault(key, self.page)

    def characters(self, content: str) -> None:
        if self.inside == "t":
            self.letters += len(content.strip())

    def endDocument(self) -> None:  # noqa: N802
        # Without a single turn nobody knows where its pages begin.
        if self.page == 1:
            self.shown = dict.fromkeys(self.shown)


class Links(ContentHandler):
    """What the keys in the text stand for, as names of parts."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: dict[str, str] = {}

    def startElementNS(  # noqa: N802
        self, name: wording.Name, qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        target = posixpath.join("/word", wording.of(attrs, "Target"))
        self.targets[wording.of(attrs, "Id")] = posixpath.normpath(target).lstrip("/")
