"""`up`, as somebody types it: from an empty folder to the front page, and back to nothing."""

import http.client
import signal
import subprocess
from pathlib import Path

import pytest

from tests.tooling.test_bootstrap import equipped  # noqa: F401
from tests.tooling.test_supervisor import wait_for


def processes_on(data: Path) -> list[str]:
    """The command lines of all that works on these data."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"DATA_DIR={data}\0".encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def come_up(portal: subprocess.Popen, port: str) -> None:
    """Wait for the front page; a portal that gave up shows what it said."""
    wait_for(lambda: portal.poll() is not None or front_page(port) == 200, 90)
    assert portal.poll() is None, portal.stdout.read()


def front_page(port: str) -> int:
    line = http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)
    try:
        line.request("GET", "/")
        return line.getresponse().status
    except OSError:
        return 0
    finally:
        line.close()


@pytest.fixture
def start(equipped):  # noqa: F811
    running = []

    def run(*words: str):
        running.append(equipped.start("up", *words, DEMO="0"))
        return running[-1]

    yield run
    for process in running:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "killed"])
def test_up_answers_and_leaves_nothing_behind(equipped, start, free_port, number):  # noqa: F811
    port = free_port()
    portal = start("--port", port)
    come_up(portal, port)
    assert len(processes_on(equipped.data)) >= 7

    portal.send_signal(number)
    said, _ = portal.communicate(timeout=60)

    wait_for(lambda: not processes_on(equipped.data))
    assert portal.returncode == (0 if number == signal.SIGINT else -signal.SIGKILL)
    assert "Traceback" not in said
    assert (equipped.data / "secret_key").stat().st_mode & 0o077 == 0


def test_a_second_up_and_a_port_in_use_are_told(equipped, start, free_port):  # noqa: F811
    port = free_port()
    come_up(start("--port", port), port)

    second = equipped.run("up", "--port", free_port(), DEMO="0")
    taken = equipped.run("up", "--port", port, DEMO="0", DATA_DIR=f"{equipped.folder}/other")

    assert second == (
        1,
        f"CommandError: The portal is already running on the data in {equipped.data}. "
        "Set DATA_DIR to another folder to run a second one beside it.\n",
    )
    assert taken == (
        1,
        f"CommandError: The portal cannot listen on 127.0.0.1, port {port} "
        "(Address already in use). Choose another one with --port.\n",
    )
