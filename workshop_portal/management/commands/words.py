"""Bring the catalogues of translations to what the sources say, and compile them."""

import shutil
import sys

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.core.management.commands import makemessages

from workshop_portal import libraries

FIRST = settings.LANGUAGE_CODE
NOT_OURS = ["tests/*", "var/*", "locale"]


class Collect(makemessages.Command):
    """Django's collector, which also knows our short name for words that are said later."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=noop"]


class Command(BaseCommand):
    help = "Collect the words for people into workshop_portal/locale, and compile the catalogues."
    requires_system_checks = ()

    def handle(self, **options):
        if not shutil.which("msgfmt"):
            sys.exit(f"Please run: sudo apt-get install {libraries.GETTEXT}")
        languages = [code for code, _name in settings.LANGUAGES if code != FIRST]
        call_command(
            Collect(),
            locale=languages,
            extensions=["html", "py", "txt"],
            ignore_patterns=NOT_OURS,
            no_location=True,
            no_wrap=True,
            no_obsolete=True,
            verbosity=0,
        )
        call_command("compilemessages", locale=languages, ignore=[".*"], verbosity=0)
