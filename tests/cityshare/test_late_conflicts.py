"""Conflicts that are declared when ratings are given: they tell nothing and destroy nothing."""

import re

import pytest
from django.utils import timezone

from cityshare.actions import conflict, pairs
from cityshare.models import Assignment, Conflict, Cycle
from tests.cityshare.drawn import Drawn, heard, swap
from tests.cityshare.example import DATA, Example
from tests.cityshare.pages import page, send, words
from tests.cityshare.talks import opened_example, talk_of
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
WHY = "Their mayor chairs the board of ours."
SECRETS = re.compile(r'(name="csrfmiddlewaretoken" value|nonce|"X-CSRFToken"|hx-headers)="[^"]*"')


@pytest.fixture
def full():
    """Five cities, each rated by three: nobody is left who could step in for Alder."""
    drawn = Drawn(raters_per_city=3).release()
    Message.objects.all().delete()
    return drawn


@pytest.fixture
def spare():
    """Five cities, each rated by two, with an alternate."""
    drawn = Drawn().release()
    Message.objects.all().delete()
    return drawn


def give(pair, status="done"):
    """Let a rater have come so far."""
    now = timezone.now()
    dates = {"locked_at": now} | ({"done_at": now} if status == "done" else {})
    for practice in pair.rated.cycle.framework.practices.all():
        pair.ratings.create(practice=practice, initial=3, final=3 if status == "done" else None)
    Assignment.objects.filter(pk=pair.pk).update(status=status, **dates)
    pair.refresh_from_db()


def declare(drawn, one, other, by=None):
    two = drawn.teams[one], drawn.teams[other]
    return conflict.declare(*two, kind="grant", note="", by=by or drawn.people[one])


def against(pair):
    """Let the rated city declare a conflict with the one that rates it."""
    declarer = pair.rated.members.get().user
    return conflict.declare(pair.rated, pair.rater, kind="grant", note="", by=declarer)


def status_of(pair):
    return Assignment.objects.get(pk=pair.pk).status


# --- Nothing is told ---------------------------------------------------------------------


def bodies(example):
    """Every page with results in it, as every city reads it, without what is new each time."""
    found = {}
    cycle = example.cycle.pk
    places = [("moderate", cycle, example.teams["Birch"].moderations.first().pk)]
    places += [(name, cycle) for name in ("moderation", "river", "stairs", "comments", "feedback")]
    places += [(name, cycle, example.teams["Birch"].pk) for name in ("results", "team")]
    for who, person in example.people.items():
        for place in places:
            answer = page(person, *place)
            found[who, *place] = answer.status_code, SECRETS.sub("", answer.text)
    return found


@pytest.mark.parametrize("stage", ["rating", "moderation", "compare"])
def test_no_page_of_any_city_changes_with_a_conflict_that_is_declared_late(stage):
    """While ratings are written one rater has locked nothing and gets a letter: no page tells."""
    example = Example(stage=stage)
    if stage == "rating":
        rows = Assignment.objects.filter(rated=example.teams["Birch"])
        rows.filter(rater=example.teams["Elm"]).update(status="active", done_at=None)
        rows.filter(rater=example.teams["Dogwood"]).update(status="locked", done_at=None)
    before = bodies(example)

    for rater in DATA["peer"]["Birch"]:
        facts = {"other": example.teams[rater].pk, "kind": "grant", "note": "A bridge."}
        answer = send(example.people["Birch"], "conflicts", example.cycle.pk, **facts)
        assert answer.status_code == (302 if stage in ("rating", "moderation") else 409)
        told = {message.to for message in Message.objects.exclude(to=example.facilitator)}
        assert told == ({example.people["Elm"]} if (stage, rater) == ("rating", "Elm") else set())
        Message.objects.all().delete()
        assert bodies(example) == before


def test_in_moderation_nobody_makes_a_rating_void_and_nothing_comes_back(full):
    given, other = full.pair("Alder"), full.pair("Elm")
    for pair in (given, other):
        give(pair)
    against(other)
    pairs.make_void(other, reason=WHY, by=full.facilitator)
    Cycle.objects.update(status="moderation")
    before = full.names("done"), full.names("void")
    declared = against(given)

    for end in (
        lambda: pairs.make_void(given, reason=WHY, by=full.facilitator),
        lambda: pairs.restore(other, by=full.facilitator),
        lambda: swap(full, given, None),
    ):
        with pytest.raises(Refused, match="Moderation"):
            end()
    conflict.take_back(declared, by=full.people["Alder"])
    conflict.take_back(Conflict.objects.standing().get(), by=full.facilitator)

    assert (full.names("done"), full.names("void")) == before


