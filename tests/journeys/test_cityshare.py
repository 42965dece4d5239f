"""A city from the framework to the library, and the facilitator who leads it there."""

import pytest
from django.urls import reverse

from cityshare.models import (
    Asset,
    Assignment,
    Cycle,
    Moderation,
    PeerRating,
    Proposal,
    SelfScore,
)
from tests.cityshare.example import DATA, Example

pytestmark = pytest.mark.journey


@pytest.fixture
def example(transactional_db):
    """Everybody but Alder has handed in what they say of themselves."""
    made = Example(stage="self", rated=False, moderated=False)
    made.teams["Alder"].assessment.scores.all().delete()
    made.teams["Alder"].assessment.delete()
    return made


class Walk:
    """Two people at work: who speaks for Alder, on a phone, and the facilitator at a desk."""

    def __init__(self, example, city, desk):
        self.example, self.city, self.desk = example, city, desk

    def at(self, name, *more):
        return reverse(f"cityshare:{name}", args=[self.example.cycle.pk, *more])

    def assess(self):
        """Level, target, a few words and what shows them, practice by practice; then hand it in."""
        page = self.city.page
        levels = zip(DATA["practices"], DATA["self"]["Alder"], DATA["target"]["Alder"], strict=True)
        for code, level, target in levels:
            self.city.go(self.at("assess-practice", code))
            page.check(f"input[name=level][value='{level}']")
            page.check(f"input[name=target][value='{target}']")
            page.check("input[name=priority][value='1']")
            page.fill("textarea[name=why]", f"What we do about {code}.")
            self.press(page, "main input[name=save]")
            for kind in ("document", "figures", "review")[: max(0, level - 2)]:
                self.city.go(self.at("evidence-add", code))
                page.check(f"input[name=kind][value={kind}]")
                page.fill("input[name=title]", f"Shown by {kind}")
                page.fill("textarea[name=text]", "It lies at the city hall.")
                self.press(page, "main input[name=save]")
        self.city.go(self.at("assess"))
        assert self.city.barriers() == []
        page.click("main form[action$='/submit/'] button")
        page.wait_for_selector("text=Handed in")

    def move_on(self):
        """The facilitator begins the next stage, knowing what is missing."""
        self.desk.go(self.at("cycle-move-on"))
        if self.desk.page.locator("input[name=in_spite]").count():
            self.desk.page.check("input[name=in_spite]")
        with self.desk.page.expect_navigation():
            self.desk.page.click("main form.measure button")
        self.example.cycle.refresh_from_db()

    def draw(self):
        """The raters are drawn, looked at and released."""
        page = self.desk.page
        self.desk.go(self.at("draw"))
        page.click("main input[name=draw]")
        self.desk.go(self.at("draw"))
        assert self.desk.barriers() == []
        self.sure(page, "main form[action$='/release/'] button")

    def press(self, page, button):
        """Press a button, and wait for the page it leads to: what is typed is saved before."""
        with page.expect_navigation():
            page.click(button)

    def sure(self, page, button):
        """Press a button that asks whether one is sure, and say yes."""
        page.click(button)
        with page.expect_navigation():
            page.locator("dialog[open] button").first.click()

    def rate(self):
        """Whoever was drawn, each city gets the levels that it has in the worked example."""
        for city, levels in DATA["peer"].items():
            pairs = Assignment.objects.filter(status="active", rated=self.example.teams[city])
            for pair, given in zip(pairs, levels.values(), strict=True):
                PeerRating.objects.bulk_create(
                    PeerRating(
                        assignment=pair,
                        practice=self.example.practices[code],
                        initial=level,
                        final=level,
                    )
                    for code, level in zip(DATA["practices"], given, strict=True)
                )
        Assignment.objects.filter(status="active").update(status="done")

    def moderate(self):
        """Each flagged practice is talked about, and gets its level."""
        page = self.desk.page
        self.desk.go(self.at("moderation"))
        assert self.desk.barriers() == []
        talks = Moderation.objects.filter(team__cycle=self.example.cycle)
        assert list(talks.values_list("team__city__name", "practice__code")) == [
            ("Birch", "P2"),
            ("Birch", "P3"),
            ("Birch", "P4"),
        ]
        for talk, agreed in zip(talks, ("3", "2", "2"), strict=True):
            page.click(f"main a[href*='{talk.pk}']")
            page.check("input[name=outcome][value=agreed]")
            page.check(f"input[name=level][value='{agreed}']")
            page.fill("textarea[name=note]", "The raters and the city agree.")
            self.press(page, "main input[name=settle]")
            self.desk.go(self.at("moderation"))


