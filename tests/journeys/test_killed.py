"""The browser itself is killed, and started again on what it has left on the disk.

The line to the portal is one of ours, so that it can be cut: what the browser does then is what
it does on a train, and nothing of it is played.
"""

import os
import signal
import socket
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db.models import Sum

from applications.models import Piece, Transfer
from tests.conftest import CHROMIUM, QUIET
from tests.factories import CompleteApplicationFactory, FilledApplicationFactory
from tests.journeys.conftest import Visit
from tests.journeys.test_upload import here, large, page_of, sent_by  # noqa: F401 — a fixture
from tests.journeys.writing import copy_on, stored, wait_for, wait_until, write

pytestmark = pytest.mark.journey
DIALOGS = "--disable-session-crashed-bubble"


class Line:
    """A line to the portal that carries so many bytes a second, until it is cut."""

    def __init__(self, address):
        self.there = urlsplit(address).hostname, urlsplit(address).port
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        self.is_cut, self.ends = threading.Event(), set()
        self.pace = None
        threading.Thread(target=self.open_door, daemon=True).start()

    def open_door(self):
        while not self.door._closed:
            try:
                ours, _from = self.door.accept()
            except OSError:
                return
            if self.is_cut.is_set():
                ours.close()
                continue
            theirs = socket.create_connection(self.there)
            self.ends |= {ours, theirs}
            for one, other in ((ours, theirs), (theirs, ours)):
                threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    def carry(self, one, other):
        """What comes from one end goes out at the other; a slow line carries little at a time."""
        try:
            while said := one.recv(4096 if self.pace else 65536):
                if self.pace:
                    self.is_cut.wait(len(said) / self.pace)
                other.sendall(said)
        except OSError:
            pass
        for end in (one, other):
            end.close()

    def cut(self):
        self.is_cut.set()
        for end in self.ends:
            hang_up(end)
        self.ends.clear()

    def mend(self):
        self.pace = None
        self.is_cut.clear()

    def close(self):
        self.cut()
        self.door.close()


def hang_up(end):
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        end.close()


@pytest.fixture
def line(address):
    made = Line(address)
    yield made
    made.close()


class Device:
    """A device with one browser, whose folder outlives it."""

    def __init__(self, chromium, folder, line):
        self.chromium, self.folder, self.line, self.visit = chromium, folder, line, None

    def start(self, user):
        """Open the browser, and sign in: a session ends with the browser."""
        context = self.chromium.browser_type.launch_persistent_context(
            self.folder,
            executable_path=CHROMIUM,
            args=[*QUIET, DIALOGS],
            locale="en-GB",
            timezone_id="Asia/Phnom_Penh",
        )
        context.set_default_timeout(15_000)
        self.visit = Visit(context, self.line.address, scripts=True).sign_in(user)
        return self.visit

    @property
    def process(self):
        """The browser's first process; the others have it as their parent and end with it."""
        named = f"--user-data-dir={self.folder}".encode()
        for found in Path("/proc").glob("[0-9]*/cmdline"):
            words = words_of(found)
            if named in words and not any(word.startswith(b"--type=") for word in words):
                return int(found.parent.name)
        raise AssertionError("The browser is not running.")

    def dies(self):
        with self.visit.context.expect_event("close"):
            os.kill(self.process, signal.SIGKILL)
        self.visit = None

    def end(self):
        if self.visit:
            self.visit.context.close()
        self.visit = None


def words_of(cmdline):
    try:
        return cmdline.read_bytes().split(b"\0")
    except OSError:
        return []


@pytest.fixture
def device(chromium, tmp_path, line, transactional_db):
    made = Device(chromium, tmp_path / "browser", line)
    yield made
    made.end()


def form(draft):
    return f"/applications/{draft.pk}/form/work/"


def test_words_typed_on_a_train_are_there_after_the_browser_was_killed_at_once(device, line):
    draft = CompleteApplicationFactory()
    person = device.start(draft.applicant)
    person.go(form(draft))
    line.cut()
    write(person.page, "duties", "Written on a train")
    person.page.locator("[name=experience]").press_sequentially("To the last letter. ")
    wait_until(lambda: "To the last letter. " in str(copy_on(person.page)))
    before = stored(draft, "duties"), stored(draft, "experience")
    device.dies()
    line.mend()

    again = device.start(draft.applicant)
    again.go(form(draft))
    found = again.page.locator("main .banner").inner_text()
    typed = [again.page.input_value(f"[name={name}]") for name in ("duties", "experience")]
    wait_for(again.page, "^Saved")

    assert "Written on a train" not in before
    assert typed[0] == "Written on a train"
    assert typed[1].startswith("To the last letter. I have worked")
    assert "We found words on this device" in found
    assert [stored(draft, "duties"), stored(draft, "experience")] == typed
    assert copy_on(again.page) == []


def test_words_found_after_the_kill_are_offered_beside_those_of_another_device(device, line):
    draft = CompleteApplicationFactory()
    person = device.start(draft.applicant)
    person.go(form(draft))
    line.cut()
    write(person.page, "duties", "Written on a train")
    wait_until(lambda: copy_on(person.page) != [])
    device.dies()
    line.mend()
    type(draft).objects.filter(pk=draft.pk).update(duties="From the phone")

    again = device.start(draft.applicant)
    again.go(form(draft))

    clash = again.page.locator(".clash")
    clash.wait_for()
    assert clash.locator("dd").all_inner_texts() == ["Written on a train", "From the phone"]
    assert stored(draft, "duties") == "From the phone"
    clash.get_by_role("button", name="Keep what is typed here").click()
    wait_for(again.page, "^Saved")
    assert stored(draft, "duties") == "Written on a train"


def test_whoever_signs_out_leaves_no_words_to_the_next_start(device, line):
    draft = CompleteApplicationFactory()
    person = device.start(draft.applicant)
    person.go(form(draft))
    person.page.route("**/autosave/", lambda route: route.abort())
    write(person.page, "duties", "Private")
    wait_until(lambda: copy_on(person.page) != [])
    person.page.on("dialog", lambda dialog: dialog.accept())
    person.page.get_by_text("Account").click()
    person.page.get_by_role("button", name="Sign out").click()
    person.page.wait_for_url(f"{person.address}/")
    device.dies()

    again = device.start(draft.applicant)
    again.go(form(draft))

    assert copy_on(again.page) == []
    assert again.page.input_value("[name=duties]") == stored(draft, "duties") != "Private"


def test_an_upload_goes_on_where_the_browser_was_killed(device, line, large):  # noqa: F811
    draft = FilledApplicationFactory()
    person = device.start(draft.applicant)
    line.pace = 120_000
    person.go(page_of(draft))
    sent_by(person, large)
    wait_until(lambda: (Piece.objects.aggregate(got=Sum("got"))["got"] or 0) > 100_000)
    line.cut()
    device.dies()
    line.mend()

    again = device.start(draft.applicant)
    offsets = []
    again.page.on("request", lambda asked: offsets.append(asked.headers.get("upload-offset")))
    again.go(page_of(draft))
    told = again.page.locator("main").inner_text()
    before = Piece.objects.get().got
    sent_by(again, large)
    here(again, "The file we have")

    assert 100_000 < before < large.stat().st_size
    assert "An upload was broken off" in told
    assert next(filter(None, offsets)) == str(before)
    assert [transfer.status for transfer in Transfer.objects.all()] == ["taken"]
    assert draft.documents.get().file.read() == large.read_bytes()
