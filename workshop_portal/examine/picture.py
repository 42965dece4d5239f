"""Pictures: drawn anew, without the place where they were taken or anything hidden in them."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageOps

from workshop_portal.examine.verdict import Findings, NotTaken, Question

LARGEST_PICTURE = 40_000_000
THUMBNAIL = (240, 340)
TORN = (OSError, ValueError, SyntaxError, ZeroDivisionError, Image.DecompressionBombError)
Image.MAX_IMAGE_PIXELS = None


def examine(question: Question) -> Findings:
    """One picture: it comes back drawn anew, in the format that it had."""
    seen, form = upright(question.paths[0])
    if form == "JPEG" and seen.mode not in {"L", "RGB"}:
        seen = seen.convert("RGB")
    question.keep("content", encoded(seen, form, **({"quality": 90} if form == "JPEG" else {})))
    question.keep("thumbnail", thumbnail(seen))
    return Findings(pages=1)


def upright(path: str, longest: int = 0) -> tuple[Image.Image, str]:
    """The picture as one looks at it, and whether it came as JPEG or PNG.

    With `longest` it is read in a smaller size if one of its sides has more pixels than that.
    """
    try:
        with Image.open(io.BytesIO(Path(path).read_bytes()), formats=["JPEG", "PNG"]) as sent:
            if sent.width * sent.height > LARGEST_PICTURE:
                raise NotTaken("pixels")
            # Some phones hide several pictures in one JPEG; the first is the photo.
            form = "PNG" if sent.format == "PNG" else "JPEG"
            if longest:
                sent.thumbnail((longest, longest))
            return ImageOps.exif_transpose(sent), form
    except TORN as fault:
        raise NotTaken("torn_picture") from fault


def on_paper(seen: Image.Image) -> Image.Image:
    """In grey or in colours of the screen, with white where it was transparent."""
    if seen.mode in {"L", "RGB"}:
        return seen
    if seen.mode.startswith("I"):
        return seen.point(lambda depth: depth / 256).convert("L")
    if "A" in seen.getbands() or "transparency" in seen.info:
        clear = seen.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(paper, clear).convert("RGB")
    return seen.convert("L" if seen.mode == "1" else "RGB")


def thumbnail(seen: Image.Image) -> bytes:
    """A JPEG of a few thousand bytes."""
    small = seen.copy()
    small.thumbnail(THUMBNAIL)
    return encoded(on_paper(small), "JPEG", quality=70)


def encoded(picture: Image.Image, form: str, **how: int) -> bytes:
    """What one sees of a picture and nothing else: no place, no comment, no colour profile."""
    written = io.BytesIO()
    picture.info = {name: fact for name, fact in picture.info.items() if name == "transparency"}
    picture.save(written, form, **how)
    return written.getvalue()
