"""The form saves what is typed while it is typed; a script of its page speaks with this address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import access
from applications.actions import autosave as saving
from applications.views import kept
from applications.views.applicant import own, section_named
from workshop_portal.arrival import arrived


@require_http_methods(["GET", "HEAD", "POST"])
def section_autosave(request: HttpRequest, pk: object, slug: str) -> HttpResponse:
    if not request.user.is_authenticated:
        return JsonResponse({"sentence": _("You have been signed out.")}, status=401)
    mine = own(request, pk, access.can_edit)
    here = section_named(slug)
    if request.method != "POST":
        return JsonResponse({"token": get_token(request)})
    arrived_at, by = arrived(request, now=mine.read_at), request.user
    form = here.form_class(request.POST, instance=mine, only=request.POST.getlist("changed"))
    fates = saving.autosave(mine, section=slug, changes=form.changes, arrived_at=arrived_at, by=by)
    kept.forget(request)
    if "leaving" in request.POST:
        saving.leave(mine, by=by)
    return JsonResponse({"at": arrived_at.isoformat(), "questions": form.news(fates)})
