"""A letter to write, a mail server that misbehaves on demand, a broker and a worker of our own."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.core.cache import cache
from django.db.models.functions import Now

from tests.server import database_url, free_port, surroundings
from workshop_portal import broker as brokers
from workshop_portal.celery import app
from workshop_portal.outbox.models import Message

HELLO = (
    '{% extends "letters/base.txt" %}'
    "{% block subject %}About {{ thing }}{% endblock %}"
    "{% block body %}{{ thing }} is ready.{% endblock %}"
)


@pytest.fixture(autouse=True)
def a_letter(tmp_path, settings):
    """The template `letters/hello.txt`, which speaks of `thing`."""
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "hello.txt").write_text(HELLO)
    (tmp_path / "letters" / "broken.txt").write_text("{% extends 'letters/nothing.txt' %}")
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]


@pytest.fixture
def open_lane(db):
    cache.clear()
    yield
    cache.clear()


def wait_for(condition, seconds=30):
    limit = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.05)
    return found


def time_passes(**of):
    """The leases of all letters (or of some) run out; all pauses between tries are over."""
    Message.objects.filter(state="claimed", **of).update(lease_until="2001-01-01T00:00Z")
    Message.objects.filter(state="queued").update(next_try_at=Now())


# --- The mail server ---------------------------------------------------------------------


class Sink:
    """What arrived, by Message-ID; how to misbehave stands before the @ of the address.

    `refuse` 550 at the recipient, `gone` and `blocked` the same with an exact number, `shut` 550
    5.1.1 after the body, `full` 552 after the body, `later` 450 the first time,
    `drop` the line breaks when the body has been taken, `hangup` before any of it is sent,
    `slow` the answer to the body takes a minute, `lazy` half a second.
    """

    def __init__(self):
        self.copies = Counter()
        self.readers = {}
        self.seen = Counter()
        self.hung = set()
        self.hanging = threading.Event()
        self.sign_ins = 0
        self.closed = False

    def sign_in(self, server, session, envelope, mechanism, data):
        """Nobody's password is right."""
        self.sign_ins += 1
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        envelope.mail_from = address
        return "530 sign in first" if self.closed else "250 ok"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        self.seen[address] += 1
        if address.startswith("refuse"):
            return "550 nobody of that name"
        if address.startswith("gone"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("blocked"):
            return "550 5.7.1 we do not like your network"
        if address.startswith("later") and self.seen[address] == 1:
            return "450 come back later"
        if address.startswith("hangup") and self.seen[address] == 1:
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        mail, (address,) = message_from_bytes(envelope.content), envelope.rcpt_tos
        if address.startswith("full"):
            return "552 mailbox full"
        if address.startswith("shut"):
            return "550 5.1.1 no such mailbox"
        self.copies[mail["Message-ID"]] += 1
        self.readers[mail["Message-ID"]] = (address, mail.get_payload())
        if address.startswith("slow") and self.copies[mail["Message-ID"]] == 1:
            self.hung.add(mail["Message-ID"])
            self.hanging.set()
            await asyncio.sleep(60)
        if address.startswith("lazy"):
            await asyncio.sleep(0.5)
        if address.startswith("drop") and self.copies[mail["Message-ID"]] == 1:
            server.transport.abort()
        return "250 ok"


@contextmanager
def mail_server(sink, port):
    running = Controller(
        sink, hostname="127.0.0.1", port=port, authenticator=sink.sign_in, auth_require_tls=False
    )
    running.start()
    try:
        yield
    finally:
        running.stop()


@pytest.fixture
def smtp_port(settings):
    """The portal sends by SMTP to this port; whether anybody listens is another matter."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    return settings.EMAIL_PORT


@pytest.fixture
def sink(smtp_port):
    sink = Sink()
    with mail_server(sink, smtp_port):
        yield sink


# --- Broker and worker -------------------------------------------------------------------


@pytest.fixture(scope="module")
def broker():
    """A broker of our own, which tests may stop, freeze and empty."""
    with TemporaryDirectory(prefix="portal-broker-") as folder:
        broker = Broker(Path(folder))
        broker.start()
        yield broker
        broker.stop()


class Broker:
    def __init__(self, folder):
        self.folder, self.url, self.process = folder, brokers.embedded_url(folder), None

    def start(self):
        self.process = subprocess.Popen(brokers.command(self.folder))
        wait_for(lambda: brokers.answers(self.url))

    def stop(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()

    def send(self, number):
        self.process.send_signal(number)


@pytest.fixture
def posting(broker, settings):
    """This process hands its work to the broker, as a web server does."""
    settings.CELERY_TASK_ALWAYS_EAGER = False
    before = app.conf.task_always_eager, app.conf.broker_url
    app.conf.task_always_eager, app.conf.broker_url = False, broker.url
    app._after_fork()
    yield
    app.conf.task_always_eager, app.conf.broker_url = before
    app._after_fork()


@contextmanager
def worker_running(broker, port, *words):
    """A real worker on the test database; it ends with the block, by force if it must."""
    env = surroundings(
        port,
        DJANGO_SETTINGS_MODULE="workshop_portal.settings",
        DATABASE_URL=database_url(),
        BROKER_URL=broker.url,
        EMAIL_URL=f"smtp://127.0.0.1:{port}",
    )
    words = words or ("--pool", "solo")
    command = [sys.executable, "-m", "celery", "--app", "workshop_portal", "--quiet", "worker"]
    command += ["--without-mingle", "--without-gossip", "--loglevel", "ERROR", *words]
    process = subprocess.Popen(command, env=env, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
