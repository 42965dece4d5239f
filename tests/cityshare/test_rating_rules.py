"""What a rater cannot do at a later step, or before an earlier one."""

import pytest
from django.utils import timezone

from cityshare.actions import rating
from cityshare.models import (
    Assignment,
    CalibrationRating,
    Conflict,
    ConflictsDeclared,
    Cycle,
    SelfScore,
)
from cityshare.queries import rating as queries
from cityshare.queries.agreement import ratings_of
from tests import factories as make
from tests.cityshare.example import Example, framework
from tests.cityshare.rater import Rated
from workshop_portal.errors import Refused

pytestmark = pytest.mark.django_db
FIRST_ONES = [("P1", 3, False, None), ("P2", None, True, None)]
FIRST_ONES += [("P3", 3, False, None), ("P4", 3, False, None)]


@pytest.fixture
def rated():
    return Rated()


def declare(rated):
    Conflict.objects.create(
        one=rated.teams["Alder"],
        other=rated.teams["Cedar"],
        kind="grant",
        declared_by=rated.rater,
        declared_at=timezone.now(),
    )


@pytest.mark.parametrize(
    ("undo", "words"),
    [
        (lambda rated: ConflictsDeclared.objects.all().delete(), "Say first whether"),
        (lambda rated: CalibrationRating.objects.all().delete(), "Rate the invented cities"),
        (declare, "arranged anew"),
        (lambda rated: rated.member.delete(), "Say first whether"),
    ],
    ids=["conflicts not said", "invented cities not rated", "a conflict", "left the team"],
)
def test_nobody_locks_what_they_might_not_rate(rated, undo, words):
    rated.rate_all(P2=None)
    undo(rated)

    with pytest.raises(Refused, match=words):
        rating.lock(rated.pair, by=rated.rater)

    rated.pair.refresh_from_db()
    assert (rated.pair.status, rated.levels()) == ("active", FIRST_ONES)


def test_no_final_level_is_given_before_the_first_ones_are_locked(rated):
    rated.rate_all(P2=None)

    with pytest.raises(Refused) as refused:
        rating.reconsider(
            rated.pair, rated.practices["P1"], level=4, reason="I see it now.", by=rated.rater
        )

    assert str(refused.value) == "Final levels are given after the first ones are locked, and once."
    assert rated.levels() == FIRST_ONES


@pytest.mark.parametrize("level", [0, -1, 6, 32_767])
def test_a_final_level_that_the_framework_does_not_know_is_refused(rated, level):
    rated.lock()

    with pytest.raises(Refused, match="Levels go from 1 to 5"):
        rating.reconsider(
            rated.pair, rated.practices["P1"], level=level, reason="Why not?", by=rated.rater
        )

    assert rated.levels() == FIRST_ONES


@pytest.mark.parametrize("save", [rating.rate, rating.reconsider])
def test_a_practice_of_another_framework_is_not_rated(rated, save):
    foreign = framework(name="Another").practices.get(code="P1")
    if save is rating.reconsider:
        rated.lock()

    with pytest.raises(Refused) as refused:
        save(rated.pair, foreign, level=3, by=rated.rater)

    assert str(refused.value) == "This practice is not rated in this city."


@pytest.mark.parametrize("status", ["locked", "done", "void"])
def test_a_city_in_which_nothing_was_to_be_rated_is_not_handed_over_once_it_is_locked(
    rated, status
):
    colleague = rated.teams["Cedar"].members.create(user=make.UserFactory())
    Assignment.objects.update(status=status)

    with pytest.raises(Refused) as refused:
        rating.entrust(rated.pair, colleague, by=rated.rater)

    rated.pair.refresh_from_db()
    assert str(refused.value) == (
        "Somebody has begun to rate this city; it stays with that person."
    )
    assert rated.pair.person == rated.rater


# --- What a rater finds -------------------------------------------------------------------


def test_a_rater_finds_the_own_cities_on_the_list_and_none_of_a_colleague_or_void(rated):
    colleague = make.UserFactory()
    rated.teams["Cedar"].members.create(user=colleague)
    for city, person, status in (
        ("Birch", colleague, "active"),
        ("Dogwood", rated.rater, "void"),
        ("Elm", rated.rater, "alternate"),
    ):
        Assignment.objects.create(
            rater=rated.teams["Cedar"], rated=rated.teams[city], person=person, status=status
        )

    found = {
        person: [line.assignment.rated.city.name for line in queries.to_rate(rated.cycle, person)]
        for person in (rated.rater, colleague)
    }

    assert found == {rated.rater: ["Alder"], colleague: ["Birch"]}


def test_once_the_cycle_is_closed_a_rater_finds_no_evidence_beside_the_ratings(rated):
    score = SelfScore.objects.get(
        assessment__team=rated.teams["Alder"], practice=rated.practices["P1"]
    )
    shown = score.evidence.create(kind="document", title="A plan", text="Since 2024.")

    found = {}
    for stage in ("rating", "closed"):
        Cycle.objects.update(status=stage)
        found[stage] = queries.evidence(rated.pair, rated.practices["P1"], rated.rater)

    assert found == {"rating": [shown], "closed": []}


def test_invented_cities_that_were_rated_in_another_cycle_are_rated_anew(rated):
    before = Cycle.objects.create(
        workshop=rated.cycle.workshop, framework=rated.cycle.framework, name="The one before"
    )
    CalibrationRating.objects.update(cycle=before)

    assert queries.readiness(rated.member) == queries.Readiness(conflicts=True, calibration=False)


@pytest.mark.parametrize("status", ["active", "void"])
def test_ratings_that_do_not_count_say_nothing_about_how_far_raters_agree(status):
    example = Example(stage="moderation")
    Assignment.objects.filter(rater=example.teams["Cedar"]).update(status=status)

    raters = {given.rater for given in ratings_of(example.cycle).first}

    assert raters == {str(person.pk) for name, person in example.people.items() if name != "Cedar"}
