"""Single raters are exchanged by hand, with a reason; everything else stays."""

import re

import pytest

from cityshare.actions import conflict, pairs
from cityshare.models import Assignment, Cycle
from tests import factories as make
from tests.cityshare.drawn import Drawn, choice, swap
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
WHY = "The officer is on leave."


@pytest.fixture
def drawn():
    return Drawn()


@pytest.fixture
def released(drawn):
    drawn.release()
    Message.objects.all().delete()
    return drawn


@pytest.fixture
def desk(client, drawn):
    """The browser of who leads the cycle."""
    client.force_login(drawn.facilitator)
    return client


# --- In a draft --------------------------------------------------------------------------


def test_in_a_draft_one_rater_is_exchanged_and_nobody_is_told(drawn):
    pair, before = drawn.pair(), drawn.standing()
    new = choice(drawn)

    seated = swap(drawn, pair, new)

    gone = (pair.rater.city.name, "Alder")
    assert drawn.standing() == sorted({*before} - {gone} | {(new, "Alder")})
    assert (seated.status, seated.draw, seated.person) == (
        "proposed",
        drawn.draw,
        drawn.people[new],
    )
    assert not Message.objects.exists()
    entry = Entry.objects.get(event="assignment.swapped")
    assert (entry.by, entry.about) == (drawn.facilitator, f"cityshare.Cycle:{drawn.cycle.pk}")
    assert entry.facts == {"rated": "Alder", "was": gone[0], "now": new, "reason": WHY}


def test_an_exchange_can_be_turned_back_in_a_draft(drawn):
    pair, before = drawn.pair(), drawn.standing()
    was = pair.rater.city.name

    seated = swap(drawn, pair, choice(drawn))
    swap(drawn, seated, was)

    assert drawn.standing() == before


def test_the_alternate_who_takes_a_place_makes_room_for_another(drawn):
    alternate = drawn.alternates()["Cedar"]

    swap(drawn, drawn.pair("Cedar"), alternate)

    now = drawn.alternates()["Cedar"]
    assert now != alternate
    assert now not in drawn.raters("Cedar")


@pytest.mark.parametrize("is_released", [False, True])
def test_somebody_else_than_the_alternate_can_take_the_place(drawn, is_released):
    if is_released:
        drawn.release()
    alternate = drawn.alternates()["Cedar"]
    new = min({*drawn.teams} - {"Cedar", alternate, *drawn.raters("Cedar")})

    swap(drawn, drawn.pair("Cedar"), new)

    assert new in drawn.raters("Cedar")
    assert drawn.alternates()["Cedar"] == alternate


def test_a_pair_that_nobody_was_there_for_ends_without_a_letter(released):
    pair = released.pair()
    Assignment.objects.filter(pk=pair.pk).update(person=None)

    swap(released, pair, None)

    assert not Message.objects.exists()


def test_a_place_can_stay_empty_and_be_filled_again(drawn):
    pair = drawn.pair()
    swap(drawn, pair, None)

    assert len(drawn.raters("Alder")) == 1
    assert Entry.objects.get(event="assignment.emptied").facts["now"] == ""

    new = choice(drawn)
    pairs.add(drawn.teams["Alder"], rater=drawn.teams[new], reason=WHY, by=drawn.facilitator)
    assert len(drawn.raters("Alder")) == 2
    assert new in drawn.raters("Alder")


def test_a_city_that_has_its_raters_gets_no_other(drawn):
    with pytest.raises(Refused, match="as many raters"):
        pairs.add(
            drawn.teams["Alder"],
            rater=drawn.teams[choice(drawn)],
            reason=WHY,
            by=drawn.facilitator,
        )


def test_no_hand_breaks_a_rule(drawn):
    pair = drawn.pair()
    [other] = [name for name in drawn.raters("Alder") if name != pair.rater.city.name]
    new = choice(drawn)
    drawn.teams[new].conflicts_declared.create(
        other=drawn.teams["Alder"],
        kind="grant",
        declared_by=drawn.facilitator,
        declared_at=drawn.draw.asked_at,
    )
    before = drawn.standing()

    for name, words in [
        ("Alder", "itself"),
        ("Birch", "one country"),
        (other, "already"),
        (pair.rater.city.name, "already"),
        (new, "conflict"),
    ]:
        with pytest.raises(Refused, match=words):
            swap(drawn, pair, name)
    assert drawn.standing() == before


def test_where_no_two_cities_rate_each_other_no_hand_makes_them():
    drawn = Drawn(raters_per_city=1, bars_mutual_rating=True)
    [(_rater, rated)] = [pair for pair in drawn.standing() if pair[0] == "Cedar"]

    with pytest.raises(Refused, match="No two cities rate each other"):
        swap(drawn, drawn.pair("Cedar"), rated)


def test_a_pair_of_a_draft_that_was_put_aside_is_not_changed(drawn):
    pair = drawn.pair()
    drawn.ask(seed=9)

    with pytest.raises(Refused, match="is gone"):
        swap(drawn, pair, choice(drawn))


# --- After the release -------------------------------------------------------------------


