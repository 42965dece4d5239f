"""Good files in the shapes that people's programs give them; every one has to be taken.

Each shape is a name with a function that gives the file's content.
"""

import io
from functools import cache, partial
from pathlib import Path

import pikepdf
import weasyprint
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw

from tests.intake.good_pdfs import BY_HAND, CONTENTS, PAGE, STRUCTURES, noted_after_signing, signed
from tests.intake.good_words import WORDS
from tests.intake.samples import (
    bare_pdf,
    pdf,
    picture,
    updated,
)

# --- PDF: as scanners, browsers and presses make them ----------------------------------


def page_image(mode, size=(826, 1169)):
    paper = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(paper)
    for line in range(120, 900, 24):
        pen.line((90, line, 700 - line % 130, line), fill="black", width=3)
    return paper.convert(mode)


def scan(mode, pages=1):
    written, sheets = io.BytesIO(), [page_image(mode) for _page in range(pages)]
    sheets[0].save(written, "PDF", save_all=True, append_images=sheets[1:], resolution=100)
    return written.getvalue()


def fax(filter_name):
    """A scan whose pixels are packed in a way that is never unpacked here."""

    def change(made):
        page = made.pages[0].obj
        image = pikepdf.Stream(
            made,
            b"\x00" * 64,
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=800,
            Height=1000,
            ColorSpace=Name.DeviceGray,
            BitsPerComponent=1,
            Filter=Name(filter_name),
        )
        page.Resources.XObject = Dictionary(Im0=image)

    return pdf(change)


SCANS = {
    "in colours": partial(scan, "RGB"),
    "in grey": partial(scan, "L"),
    "in black and white": partial(scan, "1"),
    "of three pages": partial(scan, "L", 3),
    "packed as JBIG2": partial(fax, "/JBIG2Decode"),
    "packed as JPEG 2000": partial(fax, "/JPXDecode"),
}
PRINTED = {
    "a letter": ("<h1>Letter</h1><p>We nominate <a href='https://example.org'>her</a>.</p>", {}),
    "Arabic": ("<p dir=rtl lang=ar>رسالة ترشيح من البلدية</p>", {}),
    "Korean": ("<p lang=ko>추천서: 제주특별자치도</p>", {}),
    "an empty form": (
        "<form><input name=a><textarea name=b></textarea></form>",
        {"pdf_forms": True},
    ),
    **{
        f"for archives, {variant}": ("<h1>Letter</h1><p>Text</p>", {"pdf_variant": variant})
        for variant in ("pdf/a-1b", "pdf/a-2b", "pdf/a-3b", "pdf/a-4u", "pdf/ua-1")
    },
}


@cache
def printed(html, **how):
    return weasyprint.HTML(string=f"<html lang=en><title>A letter</title>{html}").write_pdf(**how)


# --- Pictures --------------------------------------------------------------------------


def turned_photo():
    exif = Image.Exif()
    exif[0x0112] = 6
    return picture(size=(400, 300), exif=exif.tobytes())


def photo_of_a_phone():
    """Two pictures in one JPEG: the photo, and what the phone keeps beside it."""
    written, photo = io.BytesIO(), Image.new("RGB", (400, 300), "gray")
    photo.save(written, "MPO", save_all=True, append_images=[photo.resize((80, 60))])
    return written.getvalue()


def index_png():
    written = io.BytesIO()
    page_image("RGB").quantize(16).save(written, "PNG", transparency=0)
    return written.getvalue()


JPEGS = {
    "a photo": picture,
    "a photo in grey": partial(picture, mode="L"),
    "a photo for the press": partial(picture, mode="CMYK"),
    "a photo that comes in steps": partial(picture, progressive=True),
    "a turned photo": turned_photo,
    "a photo of a phone": photo_of_a_phone,
}
PNGS = {
    "a drawing": partial(picture, "PNG"),
    "a clear drawing": partial(picture, "PNG", "RGBA"),
    "a drawing in grey with clear parts": partial(picture, "PNG", "LA"),
    "a drawing of few colours": index_png,
    "a drawing in black and white": partial(picture, "PNG", "1"),
    "a deep drawing": partial(picture, "PNG", "I;16"),
}

# As other programs wrote them; `test_real_files` says which.
FOUND = sorted((Path(__file__).parent / "real").iterdir())
REAL = {path.stem: path.read_bytes for path in FOUND}

GOOD = [
    *[(f"a PDF {title}", "a.pdf", partial(pdf, **how)) for title, how in STRUCTURES.items()],
    ("a PDF written by hand", "a.pdf", partial(bare_pdf, *BY_HAND)),
    ("a PDF with blank lines behind", "a.pdf", lambda: pdf() + b"\r\n" * 500),
    ("a PDF that was updated", "a.pdf", lambda: updated(bare_pdf(*BY_HAND), {3: PAGE})),
    ("a signed PDF", "a.pdf", signed),
    ("a PDF noted after it was signed", "a.pdf", noted_after_signing),
    ("a PDF of 12 pages", "a.pdf", partial(pdf, pages=12)),
    *[(f"a PDF {title}", "a.pdf", partial(pdf, how)) for title, how in CONTENTS.items()],
    *[(f"a scan {title}", "a.pdf", make) for title, make in SCANS.items()],
    *[
        (f"print: {title}", "a.pdf", partial(printed, html, **how))
        for title, (html, how) in PRINTED.items()
    ],
    *[(f"a document {title}", "a.docx", make) for title, make in WORDS.items()],
    *[(f"a real file: {path.stem}", f"a{path.suffix}", path.read_bytes) for path in FOUND],
    *[(title, "a.jpg", make) for title, make in JPEGS.items()],
    *[(title, "a.png", make) for title, make in PNGS.items()],
]
