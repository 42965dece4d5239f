"""Writing a letter: once for each occasion, and only if the occasion came to pass."""

import pytest
from django.core import mail
from django.db import transaction
from django.template import TemplateDoesNotExist

from tests.factories import UserFactory, WorkshopFactory
from tests.race import at_once
from workshop_portal.outbox.actions import post
from workshop_portal.outbox.models import Message


@pytest.mark.django_db
def test_a_letter_is_a_row_and_a_mail_and_a_line_of_the_inbox(django_capture_on_commit_callbacks):
    person = UserFactory(given_name="Aoife", family_name="O'Brien")

    with django_capture_on_commit_callbacks(execute=True):
        message = post("hello", to=person, key="a", thing="Rock & roll")

    message.refresh_from_db()
    [sent] = mail.outbox
    assert (message.state, message.tries) == ("sent", 1)
    assert (sent.to, sent.subject) == ([person.email], "About Rock & roll")
    assert sent.message()["Message-ID"] == f"<{message.pk}@example.org>"
    assert sent.body.startswith("Dear Aoife O'Brien,\n\nRock & roll is ready.\n\nWith kind regards")
    assert f"/inbox/{message.pk}/" in sent.body
    assert [*Message.objects.inbox_of(person)] == [message]


@pytest.mark.django_db
def test_one_occasion_has_one_letter(django_capture_on_commit_callbacks):
    person = UserFactory()

    with django_capture_on_commit_callbacks(execute=True):
        first = post("hello", to=person, key="a", thing="One")
        second = post("hello", to=person, key="a", thing="Two")

    assert first == second
    assert [m.subject for m in mail.outbox] == ["About One"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_two_posts_of_one_occasion_at_once_make_one_letter():
    person = UserFactory()

    found, faults = at_once(8, lambda: post("hello", to=person, key="a", thing="It").pk)

    assert faults == []
    assert {*found} == {Message.objects.get().pk}
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_what_did_not_happen_is_not_written_about():
    person = UserFactory()

    with transaction.atomic():
        post("hello", to=person, key="a", thing="It")
        transaction.set_rollback(True)

    assert not Message.objects.exists()
    assert mail.outbox == []


@pytest.mark.django_db
def test_a_subject_is_one_line_however_it_was_typed():
    thing = "x\r\nBcc: everybody@example.org\x00\u2028" + "long " * 80

    message = post("hello", to=UserFactory(), key="a", thing=thing)

    assert message.subject.startswith("About x Bcc: everybody@example.org long long")
    assert len(message.subject) == 200


@pytest.mark.django_db
def test_a_person_without_a_name_is_greeted_all_the_same():
    nobody = post("hello", to=UserFactory(given_name="", family_name=""), key="a", thing="It")
    one_name = post("hello", to=UserFactory(given_name="Sukarno", family_name=""), key="b")

    assert nobody.body.startswith("Hello,\n")
    assert one_name.body.startswith("Dear Sukarno,\n")


@pytest.mark.django_db
def test_a_name_never_becomes_a_link_in_a_mail():
    person = UserFactory(given_name="Win at https://evil.example", family_name="www.evil.example")

    body = post("hello", to=person, key="a", thing="It").body

    assert "evil.example" not in body
    assert "https:/" not in body


@pytest.mark.django_db
def test_a_letter_to_somebody_without_an_account_is_a_mail_only():
    message = post("hello", to=None, address="new@example.org", key="a", thing="It")

    assert (message.address, message.in_inbox) == ("new@example.org", False)
    assert "inbox" not in message.body


@pytest.mark.django_db
def test_a_code_to_sign_in_is_not_kept_in_the_inbox():
    person = UserFactory()

    post("hello", to=person, key="a", in_inbox=False, thing="123456")

    assert not Message.objects.inbox_of(person).exists()


@pytest.mark.django_db
def test_a_letter_remembers_what_it_is_about_and_whose_outbox_it_is_in():
    workshop = WorkshopFactory()

    message = post(
        "hello", to=UserFactory(), key="a", scope=workshop.scope, about=workshop, rule="once"
    )

    facts = (message.scope, message.about, message.rule)
    assert facts == (f"workshop:{workshop.pk}", f"workshops.Workshop:{workshop.pk}", "once")


@pytest.mark.django_db
def test_a_letter_that_cannot_be_written_stops_what_would_have_posted_it():
    with pytest.raises(TemplateDoesNotExist):
        post("broken", to=UserFactory(), key="a")

    assert not Message.objects.exists()
