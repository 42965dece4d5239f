"""Private uploads: how they come in, what they are, where they lie, how they go out."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import unicodedata
import uuid
import zipfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import models
from django.http import FileResponse
from django.utils.formats import number_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

NAME_LENGTH = 150
KILOBYTE = 1024
# A body beyond this many times the limit is not read to its end: nobody sends it by mistake.
ABSURD = 10
LARGEST_UNPACKED = 100 * 1024 * 1024
MOST_MEMBERS = 2_000
EXAMINER = Path(__file__).with_name("examine.py")
EXAMINED_WITHIN = 20


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
    """What is known of an upload that passed, and what of it is to be stored.

    `content` is the upload itself, or a picture drawn anew; `size` in bytes and `sha256` in hex
    are those of `content`.
    """

    name: str
    kind: Kind
    size: int
    sha256: str
    content: File


# --- In --------------------------------------------------------------------------------


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
        super().new_file(*args, **kwargs)
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


def shown_name(name: str) -> str:
    """The file's name as people see it: no path, no invisible or direction-turning marks."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    seen = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "C").strip(" .")
    path = PurePath(seen)
    stem = path.stem[: max(NAME_LENGTH - len(path.suffix), 1)]
    return f"{stem}{path.suffix}"[:NAME_LENGTH]


def size_words(size: int) -> str:
    """A size as people say it, in the units that the limits have: kB and MB of 1024."""
    if size < KILOBYTE:
        return ngettext("%(n)s byte", "%(n)s bytes", size) % {"n": size}
    if size < KILOBYTE**2:
        return _("%(n)s kB") % {"n": number_format(round(size / KILOBYTE))}
    amount = round(size / KILOBYTE**2, 1)
    return _("%(n)s MB") % {"n": number_format(amount, 0 if amount.is_integer() else 1)}


def kind_of(file: File) -> Kind | None:
    """The kind that the content is, whatever the name says; None for anything else."""
    head = _head(file)
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"PK\x03\x04") and "word/document.xml" in _members(file):
        return DOCX
    return None


def _head(file: File) -> bytes:
    file.seek(0)
    return file.read(1024)


