"""City teams: made from the workshop's participants, with one person who speaks for each."""

import pytest
from django.db import IntegrityError, transaction

from cityshare.actions import assessment, calibration, conflict
from cityshare.actions import team as actions
from cityshare.models import (
    Assignment,
    Cycle,
    Evidence,
    Member,
    OwnView,
    SelfAssessment,
    Team,
)
from cityshare.queries.rating import invented, readiness
from cityshare.queries.team import by_country
from tests import factories as make
from tests.cityshare.example import Example, framework
from tests.cityshare.rater import dossier_of
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


@pytest.fixture
def cycle(workshop):
    return workshop.cycles.create(framework=framework(), name="First")


def seat(workshop, name, country="KH", city=None):
    """One more participant, of a city."""
    city = city or make.CityFactory(name=name, country=country)
    person = make.UserFactory(given_name=name, family_name="", city=city)
    workshop.participants.create(user=person, city=city)
    return person


def teams_of(cycle):
    return {
        team.city.name: [(m.user.given_name, m.is_focal_point) for m in team.members.all()]
        for team in cycle.teams.all()
    }


# --- Made in one press -------------------------------------------------------------------


def test_one_press_gives_every_city_a_team_and_everybody_a_place(workshop, cycle, lead):
    city = make.CityFactory(name="Medan", country="ID")
    first, second = seat(workshop, "Ayu", city=city), seat(workshop, "Budi", city=city)
    seat(workshop, "Thimphu", country="BT")

    made = actions.make_teams(cycle, by=lead)

    assert [team.city.name for team in made] == ["Thimphu", "Medan"]
    assert teams_of(cycle) == {
        "Medan": [("Ayu", True), ("Budi", False)],
        "Thimphu": [("Thimphu", True)],
    }
    assert Entry.objects.filter(event="team.made").count() == 2
    assert [e.facts["to"] for e in Entry.objects.filter(event="member.added").order_by("pk")] == [
        str(person.pk) for person in [Member.objects.get(team=made[0]).user, first, second]
    ]


def test_a_city_gets_the_zone_of_its_country_where_there_is_only_one(workshop, cycle, lead):
    seat(workshop, "Medan", country="ID")
    seat(workshop, "Thimphu", country="BT")

    actions.make_teams(cycle, by=lead)

    assert {t.city.name: (t.zone, t.languages) for t in cycle.teams.all()} == {
        "Medan": ("", ["en"]),
        "Thimphu": ("Asia/Thimphu", ["en"]),
    }


def test_a_second_press_adds_only_those_who_have_come_since(workshop, cycle, lead):
    city = make.CityFactory(name="Medan", country="ID")
    seat(workshop, "Ayu", city=city)
    actions.make_teams(cycle, by=lead)

    again = actions.make_teams(cycle, by=lead)
    seat(workshop, "Budi", city=city)
    then = actions.make_teams(cycle, by=lead)

    assert ([*again], [team.city.name for team in then]) == ([], ["Medan"])
    assert teams_of(cycle) == {"Medan": [("Ayu", True), ("Budi", False)]}


@pytest.mark.parametrize("role", ["facilitator", "coordinator"])
def test_who_leads_is_put_into_no_team(workshop, cycle, lead, role):
    person = seat(workshop, "Medan")
    make.RoleFactory(workshop=workshop, user=person, role=role)

    actions.make_teams(cycle, by=lead)

    assert teams_of(cycle) == {}


@pytest.mark.parametrize("role", ["reviewer", "observer"])
def test_other_roles_keep_nobody_out(workshop, cycle, lead, role):
    person = seat(workshop, "Medan")
    make.RoleFactory(workshop=workshop, user=person, role=role)

    actions.make_teams(cycle, by=lead)

    assert teams_of(cycle) == {"Medan": [("Medan", True)]}


@pytest.mark.parametrize("stage", [s for s in Stage.values if s not in {"setup", "self"}])
def test_when_cities_rate_no_city_joins_any_more(workshop, cycle, lead, stage):
    seat(workshop, "Medan")
    Cycle.objects.update(status=stage)

    with pytest.raises(Refused, match="joins or leaves"):
        actions.make_teams(cycle, by=lead)


