"""How far raters agree, for those who lead; and how one rates, for each rater alone."""

import re

import pytest

from cityshare.models import (
    Assignment,
    CalibrationRating,
    Cycle,
    Dossier,
    DossierCase,
    PeerRating,
)
from cityshare.queries import agreement
from tests import factories as make
from tests.cityshare.example import DATA, Example
from tests.cityshare.pages import page, send, words
from tests.cityshare.talks import closed_example, rating_of
from workshop_portal.audit.models import Entry

pytestmark = pytest.mark.django_db
CITIES = DATA["cities"]


@pytest.fixture
def example():
    return closed_example()


# --- Agreement, for those who lead -------------------------------------------------------


def test_the_agreement_of_the_example_is_told_with_its_interval_and_practices(example):
    text = words(page(example.facilitator, "agreement", example.cycle.pk))

    assert "Krippendorff's alpha 0.79 between 0.56 and 0.89 in 95 of 100" in text
    assert "Pairs of ratings within one level 97 % of 60 pairs" in text
    assert "Rated twice or more 20 practices of cities Tentative" in text
    # Five units a practice are too few to show an alpha of their own.
    assert text.count("Too few practices of cities were rated twice or more.") == 4


def test_every_region_of_the_agreement_has_a_name_of_its_own(example):
    text = page(example.facilitator, "agreement", example.cycle.pk).text

    regions = re.findall(r'role="region" aria-label="([^"]+)"', text)
    sections = re.findall(r'<section aria-labelledby="([^"]+)"', text)
    named = [re.search(rf'id="{name}">([^<]+)<', text)[1] for name in sections]
    assert len({*regions, *named}) == len(regions) + len(named)
    assert '<th scope="col" class="number">Range in 95 of 100 redrawn samples</th>' in text


def test_strict_and_lenient_raters_of_the_example_are_named_to_those_who_lead(example):
    text = words(page(example.facilitator, "agreement", example.cycle.pk))

    found = agreement.report(example.cycle)
    assert "Cedar Focal (Cedar, Laos): more lenient, by 0.5 levels" in text
    assert "Elm Focal (Elm, Vietnam): stricter, by 0.5 levels" in text
    assert {rater.city: rater.severity.shrunk for rater in found.raters} == pytest.approx(
        {
            "Alder, Cambodia": -0.0313,
            "Birch, Cambodia": 0.0937,
            "Cedar, Laos": 0.3807,
            "Dogwood, Nepal": -0.0511,
            "Elm, Vietnam": -0.3920,
        },
        abs=6e-5,
    )
    assert "If no rater were stricter than another, 0 of 20 levels would be different." in text
    assert found.is_linked


def test_agreement_is_told_from_first_ratings(example):
    PeerRating.objects.update(final=3, reason="All the same in the end.")

    assert round(agreement.report(example.cycle).overall.alpha, 4) == 0.7912


def test_own_views_beside_the_raters_are_told_city_by_city(example):
    found = agreement.report(example.cycle).cities

    assert [(city.team.name, city.view.mean) for city in found] == [
        ("Alder", 0.25),
        ("Birch", 0.75),
        ("Cedar", 0.25),
        ("Dogwood", 0.25),
        ("Elm", 0.25),
    ]


def test_a_level_that_hangs_on_who_rated_is_listed(example):
    ratings = PeerRating.objects.filter(assignment__rater=example.teams["Elm"])
    ratings.exclude(assignment__rated=example.teams["Birch"]).update(initial=1, final=1)
    Assignment.objects.filter(rated=example.teams["Birch"], rater=example.teams["Dogwood"]).update(
        status="void"
    )

    found = agreement.report(example.cycle)

    assert [(one.team.name, one.practice.code, one.level, one.without) for one in found.hanging]
    assert "would be different." in words(page(example.facilitator, "agreement", example.cycle.pk))


def test_what_lies_outside_is_shown_to_those_who_lead(example):
    def give(by, of, level):
        ratings = PeerRating.objects.filter(
            assignment__rater=example.teams[by], assignment__rated=example.teams[of]
        )
        ratings.update(initial=level, final=level)

    PeerRating.objects.update(initial=3, final=3)
    give("Cedar", "Birch", 4)
    give("Birch", "Cedar", 4)
    odd = rating_of(example, "Alder", "Elm")
    PeerRating.objects.filter(pk=odd.pk).update(initial=5, final=5)

    before = words(page(example.facilitator, "agreement", example.cycle.pk))
    answer = send(example.facilitator, "agreement", example.cycle.pk, reason="Alder asks.")
    text = words(page(example.facilitator, "agreement", example.cycle.pk))

    assert answer.status_code == 302
    assert "A rater gave Elm level 5 on P2" in before
    assert "Alder Focal (Alder, Cambodia) gave" not in before
    assert Entry.objects.get(event="ratings.named").facts == {"reason": "Alder asks."}
    assert "Alder Focal (Alder, Cambodia) gave Elm level 5 on P2" in text
    assert "half a level more than others gave them: Birch and Cedar" in text


