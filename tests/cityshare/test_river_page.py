"""The river on its page: the worked example again, and who sees it when."""

import re

import pytest
from django.utils import timezone

from cityshare.models import Assignment, PeerRating, SelfAssessment, SelfScore
from tests.cityshare.example import DATA, Example, framework
from tests.cityshare.picture_pages import at, cells_of, earlier_cycle, main_of, text_of, traces

pytestmark = pytest.mark.django_db
CITIES = DATA["cities"]


@pytest.fixture
def example():
    return Example()


@pytest.fixture
def birch(client, example):
    client.force_login(example.people["Birch"])
    return client


# --- The river ---------------------------------------------------------------------------


def test_the_page_shows_the_river_of_the_example(birch, example):
    page = birch.get(at("river", example))

    assert cells_of(page, "the same in figures") == [
        ["P1 Practice P1", "5", "1", "3", "5", "4", "Dogwood", "Level 4, own view 4, target 4"],
        ["P2 Practice P2", "5", "1", "3", "5", "4", "Alder", "Level 3, own view 4, target 4"],
        ["P3 Practice P3", "5", "1", "3", "4", "3", "Cedar", "Level 2, own view 4, target 4"],
        ["P4 Practice P4", "5", "2", "3", "4", "2", "Alder", "Level 2, own view 2, target 4"],
    ]


def test_the_picture_has_the_shape_of_the_pixel_test(birch, example):
    page = birch.get(at("river", example, own="on", target="on"))

    # The same plot six lower, for the words above it need a little room.
    assert traces(page, "river-water") == [
        "130,26 270,26 410,96 550,96 550,236 410,306 270,306 130,306"
    ]
    assert traces(page, "river-median") == ["130,166 270,166 410,166 550,166"]
    assert traces(page, "mine-line") == ["130,96 270,166 410,236 550,236"]
    assert traces(page, "mine-target") == ["130,96 270,96 410,96 550,96"]


def test_nobody_stands_at_the_lower_bank_by_name(birch, example):
    page = birch.get(at("river", example))

    # Cedar, Dogwood and Elm are lowest on P1, P2 and P3; each is named where it is highest.
    assert re.findall("Alder|Cedar|Dogwood|Elm", text_of(page)) == [
        *("Dogwood", "Alder", "Cedar", "Alder")
    ]


def test_what_is_pointed_at_says_whom_to_ask(birch, example):
    page = birch.get(at("river", example))

    assert "P1 Practice P1: levels 1 to 5, median 3. Ask here: Dogwood." in page.content.decode()


def test_the_river_of_the_own_views(birch, example):
    page = birch.get(at("river", example, basis="own"))

    assert [row[2:6] for row in cells_of(page, "the same in figures")] == [
        ["1", "3", "5", "4"],
        ["2", "4", "5", "3"],
        ["2", "3", "4", "2"],
        ["2", "3", "4", "2"],
    ]
    assert traces(page, "mine-line") == ["130,96 270,96 410,96 550,236"]


@pytest.mark.parametrize(
    ("order", "codes"),
    [
        ("framework", ["P1", "P2", "P3", "P4"]),
        ("width", ["P1", "P2", "P3", "P4"]),
        ("median", ["P4", "P1", "P2", "P3"]),
        ("best city first", ["P1", "P2", "P3", "P4"]),
    ],
)
def test_the_practices_stand_in_the_order_that_was_asked_for(birch, example, order, codes):
    # Lower the median of P4 alone: three cities at level 2.
    example.teams["Cedar"].moderations.create(
        practice=example.practices["P4"], status="agreed", agreed=2, opened_at=timezone.now()
    )

    page = birch.get(at("river", example, order=order))

    assert [row[0][:2] for row in cells_of(page, "the same in figures")] == codes


def test_pillars_stand_under_the_axis_in_the_order_of_the_framework_alone(birch, example):
    found = [
        [word for word in ("Prevention", "Partnership") if f">{word}</text>" in main_of(page)]
        for page in (birch.get(at("river", example, order=o)) for o in ("framework", "width"))
    ]

    assert found == [["Prevention", "Partnership"], []]


def test_own_view_target_and_earlier_cycle_are_laid_over_on_demand(birch, example):
    page = birch.get(at("river", example))

    assert [
        sign for sign in ("mine-own", "mine-target", "river-before") if sign in main_of(page)
    ] == []
    assert "mine-dot" in main_of(page)


def test_the_cycle_before_is_laid_under_and_the_changes_are_told(birch, example):
    earlier_cycle(example)

    page = birch.get(at("river", example, before="on"))

    assert traces(page, "river-before") == ["130,96 270,96 270,306 130,306"]
    changed = [row[2:6] for row in cells_of(page, "the same in figures")]
    assert changed == [
        [
            f"{now} changed by {by}"
            for now, by in (("1", "±0"), ("3", "+1"), ("5", "+1"), ("4", "+1"))
        ],
        [
            f"{now} changed by {by}"
            for now, by in (("1", "±0"), ("3", "±0"), ("5", "+1"), ("4", "+1"))
        ],
        ["1", "3", "4", "3"],
        ["2", "3", "4", "2"],
    ]
    assert "what has changed since The year before" in text_of(page)


