"""Private uploads: how they come in, what they are, where they lie, how they go out."""

from __future__ import annotations

import hashlib
import os
import unicodedata
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.db import models
from django.http import FileResponse
from django.template.defaultfilters import filesizeformat
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

NAME_LENGTH = 150
# Room for the other fields and the boundaries of a form with one file.
FORM_OVERHEAD = 256 * 1024
LARGEST_PICTURE = 40_000_000


@dataclass(frozen=True)
class Kind:
    """A kind of file that the portal takes: its suffix, media type and name for people."""

    suffix: str
    media_type: str
    title: str


PDF = Kind(".pdf", "application/pdf", "PDF")
DOCX = Kind(
    ".docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "Word (.docx)",
)
JPEG = Kind(".jpg", "image/jpeg", "JPEG")
PNG = Kind(".png", "image/png", "PNG")
KINDS = {kind.suffix: kind for kind in (PDF, DOCX, JPEG, PNG)}


@dataclass(frozen=True)
class Checked:
    """What is known of an upload that passed: shown name, kind, size in bytes, SHA-256 in hex."""

    name: str
    kind: Kind
    size: int
    sha256: str


# --- In --------------------------------------------------------------------------------


class MeasuringUploadHandler(TemporaryFileUploadHandler):
    """Streams an upload to a temporary file, hashes it on the way and stops it at the limit.

    The bytes never lie in memory, and a file of any length costs no more disk than the limit.
    The file that a form gets carries `sha256`, or `too_large` when it was cut off.
    """

    chunk_size = 256 * 1024

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803
        self.allowed = settings.UPLOAD_LIMIT

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.digest = hashlib.sha256()
        self.seen = 0

    def receive_data_chunk(self, raw_data, start):
        self.seen += len(raw_data)
        if self.seen <= self.allowed:
            self.digest.update(raw_data)
            self.file.write(raw_data)
        elif self.seen > self.allowed + FORM_OVERHEAD * 64:
            # Far beyond the limit: do not let the line be used up, drop the connection's rest.
            raise StopUpload(connection_reset=False)

    def file_complete(self, file_size):
        file = super().file_complete(file_size)
        file.sha256 = self.digest.hexdigest()
        file.too_large = self.seen > self.allowed
        return file


