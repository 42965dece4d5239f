"""Fill an empty portal with invented workshops, people and applications."""

from django.core.management import BaseCommand, CommandError

from workshop_portal import demo
from workshop_portal.errors import Refused


class Command(BaseCommand):
    help = "Load the demo into a portal without workshops of its own, and name its accounts."

    def handle(self, *, verbosity: int, **options):
        try:
            demo.load()
        except Refused as reason:
            raise CommandError(str(reason)) from None
        if verbosity:
            self.stdout.write("Everything in the demo is invented. You may sign in as:")
            for account in demo.accounts():
                self.stdout.write(f"  {account.who}: {account.email}, {account.password}")
