"""Say what ails this installation, in one sentence for each fault."""

import sys

from django.core.management import BaseCommand

from workshop_portal import doctor


class Command(BaseCommand):
    help = "Check libraries, fonts, database, broker, storage, clock, key and letters."
    requires_system_checks = ()

    def handle(self, *args, **options):
        faults = doctor.faults()
        for check in doctor.CHECKS:
            name = check.__name__.replace("_", " ")
            self.stdout.write(f"{name}: {faults.get(check.__name__, 'all is well')}")
        if faults:
            sys.exit(1)
