"""The pages of city teams: made with one button, changed by those who may, told by the city."""

import pytest
from django.urls import reverse

from cityshare.models import Cycle
from tests import factories as make
from tests.cityshare.example import Example, framework

pytestmark = pytest.mark.django_db
Stage = Cycle.Stage


def url(name, *args):
    return reverse(f"cityshare:{name}", args=args)


def mistakes(response):
    form = response.context["form"]
    return {name: [str(words) for words in said] for name, said in form.errors.items()}


@pytest.fixture
def workshop():
    return make.WorkshopFactory(slug="here")


@pytest.fixture
def lead(workshop, client):
    person = make.RoleFactory(workshop=workshop, role="facilitator").user
    client.force_login(person)
    return person


def test_each_page_of_a_cycle_stands_in_the_crumbs_and_lights_up_the_way_to_cityshare(client):
    example = Example(stage=Stage.SELF)
    client.force_login(example.facilitator)
    team = example.teams["Alder"].pk
    pages = {
        "Cities": url("team-list", example.cycle.pk),
        "Alder": url("team-people", example.cycle.pk, team),
        "What others read of the city": url("team-edit", example.cycle.pk, team),
        "Rules and deadlines": url("cycle-edit", example.cycle.pk),
        "Move the cycle on": url("cycle-move-on", example.cycle.pk),
    }

    for word, address in pages.items():
        page = client.get(address).text
        assert f'<li aria-current="page">{word}</li>' in page
        assert f'<a href="{reverse("cityshare:home")}" aria-current="true">CityShare</a>' in page


def test_in_a_closed_cycle_the_page_offers_no_change(client):
    example = Example(stage=Stage.PLAN)
    team = example.teams["Alder"]
    team.members.create(user=make.UserFactory())
    client.force_login(example.facilitator)
    page = url("team-people", example.cycle.pk, team.pk)

    before = client.get(page).content.decode()
    Cycle.objects.update(status=Stage.CLOSED)
    after = client.get(page).content.decode()

    offers = ["Let speak for the city", "Remove", "Change what others read"]
    assert [words in before for words in offers] == [True, True, True]
    assert [words in after for words in offers] == [False, False, False]


def test_teams_are_made_with_one_button(client, workshop, lead):
    cycle = workshop.cycles.create(framework=framework(), name="First")
    city = make.CityFactory(name="Medan", country="ID")
    for given in ("Ayu", "Budi"):
        workshop.participants.create(user=make.UserFactory(given_name=given, city=city), city=city)

    before = client.get(url("team-list", cycle.pk)).content.decode()
    client.post(url("team-make", cycle.pk))
    after = client.get(url("team-list", cycle.pk)).content.decode()

    assert "2 participants have no city yet" in before
    assert "Indonesia" in after
    assert "have no city yet" not in after
    assert cycle.teams.get().members.count() == 2


def test_the_facilitator_adds_people_and_the_focal_point_hands_on(client):
    example = Example(stage=Stage.SELF)
    team = example.teams["Alder"]
    seat = example.workshop.participants.create(user=make.UserFactory(), city=team.city)
    page = url("team-people", example.cycle.pk, team.pk)

    client.force_login(example.facilitator)
    added = client.post(page, {"person": seat.pk})
    member = team.members.get(user=seat.user)
    client.force_login(example.people["Alder"])
    client.post(url("member-speaks", example.cycle.pk, team.pk, member.pk))
    refused = client.post(page, {"person": seat.pk})

    assert added.url == page
    assert team.members.get(is_focal_point=True) == member
    assert refused.status_code == 403


def test_other_cities_of_the_cycle_neither_see_nor_change_a_team(client):
    example = Example(stage=Stage.SELF)
    team = example.teams["Birch"]
    [member] = team.members.all()
    client.force_login(example.people["Alder"])

    answers = [
        client.get(url("team-people", example.cycle.pk, team.pk)).status_code,
        client.get(url("team-edit", example.cycle.pk, team.pk)).status_code,
        client.post(url("member-speaks", example.cycle.pk, team.pk, member.pk)).status_code,
        client.post(url("member-remove", example.cycle.pk, team.pk, member.pk)).status_code,
        client.post(url("team-remove", example.cycle.pk, team.pk)).status_code,
    ]

    assert answers == [403] * 5


def test_a_city_of_another_cycle_is_an_address_that_does_not_exist(client):
    here, there = Example(), None
    there = here.workshop.cycles.create(framework=here.framework, name="Second", status="self")
    stranger = there.teams.create(city=make.CityFactory())
    client.force_login(here.facilitator)

    assert client.get(url("team-people", here.cycle.pk, stranger.pk)).status_code == 404


def test_what_others_read_is_typed_by_who_speaks_for_the_city(client):
    example = Example(stage=Stage.SELF)
    team = example.teams["Alder"]
    client.force_login(example.people["Alder"])
    page = url("team-edit", example.cycle.pk, team.pk)
    typed = {
        "zone": "Asia/Phnom_Penh",
        "languages": ["en", "km"],
        "size": "middle",
        "route": "origin",
        "income": "lower_middle",
        "context": "The city runs its own shelters.",
        "seen": client.get(page).context["form"].sign,
    }

    answer = client.post(page, typed)

    assert answer.status_code == 302
    team.refresh_from_db()
    assert {name: getattr(team, name) for name in typed if name != "seen"} == {
        name: said for name, said in typed.items() if name != "seen"
    }
    text = client.get(url("team-people", example.cycle.pk, team.pk)).content.decode()
    assert "English, ខ្មែរ" in text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"languages": []}, "languages"),
        ({"languages": ["tlh"]}, "languages"),
        ({"zone": "X"}, "zone"),
    ],
)
def test_a_city_has_a_language_and_a_zone_that_exist(client, typed, field):
    example = Example(stage=Stage.SELF)
    client.force_login(example.people["Alder"])
    page = url("team-edit", example.cycle.pk, example.teams["Alder"].pk)
    seen = client.get(page).context["form"].sign

    answer = client.post(page, {"languages": ["en"], "seen": seen, **typed})

    assert [*mistakes(answer)] == [field]
