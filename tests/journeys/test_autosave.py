"""Words that people type are kept: while they type, offline, and in two windows."""

import pytest

from tests.journeys.writing import (
    LINE,
    copy_on,
    dialogs,
    expected,
    stored,
    wait_for,
    wait_until,
    write,
)

pytestmark = pytest.mark.journey


def test_what_is_typed_is_saved_after_two_quiet_seconds_and_leaving_does_not_ask(writer, draft):
    person = writer()
    asked = dialogs(person.page)

    person.page.locator("[name=duties]").press_sequentially("Two desks. ")
    assert copy_on(person.page) != []
    wait_for(person.page, r"^Saved at \d\d:\d\d\.$")

    assert stored(draft, "duties").startswith("Two desks. ")
    assert copy_on(person.page) == []
    person.go("/tasks/")
    assert asked == []


def test_leaving_a_field_saves_at_once_and_closing_the_page_as_well(writer, draft):
    person = writer()
    with person.page.expect_response("**/autosave/"):
        write(person.page, "duties", "Left")
        person.page.locator("[name=experience]").focus()
    wait_for(person.page, "^Saved")
    write(person.page, "experience", "Closed")

    person.go("/tasks/")

    assert (stored(draft, "duties"), stored(draft, "experience")) == ("Left", "Closed")
    wait_until(lambda: stored(draft, "autosaved") == [])


def test_half_an_answer_is_kept_and_said_to_be_half(writer, draft):
    person = writer("you")
    write(person.page, "phone", "+85")
    person.page.locator("[name=city_name]").focus()
    wait_for(person.page, "Kept, but not complete yet: “Telephone”")

    person.page.reload()

    assert person.page.input_value("[name=phone]") == "+85"
    assert stored(draft, "unfinished") == {"phone": ["+85"]}


def spoken(page):
    """What a screen reader was told last."""
    return page.locator("#autosave-spoken").inner_text()


def test_the_line_is_read_aloud_once_and_not_at_every_saving(writer):
    person = writer()
    person.page.evaluate(
        """() => {
          window.heard = [];
          const spoken = document.getElementById("autosave-spoken");
          new MutationObserver(() => heard.push(spoken.textContent.slice(0, 5)))
            .observe(spoken, { childList: true });
        }"""
    )

    for words in ("One", "Two", "Three"):
        with person.page.expect_response("**/autosave/"):
            write(person.page, "duties", words)
            person.page.locator("[name=experience]").focus()
        wait_for(person.page, "^Saved")

    assert person.page.evaluate("heard") == ["Saved"]


def test_without_a_connection_words_stay_on_the_device_and_go_when_it_is_back(writer, draft):
    person = writer()
    asked = dialogs(person.page)
    person.context.set_offline(True)
    write(person.page, "duties", "Written on a train")
    person.page.locator("[name=experience]").focus()
    wait_for(person.page, "^Offline, kept on this device")
    assert spoken(person.page).startswith("Offline, kept on this device")
    assert [[*words] for words in copy_on(person.page)] == [["duties"]]

    person.context.set_offline(False)
    wait_for(person.page, "^Saved at")

    assert stored(draft, "duties") == "Written on a train"
    assert (copy_on(person.page), asked) == ([], [])
    expected(person, "ERR_INTERNET_DISCONNECTED")


def test_leaving_with_words_that_are_not_saved_asks(writer):
    person = writer()
    asked = dialogs(person.page)
    person.page.route("**/autosave/", lambda route: route.abort())
    write(person.page, "duties", "Written on a train")
    person.page.locator("[name=experience]").focus()
    wait_for(person.page, "^Offline")

    person.go("/tasks/")

    assert asked == ["beforeunload"]
    expected(person, "ERR_FAILED")


def test_a_busy_portal_is_asked_again(writer, draft):
    person = writer()
    answers = iter([503, 500])

    def busy(route):
        status = next(answers, None)
        return route.fulfill(status=status) if status else route.continue_()

    person.page.route("**/autosave/", busy)
    write(person.page, "duties", "Patience")
    person.page.locator("[name=experience]").focus()
    wait_for(person.page, "^Could not save: the portal is very busy")
    assert spoken(person.page).startswith("Could not save: the portal is very busy")
    wait_for(person.page, "^Saved")

    assert stored(draft, "duties") == "Patience"
    expected(person, "status of 50")


def test_an_answer_that_was_lost_on_its_way_is_no_conflict(writer, draft):
    person = writer()
    lost = iter([True])

    def lose(route):
        if next(lost, False):
            route.fetch()
            return route.abort()
        return route.continue_()

    person.page.route("**/autosave/", lose)
    write(person.page, "duties", "First")
    person.page.locator("[name=experience]").focus()
    wait_for(person.page, "^Offline")
    write(person.page, "duties", "First and second")
    person.page.evaluate("window.dispatchEvent(new Event('online'))")
    person.page.locator("#autosave[data-state=saved]").wait_for()
    wait_until(lambda: copy_on(person.page) == [])

    assert stored(draft, "duties") == "First and second"
    assert person.page.locator(".clash").count() == 0
    expected(person, "ERR_FAILED")


@pytest.mark.parametrize("choice", ["Keep what is typed here", "Take what is stored"])
def test_two_tabs_with_one_question_let_the_person_choose(writer, draft, choice):
    person = writer(width=360)
    other = person.context.new_page()
    other.goto(person.page.url)
    write(other, "duties", "From the other tab")
    other.locator("[name=experience]").focus()
    wait_for(other, "^Saved")
    write(person.page, "duties", "From this tab")
    person.page.locator("[name=experience]").focus()
    clash = person.page.get_by_role("group", name="Another window or device changed this answer")
    clash.wait_for()

    assert clash.locator("dd").all_inner_texts() == ["From this tab", "From the other tab"]
    assert person.page.locator(LINE).inner_text().startswith("Choose which words count")
    assert stored(draft, "duties") == "From the other tab"
    assert (person.barriers(), person.scrolls_sideways()) == ([], False)
    button = clash.get_by_role("button", name=choice)
    button.focus()
    person.page.keyboard.press("Enter")
    clash.wait_for(state="detached")
    wanted = "From this tab" if choice.startswith("Keep") else "From the other tab"
    if choice.startswith("Keep"):
        wait_for(person.page, "^Saved")
    assert stored(draft, "duties") == wanted == person.page.input_value("[name=duties]")
    assert person.page.evaluate("document.activeElement.name") == "duties"


def test_what_another_tab_stored_elsewhere_appears_and_the_button_keeps_it(writer, draft):
    person = writer()
    other = person.context.new_page()
    other.goto(person.page.url)
    write(other, "experience", "From the other tab")
    other.locator("[name=duties]").focus()
    wait_for(other, "^Saved")

    write(person.page, "duties", "From this tab")
    person.page.locator("[name=motivation]").focus()
    wait_for(person.page, "^Saved")
    assert person.page.input_value("[name=experience]") == "From the other tab"
    person.page.click("main input[name=save]")
    person.page.wait_for_url("**/taking-part/")

    assert (stored(draft, "duties"), draft.experience) == ("From this tab", "From the other tab")


def test_the_button_pressed_while_saving_is_no_conflict_with_oneself(writer, draft):
    person = writer()
    person.page.route(
        "**/autosave/", lambda route: (person.page.wait_for_timeout(300), route.continue_())
    )
    write(person.page, "duties", "Pressed at once")

    person.page.click("main input[name=save]")
    person.page.wait_for_url("**/taking-part/")

    assert stored(draft, "duties") == "Pressed at once"
