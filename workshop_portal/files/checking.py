"""Whether a file can be taken: at a glance inside the request, and wholly in the worker."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile

from workshop_portal.files.examiner import EXAMINER, Unanswered
from workshop_portal.files.kinds import DOCX, KINDS, PDF, PHOTOS, Kind, kind_of, other_kind
from workshop_portal.files.names import shown_name
from workshop_portal.files.scanning import CLEAN, HELD, NONE, WAITING, scan
from workshop_portal.files.scratch import scratch_folder
from workshop_portal.files.sentences import NotTaken

HEAD = 1024
PAGE_LIMIT = 300
# Seconds for an examination on a busy machine, for each photo more, and for how a PDF looks.
EXAMINED_WITHIN, PHOTO_WITHIN, LOOKED_WITHIN = 15.0, 1.0, 10.0


@dataclass(frozen=True)
class Checked:
    """What is known of an upload that passed, and what of it is to be stored.

    `content` is the upload itself, or what was drawn anew from it; `size` in bytes and `sha256`
    in hex are those of `content`. `scan` is "none", "waiting", "clean" or "held"; what is held
    must not be stored with the others, and nothing else is known of it.
    """

    name: str
    kind: Kind
    size: int
    sha256: str
    content: File
    pages: int | None = None
    cautions: list[dict[str, Any]] = field(default_factory=list)
    thumbnail: bytes = b""
    scan: str = NONE


# --- At a glance -----------------------------------------------------------------------


def glance(name: str, size: int, head: bytes, kinds: list[Kind], *, limit: int) -> None:
    """Refuse what can be seen to be wrong from the name, the size and the first bytes.

    `head` is the first kilobyte, or all there is. Raises NotTaken, a ValidationError.
    """
    name = shown_name(name)
    suffix = PurePath(name).suffix.lower()
    if not suffix:
        raise NotTaken("nameless")
    if not size:
        raise NotTaken("empty", name)
    if size > limit:
        raise NotTaken("large", name, size=size, limit=limit)
    _glance_at_kind(name, suffix, head[:HEAD], kinds)


def _glance_at_kind(name: str, suffix: str, head: bytes, kinds: list[Kind]) -> None:
    welcome = [kind.suffix for kind in kinds]
    kind = kind_of(head, suffix)
    if kind is None:
        code, office = other_kind(head, suffix)
        raise NotTaken(code, name, welcome=welcome, **({"office": office} if office else {}))
    if kind not in kinds:
        raise NotTaken("other_kind", name, kind=kind.suffix, welcome=welcome)
    if suffix.replace(".jpeg", ".jpg") != kind.suffix:
        raise NotTaken("misnamed", name, said=suffix, kind=kind.suffix, suffix=kind.suffix)


# --- Wholly ----------------------------------------------------------------------------


def check(
    paths: list[Path],
    name: str,
    kinds: list[Kind],
    *,
    limit: int,
    page_limit: int = PAGE_LIMIT,
    names_nobody: bool = False,
    is_trusted: bool = False,
) -> Checked:
    """Say what a file is and keep what can be kept of it; raise NotTaken for what cannot be taken.

    Several paths are the photos of pages, which become one PDF. In a document that `names_nobody`
    whatever could name a person is a caution. What `is_trusted` has been judged harmless by a
    person, and no virus scanner is asked again. Nothing is opened in this process.
    """
    name = shown_name(name)
    scanned = {path: CLEAN if is_trusted else scan(path) for path in paths}
    for path, said in scanned.items():
        if said == HELD:
            return _kept(path, name, KINDS.get(PurePath(name).suffix.lower(), kinds[0]), scan=HELD)
    if len(paths) > 1:
        name = str(PurePath(name).with_suffix(PDF.suffix))
    with scratch_folder("examined") as folder:
        question = {"into": str(folder), "page_limit": page_limit, "names_nobody": names_nobody}
        kind, answer = _opened(paths, name, kinds, limit, question)
        drawn, thumbnail = folder / "content", folder / "thumbnail"
        checked = _kept(
            drawn if drawn.exists() else paths[0],
            name,
            kind,
            pages=answer["pages"],
            cautions=answer["cautions"],
            thumbnail=thumbnail.read_bytes() if thumbnail.exists() else b"",
            scan=next((said for said in (WAITING, CLEAN) if said in scanned.values()), NONE),
        )
    if checked.size > limit:
        raise NotTaken("large", name, size=checked.size, limit=limit)
    return checked


def _opened(
    paths: list[Path], name: str, kinds: list[Kind], limit: int, question: dict[str, Any]
) -> tuple[Kind, dict[str, Any]]:
    if len(paths) > 1:
        return PDF, _join(paths, name, limit, question)
    kind = _kind_at_a_glance(paths[0], name, kinds, limit)
    return kind, _examine(paths[0], name, kind, question)


def _kept(path: Path, name: str, kind: Kind, **facts: Any) -> Checked:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return Checked(name, kind, len(content), digest, ContentFile(content, name), **facts)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def _kind_at_a_glance(path: Path, name: str, kinds: list[Kind], limit: int) -> Kind:
    head = _head(path)
    glance(name, os.path.getsize(path), head, kinds, limit=limit)
    kind = kind_of(head, PurePath(name).suffix.lower())
    assert kind  # noqa: S101 — glance() has refused all others
    return kind


def _examine(path: Path, name: str, kind: Kind, question: dict[str, Any]) -> dict[str, Any]:
    job = {PDF: "pdf", DOCX: "word"}.get(kind, "picture")
    answer = _ask(name, job=job, paths=[str(path)], within=EXAMINED_WITHIN, **question)
    cautions = answer["cautions"]
    if kind == PDF:
        cautions = cautions + _seen("look", path, question, [])
    if question["names_nobody"] and kind in {PDF, DOCX}:
        cautions = cautions + _seen("pictures", path, question, [{"code": "pictures"}])
    return {**answer, "cautions": cautions}


def _seen(job: str, path: Path, question: dict[str, Any], unseen: list[Any]) -> list[Any]:
    """How a file looks is of less weight: what cannot be drawn is taken all the same."""
    try:
        answer = EXAMINER.ask(job=job, paths=[str(path)], within=LOOKED_WITHIN, **question)
    except Unanswered:
        return unseen
    return list(answer.get("cautions", unseen))


def _join(paths: list[Path], name: str, limit: int, question: dict[str, Any]) -> dict[str, Any]:
    for path in paths:
        if (kind := kind_of(_head(path))) not in PHOTOS:
            code = other_kind(_head(path), "")[0] if kind is None else ""
            raise NotTaken("iphone" if code == "iphone" else "not_a_photo", name)
    return _ask(
        name,
        job="photos",
        paths=[str(path) for path in paths],
        limit=limit,
        within=EXAMINED_WITHIN + PHOTO_WITHIN * len(paths),
        **question,
    )


def _ask(name: str, **question: Any) -> dict[str, Any]:
    try:
        answer = EXAMINER.ask(**question)
    except Unanswered as silence:
        raise NotTaken("unchecked", name) from silence
    if code := answer["code"]:
        raise NotTaken(code, name, **answer["facts"])
    return answer
