"""The draft of a framework before the focal points: asked by its steward, answered on a phone."""

import pytest

from cityshare.models import Voice
from tests.cityshare.ballot import Ballot

pytestmark = pytest.mark.journey
TOO_MUCH = "Level 3 of P1 asks for too much."


def looked_at(person):
    return person.barriers(), person.scrolls_sideways()


def put_to_the_vote(steward, ballot):
    """What the page said without a day, and how it looked."""
    steward.go(f"/cityshare/frameworks/{ballot.draft.pk}/")
    steward.page.get_by_role("link", name="Put it to the vote").first.click()
    steward.page.locator("[name=cycle]").select_option(str(ballot.cycle.pk))
    steward.page.get_by_role("button", name="Send the letters").click()
    said = steward.page.locator("main").inner_text()
    steward.page.locator("[name=until_0]").fill("2031-05-17")
    looks = looked_at(steward)
    steward.page.get_by_role("button", name="Send the letters").click()
    steward.page.get_by_text("The focal points are asked.").wait_for()
    return said, looks


def answered(city):
    """Whether the choice stayed when a comment was missing, and how both pages looked."""
    city.go("/tasks/")
    city.page.get_by_role("link", name="Say whether your city agrees").click()
    before = looked_at(city)
    city.page.locator("main a", has_text="answer").first.click()
    city.page.get_by_label("No, not as it is").check()
    city.page.get_by_role("button", name="Hand in the answer").click()
    city.page.locator("main", has_text="Say what should be changed").first.wait_for()
    refused, kept = looked_at(city), city.page.get_by_label("No, not as it is").is_checked()
    city.page.locator("[name=comment]").fill(TOO_MUCH)
    city.page.get_by_role("button", name="Hand in the answer").click()
    city.page.get_by_text("Your city's answer is kept.").wait_for()
    return kept, [before, refused]


def test_a_draft_is_put_to_the_vote_and_answered_on_a_phone(visit, transactional_db):
    ballot = Ballot(asked=False)
    steward = visit(theme="dark").sign_in(ballot.lead)
    without_a_day, asking = put_to_the_vote(steward, ballot)

    kept, answering = answered(visit(width=360).sign_in(ballot.people["Alder"]))
    steward.page.reload()
    told, stands = steward.page.locator("main").inner_text(), looked_at(steward)
    steward.go(f"/cityshare/frameworks/{ballot.draft.pk}/freeze/")

    assert "Choose the day." in without_a_day
    assert (kept, Voice.objects.exclude(answer="").get().comment) == (True, TOO_MUCH)
    assert TOO_MUCH in told
    assert "Freezing closes the vote." in steward.page.locator("main").inner_text()
    assert [asking, *answering, stands] == [([], False)] * 4
