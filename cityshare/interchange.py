"""A framework as JSON carries it: read with a place for every fault, and written again. Pure.

The shape is that of `framework.json`: `name`, `version`, `scale` (the levels, 1 to n),
`introduction`, `meanings` (level -> name and words), `practices` (`id`, `pillar`, `name`,
`question`, `grounded_in`, `levels`: level -> sentence) and `dossiers` (`title`, `text`, `cases`:
`practice`, `text`, `level`, `why`). Only `version`, `scale` and `practices` have to be there. A
sentence may be empty, as in a draft, and so may the name of a level; none may be left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

# What is written by hand here comes in again as a file: so large is a framework with as much of
# everything as there can be, in signs of four bytes.
LARGEST_FILE = 5 * 1024 * 1024
FEWEST_LEVELS, MOST_LEVELS = 2, 9
MOST_PRACTICES, MOST_DOSSIERS = 40, 6
MOST_FAULTS = 20
# What a practice's code is made of: it stands in addresses.
CODE = re.compile(r"[A-Za-z0-9_-]+")
# The longest texts, as the tables hold them, by what they are.
LONGEST = {
    "name": 200,
    "version": 20,
    "introduction": 2000,
    "meanings.name": 40,
    "meanings.words": 200,
    "practices.id": 10,
    "practices.pillar": 60,
    "practices.name": 150,
    "practices.question": 300,
    "practices.grounded_in": 1000,
    "practices.levels": 1000,
    "dossiers.title": 150,
    "dossiers.text": 3000,
    "dossiers.cases.text": 2000,
    "dossiers.cases.why": 1000,
}


class NotJson(Exception):
    """The bytes are no JSON that could be read. `code` and `facts` say why, as in `Fault`."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place, such as `practices[3].levels`; `near` is the id found there.

    The place of the file as a whole is empty.
    """

    place: str
    code: str
    near: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Meaning:
    name: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One practice; `levels` holds the sentence of every level, from 1, maybe an empty one."""

    code: str
    pillar: str
    name: str
    question: str = ""
    grounded_in: str = ""
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    practice: str
    text: str
    level: int
    why: str


