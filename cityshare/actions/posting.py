"""Letters about a cycle: to a person, to everybody of a city's team, to those who lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cityshare.models import Team
from cityshare.queries.cycle import leads_of, members_of
from workshop_portal.outbox.actions import post
from workshop_portal.outbox.models import Message

if TYPE_CHECKING:
    from cityshare.models import Cycle
    from workshop_portal.accounts.models import User


def post_to(
    reader: User | Team,
    letter: str,
    /,
    *,
    cycle: Cycle,
    key: str,
    rule: str = Message.Rule.SAFE,
    **facts: Any,
) -> list[Message]:
    """Write a letter to a person, or to everybody of a team, as `post` does.

    `key` names the occasion; whom it is for is added to it, so each reader has it once. The
    letter can speak of `cycle` and `workshop`, beside `facts`.
    """
    readers = members_of(reader) if isinstance(reader, Team) else [reader]
    workshop = cycle.workshop
    context: dict[str, Any] = {"cycle": cycle, "workshop": workshop, **facts}
    return [
        post(
            letter,
            to=person,
            key=f"{key}:{person.pk}",
            rule=rule,
            scope=workshop.scope,
            about=cycle,
            **context,
        )
        for person in readers
    ]


def post_to_leads(letter: str, /, *, cycle: Cycle, key: str, **facts: Any) -> list[Message]:
    """Write a letter to everybody who leads the cycle."""
    found = [post_to(lead, letter, cycle=cycle, key=key, **facts) for lead in leads_of(cycle)]
    return [message for messages in found for message in messages]
