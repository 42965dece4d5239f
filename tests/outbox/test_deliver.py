"""Sending: what each answer of a mail server means for a letter."""

import logging
import socket
import threading
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.db.models.functions import Now

from tests.factories import UserFactory
from tests.outbox.conftest import Sink, mail_server, time_passes
from workshop_portal.outbox import tasks
from workshop_portal.outbox.actions import post
from workshop_portal.outbox.clock import sweep
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("rule", ["once", "safe"])


@pytest.fixture(autouse=True)
def nothing_is_paused(open_lane):
    pass


def write(address, rule="once", key=None):
    person = UserFactory(email=f"{address}@example.org")
    return post("hello", to=person, key=key or address, rule=rule, thing="It")


def state_of(message):
    return Message.objects.values_list("state", "tries").get(pk=message.pk)


@BOTH
def test_a_letter_goes_to_its_reader_and_to_nobody_else(sink, rule):
    message = write("jane", rule)

    tasks.deliver(str(message.pk))

    assert state_of(message) == ("sent", 1)
    assert sink.copies == {message.message_id: 1}
    assert sink.readers[message.message_id][0] == "jane@example.org"


@BOTH
@pytest.mark.parametrize("address", ["refuse", "gone", "shut"])
def test_an_address_that_takes_no_mail_brings_the_letter_back(sink, rule, address):
    message = write(address, rule)

    tasks.deliver(str(message.pk))

    message.refresh_from_db()
    assert (message.state, message.tries) == ("bounced", 1)
    assert "550" in message.last_error
    assert message.to.unreachable_since is not None
    assert sink.copies == {}


def test_an_address_that_is_not_the_accounts_says_nothing_about_the_person(sink):
    person = UserFactory(email="jane@example.org")
    message = post("hello", to=person, address="refuse@example.org", key="a", thing="It")

    tasks.deliver(str(message.pk))

    person.refresh_from_db()
    assert state_of(message) == ("bounced", 1)
    assert person.unreachable_since is None


@BOTH
@pytest.mark.parametrize("address", ["full", "blocked"])
def test_a_final_no_of_the_server_is_left_to_staff(sink, rule, address):
    message = write(address, rule)

    tasks.deliver(str(message.pk))

    message.refresh_from_db()
    assert (message.state, message.tries) == ("failed", 1)
    assert "55" in message.last_error
    assert message.to.unreachable_since is None
    assert sink.copies == {}


@BOTH
@pytest.mark.parametrize("address", ["later", "hangup"])
def test_a_fault_before_the_body_only_means_later(sink, rule, address):
    message = write(address, rule)

    tasks.deliver(str(message.pk))
    tasks.deliver(str(message.pk))
    waiting = state_of(message)
    time_passes()
    tasks.deliver(str(message.pk))

    assert waiting == ("queued", 1)
    assert state_of(message) == ("sent", 2)
    assert sink.copies == {message.message_id: 1}


def test_a_line_lost_after_the_body_leaves_a_once_letter_to_a_human(sink):
    message = write("drop", "once")

    tasks.deliver(str(message.pk))
    time_passes()
    sweep()
    tasks.deliver(str(message.pk))

    assert state_of(message) == ("unknown", 1)
    assert sink.copies == {message.message_id: 1}


def test_a_line_lost_after_the_body_sends_a_safe_letter_again_under_the_same_name(sink):
    message = write("drop", "safe")

    tasks.deliver(str(message.pk))
    time_passes()
    tasks.deliver(str(message.pk))

    assert state_of(message) == ("sent", 2)
    assert sink.copies == {message.message_id: 2}


@BOTH
def test_letters_wait_for_a_server_that_is_down_and_leave_when_it_is_up(smtp_port, rule):
    message = write("jane", rule)
    tasks.deliver(str(message.pk))
    down = state_of(message)

    with mail_server(Sink(), smtp_port):
        time_passes()
        tasks.deliver(str(message.pk))

    assert down == ("queued", 1)
    assert state_of(message) == ("sent", 2)


def test_the_pauses_between_tries_grow_and_the_tries_end(smtp_port):
    message = write("jane")
    pauses = []
    while state_of(message)[0] == "queued":
        tasks.deliver(str(message.pk))
        due = Message.objects.filter(pk=message.pk)
        if state_of(message)[0] == "queued":
            [minutes] = [
                m
                for m in tasks.PAUSES
                if due.filter(
                    next_try_at__gt=Now() + timedelta(minutes=m - 0.5),
                    next_try_at__lte=Now() + timedelta(minutes=m),
                )
            ]
            pauses.append(minutes)
        time_passes()

    assert pauses == [1, 5, 15, 60, 240, *[1440] * 5]
    assert state_of(message) == ("failed", 11)


