"""Choosing the language: on every page, kept on the device and with the account."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from tests import factories as make

pytestmark = pytest.mark.django_db
HOME = reverse("home")
SWITCH = reverse("language")


def language_of(response):
    return response["Content-Language"]


def choose(client, language, back="/"):
    return client.post(SWITCH, {"language": language, "next": back})


def test_a_visitor_reads_the_language_that_the_browser_asks_for(client):
    page = client.get(HOME, headers={"accept-language": "ko-KR,ko;q=0.9,en;q=0.8"})

    assert language_of(page) == "ko"
    assert '<html lang="ko">' in page.content.decode()
    assert {"Accept-Language", "Cookie"} <= {*page["Vary"].split(", ")}


def test_a_visitor_of_another_language_reads_english(client):
    assert language_of(client.get(HOME, headers={"accept-language": "km,vi;q=0.9"})) == "en"


def test_every_language_is_offered_by_its_own_name(client):
    page = client.get(HOME).content.decode()

    assert '<button name="language" value="ko" lang="ko">한국어</button>' in page
    assert 'lang="en" aria-current="true">English</button>' in page


def test_what_was_chosen_on_a_device_goes_before_what_its_browser_asks_for(client):
    answer = choose(client, "ko", "/workshops/?past=1")

    assert (answer.status_code, answer["Location"]) == (302, "/workshops/?past=1")
    assert language_of(client.get(HOME, headers={"accept-language": "en"})) == "ko"


def test_the_choice_is_kept_for_a_year_where_no_script_reads_it(client):
    cookie = choose(client, "ko").cookies[settings.LANGUAGE_COOKIE_NAME]

    assert cookie.value == "ko"
    assert cookie["max-age"] == 365 * 24 * 3600
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


def test_the_choice_of_a_person_goes_with_the_account(client):
    user = make.UserFactory()
    client.force_login(user)

    choose(client, "ko")

    user.refresh_from_db()
    del client.cookies[settings.LANGUAGE_COOKIE_NAME]
    page = client.get(reverse("tasks"), headers={"accept-language": "en"})
    assert (user.language, language_of(page)) == ("ko", "ko")


def test_the_language_of_the_account_goes_before_the_one_of_the_device(client):
    client.force_login(make.UserFactory(language="ko"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    assert language_of(client.get(reverse("tasks"))) == "ko"


def queries_of(user):
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("accounts:details"))
    return len(queries)


def test_knowing_the_language_of_a_person_costs_no_query():
    undecided, korean = make.UserFactory(language=""), make.UserFactory(language="ko")

    assert queries_of(korean) == queries_of(undecided)


def test_a_language_that_the_account_no_longer_finds_here_is_as_none(client):
    client.force_login(make.UserFactory(language="tlh"))

    assert language_of(client.get(reverse("tasks"), headers={"accept-language": "ko"})) == "ko"


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example",
        "https:evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "/%0d%0aSet-Cookie: a=b\r\nx",
        "javascript:alert(1)",
        "",
    ],
)
def test_the_switch_never_leads_to_another_site(client, back):
    assert choose(client, "ko", back)["Location"] == HOME


@pytest.mark.parametrize("language", ["", "xx", "en\x00", "ko-KR" * 50])
def test_a_language_that_is_not_offered_is_refused(client, language):
    assert choose(client, language).status_code == 400


def test_the_language_of_letters_is_chosen_with_the_details(client):
    user = make.UserFactory(language="en")
    client.force_login(user)
    details = {"given_name": "Ana", "language": "ko"}

    client.post(reverse("accounts:details"), details)

    user.refresh_from_db()
    assert user.language == "ko"
    page = client.get(reverse("accounts:details")).content.decode()
    assert '<option value="ko" selected>한국어</option>' in page


def test_the_next_request_does_not_begin_in_the_language_of_the_last(client):
    client.get(HOME, headers={"accept-language": "ko"})

    assert translation.get_language() == "en"


def test_a_table_that_is_made_while_it_is_sent_is_in_the_language_of_its_reader(client):
    call = make.CallFactory()
    make.SubmittedApplicationFactory(call=call, country="KH")
    coordinator = make.RoleFactory(workshop=call.workshop, user__language="ko").user
    client.force_login(coordinator)

    answer = client.get(reverse("applications:desk-export", args=[call.workshop.slug, "csv"]))

    table = b"".join(answer.streaming_content).decode()
    assert "캄보디아" in table
    assert "Cambodia" not in table


def test_countries_stand_in_the_order_of_the_alphabet_of_their_reader(client):
    mine = make.ApplicationFactory(applicant__language="ko")
    client.force_login(mine.applicant)

    page = client.get(reverse("applications:section", args=[mine.pk, "you"])).content.decode()

    places = [page.index(f">{name}<") for name in ("가나", "대한민국", "베트남", "캄보디아")]
    assert places == sorted(places)
    assert "Cambodia" not in page
