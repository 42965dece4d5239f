"""A text that should name nobody: what could name somebody is pointed out, and never kept."""

import json

import pytest

from tests.intake import samples
from tests.intake.checks import check


def hints(*lines):
    """What is noticed in a PDF with these lines."""
    checked = check("case.pdf", samples.written_pdf(lines), names_nobody=True)
    return {caution["code"] for caution in checked.cautions}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("write to a.victim@example.org", "email"),
        ("call +353 91 123 456", "phone"),
        ("call 064-735-6585", "phone"),
        ("call 0082 (64) 735 65 85", "phone"),
        ("passport AB1234567", "passport"),
        ("passport M 12345678", "passport"),
        ("id 850517-2345678", "passport"),
        ("arrived on 17.05.2016", "date"),
        ("arrived on 2016-05-17", "date"),
        ("arrived on 17 May 2016", "date"),
        ("arrived on May 17th, 2016", "date"),
        ("Case No 123/2024", "case_number"),
        ("see file number: KR-2016/77", "case_number"),
    ],
)
def test_what_could_name_somebody_is_pointed_out(line, code):
    assert hints("A young adult came to us.", line) == {code}


@pytest.mark.parametrize(
    "line",
    [
        "In May 2016 three women came; the office has 1,250,000 inhabitants.",
        "Between 2014 and 2016 the number of cases rose from 12 to 48.",
        "SDG 16.2, ISO 9001:2015, article 3(a), resolution 55/25, room 301-302.",
        "The case shows how 24/7 services work; in this case 3/4 agreed.",
        "See https://www.example.org/2016/report for the method.",
    ],
)
def test_what_names_nobody_is_not_pointed_out(line):
    assert hints(line) == set()


def test_a_hint_tells_its_page_and_none_of_its_words():
    def write(made):
        words = b"BT /F1 12 Tf 72 720 Td (a.victim@example.org) Tj ET"
        made.pages[1].obj.Contents = made.make_stream(words)

    checked = check("case.pdf", samples.pdf(write, pages=3), names_nobody=True)

    assert checked.cautions == [{"code": "email", "page": 2}]
    assert "victim" not in json.dumps(checked.cautions)


def test_in_a_word_file_too_also_where_the_words_are_cut_into_pieces():
    pieces = "".join(map(samples.run, ["a.vic", "tim@", "example", ".org"]))

    checked = check("case.docx", samples.word(samples.run("x"), pieces), names_nobody=True)

    assert checked.cautions == [{"code": "email", "page": None}]


TURN = "<w:r><w:lastRenderedPageBreak/></w:r>"


def test_a_word_file_that_word_has_laid_out_tells_the_page():
    across = samples.run("Write to us. ") + TURN + samples.run("a.victim@example.org")
    content = samples.word(
        samples.run("Case No 12/2024"), across, samples.run("x"), TURN + samples.run("17 May 2016")
    )

    checked = check("case.docx", content, names_nobody=True)

    assert checked.cautions == [
        {"code": "case_number", "page": 1},
        {"code": "email", "page": 2},
        {"code": "date", "page": 3},
    ]


def test_in_other_documents_names_and_dates_belong():
    checked = check("cv.pdf", samples.written_pdf(["a.victim@example.org, 17.05.1985"]))

    assert checked.cautions == []


def test_a_long_list_of_hints_is_told_by_its_first_pages():
    def write(made):
        for page in made.pages:
            page.obj.Contents = made.make_stream(b"BT /F1 9 Tf 9 9 Td (a@example.org) Tj ET")

    checked = check("case.pdf", samples.pdf(write, pages=40), names_nobody=True)

    assert [caution["page"] for caution in checked.cautions] == list(range(1, 21))
