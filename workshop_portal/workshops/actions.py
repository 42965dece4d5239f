"""What happens to a workshop and its people."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from workshop_portal.accounts.models import City, User
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused, unchanged
from workshop_portal.outbox import actions as outbox
from workshop_portal.outbox.models import Message
from workshop_portal.workflow import advance
from workshop_portal.workshops.models import (
    LearningObjective,
    Participant,
    Partner,
    Role,
    TrainingDay,
    Workshop,
)


@transaction.atomic
def enrol(
    user: User, workshop: Workshop, *, city: City, organisation: str, by: User | None
) -> Participant:
    """Give a person a seat for their city. Asking twice gives the same seat."""
    seat, is_new = Participant.objects.get_or_create(
        workshop=workshop, user=user, defaults={"city": city, "organisation": organisation}
    )
    if is_new:
        record("participant.seated", seat, about=workshop, by=by, city=str(city))
    return seat


@transaction.atomic
def unseat(user: User, workshop: Workshop, *, by: User) -> None:
    """Take back the seat of a person who does not come; without a seat nothing happens."""
    for seat in Participant.objects.filter(workshop=workshop, user=user):
        record("participant.unseated", seat, about=workshop, by=by, city=str(seat.city))
        seat.delete()


@transaction.atomic
def grant(user: User, workshop: Workshop, *, role: str, by: User | None) -> Role:
    """Give a person a role in a workshop. Granting it twice changes nothing."""
    granted, is_new = Role.objects.get_or_create(workshop=workshop, user=user, role=role)
    if is_new:
        record("role.granted", granted, about=workshop, by=by, role=role, to=str(user.pk))
    return granted


@transaction.atomic
def appoint(user: User, workshop: Workshop, *, role: str, by: User) -> Role:
    """Give a person a role and tell them so in a letter."""
    granted = grant(user, workshop, role=role, by=by)
    outbox.post(
        "workshops/role",
        to=user,
        key=f"role:{granted.pk}",
        scope=workshop.scope,
        about=workshop,
        workshop=workshop,
        role=granted,
        by=by,
    )
    return granted


@transaction.atomic
def take_away(role: Role, *, by: User) -> None:
    """Take a role away. A workshop is never left without a coordinator."""
    workshop = Workshop.objects.select_for_update().get(pk=role.workshop_id)
    coordinators = Role.objects.filter(workshop=workshop, role=Role.Kind.COORDINATOR)
    if role.role == Role.Kind.COORDINATOR and not coordinators.exclude(pk=role.pk).exists():
        raise Refused(
            _("%s is the only coordinator of this workshop. Give somebody else the role first.")
            % role.user
        )
    gone = {"role": role.role, "to": str(role.user_id)}
    record("role.removed", role, about=workshop, by=by, **gone)
    role.delete()


# --- The letters of a workshop -----------------------------------------------------------
# What staff do with a letter is done by the outbox; here it comes on record.


@transaction.atomic
def note_opening(letter: Message, workshop: Workshop, *, by: User) -> None:
    """Put on record that staff read somebody's letter."""
    record("message.opened", letter, about=workshop, by=by)


@transaction.atomic
def retry_letter(letter: Message, workshop: Workshop, *, by: User) -> None:
    was = letter.state
    outbox.retry(letter)
    record("message.retried", letter, about=workshop, by=by, was=was)


@transaction.atomic
def hold_letter(letter: Message, workshop: Workshop, *, by: User) -> None:
    outbox.hold(letter)
    record("message.held", letter, about=workshop, by=by)


@transaction.atomic
def release_letter(letter: Message, workshop: Workshop, *, by: User) -> None:
    outbox.release(letter)
    record("message.released", letter, about=workshop, by=by)


@transaction.atomic
def cancel_letter(letter: Message, workshop: Workshop, *, reason: str, by: User) -> None:
    """Keep a held letter for ever from leaving; the reason stays with it."""
    outbox.cancel(letter, reason=reason)
    record("message.cancelled", letter, about=workshop, by=by, reason=reason)


@transaction.atomic
def send_letter_again(letter: Message, workshop: Workshop, *, number: int, by: User) -> Message:
    """Send the same words once more to the same person, as a letter of its own.

    `number` is how often that was done before, as the person saw it. Twice writes one letter.
    """
    again = outbox.send_again(letter, number=number)
    record("message.sent_again", letter, about=workshop, by=by, as_letter=str(again.pk))
    return again


@transaction.atomic
def bounce_letter(letter: Message, workshop: Workshop, *, reason: str, by: User) -> None:
    """Note that a letter came back; if it went to the account's address, the person is told."""
    outbox.bounce(letter, said=reason)
    record("message.bounced", letter, about=workshop, by=by, reason=reason)


def hold_all(workshop: Workshop, *, kind: str, by: User) -> int:
    """Hold every letter of a kind that waits to be sent; how many there were."""
    waiting = _letters_of(workshop, kind, Message.State.QUEUED)
    return _each(waiting, partial(hold_letter, workshop=workshop, by=by))


