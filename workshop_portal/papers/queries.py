"""What pages need to know of papers."""

from __future__ import annotations

from workshop_portal.papers.models import Paper


def paper_of(key: str) -> Paper | None:
    """The paper of an occasion, in whatever state it is; None when nobody ordered it."""
    return Paper.objects.filter(key=key).first()


def ready(paper: Paper | None) -> Paper | None:
    """The paper when it can be read; None before, and when nobody ordered it."""
    return paper if paper and paper.state == Paper.State.READY else None
