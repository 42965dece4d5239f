"""Good Word documents, with the parts that each program puts into them."""

import io
import zipfile
from functools import partial

from tests.intake.samples import (
    CONTENT_TYPE,
    links,
    packed,
    picture,
    run,
    text,
    types,
    word,
)

# --- Word ------------------------------------------------------------------------------

HEADING = run("Curriculum vitae", "<w:b/><w:sz w:val='32'/>")
LINK_FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText> HYPERLINK "https://example.org/DDE/a" </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    + run("a page")
    + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
PAGE_FIELD = '<w:fldSimple w:instr=" PAGE \\* MERGEFORMAT ">' + run("1") + "</w:fldSimple>"
INDEX = run("Contents", "<w:webHidden/>") + run("shown", '<w:vanish w:val="false"/>')
PNG_TYPE = '<Default Extension="png" ContentType="image/png"/>'
GLOSSARY = (
    '<Override PartName="/word/glossary/document.xml" '
    f'ContentType="{CONTENT_TYPE}.document.glossary+xml"/>'
)
PROPERTIES = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Microsoft Office Word</Application><Pages>2</Pages></Properties>"
)
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A life</dc:title>'
    "</cp:coreProperties>"
)
COMMON = {
    "word__styles_dot_xml": "<styles/>",
    "word__settings_dot_xml": "<settings/>",
    "word__fontTable_dot_xml": "<fonts/>",
    "docProps__core_dot_xml": CORE,
    "docProps__app_dot_xml": PROPERTIES,
}
OF_WORD = {
    **COMMON,
    "word__theme__theme1_dot_xml": "<theme/>",
    "word__webSettings_dot_xml": "<webSettings/>",
    "word__numbering_dot_xml": "<numbering/>",
    "word__footnotes_dot_xml": "<footnotes/>",
    "word__endnotes_dot_xml": "<endnotes/>",
    "customXml__item1_dot_xml": "<b:Sources xmlns:b='x'/>",
    "customXml__itemProps1_dot_xml": "<item/>",
}
TO_THE_WEB = links(
    ("hyperlink", 'Target="https://example.org/" TargetMode="External"'),
    ("hyperlink", 'Target="mailto:a@example.org" TargetMode="External"'),
    ("image", 'Target="media/image1.png"'),
    ("styles", 'Target="styles.xml"'),
)
LETTER_PAPER = links(
    (
        "attachedTemplate",
        'Target="file:///C:\\Users\\A\\Templates\\Office%20letter.dotx" TargetMode="External"',
    )
)


def streamed():
    """As programs write that do not know the length of a part before its end."""

    class Pipe(io.RawIOBase):
        def __init__(self):
            self.written = b""

        def writable(self):
            return True

        def write(self, piece):
            self.written += bytes(piece)
            return len(piece)

    pipe = Pipe()
    with (
        zipfile.ZipFile(io.BytesIO(word(HEADING))) as whole,
        zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for member in whole.infolist():
            archive.writestr(member.filename, whole.read(member))
    return pipe.written


def foldered():
    with zipfile.ZipFile(io.BytesIO(word(HEADING))) as whole:
        members = {member.filename: whole.read(member) for member in whole.infolist()}
    return packed(
        {"[Content_Types].xml": members.pop("[Content_Types].xml"), "word/": "", **members}
    )


def of_sharepoint():
    main = types().replace("/word/document.xml", "/word/document2.xml")
    start = links(("officeDocument", 'Target="word/document2.xml"'))
    return packed(
        {"[Content_Types].xml": main, "_rels/.rels": start, "word/document2.xml": text(HEADING)}
    )


WORDS = {
    "of Word": partial(word, HEADING, run("Text"), **OF_WORD),
    "with links, a picture and fields": partial(
        word,
        HEADING,
        LINK_FIELD,
        PAGE_FIELD,
        INDEX,
        more_types=PNG_TYPE,
        word___rels__document_dot_xml_dot_rels=TO_THE_WEB,
        word__media__image1_dot_png=picture("PNG"),
        word__header1_dot_xml=text(PAGE_FIELD),
        word__footer1_dot_xml=text(PAGE_FIELD),
        **OF_WORD,
    ),
    "on the letter paper of an office": partial(
        word, HEADING, word___rels__settings_dot_xml_dot_rels=LETTER_PAPER, **OF_WORD
    ),
    "with a glossary": partial(
        word, HEADING, more_types=GLOSSARY, word__glossary__document_dot_xml=text(run("x"))
    ),
    "with a preview and a label": partial(
        word,
        HEADING,
        docProps__thumbnail_dot_jpeg=picture(),
        docMetadata__LabelInfo_dot_xml="<clbl:labelList xmlns:clbl='x'/>",
        **OF_WORD,
    ),
    "with a font of its own": partial(
        word, HEADING, word__fonts__font1_dot_odttf=bytes(range(256)) * 40, **COMMON
    ),
    "with a drawing of Windows": partial(
        word, HEADING, word__media__image1_dot_emz=b"\x1f\x8b\x08" + bytes(99), **COMMON
    ),
    "with the lists of comments but no comment": partial(
        word, HEADING, word__people_dot_xml="<people/>", word__commentsIds_dot_xml="<ids/>"
    ),
    "of LibreOffice": partial(word, HEADING, docProps__custom_dot_xml="<Properties/>", **COMMON),
    "of Google Docs": partial(
        word, HEADING, word__numbering_dot_xml="<numbering/>", word__styles_dot_xml="<styles/>"
    ),
    "of Pages": partial(
        word, HEADING, word__theme__theme1_dot_xml="<theme/>", word__styles_dot_xml="<styles/>"
    ),
    "of SharePoint": of_sharepoint,
    "with folders": foldered,
    "streamed": streamed,
    "in Korean": partial(word, run("이력서: 김민지"), **COMMON),
    "of three hundred paragraphs": partial(word, *[run(f"Line {n}") for n in range(300)], **COMMON),
}
