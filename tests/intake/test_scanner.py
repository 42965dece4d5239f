"""What a virus scanner finds is held; what it has not seen waits."""

import os
import zlib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.clamd import EICAR
from tests.conftest import GOOD_PDF
from tests.intake.checks import check
from tests.intake.samples import bare_pdf, packed, text, types
from workshop_portal import doctor, files
from workshop_portal.files import quarantine, scanning


def attached(content):
    """A PDF with a file inside, packed as PDF packs."""
    squeezed = zlib.compress(content)
    return bare_pdf(
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(x) 4 0 R] >> >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        b"<< /Type /Filespec /F (x) /EF << /F 5 0 R >> >>",
        b"<< /Type /EmbeddedFile /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(squeezed), squeezed),
    )


@pytest.fixture
def hasty(monkeypatch):
    """Nobody waits long for a scanner that sleeps."""
    monkeypatch.setattr(scanning, "PATIENCE", 0.4)
    monkeypatch.setattr(scanning, "GREETING", 0.4)


@pytest.fixture
def good(tmp_path) -> Path:
    path = tmp_path / "cv.pdf"
    path.write_bytes(GOOD_PDF)
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cv.pdf", EICAR),
        ("cv.pdf", attached(EICAR)),
        (
            "cv.docx",
            packed(
                {"[Content_Types].xml": types(), "word/document.xml": text(), "word/a.bin": EICAR}
            ),
        ),
    ],
    ids=["plain", "attached to a PDF", "in a Word file"],
)
def test_a_file_with_a_virus_is_held_whatever_else_is_wrong_with_it(scanner, name, content):
    held = check(name, content)

    assert (held.scan, held.name, held.content.read()) == ("held", name, content)
    assert (held.thumbnail, held.pages, held.cautions) == (b"", None, [])


def test_a_photo_with_a_virus_among_pages_is_held(scanner, tmp_path):
    pages = [tmp_path / "1.jpg", tmp_path / "2.jpg"]
    pages[0].write_bytes(GOOD_PDF)
    pages[1].write_bytes(EICAR)

    held = files.check(pages, "letter.pdf", [files.PDF], limit=10_000)

    assert (held.scan, held.content.read()) == ("held", EICAR)


def test_a_clean_file_is_clean(scanner):
    assert check("cv.pdf", GOOD_PDF).scan == "clean"


def test_without_a_scanner_nothing_is_said(settings, good):
    settings.CLAMD = ""

    assert files.scan(good) == "none"
    assert doctor.virus_scanner() == ""


def test_a_file_waits_while_the_scanner_sleeps_and_is_clean_when_it_wakes(scanner, hasty, good):
    scanner.sleep()
    asleep = files.scan(good), check("cv.pdf", GOOD_PDF).scan, doctor.virus_scanner()
    scanner.wake()

    assert asleep[:2] == ("waiting", "waiting")
    assert "The virus scanner does not answer" in asleep[2]
    assert files.scan(good) == "clean"
    assert doctor.virus_scanner() == ""


@pytest.mark.parametrize("address", ["unix:/nowhere/clamd.sock", "127.0.0.1:1"])
def test_a_file_waits_while_the_scanner_is_gone(settings, good, address):
    settings.CLAMD = address

    assert files.scan(good) == "waiting"


def test_a_file_that_the_scanner_will_not_read_to_its_end_waits(scanner, tmp_path):
    path = tmp_path / "huge.pdf"
    path.touch()
    os.truncate(path, 101 * 1024 * 1024)

    assert files.scan(path) == "waiting"


def test_what_is_held_lies_apart_and_unreadable_and_can_be_read_back():
    name = quarantine.put_away(ContentFile(EICAR))

    with default_storage.open(name) as kept:
        lying = kept.read()
    assert name.startswith("quarantine/")
    assert EICAR[:20] not in lying
    assert quarantine.read_back(name) == EICAR
    quarantine.discard(name)
    assert not default_storage.exists(name)


def test_what_is_held_can_still_be_read_after_the_key_has_changed(settings):
    name = quarantine.put_away(ContentFile(EICAR))

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"

    assert quarantine.read_back(name) == EICAR
    quarantine.discard(name)


def test_an_upload_in_which_a_virus_was_found_is_locked_away_from_the_start(scanner, person, blank):
    held = packed(
        {"[Content_Types].xml": types(), "word/document.xml": text(), "word/a.bin": EICAR}
    )

    person.send_file(blank, "cv", name="cv.docx", content=held)

    document = blank.documents.get()
    assert (document.scan, document.thumbnail.name) == ("held", "")
    assert document.file.name.startswith("quarantine/")
    assert quarantine.read_back(document.file.name) == held