# --- People ------------------------------------------------------------------------------


def test_a_person_who_joins_a_running_cycle_gets_the_letter_of_its_stage():
    example = Example(stage=Stage.RATING)
    person = seat(example.workshop, "Late")

    member = actions.add_member(example.teams["Alder"], person, by=example.facilitator)

    assert not member.is_focal_point
    [letter] = Message.objects.all()
    assert (letter.to, letter.subject) == (person, "Peer rating: First cycle")


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (lambda example: make.UserFactory(), "has no seat"),
        (lambda example: example.people["Birch"], "belongs to Birch already"),
        (lambda example: seat_who_leads(example), "who leads belongs to no city"),
    ],
    ids=["a stranger", "of another city", "who leads"],
)
def test_who_may_not_belong_to_a_team_is_refused(who, said):
    example = Example(stage=Stage.SELF)

    with pytest.raises(Refused, match=said):
        actions.add_member(example.teams["Alder"], who(example), by=example.facilitator)

    assert example.teams["Alder"].members.count() == 1


def seat_who_leads(example):
    person = seat(example.workshop, "Leads")
    return make.RoleFactory(workshop=example.workshop, user=person, role="facilitator").user


def test_whoever_speaks_for_a_city_hands_that_on_and_both_are_told():
    example = Example(stage=Stage.SELF)
    team, before = example.teams["Alder"], example.people["Alder"]
    after = actions.add_member(team, seat(example.workshop, "Next"), by=example.facilitator)
    Message.objects.all().delete()

    actions.hand_on(after, by=example.facilitator)
    actions.hand_on(after, by=example.facilitator)

    assert [(m.user, m.is_focal_point) for m in team.members.all()] == [
        (after.user, True),
        (before, False),
    ]
    assert {(m.to, m.subject) for m in Message.objects.all()} == {
        (after.user, "You now speak for Alder: First cycle"),
        (before, "Somebody else now speaks for Alder: First cycle"),
    }
    assert Entry.objects.filter(event="member.speaks").count() == 1


def test_for_a_city_speaks_one_person_whatever_the_code_does():
    example = Example()
    user = make.UserFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        example.teams["Alder"].members.create(user=user, is_focal_point=True)


def test_who_speaks_for_a_city_or_rates_another_does_not_just_leave():
    example = Example(stage=Stage.RATING)
    team = example.teams["Alder"]
    second = team.members.create(user=seat(example.workshop, "Second"))
    Assignment.objects.filter(rater=team).update(person=second.user, status="active")
    [focal] = team.members.filter(is_focal_point=True)

    with pytest.raises(Refused, match="speaks for the city"):
        actions.remove_member(focal, by=example.facilitator)
    with pytest.raises(Refused, match="rates other cities"):
        actions.remove_member(second, by=example.facilitator)
    Assignment.objects.filter(rater=team).update(status="locked")
    actions.remove_member(second, by=example.facilitator)
    with pytest.raises(Refused, match="no longer in the team"):
        actions.remove_member(second, by=example.facilitator)

    assert [*team.members.all()] == [focal]
    assert Entry.objects.get(event="member.removed").facts == {
        "to": str(second.user_id),
        "city": "Alder, Cambodia",
    }


def test_who_has_left_reads_nothing_of_the_cities_that_they_rated():
    example = Example(stage=Stage.RATING)
    second = example.teams["Alder"].members.create(user=make.UserFactory())
    Assignment.objects.filter(rater=second.team).update(person=second.user, status="locked")
    rated = Assignment.objects.filter(rater=second.team)[0].rated
    scores = rated.assessment.scores
    scores.get(practice__code="P1").evidence.create(kind="other", title="Plan", text="A")

    def read():
        seen = Assignment.objects.visible_to(second.user), Evidence.objects.visible_to(second.user)
        return [rows.exists() for rows in seen]

    before = read()
    actions.remove_member(second, by=example.facilitator)

    assert (before, read()) == ([True, True], [False, False])


