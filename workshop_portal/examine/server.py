"""Answers one question a line, each in a fork of its own with narrow limits.

Whatever a hostile file does to the libraries that read it, it does in the fork, which may use half
a gigabyte and ten seconds, reaches no network where the system allows that to be cut, and dies
afterwards. This process itself never opens a file.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from workshop_portal.examine import look, pdf, photos, picture, pictures, word
from workshop_portal.examine.verdict import Findings, NotTaken, Question

MEMORY = 512 * 1024 * 1024
SECONDS = 10
LARGEST_OUTPUT = 64 * 1024 * 1024
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000

JOBS: dict[str, Callable[[Question], Findings]] = {
    "look": look.examine,
    "pdf": pdf.examine,
    "photos": photos.examine,
    "picture": picture.examine,
    "pictures": pictures.examine,
    "word": word.examine,
}
UNCHECKED: dict[str, Any] = {"code": "unchecked", "facts": {}}


def serve() -> None:
    """Until the portal's process that asks closes the line."""
    ctypes.CDLL(None).unshare(CLONE_NEWUSER | CLONE_NEWNET)
    look.warm_up()
    gc.freeze()
    for line in sys.stdin:
        print(json.dumps(_answer(Question(**json.loads(line)))), flush=True)  # noqa: T201


def _answer(question: Question) -> dict[str, Any]:
    """The findings, or a verdict; `peak` is the most memory that the fork held, in bytes."""
    here, there = os.pipe()
    child = os.fork()
    if not child:
        os.close(here)
        _examine(question, there)
    os.close(there)
    said = _hear(here, question.within)
    os.close(here)
    os.kill(child, signal.SIGKILL)
    _pid, _status, used = os.wait4(child, 0)
    try:
        answer = json.loads(said)
    except ValueError:
        answer = UNCHECKED
    return {**answer, "peak": used.ru_maxrss * 1024}


def _hear(line: int, within: float) -> bytes:
    """What the fork says before its time is over."""
    until, said = time.monotonic() + within, b""
    while (left := until - time.monotonic()) > 0 and select.select([line], [], [], left)[0]:
        heard = os.read(line, 65536)
        if not heard:
            return said
        said += heard
    return b""


def _examine(question: Question, line: int) -> None:
    """The whole life of a fork; never returns."""
    try:
        _narrow()
        try:
            answer = {"code": "", "facts": {}, **asdict(JOBS[question.job](question))}
        except NotTaken as verdict:
            answer = {"code": verdict.code, "facts": verdict.facts}
        os.write(line, json.dumps(answer).encode())
    finally:
        os._exit(0)


def _narrow() -> None:
    """Take away what reading a file does not need."""
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
