"""How the portal says no."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.db import OperationalError, models
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    JsonResponse,
    UnreadablePostError,
)
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

Row = TypeVar("Row", bound=models.Model)
Found = TypeVar("Found")

BUSY = _(
    "The portal is very busy at this moment, and what you sent could not be stored. Nothing is "
    "half stored. Wait a few seconds, go back and send it again."
)
MEANWHILE = _(
    "Somebody saved this in the same moment, so nothing of yours was stored. Go back, look at what "
    "is stored now, and save again."
)
GONE = _("Somebody took this away in the same moment, so nothing of yours was stored.")
NO_STORE = _(
    "The store of the documents does not answer at this moment. Please try again in a few minutes."
)
UNDERSTOOD = ["GET", "HEAD", "POST"]
# What forms send beside the words that people type.
MACHINERY = {"csrfmiddlewaretoken", "save", "seen", "version"}
TICKED = "on"  # what a browser sends for a ticked box


class Refused(Exception):
    """The step is not lawful now. The message is written for the person who asked.

    A kind of refusal that has more to show than its sentence names a page of its own, which
    finds the refusal itself as `reason`. `back` is where its button leads.
    """

    page = "refused.html"

    def __init__(self, words: str = "", *, back: str = "") -> None:
        super().__init__(words)
        self.back = back

    @property
    def sentence(self) -> str:
        """What its page says in short, for where there is no room for a page."""
        return str(self)


class SavedMeanwhile(Refused):
    """Somebody else was quicker; its button leads to the form again, as it stands now."""


def unchanged(
    seen: Row, held: Row | None, facts: Mapping[str, object], *parts: str, back: str = ""
) -> Row:
    """Give `held`, the row as it is stored now and locked, unless somebody saved it meanwhile.

    `seen` is the row that the form was compared with, `facts` what is to be stored in its columns.
    Where both store the same, nothing is lost. `parts` are rows that hang on it and are replaced
    as a whole; `seen` carries them prefetched.
    """
    if held is None:
        raise SavedMeanwhile(str(GONE), back=back)
    taken = [
        name
        for name, said in facts.items()
        if getattr(held, name) not in (getattr(seen, name), said)
    ]
    if taken or any(_rows(seen, part) != _rows(held, part) for part in parts):
        raise SavedMeanwhile(str(MEANWHILE), back=back)
    return held


def _rows(thing: models.Model, part: str) -> dict[object, list[object]]:
    """The columns of the rows that hang on a thing, by their keys."""
    return {
        row.pk: [getattr(row, column.attname) for column in row._meta.concrete_fields]
        for row in getattr(thing, part).all()
    }


def require(allowed: bool) -> None:
    """Let the request go on, or answer 403."""
    if not allowed:
        raise PermissionDenied


def first_or_404(rows: Sequence[Found]) -> Found:
    """The first of what was found, or answer 404."""
    if not rows:
        raise Http404
    return rows[0]


class RefusalMiddleware:
    """Turns `Refused` into a 409 page that shows the reason and keeps what was typed.

    A database that is locked or does not answer in time gets the same page as a 503, and so does
    a store of files.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            if wants_json(request):
                return JsonResponse({"sentence": exception.sentence}, status=409)
            back = exception.back
            if isinstance(exception, SavedMeanwhile):
                back = back or request.get_full_path()
            facts = {"reason": exception, "typed": typed(request), "back": back}
            return render(request, exception.page, facts, status=409)
        if sentence := unanswered(exception):
            return later(request, sentence)
        return None


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, which shows the sentence itself, and not a browser for a page."""
    return request.headers.get("Accept") == "application/json"


def unanswered(exception: Exception) -> str:
    """What is said when the database or the store of files did not answer; "" for other faults."""
    if isinstance(exception, OperationalError):
        logger.error("The database did not answer in time: %s", exception)
        return str(BUSY)
    if isinstance(exception, OSError) and not isinstance(exception, UnreadablePostError):
        logger.error("The store of files did not answer", exc_info=exception)
        return str(NO_STORE)
    return ""


def later(request: HttpRequest, sentence: str) -> HttpResponse:
    """A 503 that says so and keeps what was typed; for a script the sentence alone."""
    if wants_json(request):
        response: HttpResponse = JsonResponse({"sentence": sentence}, status=503)
    else:
        facts = {"reason": sentence, "typed": typed(request), "back": request.get_full_path()}
        response = render(request, "refused.html", facts, status=503)
    response["Retry-After"] = "10"
    return response


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What the person had typed: no passwords, no ticks, nothing that forms add of their own."""
    return [
        (name, str(value))
        for name, value in request.POST.items()
        if name not in MACHINERY and "password" not in name and value not in {"", TICKED}
    ]


class MethodMiddleware:
    """Answers a method that an address does not take with a page that says where to go."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in UNDERSTOOD:
            response = self.get_response(request)
        else:
            response = HttpResponseNotAllowed(UNDERSTOOD)
        if response.status_code != HttpResponseNotAllowed.status_code:
            return response
        facts = {"is_button": response["Allow"] == "POST"}
        page = render(request, "405.html", facts, status=response.status_code)
        page["Allow"] = response["Allow"]
        return page


class BadCookieMiddleware:
    """Forgets cookies that no database could look for; none of ours holds such a sign."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = request.COOKIES.items()
        request.COOKIES = {name: said for name, said in known if not unstorable(said)}
        return self.get_response(request)


class BadTextMiddleware:
    """Refuses addresses and queries that no database could hold.

    PostgreSQL takes neither NUL nor a lone surrogate, SQLite takes both: without this the same
    request would be an error on the one and an answer on the other. Every page is in UTF-8, so
    is what its forms send; a body in another encoding is not of ours.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in {"utf-8", "utf8", "us-ascii"}:
            request.encoding = "utf-8"  # for the page that says so
            raise BadRequest
        asked = [request.path_info, *request.GET.keys()]
        asked += [value for values in request.GET.lists() for value in values[1]]
        if any(unstorable(text) for text in asked):
            raise BadRequest
        return self.get_response(request)


def unstorable(text: str) -> bool:
    """Whether `text` holds a NUL or a lone surrogate."""
    return "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for a request that makes no sense, or, as a 413, is too long to be read."""
    is_long = isinstance(exception, RequestDataTooBig)
    status = 413 if is_long else 400
    return render(request, "400.html", {"is_long": is_long}, status=status)
