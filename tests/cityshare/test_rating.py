"""A person rates another city: blind first, locked, then once more with the own view beside it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cityshare.actions import rating
from cityshare.models import (
    Assignment,
    CalibrationRating,
    Conflict,
    ConflictsDeclared,
    Cycle,
    PeerRating,
    SelfScore,
)
from cityshare.queries import rating as queries
from tests import factories as make
from tests.cityshare.rater import Rated
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def rated():
    return Rated()


# --- The first levels --------------------------------------------------------------------


def test_a_rater_gives_levels_and_comments_and_they_are_on_the_trail(rated):
    rating.rate(
        rated.pair,
        rated.practices["P1"],
        level=4,
        strength="The map is renewed.",
        question="Who pays?",
        suggestion="Share it.",
        by=rated.rater,
    )

    given = PeerRating.objects.get()
    assert (given.initial, given.final, given.cannot_judge, given.version) == (4, None, False, 1)
    assert [given.strength, given.question, given.suggestion] == [
        "The map is renewed.",
        "Who pays?",
        "Share it.",
    ]
    line = Entry.objects.get(event="rating.given")
    assert (line.by, line.facts) == (rated.rater, {"practice": "P1"})


def test_cannot_judge_is_an_answer_without_a_level(rated):
    rating.rate(rated.pair, rated.practices["P1"], level=4, by=rated.rater)
    rating.rate(rated.pair, rated.practices["P1"], level=None, by=rated.rater)

    assert rated.levels() == [("P1", None, True, None)]


@pytest.mark.parametrize("level", [0, -1, 6, 32_767])
def test_a_level_that_the_framework_does_not_know_is_refused(rated, level):
    with pytest.raises(Refused):
        rating.rate(rated.pair, rated.practices["P1"], level=level, by=rated.rater)

    assert not PeerRating.objects.exists()


def test_what_another_window_stored_is_not_overwritten(rated):
    rating.rate(rated.pair, rated.practices["P1"], level=4, seen=0, by=rated.rater)

    with pytest.raises(Refused, match="another window"):
        rating.rate(rated.pair, rated.practices["P1"], level=1, seen=0, by=rated.rater)

    assert rated.levels() == [("P1", 4, False, None)]


@pytest.mark.parametrize("stage", [s for s in Cycle.Stage.values if s != "rating"])
def test_ratings_are_written_in_the_stage_of_rating_only(rated, stage):
    Cycle.objects.update(status=stage)

    with pytest.raises(Refused):
        rating.rate(rated.pair, rated.practices["P1"], level=3, by=rated.rater)
    with pytest.raises(Refused):
        rating.lock(rated.pair, by=rated.rater)
    with pytest.raises(Refused):
        rating.finish(rated.pair, by=rated.rater)

    assert not PeerRating.objects.exists()


def test_nobody_rates_before_they_have_said_their_conflicts(rated):
    ConflictsDeclared.objects.all().delete()

    with pytest.raises(Refused, match="conflict"):
        rating.rate(rated.pair, rated.practices["P1"], level=3, by=rated.rater)


def test_nobody_rates_before_the_invented_cities(rated):
    CalibrationRating.objects.all().delete()

    with pytest.raises(Refused, match="invented"):
        rating.rate(rated.pair, rated.practices["P1"], level=3, by=rated.rater)


@pytest.mark.parametrize("cities", [("Cedar", "Alder"), ("Alder", "Cedar")])
def test_a_conflict_declared_by_either_side_stops_the_rating_at_once(rated, cities):
    one, other = (rated.teams[city] for city in cities)
    conflict = Conflict.objects.create(
        one=one, other=other, kind="grant", declared_by=rated.rater, declared_at=timezone.now()
    )

    with pytest.raises(Refused, match="arranged anew"):
        rating.rate(rated.pair, rated.practices["P1"], level=3, by=rated.rater)

    conflict.withdrawn_at = timezone.now()
    conflict.save()
    rating.rate(rated.pair, rated.practices["P1"], level=3, by=rated.rater)


def test_what_is_outside_the_mandate_is_not_rated(rated):
    SelfScore.objects.filter(
        assessment__team=rated.teams["Alder"], practice=rated.practices["P1"]
    ).update(outside_mandate=True, current=None, target=None, reason="The province does it.")

    with pytest.raises(Refused):
        rating.rate(rated.pair, rated.practices["P1"], level=3, by=rated.rater)

    assert [line.practice.code for line in queries.lines(rated.pair)] == ["P2", "P3", "P4"]
    assert [score.reason for score in queries.outside(rated.pair)] == ["The province does it."]
    assert queries.to_rate(rated.cycle, rated.rater)[0].asked == 3


# --- The lock, and what is shown after it ------------------------------------------------


def test_the_own_view_is_shown_only_when_the_first_levels_are_locked(rated, client):
    SelfScore.objects.filter(
        assessment__team=rated.teams["Alder"], practice=rated.practices["P2"]
    ).update(dissent="zqdissent", why="zqwhy")
    client.force_login(rated.rater)
    page, practice = rated.url("rate"), rated.url("rate-practice", "P2")
    before = client.get(page).content.decode() + client.get(practice).content.decode()

    rated.lock()
    after = client.get(page).content.decode()

    assert "own view" not in before.replace("show the city's own view", "")
    assert "zqwhy" in before
    assert "zqdissent" not in before + after
    assert [line.own.current for line in queries.lines(rated.pair)] == [3, 5, 3, 4]
    assert after.count("The city's own view:") == 4


def test_a_city_is_locked_only_when_every_practice_has_an_answer(rated):
    rating.rate(rated.pair, rated.practices["P1"], level=3, by=rated.rater)

    with pytest.raises(Refused, match="P2, P3, P4"):
        rating.lock(rated.pair, by=rated.rater)

    rated.pair.refresh_from_db()
    assert rated.pair.status == "active"


def test_what_is_locked_never_changes(rated):
    rated.lock()

    with pytest.raises(Refused):
        rating.rate(rated.pair, rated.practices["P1"], level=5, by=rated.rater)

    assert rated.levels()[0] == ("P1", 3, False, None)


def test_a_final_level_that_differs_needs_a_reason(rated):
    rated.lock()

    with pytest.raises(Refused, match="why"):
        rating.reconsider(rated.pair, rated.practices["P1"], level=4, by=rated.rater)
    rating.reconsider(
        rated.pair, rated.practices["P1"], level=4, reason="I missed the plan.", by=rated.rater
    )

    given = rated.pair.ratings.get(practice__code="P1")
    assert (given.initial, given.final, given.level) == (3, 4, 4)


def test_the_database_itself_wants_the_reason(rated):
    rated.lock()

    with pytest.raises(IntegrityError), transaction.atomic():
        rated.pair.ratings.filter(practice__code="P1").update(final=4)


def test_who_could_not_judge_blind_does_not_judge_after_seeing_the_own_view(rated):
    rated.lock()

    with pytest.raises(Refused):
        rating.reconsider(
            rated.pair, rated.practices["P2"], level=5, reason="I see it now.", by=rated.rater
        )

    assert rated.levels()[1] == ("P2", None, True, None)


def test_handing_in_makes_the_first_level_final_where_no_other_was_given(rated):
    rated.lock()
    rating.reconsider(
        rated.pair, rated.practices["P1"], level=4, reason="I missed the plan.", by=rated.rater
    )

    rating.finish(rated.pair, by=rated.rater)

    rated.pair.refresh_from_db()
    assert rated.pair.status == "done"
    assert rated.levels() == [
        ("P1", 3, False, 4),
        ("P2", None, True, None),
        ("P3", 3, False, 3),
        ("P4", 3, False, 3),
    ]
    with pytest.raises(Refused):
        rating.reconsider(rated.pair, rated.practices["P3"], level=3, by=rated.rater)


def test_a_void_pair_is_neither_shown_nor_written(rated, client):
    Assignment.objects.update(status="void")
    client.force_login(rated.rater)

    answers = [client.get(rated.url("rate")), client.post(rated.url("rate-practice", "P1"))]

    assert [answer.status_code for answer in answers] == [404, 404]


# --- Who else may -------------------------------------------------------------------------


def test_only_the_rater_opens_the_pages_of_a_rating(rated, client):
    colleague = make.UserFactory()
    rated.teams["Cedar"].members.create(user=colleague)
    people = [rated.example.facilitator, rated.example.people["Alder"], colleague]

    for person in people:
        client.force_login(person)
        pages = [rated.url("rate"), rated.url("rate-practice", "P1")]
        assert [client.get(page).status_code for page in pages] == [404, 404]


def test_a_pair_is_found_under_its_own_cycle_only(rated, client):
    other = Cycle.objects.create(
        workshop=rated.example.workshop,
        framework=rated.example.framework,
        name="Another cycle",
        status="rating",
    )
    client.force_login(rated.rater)

    answer = client.get(reverse("cityshare:rate", args=[other.pk, rated.pair.pk]))

    assert answer.status_code == 404


def test_a_rating_is_handed_over_within_the_team_until_it_is_begun(rated):
    colleague = rated.teams["Cedar"].members.create(user=make.UserFactory())
    stranger = rated.teams["Elm"].members.get()

    with pytest.raises(Refused):
        rating.entrust(rated.pair, stranger, by=rated.rater)
    rating.entrust(rated.pair, colleague, by=rated.rater)

    rated.pair.refresh_from_db()
    assert rated.pair.person == colleague.user
    PeerRating.objects.create(assignment=rated.pair, practice=rated.practices["P1"], initial=1)
    with pytest.raises(Refused):
        rating.entrust(rated.pair, rated.member, by=colleague.user)


def test_every_hand_over_is_told_to_whoever_rates_now(rated):
    colleague = rated.teams["Cedar"].members.create(user=make.UserFactory())
    turns = [(rated.member, colleague), (colleague, rated.member), (rated.member, colleague)]

    for giver, taker in turns:
        rating.entrust(rated.pair, taker, by=giver.user)

    letters = Message.objects.filter(letter="cityshare/cities_to_rate").order_by("pk")
    assert sorted(letter.to.pk for letter in letters) == sorted(t.user_id for _g, t in turns)
    rating.entrust(rated.pair, colleague, by=colleague.user)
    assert letters.count() == 3


@pytest.mark.parametrize("status", ["active", "locked"])
def test_who_has_handed_a_city_over_does_not_rate_it_any_more(rated, status):
    rated.rate_all()
    colleague = rated.teams["Cedar"].members.create(user=make.UserFactory())
    Assignment.objects.update(person=colleague.user, status=status)
    practice = rated.practices["P1"]
    steps = [
        lambda: rating.rate(rated.pair, practice, level=5, by=rated.rater),
        lambda: rating.lock(rated.pair, by=rated.rater),
        lambda: rating.reconsider(rated.pair, practice, level=5, reason="I see.", by=rated.rater),
        lambda: rating.finish(rated.pair, by=rated.rater),
        lambda: rating.entrust(rated.pair, rated.member, by=rated.rater),
    ]

    for step in steps:
        with pytest.raises(Refused, match="Somebody else of your team"):
            step()

    rated.pair.refresh_from_db()
    assert (rated.pair.status, rated.levels()[0]) == (status, ("P1", 3, False, None))


def test_the_database_itself_refuses_a_city_that_rates_itself(rated):
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(rater=rated.teams["Elm"], rated=rated.teams["Elm"])


def test_a_locked_rating_says_when_it_was_locked(rated):
    rated.lock()

    assert timezone.now() - rated.pair.locked_at < timedelta(minutes=1)
