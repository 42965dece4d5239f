"""Whether a workshop is for somebody, by the rules of its call. Pure.

The standard is what the first workshops said of whom they are for: people of governments,
non-governmental organisations and institutions that work with victims, in cities of Asia and the
Pacific, who are fluent in English and stay to the end. Neither text shuts out other countries or
other organisations (international ones came), so these are questions for the centre.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

# Regional and associate members of the UN's Economic and Social Commission for Asia and the
# Pacific, by ISO 3166-1.
ASIA_PACIFIC = frozenset(
    [
        "AF",
        "AM",
        "AU",
        "AZ",
        "BD",
        "BN",
        "BT",
        "CN",
        "FJ",
        "FM",
        "GE",
        "ID",
        "IN",
        "IR",
        "JP",
        "KG",
        "KH",
        "KI",
        "KP",
        "KR",
        "KZ",
        "LA",
        "LK",
        "MH",
        "MM",
        "MN",
        "MV",
        "MY",
        "NP",
        "NR",
        "NZ",
        "PG",
        "PH",
        "PK",
        "PW",
        "RU",
        "SB",
        "SG",
        "TH",
        "TJ",
        "TL",
        "TM",
        "TO",
        "TR",
        "TV",
        "UZ",
        "VN",
        "VU",
        "WS",
        "AS",
        "CK",
        "GU",
        "HK",
        "MO",
        "MP",
        "NC",
        "NU",
        "PF",
    ]
)


class Reason(StrEnum):
    """What stands between a person and a workshop, in the order of the questions."""

    SECTOR = "sector"
    COUNTRY = "country"
    SPOKEN = "spoken"
    SPOKEN_SOME = "spoken_some"
    WRITTEN = "written"
    WRITTEN_SOME = "written_some"
    DAYS = "days"


class Outcome(StrEnum):
    YES = "yes"
    ASK = "ask"
    NO = "no"


@dataclass(frozen=True)
class Rules:
    """Whom a call is for. Of the reasons in `asks` a person decides; the others mean no."""

    sectors: frozenset[str]
    countries: frozenset[str]
    fluent: frozenset[str]
    some: frozenset[str]
    asks: frozenset[Reason]


STANDARD = Rules(
    sectors=frozenset({"local", "central", "ngo", "victim_service"}),
    countries=ASIA_PACIFIC,
    fluent=frozenset({"fluent"}),
    some=frozenset({"working"}),
    asks=frozenset({Reason.SECTOR, Reason.COUNTRY, Reason.SPOKEN_SOME, Reason.WRITTEN_SOME}),
)


@dataclass(frozen=True)
class Answers:
    """What a person says of themselves, with the words of the application's own columns."""

    sector: str
    country: str
    spoken_english: str
    written_english: str
    all_days: str


def reasons(answers: Answers, rules: Rules = STANDARD) -> tuple[Reason, ...]:
    """Everything that stands in the way, in the order of the questions; nothing means “apply”."""
    found = {
        Reason.SECTOR: answers.sector not in rules.sectors,
        Reason.COUNTRY: answers.country not in rules.countries,
        **_english(answers.spoken_english, Reason.SPOKEN, Reason.SPOKEN_SOME, rules),
        **_english(answers.written_english, Reason.WRITTEN, Reason.WRITTEN_SOME, rules),
        Reason.DAYS: answers.all_days != "yes",
    }
    return tuple(reason for reason in Reason if found[reason])


def _english(level: str, none: Reason, some: Reason, rules: Rules) -> dict[Reason, bool]:
    known = rules.fluent | rules.some
    return {none: level not in known, some: level in rules.some - rules.fluent}


def outcome(found: Iterable[Reason], rules: Rules = STANDARD) -> Outcome:
    """What these reasons come to: one that means no outweighs all that can be asked about."""
    against = set(found)
    if against - rules.asks:
        return Outcome.NO
    return Outcome.ASK if against else Outcome.YES


def joined(found: Iterable[Reason]) -> str:
    """A set of reasons as one word, the same in whatever order they come."""
    against = set(found)
    return " ".join(reason for reason in Reason if reason in against)


def parted(text: str) -> tuple[Reason, ...]:
    """What `joined` was made of."""
    return tuple(map(Reason, text.split()))