def shown_name(name: str) -> str:
    """The file's name as people see it: no path, no invisible or direction-turning marks."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    seen = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "C").strip(" .")
    path = PurePath(seen)
    return f"{path.stem[: NAME_LENGTH - len(path.suffix)]}{path.suffix}"


def kind_of(file: File) -> Kind | None:
    """The kind that the content is, whatever the name says; None for anything else."""
    file.seek(0)
    head = file.read(1024)
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"PK\x03\x04") and _is_word(file):
        return DOCX
    return None


def _is_word(file: File) -> bool:
    file.seek(0)
    try:
        return "word/document.xml" in zipfile.ZipFile(file).namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def check_upload(upload: UploadedFile, kinds: list[Kind], *, limit: int) -> Checked:
    """Say what the upload is, or raise ValidationError with a sentence that says what to do."""
    name = shown_name(upload.name or "")
    welcome = ", ".join(kind.title for kind in kinds)
    if not PurePath(name).suffix:
        raise ValidationError(
            _("The name of the file could not be read. Rename it, for example to “cv.pdf”, "
              "and choose it again.")
        )
    if getattr(upload, "too_large", False) or upload.size > limit:
        raise ValidationError(
            _("“%(name)s” is larger than %(limit)s, the most this document may have. Save it "
              "smaller, for example by scanning with 150 dots per inch, and choose it again.")
            % {"name": name, "limit": filesizeformat(limit)}
        )
    kind = kind_of(upload)
    if kind is None or kind not in kinds:
        raise ValidationError(_unwelcome(name, kind, welcome))
    _check_name_fits(name, kind)
    _check_whole(upload, name, kind)
    return Checked(name=name, kind=kind, size=upload.size, sha256=_sha256(upload))


def _unwelcome(name: str, kind: Kind | None, welcome: str) -> str:
    if kind is None:
        return _(
            "“%(name)s” is not one of the kinds of file that can be taken here: %(welcome)s. "
            "Save it as PDF and choose it again."
        ) % {"name": name, "welcome": welcome}
    return _(
        "“%(name)s” is a %(kind)s file. Here you can give: %(welcome)s. "
        "Save it as PDF and choose it again."
    ) % {"name": name, "kind": kind.title, "welcome": welcome}


def _check_name_fits(name: str, kind: Kind) -> None:
    suffix = PurePath(name).suffix.lower().replace(".jpeg", ".jpg")
    if suffix != kind.suffix:
        raise ValidationError(
            _("“%(name)s” says %(said)s in its name, but it is a %(kind)s file. Rename it so "
              "that it ends in %(suffix)s and choose it again.")
            % {"name": name, "said": suffix, "kind": kind.title, "suffix": kind.suffix}
        )


def _check_whole(upload: UploadedFile, name: str, kind: Kind) -> None:
    whole = {PDF: _whole_pdf, DOCX: _whole_word, JPEG: _whole_picture, PNG: _whole_picture}[kind]
    if not whole(upload):
        raise ValidationError(
            _("“%(name)s” is damaged or incomplete. Open it on your device to see whether it is "
              "whole, save it again and choose it once more.")
            % {"name": name}
        )


def _whole_pdf(upload: UploadedFile) -> bool:
    upload.seek(max(upload.size - 2048, 0))
    return upload.read().rstrip().endswith(b"%%EOF")


def _whole_word(upload: UploadedFile) -> bool:
    upload.seek(0)
    try:
        return "[Content_Types].xml" in zipfile.ZipFile(upload).namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _whole_picture(upload: UploadedFile) -> bool:
    upload.seek(0)
    try:
        with Image.open(upload) as picture:
            if picture.width * picture.height > LARGEST_PICTURE:
                return False
            picture.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return True


def _sha256(upload: UploadedFile) -> str:
    """The hash taken while the upload streamed in, or taken now for a file of our own."""
    if measured := getattr(upload, "sha256", ""):
        return measured
    upload.seek(0)
    return hashlib.file_digest(upload, "sha256").hexdigest()


# --- Where they lie --------------------------------------------------------------------


def private_path(instance: models.Model, filename: str) -> str:
    """A name nobody can guess, keeping only the suffix."""
    return f"{instance._meta.model_name}/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()}"


class PrivateFileStorage(FileSystemStorage):
    """Files on this machine's disk, under no address, and on the disk before we say so."""

    def _save(self, name: str, content: File) -> str:
        if isinstance(content, TemporaryUploadedFile):
            os.chmod(content.temporary_file_path(), 0o600)
        saved = super()._save(name, content)
        for path in (self.path(saved), os.path.dirname(self.path(saved))):
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        return saved

    def url(self, name: str | None) -> str:
        raise ValueError("Private files have no address; they leave through serve().")


# --- Out -------------------------------------------------------------------------------


def serve(file: models.fields.files.FieldFile, name: str, media_type: str, *, inline: bool = False):
    """Send a private file. The caller has asked whether the person may, and noted that they did.

    Only PDF and pictures are ever shown in the page, in a sandbox and inside our own frame;
    everything else is a download.
    """
    inline = inline and media_type in {PDF.media_type, JPEG.media_type, PNG.media_type}
    response = FileResponse(file.open("rb"), content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(not inline, name)
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN" if inline else "DENY"
    response["Content-Security-Policy"] = _policy(media_type, inline=inline)
    return response


def _policy(media_type: str, *, inline: bool) -> str:
    if not inline:
        return "sandbox; default-src 'none'; frame-ancestors 'none'"
    # A sandboxed frame keeps the browser's own PDF reader from opening: for a PDF the policy
    # alone stands guard, and nothing but the reader may run.
    sandbox = "" if media_type == PDF.media_type else "sandbox; "
    return (
        f"{sandbox}default-src 'none'; img-src 'self'; object-src 'self'; "
        "style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
