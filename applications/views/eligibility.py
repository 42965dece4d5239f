"""The eligibility check: a page without an account."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from applications.actions import eligibility as actions
from applications.eligibility import Answers
from applications.forms.eligibility import EligibilityForm
from applications.models import Call
from applications.queries import eligibility as queries
from applications.queries.call import deadline
from applications.views import visitor
from applications.views.public import shown_call
from workshop_portal.accounts.adapter import within
from workshop_portal.deadlines import State
from workshop_portal.workshops.models import Workshop
from workshop_portal.workshops.queries import dates_of

# From one origin, which may be a whole office.
COUNTED = "60/h"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def eligibility(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions and, once they have been answered, the answer above them."""
    call = shown_call(request, slug)
    if request.method == "POST":
        return answer(request, call)
    said = visitor.kept(request, call)
    form = EligibilityForm(initial=said, dates=dates_of(call.workshop))
    return show(request, call, form, Answers(**said) if said else None)


def answer(request: HttpRequest, call: Call) -> HttpResponse:
    """Keep and count the answers; whoever asks too often is answered, and that is all."""
    form = EligibilityForm(request.POST, dates=dates_of(call.workshop))
    here = redirect("applications:eligibility", slug=call.workshop.slug)
    if call.state == State.CLOSED:
        return here
    if "forget" in request.POST:
        visitor.drop(request, call)
        return here
    if not form.is_valid():
        return show(request, call, form)
    if not within(request, "eligibility", COUNTED):
        return show(request, call, form, form.answers)
    if call.workshop.status == Workshop.Status.PUBLISHED and not visitor.kept(request, call):
        reasons = queries.verdict(form.answers, call).reasons
        actions.count(call, country=form.answers.country, reasons=reasons)
    visitor.keep(request, call, form.answers)
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
