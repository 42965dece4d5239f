"""The facilitator's page of who rates whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cityshare.actions import draw as actions
from cityshare.models import Assignment, Cycle, Draw, Team
from tests import factories as make
from tests.cityshare.drawn import RULES, Drawn, heard
from tests.cityshare.example import Example
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
FORM = {"seed": "7", "raters_per_city": "2", "bars_own_country": "on"}


@pytest.fixture
def drawn():
    return Drawn()


@pytest.fixture
def desk(client, drawn):
    """The browser of who leads the cycle."""
    client.force_login(drawn.facilitator)
    return client


def stuck(**rules):
    """The example with a third city of one country, so that no draw is complete."""
    example = Drawn.__new__(Drawn)
    Example.__init__(example, stage=rules.pop("stage", "rating"), rated=False, moderated=False)
    Team.objects.filter(city__name="Cedar").update(city=make.CityFactory(name="Fir", country="KH"))
    example.draw = example.ask(**rules)
    return example


# --- Asking ------------------------------------------------------------------------------


def test_a_cycle_without_a_draw_offers_its_own_rules(client):
    example = Example(stage="rating", rated=False, moderated=False)
    type(example.cycle).objects.update(seed=42, raters_per_city=4, bars_own_country=False)
    client.force_login(example.facilitator)

    shown = client.get(f"/cityshare/{example.cycle.pk}/draw/").text

    assert 'name="seed" value="42"' in shown
    assert 'name="raters_per_city" value="4"' in shown
    assert "Draw the raters" in shown


def test_the_press_asks_the_worker_and_the_page_waits_for_it(
    client, django_capture_on_commit_callbacks
):
    example = Example(stage="rating", rated=False, moderated=False)
    client.force_login(example.facilitator)
    address = f"/cityshare/{example.cycle.pk}/draw/"

    answer = client.post(address, FORM)

    waiting, told = client.get(address), client.get(f"{address}state/").json()
    assert (answer.status_code, answer.url) == (302, address)
    assert f'data-watch="{address}state/"' in waiting.text
    assert "See how far it is" in waiting.text
    assert told == {"is_done": False}
    with django_capture_on_commit_callbacks(execute=True):
        actions.recover()
    assert client.get(f"{address}state/").json() == {"is_done": True}
    assert "data-watch" not in client.get(address).text
    draw = Draw.objects.get()
    rules = (draw.seed, draw.raters_per_city, draw.bars_own_country, draw.bars_mutual_rating)
    assert rules == (7, 2, True, False)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"raters_per_city": ""}, "Write how many raters each city has"),
        ({"raters_per_city": "0"}, "Each city needs at least one rater."),
        ({"raters_per_city": "10"}, "More than 9 raters"),
        ({"raters_per_city": "two"}, "Write a whole number, for example 3."),
        ({"seed": ""}, "Write a number, for example 1."),
        ({"seed": "-1"}, "Write a number from 0 on."),
        ({"seed": "9" * 20}, "Write a number up to 2147483647."),
    ],
)
def test_rules_that_mean_nothing_come_back_with_what_was_typed(desk, drawn, facts, words):
    shown = desk.post(drawn.url("draw"), {**FORM, **facts})

    assert (shown.status_code, Draw.objects.count()) == (200, 1)
    assert words in shown.text
    assert all(f'value="{typed}"' in shown.text for typed in facts.values() if typed)


def test_a_draw_that_no_worker_could_finish_is_tried_again_by_a_press(
    desk, drawn, django_capture_on_commit_callbacks
):
    asked = actions.ask(drawn.cycle, **RULES, by=drawn.facilitator)
    Draw.objects.filter(pk=asked.pk).update(tries=3, lease_until="2020-01-01T00:00Z")
    actions.recover()

    shown = desk.get(drawn.url("draw"))

    assert "The draw could not be computed" in shown.text
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(drawn.url("draw-retry", asked.pk))
    asked.refresh_from_db()
    assert asked.status == "ready"


def test_outside_its_stages_the_page_says_when_raters_are_drawn(client):
    example = Example(stage="setup", rated=False, moderated=False)
    client.force_login(example.facilitator)

    shown = heard(client.get(f"/cityshare/{example.cycle.pk}/draw/"))

    assert "There is no draw" in shown
    assert "Draw the raters" not in shown


# --- The draft ---------------------------------------------------------------------------


def test_the_draft_shows_each_city_with_its_raters_whom_it_rates_and_its_alternate(desk, drawn):
    shown = desk.get(drawn.url("draw")).text
    alternates = drawn.alternates()

    for name, team in drawn.teams.items():
        [line] = [part for part in shown.split("<tr ") if f'id="city-{team.pk}"' in part]
        raters, rates, alternate = line.split("<td ")[1:]
        others = [other for other in drawn.teams if other != name]
        assert [o for o in others if o in raters] == [
            o for o in others if (o, name) in drawn.standing()
        ]
        assert [o for o in others if o in rates] == [
            o for o in others if (name, o) in drawn.standing()
        ]
        assert alternates[name] in alternate
    assert "10 of 10" in shown
    assert "<dd>7</dd>" in shown


def test_what_speaks_against_a_pair_stands_with_it(client):
    drawn = Drawn(raters_per_city=3)
    Team.objects.filter(city__name="Elm").update(languages=["vi"])
    client.force_login(drawn.facilitator)

    shown = heard(client.get(drawn.url("draw")))

    assert "the two rate each other" in shown
    assert "no common working language" in shown


def test_the_draft_asks_no_more_questions_of_the_database_for_more_cities(desk, drawn):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            desk.get(drawn.url("draw"))
        return len(found)

    few = queries()
    for _number in range(6):
        team = drawn.cycle.teams.create(city=make.CityFactory(country="JP"))
        team.members.create(user=make.UserFactory(city=team.city), is_focal_point=True)
    drawn.draw = drawn.ask()

    assert len(drawn.standing()) > 10
    assert queries() == few


def test_a_draft_that_is_not_complete_says_why_and_offers_the_ways_out(client):
    drawn = stuck()
    client.force_login(drawn.facilitator)

    shown = heard(client.get(drawn.url("draw")))

    assert "cities have too few raters" in shown
    assert "Cambodia has 3 cities, and all other countries together have 2." in shown
    assert "let cities of one country rate each other" in shown
    assert "8 of 10" in shown
    assert "Or go on with fewer raters" in shown


def test_a_way_out_is_a_press(client, django_capture_on_commit_callbacks):
    drawn = stuck()
    client.force_login(drawn.facilitator)
    [form] = [
        part
        for part in client.get(drawn.url("draw")).text.split("<form")
        if "let cities of one country rate each other" in part
    ]
    rules = {"seed": "7", "raters_per_city": "2"}

    assert 'name="seed" value="7"' in form
    assert "bars_own_country" not in form
    with django_capture_on_commit_callbacks(execute=True):
        client.post(drawn.url("draw"), rules)
    assert Draw.objects.filter(status="ready").get().outcome["reasons"] == []
    assert len(drawn.names("proposed", draw__status="ready")) == 10


def test_fewer_raters_and_rating_each_other_are_ways_out_too(client):
    drawn = Drawn(bars_mutual_rating=True)
    client.force_login(drawn.facilitator)

    shown = heard(client.get(drawn.url("draw")))

    assert "only 9 of the 10 pairs are possible" in shown
    assert "Draw again with 1 rater for each city" in shown
    assert "let two cities rate each other where it must be" in shown


def test_more_cities_are_a_way_out_as_long_as_cities_may_join(client):
    early = stuck(stage="self")
    client.force_login(early.facilitator)
    shown = heard(client.get(early.url("draw")))
    type(early.cycle).objects.update(status="rating")

    late = heard(client.get(early.url("draw")))

    assert "Invite 1 more city, of another country" in shown
    assert "Invite 1 more city" not in late


def test_conflicts_that_are_in_the_way_are_named(client):
    drawn = Drawn()
    for other in ("Dogwood", "Elm"):
        drawn.teams["Cedar"].conflicts_declared.create(
            other=drawn.teams[other],
            kind="grant",
            declared_by=drawn.facilitator,
            declared_at=drawn.draw.asked_at,
        )
    drawn.draw = drawn.ask(raters_per_city=3)
    client.force_login(drawn.facilitator)

    shown = heard(client.get(drawn.url("draw")))

    assert "Cedar needs 3 raters, and only 2 of the other cities may rate it." in shown
    assert "Conflicts were declared between: Dogwood and Cedar, Elm and Cedar." in shown


# --- The release -------------------------------------------------------------------------


def test_a_press_releases_the_draft(desk, drawn):
    answer = desk.post(drawn.url("draw-release", drawn.draw.pk), follow=True)

    assert "The raters know now whom they rate: 5 people have a letter." in answer.text
    assert "To rate" in answer.text
    assert "Draw again" not in answer.text
    assert "The raters have been told which cities they rate." in answer.text
    assert "You look at the draft before anybody is told" not in answer.text
    assert Message.objects.count() == 5


def test_a_short_draft_is_released_with_a_tick(client):
    drawn = stuck()
    client.force_login(drawn.facilitator)
    address = drawn.url("draw-release", drawn.draw.pk)

    without = client.post(address)

    assert "Tick this to release the draw in spite of it." in without.text
    assert not Message.objects.exists()
    client.post(address, {"in_spite": "on"})
    assert len(drawn.names("active")) == 8


def test_before_the_stage_of_rating_there_is_no_press_to_release(client):
    drawn = Drawn(stage="self")
    client.force_login(drawn.facilitator)

    shown = client.get(drawn.url("draw"))

    assert drawn.url("draw-release", drawn.draw.pk) not in shown.text
    assert "as soon as the cycle is in the stage of peer rating" in shown.text


def test_cities_without_anybody_are_named_before_the_release(desk, drawn):
    Assignment.objects.filter(rater=drawn.teams["Elm"]).update(person=None)

    assert "Nobody could rate for these cities yet" in heard(desk.get(drawn.url("draw")))


@pytest.mark.parametrize("name", ["draw", "draw-state"])
def test_a_city_is_told_no_and_a_stranger_nothing(client, drawn, name):
    client.force_login(drawn.people["Alder"])
    member = client.get(drawn.url(name)).status_code
    client.force_login(make.UserFactory())

    assert (member, client.get(drawn.url(name)).status_code) == (403, 404)


def test_a_draw_of_another_cycle_is_not_found(desk, drawn):
    elsewhere = Cycle.objects.create(
        workshop=make.WorkshopFactory(), framework=drawn.framework, name="Elsewhere"
    )
    Draw.objects.update(cycle=elsewhere)

    answer = desk.post(drawn.url("draw-release", drawn.draw.pk))

    assert (answer.status_code, Draw.objects.get().status) == (404, "ready")
