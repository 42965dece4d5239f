"""Photos of pages become one PDF."""

import io

import pikepdf
import pytest
from PIL import Image

from tests.conftest import GOOD_PDF
from tests.intake import samples
from tests.intake.checks import MEGABYTE, check, verdict
from workshop_portal.files import PDF, NotTaken


def photo(size, orientation=1):
    exif = Image.Exif()
    exif[0x0112] = orientation
    written = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(written, "JPEG", exif=exif, quality=70)
    return written.getvalue()


def boxes(pdf):
    """Of each page its width and height, and the width and height of the photo on it."""
    with pikepdf.open(pdf) as opened:
        return [
            (
                *(int(side) for side in page.mediabox.as_list()[2:]),
                int(page.obj.Resources.XObject.Photo.Width),
                int(page.obj.Resources.XObject.Photo.Height),
            )
            for page in opened.pages
        ]


def test_photos_of_pages_become_one_pdf_on_a4_as_one_looks_at_them():
    upright, sideways, small = photo((1800, 2400)), photo((1800, 2400), 6), samples.PNG

    checked = check("Letter.jpg", upright, sideways, small, kinds=[PDF])

    assert (checked.name, checked.kind, checked.pages) == ("Letter.pdf", PDF, 3)
    assert boxes(checked.content) == [
        (595, 842, 1652, 2203),
        (842, 595, 2203, 1652),
        (842, 595, 32, 24),
    ]
    assert verdict("Letter.pdf", checked.content.open().read()) == ""
    assert checked.thumbnail


def test_photos_of_pages_are_made_coarser_until_they_fit():
    pages = [photo((1800, 2400))] * 2

    checked = check("Letter.pdf", *pages, kinds=[PDF], limit=MEGABYTE)

    assert checked.size <= MEGABYTE
    assert [box[2] < 1652 for box in boxes(checked.content)] == [True, True]


def test_nothing_of_the_photos_but_what_one_sees_is_in_the_pdf():
    content = check("a.pdf", *[samples.photo_with_a_place()] * 2, kinds=[PDF]).content.read()

    assert b"GPS-CANARY" not in content


@pytest.mark.parametrize(
    ("pages", "code"),
    [
        ([samples.JPEG, GOOD_PDF], "not_a_photo"),
        ([samples.JPEG, b""], "not_a_photo"),
        ([samples.JPEG, samples.HEIC], "iphone"),
        ([samples.JPEG, samples.JPEG[:300]], "torn_picture"),
        ([samples.JPEG, samples.flood()], "pixels"),
        ([samples.JPEG] * 21, "many_photos"),
    ],
    ids=["a PDF", "nothing", "an iPhone photo", "half a photo", "a flood", "21 photos"],
)
def test_only_a_few_whole_photos_can_be_put_together(pages, code):
    assert verdict("Letter.pdf", *pages, kinds=[PDF]) == code


def test_photos_that_cannot_be_made_to_fit_are_refused_with_both_sizes():
    with pytest.raises(NotTaken) as refused:
        check("Letter.pdf", *[photo((1800, 2400))] * 2, kinds=[PDF], limit=2_000)

    assert refused.value.code == "large"
    assert refused.value.params["limit"] == 2_000
