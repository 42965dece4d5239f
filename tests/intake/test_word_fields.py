"""A field of a Word document that would start another program, however it is written."""

import os

import pytest

from tests.conftest import GOOD_PDF
from tests.intake.bad_files import word
from tests.intake.checks import check, verdict
from workshop_portal.files.examiner import EXAMINER

COMMAND = 'c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"'


def field(*parts):
    """A paragraph with one field, whose instruction lies in these parts."""
    return word("".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in parts))


@pytest.mark.parametrize("space", [" ", "\t", "\n", "&#160;"])
@pytest.mark.parametrize("name", ["DDE", "DDEAUTO", "ddeauto", "  DDE"])
def test_whatever_white_space_stands_after_its_name(name, space):
    assert verdict("cv.docx", field(f"{name}{space}{COMMAND}")) == "dde"


@pytest.mark.parametrize(
    "parts",
    [("D", "DE ", COMMAND), ("DDE", "AUTO", f" {COMMAND}"), (" ", "DDEAUTO\t", COMMAND)],
)
def test_in_however_many_runs_it_lies(parts):
    assert verdict("cv.docx", field(*parts)) == "dde"


def test_a_simple_field_is_a_field():
    simple = f'<w:fldSimple w:instr=" DDEAUTO {COMMAND.replace(chr(34), "&quot;")} "/>'

    assert verdict("cv.docx", word(simple)) == "dde"


@pytest.mark.parametrize("harmless", ["REF DDE_notes ", "HYPERLINK x#DDEAUTOMATIC ", "PAGE "])
def test_a_field_that_only_has_the_letters_in_it_is_taken(harmless):
    assert verdict("cv.docx", field(harmless)) == ""


def test_a_process_that_was_forked_asks_an_examiner_of_its_own():
    check("cv.pdf", GOOD_PDF)
    ours = EXAMINER._process.pid
    heard, said = os.pipe()

    child = os.fork()
    if not child:
        os.write(said, b"its own" if EXAMINER._process is None else b"ours")
        os._exit(0)
    os.waitpid(child, 0)

    assert os.read(heard, 10) == b"its own"
    assert verdict("cv.pdf", GOOD_PDF) == ""
    assert EXAMINER._process.pid == ours
