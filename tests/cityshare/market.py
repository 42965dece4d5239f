"""The worked example on its market: what tests of offers, needs and proposals begin with."""

from cityshare.actions import market, matching
from cityshare.models import Cycle
from cityshare.queries.market import board
from cityshare.worker import solve_matching
from tests import factories as make
from tests.cityshare.example import Example

LIMITS = {"floor": 1, "helper_capacity": 2, "learner_capacity": 2}


class Market(Example):
    """The example in the stage of the market; `all_confirmed` says yes to every question."""

    def __init__(self, *, stage=Cycle.Stage.MARKET, all_confirmed=False, **kwargs):
        super().__init__(stage=stage, **kwargs)
        if all_confirmed:
            for name in self.teams:
                self.confirm(name)

    def confirm(self, name):
        """A city says yes to everything that it is asked."""
        team, by = self.teams[name], self.people[name]
        asked = board(self.cycle, team)
        for ask in asked.offers:
            market.answer_offer(team, self.practices[ask.practice.code], yes=True, by=by)
        for ask in asked.needs:
            market.answer_need(team, self.practices[ask.practice.code], yes=True, by=by)

    def offer(self, name, code, yes=True, **words):
        team, by = self.teams[name], self.people[name]
        return market.answer_offer(team, self.practices[code], yes=yes, **words, by=by)

    def need(self, name, code, yes=True, **words):
        team, by = self.teams[name], self.people[name]
        return market.answer_need(team, self.practices[code], yes=yes, **words, by=by)

    def solve(self, **limits):
        """Ask for proposals and let the worker find them."""
        asked = matching.start(self.cycle, **{**LIMITS, **limits}, by=self.facilitator)
        solve_matching(str(asked.pk))
        asked.refresh_from_db()
        return asked

    def shown(self, **limits):
        """Proposals that both sides have been asked about."""
        asked = self.solve(**limits)
        matching.release(asked, by=self.facilitator)
        asked.refresh_from_db()
        return asked

    def pair(self, helper, learner, code):
        """The newest proposal of these two."""
        found = self.teams[learner].learning_proposed.filter(
            helper=self.teams[helper], practice__code=code
        )
        return found.order_by("-changed_at").first()


def confirmed(model, market_):
    """Who has confirmed what: "Alder P2" and so on."""
    rows = model.objects.filter(team__cycle=market_.cycle, status="confirmed")
    return sorted(f"{row.team.city.name} {row.practice.code}" for row in rows)


def pairs(proposals):
    """Proposals in short: "Birch helps Alder P1"."""
    return sorted(
        f"{one.helper.city.name} helps {one.learner.city.name} {one.practice.code}"
        for one in proposals
    )


def another_cycle(example, name="Another cycle"):
    """A cycle of the same framework in which nobody of the example takes part."""
    workshop = make.WorkshopFactory()
    make.RoleFactory(workshop=workshop, role="facilitator")
    facts = {"framework": example.framework, "status": example.cycle.status}
    return Cycle.objects.create(workshop=workshop, name=name, **facts)
