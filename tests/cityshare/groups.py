"""Groups of cities for the draws of raters, and what is counted in a draw."""

import json
from collections import Counter
from pathlib import Path

from cityshare.pairing import City, Problem

EXAMPLE = json.loads(Path(__file__).with_name("example.json").read_text())
FIVE = tuple(City(name, EXAMPLE["country"][name]) for name in EXAMPLE["cities"])
NINE = tuple(City(name, name[0]) for name in ("X1", "X2", "X3", "Y1", "Y2", "Z1", "Z2", "W1", "V1"))


def problem(cities, k, **rules):
    """A draw of k raters for each of these cities, by the rules that are usual."""
    return Problem(tuple(cities), k, **{"seed": 2027, **rules})


def of_countries(*sizes):
    """Cities of as many countries as there are numbers, each with so many of them."""
    return [City(f"{c}{i}", f"country {c}") for c, size in enumerate(sizes) for i in range(size)]


def loads(pairs):
    """How often each city rates, and how often each is rated."""
    return Counter(r for r, _ in pairs), Counter(c for _, c in pairs)


def two_ways(pairs):
    """The cities that rate each other."""
    return {frozenset(pair) for pair in pairs if pair[::-1] in pairs}
