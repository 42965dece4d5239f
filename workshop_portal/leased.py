"""Rows that a worker takes in hand: one worker at a time, and each row only so often.

Whoever takes a row has a lease of it, which outlives its work. A worker that dies leaves the row
to the next one when the lease has run out; a row that has ended its worker `TRIES` times is lost.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

LEASE = timedelta(seconds=120)
TRIES = 3


class LeasedQuerySet(models.QuerySet):
    """The caller filters for what waits; here it is said which of it may be taken."""

    def at_rest(self) -> Self:
        """Those on which nobody is working at this moment."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=Now()))

    def free(self) -> Self:
        """Those that a worker may take."""
        return self.at_rest().filter(tries__lt=TRIES)

    def lost(self) -> Self:
        """Those that have been tried so often that nobody takes them any more."""
        return self.at_rest().filter(tries__gte=TRIES)

    def claim(self, pk: object) -> Any:
        """Take one of these to work on it; None when it is somebody else's, or done."""
        found: Any = self.free().filter(pk=pk).first()
        if found is None:
            return None
        # The number of the try is the claim: only one worker can take it from n to n + 1.
        same = self.free().filter(pk=pk, tries=found.tries)
        if not same.update(tries=F("tries") + 1, lease_until=Now() + LEASE):
            return None
        found.tries += 1
        return found


class Leased(models.Model):
    """Something that a worker does, and that is handed to another if it gets lost.

    Its `objects` are a LeasedQuerySet's.
    """

    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
