"""Small real files that stand for what people would upload."""

from __future__ import annotations

import io
import random
import textwrap
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

import pikepdf
from PIL import Image, ImageDraw, ImageFont

A4 = (595, 842)
NOTE = "Invented for the demo of this portal. No such person, no such case."


@dataclass(frozen=True)
class Sheet:
    """One page: a heading, paragraphs already broken into lines, and who signs it, if anybody."""

    heading: str
    lines: tuple[str, ...]
    signed_by: str = ""


def sheet(slug: str, *, name: str, organisation: str, city: str, workshop: str, on: date) -> Sheet:
    """What a person of that name would hand in for the required document `slug`."""
    heading, text, signer = TEXTS[slug]
    facts = {"name": name, "organisation": organisation, "city": city, "workshop": workshop}
    lines = [f"{city}, {on.day} {on:%B %Y}", ""]
    for paragraph in text.format(**facts).split("\n"):
        lines += [*textwrap.wrap(paragraph, 84), ""]
    return Sheet(heading, tuple(lines), signer.format(**facts))


TEXTS = {
    "case-study": (
        "Case study description",
        "A young adult, here called R., answered an advertisement for work in a hotel abroad. The "
        "documents were taken away on arrival, and the debt grew with every month.\n"
        "A neighbour called the hotline. {organisation} took part in the first conversation and "
        "found a bed for the night.\n"
        "What was hard: three offices asked the same questions on the same day, and nobody was "
        "sure who may pay for the journey home.\n"
        "What we would like to learn: how other cities agree on one person who stays with the "
        "case from the first evening to the last.",
        "",
    ),
    "nomination": (
        "Letter of nomination",
        "To the organisers of the workshop: {workshop}\n"
        "{organisation} nominates {name} for this workshop. The work of {name} brings our office "
        "together with victims every week.\n"
        "We release {name} from duty for all days of the training and will hear a report "
        "afterwards.",
        "Head of office, {organisation}",
    ),
    "commitment": (
        "Letter of commitment",
        "I, {name}, will prepare for the workshop, be there on all days and carry out what I "
        "plan there.\n"
        "I will report on my plan of action when I am asked to.",
        "{name}",
    ),
    "waiver": (
        "Acknowledgement, waiver and release of liability",
        "I, {name}, know that travel and study visits carry risks, and that I take part at my "
        "own.\n"
        "I am insured for the journey.",
        "{name}",
    ),
    "consent": (
        "Consent to collection, use and disclosure of personal information",
        "I, {name}, agree that my data are used to select participants and to run the workshop, "
        "and that they are erased when they are no longer needed for it.",
        "{name}",
    ),
    "cv": (
        "Curriculum vitae",
        "{name}\n{organisation}, {city}\n"
        "Work: casework with victims; training of front-line staff; member of the city's "
        "referral group.\n"
        "Education: social work, with courses on interviewing and on safe return.\n"
        "Languages: English and two languages of the region.",
        "",
    ),
}


def pdf(page: Sheet) -> bytes:
    """A one-page PDF with the fonts that every reader has, signed with a scrawl."""
    words = ["BT /Bold 15 Tf 64 760 Td", _shown(page.heading), "Tj ET"]
    words += ["BT /Plain 11 Tf 16 TL 64 724 Td"]
    words += [f"{_shown(line)} Tj T*" for line in page.lines]
    words += ["ET", f"BT /Plain 8 Tf 64 40 Td {_shown(NOTE)} Tj ET"]
    if page.signed_by:
        below = 690 - 16 * len(page.lines)
        words += [_scrawl(page, below), f"64 {below - 8} m 300 {below - 8} l 0.5 w S"]
        words += [f"BT /Plain 10 Tf 64 {below - 22} Td {_shown(page.signed_by)} Tj ET"]
    document = pikepdf.new()
    leaf = document.add_blank_page(page_size=A4)
    leaf.Resources = pikepdf.Dictionary(
        Font=pikepdf.Dictionary(Plain=_font("Helvetica"), Bold=_font("Helvetica-Bold"))
    )
    leaf.Contents = document.make_stream("\n".join(words).encode("cp1252"))
    document.docinfo["/Title"] = page.heading
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def word(page: Sheet) -> bytes:
    """The smallest document that a word processor opens."""
    paragraphs = "".join(
        f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>"
        for line in (page.heading, *page.lines, page.signed_by, NOTE)
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for path, xml in WORD_PARTS.items():
            package.writestr(path, xml.replace("PARAGRAPHS", paragraphs))
    return file.getvalue()


def photograph(page: Sheet) -> bytes:
    """A grey page, a little askew, as a telephone sees it."""
    picture = Image.new("L", (744, 1052), 236)
    pen = ImageDraw.Draw(picture)
    heading, text = ImageFont.load_default(22), ImageFont.load_default(16)
    pen.text((80, 80), _latin(page.heading), fill=40, font=heading)
    for number, line in enumerate((*page.lines, page.signed_by, "", NOTE)):
        pen.text((80, 140 + 24 * number), _latin(line), fill=60, font=text)
    file = io.BytesIO()
    picture.rotate(1.2, fillcolor=120).save(file, "JPEG", quality=60)
    return file.getvalue()


MAKERS = {".pdf": pdf, ".docx": word, ".jpg": photograph}

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
RELATIONS = "application/vnd.openxmlformats-package.relationships+xml"
WORD_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="{RELATIONS}"/>'
    f'<Override PartName="/word/document.xml" ContentType="{MAIN}"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}" Target="word/document.xml"/></Relationships>',
    "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>PARAGRAPHS</w:body></w:document>',
}


def _font(name: str) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name(f"/{name}"),
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )


def _latin(text: str) -> str:
    """`text` in the letters that the standard fonts have: Đặng is shown as Dang."""
    plain = text.replace("Đ", "D").replace("đ", "d").replace("\u02bb", "\u2018")
    return "".join(sign if _has(sign) else _bare(sign) for sign in plain)


def _has(sign: str) -> bool:
    return bool(sign.encode("cp1252", "ignore"))


def _bare(sign: str) -> str:
    letters = unicodedata.normalize("NFKD", sign)
    return "".join(letter for letter in letters if _has(letter)) or "?"


def _shown(text: str) -> str:
    """`text` as a string of the PDF language."""
    safe = _latin(text).replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"({safe})"


def _scrawl(page: Sheet, height: int) -> str:
    """Ink on a line: a curve of its own for every name."""
    hand = random.Random(page.signed_by + page.heading)  # noqa: S311 — a picture, no secret
    strokes = [f"0.1 0.15 0.5 RG 1.4 w 72 {height} m"]
    for step in range(1, 7):
        points = [
            f"{72 + 26 * step - hand.randint(0, 24)} {height + hand.randint(-8, 24)}"
            for _ in range(2)
        ]
        strokes.append(f"{points[0]} {points[1]} {72 + 26 * step} {height + hand.randint(0, 9)} c")
    return " ".join(strokes) + " S 0 0 0 RG"
