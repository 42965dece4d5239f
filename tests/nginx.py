"""The proxy that we ship, as a real nginx before a portal of the tests."""

import os
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

from tests.house import ROOT
from tests.server import free_port

PROGRAM = shutil.which("nginx") or "/usr/sbin/nginx"
STARTED_WITHIN = 20
# Without a certificate, and with all that it writes in a folder of its own.
CHANGES = [
    (r"listen 80;", "listen 127.0.0.1:{other};"),
    (r"listen 443 ssl;", "listen 127.0.0.1:{port};"),
    (r"\n *(?:http2|ssl_certificate|ssl_certificate_key) [^\n]*", ""),
    (r"http://web:8000", "{portal}"),
    (r"X-Forwarded-Proto https", "X-Forwarded-Proto http"),
    (r"\nhttp {{", "\nhttp {{\n    {kept}"),
]


class Nginx:
    """Answers at `address` for a portal, until it is ended; `facts` take the place of settings."""

    def __init__(self, folder: Path, portal: str, **facts: str) -> None:
        port, other = free_port(), free_port()
        kept = "\n    ".join(
            f"{kind}_temp_path {folder / kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        config = (ROOT / ".docker" / "nginx.conf").read_text()
        for found, put in CHANGES:
            told = put.format(port=port, other=other, portal=portal, kept=kept)
            config, times = re.subn(found.replace("{{", "{"), told, config)
            assert times, f"The proxy's settings say nothing of “{found}”."
        for name, value in facts.items():
            config, times = re.subn(rf"\n( *){name} [^;]*;", rf"\n\1{name} {value};", config)
            assert times == 1, f"The proxy's settings do not have {name}."
        (folder / "nginx.conf").write_text(config)
        self.address = f"http://127.0.0.1:{port}"
        command = [PROGRAM, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "log"]
        user = "user root; " if os.geteuid() == 0 else ""
        command += ["-g", f"{user}daemon off; pid {folder / 'pid'};"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        self.wait(port)

    def wait(self, port: int) -> None:
        until = time.monotonic() + STARTED_WITHIN
        while not answers(port):
            assert self.process.poll() is None, "nginx ended at once"
            assert time.monotonic() < until, "nginx did not start"
            time.sleep(0.05)

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def line_of(address: str) -> tuple[str, int]:
    there = urlsplit(address)
    return str(there.hostname), int(there.port or 80)
