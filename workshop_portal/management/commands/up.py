"""Start the whole portal on this machine with one command, and end it with Ctrl-C."""

import fcntl
import http.client
import importlib
import importlib.util
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError, connection

from workshop_portal import broker, libraries
from workshop_portal.supervisor import Child, Supervisor
from workshop_portal.workshops.models import Workshop

LONGEST_WAIT = 60.0
PYTHON = (sys.executable, "-m")


class Command(BaseCommand):
    help = "Start the portal: web server, worker, clock and broker, on data kept in var/."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000, help="where to listen (8000)")
        parser.add_argument("--host", default="127.0.0.1", help="on which address (127.0.0.1)")

    def handle(self, *, host: str, port: int, **options):
        data_dir = Path(settings.DATA_DIR)
        with (data_dir / "up.lock").open("w") as lock:
            take(lock)
            check_port(host, port)
            try:
                libraries.provide(libraries.RUNNING, self.say)
            except libraries.Missing as fault:
                raise CommandError(str(fault)) from None
            env = environment(host, port, data_dir)
            prepare(env)
            self.look_after(env, host, port, data_dir)

    def look_after(self, env: dict[str, str], host: str, port: int, data_dir: Path) -> None:
        self.say("Starting the web server, the worker, the clock and the broker ...")
        supervisor = Supervisor(children(host, port, data_dir), env, self.say)
        try:
            limit = time.monotonic() + LONGEST_WAIT
            supervisor.run(until=lambda: answers(host, port) or time.monotonic() > limit)
            if not supervisor.stopping:
                self.welcome(env, host, port)
            supervisor.run()
        finally:
            self.say("\nEnding ...")
            supervisor.stop()
        self.say("The portal has ended. Its data stay in " + str(data_dir))

    def welcome(self, env: dict[str, str], host: str, port: int) -> None:
        if not answers(host, port):
            raise CommandError("The web server does not answer; the lines above say why.")
        self.say(f"\nThe portal is at {env['PUBLIC_BASE_URL']}/")
        if env["DEMO"] == "1" and importlib.util.find_spec("workshop_portal.demo"):
            demo = importlib.import_module("workshop_portal.demo")
            for who, email, password in demo.accounts():
                self.say(f"  {who}: {email}, password {password}")
            connection.close()
        self.say(where_mail_goes())
        self.say("Ctrl-C ends it.")

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


# --- Before the start ------------------------------------------------------------------


def take(lock) -> None:
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
        raise CommandError(
            f"The portal cannot listen on {host}, port {port} ({fault.strerror}). "
            "Choose another one with --port."
        ) from None


def environment(host: str, port: int, data_dir: Path) -> dict[str, str]:
    """What the portal's processes are told; what the person has set stays as it is."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    told = {
        "DATA_DIR": str(data_dir.resolve()),
        "PUBLIC_BASE_URL": f"http://{shown}:{port}",
        "BROKER_URL": broker.embedded_url(data_dir),
        "DEMO": "1" if (data_dir / "demo").exists() or is_empty() else "0",
    }
    return {**told, **os.environ}


def is_empty() -> bool:
    try:
        return not Workshop.objects.exists()
    except DatabaseError:
        return True
    finally:
        connection.close()


def prepare(env: dict[str, str]) -> None:
    words = ["prepare"] + ["--demo"] * (env["DEMO"] not in ("0", "false", "False", ""))
    try:
        subprocess.run([sys.executable, "manage.py", *words], env=env, cwd=settings.BASE_DIR, check=True)
    except subprocess.CalledProcessError:
        raise CommandError("The portal could not be prepared; the lines above say why.") from None