def test_after_the_release_both_are_told_and_what_was_given_is_kept(released):
    pair, new = released.pair(), choice(released)
    pair.ratings.create(practice=released.practices["P1"], initial=3)

    seated = swap(released, pair, new)

    pair.refresh_from_db()
    assert (pair.status, pair.reason, pair.ratings.count()) == ("void", WHY, 1)
    assert (seated.status, seated.rater, seated.person) == (
        "active",
        released.teams[new],
        released.people[new],
    )
    letters = {letter.to: letter for letter in Message.objects.all()}
    assert {*letters} == {pair.person, seated.person}
    assert letters[pair.person].letter == "cityshare/rating_void"
    assert letters[seated.person].letter == "cityshare/cities_to_rate"
    assert "* Alder, Cambodia" in letters[seated.person].body


def test_the_letter_of_an_exchange_by_hand_reads_as_that_of_a_conflict(released):
    by_hand, by_conflict = released.pair("Cedar"), released.pair("Dogwood")

    swap(released, by_hand, None)
    conflict.declare(
        by_conflict.rated,
        by_conflict.rater,
        kind="grant",
        note="A bridge.",
        by=released.facilitator,
    )

    told = Message.objects.filter(letter="cityshare/rating_void")
    [one] = told.filter(body__contains="Cedar")
    [other] = told.filter(to=by_conflict.person, body__contains="Dogwood")
    assert "arranged anew" in one.body
    assert without_names(one) == without_names(other)


def without_names(letter):
    """A letter's words, but for its reader, the city, and its own address."""
    words = f"{letter.subject}\n{letter.body}".replace(str(letter.pk), "…")
    words = words.replace(letter.to.full_name, "…")
    return re.sub("(Cedar|Dogwood)(, (Laos|Nepal))?", "…", words)


def test_a_reason_may_be_any_word(released):
    pair = released.pair()

    swap(released, pair, choice(released), "conflict")

    pair.refresh_from_db()
    assert (pair.reason, pair.ended_by_conflict) == ("conflict", False)


def test_the_alternate_who_steps_in_keeps_their_row(released):
    alternate = Assignment.objects.get(rated=released.teams["Cedar"], status="alternate")

    seated = swap(released, released.pair("Cedar"), alternate.rater.city.name)

    assert (seated.pk, seated.status) == (alternate.pk, "active")
    assert released.alternates()["Cedar"] != alternate.rater.city.name


def test_who_gave_up_a_city_is_not_its_alternate_and_can_take_it_again(released):
    pair = released.pair()
    was = pair.rater.city.name
    seated = swap(released, pair, choice(released))

    assert released.alternates().get("Alder") != was
    swap(released, seated, was)
    assert was in released.raters("Alder")


@pytest.mark.parametrize("status", ["locked", "done", "void"])
def test_what_is_locked_counts_and_is_not_exchanged(released, status):
    pair = released.pair()
    Assignment.objects.filter(pk=pair.pk).update(status=status)

    with pytest.raises(Refused, match="cannot be exchanged"):
        swap(released, pair, choice(released))


def test_after_the_stage_of_rating_nobody_is_exchanged(released):
    pair, new = released.pair(), choice(released)
    Cycle.objects.update(status="moderation")

    with pytest.raises(Refused, match="Peer rating"):
        swap(released, pair, new)


def test_a_city_without_anybody_is_not_seated(released):
    pair, new = released.pair(), choice(released)
    released.teams[new].members.all().delete()

    with pytest.raises(Refused, match="nobody who could rate"):
        swap(released, pair, new)

    assert released.pair() == pair


def test_who_has_the_fewest_cities_of_a_team_takes_the_next(released):
    pair, new = released.pair(), choice(released)
    second = make.UserFactory()
    released.teams[new].members.create(user=second)

    assert swap(released, pair, new).person == second


# --- Another person of the same city -----------------------------------------------------


@pytest.mark.parametrize(("is_released", "letters"), [(False, 0), (True, 1)])
def test_another_person_of_the_city_can_rate(drawn, is_released, letters):
    if is_released:
        drawn.release()
        Message.objects.all().delete()
    pair = drawn.pair()
    member = pair.rater.members.create(user=make.UserFactory())

    pairs.entrust(pair, member=member, by=drawn.facilitator)

    pair.refresh_from_db()
    assert pair.person == member.user
    assert [letter.to for letter in Message.objects.all()] == [member.user] * letters


def test_who_gets_a_pair_back_is_told_once_more(drawn):
    drawn.release()
    pair = drawn.pair()
    first = pair.rater.members.get(user=pair.person)
    second = pair.rater.members.create(user=make.UserFactory())
    Message.objects.all().delete()

    for member in (second, first, second):
        pairs.entrust(pair, member=member, by=drawn.facilitator)

    told = [letter.to for letter in Message.objects.all()]
    assert (told.count(first.user), told.count(second.user)) == (1, 2)


@pytest.mark.parametrize("is_released", [False, True])
def test_somebody_of_another_city_cannot(drawn, is_released):
    if is_released:
        drawn.release()
    pair = drawn.pair()
    stranger = drawn.teams["Birch"].members.get()

    with pytest.raises(Refused, match="team can rate"):
        pairs.entrust(pair, member=stranger, by=drawn.facilitator)
