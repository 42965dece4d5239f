"""The portal's own web server on the test database: real processes, real files, a real port."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

from django.db import connection

from tests.settings import SCRATCH

PATIENCE = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database_url():
    """The address of the database that this test process uses."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    login = f"{at['USER']}:{at['PASSWORD']}@" if at["USER"] else ""
    return f"postgres://{login}{at['HOST']}:{at['PORT'] or 5432}/{at['NAME']}"


def surroundings(port, **more):
    """The environment of a process of the portal that shares our database and files."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.live",
        "DATA_DIR": str(SCRATCH),
        "DATABASE_URL": database_url(),
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "EMAIL_URL": f"filemail:///{SCRATCH}/mail",
        "DEMO": "0",
        "LOG_LEVEL": "ERROR",
        **more,
    }


@contextmanager
def portal_running(**more):
    """Yield the address of a running portal; it is gone when the block ends."""
    port = free_port()
    env = surroundings(port, **more)
    collect = [sys.executable, "-m", "django", "collectstatic", "--no-input", "-v0"]
    subprocess.run(collect, env=env, check=True)
    log = open(SCRATCH / "server.log", "w")  # noqa: SIM115 — the server writes to it
    serve = [sys.executable, "-m", "gunicorn", "-c", "python:workshop_portal.gunicorn"]
    serve += ["-b", f"127.0.0.1:{port}", "workshop_portal.wsgi"]
    server = subprocess.Popen(serve, env=env, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(PATIENCE)
        log.close()


def wait_until_idle():
    """Return when no other process has asked the test database anything for a moment.

    A page that is closed still sends what was typed; to empty the tables beside that is a deadlock
    on PostgreSQL. SQLite waits its turn.
    """
    if connection.vendor == "sqlite":
        return
    until, quiet = time.monotonic() + PATIENCE, 0
    while quiet < 3 and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            quiet = 0 if cursor.fetchone()[0] else quiet + 1
        time.sleep(0.02)


def wait_for(address, server):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The portal did not start: " + (SCRATCH / "server.log").read_text()[-2000:])
