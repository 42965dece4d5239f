"""A visitor asks whether a workshop is for them, corrects an answer, and finds it in the form."""

import pytest

from applications.models import Application, EligibilityCount
from tests.factories import CallFactory, RoleFactory
from tests.journeys.hands import Keyboard, Pointer
from tests.journeys.test_apply import code_in_the_mail_to

pytestmark = pytest.mark.journey

ANSWER = "main input[name=check]"
VERDICT = "main .verdict h2"
WAYS = {
    "with a finger": (Pointer, {"theme": "light"}),
    "with a finger, without JavaScript": (Pointer, {"scripts": False}),
    "with the keyboard alone, in the dark": (Keyboard, {"theme": "dark"}),
}


@pytest.fixture
def call(transactional_db):
    return CallFactory(workshop__slug="here", workshop__title="Safe referral between cities")


def faults(person):
    """What stands in anybody's way on the page; axe needs JavaScript."""
    found = person.barriers() if person.scripts else []
    return found + ["scrolls sideways"] * person.scrolls_sideways()


def give(hands, **answers):
    for name, value in answers.items():
        hands.pick(name, value)
    hands.press(ANSWER)


def open_account(person, hands):
    hands.press("main .verdict a[href^='/account/signup/']")
    hands.write("email", "linh@example.org")
    hands.write("password1", "a long good password")
    hands.write("given_name", "Linh")
    hands.press("main form button:not([type=button]), main form input[type=submit]")
    hands.write("code", code_in_the_mail_to("linh@example.org"))
    hands.press("main form:has([name=code]) button:not([formaction])")
    hands.press("main form[action$='/apply/'] button")
    person.page.wait_for_url("**/applications/*/")


@pytest.mark.parametrize("how", WAYS)
def test_a_visitor_learns_in_a_minute_whether_to_apply(how, visit, call):
    kind, options = WAYS[how]
    person = visit(width=360, **options)
    hands = kind(person.page)

    person.go("/workshops/here/call/")
    hands.press("main a[href$='/eligibility/']")
    before = faults(person)
    give(hands, sector="ngo", country="VN", spoken_english="fluent", written_english="fluent")
    unanswered = [person.page.locator("[data-error-summary] a").count(), *faults(person)]
    give(hands, all_days="no")
    first = [person.page.inner_text(VERDICT), *faults(person)]
    person.page.reload()
    give(hands, all_days="yes")
    second = [person.page.inner_text(VERDICT), *faults(person)]
    open_account(person, hands)

    mine = Application.objects.get(applicant__email="linh@example.org")
    assert (before, unanswered) == ([], [1])
    assert (first, second) == (["This workshop is not for you this time"], ["You may apply"])
    assert "stand in the form already" in person.page.locator("body").inner_text()
    assert (mine.sector, mine.country, mine.all_days) == ("ngo", "VN", "yes")
    counted = EligibilityCount.objects.values_list("country", "reasons", "number")
    assert list(counted) == [("VN", "days", 1)]


@pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (1280, "light")])
def test_the_counts_at_the_desk_have_no_barrier(visit, call, width, theme):
    call.eligibility_counts.create(country="KH", reasons="sector days", number=2)
    desk = visit(width=width, theme=theme)
    desk.sign_in(RoleFactory(workshop=call.workshop).user)

    desk.go("/desk/here/eligibility/")

    assert faults(desk) == []
