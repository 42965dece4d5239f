"""The facilitator looks for pairs, the worker finds them, and a person shows them to the cities."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cityshare.actions import matching as actions
from cityshare.actions import proposal as proposals
from cityshare.clock import sweep_cityshare
from cityshare.models import Cycle, Matching, PeerAssist, Proposal
from cityshare.queries.matching import found_of, problem
from cityshare.queries.proposal import why
from cityshare.worker import solve_matching
from tests.cityshare.helpers import table
from tests.cityshare.market import LIMITS, Market, another_cycle, pairs
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def example():
    return Market(all_confirmed=True)


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def letters(kind):
    return sorted(
        Message.objects.filter(letter=f"cityshare/{kind}").values_list("to__given_name", flat=True)
    )


# --- What is solved -----------------------------------------------------------------------


def test_the_rows_of_the_example_give_the_numbers_of_the_specification(example):
    """All cities share one working language, so each of the ten pairs is worth one more."""
    found = example.solve()

    assert found.status == "ready"
    assert {name: found.outcome[name] for name in ("value", "price", "floor")} == {
        "value": 43 + 10,
        "price": 0,
        "floor": 1,
    }
    assert found.proposals.count() == 10


def test_the_facilitator_sees_the_price_of_fairness(example):
    found = found_of(example.solve(helper_capacity=1))

    assert (found.value, found.price, found.without) == (24 + 5, 1, 25 + 5)
    assert found.left_out == found.alone == []


def test_without_a_floor_a_city_may_be_left_out(example):
    found = found_of(example.solve(helper_capacity=1, floor=0))

    assert (found.value, found.price, found.left_out) == (25 + 5, 0, ["Dogwood"])


def test_a_need_that_nobody_can_answer_asks_for_an_expert_from_outside(example):
    unmet = {
        (line.city, line.practice): str(line.reason) for line in found_of(example.solve()).unmet
    }

    assert "Invite an outside expert" in unmet["Alder", "P4 Practice P4"]
    assert [city for (city, _p), why_ in unmet.items() if "No city of this cycle" in why_] == [
        "Alder"
    ]


def test_only_what_cities_have_confirmed_is_solved():
    example = Market()
    example.need("Alder", "P1")
    example.need("Birch", "P3", yes=False)
    example.offer("Dogwood", "P1")

    found = example.solve()

    assert pairs(found.proposals.all()) == ["Dogwood helps Alder P1"]


def test_who_has_not_offered_is_not_proposed_and_the_need_says_so():
    example = Market()
    example.need("Alder", "P1")

    [unmet] = found_of(example.solve()).unmet

    assert (unmet.city, unmet.practice) == ("Alder", "P1 Practice P1")
    assert "none has offered" in str(unmet.reason)


def test_each_proposal_is_worth_what_the_specification_says_and_tells_why(example):
    example.solve()

    for one in Proposal.objects.all():
        key = (one.helper.city.name, one.learner.city.name, one.practice.code)
        assert one.value == table()[key] + 1
        assert sum(part.points for part in why(one)) == one.value


def test_a_value_is_told_in_whole_sentences():
    example = Market()
    example.need("Alder", "P1", priority=3)
    example.offer("Birch", "P1")
    type(example.teams["Birch"]).objects.filter(city__name="Birch").update(zone="America/New_York")
    example.solve()

    [one] = Proposal.objects.all()

    hours = one.parts["hours_over"]
    assert [(part.points, str(part.words)) for part in why(one)] == [
        (12, "Twice the way to the target, which is 2 levels, times priority 3"),
        (3, "One or two levels ahead: whoever was there lately explains best"),
        (1, "A common working language"),
        (-hours, f"{6 + hours:g} hours of time difference, which is more than 6"),
    ]
    assert hours in (4, 5)  # with and without summer time


def test_who_has_helped_in_an_earlier_cycle_comes_later_in_this_one(example):
    earlier = another_cycle(example)
    long_ago = timezone.now() - timedelta(days=400)
    Cycle.objects.filter(pk=earlier.pk).update(created_at=long_ago)
    host, helper = (
        earlier.teams.create(city=example.teams[name].city) for name in ("Cedar", "Birch")
    )
    for status in ("held", "held", "planned"):
        facts = {"practice": example.practices["P1"], "status": status}
        PeerAssist.objects.create(host=host, **facts).helpers.add(helper)

    posed = problem(Matching(cycle=example.cycle, asked_at=timezone.now(), **LIMITS))

    assert {name: city.given for name, city in posed.group.cities.items()} == {
        "KH Alder": 0,
        "KH Birch": 2,
        "LA Cedar": 0,
        "NP Dogwood": 0,
        "VN Elm": 0,
    }


# --- The worker -----------------------------------------------------------------------------


def test_the_same_market_gives_the_same_proposals_again(example):
    first = pairs(example.solve().proposals.all())
    second = pairs(example.solve().proposals.all())

    assert first == second
    assert list(Matching.objects.order_by("asked_at").values_list("status", flat=True)) == [
        "discarded",
        "ready",
    ]
    assert Proposal.objects.count() == 10


def test_two_workers_do_not_solve_the_same_twice(example):
    asked = actions.start(example.cycle, **LIMITS, by=example.facilitator)

    assert actions.claim(str(asked.pk)) is not None
    assert actions.claim(str(asked.pk)) is None


def test_it_is_not_asked_for_twice_at_once(example):
    actions.start(example.cycle, **LIMITS, by=example.facilitator)

    with pytest.raises(Refused):
        actions.start(example.cycle, **LIMITS, by=example.facilitator)

    assert Matching.objects.count() == 1


def test_what_a_worker_has_lost_is_handed_off_again_and_given_up_after_three_tries(example):
    asked = actions.start(example.cycle, **LIMITS, by=example.facilitator)
    for tries in (1, 2, 3):
        assert actions.claim(str(asked.pk)).pk == asked.pk
        Matching.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        assert Matching.objects.get().tries == tries
    assert actions.claim(str(asked.pk)) is None

    actions.recover()

    asked.refresh_from_db()
    assert asked.status == "failed"
    actions.retry(asked, by=example.facilitator)
    solve_matching(str(asked.pk))
    asked.refresh_from_db()
    assert asked.status == "ready"


def test_the_sweep_hands_off_what_nobody_has_in_hand(example, django_capture_on_commit_callbacks):
    actions.start(example.cycle, **LIMITS, by=example.facilitator)

    with django_capture_on_commit_callbacks(execute=True):
        sweep_cityshare()

    assert Matching.objects.get().status == "ready"


def test_what_was_asked_for_meanwhile_makes_an_older_answer_out_of_date(example):
    """A city declines while the worker computes: the older answer is not shown to anybody."""
    example.shown()
    older = actions.start(example.cycle, **LIMITS, by=example.facilitator)
    actions.claim(str(older.pk))
    newer = actions.again(example.cycle)
    Matching.objects.filter(pk=older.pk).update(lease_until=None, tries=1)

    solve_matching(str(older.pk))
    solve_matching(str(newer.pk))

    older.refresh_from_db()
    newer.refresh_from_db()
    assert (older.status, newer.status) == ("discarded", "ready")


# --- Looking at it, and showing it -----------------------------------------------------------


def test_nobody_is_told_and_no_city_sees_anything_before_the_facilitator_shows_it(example):
    example.solve()

    for person in example.people.values():
        assert not Proposal.objects.visible_to(person).exists()
    assert Proposal.objects.visible_to(example.facilitator).count() == 10
    assert letters("help_proposed") == []


def test_each_city_gets_one_letter_about_all_that_is_proposed_to_it(example):
    example.shown()

    assert letters("help_proposed") == ["Alder", "Birch", "Cedar", "Dogwood", "Elm"]
    elm = Message.objects.get(letter="cityshare/help_proposed", to=example.people["Elm"])
    mine = Proposal.objects.visible_to(example.people["Elm"])
    assert len(mine) > 1
    assert all(f"/proposals/{one.pk}/" in elm.body for one in mine)
    assert elm.body.count("/proposals/") == len(mine)


def test_what_is_put_aside_is_seen_by_no_city(example):
    actions.discard(example.solve(), by=example.facilitator)

    assert Proposal.objects.visible_to(example.people["Elm"]).count() == 0
    assert not Proposal.objects.exists()
    with pytest.raises(Refused):
        actions.release(Matching.objects.get(), by=example.facilitator)


def test_a_second_solving_keeps_what_it_finds_again_and_drops_what_nobody_has_answered(example):
    first = example.shown()
    kept = sorted(first.proposals.values_list("pk", flat=True))

    again = example.shown()

    assert again.proposals.count() == 0
    assert sorted(Proposal.objects.filter(status="proposed").values_list("pk", flat=True)) == kept

    last = example.shown(helper_capacity=1)

    new = set(last.proposals.values_list("pk", flat=True))
    standing = set(Proposal.objects.filter(status="proposed").values_list("pk", flat=True))
    dropped = set(Proposal.objects.filter(status="dropped").values_list("pk", flat=True))
    assert (len(standing), standing - new, dropped) == (
        5,
        set(kept) - dropped,
        set(kept) - standing,
    )


def test_the_facilitator_sees_beforehand_what_stays_and_what_falls_away(example):
    example.shown()
    said_yes = Proposal.objects.first()
    proposals.accept(said_yes, said_yes.helper, by=example.people[said_yes.helper.city.name])
    ready = example.solve(helper_capacity=1)

    page = client_of(example.facilitator).get(
        reverse("cityshare:matching", args=[example.cycle.pk])
    )
    falling = {one.pk for one in page.context["falling"]}
    actions.release(ready, by=example.facilitator)

    assert falling
    assert said_yes.pk not in falling
    assert falling == set(Proposal.objects.filter(status="dropped").values_list("pk", flat=True))


def test_a_pair_that_was_proposed_by_hand_meanwhile_is_shown_once(example):
    ready = example.solve()
    one = ready.proposals.first()
    proposals.propose(one.helper, one.learner, one.practice, by=example.facilitator)

    actions.release(ready, by=example.facilitator)

    same = Proposal.objects.filter(helper=one.helper, learner=one.learner, practice=one.practice)
    assert same.get().matching is None
    assert same.get().status == "proposed"
