"""A city's team in the browser: on phones, around one screen, with and without scripts."""

import pytest

from tests.cityshare.own_views import City
from tests.conftest import GOOD_PDF
from tests.journeys.hands import Keyboard
from tests.journeys.test_weight import FIRST_VISIT, LATER_VISIT, Scales
from tests.journeys.writing import copy_on, wait_for, wait_until, write

pytestmark = pytest.mark.journey


@pytest.fixture
def city(transactional_db):
    made = City()
    made.fill("P1", current=2, target=3)
    made.show("P1")
    return made


def opened(visit, city, user, name="assess-practice", code="P1", **options):
    person = visit(**options).sign_in(user)
    person.go(city.at(name, code))
    return person


def choose(page, name, value):
    page.locator(f"input[name={name}][value='{value}']").check()


def test_on_a_phone_what_is_chosen_is_saved_and_shows_what_it_needs(visit, city):
    person = opened(visit, city, city.member, width=360)
    needs = person.page.locator(".needs:visible")

    assert needs.count() == 0
    choose(person.page, "level", "4")
    wait_for(person.page, "^Saved at")

    assert needs.count() == 2
    assert "It is here." in needs.nth(0).inner_text()
    assert "figures of the last 12 months" in needs.nth(1).inner_text()
    assert person.page.locator("[name=target]:checked").count() == 0
    assert (city.score().current, city.score().target) == (4, None)


def test_what_is_no_task_of_the_city_asks_whose_task_it_is_and_nothing_else(visit, city):
    person = opened(visit, city, city.member)
    assert not person.page.locator("[name=reason]").is_visible()

    choose(person.page, "level", "outside")
    wait_for(person.page, "^Saved at")
    write(person.page, "reason", "The police")
    person.page.locator("[name=why]").focus()
    wait_until(lambda: city.score().reason == "The police")

    assert [
        person.page.locator(f"[name={name}]").first.is_visible()
        for name in ("reason", "target", "confidence", "priority")
    ] == [True, False, False, False]


def test_a_target_below_the_level_is_told_while_it_is_chosen(visit, city):
    person = opened(visit, city, city.member)

    choose(person.page, "target", "1")

    wait_for(person.page, "The target lies below the level of today")
    assert city.score().target == 3


def test_of_two_members_who_type_at_once_the_second_chooses_with_both_before_them(visit, city):
    one = opened(visit, city, city.focal)
    other = opened(visit, city, city.member, width=360)
    write(one.page, "why", "From the focal point")
    one.page.locator("[name=dissent]").focus()
    wait_for(one.page, "^Saved at")

    write(other.page, "why", "From the member")
    other.page.locator("[name=dissent]").focus()
    wait_for(other.page, "Choose which words count")

    clash = other.page.locator(".clash")
    assert "Somebody of your team" in clash.inner_text()
    assert "From the focal point" in clash.inner_text()
    assert other.barriers() == []
    clash.get_by_text("Keep what is typed here").click()
    wait_for(other.page, "^Saved at")
    assert city.score().why == "From the member"


def test_without_a_line_the_words_stay_on_the_device_and_come_back(visit, city):
    person = opened(visit, city, city.member)
    person.page.route("**/autosave/", lambda route: route.abort())
    write(person.page, "why", "Typed in a tunnel")
    person.page.locator("[name=dissent]").focus()
    wait_for(person.page, "^Offline, kept on this device")
    assert copy_on(person.page)[0]["why"]["words"] == ["Typed in a tunnel"]
    person.noticed.clear()

    person.page.unroute("**/autosave/")
    person.page.on("dialog", lambda dialog: dialog.accept())
    person.go(city.at("assess-practice", "P1"))

    wait_until(lambda: city.score().why == "Typed in a tunnel")
    person.noticed.clear()


def test_without_scripts_a_city_answers_and_shows_it(visit, city, tmp_path):
    person = opened(visit, city, city.focal, code="P2", scripts=False)
    choose(person.page, "level", "3")
    choose(person.page, "target", "4")
    person.page.get_by_text("Save and go on").click()
    assert "P3" in person.page.locator("h1").inner_text()

    person.go(city.at("evidence-add", "P2") + "?kind=document")
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(GOOD_PDF)
    write(person.page, "title", "The plan of 2026")
    person.page.locator("[name=file]").set_input_files(plan)
    person.page.get_by_text("Add it", exact=True).click()

    assert "The plan of 2026" in person.page.locator("#evidence").inner_text()
    assert city.score("P2").evidence.get().title == "The plan of 2026"


def test_a_team_agrees_around_one_screen_with_the_keyboard_alone(visit, city):
    person = opened(visit, city, city.focal, "discuss", width=1280)
    keyboard = Keyboard(person.page)
    for key in ("2", "3", "3", "5", "Backspace", "3"):
        person.page.keyboard.press(key)

    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    assert "You are one level apart." in person.page.locator(".discuss-verdict").inner_text()
    assert person.barriers() == []
    keyboard.pick("level", "3")
    keyboard.press(".discuss-agree [type=submit]")

    assert "P2" in person.page.locator("h1").inner_text()
    assert city.score().current == 3
    assert city.score().dissent.startswith("Before we agreed, this was said: 1 person level 2")


PAGES = {
    "assess": [],
    "assess-practice": ["P1"],
    "evidence-add": ["P1"],
    "discuss": ["P1"],
}


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_of_a_self_assessment_are_light(visit, city, name):
    person = visit(width=360).sign_in(city.focal)
    scales = Scales(person)

    path = city.at(name, *PAGES[name])
    first, later = scales.weigh(person, path), scales.weigh(person, path)

    assert (first <= FIRST_VISIT, later <= LATER_VISIT) == (True, True)


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_of_a_self_assessment_have_no_barriers(visit, city, name):
    person = visit().sign_in(city.focal)
    shown = "?show=1&hands2=3" if name == "discuss" else ""

    assert person.faults_at(city.at(name, *PAGES[name]) + shown) == {}
