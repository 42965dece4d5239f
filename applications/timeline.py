"""How far an application has come, as its applicant may know it. Pure.

Nothing here can tell a decision that has not been released: the status is all that is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

ANSWERS = {"accepted", "waitlisted", "rejected"}


class Stage(StrEnum):
    RECEIVED = "received"
    CHECKED = "checked"
    REVIEW = "review"
    ANSWER = "answer"
    UNSENT = "unsent"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Step:
    """A stage; `state` is done, current, upcoming or stopped; `by` is the day it is due."""

    stage: Stage
    state: str
    at: datetime | None = None
    by: date | None = None


def steps(
    status: str,
    *,
    submitted_at: datetime | None,
    checked: bool,
    closed: bool,
    decide_by: date | None,
) -> list[Step]:
    """The stages of an application in their order.

    `checked` means that every document was found in order, `closed` that the deadline is over.
    """
    if status == "withdrawn":
        received = [Step(Stage.RECEIVED, "done", submitted_at)] if submitted_at else []
        return [*received, Step(Stage.WITHDRAWN, "stopped")]
    if status == "draft" and closed:
        return [Step(Stage.UNSENT, "stopped")]
    sent, answered = status != "draft", status in ANSWERS
    done = [
        sent,
        answered or (sent and checked),
        answered,
        answered,
    ]
    # Review begins when the call is closed and the papers are in order; until then it is to come.
    now = done.index(False) if False in done else None
    if now == 2 and not closed:
        now = None
    states = [
        "done" if is_done else "current" if place == now else "upcoming"
        for place, is_done in enumerate(done)
    ]
    return [
        Step(Stage.RECEIVED, states[0], submitted_at if sent else None),
        Step(Stage.CHECKED, states[1]),
        Step(Stage.REVIEW, states[2]),
        Step(Stage.ANSWER, states[3], by=None if answered else decide_by),
    ]
