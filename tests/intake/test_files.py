"""Uploads: what they are by their content, whatever they say of themselves."""

import hashlib
import io
import os
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.conftest import GOOD_PDF
from tests.intake import good_files, samples
from tests.intake.checks import LIMIT, MEGABYTE, check, verdict
from workshop_portal import files
from workshop_portal.files import (
    JPEG,
    PDF,
    PNG,
    Checked,
    NotTaken,
    caution_words,
    glance,
    sentence,
    shown_name,
    size_words,
)
from workshop_portal.files.sentences import CAUTIONS, ON_PAGE

# --- Names ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/cv.pdf", "cv.pdf"),
        ("C:\\x\\cv.pdf", "cv.pdf"),
        ("c\x00v\r\n.pdf", "cv.pdf"),
        ("c\u200bv\u202e.pdf", "cv.pdf"),
        ("<img src=x onerror=1>.pdf", "<img src=x onerror=1>.pdf"),
        ('"; x=.pdf', '"; x=.pdf'),
        ("=cmd|x.pdf", "=cmd|x.pdf"),
        ("a.exe.pdf", "a.exe.pdf"),
        ("A.PDF", "A.PDF"),
        ("con.pdf", "con.pdf"),
        ("cv.pdf. ", "cv.pdf"),
        ("이력서.pdf", "이력서.pdf"),
        ("رسالة.pdf", "رسالة.pdf"),
        ("😀.pdf", "😀.pdf"),
        ("ж" * 300 + ".pdf", "ж" * 146 + ".pdf"),
        ("y" * 300 + ".pdf", "y" * 146 + ".pdf"),
    ],
)
def test_a_good_file_is_taken_under_its_readable_name(name, shown):
    assert check(name, GOOD_PDF).name == shown


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (".pdf", "nameless"),
        ("..", "nameless"),
        ("letter", "nameless"),
        ("рез\u202efdp.exe", "misnamed"),
        ("a.pdf.exe", "misnamed"),
        ("cv.docx", "misnamed"),
    ],
)
def test_a_name_that_hides_what_a_file_is_is_refused(name, code):
    assert verdict(name, GOOD_PDF) == code


@given(st.text(max_size=400))
def test_a_shown_name_is_short_and_holds_nothing_invisible(name):
    shown = shown_name(name)

    assert len(shown) <= files.NAME_LENGTH
    assert not set(shown) & set("/\\\x00\r\n\u202e\u200b")
    assert shown_name(shown) == shown


# --- Sizes and kinds --------------------------------------------------------------------


def test_exactly_the_limit_is_taken_and_one_byte_more_is_not():
    full = GOOD_PDF + b"\n" * (LIMIT - len(GOOD_PDF))

    assert check("cv.pdf", full).size == LIMIT
    with pytest.raises(NotTaken) as refused:
        check("cv.pdf", full + b"\n")

    assert "has 10,485,761 bytes; this document may have at most 10 MB" in refused.value.messages[0]


def test_a_kind_that_this_document_may_not_have_is_named_with_those_it_may():
    with pytest.raises(NotTaken) as refused:
        check("cv.docx", samples.WORD, kinds=[PDF, JPEG])

    assert "is a Word (.docx) file. Here you can give: PDF, JPEG." in refused.value.messages[0]


def test_a_photo_is_taken_under_both_names_of_its_kind():
    assert check("scan.jpeg", samples.JPEG).kind == check("scan.JPG", samples.JPEG).kind == JPEG


@pytest.mark.parametrize(("most", "code"), [(3, ""), (2, "many_pages")])
def test_each_document_has_its_own_limit_of_pages(most, code):
    assert verdict("cv.pdf", samples.pdf(pages=3), page_limit=most) == code
    assert verdict("cv.docx", good_files.WORDS["of Word"](), page_limit=most - 1) == code


def test_the_number_of_pages_is_known():
    word = good_files.WORDS["of Word"]()

    assert check("cv.pdf", samples.pdf(pages=3)).pages == 3
    assert (check("a.docx", word).pages, check("a.docx", samples.WORD).pages) == (2, None)
    assert check("a.png", samples.PNG).pages == 1


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 bytes"), (1, "1 byte"), (2048, "2 kB"), (LIMIT, "10 MB"), (1_600_000, "1.5 MB")],
)
def test_sizes_are_told_in_the_units_of_the_limits(size, words):
    assert size_words(size) == words


# --- What is kept -----------------------------------------------------------------------


