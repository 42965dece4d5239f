"""The virus scanner: ClamAV's clamd, asked over its own socket."""

from __future__ import annotations

import logging
import socket
import struct
import time
from pathlib import Path

from django.conf import settings

NONE, WAITING, CLEAN, HELD = "none", "waiting", "clean", "held"
PIECE = 64 * 1024
# Seconds for the whole talk with the scanner, and for hearing that it is there.
PATIENCE = 15.0
GREETING = 2.0

logger = logging.getLogger(__name__)


def scan(path: Path) -> str:
    """What the scanner says of a file: clean or held; waiting when it does not say it in time.

    Without a scanner (CLAMD is empty) the answer is none.
    """
    if not settings.CLAMD:
        return NONE
    try:
        said = _ask(b"zINSTREAM\0", path, within=PATIENCE)
    except OSError as fault:
        logger.warning("The virus scanner does not answer: %s", fault)
        return WAITING
    if said.endswith(" FOUND"):
        return HELD
    if said == "stream: OK":
        return CLEAN
    logger.warning("The virus scanner did not scan: %s", said)
    return WAITING


def scanner_answers() -> bool:
    """Whether the scanner is there and awake."""
    try:
        return _ask(b"zPING\0", within=GREETING) == "PONG"
    except OSError:
        return False


def _ask(command: bytes, path: Path | None = None, *, within: float) -> str:
    """One command, with the file behind it if there is one; raises OSError after the time."""
    until = time.monotonic() + within
    with _connect() as line:
        line.sendall(command)
        if path:
            _send(line, path, until)
        said = b""
        while not said.endswith(b"\0"):
            line.settimeout(max(until - time.monotonic(), 0.01))
            heard = line.recv(4096)
            if not heard:
                break
            said += heard
    return said.rstrip(b"\0").decode(errors="replace").strip()


def _send(line: socket.socket, path: Path, until: float) -> None:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            line.settimeout(max(until - time.monotonic(), 0.01))
            line.sendall(struct.pack("!L", len(piece)) + piece)
    line.sendall(struct.pack("!L", 0))


def _connect() -> socket.socket:
    where = settings.CLAMD
    if where.startswith("unix:"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(GREETING)
        try:
            line.connect(where.removeprefix("unix:"))
        except OSError:
            line.close()
            raise
        return line
    host, _colon, port = where.rpartition(":")
    return socket.create_connection((host, int(port)), GREETING)
