"""The outbox of a workshop: what staff see of its letters and what they may do with them."""

import pytest
from django.core import mail
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import RoleFactory, UserFactory, WorkshopFactory
from tests.workshops.conftest import letter_of
from workshop_portal.audit.queries import trail
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
PAGES = ["message", "message-edit"]
ACTS = ["message-retry", "message-hold", "message-release"]


def at(name, workshop, letter):
    return reverse(f"workshops:{name}", args=[workshop.slug, letter.pk])


def shown(client, workshop, **asked):
    """The subjects on the page of the outbox."""
    answer = client.get(reverse("workshops:outbox", args=[workshop.slug]), asked)
    return [letter.subject for letter in answer.context["page"]]


# --- Seeing ------------------------------------------------------------------------------


def test_the_outbox_holds_the_letters_of_this_workshop_newest_first(client, coordinator, workshop):
    for number in range(3):
        letter_of(workshop, number)
    letter_of(WorkshopFactory(), 9)

    assert shown(client, workshop) == ["Letter 2", "Letter 1", "Letter 0"]


def test_letters_are_found_by_state_by_name_by_address_and_by_subject(
    client, coordinator, workshop
):
    letter_of(workshop, 1, state="unknown")
    letter_of(workshop, 2, to=UserFactory(given_name="Souvanny", email="sv@example.org"))

    assert shown(client, workshop, state="unknown") == ["Letter 1"]
    assert shown(client, workshop, q="souv") == ["Letter 2"]
    assert shown(client, workshop, q="SV@example") == ["Letter 2"]
    assert shown(client, workshop, q="jane letter") == ["Letter 1"]
    assert shown(client, workshop, q="jane souvanny") == []
    assert shown(client, workshop, state="nonsense") == ["Letter 2", "Letter 1"]


def test_letters_that_need_a_human_are_announced_above_the_list(client, coordinator, workshop):
    letter_of(workshop, 1, state="unknown")
    letter_of(workshop, 2, state="failed")

    page = client.get(reverse("workshops:outbox", args=[workshop.slug])).content.decode()

    assert "Of one letter nobody knows whether it left." in page
    assert "One letter could not be sent." in page


def test_an_empty_outbox_says_what_will_come(client, coordinator, workshop):
    address = reverse("workshops:outbox", args=[workshop.slug])

    assert b"No letters yet" in client.get(address).content
    assert b"No letter fits" in client.get(address, {"q": "x"}).content


def test_reading_somebodys_letter_comes_on_record(client, coordinator, workshop, letter):
    page = client.get(at("message", workshop, letter)).content.decode()

    [line] = trail(letter)
    assert "The body." in page
    assert (line.who, line.what) == ("Min-ji Kang", "Opened a letter in the outbox")
    assert line in trail(workshop)


@pytest.mark.parametrize("letters", [1, 3, 300])
def test_a_long_outbox_costs_no_more_than_a_short_one(client, coordinator, workshop, letters):
    person = UserFactory()
    for number in range(letters):
        letter_of(workshop, number, to=person, state="sent", sent_at=Now())
    address = reverse("workshops:outbox", args=[workshop.slug])
    client.get(address)

    with CaptureQueriesContext(connection) as queries:
        client.get(address)

    # session, person, workshop, counts, number of letters, letters
    assert len(queries) == 6


# --- Doing -------------------------------------------------------------------------------


def test_a_letter_that_failed_is_sent_again(
    client, coordinator, workshop, letter, django_capture_on_commit_callbacks
):
    Message.objects.update(state="failed", tries=11, last_error="550")

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(at("message-retry", workshop, letter))

    letter.refresh_from_db()
    assert answer.status_code == 302
    assert (letter.state, letter.tries, letter.last_error) == ("sent", 1, "")
    assert [m.to for m in mail.outbox] == [[letter.address]]
    assert [line.what for line in trail(letter)] == ["Sent a letter again"]


