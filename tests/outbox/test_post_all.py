"""Writing to many at once: the same letters as one by one, and no more work for the database."""

import pytest
from django.core import mail
from django.db import connection
from django.template import TemplateDoesNotExist
from django.test.utils import CaptureQueriesContext

from applications.actions import deadline
from tests.factories import FilledApplicationFactory, RoleFactory, UserFactory, WorkshopFactory
from tests.race import at_once
from workshop_portal.outbox.actions import Posting, post, post_all
from workshop_portal.outbox.models import Message

OWN = {"id", "key", "message_id", "written_at", "next_try_at"}


def posting(person, key, **context):
    return Posting("hello", to=person, key=key, context={"thing": "It", **context})


def row(message):
    """All that is stored of a letter, but for what makes it itself."""
    stored = Message.objects.filter(pk=message.pk).values().get()
    stored["body"] = stored["body"].replace(str(message.pk), "…")
    return {name: said for name, said in stored.items() if name not in OWN}


@pytest.mark.django_db
def test_it_is_the_letter_that_a_single_post_writes():
    workshop, person = WorkshopFactory(), UserFactory(language="ko")
    alone = post(
        "hello", to=person, key="a", rule="once", scope=workshop.scope, about=workshop, thing="It"
    )

    one = Posting("hello", to=person, key="b", about=workshop, context={"thing": "It"})
    [among_others] = post_all([one], scope=workshop.scope, rule="once")

    assert row(among_others) == row(alone)
    assert among_others.message_id == f"<{among_others.pk}@example.org>"


@pytest.mark.django_db
def test_each_reader_has_a_letter_a_mail_and_a_line_of_the_inbox(
    django_capture_on_commit_callbacks,
):
    people = UserFactory.create_batch(3)

    with django_capture_on_commit_callbacks(execute=True):
        letters = post_all(posting(one, f"a:{one.pk}", thing=one.given_name) for one in people)

    assert [letter.to for letter in letters] == people
    assert [sent.to for sent in mail.outbox] == [[one.email] for one in people]
    assert [sent.subject for sent in mail.outbox] == [f"About {one.given_name}" for one in people]
    for letter in letters:
        letter.refresh_from_db()
        assert (letter.state, letter.tries) == ("sent", 1)
        assert [*Message.objects.inbox_of(letter.to)] == [letter]


@pytest.mark.django_db
def test_everybody_reads_it_in_their_language():
    korean, english = UserFactory(language="ko"), UserFactory(language="en")

    letters = post_all([posting(korean, "a"), posting(english, "b")])

    assert [letter.language for letter in letters] == ["ko", "en"]
    assert "With kind regards" not in letters[0].body
    assert "With kind regards" in letters[1].body


@pytest.mark.django_db
def test_one_occasion_has_one_letter_however_it_is_posted(django_capture_on_commit_callbacks):
    person, other = UserFactory(), UserFactory()

    with django_capture_on_commit_callbacks(execute=True):
        first = post("hello", to=person, key="a", thing="One")
        found = post_all(
            [
                posting(person, "a", thing="Two"),
                posting(other, "b", thing="Three"),
                posting(other, "b", thing="Four"),
            ]
        )

    assert [letter.subject for letter in found] == ["About One", "About Three"]
    assert found[0] == first
    assert [sent.subject for sent in mail.outbox] == ["About One", "About Three"]


@pytest.mark.django_db
def test_where_nobody_is_to_be_told_nothing_is_asked_for():
    with CaptureQueriesContext(connection) as queries:
        assert post_all([]) == []

    assert [one for one in queries if "SAVEPOINT" not in one["sql"]] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_two_posts_of_the_same_occasions_at_once_make_one_letter_each():
    people = UserFactory.create_batch(3)

    found, faults = at_once(6, lambda: post_all(posting(one, f"a:{one.pk}") for one in people))

    assert faults == []
    assert {tuple(letters) for letters in found} == {tuple(found[0])}
    assert {*found[0]} == {*Message.objects.all()}
    assert len(mail.outbox) == 3


@pytest.mark.django_db
def test_a_letter_that_cannot_be_written_stops_all_of_them():
    person = UserFactory()

    with pytest.raises(TemplateDoesNotExist):
        post_all([posting(person, "a"), Posting("broken", to=person, key="b")])

    assert not Message.objects.exists()


@pytest.mark.django_db
def test_thirty_readers_cost_the_database_no_more_than_three():
    def asked(number):
        people = UserFactory.create_batch(number)
        with CaptureQueriesContext(connection) as queries:
            post_all([posting(one, f"a:{one.pk}") for one in people])
        return len(queries)

    assert asked(30) == asked(3)


@pytest.mark.django_db
def test_more_time_for_thirty_applicants_costs_the_database_no_more_than_for_three():
    def asked(number):
        coordinator = RoleFactory()
        first = FilledApplicationFactory(call__workshop=coordinator.workshop)
        FilledApplicationFactory.create_batch(number - 1, call=first.call)
        until = first.call.closes_at.replace(year=first.call.closes_at.year + 1)
        with CaptureQueriesContext(connection) as queries:
            deadline.extend(first.call, until=until, reason="A storm.", by=coordinator.user)
        assert Message.objects.filter(scope=coordinator.workshop.scope).count() == number
        return len(queries)

    assert asked(30) == asked(3)
