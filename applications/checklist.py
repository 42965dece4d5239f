"""What an application still lacks: the one answer for its page, its submission and the staff. Pure.

The questions of the form are named here, because the form, the check before sending and the lists
of the staff must agree on which of them have to be answered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

# What has to be answered, section by section, in the order of the form.
ASKED: dict[str, tuple[str, ...]] = {
    "you": (
        "given_name",
        "certificate_name",
        "gender",
        "birth_date",
        "nationality",
        "phone",
        "city_name",
        "country",
    ),
    "organisation": ("organisation", "sector", "position", "years"),
    "work": ("duties", "experience", "motivation", "intention"),
    "taking-part": ("spoken_english", "written_english", "all_days", "first_time", "airfare"),
}
# What may stay empty.
OFFERED: dict[str, tuple[str, ...]] = {
    "you": ("family_name",),
    "organisation": ("department",),
    "taking-part": ("needs",),
}


class State(StrEnum):
    MISSING = "missing"
    ARRIVING = "arriving"
    CHECKING = "checking"
    HELD = "held"
    STALE = "stale"
    WAITING = "waiting"
    RECEIVED = "received"
    RETURNED = "returned"
    ACCEPTED = "accepted"


# A file that waits for its virus check counts for its sender; nobody else reads it before.
THERE = {State.WAITING, State.RECEIVED, State.ACCEPTED}


@dataclass(frozen=True)
class Slot:
    """A required document: `online` when it is the form.

    Else with the `status` and the virus `scan` of its current file, and with where a file that is
    on its way has got to: `transfer` is "arriving" or "checking". A paper that was signed under
    another name than the person has now `is_stale`.
    """

    slug: str
    title: str
    online: bool = False
    status: str = ""
    scan: str = ""
    transfer: str = ""
    is_stale: bool = False

    @property
    def kept(self) -> State:
        """The state of the current file, whatever is on its way."""
        state = State(self.status or State.MISSING)
        if self.is_stale and state is State.RECEIVED:
            return State.STALE
        if state is State.RETURNED or self.scan not in {State.HELD, State.WAITING}:
            return state
        is_held = self.scan == State.HELD
        return State.HELD if is_held else State.WAITING if state is State.RECEIVED else state

    @property
    def state(self) -> State:
        return State(self.transfer) if self.transfer else self.kept


@dataclass(frozen=True)
class Line:
    """A line of the checklist; `lacks` names the unanswered questions when it is the form.

    While a file is on its way, `kept` is the state of the one that it shall replace.
    """

    slug: str
    title: str
    online: bool
    state: State
    lacks: tuple[str, ...] = ()
    kept: State | None = None

    @property
    def is_there(self) -> bool:
        """Whether the document has been received and was not given back.

        A file that is on its way is not there yet; the one before counts until then.
        """
        return (self.kept or self.state) in THERE


def unanswered(answers: Mapping[str, object], section: str = "") -> tuple[str, ...]:
    """The questions without an answer, of one section or of all; 0 is an answer."""
    asked = ASKED[section] if section else [name for names in ASKED.values() for name in names]
    return tuple(name for name in asked if answers.get(name) in (None, ""))


def lines(slots: Iterable[Slot], answers: Mapping[str, object]) -> list[Line]:
    """The checklist, a line for each required document, in their order."""
    lacks = unanswered(answers)
    return [
        Line(slot.slug, slot.title, True, State.MISSING if lacks else State.RECEIVED, lacks)
        if slot.online
        else Line(
            slot.slug, slot.title, False, slot.state, kept=slot.kept if slot.transfer else None
        )
        for slot in slots
    ]


def missing(checklist: Collection[Line]) -> list[Line]:
    """The lines that keep the application from being complete; none left means complete."""
    return [line for line in checklist if not line.is_there]


def received(checklist: Collection[Line]) -> int:
    """How many of the documents are there, for “5 of 7 documents received”."""
    return len(checklist) - len(missing(checklist))