def test_a_letter_that_may_have_left_is_sent_again_only_with_open_eyes(
    client, coordinator, workshop, letter, django_capture_on_commit_callbacks
):
    Message.objects.update(state="unknown")

    page = client.get(at("message", workshop, letter)).content.decode()
    careless = client.post(at("message-retry", workshop, letter))
    before = Message.objects.get().state
    with django_capture_on_commit_callbacks(execute=True):
        client.post(at("message-retry", workshop, letter), {"twice": "on"})

    assert "the person may get it twice" in page
    assert "Tick the box to send the letter again." in careless.content.decode()
    assert (before, Message.objects.get().state) == ("unknown", "sent")
    assert len(mail.outbox) == 1
    assert [line.what for line in trail(letter)] == [
        "Sent a letter again",
        "Opened a letter in the outbox",
        "Opened a letter in the outbox",
    ]


def test_a_held_letter_is_neither_sent_nor_shown_until_it_is_let_go(
    client, coordinator, workshop, letter, django_capture_on_commit_callbacks
):
    client.post(at("message-hold", workshop, letter))
    held = Message.objects.get().state
    hidden = [*Message.objects.inbox_of(letter.to)]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(at("message-release", workshop, letter))

    assert (held, hidden, Message.objects.get().state) == ("held", [], "sent")
    assert len(mail.outbox) == 1
    assert [line.what for line in trail(letter)] == ["Let a held letter go", "Held a letter back"]


def test_a_held_letter_gets_other_words_and_the_old_ones_stay_on_record(
    client, coordinator, workshop, letter
):
    Message.objects.update(state="held")

    answer = client.post(
        at("message-edit", workshop, letter), {"subject": "New\nline", "body": "Other words."}
    )

    letter.refresh_from_db()
    edited = trail(letter)[0]
    assert answer.status_code == 302
    assert (letter.subject, letter.body, letter.state) == ("New line", "Other words.\n", "held")
    assert edited.what == "Changed the words of a held letter"
    assert edited.facts == {"was_subject": "Letter 0", "was_body": "The body.\n"}


@pytest.mark.parametrize(
    ("act", "state", "typed"),
    [
        ("message-retry", "sent", {}),
        ("message-retry", "queued", {}),
        ("message-hold", "sent", {}),
        ("message-hold", "claimed", {}),
        ("message-hold", "held", {}),
        ("message-release", "sent", {}),
        ("message-release", "queued", {}),
        ("message-edit", "queued", {"subject": "S", "body": "B"}),
        ("message-edit", "sent", {"subject": "S", "body": "B"}),
    ],
)
def test_what_the_moment_forbids_is_refused_with_a_sentence(
    client, coordinator, workshop, letter, act, state, typed
):
    Message.objects.update(state=state, sent_at=Now(), lease_until=Now())

    answer = client.post(at(act, workshop, letter), typed)

    letter.refresh_from_db()
    assert answer.status_code == 409
    assert "This is no longer possible: the letter has moved on." in answer.content.decode()
    assert (letter.state, letter.subject) == (state, "Letter 0")
    assert mail.outbox == []


def test_nothing_is_done_by_looking(client, coordinator, workshop, letter):
    assert [client.get(at(act, workshop, letter)).status_code for act in ACTS] == [405] * 3


# --- Others ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who", ["stranger", "reviewer", "facilitator", "observer", "admin", "self"]
)
def test_the_outbox_does_not_exist_for_anybody_else(client, workshop, letter, who):
    Message.objects.update(state="failed")
    if who in {"reviewer", "facilitator", "observer"}:
        user = RoleFactory(workshop=workshop, role=who).user
    elif who == "self":
        user = letter.to
    else:
        user = RoleFactory(user__is_admin=who == "admin").user
    client.force_login(user)

    answers = [
        client.get(reverse("workshops:outbox", args=[workshop.slug])),
        *(client.get(at(page, workshop, letter)) for page in PAGES),
        *(client.post(at(act, workshop, letter), {"twice": "on"}) for act in ACTS),
    ]

    assert [answer.status_code for answer in answers] == [404] * 6
    assert Message.objects.get().state == "failed"
    assert trail(letter) == []


def test_a_letter_of_another_workshop_is_not_found_through_ones_own(client, coordinator, workshop):
    foreign = letter_of(WorkshopFactory())

    assert client.get(at("message", workshop, foreign)).status_code == 404
