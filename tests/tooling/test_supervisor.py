"""The supervisor, with real processes: children, grandchildren, and a supervisor that is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

# A child with two grandchildren, all of them deaf to a friendly end: the worst that can happen.
DEAF_FAMILY = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for _ in range(2):
    if os.fork() == 0:
        break
with open(sys.argv[1], "a") as book:
    book.write(f"{os.getpid()}\\n")
time.sleep(600)
"""
POLITE = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
with open(sys.argv[1], "a") as book:
    book.write(f"{os.getpid()}\\n")
time.sleep(600)
"""
SUPERVISED = """
import os, sys
from workshop_portal import supervisor
supervisor.PATIENCE = 1.0
supervised = supervisor.Supervisor(
    [supervisor.Child("child", [sys.executable, "-c", sys.argv[1], sys.argv[2]])],
    dict(os.environ),
    lambda sentence: print(sentence, flush=True),
)
supervised.run()
supervised.stop()
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition, seconds: float = 20):
    limit = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.05)
    return found


class Family:
    def __init__(self, book: Path, program: str) -> None:
        self.book = book
        self.supervisor = subprocess.Popen(
            [sys.executable, "-c", SUPERVISED, program, str(book)],
            stdout=subprocess.PIPE,
            text=True,
        )

    def pids(self, count: int) -> list[int]:
        """The processes that have signed the book, once there are as many."""
        lines = wait_for(lambda: (s := self.signed()) and len(s) >= count and s)
        return [int(line) for line in lines]

    def signed(self) -> list[str]:
        return self.book.read_text().split() if self.book.exists() else []


@pytest.fixture
def family(tmp_path):
    started = []

    def start(program: str) -> Family:
        started.append(Family(tmp_path / f"book-{len(started)}", program))
        return started[-1]

    yield start
    for each in started:
        each.supervisor.kill()
        each.supervisor.communicate()


def test_a_child_that_is_killed_comes_back_and_leaves_none_of_its_family(family):
    running = family(DEAF_FAMILY)
    first = running.pids(3)
    leader = next(pid for pid in first if os.getpgid(pid) == pid)

    os.kill(leader, signal.SIGKILL)

    second = running.pids(6)[3:]
    assert [alive(pid) for pid in second] == [True, True, True]
    wait_for(lambda: not any(map(alive, first)))


def test_a_child_that_keeps_ending_is_started_with_growing_pauses(family):
    running = family("open(__import__('sys').argv[1], 'a').write('x ')")

    sentences = [running.supervisor.stdout.readline().strip() for _ in range(2)]

    assert sentences == [
        "The child has ended; it starts again in 0.5 seconds.",
        "The child has ended; it starts again in 1 seconds.",
    ]


@pytest.mark.parametrize("program", [POLITE, DEAF_FAMILY], ids=["polite", "deaf"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_whatever_ends_the_supervisor_no_process_stays_behind(family, program, number):
    running = family(program)
    pids = running.pids(1 if program is POLITE else 3)

    running.supervisor.send_signal(number)

    running.supervisor.wait(20)
    wait_for(lambda: not any(map(alive, pids)))
    assert running.supervisor.returncode == (-9 if number == signal.SIGKILL else 0)


def test_ctrl_c_reaches_the_supervisor_alone(family):
    running = family(POLITE)
    [child] = running.pids(1)

    sessions = {os.getsid(running.supervisor.pid), os.getsid(child)}

    assert len(sessions) == 2
