"""The demo as a whole: written once, in one transaction, or not at all."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

import cityshare
from cityshare.actions.framework import load_framework
from workshop_portal.accounts.models import User
from workshop_portal.demo import (
    cast,
    cycles,
    decided_call,
    jeju_2017,
    letters,
    open_call,
    stories,
    virtual_2020,
)
from workshop_portal.demo.clock import at
from workshop_portal.errors import Refused
from workshop_portal.handoff import left_to_the_sweep
from workshop_portal.outbox.models import Message
from workshop_portal.workshops.actions import grant
from workshop_portal.workshops.models import Role, Workshop

WORKSHOPS = {module.SLUG for module in (jeju_2017, virtual_2020, open_call, decided_call)}

FRAMEWORK = Path(cityshare.__file__).with_name("framework.json")


def load(*, now: datetime | None = None) -> None:
    """Fill the portal with the demo as it stands at `now`; where it is already, change nothing.

    Raises Refused when the portal holds a workshop that is not the demo's: invented people do
    not belong among real ones. Nothing is mailed, and no broker is needed.
    """
    there = set(Workshop.objects.values_list("slug", flat=True))
    if there - WORKSHOPS:
        raise Refused(
            _("This portal holds workshops of its own. The demo is loaded into an empty one only.")
        )
    if not there:
        with transaction.atomic(), left_to_the_sweep():
            _write(now or timezone.now())


def _write(now: datetime) -> None:
    with at(jeju_2017.OPENS):
        staff = cast.staff()
        framework = load_framework(
            json.loads(FRAMEWORK.read_text()), name="CityShare", by=staff["admin"]
        )
    jeju = jeju_2017.build(coordinator=staff["coordinator"])
    virtual = virtual_2020.build(coordinator=staff["second"])
    ahead = decided_call.build(now, coordinator=staff["coordinator"])
    is_open = open_call.build(now, coordinator=staff["coordinator"])
    with at(ahead.opens_at):
        people = cast.applicants()
    cast.give_the_password([*staff.values(), *(person.user for person in people)])
    with at(is_open.opens_at):
        grant(staff["second"], is_open.workshop, role=Role.Kind.COORDINATOR, by=None)
        for role in (Role.Kind.REVIEWER, Role.Kind.FACILITATOR, Role.Kind.OBSERVER):
            grant(staff[role], is_open.workshop, role=role, by=staff["coordinator"])
    letters.choose_words(is_open, by=staff["coordinator"])
    stories.play(people, {"open": is_open, "decided": ahead}, staff=staff, now=now)
    taking_part = cycles.play(
        framework,
        workshops={"2017": jeju, "2020": virtual, "ahead": ahead.workshop},
        staff=staff,
        now=now,
    )
    cast.give_the_password(taking_part)
    _call_letters_sent([*(person.user for person in people), *taking_part, *staff.values()])
    letters.let_one_come_back(is_open, by=staff["coordinator"], now=now)


def _call_letters_sent(people: list[User]) -> None:
    """Nobody is at the invented addresses: the letters stay in the inboxes and are not mailed."""
    Message.objects.filter(to__in=people, state=Message.State.QUEUED).update(
        state=Message.State.SENT, sent_at=F("written_at") + timedelta(seconds=2), tries=1
    )
