"""Letters to an applicant about their own application."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from workshop_portal.outbox.actions import post
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
    workshop = application.call.workshop
    context: dict[str, Any] = {"application": application, "workshop": workshop, **facts}
    return post(
        letter,
        to=application.applicant,
        key=key,
        rule=rule,
        wait=wait,
        scope=workshop.scope,
        about=application,
        **context,
    )