def test_the_example_has_nothing_that_lies_outside(example):
    found = agreement.report(example.cycle)

    assert (found.outside, found.favours) == ([], [])


def test_before_the_ratings_are_closed_agreement_says_nothing():
    example = Example(stage=Cycle.Stage.RATING)

    text = words(page(example.facilitator, "agreement", example.cycle.pk))

    assert "Ratings are not closed yet" in text
    assert agreement.report(example.cycle) is None


def test_agreement_without_any_rating_can_be_opened():
    example = Example(stage=Cycle.Stage.MODERATION, rated=False, moderated=False)

    text = words(page(example.facilitator, "agreement", example.cycle.pk))

    assert "Rated twice or more 0" in text


# --- How one rates -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("city", "sentence"),
    [
        ("Cedar", "Over 12 ratings you gave about 0.5 levels more than others did"),
        ("Elm", "Over 12 ratings you gave less than others did for the same cities, by about 0.5"),
        ("Alder", "Over 12 ratings your levels lie close to those of others"),
    ],
)
def test_a_rater_learns_in_private_how_they_rate(example, city, sentence):
    text = words(page(example.people[city], "feedback", example.cycle.pk))

    assert sentence in text
    assert not any(f"{other} Focal" in text for other in CITIES if other != city)


def test_under_eight_ratings_beside_another_say_nothing(example):
    PeerRating.objects.filter(assignment__rater=example.teams["Cedar"]).exclude(
        practice__code="P1"
    ).update(initial=None, final=None, cannot_judge=True)

    text = words(page(example.people["Cedar"], "feedback", example.cycle.pk))

    assert "fewer than eight ratings" in text
    assert "more than others" not in text


def test_invented_cities_are_told_too_and_link_those_who_share_no_city(example):
    dossier = Dossier.objects.create(framework=example.framework, order=1, title="A", text="B")
    case = DossierCase.objects.create(
        dossier=dossier, practice=example.practices["P1"], text="C", level=2, why="D"
    )
    for city, level in [("Cedar", 3), ("Elm", 2), ("Alder", 1)]:
        member = example.teams[city].members.get()
        CalibrationRating.objects.create(
            cycle=member.team.cycle, person=member.user, case=case, level=level
        )

    texts = {
        city: words(page(example.people[city], "feedback", example.cycle.pk))
        for city in ("Cedar", "Elm", "Alder", "Birch")
    }

    assert "you gave 1.0 levels more than was agreed, on average." in texts["Cedar"]
    assert "you gave what was agreed, on average." in texts["Elm"]
    assert "you gave less than was agreed, by 1.0 levels on average." in texts["Alder"]
    assert "invented" not in texts["Birch"]
    assert len(agreement.ratings_of(example.cycle).links) == 3


def test_a_rater_learns_how_many_comments_were_useful(example):
    PeerRating.objects.filter(
        assignment__rater=example.teams["Cedar"], assignment__rated=example.teams["Birch"]
    ).update(useful=True)

    text = words(page(example.people["Cedar"], "feedback", example.cycle.pk))

    assert "Birch, Cambodia The city found 4 of 4 comments useful." in text
    assert "Alder, Cambodia The city has not said yet" in text


def test_feedback_waits_until_the_ratings_are_closed():
    example = Example(stage=Cycle.Stage.RATING)

    text = words(page(example.people["Cedar"], "feedback", example.cycle.pk))

    assert "Ratings are not closed yet" in text
    assert agreement.feedback(example.cycle, example.people["Cedar"]) is None


def test_who_rated_nobody_is_told_so_and_who_leads_has_no_such_page(example):
    colleague = make.UserFactory()
    example.teams["Birch"].members.create(user=colleague)

    text = words(page(colleague, "feedback", example.cycle.pk))

    assert "You have rated no city" in text
    assert page(example.facilitator, "feedback", example.cycle.pk).status_code == 404
