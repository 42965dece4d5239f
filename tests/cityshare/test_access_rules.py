"""Who is who: one who leads and belongs to a city, and one who knows an invented city already."""

import pytest

from cityshare import access
from cityshare.actions.framework import copy_framework
from cityshare.models import Cycle, DossierCase
from cityshare.queries.standings import Sight, standings
from tests import factories as make
from tests.cityshare.example import Example
from tests.cityshare.rater import Rated

pytestmark = pytest.mark.django_db


def test_who_leads_and_belongs_to_a_city_facilitates_nothing_and_sees_no_cycle_being_set_up():
    example = Example(stage="setup", rated=False, moderated=False)
    both = example.people["Alder"]
    make.RoleFactory(workshop=example.workshop, role="coordinator", user=both)

    found = {
        person: (
            access.can_facilitate(person, example.cycle),
            Cycle.objects.visible_to(person).exists(),
        )
        for person in (both, example.facilitator)
    }

    assert found == {both: (False, False), example.facilitator: (True, True)}


@pytest.mark.parametrize("changed", ["title", "words", "both"])
def test_an_invented_city_is_known_again_by_its_name_or_by_its_words(changed):
    rated = Rated()
    keeper = rated.rater
    make.RoleFactory(role="facilitator", user=keeper)
    copy = copy_framework(
        rated.example.framework, name="Example", version="2", with_invented=True, by=keeper
    )
    if changed in ("title", "both"):
        copy.dossiers.update(title="Another name")
    if changed in ("words", "both"):
        DossierCase.objects.filter(dossier__framework=copy).update(text="Other words.")

    assert access.can_read_answers(keeper, copy) is (changed == "both")


def test_how_far_other_cities_are_is_known_to_those_who_lead_alone():
    example = Example()
    own = example.teams["Alder"].pk

    found = {
        sight: {*standings(example.cycle, sight=sight, own=own).how_far}
        for sight in (Sight.LEVELS, Sight.ALL)
    }

    assert found == {
        Sight.LEVELS: set(),
        Sight.ALL: {team.pk for team in example.teams.values()},
    }
