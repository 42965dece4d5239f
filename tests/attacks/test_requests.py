"""Requests that no browser of a well-meaning person would send."""

import pytest
from django.test import Client

from tests import factories as make

pytestmark = pytest.mark.django_db

PAGE = "text/html; charset=utf-8"


@pytest.fixture
def person(client):
    client.force_login(make.UserFactory())
    return client


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_a_method_that_no_form_has_gets_a_page(client, method):
    answer = getattr(client, method)("/")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")
    assert "This address is a page to read" in answer.content.decode()


def test_opening_the_address_of_a_button_gets_a_page_that_says_so(person):
    answer = person.get("/desk/workshop-1/decide/")

    assert (answer.status_code, answer["Allow"], answer["Content-Type"]) == (405, "POST", PAGE)
    assert "Go back to the page with the button" in answer.content.decode()


@pytest.mark.parametrize("charset", ["rot13", "zip", "utf-16", "nonsense"])
def test_a_body_in_another_encoding_is_not_read(client, charset):
    kind = f"multipart/form-data; boundary=B; charset={charset}"

    answer = client.generic("POST", "/account/login/", b"--B--\r\n", content_type=kind)

    assert answer.status_code == 400
    assert "This request could not be read" in answer.content.decode()


def test_a_cookie_that_no_database_can_hold_is_forgotten(client):
    client.cookies.load('sid="\\000abcdefghijklmnop"; zone="\\000"')

    assert client.get("/tasks/").status_code == 302


def test_a_text_that_is_far_too_long_is_told_from_one_that_is_broken(client):
    answer = client.post("/account/login/", {"login": "x" * 1_100_000})

    assert answer.status_code == 413
    assert "This is too much at once" in answer.content.decode()


@pytest.mark.parametrize("count", [("files", 11), ("fields", 301)])
def test_too_many_parts_get_a_page(client, count, good_pdf):
    kind, number = count
    part = good_pdf if kind == "files" else "x"

    answer = client.post("/account/login/", {f"n{i}": part for i in range(number)})

    assert answer.status_code == 400
    assert "Nothing was stored." in answer.content.decode()


HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ODD = {
    "a page": ("get", "/tasks/", 200),
    "an address without its slash": ("get", "/tasks", 301),
    "an address that does not exist": ("get", "/nothing/", 404),
    "a sign that no database holds": ("get", "/?a=%00", 400),
    "a wrong method": ("put", "/", 405),
    "a text without end": ("post", "/account/password/change/", 413),
}


@pytest.mark.parametrize("case", ODD)
def test_every_answer_to_a_signed_in_person_is_sealed_and_kept_by_nobody(person, case):
    method, path, status = ODD[case]
    body = {"data": {"a": "x" * 1_100_000}} if status == 413 else {}

    answer = getattr(person, method)(path, **body)

    kept = {name: answer.get(name) for name in HEADERS}
    assert (answer.status_code, kept) == (status, HEADERS)
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store, private"


def test_a_form_from_elsewhere_gets_a_sealed_page():
    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(make.UserFactory())

    answer = stranger.post("/account/profile/details/", {"given_name": "Eve"})

    assert (answer.status_code, answer["Cache-Control"]) == (403, "no-store, private")
    assert "it was not sent" in answer.content.decode()


def test_the_feed_names_the_portal_and_not_the_host_that_was_asked_for(client):
    make.CallFactory()

    said = client.get("/workshops/feed/", headers={"host": "localhost:6666"}).content.decode()

    assert "6666" not in said
