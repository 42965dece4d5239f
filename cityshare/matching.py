"""The best set of peer assists to propose. Pure.

Section 6 of the CityShare specification. Who may help whom, and what that is worth, is said in
`helping`; the best set of such triples is an integer programme, solved by HiGHS through
`scipy.optimize.milp`. The same group gives the same answer whatever the order in which it is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from cityshare.helping import (
    QUARTERS,
    Group,
    Limits,
    Need,
    Reason,
    Triple,
    Worth,
    able,
    eligible,
    worth,
)

TIES = 1000  # what breaks ties costs 0 to TIES - 1, and less in all than a quarter of a point

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Proposal:
    """One triple of the answer; `fixed` when both sides had accepted it before."""

    triple: Triple
    worth: Worth
    fixed: bool = False


@dataclass(frozen=True)
class Unmet:
    need: Need
    reason: Reason


@dataclass(frozen=True)
class Matching:
    """The answer, each list in the order of its names.

    `floor` is what every learner gets that anybody may help, 0 when some get nothing: those are
    `left_out`. `price` is the value that fairness costs. `alone` are the learners whose needs
    nobody may help at all.
    """

    proposals: Sequence[Proposal]
    value: float
    price: float
    floor: int
    unmet: Sequence[Unmet]
    left_out: Sequence[str]
    alone: Sequence[str]


def match(group: Group, limits: Limits, accepted: Collection[Triple] = ()) -> Matching:
    """The best proposals: most cities with a match, then value, then ties by the names.

    Fairness first: every learner that anybody may help gets `limits.floor`, or the most that is
    possible for all; where not even one is, as many learners as possible get one. `accepted`
    stand whatever the rule and the limits say, and use the limits up; each answers a need of
    the group, or KeyError is raised.
    """
    may, accepted = eligible(group), set(accepted)
    needs = {(need.learner, need.practice): need for need in may}
    answered = {triple[1:] for triple in accepted}
    free = {
        triple: worth(group, triple, need).total
        for need, cities in may.items()
        for triple in (Triple(city, need.learner, need.practice) for city in cities)
        if triple[1:] not in answered
    }
    programme = Programme(free, limits, accepted)
    chosen = sorted({*accepted, *programme.fair()}, key=lambda one: (one[1:], one.helper))
    load = Counter(triple.learner for triple in chosen)
    helped = {need.learner for need, cities in may.items() if cities} | load.keys()
    proposals = [
        Proposal(triple, worth(group, triple, needs[triple[1:]]), triple in accepted)
        for triple in chosen
    ]
    return Matching(
        proposals=proposals,
        value=sum(proposal.worth.total for proposal in proposals),
        price=sum(free[t] for t in programme.best()) - sum(free.get(t, 0) for t in chosen),
        floor=min([limits.floor, *(load[city] for city in helped)]),
        unmet=unmet(group, limits, may, chosen),
        left_out=sorted(helped - load.keys()),
        alone=sorted({need.learner for need in may} - helped),
    )


def unmet(
    group: Group, limits: Limits, may: Mapping[Need, Sequence[str]], chosen: Collection[Triple]
) -> list[Unmet]:
    """The needs that no triple of `chosen` answers, each with its reason."""
    met = {triple[1:] for triple in chosen}
    load = Counter(triple.learner for triple in chosen)
    found = []
    for need, cities in may.items():
        if (need.learner, need.practice) in met:
            continue
        if cities:
            full = load[need.learner] >= limits.learner
            reason = Reason.LEARNER_FULL if full else Reason.HELPERS_FULL
        elif able(group, need, group.withheld):
            reason = Reason.REFUSED
        elif able(group, need):
            reason = Reason.WITHHELD
        else:
            reason = Reason.NOBODY
        found.append(Unmet(need, reason))
    return found


class Impossible(Exception):
    """Nothing fits all the constraints."""


class Programme:
    """The integer programme over the triples that are still free, `free`: triple -> value.

    Its columns are one binary for each triple and one for each learner; the latter count only
    where as many learners as possible are to be reached.
    """

    def __init__(
        self, free: Mapping[Triple, float], limits: Limits, accepted: Collection[Triple]
    ) -> None:
        got = Counter(triple.learner for triple in accepted)
        self.triples, self.accepted = list(free), accepted
        self.learners = list(dict.fromkeys(triple.learner for triple in [*free, *accepted]))
        self.width = len(self.triples) + len(self.learners)
        self.due = [min(limits.floor, limits.learner) - got[city] for city in self.learners]
        self.new = [0] * len(self.triples) + [int(not got[city]) for city in self.learners]
        self.cost = self.costs(free, most=limits.learner * len(self.learners))
        self.counts, _ = self.sums(lambda triple: triple.learner, self.learners)
        self.room = [
            self.at_most(1, lambda triple: triple[1:]),
            self.at_most(limits.helper, lambda triple: triple.helper),
            self.at_most(limits.learner, lambda triple: triple.learner),
            self.at_most(limits.pair, lambda triple: triple[:2]),
        ]

    def best(self) -> list[Triple]:
        """The most valuable set, whoever goes without."""
        return self.chosen(self.solve(self.cost))

    def fair(self) -> list[Triple]:
        """The most valuable set of those that are fair.

        Every learner gets what is due or, if that cannot be, one less, and so on; where even one
        cannot be had for everybody, as many as possible get one.
        """
        most = max(self.due, default=0)
        for less in range(most):
            with suppress(Impossible):
                floor = LinearConstraint(self.counts, lb=np.array(self.due) - less)
                return self.chosen(self.solve(self.cost, floor))
        return self.widest() if most > 0 else self.best()

    def widest(self) -> list[Triple]:
        """The most valuable set of those that reach the most learners who have nothing yet."""
        places = range(len(self.learners)), range(len(self.triples), self.width)
        marks = csr_array((np.ones(len(self.learners)), places), shape=self.counts.shape)
        honest = LinearConstraint(self.counts - marks, lb=0)
        new = np.array(self.new)
        most = new @ self.solve(-new, honest)
        return self.chosen(self.solve(self.cost, honest, LinearConstraint(new, lb=most)))

    def solve(self, cost: Numbers, *also: LinearConstraint) -> Numbers:
        """The columns, each 0 or 1, at the least cost. Raises Impossible when nothing fits."""
        if not self.width:
            return np.zeros(0)
        found = milp(
            cost,
            integrality=np.ones(self.width),
            bounds=Bounds(0, 1),
            constraints=[*self.room, *also],
            options={"mip_rel_gap": 0},
        )
        if found.x is None:
            raise Impossible(found.message)
        return np.rint(found.x)

    def chosen(self, columns: Numbers) -> list[Triple]:
        return [triple for triple, column in zip(self.triples, columns, strict=False) if column]

    def costs(self, free: Mapping[Triple, float], *, most: int) -> Numbers:
        """What is to be made small: the value, negative, and a part that only breaks ties.

        That part hangs on the names of a triple alone, not on who else is there, and favours
        nobody. `most` triples at most are chosen, so all their ties weigh less than a quarter.
        """
        value = np.rint(np.array(list(free.values())) * QUARTERS)
        ties = [crc32("\n".join(triple).encode()) % TIES for triple in free]
        return np.append(ties - value * TIES * (most + 1), np.zeros(len(self.learners)))

    def at_most(self, most: int, key: Callable[[Triple], Hashable]) -> LinearConstraint:
        """No more than `most` triples of one key, the accepted ones counted in."""
        used = Counter(key(triple) for triple in self.accepted)
        sums, keys = self.sums(key)
        return LinearConstraint(sums, ub=[max(0, most - used[one]) for one in keys])

    def sums(
        self, key: Callable[[Triple], Hashable], first: Iterable[Hashable] = ()
    ) -> tuple[csr_array, list[Hashable]]:
        """A matrix that adds up the triples of the same key, a row each, and the keys: those
        of `first` come first, whether or not they have a triple."""
        place = {one: row for row, one in enumerate(first)}
        rows = [place.setdefault(key(triple), len(place)) for triple in self.triples]
        cells = np.ones(len(rows)), (rows, range(len(rows)))
        return csr_array(cells, shape=(len(place), self.width)), list(place)