def test_a_city_goes_from_the_framework_to_the_library(visit, example):
    city = visit(width=360).sign_in(example.people["Alder"])
    desk = visit().sign_in(example.facilitator)
    walk = Walk(example, city, desk)

    city.go(reverse("cityshare:framework", args=[example.framework.pk]))
    assert "P1 at level 5." in city.page.inner_text("main")
    assert city.barriers() == []
    walk.assess()
    assert example.teams["Alder"].assessment.status == "submitted"
    scores = SelfScore.objects.filter(assessment__team=example.teams["Alder"])
    assert list(scores.values_list("current", flat=True)) == DATA["self"]["Alder"]

    be_rated(walk)
    compare(walk)
    be_helped(walk)
    write_it_down(walk)
    for validator in ("Cedar", "Elm"):
        other = visit(width=360).sign_in(example.people[validator])
        other.go(Asset.objects.get().get_absolute_url())
        other.page.click("main a:has-text('Hand in your word')")
        other.page.check("input[name=agrees][value=yes]")
        other.page.click("main input[name=save]")
    city.go(reverse("cityshare:library"))
    assert "A list that answers at night" in city.page.inner_text(".shelf")
    assert city.barriers() == []


def be_rated(walk):
    """The raters are drawn, rate, and talk with the cities where views lie far apart."""
    walk.move_on()
    walk.draw()
    assert Assignment.objects.filter(status="active").count() == 15
    walk.rate()
    walk.move_on()
    walk.moderate()
    walk.move_on()
    assert walk.example.cycle.status == Cycle.Stage.COMPARE


def compare(walk):
    """The city sees river and stairs on its phone."""
    walk.city.go(walk.at("river"))
    assert "130,26 270,26 410,96 550,96 550,236 410,306 270,306 130,306" in walk.city.page.content()
    assert not walk.city.scrolls_sideways()
    walk.city.go(walk.at("stairs-practice", "P1"))
    assert walk.city.barriers() == []


def be_helped(walk):
    """The city says what it needs, and agrees with a city that helps."""
    alder = walk.example.teams["Alder"]
    walk.move_on()
    answer_the_market(walk)
    assert alder.needs.filter(status="confirmed").exists()
    match(walk)
    accepted = Proposal.objects.filter(status="accepted", learner=alder)
    assert accepted.exists()


def answer_the_market(walk):
    """Every city says yes to the first things that its stairs suggest."""
    for name, team in walk.example.teams.items():
        units = zip(
            DATA["practices"],
            DATA["expected"]["level"][name],
            DATA["expected"]["gap"][name],
            strict=True,
        )
        for code, level, gap in units:
            practice = walk.example.practices[code]
            if level >= 4:
                team.offers.create(practice=practice, status="confirmed")
            if gap and name != "Alder":
                team.needs.create(practice=practice, status="confirmed", priority=1)
    page = walk.city.page
    walk.city.go(walk.at("market"))
    assert walk.city.barriers() == []
    page.locator("main form[action*='/needs/'] button[value=yes]").first.click()


def match(walk):
    """The facilitator has proposals found and shows them; Alder and who helps say yes."""
    page = walk.desk.page
    walk.desk.go(walk.at("matching"))
    page.click("main input[name=save]")
    walk.desk.go(walk.at("matching"))
    assert walk.desk.barriers() == []
    walk.sure(page, "main form[action$='/show/'] button")
    proposal = Proposal.objects.get(status="proposed", learner=walk.example.teams["Alder"])
    walk.city.go(walk.at("proposal", proposal.pk))
    walk.city.page.click("main form[action$='/accept/'] button")
    helper = walk.example.people[proposal.helper.city.name]
    walk.city.context.clear_cookies()
    walk.city.sign_in(helper)
    walk.city.go(walk.at("proposal", proposal.pk))
    walk.city.page.click("main form[action$='/accept/'] button")
    walk.city.context.clear_cookies()
    walk.city.sign_in(walk.example.people["Alder"])


def write_it_down(walk):
    """An asset with its story and its principle, handed in."""
    page = walk.city.page
    walk.city.go(walk.at("asset-create"))
    page.select_option("select[name=practice]", "P2")
    page.fill("input[name=title]", "A list that answers at night")
    page.select_option("select[name=from_level]", "2")
    page.select_option("select[name=to_level]", "4")
    page.click("main input[name=save]")
    for name in ("audience", "contacts"):
        page.fill(f"[name={name}]", "Those who answer the telephone")
    for name in ("context", "did_not_work", "safeguards"):
        page.fill(f"textarea[name={name}]", "It is written down here.")
    page.click("main input[name=save]")
    page.click("main a:has-text('Tell a story')")
    page.select_option("select[name=city]", label="Alder, Cambodia")
    page.fill("textarea[name=happened]", "We called until somebody answered.")
    page.fill("textarea[name=learned]", "Shelters answer when they are asked by name.")
    page.click("main input[name=save]")
    page.click("main a:has-text('Add a principle')")
    page.fill("input[name=when]", "somebody is found at night")
    page.fill("input[name=do]", "call the list from the top")
    page.fill("input[name=because]", "waiting costs trust")
    page.locator("input[name=stories]").first.check()
    page.click("main input[name=save]")
    assert walk.city.barriers() == []
    assert not walk.city.scrolls_sideways()
    page.click("main form[action$='/hand-in/'] button")
