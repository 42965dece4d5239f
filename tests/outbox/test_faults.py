"""Real processes and real faults: nothing lost, and a `once` letter never twice."""

import os
import signal
import time
from pathlib import Path

import pytest
import redis
from django.db import transaction

from tests.factories import CompleteApplicationFactory, RoleFactory, UserFactory
from tests.outbox.conftest import Sink, mail_server, time_passes, wait_for, worker_running
from workshop_portal.broker import client_url
from workshop_portal.outbox.actions import post
from workshop_portal.outbox.clock import sweep
from workshop_portal.outbox.models import Message
from workshop_portal.outbox.tasks import deliver

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
PROMISE = 2  # seconds in which a request is answered, whatever has become of the broker


@pytest.fixture(autouse=True)
def really(posting, open_lane):
    pass


def write(address, rule="once"):
    person = UserFactory(email=f"{address}@example.org")
    return post("hello", to=person, key=address, rule=rule, thing=address)


def state_of(message):
    return Message.objects.values_list("state", flat=True).get(pk=message.pk)


def reached(message, state):
    return lambda: state_of(message) == state


@pytest.mark.parametrize(("rule", "end", "copies"), [("once", "unknown", 1), ("safe", "sent", 2)])
def test_a_worker_killed_while_sending(broker, sink, smtp_port, rule, end, copies):
    message = write("slow", rule)
    with worker_running(broker, smtp_port) as first:
        wait_for(sink.hanging.is_set)
        first.kill()
        first.wait()
    left = state_of(message)

    time_passes()
    with worker_running(broker, smtp_port):
        sweep()
        other = write("jane")
        wait_for(reached(other, "sent"))
        wait_for(reached(message, end))

    assert left == "claimed"
    assert sink.copies == {message.message_id: copies, other.message_id: 1}


def test_a_letter_posted_while_the_broker_is_stopped_leaves_later(broker, sink, smtp_port):
    broker.stop()
    started = time.monotonic()
    with transaction.atomic():
        message = write("jane")
    took = time.monotonic() - started
    waiting = state_of(message)

    broker.start()
    with worker_running(broker, smtp_port):
        sweep()
        wait_for(reached(message, "sent"))

    assert took < PROMISE
    assert waiting == "queued"
    assert sink.copies == {message.message_id: 1}


def test_a_request_is_answered_while_the_broker_is_frozen(broker, sink, smtp_port, client):
    role = RoleFactory()
    message = write("jane")
    workshop = role.workshop
    Message.objects.update(scope=workshop.scope, state="held")
    client.force_login(role.user)

    broker.send(signal.SIGSTOP)
    started = time.monotonic()
    answer = client.post(f"/desk/{workshop.slug}/outbox/{message.pk}/release/")
    took = time.monotonic() - started
    waiting = state_of(message)
    broker.send(signal.SIGCONT)

    with worker_running(broker, smtp_port):
        sweep()
        wait_for(reached(message, "sent"))

    assert (answer.status_code, waiting) == (302, "queued")
    assert took < PROMISE
    assert sink.copies == {message.message_id: 1}


def submit(client, draft):
    """Send an application; the answer, and the seconds it took."""
    client.force_login(draft.applicant)
    page = client.get(f"/applications/{draft.pk}/check/")
    words = {"version": page.context["form"]["version"].value(), "statement": "on"}
    started = time.monotonic()
    answer = client.post(f"/applications/{draft.pk}/submit/", words)
    return answer, time.monotonic() - started


@pytest.mark.parametrize("fault", ["stopped", "frozen"])
def test_an_application_is_received_whatever_the_broker_does(
    broker, sink, smtp_port, client, fault
):
    draft = CompleteApplicationFactory()

    broker.send(signal.SIGSTOP) if fault == "frozen" else broker.stop()
    answer, took = submit(client, draft)
    receipt = Message.objects.get(to=draft.applicant)
    waiting = receipt.state
    broker.send(signal.SIGCONT) if fault == "frozen" else broker.start()

    with worker_running(broker, smtp_port):
        sweep()
        wait_for(reached(receipt, "sent"))

    draft.refresh_from_db()
    assert (answer.status_code, draft.status, waiting) == (302, "submitted", "queued")
    assert took < PROMISE
    assert sink.copies == {receipt.message_id: 1}


def test_a_broker_that_forgets_everything_loses_no_letter(broker, sink, smtp_port):
    letters = [write(f"person{number}") for number in range(10)]
    wait_for(lambda: emptied(broker))

    with worker_running(broker, smtp_port):
        sweep()
        wait_for(lambda: Message.objects.filter(state="sent").count() == 10)

    assert sink.copies == {message.message_id: 1 for message in letters}


def emptied(broker):
    """Wait until the tasks have come to the broker, then wipe them out."""
    with redis.Redis.from_url(client_url(broker.url)) as there:
        return there.llen("celery") >= 10 and there.flushall()


def test_a_task_that_comes_twenty_times_sends_one_mail(broker, sink, smtp_port):
    message = write("lazy", "safe")
    for _ in range(20):
        deliver.apply_async(args=[str(message.pk)])

    with worker_running(broker, smtp_port, "--concurrency", "2"):
        wait_for(reached(message, "sent"))
        last = write("jane")
        wait_for(reached(last, "sent"))

    assert sink.copies[message.message_id] == 1


def test_letters_leave_when_a_mail_server_that_was_down_is_up_again(broker, smtp_port):
    sink = Sink()
    letters = [write("a", "once"), write("b", "safe")]
    with worker_running(broker, smtp_port):
        wait_for(lambda: Message.objects.filter(state="queued", tries=1).count() == 2)
        with mail_server(sink, smtp_port):
            time_passes()
            sweep()
            wait_for(lambda: Message.objects.filter(state="sent").count() == 2)

    assert sink.copies == {message.message_id: 1 for message in letters}


def test_a_hundred_letters_through_every_fault_at_once(broker, sink, smtp_port):
    """Whatever happens on the way, each letter ends where its rule says it must."""
    with transaction.atomic():
        letters = [(write(f"{kind}{n}", rule), kind, rule) for n, kind, rule in HUNDRED]

    with worker_running(broker, smtp_port, "--concurrency", "1") as worker:
        wait_for(lambda: everything_is_settled(sink, worker), seconds=120)

    found = {m.key: (state_of(m), sink.copies[m.message_id]) for m, _kind, _rule in letters}
    assert found == {m.key: end_of(kind, rule) for m, kind, rule in letters}
    assert Message.objects.count() == 100
    for address, body in sink.readers.values():
        assert f"{address.partition('@')[0]} is ready." in body


KINDS = ["jane", "refuse", "later", "drop", "hangup", "full"]
SLOW = {38, 39, 78, 79}
HUNDRED = [
    (n, "slow" if n in SLOW else KINDS[n // 2 % 6], ("once", "safe")[n % 2]) for n in range(100)
]


def end_of(kind, rule):
    """The state in which such a letter must end, and how many copies of it have arrived."""
    if kind == "refuse":
        return "bounced", 0
    if kind == "full":
        return "failed", 0
    if kind in {"drop", "slow"}:
        return ("unknown", 1) if rule == "once" else ("sent", 2)
    return "sent", 1


def everything_is_settled(sink, worker):
    """Kill the sender that hangs in the middle of a letter; then time passes and beat sweeps."""
    if sink.hanging.wait(0.5):
        sink.hanging.clear()
        for child in Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)
        sink.dead = {*sink.hung}
    time_passes(message_id__in=getattr(sink, "dead", ()))
    sweep()
    return not Message.objects.filter(state__in=["queued", "claimed"]).exists()
