"""The line to the examiner, the program that opens files in place of the portal."""

from __future__ import annotations

import atexit
import json
import os
import select
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any, cast

PROGRAM = Path(__file__).parent.parent / "examine"
# The examiner ends its own forks in time; when it is later than this, it is ended itself.
GRACE = 3.0


class Unanswered(Exception):
    """The examiner did not answer, or is gone."""


class Examiner:
    """A program of its own, started at the first question and ended with this process.

    It stays warm: each question is answered by a fork of it with narrow limits, which costs a few
    thousandths of a second. It gets nothing of the portal's surroundings: no settings, no secrets.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, *, within: float, **question: Any) -> dict[str, Any]:
        """Put one question; raises Unanswered when nothing comes back in so many seconds."""
        line = json.dumps({"within": within, **question}).encode() + b"\n"
        with self._lock:
            try:
                return self._talk(line, time.monotonic() + within + GRACE)
            except (OSError, ValueError) as fault:
                self.end()
                raise Unanswered from fault

    def end(self) -> None:
        """End the program; the next question starts a new one."""
        process, self._process = self._process, None
        if process:
            process.kill()
            with process:
                pass

    def forget(self) -> None:
        """After a fork: the program belongs to the process that started it."""
        self._lock = threading.Lock()
        process, self._process = self._process, None
        if process and process.stdin and process.stdout:
            process.stdin.close()
            process.stdout.close()
            process.returncode = 0

    def _talk(self, question: bytes, until: float) -> dict[str, Any]:
        if self._process is None or self._process.poll() is not None:
            self._process = _start()
        asked = cast("IO[bytes]", self._process.stdin)
        told = cast("IO[bytes]", self._process.stdout)
        asked.write(question)
        said = b""
        while not said.endswith(b"\n"):
            ready, _write, _other = select.select([told], [], [], max(until - time.monotonic(), 0))
            heard = os.read(told.fileno(), 65536) if ready else b""
            if not heard:
                raise OSError("the examiner fell silent")
            said += heard
        answer: dict[str, Any] = json.loads(said)
        return answer


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 — our own program
        [sys.executable, "-I", str(PROGRAM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        env={},
        cwd="/",
        start_new_session=True,
    )


EXAMINER = Examiner()
atexit.register(EXAMINER.end)
os.register_at_fork(after_in_child=EXAMINER.forget)
