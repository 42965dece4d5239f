"""Fetch what the tests need from the system, then hand over to pytest."""

import os
import sys

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from workshop_portal import libraries


class Command(BaseCommand):
    help = "Run the tests: `python3 manage.py test [what pytest understands]`."
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        try:
            libraries.provide(libraries.TESTING, print)
        except libraries.Missing as fault:
            sys.exit(str(fault))
        os.environ.pop("DJANGO_SETTINGS_MODULE")
        os.chdir(settings.BASE_DIR)
        pytest = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", *argv[2:]]
        sys.stdout.flush()
        os.execv(sys.executable, pytest)  # noqa: S606

    def handle(self, *args, **options):
        raise CommandError("The tests are a command of their own: python3 manage.py test")
