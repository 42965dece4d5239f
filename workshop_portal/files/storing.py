"""Where private files lie: under a name nobody can guess, and on the disk before we say so."""

from __future__ import annotations

import os
import uuid
from pathlib import Path, PurePath

from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import models
from django.db.models.fields.files import FieldFile


def private_path(instance: models.Model, filename: str) -> str:
    """A name nobody can guess, keeping only the suffix."""
    return f"{instance._meta.model_name}/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()}"


def on_disk(stored: FieldFile, folder: Path) -> Path:
    """A stored file as one of this machine: itself, or a copy in `folder`."""
    try:
        return Path(stored.path)
    except NotImplementedError:
        copy = folder / PurePath(str(stored.name)).name
        with stored.open("rb") as remote, copy.open("wb") as local:
            for chunk in remote.chunks():
                local.write(chunk)
        return copy


class PrivateFileStorage(FileSystemStorage):
    """Files on this machine's disk, under no address, and on the disk before we say so."""

    def _save(self, name: str, content: File) -> str:
        if isinstance(content, TemporaryUploadedFile):
            os.chmod(content.temporary_file_path(), 0o600)
        try:
            saved = super()._save(name, content)  # type: ignore[misc]  # unknown to the stubs
        except OSError:
            # The disk is full, or gone: half a file is no file.
            Path(self.path(name)).unlink(missing_ok=True)
            raise
        for path in (self.path(saved), os.path.dirname(self.path(saved))):
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        return saved

    def url(self, name: str | None) -> str:
        raise ValueError("Private files have no address; they leave through serve().")
