"""A letter that waits a while, and tells in one what happened to the same thing meanwhile."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db.models.functions import Now
from django.utils import timezone

from tests.factories import UserFactory, WorkshopFactory
from workshop_portal.outbox import actions
from workshop_portal.outbox.actions import post
from workshop_portal.outbox.clock import sweep
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
QUARTER = timedelta(minutes=15)


@pytest.fixture
def jane():
    return UserFactory(given_name="Jane", family_name="Doe")


@pytest.fixture
def workshop():
    return WorkshopFactory()


@pytest.fixture
def told(jane, workshop, django_capture_on_commit_callbacks):
    """Write to Jane of one more thing that happened to the workshop."""

    def tell(thing, **changed):
        facts = {"to": jane, "key": thing, "about": workshop, "wait": QUARTER, "thing": thing}
        with django_capture_on_commit_callbacks(execute=True):
            return post("hello", **(facts | changed))

    return tell


@pytest.fixture
def later(django_capture_on_commit_callbacks):
    """The waiting is over, and the clock has been round."""

    def go_on():
        Message.objects.update(next_try_at=Now())
        with django_capture_on_commit_callbacks(execute=True):
            sweep()

    return go_on


def subjects():
    return [sent.subject for sent in mail.outbox]


def test_what_happens_in_a_quarter_of_an_hour_is_told_in_one_letter(told, later, jane):
    first = told("One")
    again = [told("Two"), told("Three")]
    with_the_sweep = [*subjects()]
    sweep()

    assert again == [first, first]
    assert (with_the_sweep, subjects()) == ([], [])
    later()
    [letter] = Message.objects.inbox_of(jane)
    assert subjects() == ["About Three"]
    assert (letter.key, letter.state, letter.subject) == ("One", "sent", "About Three")
    assert f"/inbox/{letter.pk}/" in mail.outbox[0].body


def test_it_waits_a_quarter_of_an_hour_from_the_first_and_not_from_the_last(told):
    before, letter = timezone.now(), told("One")
    letter.refresh_from_db()
    leaves_at = letter.next_try_at

    told("Two")

    letter.refresh_from_db()
    assert abs(leaves_at - before - QUARTER) < timedelta(minutes=1)
    assert letter.next_try_at == leaves_at


def test_a_letter_that_was_read_on_the_portal_is_unread_when_it_says_more(told):
    letter = told("One")
    actions.read(letter)

    told("Two")

    letter.refresh_from_db()
    assert letter.read_at is None


def test_what_happens_after_it_has_left_is_told_in_another_letter(told, later):
    told("One")
    later()
    told("Two")
    later()

    assert subjects() == ["About One", "About Two"]


@pytest.mark.parametrize("state", ["claimed", "held", "cancelled", "sent", "unknown", "bounced"])
def test_no_letter_is_changed_that_does_not_wait_any_more(told, state):
    first = told("One")
    moment = timezone.now()
    facts = {"lease_until": moment} if state == "claimed" else {"sent_at": moment}
    Message.objects.update(state=state, **facts)

    assert told("Two") != first
    first.refresh_from_db()
    assert (first.state, first.subject) == (state, "About One")


def test_a_letter_that_was_tried_once_keeps_its_words(told):
    first = told("One")
    Message.objects.update(tries=1)

    assert told("Two") != first


def test_only_the_same_letter_to_the_same_person_about_the_same_thing_is_told_in_one(told):
    letters = [
        told("One"),
        told("Two", to=UserFactory()),
        told("Three", about=WorkshopFactory()),
        told("Four", address="elsewhere@example.org"),
        told("Five", wait=None),
    ]

    assert len({letter.pk for letter in letters}) == 5
    assert subjects() == ["About Five"]


def test_it_is_written_in_the_language_that_its_reader_has_now(told, jane):
    letter = told("One")
    jane.language = "ko"

    told("Two")

    letter.refresh_from_db()
    assert letter.language == "ko"
