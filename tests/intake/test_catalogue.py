"""The catalogue of bad files, and the good ones that must never be taken for bad."""

import pytest

from tests.intake import bad_files, good_files
from tests.intake.checks import check, verdict
from workshop_portal.files import DOCX, PDF
from workshop_portal.files.sentences import SENTENCES


@pytest.mark.parametrize(
    ("name", "make", "code"),
    [row[2:] for row in bad_files.ROWS],
    ids=[f"{row[0]} {row[1]}" for row in bad_files.ROWS],
)
def test_every_bad_file_gets_the_sentence_that_is_its_own(name, make, code):
    content = make()

    assert verdict(name, content) == code


@pytest.mark.parametrize(
    ("name", "make", "codes"),
    [row[2:] for row in bad_files.CAUTIONED],
    ids=[f"{row[0]} {row[1]}" for row in bad_files.CAUTIONED],
)
def test_what_may_surprise_its_writer_is_a_caution(name, make, codes):
    checked = check(name, make())

    assert {caution["code"] for caution in checked.cautions} == codes


def test_every_sentence_of_a_refusal_can_be_provoked():
    provoked = {row[4] for row in bad_files.ROWS} - {""}
    elsewhere = {"nameless", "large", "other_kind", "not_a_photo", "many_photos", "unchecked"}

    assert provoked | elsewhere == set(SENTENCES)


@pytest.mark.parametrize(
    ("name", "make"),
    [good[1:] for good in good_files.GOOD],
    ids=[good[0] for good in good_files.GOOD],
)
def test_a_good_file_is_taken_without_a_question(name, make):
    content = make()

    checked = check(name, content)

    assert checked.cautions == []
    if checked.kind in {PDF, DOCX}:
        assert checked.content.read() == content
    assert bool(checked.thumbnail) == (checked.kind != DOCX)


def test_what_a_browser_prints_is_taken(chromium):
    page = chromium.new_page()
    page.set_content("<h1>Letter</h1><p lang=ko>추천서</p><a href='https://example.org'>more</a>")
    printed = page.pdf(outline=True, tagged=True)
    page.close()

    assert verdict("letter.pdf", printed) == ""
