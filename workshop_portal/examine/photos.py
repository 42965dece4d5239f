"""Photos of pages, put together into one PDF on A4."""

from __future__ import annotations

import io

import pikepdf
from PIL import Image, ImageOps

from workshop_portal.examine.picture import encoded, on_paper, thumbnail, upright
from workshop_portal.examine.verdict import Findings, NotTaken, Question

# A4 in points, and the tries to keep a page small enough: dots per inch, quality of JPEG.
SHORT, LONG = 595, 842
TRIES = ((200, 80), (150, 70), (110, 60), (80, 50))
MOST_PHOTOS = 20
# What a page costs besides its photo.
AROUND = 1_000


def examine(question: Question) -> Findings:
    """One page for each photo, in their order, as fine as the size limit allows."""
    count = len(question.paths)
    most = min(question.page_limit, MOST_PHOTOS)
    if count > most:
        raise NotTaken("many_photos", pages=count, most=most)
    pdf, written = pikepdf.Pdf.new(), io.BytesIO()
    for path in question.paths:
        finest = _photo(path)
        if not pdf.pages:
            question.keep("thumbnail", thumbnail(finest))
        _add_page(pdf, *_small_enough(finest, question.limit // count - AROUND))
    pdf.save(written)
    question.keep("content", written.getvalue())
    return Findings(pages=count)


def _photo(path: str) -> Image.Image:
    """Upright, on white, and no larger than a page at the finest try."""
    dots, _quality = TRIES[0]
    return _shrunk(on_paper(upright(path, longest=_length(LONG, dots))[0]), dots)


def _small_enough(finest: Image.Image, most: int) -> tuple[Image.Image, bytes]:
    """The photo and its JPEG of at most so many bytes, or the smallest of all tries."""
    for dots, quality in TRIES:
        photo = _shrunk(finest, dots)
        content = encoded(photo, "JPEG", quality=quality)
        if len(content) <= most:
            break
    return photo, content


def _shrunk(photo: Image.Image, dots: int) -> Image.Image:
    """No larger than the page at so many dots per inch."""
    sides = _length(SHORT, dots), _length(LONG, dots)
    if photo.height < photo.width:
        sides = sides[::-1]
    if photo.width <= sides[0] and photo.height <= sides[1]:
        return photo
    return ImageOps.contain(photo, sides, Image.Resampling.BOX)


def _length(points: int, dots: int) -> int:
    return points * dots // 72


def _add_page(pdf: pikepdf.Pdf, photo: Image.Image, content: bytes) -> None:
    """On a page that lies as the photo does, in its middle."""
    width, height = (SHORT, LONG) if photo.height >= photo.width else (LONG, SHORT)
    scale = min(width / photo.width, height / photo.height)
    wide, high = photo.width * scale, photo.height * scale
    place = f"q {wide:.2f} 0 0 {high:.2f} {(width - wide) / 2:.2f} {(height - high) / 2:.2f} cm"
    image = pikepdf.Stream(
        pdf,
        content,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=photo.width,
        Height=photo.height,
        ColorSpace=pikepdf.Name.DeviceGray if photo.mode == "L" else pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    page = pdf.add_blank_page(page_size=(width, height))
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Photo=image))
    page.obj.Contents = pikepdf.Stream(pdf, f"{place} /Photo Do Q".encode())
