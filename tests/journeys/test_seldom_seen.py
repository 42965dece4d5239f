"""Pages that people seldom see: nothing on them touches, runs over or cannot be reached."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories as make
from tests.workshops.conftest import letter_of

pytestmark = pytest.mark.journey
SIZES = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]
each_size = pytest.mark.parametrize(("width", "theme"), SIZES)


def box(page, selector):
    return page.locator(selector).first.bounding_box()


def between(page, upper, lower):
    """How many pixels lie between the end of one thing and the beginning of the one below it."""
    above, below = box(page, upper), box(page, lower)
    return below["y"] - above["y"] - above["height"]


@each_size
def test_whoever_letters_do_not_reach_reads_it_apart_from_what_stands_above(
    visit, draft, width, theme
):
    type(draft.applicant).objects.update(unreachable_since=timezone.now())
    person = visit(width=width, theme=theme).sign_in(draft.applicant)

    person.go("/tasks/")
    below_the_head = between(person.page, "header", ".banner")
    barriers = person.barriers()
    person.go(draft.get_absolute_url())
    below_the_crumbs = between(person.page, ".crumbs", ".banner")

    acts = [box(person.page, f".banner-act {act}")["height"] for act in ("a", "button")]
    assert (below_the_head >= 8, below_the_crumbs >= 8) == (True, True)
    assert [height >= 44 for height in acts] == [True, True]
    assert (barriers, person.scrolls_sideways()) == ([], False)


@each_size
def test_what_can_be_done_for_an_unsent_draft_stands_apart(visit, width, theme):
    call = make.CallFactory(workshop__slug="here")
    make.CompleteApplicationFactory(call=call, given_name="Aoife Maria-Magdalena")
    type(call).objects.update(closes_at=timezone.now() - timedelta(hours=1))
    desk = visit(width=width, theme=theme).sign_in(make.RoleFactory(workshop=call.workshop).user)

    desk.go("/desk/here/unsent/")

    first, second = (link.bounding_box() for link in desk.page.locator(".desk-acts a").all())
    apart = second["x"] - first["x"] - first["width"], second["y"] - first["y"]
    assert max(apart) >= 16
    assert (desk.barriers(), desk.scrolls_sideways()) == ([], False)


@each_size
def test_a_letter_is_held_and_cancelled(visit, transactional_db, width, theme):
    role = make.RoleFactory(workshop__slug="here")
    letter = letter_of(role.workshop)
    desk = visit(width=width, theme=theme).sign_in(role.user)
    desk.go(f"/desk/here/outbox/{letter.pk}/")
    faults = [*desk.barriers(), desk.scrolls_sideways()]

    desk.page.get_by_role("button", name="Hold the letter").click()
    desk.page.get_by_text("Cancel it").click()
    desk.page.get_by_role("button", name="Cancel the letter").click()
    desk.page.get_by_role("alert").wait_for()
    faults += [*desk.barriers(), desk.scrolls_sideways()]
    desk.page.fill("[name=cancel-reason]", "The workshop was postponed.")
    desk.page.get_by_role("button", name="Cancel the letter").click()
    desk.page.get_by_text("The letter is cancelled. It never leaves.").wait_for()

    letter.refresh_from_db()
    assert faults == [False, False]
    assert (letter.state, letter.last_error) == ("cancelled", "The workshop was postponed.")
