"""The programme as anybody may take it along."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from curriculum import queries
from workshop_portal import ics
from workshop_portal.workshops.models import Workshop


def workshop_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The released programme as a calendar file."""
    workshops = Workshop.objects.visible_to(request.user).select_related("programme")
    workshop = get_object_or_404(workshops, slug=slug)
    if not queries.is_released(workshop):
        raise Http404
    return HttpResponse(
        queries.programme_calendar(workshop),
        content_type=ics.MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{slug}.ics"'},
    )
