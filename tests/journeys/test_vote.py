"""The draft of a framework before the focal points: asked by its steward, answered on a phone."""

import pytest

from cityshare.models import Voice
from tests.cityshare.ballot import Ballot

pytestmark = pytest.mark.journey


def test_a_draft_is_put_to_the_vote_answered_on_a_phone_and_frozen(visit, transactional_db):
    ballot = Ballot(asked=False)
    steward = visit(theme="dark").sign_in(ballot.lead)
    steward.go(f"/cityshare/frameworks/{ballot.draft.pk}/")
    steward.page.get_by_role("link", name="Put it to the vote").first.click()
    steward.page.locator("[name=cycle]").select_option(str(ballot.cycle.pk))
    steward.page.get_by_role("button", name="Send the letters").click()
    lacks_a_day = steward.page.locator("main").inner_text()
    steward.page.locator("[name=until_0], [name=until]").first.fill("2031-05-17")
    asked = [steward.barriers(), steward.scrolls_sideways()]
    steward.page.get_by_role("button", name="Send the letters").click()
    steward.page.get_by_text("The focal points are asked.").wait_for()

    city = visit(width=360).sign_in(ballot.people["Alder"])
    city.go("/tasks/")
    city.page.get_by_role("link", name="Say whether your city agrees").click()
    before = [city.barriers(), city.scrolls_sideways()]
    city.page.locator("main a", has_text="answer").first.click()
    city.page.get_by_label("No, not as it is").check()
    city.page.get_by_role("button", name="Hand in the answer").click()
    city.page.locator("main", has_text="Say what should be changed").first.wait_for()
    refused = [city.barriers(), city.scrolls_sideways()]
    kept = city.page.get_by_label("No, not as it is").is_checked()
    city.page.locator("[name=comment]").fill("Level 3 of P1 asks for too much.")
    city.page.get_by_role("button", name="Hand in the answer").click()
    city.page.get_by_text("Your city's answer is kept.").wait_for()

    steward.page.reload()
    told = steward.page.locator("main").inner_text()
    stands = [steward.barriers(), steward.scrolls_sideways()]
    steward.go(f"/cityshare/frameworks/{ballot.draft.pk}/freeze/")
    freezing = steward.page.locator("main").inner_text()

    assert "Choose the day." in lacks_a_day
    assert (kept, Voice.objects.exclude(answer="").get().comment) == (
        True,
        "Level 3 of P1 asks for too much.",
    )
    assert "Level 3 of P1 asks for too much." in told
    assert "Freezing closes the vote." in freezing
    assert [asked, before, refused, stands] == [[[], False]] * 4
