"""Those who lead a cycle see how far everybody is, and take everything home."""

import io
import json
import zipfile
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from cityshare.models import Assignment, Cycle, Moderation, SelfAssessment
from cityshare.queries.cohort import cohort
from tests import factories as make
from tests.cityshare.example import DATA, Example, framework
from workshop_portal.audit.models import Entry

pytestmark = pytest.mark.django_db


def seen(example, *, now=None):
    return cohort(Cycle.objects.get(pk=example.cycle.pk), now=now or timezone.now())


def url(example, name="cohort"):
    return reverse(f"cityshare:{name}", args=[example.cycle.pk])


def taken(client, example, **typed):
    client.force_login(example.facilitator)
    return client.post(url(example, "cohort-takeout"), {"kind": "json", **typed})


def test_the_figures_of_the_worked_example_stand_at_the_head_of_the_page(client):
    example = Example()
    client.force_login(example.facilitator)

    page = client.get(url(example)).content.decode()

    found = seen(example)
    assert dict(found.units) == {"confirmed": 13, "differs": 4, "settled": 3}
    assert [(s["label"], s["value"], s["note"]) for s in found.stats] == [
        ("Cities", 5, ""),
        ("Self-assessments handed in", 5, "of 5"),
        ("Ratings finished", 15, "of 15"),
        ("All views agree", 13, "of 20 levels of cities"),
        ("Views a level apart", 4, "of 20 levels of cities"),
        ("Views far apart, to talk about", 0, "of 20 levels of cities"),
        ("Settled in a talk", 3, "of 20 levels of cities"),
        ("Seen by the city alone", 0, "of 20 levels of cities"),
    ]
    assert "Ratings finished" in page


def test_the_next_stage_is_begun_from_a_button_as_long_as_there_is_one(client):
    example = Example()
    client.force_login(example.facilitator)
    way = f'<a class="btn btn-primary" href="{url(example, "cycle-move-on")}">'

    before = client.get(url(example)).text
    Cycle.objects.filter(pk=example.cycle.pk).update(status=Cycle.Stage.CLOSED)
    after = client.get(url(example)).text

    assert (way in before, way in after) == (True, False)


@pytest.mark.parametrize(("status", "open_units"), [("open", 3), ("agreed", 2), ("stands", 2)])
def test_a_level_is_to_be_talked_about_until_its_talk_is_settled(status, open_units):
    example = Example(moderated=False)
    Moderation.objects.create(
        team=example.teams["Birch"],
        practice=example.practices["P2"],
        status=status,
        agreed=3 if status == "agreed" else None,
        opened_at=timezone.now(),
    )

    found = seen(example)

    assert found.units["to talk about"] == open_units
    assert found.units["settled"] == 3 - open_units
    assert sum(found.units.values()) == 20


def test_a_practice_with_two_flags_is_one_practice():
    example = Example()
    example.teams["Birch"].assessment.scores.filter(practice__code="P4").update(current=4, target=4)

    birch = next(line for line in seen(example).lines if line.name == "Birch")

    assert birch.apart == 3


def test_what_the_city_alone_has_seen_and_what_nobody_has_seen_is_no_agreement():
    example = Example(moderated=False)
    Assignment.objects.filter(rated=example.teams["Birch"]).update(status="void")
    Assignment.objects.filter(rated=example.teams["Elm"]).update(status="void")
    SelfAssessment.objects.filter(team=example.teams["Elm"]).update(status="open")

    found = seen(example)

    assert dict(found.units) == {"confirmed": 9, "differs": 3, "self only": 4}


def test_cities_stand_by_country_and_name_whatever_their_levels():
    example = Example()

    lines = [(line.country, line.name, line.apart) for line in seen(example).lines]

    assert lines == sorted(lines, key=lambda line: line[:2])
    assert {name: apart for _country, name, apart in lines} == {
        "Alder": 0,
        "Birch": 3,
        "Cedar": 0,
        "Dogwood": 0,
        "Elm": 0,
    }


def test_a_city_is_late_when_the_stage_should_be_over_and_its_part_is_not_done():
    example = Example(stage="self", rated=False, moderated=False)
    SelfAssessment.objects.filter(team=example.teams["Elm"]).update(status="open")
    due = timezone.now() + timedelta(days=1)
    example.cycle.deadlines.create(stage="self", due_at=due)

    before = seen(example)
    after = seen(example, now=due + timedelta(seconds=1))

    assert before.late == []
    assert [(line.name, line.late) for line in after.late] == [
        ("Elm", ["Self-assessment not handed in"])
    ]


