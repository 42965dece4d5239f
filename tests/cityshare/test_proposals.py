"""Both sides of a proposal are asked; when one declines the rest is solved again."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cityshare.actions import matching
from cityshare.actions import proposal as actions
from cityshare.models import Matching, Moderation, Proposal, SelfScore
from cityshare.worker import solve_matching
from tests.cityshare.market import Market, another_cycle, pairs
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def example():
    """Alder could learn P1 from Birch, or else from Dogwood; Birch P3 from Cedar; Elm P3."""
    made = Market()
    for name, code in (("Alder", "P1"), ("Birch", "P3"), ("Elm", "P3")):
        made.need(name, code, question=f"How does {name} begin?")
    for name, code in (("Birch", "P1"), ("Dogwood", "P1"), ("Cedar", "P3"), ("Dogwood", "P3")):
        made.offer(name, code)
    return made


@pytest.fixture
def proposal(example):
    """Birch is asked to help Alder with P1."""
    example.shown()
    return example.pair("Birch", "Alder", "P1")


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def accept(example, proposal, *names):
    for name in names:
        proposal = actions.accept(proposal, example.teams[name], by=example.people[name])
    return proposal


def decline(example, proposal, name, reason="No time in spring.", **facts):
    team, by = example.teams[name], example.people[name]
    return actions.decline(proposal, team, reason=reason, **facts, by=by)


def solved_again():
    """What the worker finds that was asked for by a decline."""
    last = Matching.objects.order_by("-asked_at").first()
    solve_matching(str(last.pk))
    last.refresh_from_db()
    return last


def readers(kind):
    found = Message.objects.filter(letter=f"cityshare/{kind}")
    return sorted(found.values_list("to__given_name", flat=True))


# --- Yes ----------------------------------------------------------------------------------


def test_it_is_agreed_when_both_have_said_yes_and_both_are_told(example, proposal):
    after_one = accept(example, proposal, "Birch")

    assert (after_one.status, after_one.helper_answer, after_one.learner_answer) == (
        "proposed",
        "yes",
        "",
    )
    assert readers("help_agreed") == []

    after_both = accept(example, proposal, "Alder")

    assert (after_both.status, after_both.learner_answer) == ("accepted", "yes")
    assert readers("help_agreed") == ["Alder", "Birch"]


def test_a_city_that_it_is_not_about_cannot_answer(example, proposal):
    for answer in (accept, decline):
        with pytest.raises(Refused):
            answer(example, proposal, "Elm")

    proposal.refresh_from_db()
    assert (proposal.status, proposal.helper_answer, proposal.learner_answer) == (
        "proposed",
        "",
        "",
    )


def test_what_is_settled_is_not_answered_again(example, proposal):
    decline(example, proposal, "Birch")

    with pytest.raises(Refused):
        accept(example, proposal, "Alder")
    with pytest.raises(Refused):
        decline(example, proposal, "Alder")


# --- No -----------------------------------------------------------------------------------


def test_the_other_side_and_the_facilitator_read_why_it_was_declined(example, proposal):
    decline(example, proposal, "Birch", reason="Our team is new.", rather=example.teams["Elm"])

    proposal.refresh_from_db()
    assert (proposal.status, proposal.helper_answer, proposal.reason) == (
        "declined",
        "no",
        "Our team is new.",
    )
    assert proposal.rather == example.teams["Elm"]
    assert readers("help_declined") == sorted(["Alder", example.facilitator.given_name])
    bodies = Message.objects.filter(letter="cityshare/help_declined").values_list("body", flat=True)
    said = ["Our team is new.", "Elm", "is looked for again"]
    assert all(words in body for body in bodies for words in said)


def test_after_a_decline_it_is_solved_again_and_what_was_accepted_stays(example, proposal):
    accepted = accept(example, example.pair("Cedar", "Birch", "P3"), "Cedar", "Birch")
    half = accept(example, example.pair("Dogwood", "Elm", "P3"), "Elm")

    decline(example, proposal, "Birch")
    again = solved_again()

    assert (again.status, again.asked_by) == ("ready", None)
    assert pairs(again.proposals.all()) == ["Dogwood helps Alder P1"]
    assert (accepted.status, half.status) == ("accepted", "proposed")
    matching.release(again, by=example.facilitator)
    standing = Proposal.objects.filter(status__in=["proposed", "accepted"])
    assert pairs(standing) == [
        "Cedar helps Birch P3",
        "Dogwood helps Alder P1",
        "Dogwood helps Elm P3",
    ]


def test_cities_see_the_new_proposals_when_the_facilitator_has_shown_them(example, proposal):
    decline(example, proposal, "Birch")
    again = solved_again()

    def seen():
        return pairs(Proposal.objects.visible_to(example.people["Alder"]).filter(matching=again))

    assert seen() == []
    matching.release(again, by=example.facilitator)
    assert seen() == ["Dogwood helps Alder P1"]


def test_what_was_found_and_not_shown_before_a_decline_is_put_aside(example, proposal):
    ready = example.solve()

    decline(example, proposal, "Birch")

    ready.refresh_from_db()
    assert ready.status == "discarded"


@pytest.mark.parametrize(
    ("refuses", "found"),
    [(False, ["Dogwood helps Alder P3"]), (True, [])],
    ids=["once", "for good"],
)
def test_who_was_declined_once_may_be_proposed_on_another_practice(refuses, found):
    example = Market()
    SelfScore.objects.filter(practice__code="P3", assessment__team__city__name="Dogwood").update(
        current=5, target=5
    )
    Moderation.objects.create(
        team=example.teams["Dogwood"],
        practice=example.practices["P3"],
        status="agreed",
        agreed=5,
        opened_at=timezone.now(),
    )
    for code in ("P1", "P3"):
        example.need("Alder", code)
        example.offer("Dogwood", code)
    example.shown()
    first = example.pair("Dogwood", "Alder", "P1")

    decline(example, first, "Alder", refuses_pair=refuses)

    assert pairs(solved_again().proposals.all()) == found


def test_a_city_that_must_withdraw_after_its_yes_says_so(example, proposal):
    accept(example, proposal, "Birch", "Alder")

    decline(example, proposal, "Birch")

    proposal.refresh_from_db()
    assert (proposal.status, proposal.helper_answer) == ("declined", "no")


def test_asking_for_proposals_and_each_yes_stand_in_the_trail_with_who_did_it(example, proposal):
    """What the worker found, and what a decline set off, was done by no person."""
    accept(example, proposal, "Birch", "Alder")
    decline(example, proposal, "Birch")
    solved_again()

    rows = Entry.objects.about(example.cycle).filter(event__regex="^matching|yes$")
    people = {example.people["Alder"].pk: "Alder", example.people["Birch"].pk: "Birch"}
    people |= {example.facilitator.pk: "facilitator", None: "portal"}
    assert [(row.event, people[row.by_id]) for row in rows.order_by("at", "pk")] == [
        ("matching.asked", "facilitator"),
        ("matching.ready", "portal"),
        ("matching.released", "facilitator"),
        ("proposal.yes", "Birch"),
        ("proposal.yes", "Alder"),
        ("matching.asked", "portal"),
        ("matching.ready", "portal"),
    ]


# --- By hand ------------------------------------------------------------------------------


def test_the_facilitator_proposes_a_pair_by_hand_with_its_value(example):
    made = actions.propose(
        example.teams["Elm"],
        example.teams["Cedar"],
        example.practices["P1"],
        by=example.facilitator,
    )

    assert (made.status, made.value, made.matching) == ("proposed", 5 + 1, None)
    assert readers("help_proposed") == ["Cedar", "Elm"]
    with pytest.raises(Refused):
        actions.propose(
            example.teams["Elm"],
            example.teams["Cedar"],
            example.practices["P1"],
            by=example.facilitator,
        )


@pytest.mark.parametrize("turned", [False, True], ids=["the same pair", "the other way round"])
@pytest.mark.parametrize("refuses", [True, False], ids=["for good", "once"])
def test_a_pair_that_was_refused_for_good_is_not_proposed_by_hand_again(
    example, proposal, refuses, turned
):
    decline(example, proposal, "Alder", refuses_pair=refuses)
    pair = [example.teams["Birch"], example.teams["Alder"]]
    helper, learner = reversed(pair) if turned else pair

    def again():
        return actions.propose(helper, learner, example.practices["P3"], by=example.facilitator)

    if refuses:
        with pytest.raises(Refused, match="not proposed to each other again"):
            again()
    else:
        assert again().status == "proposed"


def test_two_cities_that_refused_each_other_are_not_found_the_other_way_round(example):
    made = actions.propose(
        example.teams["Alder"],
        example.teams["Birch"],
        example.practices["P2"],
        by=example.facilitator,
    )

    decline(example, made, "Birch", refuses_pair=True)

    assert "Birch helps Alder P1" not in pairs(example.solve().proposals.all())


def test_declining_what_was_proposed_by_hand_solves_nothing_where_nothing_was_solved(example):
    made = actions.propose(
        example.teams["Elm"],
        example.teams["Cedar"],
        example.practices["P1"],
        by=example.facilitator,
    )

    decline(example, made, "Cedar")

    assert not Matching.objects.exists()
    letter = Message.objects.get(letter="cityshare/help_declined", to=example.people["Elm"])
    assert "looked for again" not in letter.body
    assert "The facilitator can propose another pair." in letter.body


def test_the_pair_that_a_city_would_rather_be_in_is_proposed_with_one_press(example, proposal):
    decline(example, proposal, "Alder", rather=example.teams["Elm"])
    lead = client_of(example.facilitator)
    address = reverse("cityshare:proposal-create", args=[example.cycle.pk])

    page = lead.get(reverse("cityshare:matching", args=[example.cycle.pk]))
    [line] = [one for one in page.context["shown"] if one.proposal.pk == proposal.pk]
    form = lead.get(f"{address}?{line.wish}").context["form"]
    lead.post(address, {name: form[name].value() for name in ("need", "helper_city")})

    assert example.pair("Elm", "Alder", "P1").status == "proposed"


def test_a_helper_that_declines_may_rather_help_another_city(example, proposal):
    example.need("Cedar", "P1")
    decline(example, proposal, "Birch", rather=example.teams["Cedar"])

    page = client_of(example.facilitator).get(
        reverse("cityshare:matching", args=[example.cycle.pk])
    )

    [line] = [one for one in page.context["shown"] if one.proposal.pk == proposal.pk]
    need = example.teams["Cedar"].needs.get()
    assert line.wish == f"need={need.pk}&helper={example.teams['Birch'].pk}"


def test_a_city_is_not_proposed_to_itself(example):
    need = example.teams["Elm"].needs.first()
    typed = {"need": str(need.pk), "helper_city": str(example.teams["Elm"].pk)}

    response = client_of(example.facilitator).post(
        reverse("cityshare:proposal-create", args=[example.cycle.pk]), typed
    )

    assert list(response.context["form"].errors) == ["helper_city"]


# --- The page of one ------------------------------------------------------------------------


def test_both_sides_answer_on_the_page_of_the_proposal_and_the_host_plans(example, proposal):
    at = [example.cycle.pk, proposal.pk]
    accept_at, plan_at = (
        reverse(f"cityshare:{n}", args=at) for n in ("proposal-accept", "assist-create")
    )
    sides = {name: client_of(example.people[name]) for name in ("Birch", "Alder")}

    def page(name):
        return sides[name].get(reverse("cityshare:proposal", args=at)).content.decode()

    for name, side in sides.items():
        assert accept_at in page(name)
        side.post(accept_at)

    assert accept_at not in page("Alder")
    assert plan_at in page("Alder")
    assert plan_at not in page("Birch")


def test_the_page_shows_both_levels_what_was_written_and_why_these_two(example, proposal):
    page = client_of(example.people["Birch"]).get(
        reverse("cityshare:proposal", args=[example.cycle.pk, proposal.pk])
    )

    text = page.content.decode()
    assert "Level 2 now, target 4." in text
    assert "Level 4 now." in text
    assert "How does Alder begin?" in text
    assert "Twice the way to the target" in text


def test_a_no_needs_its_reason_and_may_name_another_city_that_offers_the_same(example, proposal):
    at = [example.cycle.pk, proposal.pk]
    alder = client_of(example.people["Alder"])
    address = reverse("cityshare:proposal-decline", args=at)

    form = alder.post(address, {"reason": ""}).context["form"]
    assert form.errors == {"reason": ["Say in a sentence why not."]}
    assert [team.city.name for team in form.fields["rather"].queryset] == ["Dogwood"]
    alder.post(address, {"reason": "They are busy.", "rather": str(example.teams["Dogwood"].pk)})

    proposal.refresh_from_db()
    assert (proposal.status, proposal.rather) == ("declined", example.teams["Dogwood"])


def test_a_proposal_is_unknown_to_cities_that_it_is_not_about(example, proposal):
    at = [example.cycle.pk, proposal.pk]

    for name in ("proposal", "proposal-decline", "assist-create"):
        address = reverse(f"cityshare:{name}", args=at)
        assert client_of(example.people["Elm"]).get(address).status_code == 404


def test_in_another_cycle_a_proposal_is_unknown(example, proposal):
    other = another_cycle(example)
    address = reverse("cityshare:proposal", args=[other.pk, proposal.pk])

    assert client_of(example.people["Birch"]).get(address).status_code == 404
    assert client_of(other.workshop.roles.get().user).get(address).status_code == 404
