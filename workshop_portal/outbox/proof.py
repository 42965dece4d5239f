"""Reading a letter before anybody else does: its placeholders, and what looks wrong in it. Pure.

A placeholder is a name in braces, {deadline}. Nothing else may stand in braces, and what is put
in is never looked at again: words of people stay words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

SUBJECT_LENGTH = 200
# The longest line that SMTP carries, in bytes, without its end.
LINE_LENGTH = 998
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")
PLACE = re.compile(r"\{([^{}]*)\}")
ADDRESS = re.compile(
    r"(?:\b(?:https?|ftp):|\b(?:javascript|data|file):(?=\S)|\bwww\.)[^\s<>\"”\u2019]*", re.I
)
EMPTY_ADDRESS = re.compile(r"^(?:[a-z]+:/*|www\.)$|^https?://[/:?#]", re.I)
EMPTY_MAIL = re.compile(r"mailto:(?!\S+@)|<\s*>|\(\s*\)", re.I)
CLOCK = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3]):[0-5]\d(?!\d)|\b\d{1,2} ?[ap]\.?m\b", re.I)
ZONE = re.compile(r"UTC")
# Between a time and its zone there is room for the name of a city.
ZONE_WITHIN = 60
TYPED_DATE = re.compile(
    r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2} (?:January|February|March|April|May|June|July|August|"
    r"September|October|November|December)\b|\d{1,2} ?월 ?\d{1,2} ?일"
)
# A comma or a full stop after nothing: “Dear ,”, “until .”, or two spaces around nothing.
NOTHING_THERE = re.compile(r"(?:^|\S)[ \t]+[,.;:!?](?=\s|$)|\S {2,}\S|“\s*”", re.M)


@dataclass(frozen=True)
class Fault:
    """What is wrong, where, and whether the letter cannot be written like that."""

    where: str
    line: int
    words: str
    stops: bool = True

    @property
    def sentence(self) -> str:
        """Where and what; a subject has but one line."""
        if self.where == "subject":
            return _("Subject: %(words)s") % {"words": self.words}
        facts = {"number": self.line, "words": self.words}
        return _("Letter, line %(number)d: %(words)s") % facts


# --- Placeholders ------------------------------------------------------------------------


def names_in(text: str) -> set[str]:
    """What stands in braces."""
    return {*PLACE.findall(text)}


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled, once: braces in what is put in mean nothing.

    A name without a value stays as it is written, so that no letter fails at its moment.
    """
    return PLACE.sub(lambda place: values.get(place[1], place[0]), text)


def unfillable(subject: str, body: str, *, allowed: Iterable[str]) -> list[Fault]:
    """Everything in braces that is no placeholder of this letter, and every lonely brace."""
    known, found = {*allowed}, []
    words = _("“{%(name)s}” is no placeholder.")
    for where, number, line in _lines(subject, body):
        unknown = [name for name in PLACE.findall(line) if name not in known]
        found += [Fault(where, number, words % {"name": name}) for name in unknown]
        if re.search(r"[{}]", PLACE.sub("", line)):
            alone = _("A brace stands alone. Braces are for placeholders only.")
            found.append(Fault(where, number, alone))
    return found


def lacking(subject: str, body: str, *, needed: Iterable[str]) -> list[str]:
    """The placeholders that this letter must hold and does not."""
    return sorted({*needed} - names_in(subject) - names_in(body))


def typed_dates(subject: str, body: str) -> list[Fault]:
    """Dates written by hand, which stay as they are when everything else moves."""
    words = _(
        "“%(date)s” is typed by hand and does not change when the deadline does. "
        "Use a placeholder if there is one."
    )
    return [
        Fault(where, number, words % {"date": date}, stops=False)
        for where, number, line in _lines(subject, body)
        for date in TYPED_DATE.findall(line)
    ]


# --- The letter as it would leave --------------------------------------------------------


def faults(
    subject: str, body: str, *, home: str, values: Mapping[str, str] | None = None
) -> list[Fault]:
    """What is wrong in a letter, each at the line that was typed.

    `values` are put in for the placeholders first; `home` is the portal's own address.
    """
    values = values or {}
    title = fill(subject, values)
    found = [] if title.strip() else [Fault("subject", 1, _("There is nothing in it."))]
    if ADDRESS.search(title):
        # A subject stands in lists; a personal link in it would be everybody's who reads them.
        found.append(Fault("subject", 1, _("A link belongs into the letter, not here.")))
    for where, number, typed in _lines(subject, body):
        for line in fill(typed, values).split("\n"):
            found += [Fault(where, number, *said) for said in _faults_of_line(line, home)]
    return found


def _faults_of_line(line: str, home: str) -> list[tuple[str, bool]]:
    found = []
    if len(line.encode()) > LINE_LENGTH:
        found.append((_("The line is too long for a mail. Break it into paragraphs."), True))
    for address in ADDRESS.findall(line):
        found += _faults_of_address(address.rstrip(".,;:)"), home)
    if EMPTY_MAIL.search(line):
        found.append((_("Something is empty here that should hold an address."), False))
    for clock in CLOCK.finditer(line):
        if not ZONE.search(line, clock.end(), clock.end() + ZONE_WITHIN):
            words = _("“%(time)s” has no time zone. Readers are in many.") % {"time": clock[0]}
            found.append((words, False))
    if NOTHING_THERE.search(line):
        found.append((_("A word seems to be missing here."), False))
    return found


def _faults_of_address(address: str, home: str) -> list[tuple[str, bool]]:
    if address == home or address.startswith(f"{home}/"):
        return []
    if EMPTY_ADDRESS.search(address):
        return [(_("The link “%(link)s” leads nowhere.") % {"link": address}, True)]
    if not address.lower().startswith(("http:", "https:", "www.")):
        return [(_("“%(link)s” is no link to a page.") % {"link": address}, True)]
    words = _("“%(link)s” leads to another place than the portal. Be sure that it is right.")
    return [(words % {"link": address}, False)]


def _lines(subject: str, body: str) -> list[tuple[str, int, str]]:
    numbered = [("body", number, line) for number, line in enumerate(body.split("\n"), start=1)]
    return [("subject", 1, subject), *numbered]


# --- Subject and body --------------------------------------------------------------------


def one_line(words: str) -> str:
    """A subject that fits a header: no line break or control character, and not too long."""
    words = " ".join(UNPRINTABLE.sub("", words).split())
    return words if len(words) <= SUBJECT_LENGTH else words[: SUBJECT_LENGTH - 1] + "…"


def parted(rendered: str) -> tuple[str, str]:
    """The subject and the body of a letter: what stands before its first blank line, and after."""
    words = UNPRINTABLE.sub("", rendered.replace("\r\n", "\n"))
    subject, _blank, body = words.strip().partition("\n\n")
    return one_line(subject), BLANK_LINES.sub("\n\n", body.strip()) + "\n"
