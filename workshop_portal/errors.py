"""How the portal says no."""

from collections.abc import Callable

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# What forms send beside the words that people type.
MACHINERY = {"csrfmiddlewaretoken", "save", "seen", "version"}


class Refused(Exception):
    """The step is not lawful now. The message is written for the person who asked.

    A kind of refusal that has more to show than its sentence names a page of its own, which
    finds the refusal itself as `reason`.
    """

    page = "refused.html"
    back = ""


def require(allowed: bool) -> None:
    """Let the request go on, or answer 403."""
    if not allowed:
        raise PermissionDenied


class RefusalMiddleware:
    """Turns `Refused` into a 409 page that shows the reason and keeps what was typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        typed = [
            (name, value)
            for name, value in request.POST.items()
            if name not in MACHINERY and "password" not in name and value
        ]
        facts = {"reason": exception, "typed": typed, "back": exception.back}
        return render(request, exception.page, facts, status=409)


class BadTextMiddleware:
    """Refuses addresses and queries that no database could hold.

    PostgreSQL takes neither NUL nor a lone surrogate, SQLite takes both: without this the same
    request would be an error on the one and an answer on the other.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = [request.path_info, *request.GET.keys()]
        asked += [value for values in request.GET.lists() for value in values[1]]
        if any(unstorable(text) for text in asked):
            raise BadRequest
        return self.get_response(request)


def unstorable(text: str) -> bool:
    """Whether `text` holds a NUL or a lone surrogate."""
    return "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text)
