"""What time does to sessions: those that have ended go, with everything that lay in them."""

from __future__ import annotations

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore


@shared_task
def forget_sessions() -> None:
    """Delete the sessions that have ended: visitors leave one each, and words may lie in them."""
    SessionStore.clear_expired()
