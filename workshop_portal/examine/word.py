"""Word: an archive of parts, each of them small, plain and its own."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from pathlib import PurePosixPath

from workshop_portal.examine import wording
from workshop_portal.examine.verdict import Findings, NotTaken, Question

LARGEST_UNPACKED = 100 * 1024 * 1024
# Below this size nobody minds how tightly something was packed.
HARMLESS = 10 * 1024 * 1024
LARGEST_RATIO = 100
MOST_MEMBERS = 2_000
LOCKED = 0x1
LOCAL_HEADER = 30
PIECE = 256 * 1024
TORN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)

ARCHIVES = (b"PK\x03\x04", b"7z\xbc\xaf\x27\x1c", b"Rar!")
FOREIGN = (b"\xd0\xcf\x11\xe0", b"MZ", b"\x7fELF")
MACROS = re.compile(r"(^|/)vba(project|data)|(^|/)activex/|macrosheets", re.IGNORECASE)
EMBEDDED = re.compile(r"(^|/)embeddings/", re.IGNORECASE)
MARKUP = (".xml", ".rels")


def examine(question: Question) -> Findings:
    """A Word document that can be taken, with cautions for what a reader may not expect in it."""
    data = question.read()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = packed.infolist()
            _look_at_list(members, len(data))
            for member in members:
                _look_into(packed, member)
            return wording.examine(
                {
                    member.filename: packed.read(member)
                    for member in members
                    if member.filename.lower().endswith(MARKUP)
                },
                question,
            )
    except TORN as fault:
        raise NotTaken("torn_word") from fault


def _look_at_list(members: list[zipfile.ZipInfo], packed: int) -> None:
    """What the list of contents says, before anything is unpacked."""
    if len(members) > MOST_MEMBERS:
        raise NotTaken("crowded")
    if any(member.flag_bits & LOCKED for member in members):
        raise NotTaken("locked_word")
    if any(map(_leads_out, members)):
        raise NotTaken("escaping")
    if _overlap(members):
        raise NotTaken("overlapping")
    unpacked = sum(member.file_size for member in members)
    if unpacked > LARGEST_UNPACKED or unpacked > max(HARMLESS, packed * LARGEST_RATIO):
        raise NotTaken("swollen")
    names = [member.filename for member in members]
    if any(map(MACROS.search, names)):
        raise NotTaken("macros")
    if any(map(EMBEDDED.search, names)):
        raise NotTaken("embedded")


def _leads_out(member: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(member.orig_filename)
    return (
        name.is_absolute()
        or ".." in name.parts
        or "\\" in member.orig_filename
        or ":" in member.orig_filename
        or stat.S_ISLNK(member.external_attr >> 16)
    )


def _overlap(members: list[zipfile.ZipInfo]) -> bool:
    """Whether two members share bytes or a name."""
    end, names = 0, set()
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end or member.filename.lower() in names:
            return True
        names.add(member.filename.lower())
        end = member.header_offset + LOCAL_HEADER + len(member.orig_filename) + member.compress_size
    return False


def _look_into(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Unpack a member to its end without keeping it: its length and sum must be true."""
    with packed.open(member) as part:
        head = part.read(16)
        if head.startswith(ARCHIVES):
            raise NotTaken("nested")
        if head.startswith(FOREIGN):
            raise NotTaken("embedded")
        while part.read(PIECE):
            pass