def test_what_is_declared_in_moderation_is_told_to_those_who_lead_and_to_nobody_else():
    example = opened_example()
    talk = talk_of(example, "Birch", "P2")

    declare(example, "Birch", "Elm")

    desk = words(page(example.facilitator, "moderation", example.cycle.pk))
    assert "A conflict was declared, and the ratings stand" in desk
    assert "Elm rates Birch" in desk
    assert "A conflict was declared late" in words(
        page(example.facilitator, "cycle", example.cycle.pk)
    )
    for name in example.people.values():
        for place in (["moderation"], ["moderate", talk.pk], ["cycle"]):
            assert "onflict was declared" not in words(
                page(name, place[0], example.cycle.pk, *place[1:])
            )
    assert Entry.objects.filter(event="conflict.declared").count() == 1


def test_the_letter_after_the_close_says_that_the_ratings_stand(full):
    pair = full.pair("Alder")
    give(pair)
    Cycle.objects.update(status="moderation")

    against(pair)

    [letter] = Message.objects.all()
    assert (letter.to, letter.letter) == (full.facilitator, "cityshare/conflict_declared")
    assert "the ratings stand. Please bear it in mind in the talk" in letter.body
    assert f"* {pair.rater.city.name} rates Alder" in letter.body
    assert "does not count" not in letter.body


# --- Nothing is destroyed ----------------------------------------------------------------


@pytest.mark.parametrize("status", ["locked", "done"])
def test_what_is_locked_stands_until_those_who_lead_make_it_void(client, spare, status):
    pair, alternate = spare.pair("Cedar"), spare.alternates()["Cedar"]
    give(pair, status)
    against(pair)
    client.force_login(spare.facilitator)

    stands = status_of(pair)
    asked = heard(client.get(spare.url("cycle")))
    board = client.get(spare.url("draw")).text
    client.post(spare.url("assignment-void", pair.pk), {"reason": WHY})

    assert stands == status
    assert "Say whether ratings count in spite of a conflict: 1 pair" in asked
    assert spare.url("assignment-void", pair.pk) in board
    pair.refresh_from_db()
    assert (pair.status, pair.ended_by_conflict, pair.reason) == ("void", True, WHY)
    assert alternate in spare.raters("Cedar")
    assert Entry.objects.get(event="assignment.set_aside").facts["reason"] == WHY
    shown = heard(client.get(spare.url("draw")))
    assert f"the ratings of {pair.rater.city.name} do not count any more" in shown
    assert "Make void" not in shown
    [letter] = Message.objects.filter(letter="cityshare/rating_void", to=pair.person)
    assert "arranged anew" in letter.body
    assert "onflict" not in letter.body
    assert "mayor" not in letter.body


def test_ratings_are_made_void_with_a_reason(client, full):
    pair = full.pair("Alder")
    give(pair)
    against(pair)
    client.force_login(full.facilitator)

    shown = client.post(full.url("assignment-void", pair.pk), {"reason": " "})

    assert "Write the reason in a sentence." in shown.text
    assert status_of(pair) == "done"


def test_only_locked_ratings_with_a_declared_conflict_are_made_void(full):
    pair = full.pair("Alder")

    with pytest.raises(Refused, match="Only ratings that count"):
        pairs.make_void(pair, reason=WHY, by=full.facilitator)
    give(pair)
    with pytest.raises(Refused, match="The ratings stand"):
        pairs.make_void(pair, reason=WHY, by=full.facilitator)


@pytest.mark.parametrize("status", ["locked", "done"])
def test_a_conflict_taken_back_brings_ratings_back_where_the_place_is_empty(full, status):
    pair = full.pair("Alder")
    give(pair, status)
    declared = against(pair)
    pairs.make_void(pair, reason=WHY, by=full.facilitator)
    Message.objects.all().delete()

    conflict.take_back(declared, by=full.people["Alder"])

    pair.refresh_from_db()
    assert (pair.status, pair.ended_by_conflict, pair.reason) == (status, False, "")
    line = Entry.objects.latest("pk")
    rater = pair.rater.city.name
    assert (line.event, line.facts) == (
        "assignment.restored",
        {"was": "void", "rated": "Alder", "now": rater},
    )
    story = Entry.objects.filter(target=line.target).order_by("pk")
    assert [entry.event for entry in story] == [
        "assignment.active",
        "assignment.void",
        "assignment.set_aside",
        "assignment.restored",
    ]
    [letter] = Message.objects.all()
    assert (letter.to, letter.letter) == (pair.person, "cityshare/rating_restored")
    assert "onflict" not in letter.subject + letter.body


