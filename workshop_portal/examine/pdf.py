"""PDF: whole, ending where it ends, and holding nothing but pages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pikepdf

from workshop_portal.examine.verdict import Findings, NotTaken, Question

WHITE = b"\x00\t\n\x0c\r "
END = b"%%EOF"
NEAR_THE_END = 65_536
# The longest side that PDF knows, in points: 200 inches.
LONGEST_SIDE = 14_400
BROKEN = (
    pikepdf.PdfError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)

# Actions by their name, and kinds of annotations and streams; see ISO 32000, 12.6.4 and 12.5.6.
ACTIONS = {
    "/JavaScript": "script",
    "/Launch": "action",
    "/SubmitForm": "action",
    "/ImportData": "action",
    "/GoToR": "action",
    "/GoToE": "action",
    "/Rendition": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/RichMediaExecute": "media",
}
SUBTYPES = {
    "/FileAttachment": "attachment",
    "/RichMedia": "media",
    "/3D": "media",
    "/Movie": "media",
    "/Sound": "media",
}
KEYS = {"/JS": "script", "/EF": "attachment", "/XFA": "xfa"}
TYPES = {"/EmbeddedFile": "attachment"}
# Most objects hold none of these words, and are not looked at more closely.
SUSPECT = re.compile(
    b"|".join(re.escape(word.encode()) for word in sorted({*ACTIONS, *SUBTYPES, *KEYS, *TYPES}))
)


def examine(question: Question) -> Findings:
    """A PDF that can be taken, with the number of its pages."""
    data = question.read().rstrip(WHITE)
    if not data.endswith(END):
        raise NotTaken("tail" if END in data[-NEAR_THE_END:] else "damaged")
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pages = _count(pdf, question.page_limit)
            _measure(pdf)
            _search(pdf)
            if any(_is_damage(str(warning)) for warning in pdf.get_warnings()):
                raise NotTaken("damaged")
    except pikepdf.PasswordError as fault:
        raise NotTaken("locked") from fault
    except BROKEN as fault:
        raise NotTaken("damaged") from fault
    return Findings(pages=pages)


def _is_damage(warning: str) -> bool:
    return "reconstruct" in warning or "damaged" in warning


def _count(pdf: pikepdf.Pdf, most: int) -> int:
    pages = len(pdf.pages)
    if not pages:
        raise NotTaken("damaged" if pdf.get_warnings() else "no_pages")
    if pages > most:
        raise NotTaken("many_pages", pages=pages, most=most)
    return pages


def _measure(pdf: pikepdf.Pdf) -> None:
    for number, page in enumerate(pdf.pages, start=1):
        left, low, right, high = [Decimal(str(side)) for side in page.mediabox.as_list()]
        unit = Decimal(str(page.obj.get("/UserUnit", 1)))
        sides = (abs(right - left) * unit, abs(high - low) * unit)
        if not all(1 <= side <= LONGEST_SIDE for side in sides):
            raise NotTaken("page_size", page=number)


def _search(pdf: pikepdf.Pdf) -> None:
    """Raise for anything that acts, wherever it lies: every object is seen, used or not."""
    for thing in pdf.objects:
        held = thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing
        if isinstance(held, pikepdf.Dictionary | pikepdf.Array) and SUSPECT.search(
            held.unparse(resolved=True)
        ):
            for part in _dictionaries(held):
                if code := _danger(part):
                    raise NotTaken(code)


def _danger(part: pikepdf.Dictionary) -> str:
    for key, code in KEYS.items():
        if key in part:
            return code
    for key, codes in (("/S", ACTIONS), ("/Subtype", SUBTYPES), ("/Type", TYPES)):
        value = part.get(key)
        if isinstance(value, pikepdf.Name) and str(value) in codes:
            return codes[str(value)]
    return ""


def _dictionaries(held: Any) -> Iterator[pikepdf.Dictionary]:
    """The dictionary and those that lie in it; what it only points to is an object of its own."""
    waiting = [held]
    while waiting:
        part = waiting.pop()
        if isinstance(part, pikepdf.Dictionary):
            yield part
            waiting += [value for _key, value in part.items() if _lies_in(value)]
        elif isinstance(part, pikepdf.Array):
            waiting += [value for value in part if _lies_in(value)]


def _lies_in(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect
