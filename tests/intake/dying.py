"""A process of the portal that is killed at a line of our choice, as by a power cut.

`python -m tests.intake.dying WORK WHERE ID` does a piece of work until it comes to the function
WHERE, and kills itself there with SIGKILL: nothing is tidied up.
"""

import os
import signal
import sys
from unittest import mock

import django

django.setup()

from applications import worker  # noqa: E402
from applications.actions import upload  # noqa: E402
from applications.models import Transfer  # noqa: E402


def finish(key):
    transfer = Transfer.objects.select_related("by").get(pk=key)
    upload.finish(transfer, by=transfer.by)


def die(*args, **facts):
    os.kill(os.getpid(), signal.SIGKILL)


WORK = {"check": worker.check_transfer, "finish": finish}

if __name__ == "__main__":
    work, where, key = sys.argv[1:]
    with mock.patch(where, die):
        WORK[work](key)
