"""The inbox: a person's own letters, and nobody else's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import UserFactory
from workshop_portal.accounts.models import User
from workshop_portal.outbox.actions import post
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def jane(client):
    jane = UserFactory(given_name="Jane")
    client.force_login(jane)
    return jane


def write(to, number=0, **facts):
    message = post("hello", to=to, key=f"{to.pk}:{number}", thing=f"Letter {number}")
    at = message.written_at + timedelta(seconds=number)
    Message.objects.filter(pk=message.pk).update(written_at=at, **facts)
    return Message.objects.get(pk=message.pk)


def test_unread_letters_say_so_and_come_first_when_they_are_newer(client, jane):
    write(jane, 1, read_at="2026-01-01T00:00Z")
    write(jane, 2)

    page = client.get(reverse("outbox:inbox")).content.decode()

    assert page.index("About Letter 2") < page.index("Unread") < page.index("About Letter 1")
    assert page.index("About Letter 1") < page.rindex("Read")


def test_an_empty_inbox_says_what_will_come(client, jane):
    page = client.get(reverse("outbox:inbox")).content.decode()

    assert "No letters yet" in page
    assert "See the workshops" in page


def test_opening_a_letter_marks_it_as_read_and_keeps_the_first_time(client, jane):
    message = write(jane)
    address = reverse("outbox:letter", args=[message.pk])

    client.get(address)
    first = Message.objects.get().read_at
    client.get(address)

    assert first is not None
    assert Message.objects.get().read_at == first


def test_letters_lead_to_the_newer_and_the_older_one(client, jane):
    old, middle, new = (write(jane, number) for number in range(3))
    write(UserFactory(), 1)

    page = client.get(reverse("outbox:letter", args=[middle.pk])).content.decode()
    last = client.get(reverse("outbox:letter", args=[new.pk])).content.decode()

    assert f'href="{reverse("outbox:letter", args=[new.pk])}" rel="prev"' in page
    assert f'href="{reverse("outbox:letter", args=[old.pk])}" rel="next"' in page
    assert 'rel="prev"' not in last


@pytest.mark.parametrize("facts", [{"in_inbox": False}, {"state": "held"}])
def test_what_is_not_for_the_inbox_is_not_in_it(client, jane, facts):
    message = write(jane, **facts)

    assert b"About Letter" not in client.get(reverse("outbox:inbox")).content
    assert client.get(reverse("outbox:letter", args=[message.pk])).status_code == 404


def test_the_number_in_the_header_counts_what_the_inbox_shows(client, jane):
    write(jane, 1)
    write(jane, 2, read_at="2026-01-01T00:00Z")
    write(jane, 3, in_inbox=False)
    write(jane, 4, state="held")

    page = client.get(reverse("outbox:inbox"))

    assert page.context["portal"]["unread"] == 1
    assert User.objects.get(pk=jane.pk).unread_letters == 1


def test_somebody_elses_letter_does_not_exist(client, jane):
    other = write(UserFactory())

    answer = client.get(reverse("outbox:letter", args=[other.pk]))

    other.refresh_from_db()
    assert answer.status_code == 404
    assert b"About Letter" not in client.get(reverse("outbox:inbox")).content
    assert other.read_at is None


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get(reverse("outbox:inbox")).status_code == 302


def test_only_addresses_of_the_portal_are_links_in_a_letter(client, jane):
    message = write(jane)
    body = "See https://evil.example/ and http://127.0.0.1:8000/tasks/\n\n<b>bold</b>\n"
    Message.objects.update(body=body)

    page = client.get(reverse("outbox:letter", args=[message.pk])).content.decode()

    assert '<a href="http://127.0.0.1:8000/tasks/">' in page
    assert 'href="https://evil.example' not in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page


@pytest.mark.parametrize("letters", [1, 3, 300])
def test_a_full_inbox_costs_no_more_than_a_small_one(client, jane, letters):
    first = write(jane)
    Message.objects.bulk_create(
        Message(
            key=str(n), to=jane, address=jane.email, subject="S", body="B", message_id=f"<{n}@x>"
        )
        for n in range(letters - 1)
    )

    assert queries_of(client, reverse("outbox:inbox")) == QUERIES_OF_THE_LIST
    assert queries_of(client, reverse("outbox:letter", args=[first.pk])) == QUERIES_OF_A_LETTER


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


QUERIES_OF_THE_LIST = 4  # session, person, number of letters, letters
QUERIES_OF_A_LETTER = 5  # session, person, letter, the newer one, the older one
