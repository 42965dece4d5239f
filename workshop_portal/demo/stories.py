"""How far each application went, and when: played in the order in which it would have happened.

The word in the column `story` of people.csv names one of `TOLD`. A story is a list of steps; all
steps of all people are put in the order of their times, so that references, letters and the trail
follow one another as in a real call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from applications.actions import deadline, selection
from applications.queries.selection import plan
from workshop_portal.demo import decided_call
from workshop_portal.demo.clock import at
from workshop_portal.demo.desk import Desk
from workshop_portal.demo.file import File

if TYPE_CHECKING:
    from applications.models import Call
    from workshop_portal.accounts.models import User
    from workshop_portal.demo.cast import Person

DAY = timedelta(days=1)
ALL_BUT_LAST = ("you", "organisation", "work")
EVERY_PART = (*ALL_BUT_LAST, "taking-part")
PAPERS = ("case-study", "nomination", "commitment", "waiver", "consent", "cv")


@dataclass(frozen=True)
class Step:
    """Something that happens at a moment."""

    at: datetime
    do: Callable[[], object]


@dataclass(frozen=True)
class Scene:
    """One person's file, the desk that reads it, the day it was begun, and the present."""

    file: File
    desk: Desk
    begun: datetime
    now: datetime

    def on(self, days: float, do: Callable[..., object], *args: object, **facts: object) -> Step:
        """The step taken so many days after the file was begun."""
        moment = self.begun + days * DAY
        return Step(moment, lambda: do(*args, at=moment, **facts))


def play(
    people: Iterable[Person], calls: dict[str, Call], *, staff: dict[str, User], now: datetime
) -> None:
    """Let everything happen that led to the present."""
    steps = []
    for person in people:
        call = calls[person.call]
        shared = person.call == "open" and person.number % 3 == 1
        desk = Desk(coordinator=staff["second" if shared else "coordinator"])
        scene = Scene(File(person, call), desk, begun(person, call), now)
        steps += TOLD[person.story](scene)
    steps += committee(calls["decided"], chair=staff["coordinator"], now=now)
    for step in sorted(steps, key=lambda step: step.at):
        with at(step.at):
            step.do()


def begun(person: Person, call: Call) -> datetime:
    """When this person began: spread over the days that the call was open, by day and by hour."""
    number = person.number
    if person.call == "open":
        days = 1 + number * 7 % (17 if person.story.startswith(("draft", "sent")) else 11)
    elif number % 9 == 0:
        days = 45  # between the first deadline and the extended one
    else:
        days = 2 + number * 7 % 38
    return call.opens_at + days * DAY + timedelta(hours=number * 5 % 11, minutes=number * 13 % 60)


def committee(call: Call, *, chair: User, now: datetime) -> list[Step]:
    """The extension, and the moment in which all decisions become real."""
    extended = call.closes_at - 1.3 * DAY
    released = now - 8 * DAY
    until = call.closes_at + decided_call.EXTRA

    def extend() -> None:
        deadline.extend(call, until=until, reason=decided_call.REASON, by=chair)

    def release() -> None:
        selection.release(call, seen=plan(call, chair).fingerprint, by=chair)

    return [Step(extended, extend), Step(released, release)]


# --- The stories -----------------------------------------------------------------------


def drafted(*parts: str, papers: tuple[str, ...] = ()) -> Callable[[Scene], list[Step]]:
    """A draft with these parts of the form and these documents."""

    def told(scene: Scene) -> list[Step]:
        steps = [scene.on(0, scene.file.begin)]
        steps += [
            scene.on(0.01 * number, scene.file.answer, part)
            for number, part in enumerate(parts, start=1)
        ]
        steps += [
            scene.on(1 + 0.02 * number, scene.file.hand_in, slug)
            for number, slug in enumerate(papers)
        ]
        return steps

    return told


complete = drafted(*EVERY_PART, papers=PAPERS)


def sent(scene: Scene) -> list[Step]:
    return [*complete(scene), scene.on(2, scene.file.send)]


def replaced(scene: Scene) -> list[Step]:
    return [
        *sent(scene),
        scene.on(3.2, scene.file.hand_in, "cv"),
        scene.on(3.3, scene.file.hand_in, "case-study"),
    ]


def withdrawn(scene: Scene) -> list[Step]:
    return [*sent(scene), scene.on(4, scene.file.withdraw)]


def checked(scene: Scene, papers: tuple[str, ...] = PAPERS) -> list[Step]:
    steps = [
        scene.on(3.5 + 0.005 * number, scene.desk.accept, scene.file, slug)
        for number, slug in enumerate(papers)
    ]
    return [*sent(scene), *steps]


def partly_checked(scene: Scene) -> list[Step]:
    return checked(scene, PAPERS[:3])


def returned(scene: Scene) -> list[Step]:
    """Returned yesterday, with a day of its own, after the deadline, for the new file."""
    until = scene.file.call.closes_at + 3 * DAY
    ago = (scene.now - DAY - scene.begun) / DAY
    fine = [scene.on(ago - 0.01, scene.desk.accept, scene.file, slug) for slug in ("cv", "waiver")]
    back = scene.desk.send_back
    return [*sent(scene), *fine, scene.on(ago, back, scene.file, until=until)]


def answered(scene: Scene) -> list[Step]:
    """Returned, and a new file came in that nobody has looked at yet."""
    until = scene.file.call.closes_at + 3 * DAY
    steps = [scene.on(3.5, scene.desk.send_back, scene.file, until=until)]
    steps += [scene.on(5, scene.file.hand_in, slug) for slug in scene.desk.sent_back(scene.file)]
    return [*sent(scene), *steps]


def decided(outcome: str) -> Callable[[Scene], list[Step]]:
    """Checked, and decided: pending until the committee releases."""

    def told(scene: Scene) -> list[Step]:
        return [*checked(scene), scene.on(5.5, scene.desk.decide, scene.file, outcome)]

    return told


def accepted_and_withdrawn(scene: Scene) -> list[Step]:
    later = (scene.now - 6 * DAY - scene.begun) / DAY
    return [*decided("accepted")(scene), scene.on(later, scene.file.withdraw)]


TOLD: dict[str, Callable[[Scene], list[Step]]] = {
    "draft-empty": drafted(),
    "draft-person": drafted("you"),
    "draft-organisation": drafted("you", "organisation"),
    "draft-form": drafted(*EVERY_PART),
    "draft-half": drafted(*ALL_BUT_LAST, papers=("case-study", "commitment", "cv")),
    "draft-papers": drafted(*EVERY_PART, papers=("case-study", "waiver", "consent", "cv")),
    "draft-complete": complete,
    "sent": sent,
    "replaced": replaced,
    "returned": returned,
    "answered": answered,
    "checked": checked,
    "partly-checked": partly_checked,
    "pending-accepted": decided("accepted"),
    "pending-waitlisted": decided("waitlisted"),
    "pending-rejected": decided("rejected"),
    "accepted": decided("accepted"),
    "accepted-withdrawn": accepted_and_withdrawn,
    "waitlisted": decided("waitlisted"),
    "rejected": decided("rejected"),
    "withdrawn": withdrawn,
}
