"""Passkeys: what the pages need for them, and what becomes of nonsense."""

import json
import re

import pytest
from django.urls import reverse

from tests.accounts.conftest import PASSWORD, is_signed_in, sign_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ADD = "/account/2fa/webauthn/add/"
LOGIN = "/account/2fa/webauthn/login/"


@pytest.fixture
def person():
    return UserFactory(email="known@example.org")


def say_again(client, path):
    return client.post(client.get(path)["Location"], {"password": PASSWORD}, follow=True)


def scripts(response):
    """Every script tag that the browser would run."""
    tags = re.findall(r"<script\b[^>]*>", response.content.decode())
    return [tag for tag in tags if "application/json" not in tag]


def assert_every_script_may_run(response):
    nonce = re.search(r"'nonce-([^']+)'", response["Content-Security-Policy"])[1]
    assert len(scripts(response)) == 5
    assert all(f'nonce="{nonce}"' in tag for tag in scripts(response))


def test_the_scripts_of_the_sign_in_page_may_run(client):
    assert_every_script_may_run(client.get("/account/login/"))


def test_the_scripts_of_the_page_that_adds_a_passkey_may_run(client, person):
    client.force_login(person)

    assert_every_script_may_run(say_again(client, ADD))


def test_a_passkey_is_added_only_by_who_types_the_password_again(client, person):
    client.force_login(person)

    assert client.get(ADD)["Location"].startswith("/account/reauthenticate/")
    assert client.post(ADD, {"credential": "{}"})["Location"].startswith("/account/reauth")


def test_without_javascript_the_page_says_what_else_there_is(client, person):
    client.force_login(person)

    assert "An app on your phone works without it." in say_again(client, ADD).content.decode()


NONSENSE = [
    "",
    "nothing",
    "null",
    "1",
    "[]",
    "{}",
    '{"response": 1}',
    '{"response": {}}',
    '{"response": {"userHandle": 5}}',
    '{"response": {"userHandle": "YWJj"}}',
    '{"id": "x", "rawId": "x", "type": "public-key", "response": {"clientDataJSON": "e30",'
    ' "authenticatorData": "AAAA", "signature": "AA", "userHandle": "YWJj"}}',
    '{"id": "x", "rawId": "x", "type": "public-key", "response": {"clientDataJSON": "e30",'
    ' "attestationObject": "oA"}}',
    "9" * 5_000,
    "[" * 100_000,
    '{"response": {"userHandle": "\\ud800"}}',
    '{"response": {"userHandle": "AAAA"}}',
    '{"id": "\\ud800", "rawId": "\\u0000", "type": "public-key", "response": {"clientDataJSON":'
    ' "e30", "authenticatorData": "AAAA", "signature": "AA", "userHandle": "AAAA"}}',
    json.dumps({"id": "\u00e9", "response": {"clientDataJSON": "!!", "attestationObject": "!!"}}),
]


@pytest.mark.parametrize("credential", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_signs_nobody_in_and_breaks_nothing(client, person, credential):
    client.get(LOGIN, headers={"accept": "application/json"})

    answer = client.post(LOGIN, {"credential": credential})

    assert (answer.status_code, answer["Location"]) == (302, "/account/login/")
    assert not is_signed_in(client)


@pytest.mark.parametrize("credential", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_adds_no_passkey(client, person, credential):
    client.force_login(person)
    say_again(client, ADD)

    answer = client.post(ADD, {"name": "Phone", "credential": credential})

    assert answer.status_code == 200
    assert not person.authenticator_set.exists()


def test_trying_passkeys_is_limited(client):
    answers = [client.post(LOGIN, {"credential": "1"}).status_code for _time in range(12)]

    assert answers == [302] * 10 + [429] * 2


@pytest.mark.parametrize("name", ["mfa_edit_webauthn", "mfa_remove_webauthn"])
def test_the_passkey_of_somebody_else_does_not_exist(client, person, name):
    theirs = UserFactory().authenticator_set.create(type="webauthn", data={"name": "Theirs"})
    sign_in(client, "known@example.org")
    page = reverse(name, args=[theirs.pk])

    answer = say_again(client, page)

    assert answer.status_code == 404
