"""How an application stands for being sent: what is here, what is on its way, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from applications.checklist import State
from applications.models import Application
from applications.queries.intake import Row, rows
from applications.queries.transfer import AFTER_THE_LIMIT


@dataclass(frozen=True)
class Standing:
    """The lines whose file is still to come, and those that nothing is done about."""

    to_come: list[Row]
    lacking: list[Row]

    @property
    def titles(self) -> list[str]:
        """What is missing, as the call names it."""
        return [row.requirement.title for row in self.lacking]


def standing(application: Application, *, now: datetime) -> Standing:
    """How the application stands at this moment.

    A file that is being checked is always waited for. One that still arrives is, while it may
    still end in time, and not when it only replaces another.
    """
    in_time = now <= application.window.limit + AFTER_THE_LIMIT
    to_come, lacking = [], []
    for row in rows(application):
        arrives = row.line.state is State.ARRIVING and in_time and not row.line.is_there
        if arrives or row.line.state is State.CHECKING:
            to_come.append(row)
        elif not row.line.is_there:
            lacking.append(row)
    return Standing(to_come, lacking)
