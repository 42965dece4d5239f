"""The stairs and the pages of the cities: the worked example again, through the pages."""

import re

import pytest

from cityshare.models import Assignment, Cycle, Moderation, SelfAssessment, SelfScore
from tests import factories as make
from tests.cityshare.example import DATA, Example
from tests.cityshare.picture_pages import at, cells_of, earlier_cycle, main_of, text_of

pytestmark = pytest.mark.django_db
CITIES = DATA["cities"]
# What the pages may cost in queries, whatever the number of cities.
RIVER, STAIRS, CITY = 22, 22, 22


@pytest.fixture
def example():
    return Example()


@pytest.fixture
def birch(client, example):
    client.force_login(example.people["Birch"])
    return client


# --- The stairs --------------------------------------------------------------------------


def test_the_stairs_of_the_example(birch, example):
    page = birch.get(at("stairs-practice", example, "P4"))

    assert cells_of(page, "where the cities stand") == [
        ["Level 4", "1", "offers and learns", "Alder"],
        ["Level 3", "1", "learns", "Cedar, Dogwood"],
        ["Level 2", "2", "learns", "Birch, Elm"],
    ]
    assert cells_of(page, "Who may help whom") == [
        ["Alder", "4 → 5", "Nobody here can help: invite an expert from outside."],
        ["Birch your city", "2 → 4", "Alder"],
        ["Cedar", "3 → 4", "Alder"],
        ["Dogwood", "3 → 4", "Alder"],
        ["Elm", "2 → 4", "Alder"],
    ]


@pytest.mark.parametrize(
    ("code", "helping"),
    [
        (
            "P1",
            {"Alder": "Birch, Dogwood", "Cedar": "Birch, Dogwood, Elm", "Elm": "Birch, Dogwood"},
        ),
        (
            "P2",
            {
                "Birch your city": "Alder, Elm",
                "Cedar": "Alder, Elm",
                "Dogwood": "Alder, Birch, Elm",
            },
        ),
        (
            "P3",
            {
                "Alder": "Cedar",
                "Birch your city": "Cedar",
                "Dogwood": "Cedar",
                "Elm": "Alder, Cedar, Dogwood",
            },
        ),
    ],
)
def test_who_may_help_whom(birch, example, code, helping):
    page = birch.get(at("stairs-practice", example, code))

    assert {row[0]: row[2] for row in cells_of(page, "Who may help whom")} == helping


def test_cities_on_a_step_stand_by_name_and_the_own_one_is_marked(birch, example):
    page = main_of(birch.get(at("stairs-practice", example, "P4")))

    assert re.findall(r'x="15">(\w+)</text>', page) == ["Alder", "Cedar", "Dogwood", "Birch", "Elm"]
    assert page.count('<rect class="stair-mine" x="-5"') == 1
    assert re.findall(r'<text class="strong" x="15">(\w+)', page) == ["Birch"]


def test_a_city_without_level_or_target_stands_beside_the_stairs(birch, example):
    scores = SelfScore.objects.filter(practice__code="P1")
    scores.filter(assessment__team=example.teams["Elm"]).update(
        current=None, target=None, outside_mandate=True
    )
    scores.filter(assessment__team=example.teams["Alder"]).update(target=None)

    page = birch.get(at("stairs-practice", example, "P1"))

    assert "On no step: Alder (no target), Elm (outside its mandate)" in re.sub(
        r" (?=[,)])", "", text_of(page)
    )


def test_many_helpers_are_named_in_part_and_counted(birch, example):
    for number in range(9):
        add_city(example, f"Zelkova {number}", level=4)

    page = birch.get(at("stairs-practice", example, "P1"))

    told = {row[0]: row[2] for row in cells_of(page, "Who may help whom")}
    first = ", ".join(["Birch", "Dogwood", *(f"Zelkova {n}" for n in range(3))])
    assert told["Alder"] == f"{first} and 6 more cities"


def test_all_practices_are_shown_at_a_glance(birch, example):
    words = text_of(birch.get(at("stairs", example)))

    assert re.findall(r"P\d Practice P\d (.*?) Your city: (.*?target \d)", words) == [
        (
            "2 cities offer 3 cities want to learn 0 cities are steady",
            "Level 4, own view 4, target 4",
        ),
        (
            "2 cities offer 3 cities want to learn 0 cities are steady",
            "Level 3, own view 4, target 4",
        ),
        (
            "1 city offers 4 cities want to learn 0 cities are steady",
            "Level 2, own view 4, target 4",
        ),
        (
            "1 city offers 5 cities want to learn 0 cities are steady "
            "1 need that nobody here can meet",
            "Level 2, own view 2, target 4",
        ),
    ]


def test_a_practice_that_the_framework_does_not_have_is_not_found(birch, example):
    assert birch.get(at("stairs-practice", example, "P9")).status_code == 404


def test_from_one_practice_to_the_next(birch, example):
    page = main_of(birch.get(at("stairs-practice", example, "P2")))

    assert f'rel="prev" href="{at("stairs-practice", example, "P1")}"' in page
    assert f'rel="next" href="{at("stairs-practice", example, "P3")}"' in page


# --- One city ----------------------------------------------------------------------------


def city_of(client, example, name):
    return client.get(at("team", example, example.teams[name].pk))


def test_a_city_reads_its_own_view_and_the_peers_in_one_sentence(birch, example):
    page = city_of(birch, example, "Birch")

    assert [row[2] for row in cells_of(page, "on every practice")] == [
        "Own view 4, all peers 4 Target 4",
        "Own view 4, peers 3 (2-4) Level 3, agreed on in the talk Target 4",
        "Own view 4, peers 2 (2-3) Level 2, agreed on in the talk Target 4",
        "Own view 2, peers 2 (1-3) Level 2, agreed on in the talk Target 4",
    ]


