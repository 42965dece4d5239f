"""Words that were sent and not saved are there again: after signing in, and beside their errors.

Whoever sends a form with a slip is led back to its page, as after saving; so going back, or loading
the page anew, never asks whether to send the form once more.

The words lie in the browser's session on the server, which signing in takes over: whatever way in a
person chooses (password, code, passkey, second step), no page has to carry them along. Nobody
else reads them: they belong to the address of one section of one application, and that page opens
for its applicant alone. After an hour they are gone. So that no stranger can fill the database,
words are kept only for an application that exists, whose address nobody can guess, and only
of the length of a form.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from applications.models import Application

KEPT = "words"
KEPT_SECONDS = 3600
MOST_SIGNS = 60_000
MACHINERY = {"csrfmiddlewaretoken", "save"}
View = Callable[..., HttpResponse]


def login_or_keep(view: View) -> View:
    """Like `login_required`; what a form sends without a session is kept for its return."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: object, **place: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, pk, **place)
        if request.method == "POST" and Application.objects.filter(pk=pk).exists():
            keep_for_later(request)
        return redirect_to_login(request.get_full_path())

    return guarded


def keep_for_later(request: HttpRequest) -> None:
    """Keep what somebody typed who has been signed out, and tell them."""
    if keep(request, signed_out=True):
        messages.info(
            request,
            _("You had been signed out. Sign in, and what you typed is there again."),
        )


def keep(request: HttpRequest, *, signed_out: bool = False) -> bool:
    """Keep what was typed with the session of this browser; False when it is too long for that."""
    typed = {name: said for name, said in request.POST.items() if name not in MACHINERY}
    if sum(len(name) + len(str(said)) for name, said in typed.items()) > MOST_SIGNS:
        return False
    facts = {"typed": typed, "signed_out": signed_out}
    request.session[KEPT] = {"for": request.path, "at": time.time(), **facts}
    return True


def words(request: HttpRequest) -> QueryDict | None:
    """What was kept for this page in the last hour, as a form takes it."""
    known = _known(request)
    if not known:
        return None
    data = QueryDict(mutable=True)
    data.update(known["typed"])
    return data


def were_interrupted(request: HttpRequest) -> bool:
    """Whether the words of this page are those of somebody who had been signed out meanwhile."""
    return request.method != "POST" and _known(request).get("signed_out", False)


def _known(request: HttpRequest) -> dict[str, Any]:
    known = request.session.get(KEPT)
    if not known or known["for"] != request.path or time.time() - known["at"] > KEPT_SECONDS:
        return {}
    return known


def forget(request: HttpRequest) -> None:
    """They have arrived."""
    request.session.pop(KEPT, None)
