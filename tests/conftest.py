"""What every test finds in its hands."""

import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.settings import SCRATCH

# Playwright's own event loop makes Django think that the ORM is called from async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

GOOD_PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


@pytest.fixture
def good_pdf():
    """A small file that is taken wherever a PDF is."""
    return SimpleUploadedFile("letter.pdf", GOOD_PDF, content_type="application/pdf")


@pytest.fixture(scope="session")
def scratch():
    """The folder of this test process."""
    return SCRATCH
