"""What is missing before a cycle moves on, and what somebody has looked at when they move it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cityshare.actions import cycle as actions
from cityshare.models import Cycle, Moderation, PeerAssist
from cityshare.queries.gate import lacks_of, passage_of
from tests import factories as make
from tests.cityshare.drawn import Drawn
from tests.cityshare.example import Example
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
Stage = Cycle.Stage


def words(cycle):
    return [lack.words for lack in lacks_of(cycle)]


def test_what_is_missing_is_told_stage_by_stage():
    example = Example(stage=Stage.SELF, rated=False, moderated=False)
    example.teams["Elm"].assessment.delete()
    cycle = example.cycle

    told = {}
    for stage in [Stage.SELF, Stage.RATING, Stage.MODERATION, Stage.COMPARE, Stage.CLOSED]:
        Cycle.objects.filter(pk=cycle.pk).update(status=stage)
        told[stage] = words(Cycle.objects.get(pk=cycle.pk))

    assert told == {
        Stage.SELF: [
            "These cities have not submitted their self-assessment: Elm.",
            "Who rates whom has not been drawn yet.",
            "The stage that comes next, “Peer rating”, has no deadline yet.",
        ],
        Stage.RATING: [
            "It is not released yet who rates whom, so nobody has a city to rate.",
            "The stage that comes next, “Moderation”, has no deadline yet.",
        ],
        Stage.MODERATION: ["The stage that comes next, “Comparing”, has no deadline yet."],
        Stage.COMPARE: ["The stage that comes next, “Offers and needs”, has no deadline yet."],
        Stage.CLOSED: [],
    }


def test_a_draft_of_who_rates_whom_is_enough_to_begin_the_rating():
    drawn = Drawn(stage="self")
    drawn.cycle.deadlines.create(stage="rating", due_at=timezone.now() + timedelta(days=3))

    assert words(drawn.cycle) == []


def test_raters_who_cannot_calibrate_are_told_of_with_or_without_a_deadline():
    example = Example(stage=Stage.SETUP, rated=False, moderated=False)
    without = words(example.cycle)
    for stage in ("self", "rating"):
        example.cycle.deadlines.create(stage=stage, due_at=timezone.now() + timedelta(days=1))

    said = "The framework has no invented city, so raters cannot calibrate."
    assert (said in without, words(example.cycle)) == (True, [said])


def test_assists_that_are_not_held_are_found_on_their_own_page():
    example = Example(stage=Stage.ASSIST)
    PeerAssist.objects.create(host=example.teams["Alder"], practice=example.practices["P1"])

    lack = next(lacks_of(example.cycle))

    assert lack.words == "1 peer assist is planned and not held."
    assert lack.url == reverse("cityshare:assist-list", args=[example.cycle.pk])


def test_ratings_that_are_not_finished_and_talks_that_are_open_are_told():
    example = Example(stage=Stage.RATING)
    pairs = list(example.teams["Birch"].assignments.order_by("rater__city__name"))
    type(pairs[0]).objects.filter(pk=pairs[0].pk).update(status="active")
    type(pairs[0]).objects.filter(pk=pairs[1].pk).update(status="locked")

    found = words(example.cycle)
    Cycle.objects.update(status=Stage.MODERATION)
    Moderation.objects.update(status="open")

    assert found[:2] == [
        f"Ratings that are not locked do not count. Not locked yet by: {pairs[0].rater.city.name}.",
        "1 rating is locked and not finished; its first levels will count.",
    ]
    assert words(Cycle.objects.get())[0] == (
        "3 practices still wait for their talk; the median would stand."
    )


# --- Looked at, and looked at again ------------------------------------------------------


def test_what_has_changed_since_somebody_looked_is_looked_at_again():
    example = Example(stage=Stage.SELF, rated=False, moderated=False)
    seen = passage_of(example.cycle).fingerprint

    example.teams["Elm"].assessment.delete()
    with pytest.raises(Refused, match="Something has changed"):
        actions.move_on(example.cycle, seen=seen, in_spite=True, by=example.facilitator)

    assert not Message.objects.exists()


def others_read(example):
    member = example.teams["Elm"].members.get()
    member.delete()
    example.teams["Elm"].members.create(user=make.UserFactory(), is_focal_point=True)


def another_speaks(example):
    example.teams["Elm"].members.update(is_focal_point=False)


def another_deadline(example):
    example.cycle.deadlines.update(due_at=timezone.now() + timedelta(days=9))


@pytest.mark.parametrize("change", [others_read, another_speaks, another_deadline])
def test_who_reads_what_is_looked_at_again_too(change):
    example = Example(stage=Stage.COMPARE)
    example.cycle.deadlines.create(stage="market", due_at=timezone.now() + timedelta(days=3))
    seen = passage_of(example.cycle).fingerprint

    change(example)

    with pytest.raises(Refused, match="Something has changed"):
        actions.move_on(example.cycle, seen=seen, in_spite=True, by=example.facilitator)


def test_the_deadlines_are_asked_for_once_however_many_people_are_written_to():
    example = Example(stage=Stage.COMPARE)
    seen = passage_of(example.cycle).fingerprint

    with CaptureQueriesContext(connection) as asked:
        actions.move_on(example.cycle, seen=seen, in_spite=True, by=example.facilitator)

    assert Message.objects.count() == 5
    assert sum('FROM "cityshare_stagedeadline"' in one["sql"] for one in asked) == 1
