"""What every test finds in its hands."""

import os
import shutil

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from hypothesis import settings
from playwright.sync_api import sync_playwright

from tests.clamd import Clamd
from tests.settings import RUN, SCRATCH

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A busy machine makes a test slow, and says nothing about what it tests.
settings.register_profile("portal", deadline=None)
settings.load_profile("portal")
# Playwright's own event loop makes Django think that the ORM is called from async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def pytest_unconfigure(config):
    """The run's folder goes when the run ends; a worker process leaves it to the first one."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(RUN, ignore_errors=True)


def small_pdf():
    """A PDF of one empty page, as any program would write it."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    body, table = b"%PDF-1.7\n", b"0000000000 65535 f \n"
    for number, part in enumerate(parts, start=1):
        table += b"%010d 00000 n \n" % len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    xref = b"xref\n0 4\n" + table + b"trailer\n<< /Size 4 /Root 1 0 R >>\n"
    return body + xref + b"startxref\n%d\n%%%%EOF\n" % len(body)


GOOD_PDF = small_pdf()


@pytest.fixture
def good_pdf():
    """A small file that is taken wherever a PDF is."""
    return SimpleUploadedFile("letter.pdf", GOOD_PDF, content_type="application/pdf")


@pytest.fixture(scope="session")
def scratch():
    """The folder of this test process."""
    return SCRATCH


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database may be emptied between tests.

    On SQLite that is done by DELETE, which the trail refuses; PostgreSQL empties by TRUNCATE.
    """
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("DROP TRIGGER IF EXISTS audit_entry_no_delete")
                cursor.execute("DROP TRIGGER IF EXISTS audit_documentaccess_no_delete")


@pytest.fixture(scope="session")
def chromium():
    """The browser of this test process: one, since a process can have but one Playwright."""
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def clamd(tmp_path_factory):
    """The virus scanner of this test process, which nobody asks before `CLAMD` names it."""
    scanner = Clamd(tmp_path_factory.mktemp("clamd"))
    yield scanner
    scanner.end()


@pytest.fixture
def scanner(clamd, settings):
    """The portal with a virus scanner."""
    settings.CLAMD = clamd.address
    return clamd
