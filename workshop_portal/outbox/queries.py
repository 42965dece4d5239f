"""What the inbox needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from workshop_portal.outbox.models import Message

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


@dataclass(frozen=True)
class Neighbours:
    """The letters beside one letter in a person's inbox, None at either end."""

    newer: Message | None
    older: Message | None


def inbox(user: User) -> QuerySet[Message]:
    """A person's letters, newest first, without their bodies."""
    return Message.objects.inbox_of(user).defer("body").order_by("-written_at", "-pk")


def neighbours(user: User, message: Message) -> Neighbours:
    """The letters written just after and just before this one."""
    at, pk = message.written_at, message.pk
    rows = Message.objects.inbox_of(user).only("pk", "subject")
    same = rows.filter(written_at=at)
    newer = same.filter(pk__gt=pk) | rows.filter(written_at__gt=at)
    older = same.filter(pk__lt=pk) | rows.filter(written_at__lt=at)
    return Neighbours(
        newer=newer.order_by("written_at", "pk").first(),
        older=older.order_by("-written_at", "-pk").first(),
    )
