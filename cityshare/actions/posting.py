"""Letters about a cycle: to a person, to everybody of a city's team, to those who lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cityshare.models import Team
from cityshare.queries.cycle import leads_of, members_of_each
from workshop_portal.outbox.actions import Posting, post_all
from workshop_portal.outbox.models import Message

if TYPE_CHECKING:
    from cityshare.models import Cycle
    from workshop_portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class Told:
    """A person, or everybody of a team, with what the letter says to them beside the rest.

    `key` names the occasion; whom it is for is added to it, so each reader has it once.
    """

    reader: User | Team
    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def post_to_each(
    told: Iterable[Told],
    letter: str,
    /,
    *,
    cycle: Cycle,
    rule: str = Message.Rule.SAFE,
    **facts: Any,
) -> list[Message]:
    """Write one letter to all of these, in as many queries as to one of them.

    It can speak of `cycle` and `workshop`, beside `facts`.
    """
    told, workshop = [*told], cycle.workshop
    people = members_of_each([one.reader for one in told if isinstance(one.reader, Team)])
    context: dict[str, Any] = {"cycle": cycle, "workshop": workshop, **facts}
    letters = [
        Posting(
            letter,
            to=person,
            key=f"{one.key}:{person.pk}",
            about=cycle,
            context={**context, **one.facts},
        )
        for one in told
        for person in (people[one.reader.pk] if isinstance(one.reader, Team) else [one.reader])
    ]
    return post_all(letters, scope=workshop.scope, rule=rule)


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
    """Write a letter to a person, or to everybody of a team; `key` and `facts` as above."""
    return post_to_each([Told(reader, key)], letter, cycle=cycle, rule=rule, **facts)


def post_to_leads(letter: str, /, *, cycle: Cycle, key: str, **facts: Any) -> list[Message]:
    """Write a letter to everybody who leads the cycle."""
    told = [Told(lead, key) for lead in leads_of(cycle)]
    return post_to_each(told, letter, cycle=cycle, **facts)
