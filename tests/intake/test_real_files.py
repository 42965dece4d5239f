"""Files that other programs made (rows 20 and 21 of the catalogue): kept byte for byte.

In `real/` lie a form of LibreOffice 7.4, the same form as Chrome, Firefox and the document viewer
of GNOME save it when it has been filled in (by their libraries pdfium, pdf.js and poppler), and
a letter that two people signed with pyHanko, one after the other. LibreOffice also saved a page in
six scripts as a Word document, as a PDF and as a PDF/A. What Word saved itself, for Windows and
for the Mac, was taken from the tests of python-docx (MIT licence), the two pictures that an iPhone
puts into one file from those of Pillow (MIT-CMU), and the scans, in grey, as a fax and in JBIG2,
from those of pikepdf (in the public domain, or CC0).
"""

import os
import subprocess

import pikepdf
import pytest

from tests.intake import good_files, good_pdfs
from tests.intake.good_files import REAL

pytestmark = pytest.mark.django_db
VALID = "Signature is Valid."
SIGNED = {
    "signed once": (good_pdfs.signed, [VALID]),
    "noted after it was signed": (good_pdfs.noted_after_signing, [VALID]),
    "signed twice": (REAL["signed_twice_by_pyhanko"], [VALID, VALID]),
}
FILLED = {"name": "Aoife O'Brien", "office": "Galway County Council", "agree": "/Yes"}


@pytest.fixture
def said(tmp_path):
    """What poppler says of each signature in a PDF."""

    def ask(content):
        path = tmp_path / "signed.pdf"
        path.write_bytes(content)
        told = subprocess.run(
            ["pdfsig", "-nocert", path],
            env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        lines = [line for line in told.splitlines() if "Signature Validation: " in line]
        return [line.partition("Validation: ")[2] for line in lines]

    return ask


def sent_and_fetched(person, application, content):
    """The same file, after it came in, was checked, stored and downloaded."""
    person.send_file(application, "nomination", content=content)
    document = application.documents.get()
    answer = person.client.get(person.at("document-file", document.pk))
    return document, b"".join(answer.streaming_content)


@pytest.mark.parametrize(("make", "verdicts"), SIGNED.values(), ids=SIGNED)
def test_a_signature_holds_after_the_download_as_it_did_before(person, blank, said, make, verdicts):
    content = make()

    document, fetched = sent_and_fetched(person, blank, content)

    assert fetched == content
    assert document.cautions == []
    assert said(content) == said(fetched) == verdicts


def test_a_signature_does_not_hold_when_one_byte_is_another(said):
    content = bytearray(good_pdfs.signed())
    content[12] ^= 1

    assert said(bytes(content)) == ["Digest Mismatch."]


@pytest.mark.parametrize("program", ["chrome", "firefox", "gnome"])
def test_a_form_that_was_filled_in_keeps_its_answers(person, blank, program, tmp_path):
    content = REAL[f"form_filled_in_{program}"]()

    document, fetched = sent_and_fetched(person, blank, content)

    path = tmp_path / "form.pdf"
    path.write_bytes(fetched)
    with pikepdf.open(path) as form:
        answers = {str(field.T): str(field.V) for field in form.Root.AcroForm.Fields}
    assert fetched == content
    assert (document.cautions, document.pages) == ([], 1)
    assert {name: answers[name] for name in FILLED} == FILLED


def test_the_real_files_are_among_those_that_are_never_refused():
    titles = {title for title, _name, _make in good_files.GOOD}

    assert len(REAL) == 16
    assert {f"a real file: {name}" for name in REAL} <= titles