def test_after_the_stage_of_rating_who_has_rated_may_leave():
    example = Example(stage=Stage.MODERATION)
    second = example.teams["Alder"].members.create(user=make.UserFactory())
    Assignment.objects.filter(rater=second.team).update(person=second.user, status="active")

    actions.remove_member(second, by=example.facilitator)

    assert not Member.objects.filter(pk=second.pk).exists()


def test_in_a_closed_cycle_nobody_leaves_and_nobody_else_speaks():
    example = Example(stage=Stage.CLOSED)
    second = example.teams["Alder"].members.create(user=make.UserFactory())

    for action in (actions.remove_member, actions.hand_on):
        with pytest.raises(Refused, match="closed"):
            action(second, by=example.facilitator)

    assert [m.is_focal_point for m in example.teams["Alder"].members.all()] == [True, False]


def test_what_a_person_has_said_stays_when_they_leave_and_is_theirs_when_they_come_back():
    example = Example(stage=Stage.SELF, rated=False, moderated=False)
    SelfAssessment.objects.update(status="open")
    team, practice = example.teams["Alder"], example.practices["P1"]
    person, dossier = seat(example.workshop, "Second"), dossier_of(example.framework)
    levels = {dossier.cases.get(): 3}
    member = actions.add_member(team, person, by=example.facilitator)
    conflict.say_all(member, by=person)
    calibration.calibrate(member, dossier, levels=levels, by=person)
    assessment.say(team, practice, level=2, by=person)

    actions.remove_member(member, by=example.facilitator)
    again = actions.add_member(team, person, by=example.facilitator)

    assert readiness(again).is_complete
    assert [city.is_rated for city in invented(again)] == [True]
    assert OwnView.objects.get().person == person
    with pytest.raises(Refused, match="rated this invented city already"):
        calibration.calibrate(again, dossier, levels=levels, by=person)


def test_in_another_city_of_the_cycle_invented_ones_stay_rated_and_conflicts_are_new():
    example = Example(stage=Stage.SELF, rated=False, moderated=False)
    person, dossier = seat(example.workshop, "Second"), dossier_of(example.framework)
    member = actions.add_member(example.teams["Alder"], person, by=example.facilitator)
    conflict.say_all(member, by=person)
    calibration.calibrate(member, dossier, levels={dossier.cases.get(): 3}, by=person)

    actions.remove_member(member, by=example.facilitator)
    moved = actions.add_member(example.teams["Birch"], person, by=example.facilitator)

    ready = readiness(moved)
    assert (ready.calibration, ready.conflicts) == (True, False)


# --- Cities ------------------------------------------------------------------------------


def test_a_city_leaves_only_while_the_cycle_is_set_up(workshop, cycle, lead):
    seat(workshop, "Medan")
    [team] = actions.make_teams(cycle, by=lead)
    Cycle.objects.update(status=Stage.SELF)

    with pytest.raises(Refused, match="has begun"):
        actions.remove_team(team, by=lead)
    Cycle.objects.update(status=Stage.SETUP)
    actions.remove_team(team, by=lead)

    assert not Team.objects.exists()
    assert Entry.objects.filter(event="team.removed").count() == 1


def test_what_others_read_of_a_city_is_changed_and_put_on_record():
    example = Example(stage=Stage.SELF)
    team = example.teams["Alder"]

    actions.edit_team(team, size="large", route="transit", by=example.people["Alder"])
    actions.edit_team(team, size="large", route="transit", by=example.people["Alder"])

    team.refresh_from_db()
    assert (team.size, team.route) == ("large", "transit")
    [entry] = Entry.objects.filter(event="team.changed")
    assert entry.facts == {"fields": ["route", "size"]}


def test_the_cities_of_one_country_stand_together_by_name():
    example = Example()

    assert [(c.name, [t.city.name for t in c.teams]) for c in by_country(example.cycle)] == [
        ("Cambodia", ["Alder", "Birch"]),
        ("Laos", ["Cedar"]),
        ("Nepal", ["Dogwood"]),
        ("Vietnam", ["Elm"]),
    ]
