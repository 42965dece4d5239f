"""Words at the moments that are easily forgotten: a field that is left, a page put away, a shared
computer, a crash in the middle of a saving, and signing out.
"""

import pytest
from django.contrib.sessions.models import Session

from tests.journeys.writing import (
    copy_on,
    dialogs,
    expected,
    stored,
    wait_for,
    wait_until,
    write,
)

pytestmark = pytest.mark.journey
STILL_TYPING = """() => {
  const field = document.querySelector("[name=duties]");
  setInterval(() => field.dispatchEvent(new Event("input", { bubbles: true })), 50);
}"""
NOTE_WHAT_IS_CARRIED = """() => {
  window.carried = [];
  const real = window.fetch;
  window.fetch = (where, how) => {
    window.carried.push(how.keepalive);
    return real(where, how);
  };
}"""


@pytest.fixture
def still(writer):
    """Somebody at a page whose clock stands still: nothing there is saved by waiting."""
    person = writer()
    person.page.clock.install()
    person.page.reload()
    person.page.clock.pause_at("2100-01-01")
    return person


def test_a_field_that_is_left_is_saved_without_any_wait(still, draft):
    write(still.page, "duties", "Left")

    with still.page.expect_response("**/autosave/"):
        still.page.locator("[name=experience]").focus()

    assert stored(draft, "duties") == "Left"


def test_words_are_saved_when_nothing_was_typed_for_two_seconds_and_not_before(still, draft):
    asked = []
    still.page.on("request", lambda request: asked.append(request.url))
    write(still.page, "duties", "Two")
    still.page.clock.run_for(1900)
    write(still.page, "duties", "Two desks")
    still.page.clock.run_for(1900)
    before = list(asked)

    with still.page.expect_response("**/autosave/"):
        still.page.clock.run_for(200)

    assert (before, stored(draft, "duties")) == ([], "Two desks")


@pytest.mark.parametrize(
    "put_away",
    [
        "window.dispatchEvent(new PageTransitionEvent('pagehide'))",
        "Object.defineProperty(document, 'hidden', { value: true });"
        "document.dispatchEvent(new Event('visibilitychange'))",
    ],
    ids=["closed", "behind another window"],
)
def test_a_page_that_a_phone_puts_away_is_saved_before(still, draft, put_away):
    still.page.evaluate(NOTE_WHAT_IS_CARRIED)
    write(still.page, "duties", "Put away")

    with still.page.expect_response("**/autosave/"):
        still.page.evaluate(put_away)

    assert stored(draft, "duties") == "Put away"
    assert still.page.evaluate("carried")[0] is True


def cut_off(person):
    person.page.route("**/autosave/", lambda route: route.abort())


def hold_first(page, addresses, act=lambda route: route):
    """Hold the first request back, when the portal has acted on it or before; it comes as a list.

    The requests after it go their way.
    """
    held = []

    def hold(route):
        if held:
            return route.continue_()
        return held.append(act(route))

    page.route(addresses, hold)
    return held


def wait_for_first(page, held):
    """Wait while the browser still listens to us, as it does not in a plain sleep."""
    while not held:
        page.wait_for_timeout(50)
    return held[0]


def test_where_the_computer_is_shared_by_now_no_words_from_before_come_back(writer, draft, visit):
    person = writer()
    cut_off(person)
    write(person.page, "duties", "Private")
    person.page.locator("[name=experience]").focus()
    wait_for(person.page, "^Offline")
    again = visit(kept=person.context.storage_state(indexed_db=True)).sign_in(draft.applicant)
    again.context.add_cookies([{"name": "shared", "value": "1", "url": again.address}])

    again.go(f"/applications/{draft.pk}/form/work/")
    wait_until(lambda: copy_on(again.page) == [])

    assert again.page.input_value("[name=duties]") == stored(draft, "duties") != "Private"
    assert again.page.locator("main .banner").count() == 0
    expected(person, "ERR_FAILED")


def test_a_crash_after_an_answer_that_was_lost_is_no_conflict_with_oneself(writer, draft, visit):
    person = writer()
    lost = iter([True])

    def lose(route):
        if next(lost, False):
            route.fetch()
        route.abort()

    person.page.route("**/autosave/", lose)
    write(person.page, "duties", "First")
    person.page.locator("[name=experience]").focus()
    wait_for(person.page, "^Offline")
    write(person.page, "duties", "First and second")
    wait_until(lambda: "First and second" in str(copy_on(person.page)))
    again = visit(kept=person.context.storage_state(indexed_db=True))

    again.go(f"/applications/{draft.pk}/form/work/")
    wait_for(again.page, "^Saved")

    assert stored(draft, "duties") == "First and second"
    assert again.page.locator(".clash").count() == 0
    expected(person, "ERR_FAILED")


