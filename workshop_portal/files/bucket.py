"""Where private files lie in a centre with object storage: a bucket that only the portal reads.

It keeps the promises of `storing.PrivateFileStorage`: no file has an address, none takes the
place of another, and what goes wrong is an OSError, so that nobody above has to know which it is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from workshop_portal.files.scratch import scratch_room

MEGABYTE = 1024 * 1024
NOT_THERE = {"404", "NoSuchKey", "NotFound"}
OPTIONS = {
    "file_overwrite": False,
    "default_acl": None,
    "custom_domain": None,
    "querystring_expire": 60,
    # Whoever ever gets at an object by itself gets a download and nothing that a browser shows.
    "object_parameters": {
        "ContentType": "application/octet-stream",
        "ContentDisposition": "attachment",
    },
}
# Somebody waits: what does not answer is given up within fifteen seconds.
PATIENCE = {
    "connect_timeout": 3,
    "read_timeout": 6,
    "retries": {"total_max_attempts": 2, "mode": "standard"},
}


class BucketStorage(S3Storage):
    """Files in a bucket, under no address."""

    def get_default_settings(self) -> dict[str, Any]:
        return {**super().get_default_settings(), **OPTIONS, "client_config": Config(**PATIENCE)}

    def _save(self, name: str, content: File) -> str:
        with _told_as_by_a_disk():
            return str(super()._save(name, content))

    def _open(self, name: str, mode: str = "rb") -> File:
        """The whole file, read at once: what goes wrong goes wrong here."""
        if mode != "rb":
            raise ValueError("What lies in the bucket is read, and never changed.")
        kept = tempfile.SpooledTemporaryFile(max_size=MEGABYTE, dir=str(scratch_room()))  # noqa: SIM115
        with _told_as_by_a_disk():
            self.bucket.Object(self._normalize_name(name)).download_fileobj(kept)
        kept.seek(0)
        return File(kept, name)

    def delete(self, name: str) -> None:
        with _told_as_by_a_disk():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _told_as_by_a_disk():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with _told_as_by_a_disk():
            return int(super().size(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with _told_as_by_a_disk():
            folders, names = super().listdir(path)
        return folders, names

    def get_modified_time(self, name: str) -> datetime:
        with _told_as_by_a_disk():
            moment: datetime = super().get_modified_time(name)
        return moment

    def url(self, name: str | None, **how: Any) -> str:
        raise ValueError("Private files have no address; they leave through serve().")


@contextmanager
def _told_as_by_a_disk() -> Iterator[None]:
    try:
        yield
    except ClientError as fault:
        if fault.response.get("Error", {}).get("Code") in NOT_THERE:
            raise FileNotFoundError(str(fault)) from fault
        raise OSError(str(fault)) from fault
    except (BotoCoreError, Boto3Error) as fault:
        raise OSError(str(fault)) from fault
