"""What happens to a call: it is opened, its rules and texts change, its papers are printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from applications import standard
from applications.models import Call, RequiredDocument
from applications.queries.call import (
    Facts,
    document_facts,
    form_facts,
    form_key,
    paper_key,
    workshop_facts,
)
from workshop_portal.accounts.models import User
from workshop_portal.audit.actions import record
from workshop_portal.deadlines import State
from workshop_portal.errors import Refused, unchanged
from workshop_portal.papers.actions import order
from workshop_portal.papers.models import Paper
from workshop_portal.workshops.models import Workshop


@transaction.atomic
def open_call(
    workshop: Workshop,
    *,
    opens_at: datetime,
    closes_at: datetime,
    seats: int,
    funded_seats: int = 0,
    travel_budget: Decimal = Decimal(0),
    currency: str = "USD",
    decide_by: date | None = None,
    confirm_days: int = 7,
    by: User | None,
) -> Call:
    """Give a workshop its call, with the seven documents and their papers."""
    Workshop.objects.select_for_update().get(pk=workshop.pk)
    if Call.objects.filter(workshop=workshop).exists():
        raise Refused(_("This workshop has a call already. You can change it, or extend it."))
    call = Call.objects.create(
        workshop=workshop,
        opens_at=opens_at,
        closes_at=closes_at,
        seats=seats,
        funded_seats=funded_seats,
        travel_budget=travel_budget,
        currency=currency,
        decide_by=decide_by,
        confirm_days=confirm_days,
    )
    RequiredDocument.objects.bulk_create(
        RequiredDocument(call=call, **line) for line in standard.lines()
    )
    record("call.created", call, about=workshop, by=by, until=closes_at.isoformat(), seats=seats)
    order_papers(call)
    return call


@transaction.atomic
def edit_call(call: Call, *, by: User, **facts: object) -> None:
    """Change the rules of a call: any of the columns that `open_call` takes.

    Once the call has opened people rely on its dates: it opens no other day, and it closes
    later only by an extension, which everybody is told of.
    """
    stored = unchanged(call, Call.objects.select_for_update().get(pk=call.pk), facts)
    dates = ("opens_at", "closes_at")
    moved = [
        name for name in dates if facts.get(name, getattr(stored, name)) != getattr(stored, name)
    ]
    if moved and stored.state is not State.EARLY:
        raise Refused(
            _("The call has opened, so its dates stand. To give more time, extend the deadline.")
        )
    changed = _change(stored, facts)
    if changed:
        record("call.changed", stored, about=stored.workshop, by=by, **changed)


@transaction.atomic
def edit_required_document(document: RequiredDocument, *, by: User, **facts: object) -> None:
    """Change the words of a required document, and have its paper printed anew."""
    rows = RequiredDocument.objects.select_for_update()
    stored = unchanged(document, rows.filter(pk=document.pk).first(), facts)
    changed = _change(stored, facts)
    if changed:
        workshop = stored.call.workshop
        record("required_document.changed", stored, about=workshop, by=by, fields=[*changed])
        order_papers(stored.call)


def _change(thing: Call | RequiredDocument, facts: dict[str, object]) -> dict[str, str]:
    """Save what differs; gives the new values as the trail keeps them."""
    new = {name: value for name, value in facts.items() if getattr(thing, name) != value}
    for name, value in new.items():
        setattr(thing, name, value)
    if new:
        thing.save(update_fields=[*new])
    return {name: str(value) for name, value in new.items()}


@transaction.atomic
def order_papers(call: Call, *, form: Sequence[Facts] = ()) -> None:
    """Order what the call page offers as PDF; what is printed already is left as it is.

    `form` is the application form as `forms.preview.describe` tells it; without it only the
    papers of the required documents are ordered.
    """
    wanted = {key: (template, title, facts) for key, template, title, facts in _papers(call, form)}
    known = {*Paper.objects.filter(key__in=wanted).values_list("key", flat=True)}
    missing = {key: paper for key, paper in wanted.items() if key not in known}
    for key, (template, title, facts) in missing.items():
        order(key, template, title=title, facts=facts)


def _papers(call: Call, form: Sequence[Facts]) -> Iterator[tuple[str, str, str, Facts]]:
    """Key, template, title and facts of every paper of a call."""
    about = workshop_facts(call)
    for document in call.required_documents.exclude(guidelines=""):
        template = "papers/to_sign.html" if document.is_form else "papers/guidelines.html"
        facts = document_facts(document, about)
        yield paper_key(call, document, about), template, document.title, facts
    if form:
        facts, title = form_facts(form, about), _("Application form")
        yield form_key(call, form, about), "papers/application_form.html", title, facts
