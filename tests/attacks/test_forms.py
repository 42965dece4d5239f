"""Whatever somebody puts into a form of the portal, the answer is a page and never a fault.

The forms are read from the pages themselves, so a new form is attacked without a line here.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories as make
from tests.attacks.pages import Form, forms_of
from tests.permissions import ROWS
from tests.world import build, undone
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db

ANSWERS = {200, 302, 303, 400, 403, 404, 405, 409, 413, 422}
LONG = "x" * 20_001
WORDS = [
    "",
    LONG,
    "a\x00b",
    "a\x08\r\nBcc: everybody@example.org",
    '"><svg/onload=alert(1)>{{ 7|add:7 }}{% load %}{0.__class__}%(x)s%s',
    "=HYPERLINK(1) [x](javascript:alert(1)) \N{RIGHT-TO-LEFT OVERRIDE}\U0001f600\ufffe",
]
NUMBERS = ["-1", "NaN", "1E400", "32768", "2147483648", str(2**63), "9" * 5_000]
DAYS = ["0001-01-01", "9999-12-31", "2027-02-30", "\uff12\uff10\uff12\uff17-01-01", "a\x00"]
TIMES = ["24:00", "00:00", "a\x00"]
IDS = ["0", "00000000-0000-4000-8000-000000000000", "[" * 5_000, "a\x00"]
ADDRESSES = [
    "a@b.org\nBcc: c@example.org",
    '"A, B" <a@b.org>',
    "a" * 300 + "@b.org",
    "\u0131@b.org",
]
STALE = ["7", "-1"]
OF_KIND = {
    "number": NUMBERS,
    "date": DAYS,
    "time": TIMES,
    "email": ADDRESSES,
    "hidden": [*STALE, *IDS, *NUMBERS[-2:]],
    "select": IDS,
    "radio": IDS,
    "checkbox": IDS,
}
# Text fields that are read as something else.
READ_AS = {"years": "number", "days": "date"}
# What has to fit another field.
FITTING = {"decide_by": "", "opens_day": "2026-01-01", "partners": "", "organisers": ""}
GOOD = {
    "number": "7",
    "time": "10:30",
    "email": "somebody@example.org",
    "password": "a long good password",
    "text": "2027",
}
TOKEN = "csrfmiddlewaretoken"
# It stands on every page, and is attacked on its own.
AT_THE_TOP = "/account/logout/"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The world of the permission table, with a held letter, a draft and a workshop of no call."""
    with django_db_blocker.unblock(), undone():
        yield with_more(build())


def with_more(made):
    Message.objects.filter(pk=made.ids["message"].pk).update(state=Message.State.HELD)
    # The clocks of these two are the first and the last to see a new day.
    type(made.workshop).objects.filter(pk=made.workshop.pk).update(zone="Asia/Seoul")
    coordinator = made.people["coordinator"]
    bare = make.RoleFactory(user=coordinator, workshop__zone="Pacific/Pago_Pago").workshop
    draft = make.CompleteApplicationFactory(applicant=made.people["owner"])
    undecided = make.SubmittedApplicationFactory(call=made.call)
    made.ids |= {"bare": bare, "unsent": draft, "undecided": undecided}
    return made


MORE = {
    "a call that is not there yet": ("coordinator", "applications:call-create", ["bare.slug"]),
    "a draft": ("owner", "applications:application", ["unsent.pk"]),
    "sending": ("owner", "applications:check", ["unsent.pk"]),
    "a decision": ("coordinator", "applications:decide", ["undecided.pk"]),
    **{
        f"the part {part}": ("owner", "applications:section", ["unsent.pk", part])
        for part in ("organisation", "work", "taking-part")
    },
}
# Files, and a letter that is held back.
NOT_A_PAGE = {
    "cityshare:evidence-file",
    "applications:desk-export",
    "applications:desk-eligibility-export",
    "applications:call-attempts-export",
    "applications:desk-document-file",
    "applications:desk-document-small",
    "applications:document-file",
    "outbox:letter",
}


def pages():
    """Every page that somebody can open, with the first person who can."""
    yield from MORE.items()
    for name, row in sorted(ROWS.items()):
        who = next((who for who, said in row.answers.items() if said == 200), None)
        if who and row.method == "get" and name not in NOT_A_PAGE:
            yield name, (who, name, list(row.kwargs.values()))


PAGES = dict(pages())


def look_up(said, world):
    thing, _dot, column = said.partition(".")
    return getattr(world.ids[thing], column) if thing in world.ids and column else said


def filled(form: Form) -> dict[str, list[str]]:
    """The form as a careful person would send it."""
    soon = (timezone.now() + timedelta(days=40)).date().isoformat()
    good = {**GOOD, "date": soon}
    for name, kind in form.kinds.items():
        if not any(form.fields.get(name, [])):
            usual = FITTING.get(name, good.get(kind, ""))
            form.fields[name] = form.offers.get(name, [])[:1] or [usual]
    return {**form.fields, **form.buttons, "confirm": "yes"}


def attacks(form: Form):
    """A careful person's form with one field after another made nasty."""
    good = filled(form)
    for name, kind in form.kinds.items():
        if name == TOKEN:
            continue
        for value in OF_KIND.get(READ_AS.get(name, kind), WORDS):
            yield name, value, {**good, name: [value]}
    for value in WORDS:
        yield "all fields", value, {field: [value] for field in good}
    yield "twice", "", {name: values * 2 for name, values in good.items()}
    if "application" in good:
        chosen = [value.partition(":")[0] for value in good["application"]]
        for version in ("7", "-1", "9" * 40):
            stale = [f"{pk}:{version}" for pk in chosen]
            yield "application", version, {**good, "application": stale}
    taken = {"status": "accepted", "applicant": "1", "version": "999", "is_admin": "on"}
    yield "more than asked", "", {**good, **{name: [said] for name, said in taken.items()}}
    yield "nothing", "", {}


def answer(client, path, data, watched):
    """The status of the answer and, when something was stored, of the pages that may show it."""
    with undone():
        found = [client.post(path, data).status_code]
        if found[0] in {302, 303}:
            found += [client.get(page).status_code for page in watched]
    return set(found) - ANSWERS


WATCHED = [
    "workshop-detail",
    "applications:call",
    "curriculum:programme",
]


def watched(path):
    """The pages on which most of what is typed at the desk stands."""
    [here] = re.findall(r"^/desk/([a-z0-9-]+)/", path) or [""]
    return [reverse(name, args=[here]) for name in WATCHED] if here else []


@pytest.mark.parametrize("page", PAGES)
def test_a_form_answers_whatever_is_typed_with_a_page(page, world):
    who, name, said = PAGES[page]
    path = reverse(name, args=[look_up(one, world) for one in said])
    client = Client(raise_request_exception=False)
    if who != "anonymous":
        client.force_login(world.people[who])
    client.cookies["zone"] = "Pacific/Kiritimati"
    opened = client.get(path)

    faults = {}
    for form in forms_of(path, opened.content.decode()):
        if form.action == AT_THE_TOP != path:
            continue
        for field, value, data in attacks(form):
            wrong = answer(client, form.action, data, watched(path))
            if wrong:
                faults[form.action, field, value[:40]] = wrong

    assert (opened.status_code, faults) == (200, {})
