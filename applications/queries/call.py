"""What the public pages say of calls, in few queries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db.models import Count, Max, Q
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications import standard
from applications.models import Call, Extension, RequiredDocument
from applications.models.call import CallQuerySet
from workshop_portal.ics import Appointment, calendar
from workshop_portal.papers.models import Paper
from workshop_portal.workshops.dates import dates_in_words
from workshop_portal.workshops.models import Workshop
from workshop_portal.workshops.queries import dates_of

Facts = dict[str, Any]
FOR_ALL = Q(extensions__country="", extensions__application=None)
Asked = ParamSpec("Asked")
Told = TypeVar("Told")


def in_first_language(told: Callable[Asked, Told]) -> Callable[Asked, Told]:
    """A paper is printed once for everybody, in the portal's first language.

    Each call switches and switches back on its own: calls inside one another, and those of other
    threads, leave the reader's language alone.
    """

    @wraps(told)
    def in_its_language(*args: Asked.args, **kwargs: Asked.kwargs) -> Told:
        with override(settings.LANGUAGE_CODE):
            return told(*args, **kwargs)

    return in_its_language


@dataclass(frozen=True)
class Deadline:
    """The limit of a call as a page shows it now; `was` and `reason` after an extension.

    `state` is early, open or closed; `left` is only there while the call is open.
    """

    state: str
    opens_at: datetime
    at: datetime
    zone: str
    left: timedelta | None
    was: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """A required document as the call page shows it."""

    number: int
    slug: str
    title: str
    purpose: str
    given: str
    signed_by: str
    accepted: str
    is_form: bool
    has_text: bool
    is_printed: bool


def deadline(call: Call, extension: Extension | None = None) -> Deadline:
    """The deadline in force, and with an extension the date before it."""
    now = timezone.now()
    is_open = call.window.is_open(now)
    return Deadline(
        state=call.window.state(now).value,
        opens_at=call.opens_at,
        at=call.closes_at,
        zone=call.workshop.zone,
        left=call.window.left(now) if is_open else None,
        was=extension.was if extension else None,
        reason=extension.reason if extension else "",
    )


def extension_of(call: Call) -> Extension | None:
    """The last extension: the date that no longer counts, and why."""
    return Extension.objects.for_all().filter(call_id=call.pk).order_by("-made_at", "-pk").first()


def open_calls() -> CallQuerySet:
    """The calls of published workshops that one can apply to now, the next to close first.

    With `extended_at`, the moment of the last extension.
    """
    published = Call.objects.open().filter(workshop__status=Workshop.Status.PUBLISHED)
    with_changes = published.annotate(extended_at=Max("extensions__made_at", filter=FOR_ALL))
    return with_changes.select_related("workshop").order_by("closes_at")


@dataclass(frozen=True)
class Body:
    """What the call page says to everybody, whoever reads it and when."""

    slug: str
    audience: str
    requirements: str
    travel_terms: str
    lines: tuple[Line, ...]
    decide_by: date | None
    confirm_days: int


def body(call: Call, about: Facts) -> Body:
    """`about` is what `workshop_facts` says."""
    workshop = call.workshop
    return Body(
        slug=workshop.slug,
        audience=workshop.audience,
        requirements=workshop.requirements,
        travel_terms=workshop.travel_terms,
        lines=tuple(lines(call, about)),
        decide_by=call.decide_by,
        confirm_days=call.confirm_days,
    )


def lines(call: Call, about: Facts) -> list[Line]:
    """The checklist in order, in two queries: the lines, and which of their papers are ready.

    `about` is what `workshop_facts` says.
    """
    documents = list(call.required_documents.all())
    keys = {document.slug: paper_key(call, document, about) for document in documents}
    ready = set(
        Paper.objects.filter(key__in=keys.values(), state=Paper.State.READY).values_list(
            "key", flat=True
        )
    )
    return [_line(document, keys[document.slug] in ready) for document in documents]


def _line(document: RequiredDocument, is_printed: bool) -> Line:
    return Line(
        number=document.order,
        slug=document.slug,
        title=standard.shown(document.title),
        purpose=standard.shown(document.purpose),
        given=document.get_given_display(),
        signed_by=standard.shown(document.signed_by),
        accepted=accepted(document),
        is_form=document.is_form,
        has_text=bool(document.guidelines),
        is_printed=is_printed,
    )


def accepted(document: RequiredDocument) -> str:
    """Which files are taken, in words; nothing for what is filled in on the portal."""
    if document.given != RequiredDocument.Given.UPLOAD or not document.suffixes:
        return ""
    kinds = ", ".join(kind.title for kind in document.kinds)
    size = filesizeformat(document.size_limit).replace(".0", "")
    return _("%(kinds)s; at most %(size)s") % {"kinds": kinds, "size": size}


def paper_key(call: Call, document: RequiredDocument, about: Facts) -> str:
    """The paper of a document: another text or another date makes another paper."""
    return _key(call, document.slug, document_facts(document, about))


def form_key(call: Call, form: Sequence[Facts], about: Facts) -> str:
    return _key(call, "form", form_facts(form, about))


def _key(call: Call, slug: str, facts: Facts) -> str:
    said = json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()
    return f"call:{call.pk}:{slug}:{hashlib.sha256(said).hexdigest()[:24]}"


@in_first_language
def document_facts(document: RequiredDocument, about: Facts) -> Facts:
    """What the printed guidelines or the printed letter say."""
    return {
        **about,
        "title": document.title,
        "purpose": document.purpose,
        "text": document.guidelines,
        "signed_by": document.signed_by,
        "signed_by_other": document.signed_by not in ("", standard.BY_APPLICANT),
        "accepted": accepted(document),
    }


def form_facts(form: Sequence[Facts], about: Facts) -> Facts:
    """What the printed preview of the form says; `form` as `forms.preview` describes it."""
    return {**about, "sections": list(form)}


@in_first_language
def workshop_facts(call: Call, days: Sequence[date] | None = None) -> Facts:
    """What every paper of a call says of its workshop, in one query.

    Who has asked for its training days already gives them, and there is no query.
    """
    workshop = call.workshop
    return {
        "workshop": workshop.title,
        "dates": dates_of(workshop) if days is None else dates_in_words(days),
        "place": workshop.place,
        "contact": workshop.contact_email or settings.CONTACT_EMAIL,
        "address": settings.PUBLIC_BASE_URL + call.get_absolute_url(),
    }


def deadline_calendar(call: Call) -> bytes:
    """The deadline in force as a calendar file that also moves an entry made earlier."""
    made = call.extensions.for_all().aggregate(count=Count("pk"), last=Max("made_at"))
    address = settings.PUBLIC_BASE_URL + call.get_absolute_url()
    title = _("Deadline: apply to “%s”") % call.workshop.title
    return calendar(
        title,
        [
            Appointment(
                uid=f"deadline-{call.workshop_id}@workshop-portal",
                title=title,
                starts=call.closes_at,
                changed=made["last"] or call.opens_at,
                text=_("Late applications are not considered. %s") % address,
                url=address,
                sequence=made["count"],
                warn=timedelta(days=1),
            )
        ],
    )
