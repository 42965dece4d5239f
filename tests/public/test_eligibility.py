"""“Is this for me?”: the check that anybody can make, what is counted, and what goes over."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from applications.actions import eligibility as actions
from applications.eligibility import Reason
from applications.models import Application, EligibilityCount
from tests import factories as make
from tests.accounts.test_sign_up import CONFIRM, SIGN_UP, SOMEBODY
from tests.public.test_pages import queries_of, text_of
from tests.race import at_once
from workshop_portal.accounts.models import User
from workshop_portal.audit.models import Entry
from workshop_portal.outbox.models import Message
from workshop_portal.templatetags.portal import read_clock

pytestmark = pytest.mark.django_db
CHECK = "/workshops/here/call/eligibility/"
START = "/workshops/here/apply/"
FITTING = {
    "sector": "ngo",
    "country": "KH",
    "spoken_english": "fluent",
    "written_english": "fluent",
    "all_days": "yes",
}


@pytest.fixture(autouse=True)
def _nobody_has_asked():
    cache.clear()


@pytest.fixture
def call():
    return make.CallFactory(workshop__slug="here", workshop__contact_email="centre@example.org")


def asked(client, **changed):
    """The page after these answers, as a browser shows it."""
    return client.post(CHECK, {**FITTING, **changed}, follow=True)


def in_seoul(moment):
    return read_clock(moment, ZoneInfo("Asia/Seoul"), "full").words


def last_moment(call):
    return f"The last moment to apply is {in_seoul(call.closes_at)} ."


def tallies():
    rows = EligibilityCount.objects.order_by("country", "reasons")
    return list(rows.values_list("country", "reasons", "number"))


# --- The answer --------------------------------------------------------------------------


def test_a_visitor_who_fits_is_led_to_the_application(client, call):
    page = asked(client)

    assert "You may apply" in text_of(page)
    assert last_moment(call) in text_of(page)
    assert '/account/signup/?next=/workshops/here/call/"' in page.content.decode()


def test_a_visitor_who_does_not_fit_reads_every_reason_and_what_to_do(client, call):
    page = asked(client, spoken_english="basic", country="IE", all_days="no")

    text = text_of(page)
    assert "This workshop is not for you this time" in text
    assert "The group talks and works in English all day." in text
    assert "made for cities in Asia and the Pacific" in text
    assert "every day of the workshop" in text
    assert 'href="mailto:centre@example.org"' in page.content.decode()
    assert '<a class="btn btn-primary" href="/workshops/">' in page.content.decode()
    assert "/account/signup/" not in page.content.decode().partition("<main")[2]


def test_a_visitor_of_another_organisation_asks_the_centre_and_may_begin(client, call):
    page = asked(client, sector="other")

    assert "Perhaps: ask us first" in text_of(page)
    assert f"You can begin the form in the meantime. {last_moment(call)}" in text_of(page)
    assert "/account/signup/" in page.content.decode().partition("<main")[2]


def test_the_same_advice_is_not_given_twice(client, call):
    text = text_of(asked(client, spoken_english="basic", written_english="basic"))

    assert text.count("Perhaps a colleague who is fluent") == 1


def test_the_answers_are_shown_again_to_be_corrected(client, call):
    asked(client, sector="other")

    form = client.get(CHECK).context["form"]

    assert {name: form[name].value() for name in FITTING} == {**FITTING, "sector": "other"}


def test_a_question_without_an_answer_is_asked_again_and_nothing_is_counted(client, call):
    page = client.post(CHECK, {**FITTING, "country": "", "sector": "nonsense"})

    assert set(page.context["form"].errors) == {"country", "sector"}
    assert page.context["form"]["all_days"].value() == "yes"
    assert page.context["verdict"] is None
    assert tallies() == []


def test_the_answers_are_kept_by_no_cache(client, call):
    assert "no-store" in asked(client)["Cache-Control"]


# --- When --------------------------------------------------------------------------------


def test_before_the_call_opens_the_answer_says_when(client, call):
    type(call).objects.update(opens_at=timezone.now() + timedelta(days=2))

    page = asked(client)

    assert "You may apply" in text_of(page)
    call.refresh_from_db()
    assert f"Applications open on {in_seoul(call.opens_at)} ." in text_of(page)
    assert "/account/signup/" not in page.content.decode().partition("<main")[2]


def test_after_the_call_nothing_is_asked_or_counted_any_more(client, call):
    type(call).objects.update(closes_at=timezone.now() - timedelta(minutes=1))

    page = asked(client)

    assert "The call is closed" in text_of(page)
    assert "<fieldset" not in page.content.decode()
    assert tallies() == []


def test_a_draft_is_seen_by_those_who_prepare_it_and_counts_nobody(client, call):
    type(call.workshop).objects.update(status="draft")
    assert client.get(CHECK).status_code == 404

    client.force_login(make.RoleFactory(workshop=call.workshop).user)
    page = asked(client)

    assert "You may apply" in text_of(page)
    assert tallies() == []


@pytest.mark.parametrize("page", ["/workshops/here/", "/workshops/here/call/"])
def test_the_pages_of_an_open_workshop_lead_to_the_check(client, call, page):
    assert f'href="{CHECK}"' in client.get(page).content.decode()


def test_the_page_is_cheap(client, call):
    fresh = queries_of(client, CHECK)
    asked(client)

    assert fresh <= queries_of(client, CHECK) <= 5


# --- The counts --------------------------------------------------------------------------


def test_each_person_is_counted_once_by_country_and_reasons(call):
    asked(Client())
    asked(Client())
    asked(Client(), all_days="no", sector="other")

    assert tallies() == [("KH", "", 2), ("KH", "sector days", 1)]


def test_correcting_and_sending_again_counts_nobody_twice(client, call):
    asked(client, all_days="no")
    asked(client, all_days="yes")
    client.get(CHECK)

    assert tallies() == [("KH", "days", 1)]


def test_nothing_but_the_number_is_kept_of_a_visitor(client, call):
    asked(client)

    assert not Entry.objects.exists()
    assert [field.name for field in EligibilityCount._meta.fields] == [
        "id",
        "call",
        "country",
        "reasons",
        "number",
    ]


def test_a_flood_from_one_place_is_answered_but_neither_counted_nor_kept(call):
    for _visitor in range(60):
        asked(Client())
    sessions = Session.objects.count()

    page = asked(Client())
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    asked(elsewhere)

    assert "You may apply" in text_of(page)
    assert tallies() == [("KH", "", 61)]
    assert Session.objects.count() == sessions + 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_answers_at_once_are_all_counted(call):
    _found, faults = at_once(12, lambda: actions.count(call, country="KH", reasons=[Reason.DAYS]))

    assert faults == []
    assert tallies() == [("KH", "days", 12)]


# --- Into the form -----------------------------------------------------------------------


def values(application):
    return {name: str(getattr(application, name)) for name in FITTING}


def open_account(client):
    """Sign up as a visitor does, up to the page to which the code leads."""
    client.post(SIGN_UP, {**SOMEBODY, "next": "/workshops/here/call/"})
    letter = Message.objects.get(address=SOMEBODY["email"])
    [code] = re.findall(r"^ {4}(\d{6})$", letter.body, re.MULTILINE)
    return client.post(CONFIRM, {"code": code})["Location"]


def test_the_answers_go_over_into_the_form_through_opening_an_account(client, call):
    asked(client, country="VN", written_english="working")

    way = open_account(client)
    begun = client.post(START, follow=True)

    mine = Application.objects.get(applicant=User.objects.get())
    assert way == "/workshops/here/call/"
    assert values(mine) == {**FITTING, "country": "VN", "written_english": "working"}
    assert "stand in the form already" in text_of(begun)


def test_each_part_of_the_form_says_what_was_taken_over_until_it_is_changed(client, call):
    client.force_login(make.UserFactory(city=None))
    asked(client)
    client.post(START)
    mine = Application.objects.get()
    parts = ("you", "organisation", "work", "taking-part")

    before = [text_of(client.get(f"/applications/{mine.pk}/form/{part}/")) for part in parts]
    Application.objects.update(sector="local")
    after = text_of(client.get(f"/applications/{mine.pk}/form/organisation/"))

    said = "Taken over from your answers to the eligibility check:"
    assert [said in page for page in before] == [True, True, False, True]
    assert f"{said} What kind of organisation is it?" in before[1]
    assert said not in after


def test_what_the_person_has_told_before_stays(client, call):
    earlier = make.SubmittedApplicationFactory(sector="local", spoken_english="working")
    client.force_login(earlier.applicant)
    asked(client)

    client.post(START)

    mine = Application.objects.get(call=call)
    assert values(mine) == {**FITTING, "sector": "local", "spoken_english": "working"}


def test_a_form_that_was_begun_is_not_touched(client, call):
    draft = make.FilledApplicationFactory(call=call)
    client.force_login(draft.applicant)
    asked(client, country="VN", all_days="no")

    client.post(START)

    draft.refresh_from_db()
    assert (str(draft.country), draft.all_days, draft.version) == ("KH", "yes", 0)


def test_the_answers_are_used_once(client, call):
    client.force_login(make.UserFactory())
    asked(client)

    client.post(START)

    assert client.get(CHECK).context["verdict"] is None


def test_the_answers_to_one_call_say_nothing_about_another(client, call):
    make.CallFactory(workshop__slug="there")
    client.force_login(make.UserFactory(city=None))
    asked(client)

    client.post("/workshops/there/apply/")

    assert set(values(Application.objects.get()).values()) == {""}
    assert client.get(CHECK).context["verdict"] is not None


def test_after_two_hours_the_answers_are_forgotten(client, call):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        asked(client)
        clock.shift(timedelta(minutes=119))
        before = client.get(CHECK).context["verdict"]
        clock.shift(timedelta(minutes=2))
        after = client.get(CHECK).context["verdict"]

    assert before is not None
    assert after is None


def test_a_visitor_can_have_the_answers_forgotten(client, call):
    asked(client)

    page = client.post(CHECK, {"forget": "yes"}, follow=True)

    assert page.context["verdict"] is None
    assert page.context["form"]["country"].value() is None


def test_the_next_person_at_the_browser_gets_no_answers_of_the_one_who_signed_out(client, call):
    client.force_login(make.UserFactory())
    asked(client)
    client.post("/account/logout/")
    client.force_login(make.UserFactory(city=None))

    client.post(START)

    assert set(values(Application.objects.get()).values()) == {""}
