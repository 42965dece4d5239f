"""The kinds of file that the portal takes, and how the others are told apart."""

from __future__ import annotations

from dataclasses import dataclass


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
PHOTOS = {JPEG, PNG}

HEADS = {
    b"%PDF-": PDF,
    b"PK\x03\x04": DOCX,
    b"\xff\xd8\xff": JPEG,
    b"\x89PNG\r\n\x1a\n": PNG,
}
# What a name says of a file that shares its first bytes with those we take, or has none.
OFFICE = {
    ".docm": "Word (.docm)",
    ".dotx": "Word (.dotx)",
    ".hwp": "Hangul (.hwp)",
    ".hwpx": "Hangul (.hwpx)",
    ".key": "Keynote",
    ".odp": "OpenDocument (.odp)",
    ".ods": "OpenDocument (.ods)",
    ".odt": "OpenDocument (.odt)",
    ".pages": "Pages",
    ".pptx": "PowerPoint",
    ".rtf": "RTF",
    ".xls": "Excel",
    ".xlsx": "Excel",
}
PROGRAMS = {".apk", ".bat", ".cmd", ".com", ".exe", ".jar", ".js", ".msi", ".ps1", ".sh", ".vbs"}
SHORTCUTS = {".desktop", ".lnk", ".url", ".webloc"}
ARCHIVES = {".7z", ".gz", ".rar", ".tar", ".tgz", ".zip"}

PICTURE_HEADS = (b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
ARCHIVE_HEADS = (b"PK", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
PROGRAM_HEADS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe")
SHORTCUT_HEADS = (b"L\x00\x00\x00\x01\x14\x02\x00", b"[InternetShortcut]")
APPLE_PHOTOS = {b"heic", b"heix", b"mif1", b"hevc", b"msf1"}
WEB_PAGES = (b"<html", b"<!doctype html", b"<script", b"<head", b"<body")
WORD_MEMBER = b"[Content_Types].xml"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def kind_of(head: bytes, suffix: str = "") -> Kind | None:
    """The kind that the first bytes announce, whatever the name says; None for anything else.

    An archive is Word if its name or its first member says so; the examiner looks closer.
    """
    kind = next((kind for start, kind in HEADS.items() if head.startswith(start)), None)
    if kind == DOCX and suffix != DOCX.suffix and (suffix in OFFICE or WORD_MEMBER not in head):
        return None
    return kind


def other_kind(head: bytes, suffix: str) -> tuple[str, str]:
    """Why a file is none of the kinds we take: the code of the sentence, and what it is called.

    `suffix` is that of its name, in small letters.
    """
    if head.startswith(OLD_OFFICE):
        # Word wraps a locked .docx in the container of its old files.
        return ("locked_word" if suffix == DOCX.suffix else "old_word"), ""
    if said := _by_head(head):
        return said, ""
    if head.startswith(b"{\\rtf"):
        return "office", OFFICE[".rtf"]
    if suffix in OFFICE:
        return "office", OFFICE[suffix]
    return ("archive" if head.startswith(ARCHIVE_HEADS) else _by_name(suffix)), ""


def _by_head(head: bytes) -> str:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(PROGRAM_HEADS):
        return "program"
    if head[4:8] == b"ftyp" and head[8:12] in APPLE_PHOTOS:
        return "iphone"
    if b"%PDF-" in head:
        return "pdf_inside"
    if b"<svg" in text:
        return "drawing"
    if text.startswith(WEB_PAGES):
        return "web_page"
    if head.startswith(PICTURE_HEADS) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "other_picture"
    return "shortcut" if head.startswith(SHORTCUT_HEADS) else ""


def _by_name(suffix: str) -> str:
    if suffix in PROGRAMS:
        return "program"
    if suffix in SHORTCUTS:
        return "shortcut"
    return "archive" if suffix in ARCHIVES else "unknown"