def release_all(workshop: Workshop, *, kind: str, by: User) -> int:
    """Let every held letter of a kind go; how many there were."""
    held = _letters_of(workshop, kind, Message.State.HELD)
    return _each(held, partial(release_letter, workshop=workshop, by=by))


def _letters_of(workshop: Workshop, kind: str, state: str) -> list[Message]:
    return list(Message.objects.filter(scope=workshop.scope, letter=kind, state=state))


def _each(letters: list[Message], act: Callable[[Message], None]) -> int:
    """Do it to each letter; one that has moved on meanwhile is left as it is."""
    done = 0
    for letter in letters:
        with contextlib.suppress(Refused):
            act(letter)
            done += 1
    return done


@transaction.atomic
def edit_letter(letter: Message, workshop: Workshop, *, subject: str, body: str, by: User) -> None:
    """Change the words of a held letter; the trail keeps the words it had.

    A letter with a personal link goes out as it is or not at all: who could change it could
    read the link.
    """
    if letter.has_secret:
        raise Refused(_("This letter holds a personal link, so its words cannot be changed."))
    was = {"was_subject": letter.subject, "was_body": letter.body}
    outbox.rewrite(letter, subject=subject, body=body)
    record("message.edited", letter, about=workshop, by=by, **was)


@transaction.atomic
def create_workshop(*, coordinator: User, by: User, **facts: Any) -> Workshop:
    """Begin a workshop as a draft, run by `coordinator`. `facts` are its columns."""
    workshop = Workshop.objects.create(**facts)
    record("workshop.created", workshop, about=workshop, by=by, called=workshop.title)
    give = grant if coordinator == by else appoint
    give(coordinator, workshop, role=Role.Kind.COORDINATOR, by=by)
    return workshop


@transaction.atomic
def edit_workshop(
    workshop: Workshop,
    *,
    days: list[date],
    objectives: list[str],
    organisers: list[tuple[str, str]],
    partners: list[tuple[str, str]],
    by: User,
    **facts: Any,
) -> None:
    """Change the page of a workshop: its columns, days, objectives and organisations.

    Organisations are pairs of name and address on the web, which may be "".
    """
    stored = Workshop.objects.select_for_update().get(pk=workshop.pk)
    unchanged(workshop, stored, facts, "days", "objectives", "partners")
    changed = [name for name, value in facts.items() if getattr(stored, name) != value]
    for name in changed:
        setattr(stored, name, facts[name])
    if changed:
        stored.save(update_fields=changed)
    changed += _set_days(stored, days) + _set_objectives(stored, objectives)
    changed += _set_organisations(stored, Partner.Part.ORGANISER, organisers)
    changed += _set_organisations(stored, Partner.Part.PARTNER, partners)
    if changed:
        record("workshop.changed", stored, about=stored, by=by, fields=changed)


@transaction.atomic
def set_days(workshop: Workshop, days: list[date]) -> None:
    """Give the workshop these training days and no others; who asks for it keeps the record."""
    _set_days(workshop, days)


def _set_days(workshop: Workshop, days: list[date]) -> list[str]:
    if [day.date for day in workshop.days.all()] == sorted(set(days)):
        return []
    workshop.days.all().delete()
    TrainingDay.objects.bulk_create(
        TrainingDay(workshop=workshop, date=day) for day in sorted(set(days))
    )
    return ["days"]


def _set_objectives(workshop: Workshop, texts: list[str]) -> list[str]:
    """Keep the rows of objectives that stay, for answers point at them."""
    stored = list(workshop.objectives.all())
    if [objective.text for objective in stored] == texts:
        return []
    for objective, text in zip(stored, texts, strict=False):
        objective.text = text
    LearningObjective.objects.bulk_update(stored[: len(texts)], ["text"])
    workshop.objectives.filter(pk__in=[o.pk for o in stored[len(texts) :]]).delete()
    last = stored[-1].order if stored else 0
    LearningObjective.objects.bulk_create(
        LearningObjective(workshop=workshop, order=last + place, text=text)
        for place, text in enumerate(texts[len(stored) :], start=1)
    )
    return ["objectives"]


def _set_organisations(workshop: Workshop, part: str, wanted: list[tuple[str, str]]) -> list[str]:
    rows = workshop.partners.filter(part=part)
    if sorted(rows.values_list("name", "url")) == sorted(wanted):
        return []
    rows.delete()
    Partner.objects.bulk_create(
        Partner(workshop=workshop, part=part, name=name, url=url) for name, url in wanted
    )
    return [f"{part}s"]


@transaction.atomic
def publish(workshop: Workshop, *, by: User) -> None:
    """Put the workshop's page before the public."""
    if not workshop.days.exists():
        raise Refused(_("The training days are missing. Add them on this page, then publish it."))
    advance(workshop, Workshop.Status.PUBLISHED, about=workshop, by=by)


@transaction.atomic
def withdraw_page(workshop: Workshop, *, by: User) -> None:
    """Take the workshop's page away from the public."""
    advance(workshop, Workshop.Status.DRAFT, about=workshop, by=by)
