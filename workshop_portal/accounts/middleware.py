"""What every page needs to know of the person at the door."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


class ZoneMiddleware:
    """Sets `request.zone`: the account's zone, else the one the browser told, else None."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.known = available_timezones()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = getattr(request.user, "zone", "") or request.COOKIES.get("zone", "")
        request.zone = ZoneInfo(said) if said in self.known else None
        return self.get_response(request)


class NoStoreMiddleware:
    """No page made for a signed-in person is kept by a cache or shown to the next person."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response["Cache-Control"] = "no-store, private"
        return response
