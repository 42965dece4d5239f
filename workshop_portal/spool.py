"""Where files lie that arrive in pieces, until they are whole: a private folder, and no storage."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.files import File

CHUNK = 256 * 1024


class Stream(Protocol):
    """What bytes are read from: the body of a request."""

    def read(self, size: int, /) -> bytes: ...


class Digest(Protocol):
    """What bytes are told to on their way: a hash."""

    def update(self, chunk: bytes, /) -> None: ...


class Spooled(File):
    """A whole file that lies here, for a store: one on the same disk need not copy it."""

    def __init__(self, key: str, *, name: str = "", sha256: str = "") -> None:
        self.path, self.sha256 = path_of(key), sha256
        super().__init__(self.path.open("rb"), name)

    def temporary_file_path(self) -> str:
        """A second name of the file, which a store may take away; the bytes stay here as well."""
        twin = self.path.with_suffix(f".{uuid.uuid4().hex}")
        os.link(self.path, twin)
        return str(twin)


def path_of(key: str) -> Path:
    """Where the file of that key lies, or will lie."""
    return Path(settings.SPOOL_DIR) / key


def append(
    key: str, stream: Stream, *, offset: int, most: int, digest: Digest | None = None
) -> int:
    """Write what `stream` gives at `offset`, at most `most` bytes, and say how many came.

    They outlive a power cut after `settle` only; `digest` has seen them. A line that breaks keeps
    what came before it broke; a disk that takes no more raises OSError.
    """
    path = path_of(key)
    if not offset:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.lseek(handle, offset, os.SEEK_SET)
        got = 0
        while got < most and (chunk := _next(stream, min(CHUNK, most - got))):
            _written(handle, chunk)
            _on_its_way(handle, offset + got, len(chunk))
            got += len(chunk)
            if digest:
                digest.update(chunk)
    finally:
        os.close(handle)
    return got


def _next(stream: Stream, size: int) -> bytes:
    try:
        return stream.read(size)
    except OSError:
        return b""


def _written(handle: int, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[os.write(handle, view) :]


def _on_its_way(handle: int, offset: int, length: int) -> None:
    """Let the disk begin with these bytes now, so that whoever settles them hardly waits.

    Linux writes what it is told that nobody needs (posix_fadvise(2)); others have no such call.
    """
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):
            os.posix_fadvise(handle, offset, length, os.POSIX_FADV_DONTNEED)


def settle(key: str) -> None:
    """Return when what was written there, and its name, is on the disk; OSError if it is not.

    A file that goes on to a store at once need not wait for this: the store does as much.
    """
    path = path_of(key)
    for each in (path, path.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def head_of(key: str, size: int) -> bytes:
    """The first `size` bytes of what lies there, or as many as there are."""
    with path_of(key).open("rb") as file:
        return file.read(size)


def sha256_of(key: str) -> str:
    """The hash of what lies there, in hex; of nothing when nothing does."""
    try:
        with path_of(key).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return hashlib.sha256().hexdigest()


def discard(key: str) -> None:
    """Let the file be gone; twice does no harm."""
    path_of(key).unlink(missing_ok=True)


def sweep(*, but: Collection[str], before: datetime) -> list[str]:
    """Let all be gone that nobody has written to since then, but for these keys; gives theirs."""
    folder = path_of("")
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    old = [path for path in found if path.name not in but and _moved(path) < before.timestamp()]
    for path in old:
        discard(path.name)
    return [path.name for path in old]


def _moved(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
