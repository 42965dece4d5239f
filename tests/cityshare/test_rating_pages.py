"""The pages of a rater: from practice to practice, and the invented cities before."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from cityshare.models import (
    Assignment,
    CalibrationRating,
    ConflictsDeclared,
    Cycle,
    PeerRating,
    Practice,
    SelfAssessment,
)
from tests.cityshare.example import Example
from tests.cityshare.rater import Rated, dossier_of
from workshop_portal.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def rated():
    return Rated()


def test_a_rater_goes_from_practice_to_practice(rated, client):
    client.force_login(rated.rater)

    for code, following in [("P1", "P2"), ("P2", "P3"), ("P3", "P4"), ("P4", None)]:
        typed = {"level": "3", "strength": f"Good {code}", "seen": "0"}
        answer = client.post(rated.url("rate-practice", code), typed)
        onward = rated.url("rate-practice", following) if following else rated.url("rate")
        assert (answer.status_code, answer["Location"]) == (302, onward)

    assert rated.levels() == [(code, 3, False, None) for code in ("P1", "P2", "P3", "P4")]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"strength": "kept words"}, "Choose a level, or say below that you cannot judge."),
        ({"level": "9", "strength": "kept words"}, "Choose one of the levels that are shown."),
        ({"level": "1\x00", "strength": "kept words"}, "Choose one of the levels that are shown."),
        (
            {"level": "2", "cannot_judge": "on", "strength": "kept words"},
            "You chose a level too.",
        ),
    ],
)
def test_a_mistake_stands_next_to_its_field_and_the_words_stay(rated, client, typed, sentence):
    client.force_login(rated.rater)

    page = client.post(rated.url("rate-practice", "P1"), {**typed, "seen": "0"}).content.decode()

    assert sentence in page
    assert "kept words" in page
    assert not PeerRating.objects.exists()


def test_what_the_city_shows_stands_before_the_form(rated, client):
    client.force_login(rated.rater)

    page = client.get(rated.url("rate-practice", "P1")).text

    assert page.index("What the city shows") < page.index("Which level describes the city?")


def test_a_level_that_is_asked_for_is_not_called_optional(rated, client):
    client.force_login(rated.rater)
    first = client.get(rated.url("rate-practice", "P1")).text
    rated.lock()

    final = client.get(rated.url("rate-practice", "P1")).text

    for page, label in ((first, "Which level describes the city?"), (final, "Your final level")):
        [legend] = re.findall(rf"<legend[^>]*>{re.escape(label)}(.*?)</legend>", page)
        assert legend == ""
    assert "Only if your level is another one now." in final


@pytest.mark.parametrize(
    ("missing", "first"),
    [
        (ConflictsDeclared, "say whether there is a conflict."),
        (CalibrationRating, "rate the invented cities."),
    ],
)
def test_no_real_city_is_opened_before_conflicts_are_said_and_invented_cities_rated(
    rated, client, missing, first
):
    client.force_login(rated.rater)
    pages = [rated.url("rate"), rated.url("rate-practice", "P1")]
    before = [client.get(page).status_code for page in pages]
    missing.objects.all().delete()

    answers = [client.get(page) for page in pages]

    assert before == [200, 200]
    way = reverse("cityshare:rating", args=[rated.cycle.pk])
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, way)] * 2
    assert f"Before you open a city, {first}" in client.get(way).text


def test_while_a_city_mends_its_own_view_its_pages_say_wait_and_offer_nothing(rated, client):
    rated.rate_all()
    client.force_login(rated.rater)
    pages = [rated.url("rate"), rated.url("rate-practice", "P1")]
    before = [client.get(page).text.count("<form") for page in pages]
    rows = SelfAssessment.objects.filter(team=rated.teams["Alder"])
    rows.update(status="open", reopened_at=timezone.now())

    texts = [client.get(page).text for page in pages]
    answer = client.post(pages[1], {"level": "5", "seen": "1"})

    assert all("This city is changing its self-assessment" in text for text in texts)
    assert [text.count("<form") for text in texts] == [number - 1 for number in before]
    assert "Your first level: 3." in texts[0]
    assert answer.status_code == 409
    listed = client.get(reverse("cityshare:rating", args=[rated.cycle.pk])).text
    assert "It is changing its self-assessment" in listed


@pytest.mark.parametrize("code", ["lock", "finish", "entrust"])
def test_a_practice_may_be_called_like_a_page(rated, client, code):
    Practice.objects.filter(pk=rated.practices["P1"].pk).update(code=code)
    client.force_login(rated.rater)

    client.post(rated.url("rate-practice", code), {"level": "3", "seen": "0"})

    assert rated.levels() == [(code, 3, False, None)]


def test_the_list_of_cities_costs_the_same_for_one_and_for_three(
    rated, client, django_assert_num_queries
):
    client.force_login(rated.rater)
    url = reverse("cityshare:rating", args=[rated.cycle.pk])
    client.get(url)
    with django_assert_num_queries(SAME):
        client.get(url)
    for city in ("Birch", "Dogwood"):
        Assignment.objects.create(
            rater=rated.teams["Cedar"],
            rated=rated.teams[city],
            person=rated.rater,
            status="active",
        )

    with django_assert_num_queries(SAME):
        page = client.get(url).content.decode()

    assert page.count("0 of 4 practices") == 3


SAME = 11


def test_a_rater_reads_until_when_cities_are_rated(rated, client):
    client.force_login(rated.rater)
    pages = [
        reverse("cityshare:rating", args=[rated.cycle.pk]),
        rated.url("rate"),
        reverse("cityshare:calibrate", args=[rated.cycle.pk]),
    ]
    CalibrationRating.objects.filter(person=rated.rater).delete()
    before = [client.get(page).text.count("Rate until") for page in (pages[0], pages[2])]
    rated.cycle.deadlines.create(stage="rating", due_at=timezone.now())

    early = [client.get(page).text.count("Rate until") for page in (pages[0], pages[2])]
    rated.calibrate()
    ready = [client.get(page).text.count("Rate until") for page in pages]

    assert (before, early, ready) == ([0, 0], [1, 1], [1, 1, 0])


def test_after_locking_the_page_says_what_comes_next(rated, client):
    client.force_login(rated.rater)
    before = client.get(rated.url("rate")).text
    rated.lock()

    page = client.get(rated.url("rate")).text

    assert "Your first levels are locked." not in before
    assert "Your first levels are locked." in page


def test_the_ways_of_a_rater_are_called_as_their_pages_are(rated, client):
    client.force_login(rated.rater)

    for name, word in (("rating", "Cities I rate"), ("calibrate", "Invented cities")):
        page = client.get(reverse(f"cityshare:{name}", args=[rated.cycle.pk])).text
        [way] = re.findall(r'<nav class="cycle-nav".*?aria-current="page">([^<]+)<', page, re.S)
        [title] = re.findall(r"<h1[^>]*>([^<]+)<", page)
        assert (way, title.strip()) == (word, word)


def test_the_crumbs_of_a_practice_lead_to_its_city_and_the_list(rated, client):
    client.force_login(rated.rater)

    page = client.get(rated.url("rate-practice", "P1")).text

    [crumbs] = re.findall(r'<nav class="crumbs".*?</nav>', page, re.S)
    found = re.findall(r'<a href="([^"]+)">([^<]+)</a>', crumbs)
    assert found[2:] == [
        (reverse("cityshare:rating", args=[rated.cycle.pk]), "Cities I rate"),
        (rated.url("rate"), "Alder"),
    ]
    assert "P2 Practice P2&nbsp;→</a>" in page


# --- Invented cities ----------------------------------------------------------------------


def test_an_invented_city_shows_its_agreed_levels_after_it_was_rated_and_not_before(client):
    example = Example(stage="rating", rated=False, moderated=False)
    dossier = dossier_of(example.framework)
    client.force_login(example.people["Elm"])
    url = reverse("cityshare:calibrate-city", args=[example.cycle.pk, 1])
    before = client.get(url).content.decode()

    typed = {f"case-{dossier.cases.get().pk}": "4"}
    after = client.post(url, typed, follow=True).content.decode()

    assert "It depends on one person." not in before
    assert "It depends on one person." in after
    assert "2 levels higher" in after


def test_an_invented_city_is_rated_once(rated):
    with pytest.raises(Refused, match="already"):
        rated.calibrate()

    assert CalibrationRating.objects.count() == 1


def test_an_invented_city_is_rated_whole(client):
    example = Example(stage="rating", rated=False, moderated=False)
    dossier_of(example.framework)
    client.force_login(example.people["Elm"])

    url = reverse("cityshare:calibrate-city", args=[example.cycle.pk, 1])
    page = client.post(url, {"save": "Show the agreed levels"})

    assert "Choose a level." in page.content.decode()
    assert not CalibrationRating.objects.exists()


@pytest.mark.parametrize("stage", ["setup", "moderation", "closed"])
def test_invented_cities_are_rated_before_the_real_ones(rated, stage):
    CalibrationRating.objects.all().delete()
    Cycle.objects.update(status=stage)
    rated.member.team.cycle.refresh_from_db()

    with pytest.raises(Refused):
        rated.calibrate()