def test_a_cycle_without_cities_tells_until_when_its_stage_lasts():
    cycle = make.RoleFactory(role="facilitator").workshop.cycles.create(
        framework=framework(), name="Empty"
    )
    due = timezone.now() + timedelta(days=1)
    cycle.deadlines.create(stage="setup", due_at=due)

    found = cohort(cycle, now=timezone.now())

    assert (found.due, found.is_over, found.lines) == (due, False, [])


def test_ratings_that_are_not_handed_in_are_late_with_their_number():
    example = Example(stage="rating", moderated=False)
    example.cycle.deadlines.create(stage="rating", due_at=timezone.now() - timedelta(hours=1))
    Assignment.objects.filter(rater=example.teams["Cedar"]).update(status="locked")

    found = seen(example)

    assert [(line.name, line.late) for line in found.late] == [("Cedar", ["3 cities not rated"])]
    assert dict(found.units) == {}


def test_only_those_who_lead_and_belong_to_no_city_open_it(client):
    example = Example()
    member = make.RoleFactory(workshop=example.workshop, role="facilitator").user
    example.teams["Elm"].members.create(user=member)
    people = [member, example.people["Elm"], make.UserFactory(is_admin=True)]

    for person in people:
        client.force_login(person)
        answers = [client.get(url(example)), client.post(url(example, "cohort-takeout"))]
        assert [answer.status_code for answer in answers] == [404, 404]


def test_the_page_costs_eight_queries_whatever_the_number_of_cities(
    client, django_assert_num_queries
):
    example = Example()
    client.force_login(example.facilitator)
    client.get(url(example))
    with django_assert_num_queries(8):
        client.get(url(example))
    for number in range(3):
        example.cycle.teams.create(city=make.CityFactory(name=f"More {number}"))

    with django_assert_num_queries(8):
        page = client.get(url(example)).content.decode()

    assert "More 2" in page


# --- Taking it home -------------------------------------------------------------------------


def test_the_json_file_holds_every_level_of_the_worked_example(client):
    example = Example()

    answer = taken(client, example)

    found = json.loads(answer.content)
    levels = {(row["city"], row["practice"]): row["level"] for row in found["levels"]}
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert levels == {
        (city, code): level
        for city, row in DATA["expected"]["level"].items()
        for code, level in zip(DATA["practices"], row, strict=True)
    }
    assert found["cycle"] == "First cycle"
    assert [row["practice"] for row in found["moderations"]] == ["P2", "P3", "P4"]


def test_the_spreadsheet_has_a_sheet_for_each_table_and_no_live_formula(client):
    example = Example()
    example.teams["Elm"].assessment.scores.update(why="=1+1")

    answer = taken(client, example, kind="xlsx")

    content = b"".join(answer.streaming_content)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == [
        "cities",
        "practices",
        "self assessments",
        "levels",
        "moderations",
        "raters",
        "offers",
        "needs",
        "proposals",
        "assists",
        "assets",
    ]
    assert book["levels"].max_row == 21
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        assert all(b"<f>" not in parts.read(name) for name in sheets)


def test_who_gave_which_level_leaves_only_with_a_reason_that_goes_on_record(client):
    example = Example()

    without = json.loads(taken(client, example).content)
    asked = taken(client, example, single_ratings="on")
    given = taken(client, example, single_ratings="on", reason="Birch disputes P2")

    assert "ratings" not in without
    assert "praises" not in json.dumps(without)
    assert "Say why in a sentence." in asked.content.decode()
    ratings = json.loads(given.content)["ratings"]
    assert len(ratings) == 60
    assert ratings[0]["rater"] in DATA["cities"]
    trail = Entry.objects.filter(event="cycle.exported").order_by("pk")
    assert [entry.facts for entry in trail] == [
        {"kind": "json", "single_ratings": False, "reason": ""},
        {"kind": "json", "single_ratings": True, "reason": "Birch disputes P2"},
    ]


@pytest.mark.parametrize("stage", ["self", "rating"])
def test_before_the_rating_is_over_no_level_of_a_peer_leaves(client, stage):
    example = Example(stage=stage, moderated=False)

    found = json.loads(taken(client, example, single_ratings="on", reason="Curious").content)

    assert "ratings" not in found
    assert {row["level"] for row in found["levels"]} == {None}
    assert {row["median"] for row in found["levels"]} == {None}


@pytest.mark.parametrize("stage", Cycle.Stage.values)
def test_the_page_opens_in_every_stage(client, stage):
    example = Example(stage=stage)
    client.force_login(example.facilitator)

    assert client.get(url(example)).status_code == 200
    assert client.get(url(example, "cohort-takeout")).status_code == 200
