"""What no log of the portal holds: an address that opens something to whoever reads it."""

import logging
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from tests.factories import SECRET
from tests.server import PATIENCE, free_port, surroundings
from workshop_portal.logs import WithoutSecrets

LINK = f"/nominations/{SECRET}/sign/"


def line(message, *args, fault=None):
    """A line as it stands in the log."""
    record = logging.LogRecord("portal", logging.ERROR, "", 1, message, args, fault)
    assert WithoutSecrets().filter(record)
    return logging.Formatter().format(record)


def fault_with(words):
    try:
        raise ValueError(words)
    except ValueError:
        return sys.exc_info()


def test_a_line_keeps_all_but_the_secrets_in_it():
    assert line("Lost: %s of %s", LINK, "Jane") == "Lost: /nominations/…/sign/ of Jane"
    assert line("Reset: /account/reset/key/3-abc123/") == "Reset: /account/reset/key/…/"
    assert line("%s of 3", 2) == "2 of 3"


def test_the_fault_behind_a_line_holds_no_secret_either():
    said = line("It broke", fault=fault_with(f"no such page: {LINK}"))

    assert said.startswith("It broke\nTraceback")
    assert said.endswith("ValueError: no such page: /nominations/…/sign/")


@pytest.fixture
def broken_server(tmp_path):
    """The web server with its own settings, before a program that breaks at every request."""
    port, log = free_port(), tmp_path / "server.log"
    command = [sys.executable, "-m", "gunicorn", "-c", "python:workshop_portal.gunicorn"]
    breaks = "json:loads"  # it takes no request
    with log.open("w") as lines:
        env = surroundings(port, WEB_WORKERS="1", DATABASE_URL="sqlite://:memory:")
        at = ["-b", f"127.0.0.1:{port}", breaks]
        server = subprocess.Popen([*command, *at], env=env, stdout=lines, stderr=lines)
        yield f"http://127.0.0.1:{port}", log
        server.terminate()
        server.wait(PATIENCE)


def answered(address):
    """The status of the answer, when the server has come up."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=5)
        except urllib.error.HTTPError as refusal:
            return refusal.code
        except OSError:
            time.sleep(0.05)
    return None


def test_the_web_servers_own_log_holds_no_link(broken_server):
    address, log = broken_server

    assert answered(address + LINK) == 500
    said = log.read_text()
    assert "Error handling request GET /nominations/…/sign/" in said
    assert SECRET not in said
