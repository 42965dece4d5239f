"""What is typed of the own view is saved by itself, and never over somebody else's words."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cityshare.models import SelfScore
from tests.cityshare.own_views import City, Desk, fates
from workshop_portal.audit.models import Entry

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


# --- By itself ---------------------------------------------------------------------------


def test_what_is_typed_is_stored_and_nothing_else_is_touched(city, desk):
    desk.save(level="2", target="4")
    window = desk.window()

    told = window.save(why="By itself")

    score = city.score()
    assert fates(told) == {"why": "taken"}
    assert (score.current, score.target, score.why) == (2, 4, "By itself")


def test_of_two_who_type_the_same_the_second_is_told_and_overwrites_nothing(city, desk, focal):
    one, other = desk.window(), focal.window()
    one.save(level="2")

    told = other.save(level="4")

    assert fates(told) == {"level": "conflict"}
    assert (told["level"]["theirs"], told["level"]["controls"]) == ("2 Level 2", ["2"])
    assert city.score().current == 2


def test_what_another_member_stored_is_told_with_ones_own_saving(desk, focal):
    one, other = desk.window(), focal.window()
    one.save(level="2")

    told = other.save(why="Mine")

    assert fates(told) == {"why": "taken", "level": "untouched"}
    assert told["level"]["controls"] == ["2"]


def test_a_higher_level_takes_the_old_target_off_the_page(city, desk):
    desk.save(level="2", target="3")

    told = desk.window().save(level="4")

    assert fates(told) == {"level": "taken", "target": "untouched"}
    assert told["target"]["controls"] == [""]
    assert (city.score().current, city.score().target) == (4, None)


def test_a_target_that_comes_with_what_is_no_task_is_taken_off_the_page(city, desk):
    told = desk.window().save(level="outside", target="3")

    assert fates(told) == {"level": "taken", "target": "untouched"}
    assert told["target"]["controls"] == [""]


def test_what_breaks_a_rule_is_told_with_its_sentence_and_the_rest_is_stored(city, desk):
    desk.save(level="3", target="3")

    told = desk.window().save(target="2", why="Kept")

    assert fates(told) == {"target": "refused", "why": "taken"}
    assert told["target"]["why"].startswith("The target lies below the level of today.")
    assert (city.score().target, city.score().why) == (3, "Kept")


def test_a_text_that_is_too_long_is_told_and_what_was_stored_stays(city, desk):
    desk.save(why="Short")

    told = desk.window().save(why="x" * 3001)

    assert fates(told) == {"why": "refused"}
    assert "3,001" in told["why"]["why"]
    assert city.score().why == "Short"


def test_saving_the_same_again_changes_nothing(city, desk):
    window = desk.window()
    window.save(why="Same")

    told = window.save(why="Same")

    assert (fates(told), city.score().version) == ({"why": "same"}, 1)


def test_a_window_that_does_not_say_what_it_was_opened_with_overwrites_nothing(city, desk):
    desk.save(why="Stored")
    window = desk.window()
    window.bases = {"why": ""}

    assert window.save(why="From nowhere")["why"]["fate"] == "conflict"
    assert city.score().why == "Stored"


@pytest.mark.parametrize("body", [b"", b"changed=why", b"changed=%00&seen=%ff.%00", b"[1"])
def test_whatever_is_sent_is_answered(city, desk, body):
    address = city.at("assess-practice-autosave", "P1")

    answer = desk.client.post(address, body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 200
    assert json.loads(answer.content).keys() == {"at", "questions"}


def test_whoever_is_signed_out_is_told_so(city):
    answer = Client().post(city.at("assess-practice-autosave", "P1"), {"changed": "why"})

    assert (answer.status_code, answer.json()) == (401, {"sentence": "You have been signed out."})


def test_nobody_else_saves_by_itself(city):
    other = City(name="Birch")

    for user in (other.focal, city.lead):
        answer = Desk(city, user).post("assess-practice-autosave", "P1", changed="why", why="No")
        assert answer.status_code == 404
    assert not SelfScore.objects.exists()


def test_saving_costs_the_same_however_much_was_written(city, desk):
    def cost():
        window = desk.window()
        with CaptureQueriesContext(connection) as taken:
            window.save(level="2", why="Typed")
        SelfScore.objects.all().delete()
        return len(taken)

    cost()
    bare = cost()
    city.fill("P2", "P3", "P4", priority=3)

    assert cost() == bare


# --- What the trail keeps ----------------------------------------------------------------


def test_the_trail_tells_of_a_text_once_in_a_sitting_and_of_every_level(city, desk, focal):
    window = desk.window()
    for text in ("A", "A p", "A plan"):
        window.save(why=text)
    window.save(level="2")
    focal.window().save(why="Another plan")

    told = [
        (e.by, e.facts) for e in Entry.objects.filter(event="assessment.changed").order_by("pk")
    ]
    assert told == [
        (city.member, {"code": "P1", "chosen": {}}),
        (city.member, {"code": "P1", "chosen": {"level": 2}}),
        (city.focal, {"code": "P1", "chosen": {}}),
    ]
