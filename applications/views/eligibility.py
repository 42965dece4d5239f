"""The eligibility check: a page without an account, and the counts at the desk.

What a visitor answers stays in their session for two hours, apart for each call. It goes into the
form when they begin one; signing out empties the session.
"""

from __future__ import annotations

import time
from dataclasses import asdict

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from applications import access, reports
from applications.actions import eligibility as actions
from applications.eligibility import Answers
from applications.forms.eligibility import EligibilityForm
from applications.forms.intake import SectionForm
from applications.models import Application, Call
from applications.queries import eligibility as queries
from applications.queries.call import deadline
from applications.views.public import shown_call
from applications.views.staff import call_of
from workshop_portal import exports
from workshop_portal.accounts.adapter import within
from workshop_portal.deadlines import State
from workshop_portal.errors import require
from workshop_portal.workshops.models import Workshop
from workshop_portal.workshops.queries import dates_of

KEPT, TAKEN = "eligibility", "eligibility_taken"
KEPT_SECONDS = 2 * 3600
# From one origin, which may be a whole office.
COUNTED = "60/h"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def eligibility(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions and, once they have been answered, the answer above them."""
    call = shown_call(request, slug)
    if request.method == "POST":
        return answer(request, call)
    said = kept(request, call)
    form = EligibilityForm(initial=said, dates=dates_of(call.workshop))
    return show(request, call, form, Answers(**said) if said else None)


def answer(request: HttpRequest, call: Call) -> HttpResponse:
    """Keep and count the answers; whoever asks too often is answered, and that is all."""
    form = EligibilityForm(request.POST, dates=dates_of(call.workshop))
    here = redirect("applications:eligibility", slug=call.workshop.slug)
    if call.state == State.CLOSED:
        return here
    if "forget" in request.POST:
        drop(request, call)
        return here
    if not form.is_valid():
        return show(request, call, form)
    if not within(request, "eligibility", COUNTED):
        return show(request, call, form, form.answers)
    if call.workshop.status == Workshop.Status.PUBLISHED and not kept(request, call):
        reasons = queries.verdict(form.answers, call).reasons
        actions.count(call, country=form.answers.country, reasons=reasons)
    keep(request, call, form.answers)
    return here


def show(
    request: HttpRequest, call: Call, form: EligibilityForm, answers: Answers | None = None
) -> HttpResponse:
    """The page with the verdict on these answers, if there are any."""
    context = {
        "call": call,
        "workshop": call.workshop,
        "deadline": deadline(call),
        "form": form,
        "verdict": queries.verdict(answers, call) if answers else None,
        "contact": call.workshop.contact_email or settings.CONTACT_EMAIL,
    }
    return render(request, "applications/eligibility.html", context)


# --- What a visitor answered -------------------------------------------------------------


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


# --- The counts ------------------------------------------------------------------------


@require_safe
@login_required
def counts(request: HttpRequest, slug: str) -> HttpResponse:
    """How many asked, by country and by what stood in the way."""
    call = call_of(request, slug)
    require(access.can_run(request.user, call))

    found, heads = queries.counts(call), queries.HEADS
    context = {"call": call, "workshop": call.workshop, "counts": found, "heads": heads}
    return render(request, "applications/staff/eligibility.html", context)


@require_safe
@login_required
def export(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The counts as a table, to be taken out of the portal."""
    call = call_of(request, slug)
    require(access.can_run(request.user, call))
    if kind not in exports.FORMATS:
        raise Http404

    table = reports.eligibility(call)
    actions.note_export(call, kind=kind, rows=call.eligibility_counts.count(), by=request.user)
    return exports.export(table, kind)
