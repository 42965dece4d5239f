"""A cycle is set up by those who lead, seen by its cities, and moved on stage by stage."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from cityshare.actions import cycle as actions
from cityshare.models import Cycle, Moderation
from cityshare.queries.gate import lacks_of, passage_of
from tests import factories as make
from tests.cityshare.drawn import Drawn
from tests.cityshare.example import Example, framework
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
Stage = Cycle.Stage


@pytest.fixture
def workshop():
    return make.WorkshopFactory()


@pytest.fixture
def lead(workshop):
    return make.RoleFactory(workshop=workshop, role="facilitator").user


def seat(workshop, name, country="KH", number=1):
    """So many participants of one city."""
    city = make.CityFactory(name=name, country=country)
    people = [make.UserFactory(given_name=name, city=city) for _n in range(number)]
    for person in people:
        workshop.participants.create(user=person, city=city)
    return people


def begin(workshop, lead, **facts):
    facts.setdefault("framework", None)
    facts["framework"] = facts["framework"] or framework("F")
    return actions.begin_cycle(workshop, by=lead, **{"name": "First", "dues": {}, **facts})


def move(cycle, lead, **facts):
    """As the page does: with what it has shown."""
    seen = passage_of(cycle).fingerprint
    actions.move_on(cycle, seen=seen, by=lead, **{"in_spite": True, **facts})


# --- Who sees it -------------------------------------------------------------------------


def test_a_cycle_that_is_being_set_up_is_seen_by_those_who_lead_alone():
    example = Example(stage=Stage.SETUP)
    coordinator = make.RoleFactory(workshop=example.workshop, role="coordinator").user
    others = [make.RoleFactory(workshop=example.workshop, role=r).user for r in ("reviewer",)]
    others += [make.RoleFactory(role="facilitator").user, make.UserFactory(is_admin=True)]

    seen = [
        person
        for person in [example.facilitator, coordinator, example.people["Alder"], *others]
        if Cycle.objects.visible_to(person).exists()
    ]

    assert seen == [example.facilitator, coordinator]


def test_from_the_self_assessment_on_its_cities_see_it():
    example = Example(stage=Stage.SELF)

    assert [*Cycle.objects.visible_to(example.people["Alder"])] == [example.cycle]
    assert not Cycle.objects.visible_to(make.UserFactory()).exists()


def test_who_belongs_to_a_city_leads_nothing_in_that_cycle_whatever_role_comes_later():
    example = Example()
    person = example.people["Alder"]
    make.RoleFactory(workshop=example.workshop, user=person, role="facilitator")

    assert not Cycle.objects.led_by(person).exists()
    assert [*Cycle.objects.visible_to(person)] == [example.cycle]


# --- Rules and deadlines -----------------------------------------------------------------


def test_a_cycle_needs_a_frozen_framework(workshop, lead):
    draft = type(framework("F")).objects.create(name="Draft", version="1")

    with pytest.raises(Refused, match="frozen"):
        begin(workshop, lead, framework=draft)


def test_a_name_is_given_once_in_a_workshop(workshop, lead):
    first = begin(workshop, lead)

    with pytest.raises(Refused, match="of that name"):
        begin(workshop, lead, framework=first.framework)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cycle.objects.create(workshop=workshop, framework=first.framework, name="First")


@pytest.mark.parametrize(
    ("rule", "value", "until"),
    [
        ("raters_per_city", 2, Stage.RATING),
        ("bars_own_country", False, Stage.RATING),
        ("bars_mutual_rating", True, Stage.RATING),
        ("rule", "self", Stage.RATING),
        ("helper_capacity", 1, Stage.ASSIST),
        ("learner_capacity", 1, Stage.ASSIST),
    ],
)
def test_a_rule_stands_from_the_stage_on_in_which_people_rely_on_it(rule, value, until):
    example = Example(stage=until, rated=False, moderated=False)
    cycle = example.cycle

    actions.edit_cycle(cycle, dues={}, by=example.facilitator, **{rule: value})
    Cycle.objects.filter(pk=cycle.pk).update(status=cycle.following_stage)
    cycle.refresh_from_db()
    was = {"rule": "both", "bars_own_country": True, "bars_mutual_rating": False}
    with pytest.raises(Refused, match="stands"):
        actions.edit_cycle(cycle, dues={}, by=example.facilitator, **{rule: was.get(rule, 3)})

    cycle.refresh_from_db()
    assert getattr(cycle, rule) == value


def test_another_framework_is_chosen_only_before_cities_rate():
    example = Example(stage=Stage.SELF, rated=False, moderated=False)

    with pytest.raises(Refused, match="stands"):
        actions.edit_cycle(
            example.cycle, dues={}, framework=framework("Other"), by=example.facilitator
        )


def test_when_the_deadline_of_the_stage_moves_everybody_is_told_each_time():
    example = Example(stage=Stage.SELF, rated=False, moderated=False)
    soon, later = timezone.now() + timedelta(days=5), timezone.now() + timedelta(days=9)

    for due in (soon, later, soon):
        actions.edit_cycle(example.cycle, dues={"self": due}, by=example.facilitator)
    actions.edit_cycle(example.cycle, dues={"self": soon, "rating": later}, by=example.facilitator)

    letters = Message.objects.filter(letter="cityshare/deadline_moved")
    assert letters.count() == 3 * 5
    assert {m.to for m in letters} == {*example.people.values()}
    assert [(d.stage, d.due_at) for d in example.cycle.deadlines.all()] == [
        ("self", soon),
        ("rating", later),
    ]
    assert Entry.objects.filter(event="cycle.changed").count() == 4


def test_a_deadline_that_is_taken_away_is_gone(workshop, lead):
    cycle = begin(workshop, lead, dues={"self": timezone.now() + timedelta(days=1)})

    actions.edit_cycle(cycle, dues={"self": None}, by=lead)

    assert not cycle.deadlines.exists()
    assert Entry.objects.get(event="cycle.changed").facts == {"dues": ["self"]}


def test_when_the_deadline_of_the_stage_is_taken_away_everybody_is_told():
    example = Example(stage=Stage.SELF, rated=False, moderated=False)
    example.cycle.deadlines.create(stage="self", due_at=timezone.now() + timedelta(days=5))

    actions.edit_cycle(example.cycle, dues={"self": None}, by=example.facilitator)

    letters = Message.objects.filter(letter="cityshare/deadline_moved")
    assert {letter.to for letter in letters} == {*example.people.values()}
    assert letters[0].subject == "No deadline any more: First cycle"
    assert "“Self-assessment” of the cycle “First cycle” has no deadline" in letters[0].body


def test_nothing_of_a_closed_cycle_is_changed():
    example = Example(stage=Stage.CLOSED)

    with pytest.raises(Refused, match="closed"):
        actions.edit_cycle(example.cycle, dues={}, name="Other", by=example.facilitator)

    example.cycle.refresh_from_db()
    assert example.cycle.name == "First cycle"


@pytest.mark.parametrize(
    ("rule", "value"),
    [("raters_per_city", 4), ("bars_own_country", False), ("bars_mutual_rating", True)],
)
def test_the_rules_of_a_draw_stand_from_its_release_on(rule, value):
    drawn = Drawn()
    actions.edit_cycle(drawn.cycle, dues={}, helper_capacity=4, by=drawn.facilitator, rule="self")
    drawn.release()
    drawn.cycle.refresh_from_db()

    with pytest.raises(Refused, match="know already whom they rate"):
        actions.edit_cycle(drawn.cycle, dues={}, by=drawn.facilitator, **{rule: value})
    actions.edit_cycle(drawn.cycle, dues={}, rule="both", by=drawn.facilitator)

    drawn.cycle.refresh_from_db()
    assert (drawn.cycle.raters_per_city, drawn.cycle.rule) == (2, "both")


def test_saving_without_a_change_writes_nothing_down(workshop, lead):
    cycle = begin(workshop, lead)

    actions.edit_cycle(cycle, dues={"self": None}, name="First", by=lead)

    assert not Entry.objects.filter(event="cycle.changed").exists()


# --- Moving on ---------------------------------------------------------------------------


def test_without_two_cities_that_somebody_speaks_for_no_cycle_begins(workshop, lead):
    cycle = begin(workshop, lead)
    cycle.teams.create(city=make.CityFactory(name="Alone"))

    assert [lack.words for lack in lacks_of(cycle)][:2] == [
        "A cycle needs at least two cities.",
        "Nobody speaks for these cities yet: Alone.",
    ]
    with pytest.raises(Refused, match="at least two"):
        move(cycle, lead)


def test_moving_on_with_something_missing_asks_for_a_word():
    example = Example(stage=Stage.SELF, rated=False, moderated=False)

    with pytest.raises(Refused, match="not been drawn yet"):
        move(example.cycle, example.facilitator, in_spite=False)

    example.cycle.refresh_from_db()
    assert example.cycle.status == Stage.SELF


def test_of_two_presses_at_once_one_moves_the_cycle():
    example = Example(stage=Stage.COMPARE)
    seen = passage_of(example.cycle).fingerprint

    actions.move_on(example.cycle, seen=seen, in_spite=True, by=example.facilitator)
    with pytest.raises(Refused):
        actions.move_on(example.cycle, seen=seen, in_spite=True, by=example.facilitator)

    example.cycle.refresh_from_db()
    assert example.cycle.status == Stage.MARKET


def test_everybody_of_the_cities_reads_what_begins_and_until_when():
    example = Example(stage=Stage.SETUP, rated=False, moderated=False)
    helper = make.UserFactory(given_name="Second")
    example.teams["Alder"].members.create(user=helper)
    due = datetime(2031, 5, 1, 14, 59, 59, tzinfo=UTC)
    example.cycle.deadlines.create(stage="self", due_at=due)

    move(example.cycle, example.facilitator)

    letters = {m.to: m for m in Message.objects.filter(letter="cityshare/stage")}
    assert {*letters} == {*example.people.values(), helper}
    assert letters[helper].subject == "It begins: First cycle"
    assert "You speak for the city" not in letters[helper].body
    focal = letters[example.people["Alder"]].body
    assert "Alder, Cambodia takes part in “First cycle”" in focal
    assert "You speak for the city" in focal
    assert "This stage lasts until 1 May 2031, 23:59 Seoul time (UTC+9)" in focal
    entry = Entry.objects.get(event="cycle.self")
    assert (entry.by, entry.facts["was"]) == (example.facilitator, "setup")


def test_a_cycle_goes_through_all_its_stages_and_ends():
    example = Example(stage=Stage.SETUP)
    passed = []

    with time_machine.travel("2031-01-01", tick=False):
        while passage_of(example.cycle):
            move(example.cycle, example.facilitator)
            passed.append(example.cycle.status)

    assert passed == Stage.values[1:]
    with pytest.raises(Refused, match="closed"):
        actions.move_on(example.cycle, seen="", by=example.facilitator)
    first = example.people["Alder"]
    assert Message.objects.filter(letter="cityshare/stage", to=first).count() == len(passed)


def test_with_the_moderation_begins_the_talk_about_flagged_practices():
    example = Example(stage=Stage.RATING, moderated=False)

    move(example.cycle, example.facilitator)

    assert sorted(str(m) for m in Moderation.objects.all()) == [
        "Birch, Cambodia: P2",
        "Birch, Cambodia: P3",
        "Birch, Cambodia: P4",
    ]
