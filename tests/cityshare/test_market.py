"""A city is asked what its stairs suggest, and says yes or no for itself."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cityshare.actions import proposal as proposals
from cityshare.models import Cycle, Need, Offer
from cityshare.queries import market as queries
from tests import factories as make
from tests.cityshare.market import Market, confirmed
from workshop_portal.audit.models import Entry
from workshop_portal.audit.queries import trail
from workshop_portal.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def example():
    return Market()


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def market_of(example, name):
    return client_of(example.people[name]).get(reverse("cityshare:market", args=[example.cycle.pk]))


def questions(example, name):
    """What a city is asked: practice, who else, and what it has said."""
    board = queries.board(example.cycle, example.teams[name])
    return [
        [(ask.practice.code, ask.others, ask.status) for ask in asks]
        for asks in (board.offers, board.needs)
    ]


# --- What is asked ------------------------------------------------------------------------


def test_a_city_is_asked_to_teach_where_others_could_learn_and_to_learn_where_it_wants_to_rise(
    example,
):
    offers, needs = questions(example, "Elm")

    assert offers == [
        ("P1", ("Cedar",), "suggested"),
        ("P2", ("Birch", "Cedar", "Dogwood"), "suggested"),
    ]
    assert needs == [
        ("P1", ("Birch", "Dogwood"), "suggested"),
        ("P3", ("Alder", "Cedar", "Dogwood"), "suggested"),
        ("P4", ("Alder",), "suggested"),
    ]


def test_a_need_that_no_city_can_answer_is_asked_about_all_the_same(example):
    _offers, needs = questions(example, "Alder")

    assert ("P4", (), "suggested") in needs


def test_nothing_is_stored_before_a_city_answers(example):
    market_of(example, "Elm")

    assert not Offer.objects.exists()
    assert not Need.objects.exists()


def test_a_city_adds_by_hand_what_the_stairs_do_not_suggest(example):
    board = queries.board(example.cycle, example.teams["Birch"])

    assert [line.code for line in board.offerable] == ["P3", "P4"]
    assert [line.code for line in board.wanted] == ["P1"]


# --- What a city says ---------------------------------------------------------------------


def test_yes_and_no_are_kept_and_stand_in_the_trail(example):
    example.offer("Elm", "P2", note="Our helpline in six languages.")
    example.need("Elm", "P3", yes=False)
    example.need("Elm", "P4")

    assert confirmed(Offer, example) == ["Elm P2"]
    assert confirmed(Need, example) == ["Elm P4"]
    assert list(Offer.objects.values_list("note", flat=True)) == ["Our helpline in six languages."]
    assert sorted(Entry.objects.about(example.cycle).values_list("event", flat=True)) == [
        "need.confirmed",
        "need.declined",
        "offer.confirmed",
    ]


def test_changed_words_stand_in_the_trail_and_the_same_words_do_not(example):
    for note in ("Our helpline.", "It speaks Khmer too.", "It speaks Khmer too."):
        example.offer("Elm", "P2", note=note)
    for priority in (1, 3, 3):
        example.need("Elm", "P4", question="Who pays?", priority=priority)

    assert [(line.what, line.facts["changed"]) for line in trail(example.cycle)] == [
        ("Changed what the city wants to learn: P4", ["priority"]),
        ("Asked other cities for help: P4", ["question"]),
        ("Changed what the city can show: P2", ["note"]),
        ("Offered help to other cities: P2", ["note"]),
    ]


def test_a_no_can_become_a_yes_and_a_yes_a_no(example):
    for yes in (False, True, False):
        example.offer("Elm", "P2", yes=yes)

    assert confirmed(Offer, example) == []
    assert Offer.objects.get().status == "declined"


def test_the_words_stay_when_only_the_answer_changes(example):
    example.need("Elm", "P3", question="Who pays?", priority=3)
    example.need("Elm", "P3", yes=False)
    example.need("Elm", "P3")

    assert Need.objects.values("question", "priority").get() == {
        "question": "Who pays?",
        "priority": 3,
    }


def test_the_priority_of_a_need_is_at_first_that_of_the_self_assessment(example):
    example.teams["Elm"].assessment.scores.filter(practice__code="P3").update(priority=2)
    example.teams["Elm"].assessment.scores.filter(practice__code="P4").update(priority=0)

    assert [example.need("Elm", code).priority for code in ("P3", "P4")] == [2, 1]


def test_nobody_teaches_from_the_lowest_level_and_nobody_learns_from_the_highest(example):
    with pytest.raises(Refused):
        example.offer("Dogwood", "P2")
    with pytest.raises(Refused):
        example.need("Dogwood", "P1")

    assert not Offer.objects.exists()
    assert not Need.objects.exists()


@pytest.mark.parametrize("stage", [Cycle.Stage.COMPARE, Cycle.Stage.CLOSED])
def test_the_market_is_closed_before_its_stage_and_after_the_end(stage):
    early = Market(stage=stage)

    with pytest.raises(Refused):
        early.offer("Elm", "P2")
    with pytest.raises(Refused):
        early.need("Elm", "P3")


# --- The pages ----------------------------------------------------------------------------


def test_a_focal_point_answers_with_one_press(example):
    elm = client_of(example.people["Elm"])
    cycle = example.cycle.pk

    for name, code, answer in (("offer", "P2", "yes"), ("need", "P3", "yes"), ("need", "P4", "no")):
        address = reverse(f"cityshare:{name}-answer", args=[cycle, code])
        market = reverse("cityshare:market", args=[cycle])
        assert elm.post(address, {"answer": answer}).url == f"{market}#{name}-{code}"
        assert f'id="{name}-{code}"' in elm.get(market).text

    assert confirmed(Offer, example) == ["Elm P2"]
    assert confirmed(Need, example) == ["Elm P3"]
    assert Need.objects.filter(status="declined").count() == 1


def test_a_focal_point_says_in_words_what_can_be_shown_and_what_is_wanted(example):
    elm = client_of(example.people["Elm"])
    pages = {
        "offer": ({"note": "Our list of interpreters."}, "P2"),
        "need": ({"priority": "3", "question": "How did you begin?"}, "P3"),
    }

    for name, (typed, code) in pages.items():
        address = reverse(f"cityshare:{name}-edit", args=[example.cycle.pk, code])
        seen = elm.get(address).context["form"]["seen"].value()
        assert elm.post(address, {**typed, "seen": seen}).status_code == 302

    assert "Asked for: it cannot wait" in market_of(example, "Elm").text
    assert Offer.objects.values_list("note", "status").get() == (
        "Our list of interpreters.",
        "confirmed",
    )
    assert Need.objects.values_list("question", "priority").get() == ("How did you begin?", 3)


def test_when_the_cycle_is_over_nothing_is_left_to_answer(example):
    before = market_of(example, "Elm").text
    Cycle.objects.filter(pk=example.cycle.pk).update(status=Cycle.Stage.CLOSED)

    page = market_of(example, "Elm").text

    assert "To answer" in before
    assert "Would you show how you do it?" in before
    assert "To answer" not in page
    assert "Would you show how you do it?" not in page
    assert "Not answered" in page


def test_two_windows_do_not_overwrite_each_other(example):
    elm = client_of(example.people["Elm"])
    address = reverse("cityshare:offer-edit", args=[example.cycle.pk, "P2"])
    seen = elm.get(address).context["form"]["seen"].value()
    example.offer("Elm", "P2", note="Written elsewhere.")

    response = elm.post(address, {"note": "Written here.", "seen": seen})

    assert response.status_code == 200
    assert response.context["form"]["note"].value() == "Written here."
    assert Offer.objects.get().note == "Written elsewhere."


def test_a_practice_is_added_by_hand(example):
    birch = client_of(example.people["Birch"])
    cycle = example.cycle.pk

    birch.post(
        reverse("cityshare:offer-create", args=[cycle]), {"practice": "P4", "note": "A form."}
    )
    birch.post(
        reverse("cityshare:need-create", args=[cycle]),
        {"practice": "P1", "priority": "2", "question": "What is next?"},
    )

    assert confirmed(Offer, example) == ["Birch P4"]
    assert confirmed(Need, example) == ["Birch P1"]


def test_a_mistake_stands_beside_its_field_and_typed_words_stay(example):
    birch = client_of(example.people["Birch"])

    response = birch.post(
        reverse("cityshare:offer-create", args=[example.cycle.pk]),
        {"practice": "", "note": "A form."},
    )

    form = response.context["form"]
    assert form.errors == {"practice": ["Choose the practice."]}
    assert form["note"].value() == "A form."


def test_who_is_not_the_focal_point_reads_and_does_not_answer(example):
    colleague = make.UserFactory(city=example.teams["Elm"].city)
    example.teams["Elm"].members.create(user=colleague)
    address = reverse("cityshare:offer-answer", args=[example.cycle.pk, "P2"])

    page = client_of(colleague).get(reverse("cityshare:market", args=[example.cycle.pk]))

    assert page.status_code == 200
    assert address not in page.content.decode()
    assert client_of(colleague).post(address, {"answer": "yes"}).status_code == 403
    assert not Offer.objects.exists()


def test_every_city_sees_what_the_others_have_confirmed_and_nothing_else(example):
    example.offer("Elm", "P2", note="zqshown")
    example.need("Birch", "P3", question="zqwanted")
    example.offer("Dogwood", "P1", note="zqtaken")
    example.offer("Dogwood", "P1", yes=False)

    page = market_of(example, "Cedar").content.decode()

    assert [word in page for word in ("zqshown", "zqwanted", "zqtaken")] == [True, True, False]


def test_before_the_market_opens_the_page_says_when_it_will():
    early = Market(stage=Cycle.Stage.COMPARE)

    page = market_of(early, "Cedar")

    assert page.status_code == 200
    assert "Offers and needs are not open yet" in page.content.decode()
    assert page.context["board"] is None


def test_proposals_that_wait_for_the_citys_answer_stand_first(example):
    for name in example.teams:
        example.confirm(name)
    example.shown()
    first, *others = market_of(example, "Elm").context["mine"]
    proposals.accept(first.proposal, example.teams["Elm"], by=example.people["Elm"])

    lines = market_of(example, "Elm").context["mine"]

    assert len(others) > 1
    assert [line.is_asked for line in lines] == [True] * len(others) + [False]
    assert lines[-1].proposal == first.proposal


def test_the_facilitator_sees_who_has_not_answered(example):
    example.confirm("Elm")

    page = client_of(example.facilitator).get(reverse("cityshare:market", args=[example.cycle.pk]))
    lines = {
        line.team.name: (line.offers, line.needs, line.open) for line in page.context["answers"]
    }

    assert lines == {
        "Alder": (0, 0, 6),
        "Birch": (0, 0, 5),
        "Cedar": (0, 0, 4),
        "Dogwood": (0, 0, 5),
        "Elm": (2, 3, 0),
    }


def test_a_city_of_another_cycle_is_unknown_here(example):
    other = make.UserFactory()

    assert (
        client_of(other).get(reverse("cityshare:market", args=[example.cycle.pk])).status_code
        == 404
    )


def test_the_market_asks_the_database_no_more_for_many_offers_than_for_one(example):
    def cost(who):
        client = client_of(who)
        address = reverse("cityshare:market", args=[example.cycle.pk])
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries_:
            client.get(address)
        return len(queries_)

    example.offer("Elm", "P2")
    before = cost(example.people["Elm"]), cost(example.facilitator)
    for name in example.teams:
        example.confirm(name)

    assert (cost(example.people["Elm"]), cost(example.facilitator)) == before
