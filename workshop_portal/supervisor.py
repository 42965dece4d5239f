"""Keep the portal's processes running: start them, start again what dies, end them all.

Every child leads a session of its own, so that Ctrl-C in the terminal reaches the supervisor
alone and a whole family of processes (a server with its workers) can be ended together. Whatever
kills the supervisor, nothing stays behind: the kernel tells each child (where it can), and a
guard, which sleeps on a pipe until the supervisor is gone, ends the families that do not go.

Runs on the standard library alone: the guard is this very file, started as a script.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

PATIENCE = 8.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY = 60.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LIBC = ctypes.CDLL(None)
SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of linux/prctl.h


@dataclass
class Child:
    """One command to keep running; `last` for what the others still need while they end."""

    name: str
    command: Sequence[str]
    last: bool = False
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = 0.0


class Supervisor:
    """Looks after children from the main thread of a process that has no other thread."""

    def __init__(
        self, children: Sequence[Child], env: Mapping[str, str], say: Callable[[str], object]
    ) -> None:
        self.children, self.env, self.say = list(children), env, say
        self.running: dict[str, subprocess.Popen] = {}
        self.stopping = False
        self.pipe, self.guard = start_guard()
        for number in STOP_SIGNALS:
            signal.signal(number, self.ask_to_stop)

    def ask_to_stop(self, *_: object) -> None:
        self.stopping = True

    def run(self, until: Callable[[], bool] | None = None) -> None:
        """Look after the children until asked to stop, or until the condition holds."""
        while not self.stopping and not (until and until()):
            for child in self.children:
                self.tend(child)
            time.sleep(0.2)

    def tend(self, child: Child) -> None:
        """Start a child that is due; when one has ended, clear its family and set a new start."""
        now = time.monotonic()
        if child.name not in self.running:
            if now >= child.due:
                self.start(child)
        elif self.running[child.name].poll() is not None:
            self.clear(child)
            if now - child.started > STEADY:
                child.pause = FIRST_PAUSE
            self.say(f"The {child.name} has ended; it starts again in {child.pause:g} seconds.")
            child.due = now + child.pause
            child.pause = min(child.pause * 2, LONGEST_PAUSE)

    def start(self, child: Child) -> None:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            child.command,
            env=self.env,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=follow(os.getpid()),
        )
        child.started = time.monotonic()
        self.running[child.name] = process
        self.tell_guard(f"+{process.pid}")

    def clear(self, child: Child) -> None:
        """Forget an ended child and end whatever it has left behind."""
        leader = self.running.pop(child.name).pid
        end_family(leader)
        self.tell_guard(f"-{leader}")

    def tell_guard(self, line: str) -> None:
        with contextlib.suppress(BrokenPipeError):
            os.write(self.pipe, f"{line}\n".encode())

    def stop(self) -> None:
        """Ask the main process of every family to end; kill what has not gone in time.

        Only the main process is asked: a worker whose pool is signalled together with it waits
        for that pool for ever.
        """
        for last in (False, True):
            ending = [c for c in self.children if c.name in self.running and c.last is last]
            limit = time.monotonic() + PATIENCE
            for child in ending:
                self.running[child.name].terminate()
            for child in ending:
                try:
                    self.running[child.name].wait(max(0.1, limit - time.monotonic()))
                except subprocess.TimeoutExpired:
                    end_family(self.running[child.name].pid)
                    self.running[child.name].wait()
                self.clear(child)
        os.close(self.pipe)
        self.guard.wait()


def follow(parent: int) -> Callable[[], None]:
    """What a child does between fork and exec: ask the kernel to end it with its parent."""

    def between() -> None:
        if sys.platform == "linux":
            LIBC.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return between


def end_family(leader: int, number: int = signal.SIGKILL) -> bool:
    """Signal every process of the group that this leader leads or has led; False when none is."""
    try:
        os.killpg(leader, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def start_guard() -> tuple[int, subprocess.Popen]:
    """The end of the pipe that the guard reads from, and the guard."""
    ours, theirs = os.pipe()
    process = subprocess.Popen(  # noqa: S603 - this very file
        [sys.executable, "-S", __file__, str(PATIENCE)], stdin=ours, start_new_session=True
    )
    os.close(ours)
    return theirs, process


def guard(patience: float) -> None:
    """Keep a list of the leaders; when the supervisor is gone, end the families still on it."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    leaders: set[int] = set()
    for line in sys.stdin:
        leader = int(line[1:])
        if line[0] == "+":
            leaders.add(leader)
        else:
            leaders.discard(leader)
    if sys.platform != "linux":
        # On Linux the kernel has asked already: a worker that is asked twice breaks off its ending.
        for leader in leaders:
            with contextlib.suppress(ProcessLookupError):
                os.kill(leader, signal.SIGTERM)
    limit = time.monotonic() + patience
    while time.monotonic() < limit and any(end_family(leader, 0) for leader in leaders):
        time.sleep(0.1)
    for leader in leaders:
        end_family(leader)


if __name__ == "__main__":
    guard(float(sys.argv[1]))