def test_what_is_typed_while_the_portal_signs_out_does_not_stay_on_the_device(writer):
    person = writer()
    cut_off(person)
    write(person.page, "duties", "Private")
    person.page.on("dialog", lambda dialog: dialog.accept())
    held = hold_first(person.page, "**/logout/")
    person.page.evaluate(STILL_TYPING)

    person.page.get_by_text("Account").click()
    person.page.get_by_role("button", name="Sign out").click(no_wait_after=True)
    leaving = wait_for_first(person.page, held)
    person.page.wait_for_timeout(300)
    leaving.continue_()
    person.page.wait_for_url(f"{person.address}/")

    assert copy_on(person.page) == []
    expected(person, "ERR_FAILED")


def sign_in(page, user):
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", "a long good password")
    page.locator("main form button:not([type=button])").first.click()


def test_after_signing_in_again_elsewhere_the_button_is_heard_as_well(writer, draft):
    person = writer()
    Session.objects.all().delete()
    write(person.page, "duties", "Typed for an hour")
    person.page.locator("[name=experience]").focus()
    wait_for(person.page, "^You have been signed out")
    tab = person.context.new_page()
    tab.goto(f"{person.address}/account/login/")
    sign_in(tab, draft.applicant)
    tab.wait_for_url("**/tasks/")
    person.page.evaluate("window.dispatchEvent(new Event('focus'))")
    wait_for(person.page, "^Saved")

    person.page.click("main input[name=save]")
    person.page.wait_for_url("**/taking-part/")

    assert stored(draft, "duties") == "Typed for an hour"
    expected(person, "401", "403")


def test_a_connection_that_is_back_is_used_without_any_wait(still, draft):
    still.page.route("**/autosave/", lambda route: route.abort())
    write(still.page, "duties", "Written on a train")
    still.page.locator("[name=experience]").focus()
    wait_for(still.page, "^Offline")
    still.page.unroute("**/autosave/")

    with still.page.expect_response("**/autosave/"):
        still.page.evaluate("window.dispatchEvent(new Event('online'))")

    assert stored(draft, "duties") == "Written on a train"
    expected(still, "ERR_FAILED")


# --- Leaving -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("is_shared", "questions"), [(False, []), (True, ["beforeunload"])], ids=["own", "shared"]
)
def test_leaving_in_the_middle_of_a_word_asks_only_at_a_shared_computer(
    writer, draft, is_shared, questions
):
    person = writer()
    asked = dialogs(person.page)
    person.page.get_by_label("This is a shared computer").set_checked(is_shared)
    write(person.page, "duties", "In the middle of a wo")

    person.go("/tasks/")

    assert asked == questions
    wait_until(lambda: stored(draft, "duties") == "In the middle of a wo")


def test_the_button_waits_for_the_answer_to_what_was_saved_before_it(writer, draft):
    person = writer()
    held = hold_first(person.page, "**/autosave/", lambda route: (route, route.fetch()))
    write(person.page, "duties", "First")
    person.page.locator("[name=experience]").focus()
    first, answer = wait_for_first(person.page, held)
    write(person.page, "duties", "First and second")

    person.page.locator("main input[name=save]").click(no_wait_after=True)
    person.page.wait_for_timeout(500)
    first.fulfill(response=answer)
    person.page.wait_for_url("**/taking-part/")

    assert stored(draft, "duties") == "First and second"


# --- Two windows -------------------------------------------------------------------------


def save_elsewhere(person, name, words):
    other = person.context.new_page()
    other.goto(person.page.url)
    write(other, name, words)
    other.locator("[name=motivation]").focus()
    wait_for(other, "^Saved")


def test_who_takes_their_words_back_and_keeps_what_stood_there_before_is_heard(writer, draft):
    person = writer()
    before = stored(draft, "duties")
    save_elsewhere(person, "duties", "From the other tab")
    write(person.page, "duties", "From this tab")
    person.page.locator("[name=experience]").focus()
    clash = person.page.locator(".clash")
    clash.wait_for()
    write(person.page, "duties", before)

    clash.get_by_role("button", name="Keep what is typed here").click()
    wait_for(person.page, "^Saved")

    assert stored(draft, "duties") == before


def test_news_of_another_window_never_takes_the_place_of_what_is_being_typed(writer, draft):
    person = writer()
    save_elsewhere(person, "experience", "From the other tab")
    held = hold_first(person.page, "**/autosave/")
    write(person.page, "duties", "From this tab")
    person.page.locator("[name=experience]").focus()
    saving = wait_for_first(person.page, held)
    write(person.page, "experience", "Being typed")

    saving.continue_()
    person.page.locator(".clash").wait_for()

    assert person.page.locator(".clash dd").all_inner_texts() == [
        "Being typed",
        "From the other tab",
    ]
    assert person.page.input_value("[name=experience]") == "Being typed"
    assert stored(draft, "experience") == "From the other tab"


def test_words_that_signing_in_brings_back_are_saved_by_themselves(writer, draft):
    person = writer()
    Session.objects.all().delete()
    write(person.page, "duties", "Typed for an hour")

    person.page.click("main input[name=save]")
    sign_in(person.page, draft.applicant)
    wait_for(person.page, "^Saved")

    assert stored(draft, "duties") == "Typed for an hour"
    expected(person, "401")
