"""Measure the portal's pages beside reference views, on its own server with a full database."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from django.core.management.base import BaseCommand

from workshop_portal import broker


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
                "BROKER_URL": broker.embedded_url(Path(folder)),
                "PYTHONWARNINGS": "ignore:You're running the worker",
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
        celery = [sys.executable, "-m", "celery", "--app", "workshop_portal", "--quiet", "worker"]
        celery += ["--concurrency", "2", "--loglevel", "WARNING", "--without-mingle"]
        post = subprocess.Popen(broker.command(Path(env["DATA_DIR"])))
        server, worker = subprocess.Popen(serve, env=env), subprocess.Popen(celery, env=env)
        try:
            for _attempt in range(100):
                try:
                    urllib.request.urlopen(address, timeout=5).close()
                    break
                except OSError:
                    time.sleep(0.2)
            work = [sys.executable, "-m", "workshop_portal.bench.run", address]
            work += [str(options["applications"]), str(options["rounds"])]
            work += [str(server.pid), str(worker.pid)]
            subprocess.run(work, env=env, check=True)
        finally:
            for process in (server, worker, post):
                process.terminate()
                process.wait()
