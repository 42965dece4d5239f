"""Signing in and out, and what keeps guessers away."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.accounts.conftest import PASSWORD, is_signed_in, letters_to, seen, sign_in
from tests.factories import UserFactory
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/login/"
ASK = "/account/login/code/"
TYPE = "/account/login/code/confirm/"
RESET = "/account/password/reset/"
SIGN_UP = "/account/signup/"


@pytest.fixture
def person():
    return UserFactory(email="known@example.org")


@pytest.mark.parametrize("typed", ["known@example.org", "Known@Example.ORG", " known@example.org"])
def test_a_person_signs_in_with_address_and_password(client, person, typed):
    answer = sign_in(client, typed)

    assert answer["Location"] == reverse("tasks")
    assert is_signed_in(client)


def test_a_wrong_password_says_the_same_as_an_unknown_address(client, person):
    known = sign_in(client, "known@example.org", "not this one")
    unknown = sign_in(client, "nobody@example.org", "not this one")

    assert seen(known) == seen(unknown)
    assert "do not belong together" in known.content.decode()
    assert not is_signed_in(client)


def test_an_unknown_address_costs_a_hash_as_well(client, monkeypatch):
    hashed = []
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher.encode"
    monkeypatch.setattr(hasher, lambda self, word, salt: hashed.append(word) or "md5$s$0")

    sign_in(client, "nobody@example.org", "a guess of twelve")

    assert hashed == ["a guess of twelve"]


def test_a_person_signs_in_with_a_code(client, person, code):
    answer = client.post(ASK, {"email": "Known@example.org", "next": "/workshops/"})
    assert answer["Location"] == f"{TYPE}?next=%2Fworkshops%2F"

    answer = client.post(answer["Location"], {"code": code("known@example.org")})

    assert answer["Location"] == "/workshops/"
    assert is_signed_in(client)


def test_a_code_works_once_and_only_where_it_was_asked_for(client, person, code):
    client.post(ASK, {"email": "known@example.org"})
    stranger = Client()
    stranger.post(TYPE, {"code": code("known@example.org")})
    client.post(TYPE, {"code": code("known@example.org")})
    client.post("/account/logout/")

    client.post(TYPE, {"code": code("known@example.org")})

    assert (is_signed_in(client), is_signed_in(stranger)) == (False, False)


def test_asking_for_a_code_looks_the_same_for_an_unknown_address(person):
    answers = []
    for address in ("known@example.org", "nobody@example.org"):
        client = Client()
        steps = [client.post(ASK, {"email": address}), client.get(TYPE)]
        steps += [client.post(TYPE, {"code": "x"}, follow=True) for _attempt in range(3)]
        answers.append([seen(step) for step in steps])

    assert answers[0] == answers[1]
    assert letters_to("known@example.org") == ["login_code"]
    assert letters_to("nobody@example.org") == ["unknown_account"]


def test_codes_and_links_are_not_in_the_inbox(client, person):
    client.post(ASK, {"email": "known@example.org"})
    client.post(RESET, {"email": "known@example.org"})

    assert person.letters.count() == 2
    assert not Message.objects.inbox_of(person).exists()


EVIL = [
    "//evil.example",
    "https://evil.example/",
    "https:evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%0d%0aX: y\r\nSet-Cookie: a=b",
    "javascript:alert(1)",
    "http://localhost/tasks/",
    "workshops/",
]


@pytest.mark.parametrize("target", EVIL)
def test_the_way_on_never_leaves_the_portal(client, person, target):
    answer = client.post(
        SIGN_IN, {"login": "known@example.org", "password": PASSWORD, "next": target}
    )

    assert answer["Location"] == reverse("tasks")


@pytest.mark.parametrize("target", EVIL)
def test_the_way_out_never_leaves_the_portal(client, person, target):
    client.force_login(person)

    assert client.post("/account/logout/", {"next": target})["Location"] == reverse("home")


def test_signing_out_is_asked_for_and_forgets_what_the_browser_kept(client, person, settings):
    settings.SECURE = True
    client.force_login(person)

    question = client.get("/account/logout/")
    assert is_signed_in(client)
    assert "Do you want to sign out?" in question.content.decode()
    assert question["Cache-Control"] == "no-store, private"
    answer = client.post("/account/logout/")

    assert not is_signed_in(client)
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client.post("/account/logout/")


def test_a_closed_account_cannot_sign_in(client):
    UserFactory(email="closed@example.org", is_active=False)

    answer = sign_in(client, "closed@example.org")

    assert answer["Location"] == reverse("account_inactive")
    assert not is_signed_in(client)


# --- Guessing ----------------------------------------------------------------------------


def test_a_guesser_is_stopped_before_the_password_comes_up(client, person):
    guesses = [f"guess number {n}" for n in range(30)] + [PASSWORD]

    answers = [sign_in(client, "known@example.org", guess).status_code for guess in guesses]

    assert answers == [200] * 5 + [429] * 26
    assert not is_signed_in(client)


def test_a_thousand_guesses_from_many_places_find_nothing(client, person):
    answers = [
        sign_in(client, "known@example.org", f"guess {n}", REMOTE_ADDR=f"10.0.{n % 250}.7")
        for n in range(120)
    ]
    answers.append(sign_in(client, "known@example.org", PASSWORD, REMOTE_ADDR="10.9.9.9"))

    assert [answer.status_code for answer in answers] == [200] * 50 + [429] * 71


def test_one_place_cannot_try_many_addresses(client):
    answers = [sign_in(client, f"somebody{n}@example.org", "guess").status_code for n in range(15)]

    assert answers == [200] * 10 + [429] * 5


def test_the_page_that_stops_says_when_to_try_again(client, person):
    for _guess in range(6):
        answer = sign_in(client, "known@example.org", "a guess")

    assert "Wait five minutes, then try again." in answer.content.decode()
    assert answer["Retry-After"] == "300"


def test_a_guesser_does_not_lock_out_the_owner(client, person):
    for _guess in range(10):
        sign_in(Client(), "known@example.org", "a guess", REMOTE_ADDR="10.0.0.66")

    sign_in(client, "known@example.org", REMOTE_ADDR="10.0.0.1")

    assert is_signed_in(client)


def test_who_signs_in_rightly_is_not_counted(person):
    answers = [sign_in(Client(), "known@example.org").status_code for _time in range(12)]

    assert answers == [302] * 12


def test_a_visitor_cannot_change_the_place_they_come_from(client, person):
    answers = [
        sign_in(
            client, "known@example.org", "guess", headers={"x-forwarded-for": f"10.1.1.{n}"}
        ).status_code
        for n in range(7)
    ]

    assert answers == [200] * 5 + [429] * 2


def test_behind_our_proxy_the_place_is_what_the_proxy_saw(client, person, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    forged = {"x-forwarded-for": "8.8.8.8, 10.1.1.1"}

    for n in range(6):
        seen_by_proxy = {"x-forwarded-for": f"8.8.{n}.8, 10.1.1.1"}
        stopped = sign_in(client, "known@example.org", "guess", headers=seen_by_proxy)
    elsewhere = {"x-forwarded-for": "8.8.8.8, 10.1.1.2"}

    assert stopped.status_code == 429
    assert sign_in(client, "known@example.org", "guess", headers=forged).status_code == 429
    assert sign_in(client, "known@example.org", "guess", headers=elsewhere).status_code == 200


def test_other_entries_do_not_push_a_limit_out_of_the_cache(client, person):
    for _guess in range(5):
        sign_in(client, "known@example.org", "a guess")
    for n in range(400):
        cache.set(f"something-{n}", n, 3600)

    assert sign_in(client, "known@example.org", PASSWORD).status_code == 429


# --- Letters -----------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["known@example.org", "nobody@example.org"])
def test_at_most_five_letters_an_hour_go_to_one_address(person, address):
    asked = [Client().post(where, {"email": address}) for where in (ASK, RESET) * 4]
    answers = [answer.status_code for answer in asked]

    assert answers == [302] * 5 + [429] * 3
    assert len(letters_to(address)) == 5


@pytest.mark.parametrize("address", ["known@example.org", "new@example.org"])
def test_opening_accounts_cannot_flood_a_mailbox(person, address):
    said = {"given_name": "A", "email": address, "password1": PASSWORD}

    answers = [Client().post(SIGN_UP, said).status_code for _time in range(8)]

    assert answers == [302] * 5 + [429] * 3
    assert len(letters_to(address)) == 5


def test_letters_to_one_address_do_not_count_for_another(person):
    for _time in range(6):
        Client().post(ASK, {"email": "nobody@example.org"})

    assert Client().post(ASK, {"email": "known@example.org"}).status_code == 302


# --- Host --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", SIGN_IN, RESET])
def test_a_forged_host_is_refused(client, path):
    assert client.get(path, headers={"host": "evil.example"}).status_code == 400


def test_a_forwarded_host_is_ignored(client, person, link):
    client.post(RESET, {"email": "known@example.org"}, headers={"x-forwarded-host": "evil.example"})

    assert link("known@example.org")[1] == "http://127.0.0.1:8000"
