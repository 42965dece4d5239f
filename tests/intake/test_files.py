"""Uploads: what they are by their content, whatever they say of themselves."""

import hashlib
import os

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import GOOD_PDF
from tests.intake import samples
from workshop_portal import files
from workshop_portal.files import KINDS, PDF, Checked, check_upload, shown_name, size_words

LIMIT = 10 * 1024 * 1024
ALL = list(KINDS.values())


def check(name, content, kinds=ALL, limit=LIMIT):
    upload = SimpleUploadedFile("x", content)
    # As it comes in by another road than a form: the name is not yet what Django makes of it.
    upload._name = name
    return check_upload(upload, kinds, limit=limit)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [sample[1:] for sample in samples.REFUSED],
    ids=[sample[0] for sample in samples.REFUSED],
)
def test_a_file_that_cannot_be_taken_gets_a_sentence_that_says_why(name, content, sentence):
    with pytest.raises(ValidationError) as refused:
        check(name, content)

    assert sentence in refused.value.messages[0]


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [sample[1:] for sample in samples.TAKEN],
    ids=[sample[0] for sample in samples.TAKEN],
)
def test_a_good_file_is_taken_under_its_readable_name(name, content, shown):
    checked = check(name, content)

    assert checked.name == shown


def test_a_document_is_stored_byte_for_byte():
    checked = check("cv.pdf", GOOD_PDF)

    checked.content.seek(0)
    assert checked.content.read() == GOOD_PDF
    assert (checked.kind, checked.size) == (PDF, len(GOOD_PDF))
    assert checked.sha256 == hashlib.sha256(GOOD_PDF).hexdigest()


def test_a_picture_is_drawn_anew_without_the_place_where_it_was_taken():
    photo = samples.photo_with_a_place()

    checked = check("scan.jpg", photo)

    drawn = checked.content.read()
    assert b"GPS-CANARY" in photo
    assert b"GPS-CANARY" not in drawn
    assert (checked.size, checked.sha256) == (len(drawn), hashlib.sha256(drawn).hexdigest())


def test_exactly_the_limit_is_taken_and_one_byte_more_is_not():
    full = GOOD_PDF + b"\n" * (LIMIT - len(GOOD_PDF))

    assert check("cv.pdf", full).size == LIMIT
    with pytest.raises(ValidationError) as refused:
        check("cv.pdf", full + b"\n")

    assert "has 10,485,761 bytes; this document may have at most 10 MB" in refused.value.messages[0]


def test_a_kind_that_this_document_may_not_have_is_named_with_those_it_may():
    with pytest.raises(ValidationError) as refused:
        check("cv.docx", samples.WORD, [PDF, files.JPEG])

    assert "is a Word (.docx) file. Here you can give: PDF, JPEG." in refused.value.messages[0]


def test_a_file_whose_check_hangs_is_not_taken(monkeypatch, tmp_path):
    sleeper = tmp_path / "sleeper.py"
    sleeper.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(files, "EXAMINER", sleeper)
    monkeypatch.setattr(files, "EXAMINED_WITHIN", 0.5)

    with pytest.raises(ValidationError, match="could not be checked"):
        check("cv.pdf", GOOD_PDF)


def test_a_file_whose_check_crashes_is_not_taken(monkeypatch, tmp_path):
    crash = tmp_path / "crash.py"
    crash.write_text("raise MemoryError")
    monkeypatch.setattr(files, "EXAMINER", crash)

    with pytest.raises(ValidationError, match="could not be checked"):
        check("cv.pdf", GOOD_PDF)


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 bytes"), (1, "1 byte"), (2048, "2 kB"), (LIMIT, "10 MB"), (1_600_000, "1.5 MB")],
)
def test_sizes_are_told_in_the_units_of_the_limits(size, words):
    assert size_words(size) == words


@given(st.text(max_size=400))
def test_a_shown_name_is_short_and_holds_nothing_invisible(name):
    shown = shown_name(name)

    assert len(shown) <= files.NAME_LENGTH
    assert not set(shown) & set("/\\\x00\r\n\u202e\u200b")
    assert shown_name(shown) == shown


HEADS = st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xff\xd8\xff", b"MZ", GOOD_PDF[:99]])
NAMES = st.text(max_size=20).map(lambda name: f"{name}.pdf") | st.text(max_size=8)


@given(NAMES, HEADS, st.binary(max_size=300), st.sampled_from([b"", b"%%EOF"]))
def test_whatever_is_sent_is_taken_or_refused_with_a_sentence(name, head, body, tail):
    # The examiner is tried with its own bad files; a process for each of these would take hours.
    kinds = [kind for kind in ALL if kind != PDF] if head.startswith(b"%PDF") else [PDF]
    try:
        found = [check(name, head + body + tail, kinds)]
    except ValidationError as refused:
        found = refused.messages

    assert isinstance(found[0], Checked | str)


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