@dataclass(frozen=True, slots=True)
class Invented:
    """A dossier: an invented city with its cases."""

    title: str
    text: str
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole framework as plain data; `meanings` is empty or has one for every level."""

    name: str
    version: str
    levels: int
    introduction: str = ""
    meanings: tuple[Meaning, ...] = ()
    practices: tuple[Line, ...] = ()
    dossiers: tuple[Invented, ...] = ()


# --- Reading -----------------------------------------------------------------------------


def parse(content: bytes) -> Any:
    """What stands in a file of JSON. Raises NotJson for what cannot be read without a doubt."""
    if len(content) > LARGEST_FILE:
        raise NotJson("too_large", most=LARGEST_FILE, size=len(content))
    try:
        return json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number
        )
    except UnicodeDecodeError as fault:
        raise NotJson("not_utf8") from fault
    except json.JSONDecodeError as fault:
        raise NotJson("not_json", line=fault.lineno, column=fault.colno) from fault
    except (RecursionError, ValueError) as fault:
        raise NotJson("not_sensible") from fault


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys stand in it once; of two the second would silently count."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise NotJson("key_twice", key=key[:60])
        found[key] = value
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def read(
    data: object, *, is_readable: Callable[[str], bool] = str.isprintable
) -> tuple[Sheet | None, list[Fault]]:
    """The framework that `data` holds, or None with what is wrong, at most MOST_FAULTS of it.

    `is_readable` says of each sign whether a text may hold it; line ends are asked about too.
    """
    reader = Reader(lambda sign: sign == "\n" or is_readable(sign))
    sheet = reader.sheet(data)
    return (None, reader.faults) if reader.faults else (sheet, [])


class Reader:
    """Goes through the data and notes every fault with its place, instead of stopping at one."""

    def __init__(self, is_readable: Callable[[str], bool]) -> None:
        self.is_readable = is_readable
        self.faults: list[Fault] = []
        self.near = ""

    def note(self, place: str, code: str, **facts: object) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(place, code, self.near, facts))

    def sheet(self, data: object) -> Sheet:
        known = ("name", "version", "scale", "introduction", "meanings", "practices", "dossiers")
        top = self.keyed(data, "", known, needed=("version", "scale", "practices"))
        levels = self.scale(top.get("scale"), given="scale" in top)
        practices = tuple(
            self.line(line, place, levels)
            for place, line in self.items(top, "practices", MOST_PRACTICES)
        )
        self.near = ""
        codes = [line.code for line in practices]
        self.apart(codes)
        dossiers = tuple(
            self.dossier(dossier, place, levels, codes)
            for place, dossier in self.items(top, "dossiers", MOST_DOSSIERS)
        )
        self.near = ""
        return Sheet(
            name=self.text(top, "", "name", needed=False),
            version=self.text(top, "", "version"),
            levels=levels,
            introduction=self.text(top, "", "introduction", needed=False),
            meanings=self.meanings(top.get("meanings"), levels) if "meanings" in top else (),
            practices=practices,
            dossiers=dossiers,
        )

    def apart(self, codes: list[str]) -> None:
        """No code stands twice, nor beside another that only capitals tell from it."""
        folded = [code.casefold() for code in codes]
        for place, code in enumerate(codes):
            if code and code in codes[:place]:
                self.note(f"practices[{place}].id", "twice", said=code)
            elif code and folded[place] in folded[:place]:
                other = codes[folded.index(folded[place])]
                self.note(f"practices[{place}].id", "too_alike", said=code, other=other)

    def keyed(
        self, data: object, place: str, known: Iterable[str], *, needed: Iterable[str]
    ) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.note(place, "not_object")
            return {}
        for key in data:
            if key not in known:
                self.note(place, "unknown_key", key=key[:60])
        for key in needed:
            if key not in data:
                self.note(place, "missing", key=key)
        return data

    def items(self, holder: dict[str, Any], key: str, most: int) -> Iterator[tuple[str, object]]:
        found = holder.get(key, [])
        if not isinstance(found, list):
            self.note(key, "not_list")
            return
        if len(found) > most:
            self.note(key, "too_many", most=most, number=len(found))
        for place, item in enumerate(found[:most]):
            yield f"{key}[{place}]", item

    def scale(self, scale: object, *, given: bool) -> int:
        numbers = scale if isinstance(scale, list) else []
        are_whole = all(type(number) is int for number in numbers)
        in_order = are_whole and numbers == list(range(1, len(numbers) + 1))
        if in_order and FEWEST_LEVELS <= len(numbers) <= MOST_LEVELS:
            return len(numbers)
        if given:
            self.note("scale", "scale", fewest=FEWEST_LEVELS, most=MOST_LEVELS)
        return 0

    def text(
        self, holder: dict[str, Any], place: str, key: str, kind: str = "", *, needed: bool = True
    ) -> str:
        """The text under a key. What has to be there and is not was noted by `object`."""
        where = f"{place}.{key}" if place else key
        return self.words(holder.get(key, ""), where, kind or key, needed=needed and key in holder)

    def words(self, said: object, place: str, kind: str, *, needed: bool) -> str:
        if not isinstance(said, str):
            self.note(place, "not_text")
            return ""
        text = said.replace("\r\n", "\n").strip()
        if needed and not text:
            self.note(place, "empty")
        if len(text) > LONGEST[kind]:
            self.note(place, "too_long", most=LONGEST[kind], length=len(text))
        if not all(map(self.is_readable, set(text))):
            self.note(place, "unreadable")
        return text

    def by_level(self, data: object, place: str, levels: int) -> dict[int, Any]:
        """What an object holds for each level, from 1 to `levels`: none missing, none beyond."""
        if not isinstance(data, dict):
            self.note(place, "not_object")
            return {}
        wanted = {str(level): level for level in range(1, levels + 1)}
        for key in data:
            if levels and key not in wanted:
                self.note(place, "no_such_level", level=key[:20], most=levels)
        for key in wanted:
            if key not in data:
                self.note(place, "level_missing", level=key)
        return {level: data[key] for key, level in wanted.items() if key in data}

    def meanings(self, data: object, levels: int) -> tuple[Meaning, ...]:
        found = []
        for level, said in self.by_level(data, "meanings", levels).items():
            place = f"meanings.{level}"
            about = self.keyed(said, place, ("name", "words"), needed=("name",))
            found.append(
                Meaning(
                    self.text(about, place, "name", "meanings.name", needed=False),
                    self.text(about, place, "words", "meanings.words", needed=False),
                )
            )
        return tuple(found)

    def line(self, data: object, place: str, levels: int) -> Line:
        known = ("id", "pillar", "name", "question", "grounded_in", "levels")
        self.near = ""
        about = self.keyed(data, place, known, needed=("id", "pillar", "name", "levels"))
        code = self.text(about, place, "id", "practices.id")
        if code and not CODE.fullmatch(code):
            self.note(f"{place}.id", "not_code")
        self.near = code[: LONGEST["practices.id"]]
        sentences = self.by_level(about.get("levels", {}), f"{place}.levels", levels)
        return Line(
            code=code,
            pillar=self.text(about, place, "pillar", "practices.pillar"),
            name=self.text(about, place, "name", "practices.name"),
            question=self.text(about, place, "question", "practices.question", needed=False),
            grounded_in=self.text(
                about, place, "grounded_in", "practices.grounded_in", needed=False
            ),
            levels=tuple(
                self.words(said, f"{place}.levels.{level}", "practices.levels", needed=False)
                for level, said in sentences.items()
            ),
        )

    def dossier(self, data: object, place: str, levels: int, codes: list[str]) -> Invented:
        self.near = ""
        about = self.keyed(data, place, ("title", "text", "cases"), needed=("title", "text"))
        inner = self.items({f"{place}.cases": about.get("cases", [])}, f"{place}.cases", len(codes))
        cases = tuple(self.case(case, where, levels, codes) for where, case in inner)
        rated = [case.practice for case in cases]
        for number, code in enumerate(rated):
            if code and code in rated[:number]:
                self.note(f"{place}.cases[{number}].practice", "twice", said=code)
        return Invented(
            self.text(about, place, "title", "dossiers.title"),
            self.text(about, place, "text", "dossiers.text"),
            cases,
        )

    def case(self, data: object, place: str, levels: int, codes: list[str]) -> Case:
        fields = ("practice", "text", "level", "why")
        about = self.keyed(data, place, fields, needed=fields)
        practice = self.text(about, place, "practice", "practices.id")
        if practice and practice not in codes:
            self.note(f"{place}.practice", "no_such_practice", said=practice)
        level = about.get("level", 1)
        if type(level) is not int or (levels and not 1 <= level <= levels):
            self.note(f"{place}.level", "no_such_level", level=str(level)[:20], most=levels)
            level = 1
        text = self.text(about, place, "text", "dossiers.cases.text")
        return Case(practice, text, level, self.text(about, place, "why", "dossiers.cases.why"))


# --- Writing -----------------------------------------------------------------------------


def written(sheet: Sheet) -> dict[str, Any]:
    """The framework in the shape of `framework.json`; `read` gives the same sheet back."""
    numbers = range(1, sheet.levels + 1)
    return {
        "name": sheet.name,
        "version": sheet.version,
        "scale": list(numbers),
        "introduction": sheet.introduction,
        **({"meanings": _meanings(sheet)} if sheet.meanings else {}),
        "practices": [
            {
                "id": line.code,
                "pillar": line.pillar,
                "name": line.name,
                "question": line.question,
                "grounded_in": line.grounded_in,
                "levels": {str(n): text for n, text in zip(numbers, line.levels, strict=True)},
            }
            for line in sheet.practices
        ],
        "dossiers": [
            {
                "title": dossier.title,
                "text": dossier.text,
                "cases": [
                    {
                        "practice": case.practice,
                        "level": case.level,
                        "text": case.text,
                        "why": case.why,
                    }
                    for case in dossier.cases
                ],
            }
            for dossier in sheet.dossiers
        ],
    }


def _meanings(sheet: Sheet) -> dict[str, dict[str, str]]:
    return {
        str(level): {"name": meaning.name, "words": meaning.words}
        for level, meaning in enumerate(sheet.meanings, start=1)
    }
