"""Compare rows and files, and list what is not as it must be."""

import sys

from django.core.management import BaseCommand

from workshop_portal import invariants


class Command(BaseCommand):
    help = (
        "Read every row of a document or paper and hash its file again; look for sent "
        "applications without documents or receipt, and for files without a row."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--sweep",
            action="store_true",
            help="delete the files that no row has named for seven days",
        )

    def handle(self, *, sweep: bool, **options):
        if sweep:
            for name in invariants.sweep():
                self.stdout.write(f"deleted: {name}")
        found = list(invariants.findings())
        for line in found:
            self.stdout.write(line)
        if found:
            sys.exit(1)
        self.stdout.write("Rows and files agree.")
