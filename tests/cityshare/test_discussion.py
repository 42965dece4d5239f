"""A team around one screen: levels are said, the spread is shown, one level is agreed."""

import html

import pytest

from cityshare.actions import team
from cityshare.models import OwnView, SelfScore
from tests.cityshare.own_views import City, Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return City()


@pytest.fixture
def screen(city):
    return Desk(city, city.focal)


@pytest.fixture
def phone(city):
    return Desk(city, city.member)


def words(answer):
    return html.unescape(answer.content.decode())


def agree(desk, code="P1", **typed):
    return desk.post("discuss", code, **desk.form(code, "discuss") | typed)


# --- Saying it ---------------------------------------------------------------------------


def test_before_the_spread_is_shown_nothing_leads_anybody_to_a_level(city, screen):
    city.fill("P1", current=4, target=5)

    page = words(screen.get("discuss", "P1"))

    assert all(f"P1 at level {n}." in page for n in range(1, 6))
    assert "What you agree on" not in page
    assert "checked" not in page


def test_hands_that_were_counted_are_shown_with_how_far_apart_they_are(screen):
    page = screen.get("discuss", "P1", hands2=1, hands3=4, hands5=1, show=1)

    assert page.context["talk"].spread.hands == (0, 1, 4, 0, 1)
    said = words(page)
    assert "You are 3 levels apart." in said
    assert (
        "Before we agreed, this was said: 1 person level 2, 4 people level 3 and 1 person" in said
    )
    assert not SelfScore.objects.exists()


@pytest.mark.parametrize(
    ("hands", "said"),
    [
        ({}, "Nobody has said a level."),
        ({"hands3": 5}, "All of you say the same."),
        ({"hands3": 5, "hands4": 1}, "You are one level apart."),
    ],
)
def test_the_spread_is_told_in_a_sentence(screen, hands, said):
    assert said in words(screen.get("discuss", "P1", show=1, **hands))


@pytest.mark.parametrize(
    "many", ["-1", "100", "1e9", "NaN", "9" * 5000, "a", "2147483648", "1.5", "\u0663\u0663\u0663"]
)
def test_what_is_no_number_of_hands_is_told_beside_its_field(screen, many):
    page = screen.get("discuss", "P1", hands1=many, hands2="2", show=1)

    assert list(page.context["hands"].errors) == ["hands1"]
    assert page.context["talk"].spread.hands == (0, 2, 0, 0, 0)


def test_members_say_a_level_on_their_phones_and_only_numbers_are_shown(city, screen, phone):
    screen.post("discuss-say", "P1", level="2")
    phone.post("discuss-say", "P1", level="4")
    phone.post("discuss-say", "P1", level="5")

    page = screen.get("discuss", "P1", hands2="1", show=1)

    assert sorted(OwnView.objects.values_list("person", "level")) == sorted(
        [(city.focal.pk, 2), (city.member.pk, 5)]
    )
    assert page.context["talk"].spread.hands == (0, 2, 0, 0, 1)
    assert "On phones: 2 of 2 members have said a level" in words(page)
    assert str(city.member) not in words(page)


def test_who_has_spoken_and_left_the_team_still_counts(city, screen, phone):
    phone.post("discuss-say", "P1", level="4")

    team.remove_member(city.member.memberships.get(), by=city.lead)

    page = screen.get("discuss", "P1", show=1)
    assert "On phones: 1 of 2 members have said a level" in words(page)


def test_a_single_member_is_counted_as_one(city, screen):
    team.remove_member(city.member.memberships.get(), by=city.lead)

    page = screen.get("discuss", "P1", show=1)

    assert "On phones: 0 of 1 member has said a level" in words(page)


def test_a_phone_shows_what_oneself_has_said(phone, screen):
    phone.post("discuss-say", "P1", level="4")

    assert "You said level 4. You can say another:" in words(phone.get("discuss", "P1"))
    assert "What do you say yourself?" in words(screen.get("discuss", "P1"))


@pytest.mark.parametrize("level", ["", "0", "6", "outside", "NaN", "9" * 5000, "1\x00"])
def test_what_is_no_level_is_not_said(phone, level):
    answer = phone.post("discuss-say", "P1", level=level)

    assert answer.status_code == 302
    assert not OwnView.objects.exists()


def test_everybody_can_say_it_anew(city, screen, phone):
    phone.post("discuss-say", "P1", level="4")
    phone.post("discuss-say", "P2", level="4")

    screen.post("discuss-anew", "P1")

    assert [view.score.practice.code for view in OwnView.objects.all()] == ["P2"]


def test_nobody_else_says_anything(city):
    other = City(name="Birch")

    for user in (other.focal, city.lead):
        stranger = Desk(city, user)
        answers = [
            stranger.post(name, "P1", level="3")
            for name in ("discuss", "discuss-say", "discuss-anew")
        ]
        assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert not OwnView.objects.exists()


# --- Agreeing ----------------------------------------------------------------------------


def test_the_agreed_level_is_stored_with_the_dissent_and_the_next_practice_opens(city, screen):
    answer = agree(screen, level="3", dissent="One of us sees level 2.")

    assert answer["Location"] == city.at("discuss", "P2")
    assert (city.score().current, city.score().dissent) == (3, "One of us sees level 2.")


def test_after_the_last_practice_the_whole_is_shown(city, screen):
    assert agree(screen, "P4", level="3")["Location"] == city.at("assess")


def test_agreeing_leaves_what_else_was_written(city, screen, phone):
    phone.save(level="1", target="4", why="A plan", priority="2", confidence="low")

    agree(screen, level="3")

    score = city.score()
    assert (score.current, score.target, score.why) == (3, 4, "A plan")
    assert (score.priority, score.confidence) == (2, "low")


def test_a_dissent_that_was_written_is_not_replaced_by_a_count(city, screen):
    city.fill("P1", dissent="The labour office sees 2.")

    page = screen.get("discuss", "P1", hands2="1", hands4="1", show=1)

    assert page.context["form"]["dissent"].value() == "The labour office sees 2."


def test_what_a_member_stored_meanwhile_is_shown_before_it_is_replaced(city, screen, phone):
    opened = screen.form("P1", "discuss")
    phone.save(level="1")

    answer = screen.post("discuss", "P1", **opened | {"level": "4"})

    assert answer.status_code == 409
    assert city.score().current == 1
    said = words(answer)
    assert "What is stored now" in said
    assert "1 Level 1" in said


def test_when_it_is_handed_in_the_discussion_is_over(city, screen):
    assessment = city.fill()
    type(assessment).objects.filter(pk=assessment.pk).update(status="submitted")

    answers = [screen.post(name, "P1", level="3") for name in ("discuss", "discuss-say")]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "Your self-assessment is handed in." in words(screen.get("discuss", "P1"))
