"""How an upload comes in: to the disk, measured on the way, and never more of it than allowed."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

from workshop_portal.files.scratch import ScratchUpload

# A body beyond this many times the limit is not read to its end: nobody sends it by mistake.
ABSURD = 10


class MeasuringUploadHandler(TemporaryFileUploadHandler):
    """Streams an upload to a temporary file, hashes it on the way and stops writing at the limit.

    The bytes never lie in memory, and a file of any length costs no more disk than the limit.
    The file that a form gets carries `sha256`, or `too_large` when it was cut off.
    """

    chunk_size = 256 * 1024

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 — the name that Django gives it
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self.allowed = settings.UPLOAD_LIMIT
        if content_length > self.allowed * ABSURD:
            raise RequestDataTooBig

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = ScratchUpload(
            self.file_name or "", self.content_type, 0, self.charset, self.content_type_extra
        )
        self.digest = hashlib.sha256()
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.seen += len(raw_data)
        if self.seen <= self.allowed:
            self.digest.update(raw_data)
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> Any:
        file: Any = super().file_complete(file_size)
        file.sha256 = self.digest.hexdigest()
        file.too_large = self.seen > self.allowed
        return file
