"""Pages that belong to no app, and what every page shows."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


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


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html")


def tasks(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html")
