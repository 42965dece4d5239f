"""What a visitor answered to the eligibility check, before anybody knows who they are.

It stays in their session for two hours, apart for each call. It goes into the form when they begin
one; signing out empties the session.
"""

from __future__ import annotations

import time
from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from applications.eligibility import Answers
from applications.forms.intake import SectionForm
from applications.models import Application, Call

KEPT, TAKEN = "eligibility", "eligibility_taken"
KEPT_SECONDS = 2 * 3600


def kept(request: HttpRequest, call: Call) -> dict[str, str]:
    """The answers that were given here about this call in the last two hours."""
    return _fresh(request).get(str(call.pk), {}).get("answers", {})


def keep(request: HttpRequest, call: Call, answers: Answers) -> None:
    """Remember the answers until a form is begun, they are forgotten, or two hours are over."""
    said = {"at": time.time(), "answers": asdict(answers)}
    request.session[KEPT] = {**_fresh(request), str(call.pk): said}


def drop(request: HttpRequest, call: Call) -> None:
    """Forget what was answered about this call."""
    others = {pk: said for pk, said in _fresh(request).items() if pk != str(call.pk)}
    request.session[KEPT] = others


def _fresh(request: HttpRequest) -> dict[str, dict]:
    since = time.time() - KEPT_SECONDS
    said = request.session.get(KEPT, {}).items()
    return {pk: known for pk, known in said if known["at"] > since}


def hand_over(request: HttpRequest, application: Application) -> None:
    """The answers are in the form now: forget them, and say which of them stand there."""
    said = kept(request, application.call)
    if not said:
        return
    drop(request, application.call)
    taken = {name: value for name, value in said.items() if stands(application, name, value)}
    request.session[TAKEN] = {"application": str(application.pk), "answers": taken}
    if taken:
        messages.info(
            request,
            _(
                "Your answers to the eligibility check stand in the form already. Please look "
                "at them once more, and change what is not right."
            ),
        )


def taken_over(request: HttpRequest, application: Application, form: SectionForm) -> list[str]:
    """The questions of a section whose answers come from the check and were not changed since."""
    taken = request.session.get(TAKEN, {})
    if taken.get("application") != str(application.pk):
        return []
    said = taken["answers"]
    return [
        str(field.label)
        for name, field in form.fields.items()
        if name in said and stands(application, name, said[name])
    ]


def stands(application: Application, name: str, value: str) -> bool:
    return str(getattr(application, name)) == value
