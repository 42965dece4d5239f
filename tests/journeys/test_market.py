"""Cities offer, ask, agree and meet, in a browser: from the first question to the thank-you."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cityshare.actions import assist as assists
from cityshare.actions import proposal as proposals
from cityshare.models import PeerAssist, Proposal
from tests.cityshare.market import Market

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def example(transactional_db):
    """Proposals are shown; one is agreed and its meeting planned, another waits for answers."""
    made = Market(all_confirmed=True)
    made.offer("Birch", "P1", note="Our shelter's list of interpreters, and how we pay them.")
    made.need("Alder", "P1", question="How did you begin, and who paid in the first year?")
    made.shown()
    made.solve(helper_capacity=1)
    return made


def pages(example):
    """The pages of the market and of the meeting, by who looks at them."""
    cycle = example.cycle.pk
    shown = Proposal.objects.filter(status="proposed")
    proposal = shown.filter(learner=example.teams["Elm"]).first()
    agreed = shown.filter(learner=example.teams["Cedar"]).first()
    for team in (agreed.helper, agreed.learner):
        agreed = proposals.accept(agreed, team, by=example.people[team.city.name])
    assist = assists.plan(
        [agreed],
        question="How could we begin with two people and no budget line of our own?",
        starts_at=timezone.now() + timedelta(days=30),
        zone="Asia/Seoul",
        by=example.facilitator,
    )
    return {
        "market": (example.people["Elm"], reverse("cityshare:market", args=[cycle])),
        "answers": (example.facilitator, reverse("cityshare:market", args=[cycle])),
        "need": (example.people["Elm"], reverse("cityshare:need-edit", args=[cycle, "P3"])),
        "matching": (example.facilitator, reverse("cityshare:matching", args=[cycle])),
        "pair": (example.facilitator, reverse("cityshare:proposal-create", args=[cycle])),
        "proposal": (
            example.people["Elm"],
            reverse("cityshare:proposal", args=[cycle, proposal.pk]),
        ),
        "decline": (
            example.people["Elm"],
            reverse("cityshare:proposal-decline", args=[cycle, proposal.pk]),
        ),
        "assists": (example.people["Cedar"], reverse("cityshare:assist-list", args=[cycle])),
        "assist": (example.people["Cedar"], assist.get_absolute_url()),
        "plan": (
            example.people["Cedar"],
            reverse("cityshare:assist-edit", args=[cycle, assist.pk]),
        ),
        "notes": (
            example.people[agreed.helper.city.name],
            reverse("cityshare:assist-notes", args=[cycle, assist.pk]),
        ),
    }


def test_the_pages_have_no_barriers_and_fit_the_screen(visit, example):
    found, people, asked = {}, {}, pages(example)
    for name, (who, path) in asked.items():
        if who.pk not in people:
            people[who.pk] = visit().sign_in(who)
        found[name] = people[who.pk].faults_at(path)

    assert found == {name: {} for name in asked}


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_from_the_first_question_to_the_thank_you(visit, transactional_db, scripts):
    example = Market()
    cycle = example.cycle.pk
    alder = visit(width=360, scripts=scripts).sign_in(example.people["Alder"])
    birch = visit(scripts=scripts).sign_in(example.people["Birch"])
    lead = visit(scripts=scripts).sign_in(example.facilitator)

    # Each city answers what its stairs ask.
    market = reverse("cityshare:market", args=[cycle])
    for person, words in ((alder, "What we want to learn"), (birch, "What we could teach")):
        person.go(market)
        section = person.page.locator("section").filter(has_text=words).last
        section.get_by_role("listitem").filter(has_text="P1").get_by_role(
            "button", name="Yes"
        ).click()

    find_and_show(lead, cycle, scripts=scripts)
    agree_and_plan(alder, birch, cycle)
    meet_and_thank(alder, birch, cycle)

    birch.go(reverse("outbox:inbox"))
    assert birch.page.get_by_text("Alder says thank you").count() == 1


def find_and_show(lead, cycle, *, scripts):
    """The facilitator finds the pair and shows it."""
    lead.go(reverse("cityshare:matching", args=[cycle]))
    lead.page.get_by_role("button", name="Find proposals").click()
    lead.page.get_by_text("Found, and not shown yet").wait_for()
    lead.page.get_by_role("button", name="Show them to the cities").click()
    if scripts:
        lead.page.get_by_role("dialog").get_by_role("button").first.click()
    lead.page.get_by_text("1 proposal is shown to its cities").wait_for()


def agree_and_plan(alder, birch, cycle):
    """Both say yes, and the host plans the meeting."""
    [proposal] = Proposal.objects.all()
    for person in (birch, alder):
        person.go(reverse("cityshare:proposal", args=[cycle, proposal.pk]))
        person.page.get_by_role("button", name="Yes, we take part").click()
    alder.page.get_by_role("link", name="Plan the peer assist").click()
    alder.page.get_by_label("The host's one question").fill("How did you begin?")
    alder.page.get_by_label("Day").fill((timezone.now() - timedelta(days=1)).date().isoformat())
    alder.page.get_by_label("Begins at").fill("10:00")
    alder.page.get_by_role("button", name="Save the plan").click()
    alder.page.get_by_text("How did you begin?").wait_for()


def meet_and_thank(alder, birch, cycle):
    """It takes place, is written down, and the helpers are thanked."""
    alder.page.get_by_role("button", name="It has taken place").click()
    [assist] = PeerAssist.objects.all()
    birch.go(reverse("cityshare:assist-notes", args=[cycle, assist.pk]))
    birch.page.get_by_label("Options heard").fill("Begin with one street.")
    birch.page.get_by_role("button", name="Save the notes").click()
    birch.page.get_by_text("Begin with one street.").wait_for()
    alder.page.get_by_role("link", name="Thank the helpers").click()
    alder.page.get_by_label("Your thank-you note").fill("You saved us a year.")
    alder.page.get_by_label("Useful", exact=True).check()
    alder.page.get_by_role("button", name="Send the thank-you").click()
    alder.page.get_by_text("You saved us a year.").wait_for()
