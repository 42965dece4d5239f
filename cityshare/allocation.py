"""Who rates whom: a draw that keeps the rules, can be repeated, and says why where it cannot be.

Every city is rated by k others and rates k others; never itself, its own country (where that is
the rule) or a city it has a declared conflict with. Where nothing speaks against the plain
pattern it is a circulant; else HiGHS solves the flow of section 5.5 of the CityShare
specification, with mutual rating as a cost or forbidden.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from scipy.optimize import linear_sum_assignment

from cityshare.pairing import Bar, City, Mutual, Pair, Problem, bar, bar_among, best, cost, marks


class Why(StrEnum):
    """Why a draw cannot be complete. `Reason` says what stands beside each."""

    FEW_RATERS = "few_raters"
    COUNTRY_LARGE = "country_large"
    FEW_OUTSIDE = "few_outside"
    CITY_LACKS = "city_lacks"
    GROUP_LACKS = "group_lacks"
    MUTUAL_BAN = "mutual_ban"


@dataclass(frozen=True)
class Reason:
    """Why not: `have` is what there is, `need` what there would have to be.

    FEW_RATERS: raters that are not the city itself, against k. COUNTRY_LARGE: raters outside
    `country`, against its cities, which are `cities`. FEW_OUTSIDE: the same, against k.
    CITY_LACKS: raters that one city may have, against k; `conflicts` are in the way.
    GROUP_LACKS: ratings that `cities` can get together, against k for each; `conflicts` are
    theirs. MUTUAL_BAN: pairs possible while nobody rates back, against all.
    """

    why: Why
    have: int
    need: int
    country: str = ""
    cities: tuple[str, ...] = ()
    conflicts: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class WaysOut:
    """What would make the draw complete, each alone, all else the same."""

    lower_to: int | None = None  # the largest smaller k
    without_country_rule: bool = False
    with_mutual: bool = False  # rating each other as a cost
    more_cities: int | None = None  # cities of other countries that take part like all others


@dataclass(frozen=True)
class Draw:
    """The answer: `short` maps each city that lacks raters to how many, `alternates` each city
    to the one who steps in. Reasons and ways out are there when the draw is not complete."""

    pairs: tuple[Pair, ...]
    wanted: int
    method: str  # "circulant" or "solver"
    alternates: dict[str, str]
    short: dict[str, int] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    ways_out: WaysOut = WaysOut()

    @property
    def complete(self) -> bool:
        return len(self.pairs) == self.wanted


def allocate(problem: Problem) -> Draw:
    """Draw the pairs, and one alternate for each city."""
    pairs, method = _plain(problem), "circulant"
    if not pairs:
        pairs, method = _solved(problem), "solver"
    ordered = tuple(sorted(pairs, key=lambda pair: (pair[1], pair[0])))
    alternates = alternates_for(problem, ordered)
    if len(ordered) == problem.wanted:
        return Draw(ordered, problem.wanted, method, alternates)
    return Draw(
        ordered,
        problem.wanted,
        method,
        alternates,
        _short(problem, ordered),
        _reasons(problem),
        _ways_out(problem),
    )


def possible(problem: Problem) -> int:
    """How many pairs the rules allow at most: the value of the flow."""
    return len(best(problem) or ())


def stand_ins(problem: Problem, pairs: Collection[Pair], rated: str) -> list[str]:
    """Who may rate this city besides those who do: least load first, then least cost, then lot."""
    load = Counter(rater for rater, _ in pairs)
    free = [r for r in problem.raters if not bar_among(problem, pairs, r, rated)]
    return sorted(
        free,
        key=lambda r: (load[r], cost(marks(problem, pairs, r, rated)), problem.lot(r, rated)),
    )


def alternates_for(problem: Problem, pairs: Collection[Pair]) -> dict[str, str]:
    """One stand-in for as many cities as have one, spread so that nobody's load grows high."""
    load = Counter(rater for rater, _ in pairs)
    raters, rated = problem.raters, problem.rated
    if not raters or not rated:
        return {}
    times = len(rated)
    never = 1e9
    price = np.full((len(rated), len(raters) * times), never)
    for row, city in enumerate(rated):
        for r, rater in enumerate(raters):
            if not bar_among(problem, pairs, rater, city):
                once = cost(marks(problem, pairs, rater, city)) + problem.lot(rater, city)
                turns = 1000 * (load[rater] + np.arange(times))
                price[row, r * times : (r + 1) * times] = turns + once
    rows, columns = linear_sum_assignment(price)
    return {
        rated[row]: raters[column // times]
        for row, column in zip(rows, columns, strict=True)
        if price[row, column] < never
    }


def circulant(order: Sequence[str], k: int, start: int) -> list[Pair]:
    """City i rates the cities i + start ... i + start + k - 1 of a ring."""
    n = len(order)
    return [
        (city, order[(i + d) % n]) for i, city in enumerate(order) for d in range(start, start + k)
    ]


def _plain(problem: Problem) -> list[Pair]:
    """The circulant, each country's cities side by side, if nothing at all speaks against it."""
    n, k = len(problem.cities), problem.k
    countries = Counter(city.country for city in problem.cities if city.country)
    start = max(countries.values(), default=1) if problem.country_rule else 1
    if problem.raters != problem.rated or k > n - 2 * start + 1:
        return []

    def place(city: City) -> tuple[float, str, float]:
        alone = "" if city.country else city.key
        return problem.lot(city.country, alone), city.country, problem.lot(city.key)

    pairs = circulant([c.key for c in sorted(problem.cities, key=place)], k, start)
    known = set(pairs)
    spoilt = any(bar(problem, *pair) or marks(problem, known, *pair) for pair in pairs)
    return [] if spoilt else pairs


def _solved(problem: Problem) -> list[Pair]:
    """As many pairs as can be, spread over the cities as evenly as can be, at the least cost."""
    most = best(problem) or []
    top = problem.k if len(most) == problem.wanted else problem.k - 1
    tries = (best(problem, total=len(most), floor=floor) for floor in range(top, -1, -1))
    return next((pairs for pairs in tries if pairs is not None), most)


def _short(problem: Problem, pairs: Iterable[Pair]) -> dict[str, int]:
    got = Counter(rated for _, rated in pairs)
    return {c: problem.k - got[c] for c in problem.rated if got[c] < problem.k}


def _reasons(problem: Problem) -> tuple[Reason, ...]:
    """The plainest words for it: too few, one country, one city; else the group that is short."""
    free = replace(problem, mutual=Mutual.COST)
    pairs = best(free) or []
    if len(pairs) == problem.wanted:
        return (Reason(Why.MUTUAL_BAN, possible(problem), problem.wanted),)
    others = len(problem.raters) - (1 if set(problem.raters) & set(problem.rated) else 0)
    if others < problem.k:
        return (Reason(Why.FEW_RATERS, others, problem.k),)
    plain = (*_countries(problem), *_lonely(problem))
    return plain or (_group(free, pairs),)


def _countries(problem: Problem) -> Iterable[Reason]:
    if not problem.country_rule:
        return
    names = sorted({problem.by_key[key].country for key in problem.rated} - {""})
    for name in names:
        inside = tuple(c for c in problem.rated if problem.by_key[c].country == name)
        outside = sum(problem.by_key[r].country != name for r in problem.raters)
        if outside < len(inside):
            yield Reason(Why.COUNTRY_LARGE, outside, len(inside), name, inside)
        elif outside < problem.k:
            yield Reason(Why.FEW_OUTSIDE, outside, problem.k, name, inside)


def _lonely(problem: Problem) -> Iterable[Reason]:
    """Cities that conflicts alone leave with fewer than k raters."""
    for city in problem.rated:
        bars = [(r, bar(problem, r, city)) for r in problem.raters]
        have = sum(found is None for _, found in bars)
        conflicts = tuple((r, city) for r, found in bars if found == Bar.CONFLICT)
        if have < problem.k and conflicts:
            yield Reason(Why.CITY_LACKS, have, problem.k, "", (city,), conflicts)


def _group(problem: Problem, pairs: Collection[Pair]) -> Reason:
    """The cities that together can get fewer ratings than they need: the cut of the flow.

    From a city that is short, through everybody who might rate it and does not, to the cities
    these rate instead: whoever is reached has all ratings that the group can ever get.
    """
    taken = set(pairs)
    group: set[str] = set()
    waiting = list(_short(problem, pairs))
    while waiting:
        city = waiting.pop()
        if city not in group:
            group.add(city)
            willing = {r for r in problem.raters if not bar(problem, r, city)}
            idle = {r for r in willing if (r, city) not in taken}
            waiting += [c for r, c in taken if r in idle]
    have = sum(rated in group for _, rated in pairs)
    known = set(problem.by_key)
    conflicts = tuple(sorted(p for p in problem.conflicts if set(p) & group and set(p) <= known))
    cities = tuple(sorted(group))
    return Reason(Why.GROUP_LACKS, have, problem.k * len(group), "", cities, conflicts)


def _ways_out(problem: Problem) -> WaysOut:
    def works(**changes: object) -> bool:
        changed = replace(problem, **changes)  # type: ignore[arg-type]
        return possible(changed) == changed.wanted

    enough_rate = len(problem.raters) >= len(problem.rated)
    smaller = (k for k in range(problem.k - 1, 0, -1) if works(k=k))
    return WaysOut(
        lower_to=next(smaller, None),
        without_country_rule=problem.country_rule and works(country_rule=False),
        with_mutual=problem.mutual == Mutual.BAN and works(mutual=Mutual.COST),
        more_cities=_more(problem) if enough_rate else None,
    )


def _more(problem: Problem) -> int:
    """The fewest cities of other countries, without conflicts, that make the draw complete.

    Some number does, where as many rate as are rated: cities enough for a ring.
    """

    def works(number: int) -> bool:
        more = tuple(City(f"\x00{i}") for i in range(number))
        joined = replace(problem, cities=(*problem.cities, *more))
        return possible(joined) == joined.wanted

    few = enough = 1
    while not works(enough):
        few, enough = enough + 1, 2 * enough
    while few < enough:
        half = (few + enough) // 2
        few, enough = (few, half) if works(half) else (half + 1, enough)
    return enough
