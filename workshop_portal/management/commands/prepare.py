"""Bring database, static files and demo data to what this version of the portal needs."""

import hashlib
import os
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, call_command

from workshop_portal.workshops.models import Workshop

STYLES = "django-include-bootstrap"


class Command(BaseCommand):
    help = "Apply the migrations, collect the static files and, with --demo, fill an empty portal."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true", help="fill an empty portal")

    def handle(self, *, demo: bool, **options):
        self.say("Bringing the database up to date ...")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        self.collect()
        if demo and not Workshop.objects.exists():
            self.say("Inventing workshops, people and applications for the demo ...")
            call_command("demo", verbosity=0)
            (settings.DATA_DIR / "demo").write_text("This portal is full of invented people.\n")

    def collect(self) -> None:
        """Collect and compress the static files, unless nothing has changed since the last time."""
        stamp, wanted = settings.DATA_DIR / "static.stamp", state_of_static()
        if stamp.exists() and stamp.read_text() == wanted and Path(settings.STATIC_ROOT).is_dir():
            return
        self.say("Collecting the static files ...")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(wanted)

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


def state_of_static() -> str:
    """A fingerprint of every file in static/ and of what the libraries ship."""
    digest = hashlib.sha256(version(STYLES).encode())
    for folder in settings.STATICFILES_DIRS:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                digest.update(os.fsencode(path.relative_to(folder)))
                digest.update(path.read_bytes())
    return digest.hexdigest()
