"""The pages on which a rater is exchanged."""

import pytest

from cityshare.models import Cycle, Draw
from tests import factories as make
from tests.cityshare.drawn import Drawn, choice, heard, swap

pytestmark = pytest.mark.django_db
WHY = "The officer is on leave."


@pytest.fixture
def drawn():
    return Drawn()


@pytest.fixture
def desk(client, drawn):
    """The browser of who leads the cycle."""
    client.force_login(drawn.facilitator)
    return client


def test_the_page_offers_who_may_rate_with_the_alternate_first(desk, drawn):
    pair = drawn.pair("Cedar")
    alternate = drawn.alternates()["Cedar"]

    shown = desk.get(drawn.url("assignment-swap", pair.pk)).text

    offered = [part.split("<")[0] for part in shown.split("<option ")[1:]]
    assert f"{alternate}, " in offered[1]
    assert "alternate; rates 2 cities" in offered[1]
    assert "selected" in offered[1]
    assert "Nobody: the place stays empty" in offered[-1]
    named = {name for name in drawn.teams if any(f">{name}, " in line for line in offered)}
    assert named == {*drawn.teams} - {*drawn.raters("Cedar"), "Cedar"}


def test_an_exchange_by_hand_is_shown_with_its_reason(desk, drawn):
    pair, new = drawn.pair(), choice(drawn)
    was = pair.rater.city.name

    answer = desk.post(
        drawn.url("assignment-swap", pair.pk),
        {"rater": drawn.teams[new].pk, "reason": WHY},
    )

    shown = heard(desk.get(drawn.url("draw")))
    assert answer.url == f"{drawn.url('draw')}#city-{drawn.teams['Alder'].pk}"
    assert f"Alder: {new} rates instead of {was}" in shown
    assert WHY in shown


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"rater": "", "reason": WHY}, "Choose a city."),
        ({"rater": "nobody", "reason": " "}, "Write the reason in a sentence."),
        ({"rater": "birch", "reason": WHY}, "birch is not one of the available choices"),
        ({"rater": "nobody", "reason": "x" * 301}, "Please shorten this to 300 characters"),
    ],
)
def test_an_exchange_that_means_nothing_comes_back_with_what_was_typed(desk, drawn, facts, words):
    before = drawn.standing()

    shown = desk.post(drawn.url("assignment-swap", drawn.pair().pk), facts)

    assert words in shown.text
    assert facts["reason"].strip() in shown.text
    assert drawn.standing() == before


def test_an_empty_place_is_shown_and_filled_from_the_table(desk, drawn):
    swap(drawn, drawn.pair(), None, WHY)
    add = drawn.url("assignment-add", drawn.teams["Alder"].pk)

    shown = desk.get(drawn.url("draw"))
    desk.post(add, {"rater": drawn.teams[choice(drawn)].pk, "reason": WHY})

    assert "1 rater is missing" in shown.text
    assert add in shown.text
    assert "One city has too few raters" in shown.text
    assert len(drawn.raters("Alder")) == 2
    assert "has one rater more" in desk.get(drawn.url("draw")).text


def test_a_void_pair_stays_in_the_table_with_its_reason(desk, drawn):
    drawn.release()
    swap(drawn, drawn.pair(), choice(drawn), WHY)

    assert f"does not count: {WHY}" in heard(desk.get(drawn.url("draw")))


def test_another_person_is_chosen_on_the_page(desk, drawn):
    pair = drawn.pair()
    alone = desk.get(drawn.url("assignment-swap", pair.pk)).text
    second = make.UserFactory(given_name="Linh", family_name="Tran")
    member = pair.rater.members.create(user=second)

    shown = desk.get(drawn.url("assignment-swap", pair.pk)).text
    desk.post(drawn.url("assignment-entrust", pair.pk), {"member": member.pk})

    pair.refresh_from_db()
    assert ("Linh Tran" in alone, "Linh Tran" in shown) == (False, True)
    assert pair.person == second


def test_somebody_who_is_not_of_the_team_is_not_chosen(desk, drawn):
    pair = drawn.pair()

    page = desk.post(drawn.url("assignment-entrust", pair.pk), {"member": "nobody"})

    assert [*page.context["person"].errors] == ["member"]
    assert not page.context["form"].is_bound
    assert page.context["person"].errors["member"][0] in heard(page)
    pair.refresh_from_db()
    assert pair.person == drawn.people[pair.rater.city.name]


def test_a_place_that_nobody_can_fill_says_so(client):
    drawn = Drawn(raters_per_city=4)
    client.force_login(drawn.facilitator)
    add = drawn.url("assignment-add", drawn.teams["Alder"].pk)

    shown = heard(client.get(add))

    assert "Nobody else may rate this city" in shown
    assert "Add this rater" not in shown
    assert client.post(add, {"rater": "", "reason": WHY}).status_code == 200


def test_when_nothing_can_be_exchanged_the_page_leads_back_to_the_table(desk, drawn):
    drawn.release()
    Cycle.objects.update(status="moderation")
    pages = [
        drawn.url("assignment-swap", drawn.pair().pk),
        drawn.url("assignment-add", drawn.teams["Alder"].pk),
    ]

    answers = [desk.get(page) for page in pages]

    assert [answer.url for answer in answers] == [drawn.url("draw")] * 2
    assert "Exchange" not in desk.get(drawn.url("draw")).text


def test_a_pair_of_another_cycle_is_not_found(desk, drawn):
    elsewhere = Cycle.objects.create(
        workshop=make.WorkshopFactory(), framework=drawn.framework, name="Elsewhere"
    )
    pair = drawn.pair()
    Draw.objects.update(cycle=elsewhere)
    drawn.cycle.teams.update(cycle=elsewhere)

    for name in ("assignment-swap", "assignment-entrust"):
        assert desk.post(drawn.url(name, pair.pk)).status_code == 404
    assert desk.get(drawn.url("assignment-add", drawn.teams["Alder"].pk)).status_code == 404
