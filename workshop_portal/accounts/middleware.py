"""What every page needs to know of the person at the door."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import FileResponse, HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from workshop_portal.accounts.access import must_add_second_factor
from workshop_portal.accounts.adapter import SIGNED_IN_AT
from workshop_portal.logs import SECRET

Handler = Callable[[HttpRequest], HttpResponse]

# How often at most the session of somebody at work is written anew, in seconds.
TOUCH_EVERY = 300
TOUCHED_AT = "touched_at"
# What goes out with every answer at an address that is a secret.
OF_A_SECRET = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


class ZoneMiddleware:
    """Sets `request.zone`: the account's zone, else the one the browser told, else None."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.known = available_timezones()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = getattr(request.user, "zone", "") or request.COOKIES.get("zone", "")
        request.zone = ZoneInfo(said) if said in self.known else None
        return self.get_response(request)


class LanguageMiddleware(LocaleMiddleware):
    """Speaks the account's language, else the one chosen on this device, else the browser's.

    The thread is left as it was found: what the next request meets before it comes here is in
    nobody else's language. An answer that is made while it is sent is made in its reader's.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(translation.get_language()):
            response = super().__call__(request)
            if response.streaming and not isinstance(response, FileResponse):
                spoken = translation.get_language()
                response.streaming_content = in_language(spoken, response.streaming_content)
            return response

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        chosen = getattr(request.user, "language", "")
        if chosen in dict(settings.LANGUAGES):
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen


def in_language(language: str | None, parts: Iterator[bytes]) -> Iterator[bytes]:
    """The parts, each made in this language."""
    with translation.override(language):
        yield from parts


class NoStoreMiddleware:
    """No page made for a signed-in person is kept by a cache or shown to the next person.

    Nor is one whose address opens something to whoever knows it: no other site learns that
    address, and no search engine, whatever the answer is.

    It stands right behind the session, so that answers of other middlewares pass it as well.
    Signing out also empties what the browser has kept of the portal; browsers heed that over TLS
    only. Cookies stay: the session's is deleted anyway, and others hold the time zone and the
    words "You have signed out".
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_signed_in = SESSION_KEY in request.session
        response = self.get_response(request)
        is_signed_in = SESSION_KEY in request.session
        if was_signed_in or is_signed_in:
            response["Cache-Control"] = "no-store, private"
        if SECRET.search(request.path):
            for name, value in OF_A_SECRET.items():
                response[name] = value
        if settings.SECURE and was_signed_in and not is_signed_in:
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class SecondFactorMiddleware:
    """Whoever works for the centre first sets up a second step of signing in.

    Until then every page leads to the one where it is set up; there it is also said why. The
    answer came with the person, so that nobody's page costs a query more.
    """

    OPEN = ("mfa_index", "account_reauthenticate", "account_logout")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.lacks_second_factor = must_add_second_factor(request.user)
        if request.lacks_second_factor and not self.is_open(request.path):
            return redirect("mfa_index")
        return self.get_response(request)

    def is_open(self, path: str) -> bool:
        return path.startswith(tuple(reverse(name) for name in self.OPEN))


class StaffSessionMiddleware:
    """Ends the session of somebody at the desk who has been away for two hours.

    The time is in the session itself, so a session that nobody touches dies by itself; at work
    it is put off now and then, never past the age at which every session ends.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request.user, "has_desk", False):
            keep_awake(request)
        return self.get_response(request)


def keep_awake(request: HttpRequest) -> None:
    """Put off the end of the session, at most once in five minutes."""
    session, now = request.session, time.time()
    since = session.get(SIGNED_IN_AT)
    if since is None or now - session.get(TOUCHED_AT, 0) < TOUCH_EVERY:
        return
    left = settings.SESSION_COOKIE_AGE - (now - since)
    session.set_expiry(max(1, int(min(settings.STAFF_IDLE_AGE, left))))
    session[TOUCHED_AT] = now
