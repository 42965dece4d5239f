"""Whose eyes a row comes before: evidence, cities, ratings to give, meetings."""

from contextlib import suppress

import pytest

from cityshare import access
from cityshare.actions import conflict
from cityshare.models import Asset, Assignment, ConflictsDeclared, Evidence, Team
from tests import factories as make
from tests.cityshare.example import Example
from tests.cityshare.own_views import City
from workshop_portal.errors import Refused

pytestmark = pytest.mark.django_db


class Shown:
    """Evidence of a city that a second city rates, with all who might want to see it."""

    def __init__(self, *, stage="rating", state="taken", status="active"):
        self.city = City(stage=stage)
        self.city.fill("P1").__class__.objects.update(status="submitted")
        self.row = self.city.show(state=state)
        self.rating = self.city.cycle.teams.create(city=make.CityFactory(name="Birch"))
        self.rater, self.colleague, self.gone = (make.UserFactory() for _person in range(3))
        for person in (self.rater, self.colleague):
            self.rating.members.create(user=person)
        for person in (self.rater, self.gone):
            self.assign(person, status if person == self.rater else "done")

    def assign(self, person, status):
        rated = self.city.team
        if person == self.gone:
            rated = self.city.cycle.teams.create(city=make.CityFactory())
        Assignment.objects.create(rater=self.rating, rated=rated, person=person, status=status)

    def readers(self):
        people = {
            "member": self.city.member,
            "lead": self.city.lead,
            "rater": self.rater,
            "colleague": self.colleague,
        }
        return {name for name, user in people.items() if Evidence.objects.visible_to(user).exists()}


def test_of_a_rating_city_only_the_person_who_rates_sees_the_evidence():
    assert Shown().readers() == {"member", "lead", "rater"}


@pytest.mark.parametrize("status", ["active", "locked", "done"])
def test_a_rater_who_has_left_the_team_sees_no_evidence(status):
    shown = Shown(status=status)
    before = shown.readers()
    shown.rating.members.filter(user=shown.rater).delete()

    assert before - shown.readers() == {"rater"}


@pytest.mark.parametrize("state", ["checking", "refused"])
def test_evidence_that_is_not_taken_is_its_citys_alone(state):
    assert Shown(state=state).readers() == {"member"}


@pytest.mark.parametrize("stage", ["setup", "self", "closed"])
def test_in_a_stage_without_rating_no_rater_sees_evidence(stage):
    assert "rater" not in Shown(stage=stage).readers()


def test_the_cities_of_a_cycle_are_seen_by_those_who_lead_it_or_take_part():
    example, elsewhere = Example(), City(name="Galway")
    people = (example.facilitator, example.people["Alder"], elsewhere.focal, elsewhere.lead)

    seen = [{team.cycle_id for team in Team.objects.visible_to(person)} for person in people]

    assert seen == [{example.cycle.pk}] * 2 + [{elsewhere.cycle.pk}] * 2


def test_ratings_to_give_are_seen_by_who_gives_them_and_by_those_who_lead():
    shown = Shown()

    seen = {
        person: Assignment.objects.visible_to(person).filter(rated=shown.city.team).count()
        for person in (shown.rater, shown.colleague, shown.city.lead, shown.city.member)
    }

    assert seen == {shown.rater: 1, shown.colleague: 0, shown.city.lead: 1, shown.city.member: 0}


@pytest.mark.parametrize("status", ["proposed", "alternate", "void"])
def test_what_is_proposed_or_void_is_no_rating_to_give(status):
    shown = Shown(status=status)

    assert not Assignment.objects.visible_to(shown.rater).exists()


def test_good_practices_are_written_by_their_cities_and_by_those_who_lead():
    city, other = City(), City(name="Birch")
    asset = Asset.objects.create(
        cycle=city.cycle, practice=city.practices["P1"], title="A desk", from_level=1, to_level=2
    )
    asset.teams.set([city.team])

    written = [
        Asset.objects.written_by(person).exists()
        for person in (city.member, city.lead, other.focal, other.lead)
    ]

    assert written == [True, True, False, False]


def test_a_peer_assist_is_planned_by_the_host_s_focal_point_or_by_those_who_lead():
    city = City(stage="assist")

    planning = [
        access.can_plan(person, city.team) for person in (city.focal, city.lead, city.member)
    ]

    assert planning == [True, True, False]


@pytest.mark.parametrize(
    ("stage", "is_kept"),
    [("setup", False), ("self", True), ("rating", True), ("moderation", False)],
)
def test_that_all_conflicts_are_named_is_said_before_the_rating_and_while_it_lasts(stage, is_kept):
    city = City(stage=stage)
    member = city.team.members.get(user=city.member)
    with suppress(Refused):
        conflict.say_all(member, by=city.member)

    assert ConflictsDeclared.objects.filter(person=city.member).exists() is is_kept
