"""Measure the portal's pages beside reference views, on its own server with a full database."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Print what pages cost, as ratios to reference views in the same run."

    def add_arguments(self, parser):
        parser.add_argument("--applications", type=int, default=5000)
        parser.add_argument("--rounds", type=int, default=150)

    def handle(self, **options):
        with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                address = f"http://127.0.0.1:{probe.getsockname()[1]}"
            env = {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "workshop_portal.bench.settings",
                "DATA_DIR": folder,
                "PUBLIC_BASE_URL": address,
                "EMAIL_URL": f"filemail:///{folder}/mail",
                "CELERY_EAGER": "1",
            }
            self.run(env, address, options)

    def run(self, env, address, options):
        """A portal of its own in `env`, measured by a second process that shares its database."""
        django = [sys.executable, "-m", "django"]
        for step in (
            ["migrate", "-v0"],
            ["createcachetable"],
            ["collectstatic", "-v0", "--no-input"],
        ):
            subprocess.run([*django, *step], env=env, check=True)
        serve = [sys.executable, "-m", "gunicorn", "-c", "python:workshop_portal.gunicorn"]
        serve += ["-b", address.removeprefix("http://"), "workshop_portal.wsgi"]
        server = subprocess.Popen(serve, env=env)
        try:
            for _attempt in range(100):
                try:
                    urllib.request.urlopen(address, timeout=5).close()
                    break
                except OSError:
                    time.sleep(0.2)
            work = [sys.executable, "-m", "workshop_portal.bench.run", address]
            work += [str(options["applications"]), str(options["rounds"])]
            subprocess.run(work, env=env, check=True)
        finally:
            server.terminate()
            server.wait()
