"""The pages that belong to no app, and what every page shows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from workshop_portal import doctor
from workshop_portal.desk import places
from workshop_portal.errors import typed
from workshop_portal.my_tasks import overview


def portal(request: HttpRequest) -> dict[str, object]:
    """Template context: who runs the portal, and what the header shows this person."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "portal": {
            "name": settings.PORTAL_NAME,
            "centre": settings.CENTRE_NAME,
            "contact_email": settings.CONTACT_EMAIL,
            "demo": settings.DEMO,
            "unread": user.unread_letters if signed_in else 0,
            "desk": signed_in and user.has_desk,
            "cityshare": signed_in and user.is_in_cityshare,
        }
    }


@require_safe
@login_required
def tasks(request: HttpRequest) -> HttpResponse:
    return render(request, "tasks.html", vars(overview(request.user, now=timezone.now())))


@require_safe
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    if not request.user.has_desk:
        raise Http404
    return render(request, "desk.html", {"places": places(request.user)})


@login_required
def signed_in(request: HttpRequest) -> HttpResponse:
    """Where signing in leads from a page that waits in another tab."""
    return render(request, "signed_in.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long or came from elsewhere: say so, and show what was typed."""
    facts = {"form_expired": True, "typed": typed(request)}
    return render(request, "403.html", facts, status=403)


class Pulse:
    """What the doctor found last. Asked again after a while, so that nobody can keep it busy."""

    KEPT = 15.0

    def __init__(self, checks: Iterable[Callable[[], str]]) -> None:
        self.checks = checks
        self.taken = 0.0
        self.faults: dict[str, str] = {}

    def take(self) -> dict[str, str]:
        now = time.monotonic()
        if not self.taken or now - self.taken > self.KEPT:
            self.taken, self.faults = now, doctor.faults(self.checks)
        return self.faults


vital, whole = Pulse(doctor.VITAL), Pulse(doctor.CHECKS)


def health(request: HttpRequest) -> HttpResponse:
    """A status for machines: whether requests can be answered. An admin reads every fault."""
    ailing = vital.take()
    status = 503 if ailing else 200
    if request.user.is_authenticated and request.user.is_admin:
        faults = ailing | whole.take()
        return render(request, "health.html", {"faults": faults.items()}, status=status)
    return HttpResponse("not ok" if ailing else "ok", content_type="text/plain", status=status)
