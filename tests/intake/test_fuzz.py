"""Two thousand good files, each spoilt by chance: every one gets an answer, and nothing is left."""

import random
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.intake import good_files
from workshop_portal import files
from workshop_portal.files import KINDS, NotTaken
from workshop_portal.files.examiner import EXAMINER
from workshop_portal.files.sentences import SENTENCES

MUTATIONS = 2_000
PARTS = 8
LARGEST_SEED = 40_000
HALF_A_GIGABYTE = 512 * 1024 * 1024


@cache
def seeds():
    """Good files that are small enough to be read two thousand times."""
    made = [(name, make()) for _title, name, make in good_files.GOOD]
    return [(name, content) for name, content in made if len(content) < LARGEST_SEED]


def flip(chance, content):
    spoilt = bytearray(content)
    for _time in range(chance.choice([1, 3, 30])):
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def cut(chance, content):
    return content[: chance.randrange(1, len(content))]


def splice(chance, content):
    _name, other = chance.choice(seeds())
    return content[: chance.randrange(len(content))] + other[chance.randrange(len(other)) :]


def repeat(chance, content):
    start = chance.randrange(len(content))
    end = min(len(content), start + chance.randrange(1, 400))
    return content[:end] + content[start:end] * chance.choice([1, 2, 50]) + content[end:]


def drop(chance, content):
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.randrange(1, 60) :]


def number(chance, content):
    """Another number where a number is: lengths, places, sizes."""
    places = [place for place, sign in enumerate(content) if 48 <= sign <= 57]
    if not places:
        return flip(chance, content)
    place = chance.choice(places)
    told = chance.choice([b"0", b"9", b"-1", b"99999999999", b"4294967296"])
    return content[:place] + told + content[place + 1 :]


WAYS = [flip, cut, splice, repeat, drop, number]


def answer(name, content, folder):
    path = folder / "spoilt"
    path.write_bytes(content)
    kinds = list(KINDS.values())
    try:
        checked = files.check([path], name, kinds, limit=10_000_000, names_nobody=True)
    except NotTaken as refused:
        # An examination that was killed or broke down has a sentence too, and is no answer here.
        is_said = refused.code in SENTENCES and refused.code != "unchecked"
        return "refused" if is_said else refused.code
    return "cautioned" if checked.cautions else "taken"


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_chance_does_to_a_file_it_is_answered(part, tmp_path, monkeypatch, settings):
    temporary = tmp_path / "temporary"
    settings.SCRATCH_DIR = str(temporary)
    peaks = []
    asked = EXAMINER.ask

    def note(**question):
        found = asked(**question)
        peaks.append(found["peak"])
        return found

    monkeypatch.setattr(EXAMINER, "ask", note)
    chance, answers = random.Random(part), Counter()

    for _time in range(MUTATIONS // PARTS):
        name, content = chance.choice(seeds())
        answers[answer(name, chance.choice(WAYS)(chance, content), tmp_path)] += 1

    assert set(answers) <= {"taken", "cautioned", "refused"}
    assert answers["refused"] > answers["taken"] > 0
    assert max(peaks) < HALF_A_GIGABYTE
    assert list(temporary.iterdir()) == []


def test_the_files_that_are_spoilt_are_of_every_kind():
    kinds = Counter(Path(name).suffix for name, _content in seeds())

    assert set(kinds) == set(KINDS)
    assert kinds.total() >= 60
