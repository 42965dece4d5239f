"""Start the whole portal on this machine with one command, and end it with Ctrl-C."""

import fcntl
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError, connection

from workshop_portal import broker, demo, libraries
from workshop_portal.supervisor import Child, Supervisor, follow
from workshop_portal.workshops.models import Workshop

UNSPECIFIC = {"0.0.0.0": "127.0.0.1"}  # noqa: S104


class Command(BaseCommand):
    help = "Start the portal: web server, worker, clock and broker, on data kept in var/."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000, help="where to listen (8000)")
        parser.add_argument("--host", default="127.0.0.1", help="on which address (127.0.0.1)")

    def handle(self, *, host: str, port: int, **options):
        data_dir = Path(settings.DATA_DIR).resolve()
        os.chdir(settings.BASE_DIR)
        os.umask(0o077)
        with (data_dir / "up.lock").open("w") as lock:
            try:
                take(lock)
                check_port(host, port)
                libraries.provide(libraries.RUNNING, self.say)
                env = environment(host, port, data_dir)
                self.look_after(env, host, port, data_dir)
            except libraries.Missing as fault:
                raise CommandError(str(fault)) from None
            except KeyboardInterrupt:
                self.say("")

    def look_after(self, env: dict[str, str], host: str, port: int, data_dir: Path) -> None:
        self.say("Starting the broker, then the worker, the clock and the web server ...")
        supervisor = Supervisor([], env, self.say)
        try:
            if env["BROKER_URL"] == broker.embedded_url(data_dir):
                supervisor.children += [Child("broker", broker.command(data_dir), last=True)]
            supervisor.run(until=within(20, lambda: broker.answers(env["BROKER_URL"])))
            prepare(supervisor)
            supervisor.children += children(host, port)
            supervisor.run(until=within(60, lambda: front_page(host, port) > 0))
            if not supervisor.stopping:
                self.welcome(env, front_page(host, port))
            supervisor.run()
        finally:
            self.say("\nEnding ...")
            supervisor.stop()

    def welcome(self, env: dict[str, str], status: int) -> None:
        if status not in range(200, 400):
            raise CommandError("The front page does not come; the lines above say why.")
        self.say(f"\nThe portal is at {env['PUBLIC_BASE_URL']}/")
        if is_true(env["DEMO"]):
            self.say("Everything in it is invented. You may sign in as one of these:")
            for who, email, password in demo.accounts():
                self.say(f"  {who}: {email}, password {password}")
            connection.close()
        self.say(f"{where_letters_go()} Ctrl-C ends the portal.")

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


# --- Before the start ------------------------------------------------------------------


def take(lock: IO[str]) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(
            f"The portal is already running on the data in {settings.DATA_DIR}. "
            "Set DATA_DIR to another folder to run a second one beside it."
        ) from None


def check_port(host: str, port: int) -> None:
    try:
        socket.create_server((host, port)).close()
    except OSError as fault:
        reason = str(fault.strerror).partition(" (while")[0]
        raise CommandError(
            f"The portal cannot listen on {host}, port {port} ({reason}). "
            "Choose another one with --port."
        ) from None


def environment(host: str, port: int, data_dir: Path) -> dict[str, str]:
    """What the portal's processes are told; what the person has set stays as it is."""
    set_by_hand = {name: value for name, value in os.environ.items() if value}
    return {
        "PUBLIC_BASE_URL": f"http://{UNSPECIFIC.get(host, host)}:{port}",
        "BROKER_URL": broker.embedded_url(data_dir),
        "PYTHONWARNINGS": "ignore:You're running the worker",  # as root, in a container
        "DEMO": "1" if (data_dir / "demo").exists() or is_empty() else "0",
        **set_by_hand,
        "DATA_DIR": str(data_dir),
    }


def is_true(value: str) -> bool:
    return value.lower() in ("1", "true", "yes", "on", "y", "ok")


def is_empty() -> bool:
    try:
        return not Workshop.objects.exists()
    except DatabaseError:
        return True
    finally:
        connection.close()


# --- The start -------------------------------------------------------------------------


def prepare(supervisor: Supervisor) -> None:
    """Let a process of its own prepare the portal, while the broker already takes its tasks."""
    demo_wanted = ["--demo"] if is_true(supervisor.env["DEMO"]) else []
    process = subprocess.Popen(
        [sys.executable, "manage.py", "prepare", *demo_wanted],
        env=supervisor.env,
        start_new_session=True,
        preexec_fn=follow(os.getpid()),
    )
    supervisor.run(until=lambda: process.poll() is not None)
    if supervisor.stopping:
        process.terminate()
    if process.wait() and not supervisor.stopping:
        raise CommandError("The portal could not be prepared; the lines above say why.")


def children(host: str, port: int) -> list[Child]:
    celery = [sys.executable, "-m", "celery", "--app", "workshop_portal", "--quiet"]
    worker = ["worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-mingle"]
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "python:workshop_portal.gunicorn"]
    return [
        Child("worker", [*celery, *worker, "--without-gossip"]),
        Child("clock", [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""]),
        Child("web server", [*gunicorn, "--bind", f"{host}:{port}"]),
    ]


def front_page(host: str, port: int) -> int:
    """The status that the front page comes with; 0 while nobody answers."""
    line = http.client.HTTPConnection(UNSPECIFIC.get(host, host), port, timeout=10)
    try:
        line.request("GET", "/", headers={"Host": f"127.0.0.1:{port}"})
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()


def within(seconds: float, happened: Callable[[], bool]) -> Callable[[], bool]:
    """The same condition, which also holds when the time is up."""
    limit = time.monotonic() + seconds
    return lambda: happened() or time.monotonic() > limit


def where_letters_go() -> str:
    kind = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    return {
        "filebased": f"Letters are kept as files in {settings.EMAIL_FILE_PATH}.",
        "smtp": f"Letters leave through {settings.EMAIL_HOST}.",
        "console": "Letters are printed here.",
    }.get(kind, f"Letters go to {settings.EMAIL_BACKEND}.")
