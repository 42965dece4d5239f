"""`python3 manage.py bounced < mail`: read a mail that a mail server sent back.

For the pipe of a mail server, such as `bounces: "|python3 /srv/portal/manage.py bounced"`. A mail
that is no notice of a final failure of one of our letters changes nothing, and it is no fault
either: the mail server is never given a reason to send anything back.
"""

import sys

from django.core.management.base import BaseCommand

from workshop_portal.accounts.actions import note_bounce
from workshop_portal.outbox.bounces import LONGEST


class Command(BaseCommand):
    help = "Read a mail that came back, from standard input, and note which letter it was."

    def handle(self, *args, **options):
        letter = note_bounce(sys.stdin.buffer.read(LONGEST))
        if letter is None:
            self.stdout.write("No letter of the portal came back by this mail.")
        else:
            self.stdout.write(f"Letter {letter.pk} came back.")
