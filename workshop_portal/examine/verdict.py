"""What an examination says: what was found, or that a file cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MOST_CAUTIONS = 20


class NotTaken(Exception):
    """A file cannot be taken: `code` names the sentence, `facts` are its numbers."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True)
class Question:
    """What is to be examined within how many seconds, and where what is drawn goes."""

    job: str
    paths: list[str]
    into: str
    page_limit: int
    names_nobody: bool
    within: float
    limit: int = 0

    def read(self) -> bytes:
        return Path(self.paths[0]).read_bytes()

    def keep(self, name: str, content: bytes) -> None:
        """Leave what was drawn: the `content` to be stored, or the `thumbnail`."""
        (Path(self.into) / name).write_bytes(content)


@dataclass
class Findings:
    """What is known of a file that can be taken."""

    pages: int | None = None
    cautions: list[dict[str, Any]] = field(default_factory=list)

    def caution(self, code: str, page: int | None = None) -> None:
        """Note something once a page; a file full of it is told by its first pages."""
        found = {"code": code, "page": page}
        if found not in self.cautions and len(self.cautions) < MOST_CAUTIONS:
            self.cautions.append(found)
