"""The pages that anybody may read, put together from all floors. Nothing is written here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Call
from applications.queries.call import deadline, extension_of, open_calls
from applications.queries.showcase import showcase
from curriculum.models import Postponement
from curriculum.queries import Day, days_of, is_released, postponement_of, with_postponement
from workshop_portal.rendering import remembered
from workshop_portal.templatetags.portal import read_clock
from workshop_portal.workshops.models import Workshop
from workshop_portal.workshops.queries import Parts, parts

SHOWN_PAST = 4
TEXTS = (
    "summary",
    "audience",
    "background",
    "event_objectives",
    "methodology",
    "requirements",
    "travel_terms",
    "outcome",
)
# Inside a script element these would end it, whatever they mean in JSON.
UNSAFE = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}
ATTENDANCE = {
    Workshop.Mode.IN_PERSON: "OfflineEventAttendanceMode",
    Workshop.Mode.VIRTUAL: "OnlineEventAttendanceMode",
    Workshop.Mode.HYBRID: "MixedEventAttendanceMode",
}


def home(request: HttpRequest) -> HttpResponse:
    found = showcase()
    context = {"found": found, "past": found.past[:SHOWN_PAST]}
    return render(request, "home.html", context)


def workshop_list(request: HttpRequest) -> HttpResponse:
    return render(request, "public/workshop_list.html", {"found": showcase()})


def workshop_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything about one workshop; the programme once it is released."""
    workshops = Workshop.objects.visible_to(request.user).select_related("call", "programme")
    workshop = get_object_or_404(with_postponement(workshops), slug=slug)
    found, call = parts(workshop), getattr(workshop, "call", None)
    postponement = postponement_of(workshop)
    body = body_of(workshop, found, getattr(request, "zone", None))
    context = {
        "workshop": workshop,
        "parts": found,
        "call": call,
        "deadline": deadline(call, extension_of(call)) if call else None,
        "postponement": postponement,
        "body": remembered("public/_workshop_body.html", body),
        "json_ld": json_ld(workshop, found, call, postponement),
    }
    return render(request, "public/workshop.html", context)


@dataclass(frozen=True)
class Body:
    """What the page of a workshop says, apart from its deadline and its key facts."""

    slug: str
    zone: str
    texts: tuple[tuple[str, str], ...]
    objectives: tuple[str, ...]
    modules: tuple[tuple[int, str, str], ...]
    programme: tuple[Day, ...]
    knows_reader: bool

    @property
    def text(self) -> dict[str, str]:
        return dict(self.texts)


def body_of(workshop: Workshop, found: Parts, reader: ZoneInfo | None) -> Body:
    """`reader` is the zone of the person at the door, for the times of the programme."""
    modules = workshop.modules.values_list("number", "title", "summary")
    programme = days_of(workshop, reader) if is_released(workshop) else []
    return Body(
        slug=workshop.slug,
        zone=workshop.zone,
        texts=tuple((name, getattr(workshop, name)) for name in TEXTS),
        objectives=tuple(found.objectives),
        modules=tuple(modules),
        programme=tuple(programme),
        knows_reader=reader is not None,
    )


def json_ld(
    workshop: Workshop, found: Parts, call: Call | None, postponement: Postponement | None = None
) -> SafeString:
    """The workshop as schema.org's EducationEvent, safe to stand inside a script element."""
    address = settings.PUBLIC_BASE_URL + workshop.get_absolute_url()
    facts: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "EducationEvent",
        "name": workshop.title,
        "description": workshop.summary or workshop.theme,
        "url": address,
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": f"https://schema.org/{ATTENDANCE[Workshop.Mode(workshop.mode)]}",
        "location": _location(workshop, address),
        "organizer": [{"@type": "Organization", "name": name} for name, _url in found.organisers],
    }
    if postponement:
        facts["eventStatus"] = "https://schema.org/EventRescheduled"
        facts["previousStartDate"] = postponement.was[0]
    if found.days:
        facts |= {"startDate": str(found.days[0]), "endDate": str(found.days[-1])}
    if call:
        facts["offers"] = {
            "@type": "Offer",
            "url": settings.PUBLIC_BASE_URL + call.get_absolute_url(),
            "validFrom": call.opens_at.isoformat(),
            "validThrough": call.closes_at.isoformat(),
        }
    return SafeString(json.dumps(facts, ensure_ascii=False).translate(UNSAFE))


def _location(workshop: Workshop, address: str) -> dict[str, Any]:
    if workshop.mode == Workshop.Mode.VIRTUAL:
        return {"@type": "VirtualLocation", "url": address}
    return {
        "@type": "Place",
        "name": workshop.venue or workshop.place,
        "address": {
            "@type": "PostalAddress",
            "addressLocality": workshop.city,
            "addressCountry": str(workshop.country),
        },
    }


class OpenCalls(Feed):
    """The calls that one can apply to now, for feed readers."""

    feed_type = Atom1Feed
    title = gettext_lazy("Open calls for workshops")
    subtitle = gettext_lazy("Workshops that take applications now, with their deadlines.")
    author_name = settings.CENTRE_NAME

    def link(self):
        return settings.PUBLIC_BASE_URL + reverse("workshop-list")

    def items(self):
        return open_calls()

    def item_title(self, item):
        return item.workshop.title

    def item_description(self, item):
        found = deadline(item)
        facts = {
            "at": read_clock(found.at, ZoneInfo(found.zone)).words,
            "text": item.workshop.summary,
        }
        return _("Apply by %(at)s. %(text)s") % facts

    def item_link(self, item):
        return settings.PUBLIC_BASE_URL + item.get_absolute_url()

    def item_guid(self, item):
        return f"urn:uuid:{item.workshop_id}"

    def item_pubdate(self, item):
        return item.opens_at

    def item_updateddate(self, item):
        return item.extended_at or item.opens_at

    def feed_url(self):
        return settings.PUBLIC_BASE_URL + reverse("workshop-feed")
