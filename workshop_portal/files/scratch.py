"""What a file needs while it is looked at, in a place where leavings of the killed are found.

Whatever lies here carries our prefix, so that nothing else is ever swept, wherever here may be.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile

PREFIX = "portal-"
# No check, no page and no upload of one request takes as long as this.
FORGOTTEN = timedelta(hours=1)


def scratch_room() -> Path:
    """The folder for what is gone when the work on it ends; made when it is not there."""
    room = Path(settings.SCRATCH_DIR)
    room.mkdir(mode=0o700, parents=True, exist_ok=True)
    return room


@contextmanager
def scratch_folder(purpose: str) -> Iterator[Path]:
    """A folder for one piece of work."""
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{purpose}-", dir=scratch_room()) as folder:
        yield Path(folder)


class ScratchUpload(TemporaryUploadedFile):
    """An upload on its way through one request, on the disk."""

    def __init__(
        self,
        name: str,
        content_type: str | None,
        size: int,
        charset: str | None,
        content_type_extra: dict[str, Any] | None = None,
    ) -> None:
        file: IO[bytes] = tempfile.NamedTemporaryFile(prefix=PREFIX, dir=scratch_room())  # noqa: SIM115
        UploadedFile.__init__(self, file, name, content_type, size, charset, content_type_extra)


def sweep_scratch() -> list[str]:
    """Delete what a killed process left here an hour ago or earlier; gives the names."""
    since, swept = time.time() - FORGOTTEN.total_seconds(), []
    for path in sorted(scratch_room().glob(f"{PREFIX}*")):
        if _newest(path) < since:
            _delete(path)
            swept.append(path.name)
    return swept


def _newest(path: Path) -> float:
    """When something was last done in there; now, when somebody is just taking it away."""
    try:
        return max(found.lstat().st_mtime for found in (path, *path.rglob("*")))
    except FileNotFoundError:
        return time.time()


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
