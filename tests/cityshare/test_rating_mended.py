"""While a city mends its own view: nobody reads it, nobody rates it, nothing is lost."""

import pytest
from django.utils import timezone

from cityshare.actions import rating
from cityshare.models import Assignment, SelfAssessment, SelfScore
from cityshare.queries import rating as queries
from cityshare.queries.tasks import tasks_of
from tests.cityshare.rater import Rated
from workshop_portal.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def rated():
    return Rated()


def mend(rated, **facts):
    SelfAssessment.objects.filter(team=rated.teams["Alder"]).update(status="open", **facts)
    rated.pair.rated.refresh_from_db()


@pytest.mark.parametrize("is_locked", [False, True])
def test_a_rater_reads_only_what_the_city_has_handed_in(rated, is_locked):
    scores = SelfScore.objects.filter(assessment__team=rated.teams["Alder"])
    scores.update(why="We do it.")
    facts = {"outside_mandate": True, "current": None, "target": None, "reason": "A secret."}
    scores.filter(practice=rated.practices["P1"]).update(**facts)
    if is_locked:
        Assignment.objects.update(status="locked")
        rated.pair.refresh_from_db()
        for practice in rated.practices.values():
            rated.pair.ratings.create(practice=practice, initial=3)

    def read():
        return (
            queries.told(rated.pair, rated.practices["P2"]),
            [score.reason for score in queries.outside(rated.pair)],
            {line.own.current if line.own else None for line in queries.lines(rated.pair)},
            queries.to_rate(rated.cycle, rated.rater)[0].asked,
        )

    before = read()
    mend(rated, reopened_at=timezone.now())

    assert before == ("We do it.", ["A secret."], {3, 4, 5} if is_locked else {None}, 3)
    assert read() == ("", [], {None}, 4)


def test_nobody_rates_a_city_that_mends_its_own_view_and_what_was_saved_stays(rated):
    rated.rate_all()
    mend(rated, reopened_at=timezone.now())
    steps = [
        lambda: rating.rate(rated.pair, rated.practices["P1"], level=5, by=rated.rater),
        lambda: rating.lock(rated.pair, by=rated.rater),
    ]

    for step in steps:
        with pytest.raises(Refused, match="changing its self-assessment"):
            step()

    assert [level for _code, level, *_rest in rated.levels()] == [3, 3, 3, 3]
    SelfAssessment.objects.update(status="submitted")
    rating.lock(rated.pair, by=rated.rater)


def test_who_has_locked_waits_too_while_the_city_mends_its_own_view(rated):
    rated.lock()
    mend(rated, reopened_at=timezone.now())

    with pytest.raises(Refused, match="changing its self-assessment"):
        rating.reconsider(rated.pair, rated.practices["P1"], level=3, by=rated.rater)
    with pytest.raises(Refused, match="changing its self-assessment"):
        rating.finish(rated.pair, by=rated.rater)

    rated.pair.refresh_from_db()
    assert rated.pair.status == "locked"


@pytest.mark.parametrize("status", ["active", "locked"])
def test_on_the_own_list_it_waits_until_it_is_handed_in_again(rated, status):
    Assignment.objects.filter(pk=rated.pair.pk).update(status=status)
    before = tasks_of(rated.rater, now=timezone.now())
    mend(rated, reopened_at=timezone.now())

    after = tasks_of(rated.rater, now=timezone.now())

    assert len(after) == len(before)
    [task] = [one for one in after if one not in before]
    assert (task.name, task.status, task.word) == (
        "Rate Alder when its self-assessment is handed in again",
        "waiting",
        "Not yet",
    )


def test_a_city_that_never_handed_in_is_rated_by_what_is_known_of_it(rated):
    mend(rated)

    rating.rate(rated.pair, rated.practices["P1"], level=2, by=rated.rater)

    assert rated.levels() == [("P1", 2, False, None)]


def test_what_was_asked_about_only_after_the_lock_is_not_rated(rated):
    scores = SelfScore.objects.filter(
        assessment__team=rated.teams["Alder"], practice=rated.practices["P1"]
    )
    scores.update(outside_mandate=True, current=None, target=None)
    for code in ("P2", "P3", "P4"):
        rating.rate(rated.pair, rated.practices[code], level=3, by=rated.rater)
    rating.lock(rated.pair, by=rated.rater)
    scores.update(outside_mandate=False, current=2)
    rated.pair.refresh_from_db()

    with pytest.raises(Refused, match="not rated in this city"):
        rating.reconsider(rated.pair, rated.practices["P1"], level=3, by=rated.rater)

    assert [line.practice.code for line in queries.lines(rated.pair)] == ["P2", "P3", "P4"]
