"""Files as people and troublemakers make them."""

import io
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image

from tests.conftest import GOOD_PDF


def pdf(**how):
    made, written = pikepdf.Pdf.new(), io.BytesIO()
    made.add_blank_page()
    made.save(written, **how)
    return written.getvalue()


def packed(members):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def picture(form="JPEG", mode="RGB", **how):
    written = io.BytesIO()
    Image.new(mode, (32, 24), 120).save(written, form, **how)
    return written.getvalue()


def photo_with_a_place():
    exif = Image.Exif()
    exif[0x010E] = "GPS-CANARY <?php system(1) ?>"
    return picture(exif=exif.tobytes())


def flood():
    """A PNG of a few bytes that says it has 3.6 billion pixels."""
    parts = {b"IHDR": struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0), b"IDAT": b"x"}
    chunks = [
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
        for name, content in parts.items()
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


WORD = packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>"})
LOCKED = pdf(encryption=pikepdf.Encryption(user="u", owner="o"))
NO_PRINTING = pdf(encryption=pikepdf.Encryption(user="", owner="o"))
JPEG, PNG = picture(), picture("PNG")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HEIC = b"\x00\x00\x00\x18ftypheic" + bytes(200)
BOMB = packed(
    {"[Content_Types].xml": "x", "word/document.xml": "x", "word/media/a": bytes(101 * 1024 * 1024)}
)

REFUSED = [
    ("empty", "cv.pdf", b"", "is empty"),
    ("a program", "cv.pdf", b"MZ" + bytes(200), "looks like a program"),
    ("a web page", "cv.pdf", b"<html><script>", "is not one of the kinds"),
    ("a web page with a PDF in it", "cv.pdf", b"<html><script><!--\n" + GOOD_PDF, "in front of"),
    ("junk and a PDF", "cv.pdf", b"A" * 900 + GOOD_PDF, "in front of"),
    ("a PDF with an archive behind", "cv.pdf", GOOD_PDF + packed({"a": "b"}), "after the end"),
    ("half a PDF", "cv.pdf", GOOD_PDF[: len(GOOD_PDF) // 2], "damaged or incomplete"),
    ("half a PDF with an end", "cv.pdf", GOOD_PDF[:150] + b"%%EOF", "damaged or incomplete"),
    ("a PDF without its middle", "cv.pdf", pdf()[: len(pdf()) // 2] + b"\n%%EOF", "damaged"),
    ("only the head of a PDF", "cv.pdf", b"%PDF-1.7", "damaged or incomplete"),
    ("a PDF with a password", "cv.pdf", LOCKED, "protected by a password"),
    ("a picture called PDF", "cv.pdf", JPEG, "it is a JPEG file. Rename it"),
    ("an iPhone photo", "scan.heic", HEIC, "HEIC format of an iPhone"),
    ("a drawing", "a.svg", SVG, "is not one of the kinds"),
    ("a drawing called PNG", "a.png", SVG, "is not one of the kinds"),
    ("a GIF", "a.gif", b"GIF89a/*" + bytes(50), "is not one of the kinds"),
    ("half a photo", "a.jpg", JPEG[: len(JPEG) // 2], "damaged or incomplete"),
    ("a flood of pixels", "a.png", flood(), "too large a picture"),
    ("an old Word file", "cv.doc", b"\xd0\xcf\x11\xe0" + bytes(600), "old version of Word"),
    ("an archive", "cv.docx", packed({"a": "b"}), "is not one of the kinds"),
    ("a torn Word file", "cv.docx", WORD[:60], "is not one of the kinds"),
    ("a Word file without its types", "a.docx", packed({"word/document.xml": "x"}), "damaged"),
    ("a bomb", "a.docx", BOMB, "becomes far too large"),
    ("a program by its name", "cv.pdf.exe", GOOD_PDF, "says .exe in its name"),
    ("a name turned round", "рез\u202efdp.exe", GOOD_PDF, "says .exe in its name"),
    ("no name but a suffix", ".pdf", GOOD_PDF, "could not be read"),
    ("no suffix", "letter", GOOD_PDF, "could not be read"),
]
TAKEN = [
    ("a PDF", "cv.pdf", GOOD_PDF, "cv.pdf"),
    ("a PDF as a library writes it", "cv.pdf", pdf(), "cv.pdf"),
    (
        "a PDF with object streams",
        "a.pdf",
        pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate),
        "a.pdf",
    ),
    ("a PDF for the web", "a.pdf", pdf(linearize=True), "a.pdf"),
    ("a PDF that may not be printed", "cv.pdf", NO_PRINTING, "cv.pdf"),
    ("a PDF with blank lines behind", "cv.pdf", GOOD_PDF + b"\r\n" * 5000, "cv.pdf"),
    ("capitals", "CV.PDF", GOOD_PDF, "CV.PDF"),
    ("a word file", "cv.docx", WORD, "cv.docx"),
    ("a photo", "scan.jpeg", JPEG, "scan.jpeg"),
    ("a photo for the press", "scan.jpg", picture(mode="CMYK"), "scan.jpg"),
    ("a drawing", "scan.png", PNG, "scan.png"),
    ("a deep drawing", "scan.png", picture("PNG", "I;16"), "scan.png"),
    ("a name with .exe in the middle", "a.exe.pdf", GOOD_PDF, "a.exe.pdf"),
    ("a path", "../../etc/cv.pdf", GOOD_PDF, "cv.pdf"),
    ("a path of Windows", "C:\\x\\cv.pdf", GOOD_PDF, "cv.pdf"),
    ("a device", "con.pdf", GOOD_PDF, "con.pdf"),
    ("a dot behind", "cv.pdf. ", GOOD_PDF, "cv.pdf"),
    ("invisible marks", "c\u200bv\u202e.pdf", GOOD_PDF, "cv.pdf"),
    ("markup", "<img src=x onerror=1>.pdf", GOOD_PDF, "<img src=x onerror=1>.pdf"),
    ("quotes", '"; x=.pdf', GOOD_PDF, '"; x=.pdf'),
    ("a formula", "=cmd|x.pdf", GOOD_PDF, "=cmd|x.pdf"),
    ("Korean", "이력서.pdf", GOOD_PDF, "이력서.pdf"),
    ("Arabic", "رسالة.pdf", GOOD_PDF, "رسالة.pdf"),
    ("smileys", "😀.pdf", GOOD_PDF, "😀.pdf"),
    ("a long name", "ж" * 300 + ".pdf", GOOD_PDF, "ж" * 146 + ".pdf"),
]
