"""What happens to a programme: its modules, sessions and speakers change, and it is released."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from applications.actions.call import order_papers
from applications.models import Call
from curriculum.models import Module, Programme, Session, Speaker
from workshop_portal.accounts.models import User
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused, unchanged
from workshop_portal.workflow import advance
from workshop_portal.workshops import actions as workshops
from workshop_portal.workshops.models import Workshop

Part = Module | Session | Speaker
Added = TypeVar("Added", Module, Session, Speaker)


@transaction.atomic
def add_module(workshop: Workshop, *, by: User, **facts: object) -> Module:
    """`facts` are the module's columns."""
    return _added(Module.objects.create(workshop=workshop, **facts), by=by)


@transaction.atomic
def add_speaker(workshop: Workshop, *, by: User, **facts: object) -> Speaker:
    return _added(Speaker.objects.create(workshop=workshop, **facts), by=by)


@transaction.atomic
def add_session(
    workshop: Workshop, *, speakers: list[Speaker], by: User, **facts: object
) -> Session:
    session = Session.objects.create(workshop=workshop, **facts)
    session.speakers.set(speakers)
    return _added(session, by=by)


def _added(part: Added, *, by: User) -> Added:
    name = part._meta.model_name
    record(f"{name}.added", part, about=part.workshop, by=by, called=str(part))
    return part


@transaction.atomic
def edit_module(module: Module, *, by: User, **facts: object) -> None:
    _edit(_hold(module, facts), facts, by=by)


@transaction.atomic
def edit_speaker(speaker: Speaker, *, by: User, **facts: object) -> None:
    _edit(_hold(speaker, facts), facts, by=by)


@transaction.atomic
def edit_session(session: Session, *, speakers: list[Speaker], by: User, **facts: object) -> None:
    """Change a session and who speaks in it, as long as nobody saved it meanwhile."""
    held = _hold(session, facts, "speakers")
    others = set(held.speakers.all()) != set(speakers)
    held.speakers.set(speakers)
    _edit(held, facts, by=by, also=["speakers"] if others else [])


def _hold(part: Added, facts: dict[str, object], *also: str) -> Added:
    """The part as it is stored now, locked; refused where somebody saved it meanwhile."""
    rows = type(part)._default_manager.select_for_update()
    return unchanged(part, rows.filter(pk=part.pk).first(), facts, *also)


def _edit(part: Part, facts: dict[str, object], *, by: User, also: list[str] | None = None) -> None:
    """Save what differs and put the names of the changed columns on the trail."""
    changed = [name for name, value in facts.items() if getattr(part, name) != value]
    for name in changed:
        setattr(part, name, facts[name])
    if changed:
        part.save(update_fields=changed)
    if changed or also:
        kind = part._meta.model_name
        fields = [*changed, *(also or [])]
        record(f"{kind}.changed", part, about=part.workshop, by=by, fields=fields)


@transaction.atomic
def delete(part: Part, *, by: User) -> None:
    """Take a module, a session or a speaker out of the programme."""
    try:
        with transaction.atomic():
            called, name, workshop = str(part), part._meta.model_name, part.workshop
            record(f"{name}.deleted", part, about=workshop, by=by, called=called)
            part.delete()
    except models.ProtectedError as why:
        raise Refused(
            _("Sessions belong to this module. Give them another module first, or delete them.")
        ) from why


@transaction.atomic
def release(workshop: Workshop, *, by: User) -> None:
    """Show the programme on the public page."""
    if not workshop.sessions.exists():
        raise Refused(_("There is no session yet. Add the sessions first, then release them."))
    advance(_programme(workshop), Programme.Status.RELEASED, about=workshop, by=by)


@transaction.atomic
def unrelease(workshop: Workshop, *, by: User) -> None:
    """Take the programme off the public page."""
    advance(_programme(workshop), Programme.Status.DRAFT, about=workshop, by=by)


def _programme(workshop: Workshop) -> Programme:
    return Programme.objects.get_or_create(workshop=workshop)[0]


@transaction.atomic
def edit_workshop(workshop: Workshop, *, by: User, **facts: Any) -> None:
    """Change the page of a workshop, and the papers that carry its dates and place."""
    moved = facts.get("zone", workshop.zone) != workshop.zone
    if moved and (workshop.sessions.exists() or Call.objects.filter(workshop=workshop).exists()):
        raise Refused(
            _("The deadline and the sessions stand on the workshop's clock, so its zone stays.")
        )
    workshops.edit_workshop(workshop, by=by, **facts)
    call = Call.objects.select_related("workshop").filter(workshop=workshop).first()
    if call:
        order_papers(call)