def test_a_poisoned_letter_fails_alone(django_capture_on_commit_callbacks):
    poisoned, good = write("poisoned"), write("good")
    Message.objects.filter(pk=poisoned.pk).update(subject="x\nBcc: y@example.org")

    with django_capture_on_commit_callbacks(execute=True):
        sweep()

    assert state_of(poisoned) == ("failed", 1)
    assert state_of(good) == ("sent", 1)
    assert [m.to for m in mail.outbox] == [["good@example.org"]]


@pytest.mark.parametrize("wrong_password", [True, False])
def test_a_server_that_does_not_know_us_gets_no_more_letters_and_no_try_is_spent(
    sink, settings, caplog, django_capture_on_commit_callbacks, wrong_password
):
    if wrong_password:
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "wrong"
    sink.closed = True
    letters = [write(f"person{n}") for n in range(5)]

    with caplog.at_level(logging.ERROR):
        tasks.deliver(str(letters[0].pk))
        asked = sink.sign_ins
        for message in letters:
            tasks.deliver(str(message.pk))
        with django_capture_on_commit_callbacks() as handed_over:
            sweep()

    assert [state_of(message) for message in letters] == [("queued", 0)] * 5
    assert sum("refuses our account" in line for line in caplog.messages) == 1
    assert handed_over == []
    assert (sink.sign_ins, asked > 0) == (asked, wrong_password)


def test_a_server_that_wants_nothing_of_anybody_spoils_no_letter(smtp_port):
    message = write("jane")

    with socket.create_server(("127.0.0.1", smtp_port)) as server:
        turned_away = threading.Thread(target=turn_away, args=(server,))
        turned_away.start()
        tasks.deliver(str(message.pk))
        turned_away.join()

    message.refresh_from_db()
    assert (message.state, message.tries) == ("queued", 1)
    assert "554" in message.last_error


def turn_away(server):
    line, _address = server.accept()
    line.sendall(b"554 no service here\r\n")
    line.close()


def test_a_code_to_sign_in_is_forgotten_when_it_has_left():
    code, letter = write("code"), write("letter")
    Message.objects.filter(pk=code.pk).update(in_inbox=False)

    for message in (code, letter):
        tasks.deliver(str(message.pk))

    assert "It is ready." in mail.outbox[0].body
    assert Message.objects.get(pk=code.pk).body == ""
    assert "It is ready." in Message.objects.get(pk=letter.pk).body


def test_a_sender_that_was_overtaken_stops_before_the_body(sink):
    message = write("jane", "once")
    late = Message.objects.get(pk=message.pk)

    outcome = tasks.send(late, still_ours=lambda: False)

    assert outcome.state == "queued"
    assert sink.copies == {}


def test_a_sender_that_was_overtaken_has_no_say_in_what_became_of_the_letter():
    message = write("jane", "once")
    Message.objects.update(state="claimed", claim=message.pk, lease_until=Now())

    tasks.settle(message, uuid.uuid4(), tasks.Outcome("failed"))
    others = state_of(message)[0]
    tasks.settle(message, message.pk, tasks.Outcome("sent"))

    assert (others, state_of(message)[0]) == ("claimed", "sent")


def test_a_late_sender_may_still_say_that_an_unclear_letter_has_left():
    message = write("jane", "once")
    Message.objects.update(state="unknown", claim=message.pk)

    tasks.settle(message, message.pk, tasks.Outcome("sent"))
    tasks.settle(message, message.pk, tasks.Outcome("failed"))

    assert state_of(message)[0] == "sent"


def test_a_sender_that_died_leaves_a_once_letter_unknown_and_a_safe_one_waiting():
    once, safe = write("a", "once"), write("b", "safe")
    Message.objects.update(state="claimed", claim=once.pk, lease_until="2001-01-01T00:00Z")

    sweep()
    sweep()

    assert [state_of(once)[0], state_of(safe)[0]] == ["unknown", "queued"]


def test_a_sender_at_work_is_left_alone():
    message = write("a", "safe")
    Message.objects.update(
        state="claimed", claim=message.pk, lease_until=Now() + timedelta(seconds=60)
    )

    sweep()
    tasks.deliver(str(message.pk))

    assert state_of(message)[0] == "claimed"
    assert mail.outbox == []


def test_a_sweep_takes_a_bounded_number_of_letters(django_capture_on_commit_callbacks, monkeypatch):
    monkeypatch.setattr("workshop_portal.outbox.clock.BATCH", 2)
    for number in range(3):
        write(f"person{number}")

    with django_capture_on_commit_callbacks() as handed_over:
        sweep()

    assert len(handed_over) == 2


@pytest.mark.parametrize("state", ["held", "sent", "failed", "unknown", "cancelled", "claimed"])
def test_only_a_waiting_letter_is_sent(state):
    message = write("jane")
    Message.objects.update(state=state, sent_at=Now(), lease_until=Now())

    tasks.deliver(str(message.pk))

    assert mail.outbox == []