def test_of_the_cycle_before_nothing_shows_where_fewer_than_three_cities_spoke(birch, example):
    before = earlier_cycle(example)
    ways = [at(name, example, before="on") for name in ("river", "river-drawing")]
    page, drawing = (birch.get(way) for way in ways)
    practice = before.framework.practices.get(code="P3")

    for own in SelfAssessment.objects.filter(team__cycle=before).order_by("pk")[:2]:
        own.scores.create(practice=practice, current=5, target=5)

    later, drawn = (birch.get(way) for way in ways)
    assert "river-before" in drawing.content.decode()
    assert drawn.content == drawing.content
    assert cells_of(later, "the same in figures") == cells_of(page, "the same in figures")


@pytest.mark.parametrize("why", ["another scale", "not compared by then", "none"])
def test_a_cycle_that_cannot_be_laid_under_is_not_on_offer(birch, example, why):
    if why == "another scale":
        earlier_cycle(example, sheet=framework("Of four levels", levels=4))
    elif why == "not compared by then":
        earlier_cycle(example, stage="moderation")

    page = birch.get(at("river", example, before="on"))

    assert 'name="before"' not in main_of(page)
    assert "river-before" not in main_of(page)


def test_fewer_than_three_cities_make_no_river_and_are_not_named(birch, example):
    others = SelfScore.objects.filter(
        practice__code="P2", assessment__team__city__name__in=["Alder", "Cedar", "Elm"]
    )
    others.update(current=None, target=None, outside_mandate=True)

    page = birch.get(at("river", example))

    assert traces(page, "river-water") == ["410,96 550,96 550,236 410,306"]
    assert traces(page, "river-lone") == ["130,26 130,306"]
    assert cells_of(page, "the same in figures")[1][1:7] == ["2", "—", "—", "—", "—", "—"]
    assert "P2 Practice P2: too few cities for a river." in page.content.decode()
    assert "Fewer than three cities: no river" in text_of(page)


def test_a_practice_outside_the_mandate_breaks_the_own_line(birch, example):
    score = SelfScore.objects.get(practice__code="P2", assessment__team=example.teams["Birch"])
    SelfScore.objects.filter(pk=score.pk).update(current=None, target=None, outside_mandate=True)

    page = birch.get(at("river", example))

    assert traces(page, "mine-line") == ["410,236 550,236"]
    assert cells_of(page, "the same in figures")[1][-1] == "Outside its mandate"


def test_a_level_without_enough_ratings_is_drawn_hollow(birch, example):
    ratings = PeerRating.objects.filter(
        practice__code="P1", assignment__rated=example.teams["Birch"]
    )
    ratings.exclude(pk=ratings.first().pk).update(cannot_judge=True, initial=None, final=None)

    page = birch.get(at("river", example))

    assert 'class="mine-hollow" cx="130.0" cy="96.0"' in main_of(page)
    assert "Own view only: not enough ratings" in text_of(page)


def test_a_city_cannot_choose_another_city_to_see_its_line(birch, example):
    elm = example.teams["Elm"].pk

    page = birch.get(at("river", example, city=elm, own="on"))

    assert traces(page, "mine-line") == ["130,96 270,166 410,236 550,236"]
    assert 'name="city"' not in main_of(page)


def test_those_who_lead_choose_any_city_or_none(client, example):
    client.force_login(example.facilitator)

    none = client.get(at("river", example))
    elm = client.get(at("river", example, city=example.teams["Elm"].pk, own="on"))
    wrong = client.get(at("river", example, city="x", own="on"))

    assert ["mine-dot" in main_of(page) for page in (none, elm, wrong)] == [False, True, False]
    assert traces(elm, "mine-line") == ["130,166 270,96 410,306 550,236"]
    options = re.findall(r'<option value="[^"]*"[^>]*>([^<]*)', main_of(none))
    assert options[-6:] == ["None", "Alder", "Birch", "Cedar", "Dogwood", "Elm"]


# --- Before there is anything to compare -------------------------------------------------


@pytest.mark.parametrize("stage", ["self", "rating", "moderation"])
def test_before_the_comparing_a_city_sees_no_river(client, stage):
    example = Example(stage=stage)
    client.force_login(example.people["Birch"])

    pages = [client.get(at(name, example)) for name in ("river", "stairs")]

    assert ["Not to be seen yet" in text_of(page) for page in pages] == [True, True]
    assert [city for city in CITIES for page in pages if city in main_of(page)] == []


@pytest.mark.parametrize("stage", ["self", "rating"])
def test_before_the_moderation_those_who_lead_see_no_river_either(client, stage):
    example = Example(stage=stage)
    client.force_login(example.facilitator)

    assert "Not to be seen yet" in text_of(client.get(at("river", example)))


def test_from_the_moderation_on_those_who_lead_see_it(client):
    example = Example(stage="moderation")
    client.force_login(example.facilitator)

    assert len(cells_of(client.get(at("river", example)), "the same in figures")) == 4


@pytest.mark.parametrize("name", ["river-show", "river-drawing"])
def test_what_is_not_compared_yet_cannot_be_taken_away(client, name):
    example = Example(stage="moderation")
    client.force_login(example.people["Birch"])

    assert client.get(at(name, example)).status_code == 404


def test_no_saved_rating_changes_a_picture_before_the_rating_is_over(client):
    example = Example(stage="rating")
    client.force_login(example.people["Birch"])
    elm = example.teams["Elm"]
    addresses = [at("river", example), at("stairs", example), at("team", example, elm.pk)]
    before = [main_of(client.get(address)) for address in addresses]

    PeerRating.objects.filter(practice__code="P1").update(initial=5, final=5)
    Assignment.objects.filter(rater=elm).update(status="active")

    assert [main_of(client.get(address)) for address in addresses] == before
    assert "Where we are" in before[0]
