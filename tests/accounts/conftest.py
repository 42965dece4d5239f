"""What a person reads in their mailbox, and what of a page is the same for everybody."""

import re

import pytest
from django.urls import reverse

from workshop_portal.outbox.models import Message

PASSWORD = "a long good password"
PASSING = [
    r'name="csrfmiddlewaretoken" value="[^"]+"',
    r'nonce="[^"]+"',
    r"[\w.+-]+@[\w.-]+\.(?:org|example)",
]


@pytest.fixture
def code():
    """The code in the newest letter to an address."""

    def newest(address):
        letter = Message.objects.filter(address=address).order_by("written_at").last()
        return re.search(r"^ {4}(\d{6})$", letter.body, re.MULTILINE)[1]

    return newest


@pytest.fixture
def link():
    """The path of the link in the newest letter to an address, and the address it stands on."""

    def newest(address):
        letter = Message.objects.filter(address=address).order_by("written_at").last()
        return re.search(r"(http://[^/\s]+)(/account/password/reset/key/\S+)", letter.body)

    return newest


def letters_to(address):
    """The names of the letters to an address, oldest first."""
    rows = Message.objects.filter(address=address).order_by("written_at")
    return [name.removeprefix("account/") for name in rows.values_list("letter", flat=True)]


def seen(response):
    """What a visitor sees, without what differs from one answer to the next."""
    body = response.content.decode()
    for pattern in PASSING:
        body = re.sub(pattern, "", body)
    return response.status_code, response.get("Location", ""), body


def sign_in(client, address, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": address, "password": password}, **more)


def is_signed_in(client):
    return "_auth_user_id" in client.session
