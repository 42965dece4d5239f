"""Files as people and troublemakers make them, and the tools to make more."""

import io
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image, ImageDraw

from tests.conftest import GOOD_PDF

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


# --- PDF -------------------------------------------------------------------------------


def pdf(change=None, *, pages=1, **how):
    """A PDF with a little text on every page; `change(pdf)` may do things to it."""
    made, written = pikepdf.Pdf.new(), io.BytesIO()
    for number in range(1, pages + 1):
        page = made.add_blank_page(page_size=(595, 842))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.obj.Contents = made.make_stream(b"BT /F1 24 Tf 72 720 Td (Page %d) Tj ET" % number)
    if change:
        change(made)
    made.save(written, **how)
    return written.getvalue()


def written_pdf(lines):
    """A PDF of one page with these lines of text on it."""
    text = b"".join(b"(%s) Tj T*\n" % line.encode("cp1252") for line in lines)

    def write(made):
        made.pages[0].obj.Contents = made.make_stream(
            b"BT /F1 12 Tf 14 TL 72 720 Td " + text + b"ET"
        )

    return pdf(write)


def bare_pdf(*objects):
    """A PDF written by hand, object by object; the first is the catalogue."""
    body, table = b"%PDF-1.7\n", b"0000000000 65535 f \n"
    for number, content in enumerate(objects, start=1):
        table += b"%010d 00000 n \n" % len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    size = len(objects) + 1
    xref = b"xref\n0 %d\n%strailer\n<< /Size %d /Root 1 0 R >>\n" % (size, table, size)
    return body + xref + b"startxref\n%d\n%%%%EOF\n" % len(body)


def many_pages(count):
    """A PDF whose pages are all empty, quickly written."""
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    tree = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids)
    parts = [b"<< /Type /Catalog /Pages 2 0 R >>", tree, *[page] * count]
    body, places = [b"%PDF-1.7\n"], []
    at = len(body[0])
    for number, part in enumerate(parts, start=1):
        body.append(b"%d 0 obj\n%s\nendobj\n" % (number, part))
        places.append(b"%010d 00000 n \n" % at)
        at += len(body[-1])
    size = len(parts) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, b"".join(places))
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, at)
    return b"".join(body) + table + end


def updated(before, objects):
    """The same PDF with objects written behind its end, as signing and filling in do."""
    last = before.rindex(b"startxref")
    previous = int(before[last:].split()[1])
    size = int(before[before.rindex(b"/Size") :].split()[1])
    body, table = before, b""
    for number, content in sorted(objects.items()):
        table += b"%d 1\n%010d 00000 n \n" % (number, len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    size = max(size, *(number + 1 for number in objects))
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Prev %d >>\n" % (size, previous)
    return body + b"xref\n" + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)


# --- Word ------------------------------------------------------------------------------


def packed(members, *, stored=False):
    """A zip archive; a name may be a ZipInfo."""
    written = io.BytesIO()
    how = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(written, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(name, content, how)
    return written.getvalue()


def types(main=f"{CONTENT_TYPE}.document.main+xml", more=""):
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/>{more}</Types>'
    )


def links(*targets):
    """The list of what a part leads to, from pairs of kind and attributes."""
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" {how}/>'
        for number, (kind, how) in enumerate(targets, start=1)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{LINKS}">{each}</Relationships>'


def text(*paragraphs):
    """The text of a Word document; a paragraph is its markup."""
    each = "".join(f"<w:p>{paragraph}</w:p>" for paragraph in paragraphs)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document {SPACE}><w:body>{each}'
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>'
    )


def run(words, how=""):
    return f'<w:r><w:rPr>{how}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def word(*paragraphs, main=f"{CONTENT_TYPE}.document.main+xml", more_types="", **parts):
    """A Word document; further parts by name, with `__` for the slash and `_dot_` for the dot."""
    named = {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    return packed(
        {
            "[Content_Types].xml": types(main, more_types),
            "_rels/.rels": links(("officeDocument", 'Target="word/document.xml"')),
            "word/document.xml": text(*(paragraphs or [run("A letter.")])),
            **named,
        }
    )


# --- Pictures --------------------------------------------------------------------------


def picture(form="JPEG", mode="RGB", size=(32, 24), **how):
    written = io.BytesIO()
    drawn = Image.new("RGB", size, "white")
    ImageDraw.Draw(drawn).rectangle((4, 4, size[0] // 2, size[1] // 2), fill="navy")
    (drawn.convert("L") if mode.startswith("I") else drawn).convert(mode).save(written, form, **how)
    return written.getvalue()


def photo_with_a_place():
    exif = Image.Exif()
    exif[0x010E] = "GPS-CANARY <?php system(1) ?>"
    exif.get_ifd(0x8825)[2] = (33.0, 30.0, 12.0)
    return picture(exif=exif.tobytes(), comment=b"GPS-CANARY")


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


WORD = word()
JPEG, PNG = picture(), picture("PNG")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HEIC = b"\x00\x00\x00\x18ftypheic" + bytes(200)

# A few that are refused: what it is, its name, its content, what the sentence says.
REFUSED = [
    ("empty", "cv.pdf", b"", "is empty"),
    ("a program", "cv.pdf", b"MZ" + bytes(200), "looks like a program"),
    ("a web page", "cv.pdf", b"<html><script>", "is a web page"),
    ("a web page with a PDF in it", "cv.pdf", b"<html><script><!--\n" + GOOD_PDF, "in front of"),
    ("a PDF with an archive behind", "cv.pdf", GOOD_PDF + packed({"a": "b"}), "after the end"),
    ("half a PDF", "cv.pdf", GOOD_PDF[: len(GOOD_PDF) // 2], "damaged or incomplete"),
    ("a picture called PDF", "cv.pdf", JPEG, "it is a JPEG file. Rename it"),
    ("an iPhone photo", "scan.heic", HEIC, "HEIC format of an iPhone"),
    ("a program by its name", "cv.pdf.exe", GOOD_PDF, "says .exe in its name"),
    ("no name but a suffix", ".pdf", GOOD_PDF, "could not be read"),
]