def test_who_had_only_begun_goes_on_when_nobody_has_stepped_in(full):
    pair = full.pair("Alder")
    pair.ratings.create(practice=full.practices["P1"], initial=3)
    declared = against(pair)
    assert status_of(pair) == "void"

    conflict.take_back(declared, by=full.facilitator)

    assert status_of(pair) == "active"


def test_a_pair_ends_and_comes_back_as_often_as_it_must_each_time_with_a_letter(full):
    pair = full.pair("Alder")

    for _time in range(2):
        conflict.take_back(against(pair), by=full.people["Alder"])

    letters = Message.objects.filter(to=pair.person)
    assert letters.filter(letter="cityshare/rating_void").count() == 2
    assert letters.filter(letter="cityshare/rating_restored").count() == 2


def test_as_long_as_the_other_city_declares_it_too_nothing_comes_back(full):
    pair = full.pair("Alder")
    declare(full, pair.rater.city.name, "Alder")

    conflict.take_back(against(pair), by=full.people["Alder"])

    assert status_of(pair) == "void"


def test_who_has_left_the_team_does_not_come_back(full):
    pair = full.pair("Alder")
    give(pair)
    declared = against(pair)
    pairs.make_void(pair, reason=WHY, by=full.facilitator)
    pair.rater.members.all().delete()

    conflict.take_back(declared, by=full.people["Alder"])

    assert status_of(pair) == "void"
    with pytest.raises(Refused, match="not in the team"):
        pairs.restore(pair, by=full.facilitator)


def test_whose_place_is_taken_comes_back_when_those_who_lead_have_emptied_it(client, spare):
    pair, alternate = spare.pair("Cedar"), spare.alternates()["Cedar"]
    give(pair)
    declared = against(pair)
    pairs.make_void(pair, reason=WHY, by=spare.facilitator)
    client.force_login(spare.facilitator)
    back = spare.url("assignment-restore", pair.pk)
    under_conflict = client.post(back)
    conflict.take_back(declared, by=spare.people["Cedar"])
    taken = client.post(back)

    seated = Assignment.objects.get(
        rater=spare.teams[alternate], rated=spare.teams["Cedar"], status="active"
    )
    swap(spare, seated, None)
    board = client.get(spare.url("draw")).text
    client.post(back)

    assert "A conflict was declared" in heard(under_conflict)
    assert "Another city has taken this place" in heard(taken)
    assert (under_conflict.status_code, taken.status_code) == (409, 409)
    assert back in board
    assert status_of(pair) == "done"
    assert f"Cedar: {pair.rater.city.name} rates it again" in heard(client.get(spare.url("draw")))


def test_what_ended_without_a_conflict_does_not_come_back(full):
    pair = full.pair("Alder")
    swap(full, pair, None)

    with pytest.raises(Refused, match="Only what a declared conflict has ended"):
        pairs.restore(pair, by=full.facilitator)


# --- What those who lead read ------------------------------------------------------------


def test_every_declaration_is_told_once_with_how_many_raters_are_left(full):
    pair = full.pair("Alder")
    give(pair)
    other = next(p for p in Assignment.objects.filter(rated=pair.rated) if p.pk != pair.pk)

    against(pair)
    against(other)

    told = Message.objects.filter(letter="cityshare/conflict_declared")
    first, second = (told.get(subject__contains=str(p.rater.city.name)) for p in (pair, other))
    assert "These ratings are locked and stand, unless you make them void" in first.body
    assert f"* {pair.rater.city.name} rates Alder" in first.body
    assert "* Alder: 3 raters\n" in first.body
    assert "* Alder: 2 raters. That is below three" in second.body


def test_before_anybody_is_told_whom_they_rate_there_is_no_letter():
    drawn = Drawn()

    declare(drawn, "Cedar", "Elm")

    assert not Message.objects.exists()
