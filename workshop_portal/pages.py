"""Pages that belong to no app, and what every page shows."""

from __future__ import annotations

import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from workshop_portal import doctor


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
        }
    }


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long or came from elsewhere: say so, and how to go on."""
    return render(request, "403.html", {"form_expired": True}, status=403)


class Pulse:
    """What the doctor found last. Asked again after a while, so that nobody can keep it busy."""

    KEPT = 15.0

    def __init__(self) -> None:
        self.taken = 0.0
        self.faults: dict[str, str] = {}

    def take(self) -> dict[str, str]:
        now = time.monotonic()
        if not self.taken or now - self.taken > self.KEPT:
            self.taken, self.faults = now, doctor.faults()
        return self.faults


pulse = Pulse()


def health(request: HttpRequest) -> HttpResponse:
    """Whether the portal is well: a status for machines, the sentences for an admin."""
    faults = pulse.take()
    status = 503 if faults else 200
    if request.user.is_authenticated and request.user.is_admin:
        return render(request, "health.html", {"faults": faults.items()}, status=status)
    return HttpResponse("not ok" if faults else "ok", content_type="text/plain", status=status)
