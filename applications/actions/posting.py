"""Letters to an applicant about their own application."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from workshop_portal.outbox.actions import Posting, post
from workshop_portal.outbox.models import Message

if TYPE_CHECKING:
    from applications.models import Application


def post_about(
    letter: str,
    application: Application,
    /,
    *,
    key: str,
    rule: str = Message.Rule.SAFE,
    wait: timedelta | None = None,
    **facts: object,
) -> Message:
    """Write a letter to the applicant, as `post` does; it can speak of application and workshop."""
    return post(
        letter,
        to=application.applicant,
        key=key,
        rule=rule,
        wait=wait,
        scope=application.call.workshop.scope,
        about=application,
        **_context(application, facts),
    )


def letter_about(name: str, application: Application, /, *, key: str, **facts: object) -> Posting:
    """The same letter, to be posted together with those to others."""
    context = _context(application, facts)
    return Posting(name, application.applicant, key, about=application, context=context)


def _context(application: Application, facts: dict[str, object]) -> dict[str, Any]:
    return {"application": application, "workshop": application.call.workshop, **facts}
