"""A case study that should show nobody (row 78): photos and pages that are pictures are told."""

import io
import random

import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFilter

from tests.intake import samples
from tests.intake.checks import check
from workshop_portal.examine.tones import looks_like_a_photo
from workshop_portal.files import checking
from workshop_portal.files.examiner import EXAMINER, Unanswered

BLIP = (
    '<w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'r:embed="rId1"/></w:drawing>'
)
TURN = "<w:r><w:lastRenderedPageBreak/></w:r>"
STORY = "A young adult came to our office and asked for help with a contract."


def photo(size=(320, 240)):
    """Light and shade without any line, as a camera sees them."""
    chance = random.Random(7)
    small = Image.new("RGB", (40, 30))
    small.putdata([tuple(chance.randrange(256) for _band in "RGB") for _dot in range(1200)])
    return small.resize(size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(3))


def chart(size=(320, 240)):
    drawn = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(drawn)
    for number, colour in enumerate(("navy", "teal", "orange", "firebrick")):
        pen.rectangle((20 + 70 * number, 200 - 40 * number, 70 + 70 * number, 220), fill=colour)
    pen.text((20, 10), "Cases by year", fill="black")
    return drawn


def page_of_text(size=(1240, 1754)):
    """A scanned page: grey, uneven paper with lines of letters."""
    paper = Image.linear_gradient("L").resize(size).point(lambda tone: 205 + tone // 8)
    pen = ImageDraw.Draw(paper)
    for line in range(120, 1600, 34):
        pen.text((120, line), STORY * 2, fill=40)
    return paper


def jpeg(picture):
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=80)
    return written.getvalue()


def text_with(picture, *, words=STORY, page=2):
    """A PDF of three pages; on one of them stand these words, and the picture."""

    def change(made):
        image = made.make_stream(
            jpeg(picture.convert("RGB")),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=picture.width,
            Height=picture.height,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        shown = made.pages[page - 1].obj
        shown.Resources.XObject = pikepdf.Dictionary(Im=image)
        shown.Contents = made.make_stream(
            f"BT /F1 9 Tf 72 800 Td ({words}) Tj ET q 300 0 0 225 72 400 cm /Im Do Q".encode()
        )

    return samples.pdf(change, pages=3)


def word_with(picture, *paragraphs):
    return samples.word(
        *paragraphs,
        word___rels__document_dot_xml_dot_rels=samples.links(
            ("image", 'Target="media/image1.jpeg"')
        ),
        word__media__image1_dot_jpeg=jpeg(picture),
    )


def cautions(name, content, *, names_nobody=True):
    return check(name, content, names_nobody=names_nobody).cautions


@pytest.mark.parametrize(("make", "is_one"), [(photo, True), (chart, False), (page_of_text, False)])
def test_a_photo_is_told_from_a_chart_and_from_lines_of_letters(make, is_one):
    assert looks_like_a_photo(make()) is is_one
    assert looks_like_a_photo(make().convert("L").resize((30, 30))) is False


def test_a_photo_in_a_pdf_is_pointed_out_with_its_page():
    assert cautions("case.pdf", text_with(photo())) == [{"code": "photo", "page": 2}]


def test_a_chart_in_a_pdf_is_not():
    assert cautions("case.pdf", text_with(chart())) == []


def test_a_page_that_is_a_picture_says_that_nobody_could_look_through_its_words():
    scanned = text_with(page_of_text(), words="", page=3)

    assert cautions("case.pdf", scanned) == [{"code": "scan", "page": 3}]


def test_a_photo_in_a_word_file_is_pointed_out_with_its_page_where_word_knows_it():
    shown = samples.run(STORY), TURN + samples.run("Our office.") + f"<w:r>{BLIP}</w:r>"
    unknown = samples.run(STORY), f"<w:r>{BLIP}</w:r>"

    assert cautions("case.docx", word_with(photo(), *shown)) == [{"code": "photo", "page": 2}]
    assert cautions("case.docx", word_with(photo(), *unknown)) == [{"code": "photo", "page": None}]
    assert cautions("case.docx", word_with(chart(), *shown)) == []


def test_a_word_file_of_nothing_but_pages_as_pictures_is_told_so():
    assert cautions("case.docx", word_with(page_of_text(), f"<w:r>{BLIP}</w:r>")) == [
        {"code": "scan", "page": None}
    ]


def test_in_other_documents_a_photo_belongs():
    assert cautions("cv.pdf", text_with(photo()), names_nobody=False) == []
    shown = word_with(photo(), samples.run(STORY), f"<w:r>{BLIP}</w:r>")
    assert cautions("cv.docx", shown, names_nobody=False) == []


def test_when_the_pictures_cannot_be_looked_at_the_file_is_taken_and_that_is_said(monkeypatch):
    asked = EXAMINER.ask

    def silent(*, job, **question):
        if job == "pictures":
            raise Unanswered
        return asked(job=job, **question)

    monkeypatch.setattr(checking.EXAMINER, "ask", silent)

    assert cautions("case.pdf", text_with(photo())) == [{"code": "pictures"}]
