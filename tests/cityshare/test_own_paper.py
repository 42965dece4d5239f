"""The self-assessment on paper: empty, and as it is answered."""

import html

import pytest

from cityshare.queries.own_paper import Sheet
from tests.cityshare.own_views import City, Desk
from tests.intake.pdf import words_of
from workshop_portal.papers.models import Paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return City()


@pytest.fixture
def desk(city, django_capture_on_commit_callbacks):
    return Desk(city, city.member, django_capture_on_commit_callbacks)


def make(desk, sheet):
    with desk.at_once(execute=True):
        return desk.post("assess-paper-order", sheet)


def printed(desk, sheet):
    return words_of(b"".join(desk.get("assess-paper", sheet).streaming_content))


def test_the_empty_form_has_every_practice_with_its_levels_and_nothing_of_the_city(city, desk):
    city.fill("P1", why="Secret plan")

    make(desk, "empty")

    text = printed(desk, "empty")
    assert all(f"P{n} Practice P{n}" in text for n in range(1, 5))
    assert all(f"P3 at level {n}." in text for n in range(1, 6))
    assert "At most three practices" in text
    assert "Secret plan" not in text
    assert "Cambodia" not in text


def test_the_present_answers_are_printed(city, desk):
    city.fill("P1", current=3, target=4, why="We have a plan.", dissent="One saw 2.", priority=3)
    city.fill("P2", current=None, target=None, outside_mandate=True, reason="The police.")
    city.show("P1", title="The plan of 2026")

    make(desk, "filled")

    text = printed(desk, "filled")
    for said in (
        "How Alder, Cambodia sees itself",
        "Being written",
        "We have a plan.",
        "One saw 2.",
        "The police.",
        "The plan of 2026",
        "Among our three most important",
    ):
        assert said in text


def test_the_same_answers_give_the_same_paper_and_others_replace_it(city, desk):
    city.fill("P1")
    make(desk, "filled")
    make(desk, "filled")
    first = Paper.objects.get()

    city.fill("P1", why="More")
    before = desk.get("assess-paper", "filled").status_code
    make(desk, "filled")

    assert before == 302
    assert Paper.objects.get() != first


def test_cities_of_one_framework_share_the_empty_form(
    city, desk, django_capture_on_commit_callbacks
):
    other = City(name="Birch", framework=city.cycle.framework)
    make(desk, "empty")

    shared = Desk(other, other.focal, django_capture_on_commit_callbacks)

    assert shared.get("assess-paper", "empty").status_code == 200
    assert shared.get("assess-paper", "filled").status_code == 302


def test_the_page_says_how_far_the_paper_is(desk, monkeypatch):
    def said():
        return html.unescape(desk.get("assess").content.decode())

    before = said()
    make(desk, "filled")
    ready = said()
    Paper.objects.update(state=Paper.State.ORDERED)
    ordered = said()
    Paper.objects.update(state=Paper.State.FAILED)
    failed = said()

    assert before.count("Make the PDF") == 2
    assert "Download as PDF" in ready
    assert "The PDF is being made" in ordered
    assert "The PDF could not be made." in failed


@pytest.mark.parametrize("sheet", ["other", "Empty", "0"])
def test_there_is_no_other_paper(desk, sheet):
    answers = [desk.get("assess-paper", sheet), desk.post("assess-paper-order", sheet)]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("sheet", [*Sheet])
def test_nobody_else_gets_the_papers_of_a_city(city, desk, sheet):
    make(desk, sheet)

    for user in (city.lead, City(name="Birch").focal):
        assert Desk(city, user).get("assess-paper", sheet).status_code == 404


def test_what_people_typed_is_printed_as_they_typed_it(city, desk):
    city.fill("P1", why='<b>bold</b> {{ 7|add:7 }} "><svg/onload=alert(1)> ភាសា 한국어')

    make(desk, "filled")

    assert "<b>bold</b> {{ 7|add:7 }}" in printed(desk, "filled")
