"""What processes that are killed leave behind is found and deleted, and nothing else is."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.core.files.storage import default_storage
from django.test import Client

from applications.clock import sweep_leftovers
from applications.models import Document, Piece, Transfer
from applications.worker import check_transfer
from tests import factories as make
from tests.conftest import GOOD_PDF
from tests.intake import wire
from tests.intake.sender import Sender, left_in_store, spooled
from tests.server import portal_running, surroundings
from workshop_portal import files, spool
from workshop_portal.handoff import left_to_the_sweep

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("spool_dir"),
]
LONG_AGO = files.FORGOTTEN + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def scratch_room(settings, tmp_path):
    settings.SCRATCH_DIR = str(tmp_path / "tmp")
    return files.scratch.scratch_room()


@pytest.fixture
def draft(transactional_db):
    return make.ApplicationFactory()


@pytest.fixture
def sender(draft):
    client = Client()
    client.force_login(draft.applicant)
    return Sender(client, draft)


@pytest.fixture
def handed_in(sender):
    """A file that has come in and that no worker has looked at yet."""
    with left_to_the_sweep():
        sender.whole(GOOD_PDF)
    return Transfer.objects.get()


def killed(work, where, key):
    """Do `work` in a process that is killed when it comes to `where`; gives how it ended."""
    places = {name: getattr(portal, name) for name in ("SPOOL_DIR", "SCRATCH_DIR")}
    command = [sys.executable, "-m", "tests.intake.dying", work, where, str(key)]
    return subprocess.run(command, env=surroundings(0, **places), check=False).returncode


def grows_old(folder):
    """Everything in there was last touched longer ago than anything lasts."""
    then = time.time() - LONG_AGO.total_seconds()
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (then, then))


def purposes(folder):
    return sorted(path.name.split("-")[1] for path in folder.iterdir())


# --- The worker --------------------------------------------------------------------------


def test_a_worker_that_dies_before_it_drops_what_came_in_leaves_a_file_that_is_found(handed_in):
    end = killed("check", "applications.actions.transfer.drop", handed_in.pk)
    left = left_in_store()

    sweep_leftovers()

    document = Document.objects.get()
    assert (end, len(left), left_in_store()) == (-signal.SIGKILL, 1, [])
    assert not Piece.objects.exclude(file="").exists()
    assert document.transfer.status == "taken"
    assert document.file.read() == GOOD_PDF


def test_what_is_still_to_be_checked_is_kept(handed_in):
    sweep_leftovers()

    assert len(left_in_store()) == 1


@pytest.mark.parametrize(
    ("where", "left"),
    [
        ("workshop_portal.files.check", ["check"]),
        ("workshop_portal.files.checking._opened", ["check", "examined"]),
    ],
)
def test_the_folders_of_a_check_that_was_killed_are_deleted_after_an_hour(
    handed_in, scratch_room, where, left
):
    end = killed("check", where, handed_in.pk)
    found = purposes(scratch_room)

    sweep_leftovers()
    young = purposes(scratch_room)
    grows_old(scratch_room)
    sweep_leftovers()

    assert (end, found, young) == (-signal.SIGKILL, left, left)
    assert purposes(scratch_room) == []


def test_the_next_worker_takes_the_file_that_killed_the_first(handed_in, scratch_room):
    killed("check", "workshop_portal.files.checking._opened", handed_in.pk)
    Transfer.objects.update(lease_until="2001-01-01T00:00Z")

    check_transfer(str(handed_in.pk))

    assert Transfer.objects.get().status == "taken"
    assert purposes(scratch_room) == ["check", "examined"]


def test_a_folder_in_which_somebody_works_is_not_old_however_old_it_is(scratch_room):
    with files.scratch_folder("check") as folder:
        (folder / "inner").mkdir()
        grows_old(scratch_room)
        (folder / "inner" / "new").write_bytes(b"just now")

        assert files.sweep_scratch() == []
        assert (folder / "inner" / "new").exists()


def test_nothing_is_swept_that_is_not_ours(scratch_room):
    (scratch_room / "somebody-else").mkdir()
    (scratch_room / "portal-check-link").symlink_to(scratch_room / "somebody-else")
    (scratch_room / "somebody-else" / "file").write_bytes(b"theirs")
    then = time.time() - LONG_AGO.total_seconds()
    os.utime(scratch_room / "portal-check-link", (then, then), follow_symlinks=False)
    grows_old(scratch_room / "somebody-else")

    swept = files.sweep_scratch()

    assert swept == ["portal-check-link"]
    assert (scratch_room / "somebody-else" / "file").read_bytes() == b"theirs"


# --- The web server ----------------------------------------------------------------------


def test_a_web_process_that_dies_when_a_file_is_whole_leaves_bytes_that_are_found(sender):
    url = sender.begin(GOOD_PDF).json()["url"]
    sender.piece(url, GOOD_PDF)
    transfer = Transfer.objects.get()

    end = killed("finish", "applications.actions.upload.discard", transfer.pk)
    sweep_leftovers()
    young = spooled()
    grows_old(spool.path_of(""))
    sweep_leftovers()

    assert (end, Transfer.objects.get().status) == (-signal.SIGKILL, "taken")
    assert (len(young), spooled()) == (1, [])


def test_a_web_process_that_dies_while_a_file_becomes_whole_loses_nothing(sender):
    url = sender.begin(GOOD_PDF).json()["url"]
    sender.piece(url, GOOD_PDF)
    transfer = Transfer.objects.get()

    end = killed("finish", "applications.actions.upload._finish", transfer.pk)
    grows_old(spool.path_of(""))
    sweep_leftovers()

    assert (end, len(spooled())) == (-signal.SIGKILL, 1)
    assert sender.finish(url).status_code == 200
    assert Transfer.objects.get().status == "taken"


def test_half_an_upload_waits_for_its_sender_however_long_it_takes(sender):
    url = sender.begin(GOOD_PDF).json()["url"]
    sender.piece(url, GOOD_PDF[:150])

    grows_old(spool.path_of(""))
    sweep_leftovers()

    assert sender.begin(GOOD_PDF).json()["got"] == [150]


def test_the_half_file_of_a_form_whose_web_process_dies_is_deleted_after_an_hour(
    draft, scratch_room
):
    with portal_running(SCRATCH_DIR=str(scratch_room), WEB_WORKERS="1") as address:
        line = half_a_form(address, draft)
        wait_until(lambda: len(list(scratch_room.iterdir())) == 1)
        for worker in grandchildren():
            os.kill(worker, signal.SIGKILL)
        wait_until(lambda: line.recv(1) == b"")
    found = len(list(scratch_room.iterdir()))

    sweep_leftovers()
    young = len(list(scratch_room.iterdir()))
    grows_old(scratch_room)
    sweep_leftovers()

    assert (found, young, list(scratch_room.iterdir())) == (1, 1, [])


def is_closed(line):
    """Whether the other end is gone, with a word of parting or without."""
    try:
        return line.recv(1) == b""
    except ConnectionResetError:
        return True


def half_a_form(address, draft):
    """A line on which a browser sends a form with a file, and has not come to its end."""
    line = wire.line_to(address)
    line.sendall(wire.form(draft, b"%PDF-1.7\n" + b"x" * 5_000_000)[:1_000_000])
    return line


def grandchildren():
    """The processes that the processes which we started have started."""
    return [found for child in children(os.getpid()) for found in children(child)]


def children(pid):
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(found) for task in tasks for found in task.read_text().split()]


def wait_until(is_so):
    until = time.monotonic() + 15
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


# --- The store ---------------------------------------------------------------------------


def test_a_document_whose_worker_dies_before_its_row_is_left_to_the_weekly_look(handed_in):
    end = killed("check", "applications.actions.attach._put_in_place", handed_in.pk)
    _folders, names = default_storage.listdir("document")

    sweep_leftovers()

    assert (end, Document.objects.count()) == (-signal.SIGKILL, 0)
    assert default_storage.listdir("document")[1] == names != []