def test_the_signs_stand_on_the_scale_of_the_framework(birch, example):
    page = main_of(city_of(birch, example, "Birch"))
    third = page.split('class="picture strip"')[3].partition("</svg>")[0]

    # Own view 4, ratings from 2 to 3, level 2, target 4.
    assert 'class="strip-rated" points="62,16 110,16"' in third
    assert 'class="mine-dot" cx="62.0"' in third
    assert 'class="mine-own" cx="158.0"' in third
    assert 'class="mine-target-tick" d="M158.0 16' in third


def test_of_another_city_with_two_ratings_the_level_alone_is_shown(birch, example):
    Assignment.objects.filter(rated=example.teams["Elm"], rater=example.teams["Alder"]).update(
        status="void"
    )

    page = city_of(birch, example, "Elm")

    assert cells_of(page, "on every practice")[0][2] == "Own view 3, level 3 Target 4"
    assert "strip-rated" not in main_of(page).partition("<table")[2]


def test_a_city_sees_no_levels_of_another_before_the_comparing(client):
    example = Example(stage="moderation")
    client.force_login(example.people["Birch"])

    own, other = (city_of(client, example, name) for name in ("Birch", "Elm"))

    assert len(cells_of(own, "on every practice")) == 4
    assert "No levels to be seen yet" in text_of(other)
    assert "<table" not in main_of(other)


def test_while_the_cities_assess_themselves_a_city_sees_its_own_view(client):
    example = Example(stage="self", rated=False, moderated=False)
    client.force_login(example.people["Birch"])

    page = city_of(client, example, "Birch")

    assert cells_of(page, "on every practice")[0][2] == "Own view 4 Target 4"


def test_the_way_into_the_river_is_shown_for_the_own_city_alone(birch, example):
    ways = ["See this city in the river" in text_of(city_of(birch, example, c)) for c in CITIES]

    assert ways == [name == "Birch" for name in CITIES]


def test_a_city_of_another_cycle_is_not_found(birch, example):
    other = Cycle.objects.create(
        workshop=example.workshop, framework=example.framework, name="Another", status="compare"
    )
    team = other.teams.create(city=example.teams["Elm"].city)

    assert birch.get(at("team", example, team.pk)).status_code == 404


# --- Large, for the wall -----------------------------------------------------------------


def test_the_projector_shows_the_river_as_it_was_asked_for_and_nobodys_line(birch, example):
    page = birch.get(at("river-show", example, basis="own", target="on")).content.decode()

    assert [page.count(f'<div class="picture-{shape}">') for shape in ("wide", "tall")] == [1, 1]
    assert page.count('<svg class="picture" xmlns') == 2
    assert '<polygon class="river-water" points="130,26 270,26 410,96' in page
    assert "mine-" not in page
    assert f'href="{at("river", example)}?basis=own&amp;target=on"' in page
    assert "<script" not in page


def test_those_who_lead_put_the_line_of_a_city_on_the_wall(client, example):
    client.force_login(example.facilitator)

    page = client.get(at("river-show", example, city=example.teams["Birch"].pk)).content.decode()

    assert "mine-line" in page


def test_the_projector_goes_from_practice_to_practice(birch, example):
    page = birch.get(at("stairs-show", example, "P2")).content.decode()

    links = re.findall(r'<a href="([^"]*)">', page)
    assert links == [
        at("stairs-show", example, "P1"),
        at("stairs-show", example, "P3"),
        at("river-show", example),
        at("stairs-practice", example, "P2"),
    ]
    assert "stair-mine" not in page
    assert "Your city" not in page


# --- Never a league table ----------------------------------------------------------------


def test_cities_are_nowhere_in_the_order_of_their_levels(client, example):
    client.force_login(example.facilitator)
    Moderation.objects.all().delete()

    page = client.get(at("stairs-practice", example, "P1"))

    learners = [row[0] for row in cells_of(page, "Who may help whom")]
    assert learners == sorted(learners)
    river = cells_of(client.get(at("river", example)), "the same in figures")
    assert [row[0][:2] for row in river] == ["P1", "P2", "P3", "P4"]
    words = text_of(client.get(at("stairs", example))) + text_of(page)
    assert re.search(r"\b(rank|score|total|best city|worst)\b", words, re.IGNORECASE) is None


# --- What it costs -----------------------------------------------------------------------


def add_city(example, name, *, level):
    team = example.cycle.teams.create(city=make.CityFactory(name=name, country="TH"))
    own = SelfAssessment.objects.create(team=team, status="submitted")
    for practice in example.practices.values():
        own.scores.create(practice=practice, current=level, target=level)


@pytest.mark.parametrize(
    ("name", "args", "most"),
    [("river", [], RIVER), ("stairs", [], STAIRS), ("stairs-practice", ["P1"], STAIRS)],
)
def test_a_picture_costs_the_same_whatever_the_number_of_cities(
    birch, example, django_assert_max_num_queries, name, args, most
):
    earlier_cycle(example)
    address = at(name, example, *args, before="on")
    birch.get(address)
    with django_assert_max_num_queries(most) as few:
        birch.get(address)

    for number in range(3):
        add_city(example, f"City {number}", level=3)

    with django_assert_max_num_queries(len(few)):
        birch.get(address)


def test_the_page_of_a_city_costs_the_same_whatever_the_number_of_cities(
    birch, example, django_assert_max_num_queries
):
    city_of(birch, example, "Elm")
    with django_assert_max_num_queries(CITY) as few:
        city_of(birch, example, "Elm")

    add_city(example, "Zelkova", level=3)

    with django_assert_max_num_queries(len(few)):
        city_of(birch, example, "Elm")