def test_a_document_is_stored_byte_for_byte():
    content = good_files.noted_after_signing()

    checked = check("cv.pdf", content)

    assert checked.content.read() == content
    assert (checked.kind, checked.size) == (PDF, len(content))
    assert checked.sha256 == hashlib.sha256(content).hexdigest()


def test_a_picture_is_drawn_anew_without_the_place_where_it_was_taken():
    photo = samples.photo_with_a_place()

    checked = check("scan.jpg", photo)

    drawn = checked.content.read()
    assert b"GPS-CANARY" in photo
    assert b"GPS-CANARY" not in drawn
    assert not Image.open(io.BytesIO(drawn)).getexif()
    assert (checked.size, checked.sha256) == (len(drawn), hashlib.sha256(drawn).hexdigest())


def test_a_photo_that_was_taken_sideways_is_stored_upright():
    checked = check("scan.jpg", good_files.turned_photo())

    assert Image.open(checked.content).size == (300, 400)


def test_a_drawing_keeps_its_depth_and_what_is_clear_in_it():
    deep = Image.open(check("a.png", samples.picture("PNG", "I;16")).content)
    clear = Image.open(check("a.png", samples.picture("PNG", "RGBA")).content)

    assert (deep.mode, clear.mode) == ("I;16", "RGBA")


@pytest.mark.parametrize(
    ("name", "make"),
    [("a.pdf", partial(good_files.scan, "RGB")), ("a.png", good_files.index_png)],
)
def test_a_thumbnail_is_a_small_picture_of_the_first_page(name, make):
    thumbnail = check(name, make()).thumbnail

    drawn = Image.open(io.BytesIO(thumbnail)).convert("L")
    assert drawn.width <= 240
    assert drawn.height <= 340
    assert drawn.getextrema()[0] < 200
    assert len(thumbnail) <= 30_000


# --- Words ------------------------------------------------------------------------------


def test_a_verdict_can_be_told_later_and_in_another_language():
    with pytest.raises(ValidationError) as refused:
        glance("cv.pdf", 2 * MEGABYTE, b"", [PDF], limit=MEGABYTE)

    kept = refused.value
    assert (kept.code, kept.params) == ("large", {"size": 2 * MEGABYTE, "limit": MEGABYTE})
    with override("de"):
        assert "„" not in sentence(kept.code, "100 %.pdf", **kept.params)
        assert "“100 %.pdf” has 2 MB" in sentence(kept.code, "100 %.pdf", **kept.params)


def test_every_caution_has_words_and_tells_the_page_where_it_knows_it():
    words = [caution_words({"code": code, "page": None}) for code in CAUTIONS]
    placed = [caution_words({"code": code, "page": 7}) for code in ON_PAGE]

    assert len(set(words)) == len(CAUTIONS)
    assert all("page 7" in told.lower() for told in placed)


# --- At a glance ------------------------------------------------------------------------


HEADS = st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xff\xd8\xff", b"MZ", GOOD_PDF[:99]])
NAMES = st.text(max_size=20).map(lambda name: f"{name}.pdf") | st.text(max_size=8)


@given(NAMES, st.integers(0, 2 * LIMIT), HEADS, st.binary(max_size=300))
def test_at_a_glance_whatever_is_sent_goes_on_or_is_refused_with_a_sentence(name, size, head, body):
    try:
        said = glance(name, size, head + body, [PDF, JPEG, PNG], limit=LIMIT)
    except NotTaken as refused:
        said = refused.messages[0]

    assert said is None or len(said) > 20


def test_what_is_checked_and_passed_is_told_whole():
    checked = check("cv.pdf", samples.pdf())

    assert isinstance(checked, Checked)
    assert (checked.pages, checked.cautions, checked.scan) == (1, [], "none")


# --- The store --------------------------------------------------------------------------


class TooMuch(ContentFile):
    """A file whose second half no longer fits on the disk."""

    def chunks(self, chunk_size=None):
        yield b"the first half"
        raise OSError(28, "No space left on device")


def test_a_store_that_is_full_leaves_no_half_file():
    store = storages["default"]

    with pytest.raises(OSError, match="No space"):
        store.save("document/half.pdf", TooMuch(b"x"))

    assert not store.exists("document/half.pdf")


def test_private_files_have_no_address():
    with pytest.raises(ValueError, match="no address"):
        storages["default"].url("document/a.pdf")


def test_a_private_file_is_readable_by_the_portal_alone():
    store = storages["default"]

    name = store.save("document/mode.pdf", ContentFile(b"x"))

    assert os.stat(store.path(name)).st_mode & 0o777 == 0o600
    store.delete(name)
