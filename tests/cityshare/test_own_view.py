"""A team writes how its city sees itself: by the button, by itself, and never over each other."""

import html

import pytest

from cityshare.models import Cycle, SelfAssessment, SelfScore
from tests import factories as make
from tests.cityshare.own_views import City, Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return City()


@pytest.fixture
def desk(city):
    return Desk(city, city.member)


@pytest.fixture
def focal(city):
    return Desk(city, city.focal)


def words(answer):
    return html.unescape(answer.content.decode())


# --- The page ----------------------------------------------------------------------------


def test_opening_the_pages_stores_nothing(city, desk):
    pages = [desk.get("assess"), desk.get("assess-practice", "P1"), desk.get("discuss", "P1")]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert not SelfAssessment.objects.exists()


def test_the_page_asks_the_question_and_shows_every_level_with_its_sentence(desk):
    said = words(desk.get("assess-practice", "P2"))

    assert "How well is P2 done?" in said
    assert all(f"P2 at level {n}." in said for n in range(1, 6))
    assert "A level includes all levels before it" in said
    assert "This is no task of our city" in said


def test_the_next_and_the_previous_practice_are_one_step_away(city, desk):
    page = desk.get("assess-practice", "P2")

    assert [line.practice.code for line in (page.context["before"], page.context["after"])] == [
        "P1",
        "P3",
    ]


def test_a_practice_belongs_to_the_self_assessment_and_names_the_next_one(city, desk):
    page = desk.get("assess-practice", "P1").text

    assert f'<li><a href="{city.at("assess")}">Self-assessment</a></li>' in page
    assert "P2 Practice P2&nbsp;→</a>" in page


def test_a_code_that_there_is_not_is_not_found(desk):
    assert desk.get("assess-practice", "P9").status_code == 404


def test_another_city_a_stranger_and_those_who_lead_find_no_page_to_write_on(city):
    other = City(name="Birch")
    strangers = [other.focal, other.lead, city.lead, make.UserFactory()]

    found = [
        Desk(city, user).get(name, *args).status_code
        for user in strangers
        for name, args in [("assess", []), ("assess-practice", ["P1"]), ("discuss", ["P1"])]
    ]

    assert {*found} == {404}


def test_what_the_city_said_in_the_cycle_before_stands_beside(city):
    first = City(name="Cedar", framework=city.cycle.framework, stage=Cycle.Stage.CLOSED)
    first.fill("P1", current=1, target=2, why="We had begun then.")
    later = City(name="Elm", framework=city.cycle.framework, previous=first.cycle)
    type(later.team).objects.filter(pk=later.team.pk).update(city=first.team.city)

    desk = Desk(later, later.focal)

    assert "We had begun then." in words(desk.get("assess-practice", "P1"))
    assert "In “The cycle of Cedar”" in words(desk.get("discuss", "P1", show=1))
    assert "In “The cycle of Cedar”" not in words(desk.get("assess-practice", "P2"))


# --- By the button -----------------------------------------------------------------------


def test_the_button_stores_the_answers_and_leads_to_the_next_practice(city, desk):
    answer = desk.save(
        level="3", target="4", confidence="high", priority="3", why="A plan.", dissent="One of us."
    )

    score = city.score()
    assert answer["Location"] == city.at("assess-practice", "P2")
    assert (score.current, score.target, score.priority, score.confidence) == (3, 4, 3, "high")
    assert (score.why, score.dissent, score.outside_mandate) == ("A plan.", "One of us.", False)
    assert (score.version, score.changed_by) == (1, city.member)


def test_after_the_last_practice_comes_the_whole(city, desk):
    assert desk.save("P4", level="1")["Location"] == city.at("assess")


def test_what_is_no_task_of_the_city_has_a_reason_and_no_level(city, desk):
    desk.save(level="3", target="4", priority="2")

    desk.save(level="outside", reason="The national police.", target="4", priority="3")

    score = city.score()
    assert (score.outside_mandate, score.reason) == (True, "The national police.")
    assert (score.current, score.target, score.priority) == (None, None, 0)


