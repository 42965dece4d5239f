"""What must always be true of what is stored is looked up, and a breach is named."""

import hashlib
import os
import time

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from applications.models import Application, Document
from tests import factories as make
from workshop_portal import clock, invariants
from workshop_portal.celery import app
from workshop_portal.files import quarantine
from workshop_portal.papers.models import Paper

pytestmark = pytest.mark.django_db
CONTENT = b"%PDF-1.7\n1 0 obj\n%%EOF\n"
FACTS = {"size": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest()}
DAY = 86_400


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    place = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": place}


@pytest.fixture
def sent():
    """An application as sending leaves it: every file in its place, and a receipt."""
    application = make.SubmittedApplicationFactory()
    application.receipts.create(number=1, arrived_at=timezone.now())
    application.documents.update(**FACTS)
    return application


@pytest.fixture
def cv(sent):
    return Document.objects.get(application=sent, requirement__slug="cv")


def stored(name, *, age=0):
    """The name of a file that was put into the storage this many seconds ago."""
    name = default_storage.save(name, ContentFile(b"whose?"))
    then = time.time() - age
    os.utime(default_storage.path(name), (then, then))
    return name


def test_when_rows_and_files_agree_there_is_nothing_to_say(sent, capsys):
    call_command("audit_invariants")

    assert capsys.readouterr().out == "Rows and files agree.\n"


def test_a_document_whose_file_is_gone_is_named(cv):
    default_storage.delete(cv.file.name)

    assert list(invariants.findings()) == [f"document {cv.pk}: its file is not there"]


def test_a_document_whose_file_was_cut_short_is_named(cv):
    with default_storage.open(cv.file.name, "wb") as file:
        file.write(CONTENT[:10])

    [line] = invariants.findings()

    assert line == f"document {cv.pk}: its file has 10 bytes instead of {len(CONTENT)}"


def test_a_document_of_which_one_byte_differs_is_named(cv):
    with default_storage.open(cv.file.name, "wb") as file:
        file.write(CONTENT.replace(b"1", b"2", 1))

    assert list(invariants.findings()) == [
        f"document {cv.pk}: its file is not the one that was stored"
    ]


def test_a_document_that_is_locked_away_has_only_to_be_there(cv):
    kept = quarantine.put_away(ContentFile(CONTENT))
    default_storage.delete(cv.file.name)
    Document.objects.filter(pk=cv.pk).update(file=kept, scan=Document.Scan.HELD)

    assert list(invariants.findings()) == []


def test_a_paper_that_is_ready_has_its_file(sent):
    paper = Paper.objects.create(key="one", template="x", state=Paper.State.READY, **FACTS)
    Paper.objects.create(key="two", template="x", state=Paper.State.ORDERED)

    assert list(invariants.findings()) == [f"paper {paper.pk}: its file is not there"]


def test_a_sent_application_lacks_no_document_and_no_receipt(sent, cv):
    default_storage.delete(cv.file.name)
    cv.delete()
    sent.receipts.all().delete()

    assert list(invariants.findings()) == [
        f"application {sent.pk}: sent, and lacks 1 of its documents",
        f"application {sent.pk}: sent, and has no receipt",
    ]


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_what_is_not_before_the_committee_may_lack_everything(sent, status):
    make.ApplicationFactory()
    Application.objects.filter(pk=sent.pk).update(status=status)
    sent.receipts.all().delete()

    assert list(invariants.findings()) == []


def test_a_file_without_a_row_is_reported_after_an_hour(sent):
    stored("document/new.pdf", age=3000)
    old = stored("document/inner/old.pdf", age=4000)

    assert list(invariants.findings()) == [f"file without a row: {old}"]


def test_a_file_without_a_row_is_deleted_after_a_week_and_no_other(sent, capsys):
    young, old = stored("document/a.pdf", age=6 * DAY), stored("document/b.pdf", age=8 * DAY)
    held = quarantine.put_away(ContentFile(CONTENT))
    os.utime(default_storage.path(held), (0, 0))
    for document in sent.documents.all():
        os.utime(document.file.path, (0, 0))

    with pytest.raises(SystemExit) as end:
        call_command("audit_invariants", sweep=True)

    said = capsys.readouterr().out.splitlines()
    assert (end.value.code, said) == (1, [f"deleted: {old}", f"file without a row: {young}"])
    assert default_storage.exists(held)
    assert all(default_storage.exists(each.file.name) for each in sent.documents.all())


def test_every_day_the_clock_deletes_what_is_old_and_logs_what_is_wrong(sent, cv, caplog):
    old, young = stored("document/b.pdf", age=8 * DAY), stored("document/a.pdf", age=2 * DAY)
    default_storage.delete(cv.file.name)

    clock.audit()

    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", f"Deleted a file that no row has named for a week: {old}"),
        ("ERROR", f"Not as it must be: document {cv.pk}: its file is not there"),
        ("ERROR", f"Not as it must be: file without a row: {young}"),
    ]
    assert not default_storage.exists(old)


def test_the_look_at_rows_and_files_and_the_sweeps_are_on_the_clock():
    app.loader.import_default_modules()
    on_the_clock = {job["task"] for job in settings.CELERY_BEAT_SCHEDULE.values()}

    assert {"workshop_portal.clock.audit", "applications.clock.sweep_leftovers"} <= on_the_clock
    assert on_the_clock <= set(app.tasks)


def test_nothing_is_deleted_unless_asked(sent):
    old = stored("document/b.pdf", age=30 * DAY)

    with pytest.raises(SystemExit):
        call_command("audit_invariants")

    assert default_storage.exists(old)