def _members(file: File) -> dict[str, int]:
    """The names in a zip file with the sizes it says they have unpacked; empty when torn."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as packed:
            return {member.filename: member.file_size for member in packed.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return {}


def check_upload(upload: UploadedFile, kinds: list[Kind], *, limit: int) -> Checked:
    """Say what the upload is, or raise ValidationError with a sentence that says what to do."""
    name = shown_name(upload.name or "")
    if not PurePath(name).suffix:
        raise refusal("nameless")
    if not upload.size:
        raise refusal("empty", name)
    if getattr(upload, "too_large", False) or upload.size > limit:
        size = max(upload.size, limit + 1)
        raise refusal("large", name, size=_exactly(size, limit), limit=size_words(limit))
    kind = kind_of(upload)
    if kind not in kinds:
        welcome = ", ".join(kind.title for kind in kinds)
        said = kind.title if kind else ""
        raise refusal(
            "other_kind" if kind else looks_like(upload), name, kind=said, welcome=welcome
        )
    suffix = PurePath(name).suffix.lower()
    if suffix.replace(".jpeg", ".jpg") != kind.suffix:
        raise refusal("misnamed", name, said=suffix, kind=kind.title, suffix=kind.suffix)
    if kind == DOCX:
        _check_word(upload, name)
    drawn = _examined(upload, kind, name) if kind != DOCX else b""
    if drawn:
        content: File = ContentFile(drawn, name)
        return Checked(name, kind, len(drawn), hashlib.sha256(drawn).hexdigest(), content)
    return Checked(name, kind, upload.size, _sha256(upload), upload)


def _exactly(size: int, limit: int) -> str:
    """The size in words, or to the byte where rounding would make it equal to the limit."""
    if size_words(size) == size_words(limit):
        return _("%(n)s bytes") % {"n": f"{size:,}"}
    return size_words(size)


def looks_like(upload: UploadedFile) -> str:
    """Why a file is none of the kinds we take: the name of the sentence to answer with."""
    head = _head(upload)
    if head[:2] == b"MZ" or head[:4] == b"\x7fELF":
        return "program"
    if head[:4] == b"\xd0\xcf\x11\xe0":
        return "old_word"
    if head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"mif1", b"hevc", b"msf1"}:
        return "iphone"
    if b"%PDF-" in head:
        return "pdf_inside"
    return "unknown"


def _check_word(upload: UploadedFile, name: str) -> None:
    members = _members(upload)
    if "[Content_Types].xml" not in members:
        raise refusal("damaged", name)
    if len(members) > MOST_MEMBERS or sum(members.values()) > LARGEST_UNPACKED:
        raise refusal("swollen", name)


def _examined(upload: UploadedFile, kind: Kind, name: str) -> bytes:
    """Open the file in a process of its own; return the picture as it drew it, if it is one."""
    command = [sys.executable, "-I", str(EXAMINER), "pdf" if kind == PDF else "picture"]
    with ExitStack() as open_files:
        given: dict[str, Any] = {}
        if isinstance(upload, TemporaryUploadedFile):
            path = upload.temporary_file_path()
            given["stdin"] = open_files.enter_context(open(path, "rb"))
        else:
            upload.seek(0)
            given["input"] = upload.read()
        try:
            said = subprocess.run(  # noqa: S603 — our own program; the file is only its input
                command, capture_output=True, timeout=EXAMINED_WITHIN, check=False, **given
            )
        except subprocess.TimeoutExpired as slow:
            raise refusal("unchecked", name) from slow
    if said.returncode:
        verdict = said.stderr.decode(errors="replace").strip()
        raise refusal(verdict if verdict in SENTENCES else "unchecked", name)
    return said.stdout


def _sha256(upload: UploadedFile) -> str:
    """The hash taken while the upload streamed in, or taken now for a file of our own."""
    if measured := getattr(upload, "sha256", ""):
        return measured
    upload.seek(0)
    return hashlib.file_digest(upload, "sha256").hexdigest()


SENTENCES = {
    "nameless": gettext_lazy(
        "The name of the file could not be read. Rename it, for example to “cv.pdf”, "
        "and choose it again."
    ),
    "empty": gettext_lazy(
        "“%(name)s” is empty: it holds nothing at all. Open it on your device, save it again and "
        "choose it once more."
    ),
    "large": gettext_lazy(
        "“%(name)s” has %(size)s; this document may have at most %(limit)s. Save it smaller, for "
        "example by scanning with 150 dots per inch, and choose it again."
    ),
    "other_kind": gettext_lazy(
        "“%(name)s” is a %(kind)s file. Here you can give: %(welcome)s. Save it as PDF and choose "
        "it again."
    ),
    "unknown": gettext_lazy(
        "“%(name)s” is not one of the kinds of file that can be taken here: %(welcome)s. "
        "Save it as PDF and choose it again."
    ),
    "program": gettext_lazy(
        "“%(name)s” looks like a program and not like a document. Here you can give: %(welcome)s."
    ),
    "old_word": gettext_lazy(
        "“%(name)s” is protected by a password or made by an old version of Word. Save it without "
        "a password as PDF and choose it again."
    ),
    "iphone": gettext_lazy(
        "“%(name)s” is a photo in the HEIC format of an iPhone, which others often cannot open. "
        "In Settings, Camera, Formats choose “Most Compatible” and take it again, or scan the "
        "page in the Notes app, which makes a PDF."
    ),
    "pdf_inside": gettext_lazy(
        "“%(name)s” has other data in front of the PDF. Open it, print or save it as PDF and "
        "choose that file."
    ),
    "tail": gettext_lazy(
        "“%(name)s” has other data after the end of the PDF. Open it, print or save it as PDF and "
        "choose that file."
    ),
    "misnamed": gettext_lazy(
        "“%(name)s” says %(said)s in its name, but it is a %(kind)s file. Rename it so that it "
        "ends in %(suffix)s and choose it again."
    ),
    "damaged": gettext_lazy(
        "“%(name)s” is damaged or incomplete. Open it on your device to see whether it is whole, "
        "save it again and choose it once more."
    ),
    "locked": gettext_lazy(
        "“%(name)s” is protected by a password, so nobody could read it. Remove the password and "
        "choose it again."
    ),
    "pixels": gettext_lazy(
        "“%(name)s” is too large a picture: it has more than 40 million pixels. Save it smaller, "
        "or scan the page as PDF, and choose it again."
    ),
    "swollen": gettext_lazy(
        "“%(name)s” becomes far too large when it is opened. Save it as PDF and choose it again."
    ),
    "unchecked": gettext_lazy(
        "“%(name)s” could not be checked. Open it, print or save it as PDF and choose that file."
    ),
}


def refusal(code: str, name: str = "", **facts: str) -> ValidationError:
    """The sentence for an upload that is not taken; `code` says which, for the trail."""
    return ValidationError(SENTENCES[code] % {"name": name, **facts}, code=code)


# --- Where they lie --------------------------------------------------------------------


def private_path(instance: models.Model, filename: str) -> str:
    """A name nobody can guess, keeping only the suffix."""
    return f"{instance._meta.model_name}/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()}"


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


# --- Out -------------------------------------------------------------------------------


def serve(
    file: models.fields.files.FieldFile, name: str, media_type: str, *, inline: bool = False
) -> FileResponse:
    """Send a private file. The caller has asked whether the person may, and noted that they did.

    Only PDF and pictures are ever shown in the page, in a sandbox and inside our own frame;
    everything else is a download.
    """
    inline = inline and media_type in {PDF.media_type, JPEG.media_type, PNG.media_type}
    response = FileResponse(file.open("rb"), content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
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