def test_a_target_below_the_level_is_refused_beside_its_field_and_nothing_is_lost(city, desk):
    answer = desk.save(level="4", target="2", why="What I typed")

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["target"]
    assert "What I typed" in words(answer)
    assert not SelfScore.objects.exclude(current=None).exists()


def test_a_fourth_practice_cannot_be_among_the_most_important(city, desk):
    city.fill("P1", "P2", "P3", priority=3)

    answer = desk.save("P4", level="1", priority="3")

    [error] = answer.context["form"].errors["priority"]
    assert error == (
        "Three practices are among the most important already: P1, P2 and P3. Give one of them "
        "a lower priority first."
    )
    assert city.score("P4").priority == 0


@pytest.mark.parametrize(
    "typed",
    [
        *({"level": value} for value in ("0", "6", "-1", "1e9", "NaN", "1,5", "٣", "4.999", "a")),
        {"level": "9" * 5000},
        {"level": "1\x00"},
        {"target": "6"},
        {"priority": "4"},
        {"priority": "-1"},
        {"confidence": "divine"},
        {"why": "x" * 3001},
        {"why": "y" * 64_000},
        {"dissent": "a\x00b"},
        {"reason": "\u202egnorw"},
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(city, desk, typed):
    answer = desk.save(**typed)

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [*typed]
    assert not SelfScore.objects.exists()


def test_signs_that_nobody_sees_are_no_answer(city, desk):
    desk.save(level="outside", reason="\u200b\u200d", why="\u2060")

    assert (city.score().reason, city.score().why) == ("", "")


def test_the_wheel_is_not_turned_by_fields_that_nobody_asked_for(city, desk):
    forged = {"outside_mandate": "on", "version": "99", "status": "submitted", "current": "5"}

    desk.save(level="2", **forged)

    score = city.score()
    assert (score.current, score.outside_mandate, score.version) == (2, False, 1)
    assert city.assessment().status == "open"


def test_somebody_was_quicker_and_both_answers_are_shown(city, desk, focal):
    opened = desk.form()
    focal.save(why="From the focal point")

    answer = desk.post("assess-practice", "P1", **opened | {"why": "From the member"})

    said = words(answer)
    assert answer.status_code == 409
    assert "From the member" in said
    assert "From the focal point" in said
    assert city.score().why == "From the focal point"


def test_whoever_has_seen_both_may_save_theirs(city, desk, focal):
    opened = desk.form()
    focal.save(why="From the focal point")
    again = desk.post("assess-practice", "P1", **opened | {"why": "Mine"}).context["form"]

    desk.post("assess-practice", "P1", **opened | {"why": "Mine", "seen": again.sign})

    assert city.score().why == "Mine"


def test_two_members_may_answer_different_questions_of_one_practice(city, desk, focal):
    opened = desk.form()
    focal.save(level="2")

    answer = desk.post("assess-practice", "P1", **opened | {"why": "Mine"})

    score = city.score()
    assert answer.status_code == 302
    assert (score.current, score.why) == (2, "Mine")


def test_pressing_the_button_twice_changes_nothing_the_second_time(city, desk):
    typed = desk.form() | {"level": "2", "why": "Once"}

    answers = [desk.post("assess-practice", "P1", **typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert city.score().version == 1


# --- When --------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["rating", "moderation", "compare", "closed"])
def test_when_its_time_is_over_it_can_be_read_and_not_be_written(city, desk, stage):
    desk.save(level="2", why="Readable")
    window, opened = desk.window(), desk.form()
    city.enter(stage)

    answers = [desk.post("assess-practice", "P1", **opened | {"why": "Late"}), window.send(why="L")]

    page = desk.get("assess-practice", "P1")
    assert [answer.status_code for answer in answers] == [409, 409]
    assert "is over" in answers[1].json()["sentence"] or "closed" in answers[1].json()["sentence"]
    assert "Late" in words(answers[0])
    assert (city.score().why, "Readable" in words(page)) == ("Readable", True)
    assert "data-address" not in words(page)


def test_before_the_stage_begins_nobody_of_a_city_sees_it(city, desk):
    city.enter("setup")

    assert desk.get("assess").status_code == 404
