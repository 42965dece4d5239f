"""The worked example as the pure modules for helping take it, and what tests ask of an answer."""

import json
from collections import Counter
from pathlib import Path

from cityshare.helping import City, Group, Need, Triple, eligible, worth

EXAMPLE = json.loads((Path(__file__).parent / "example.json").read_text(encoding="utf-8"))
EXPECTED = EXAMPLE["expected"]
LEVELS = {
    city: dict(zip(EXAMPLE["practices"], levels, strict=True))
    for city, levels in EXPECTED["level"].items()
}
GROUP = Group(
    cities={city: City() for city in EXAMPLE["cities"]},
    levels=LEVELS,
    needs=[
        Need(city, practice, LEVELS[city][practice], target)
        for city, targets in EXAMPLE["target"].items()
        for practice, target in zip(EXAMPLE["practices"], targets, strict=True)
        if target > LEVELS[city][practice]
    ],
)
TABLE = """
P1: Birch>Alder 5, Dogwood>Alder 4, Birch>Cedar 4, Dogwood>Cedar 4, Elm>Cedar 5, Birch>Elm 3,
Dogwood>Elm 3; P2: Alder>Birch 3, Elm>Birch 3, Alder>Cedar 4, Elm>Cedar 5, Alder>Dogwood 4,
Birch>Dogwood 5, Elm>Dogwood 4; P3: Cedar>Alder 3, Cedar>Birch 5, Cedar>Dogwood 3, Alder>Elm 5,
Cedar>Elm 4, Dogwood>Elm 5; P4: Alder>Birch 5, Alder>Cedar 3, Alder>Dogwood 3, Alder>Elm 5
"""


def table():
    """The values of the specification: triple -> value."""
    found = {}
    for part in TABLE.replace("\n", " ").split(";"):
        practice, pairs = part.strip().split(": ")
        for pair in pairs.split(","):
            cities, value = pair.split()
            found[Triple(*cities.split(">"), practice)] = int(value)
    return found


def values(group):
    """What each eligible triple is worth: triple -> value."""
    return {
        triple: worth(group, triple, need).total
        for need, cities in eligible(group).items()
        for triple in (Triple(city, need.learner, need.practice) for city in cities)
    }


def chosen(matching):
    return [proposal.triple for proposal in matching.proposals]


def most_of(triples, key):
    return max(Counter(key(triple) for triple in triples).values(), default=0)


def assert_keeps_the_rules(matching, group, limits):
    triples = chosen(matching)
    assert set(triples) <= set(eligible_triples(group))
    assert most_of(triples, lambda t: (t.learner, t.practice)) <= 1
    assert most_of(triples, lambda t: t.helper) <= limits.helper
    assert most_of(triples, lambda t: t.learner) <= limits.learner
    assert most_of(triples, lambda t: (t.helper, t.learner)) <= limits.pair


def eligible_triples(group):
    return list(values(group))
