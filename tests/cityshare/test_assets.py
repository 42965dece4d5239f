"""What cities learned is written down, validated by others, found, used and looked at again."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cityshare.actions import asset as actions
from cityshare.clock import sweep_cityshare
from cityshare.models import Asset, Cycle, Framework, Use, Validation
from cityshare.queries import asset as queries
from cityshare.queries import library
from tests import factories as make
from tests.cityshare.shelf import WORDS, Shelf
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    return Shelf()


# --- Writing ------------------------------------------------------------------------------


def test_what_an_asset_lacks_is_said_in_sentences_and_keeps_it_from_being_handed_in(shelf):
    page = queries.asset_page(shelf.asset)

    assert page.missing == [
        "Say who it is for.",
        "Say where it worked: size, mandate, law, place on the route.",
        "Tell at least one story.",
        "Write at least one principle for action.",
        "Say what did not work.",
        "Say how victims are kept safe.",
        "Say who can be asked.",
    ]
    with pytest.raises(Refused, match="Tell at least one story"):
        actions.hand_in(shelf.asset, by=shelf.author)


def test_a_principle_that_no_story_carries_is_missing_something(shelf):
    actions.edit(shelf.asset, **WORDS, by=shelf.author)
    shelf.tell()
    shelf.conclude()
    shelf.asset.refresh_from_db()

    assert queries.asset_page(shelf.asset).missing == [
        "Say for each principle which story carries it."
    ]


@pytest.mark.parametrize(
    ("cities", "is_common"),
    [
        (["Alder"], False),
        (["Alder", "Alder"], False),
        (["Alder", "Birch"], False),  # both in the same country
        (["Alder", "Cedar"], True),
    ],
)
def test_a_principle_is_common_when_two_stories_of_two_countries_carry_it(cities, is_common):
    shelf = Shelf(teams=cities)

    shelf.conclude(*[shelf.tell(city) for city in cities])

    assert [line.is_common for line in queries.asset_page(shelf.asset).principles] == [is_common]


def test_a_principle_is_carried_by_stories_of_its_own_asset(shelf):
    other = actions.begin(
        shelf.cycle,
        shelf.example.practices["P1"],
        teams=[shelf.teams["Elm"]],
        title="Another",
        from_level=1,
        to_level=2,
        by=shelf.people["Elm"],
    )
    foreign = actions.tell(
        other, city=shelf.teams["Elm"].city, happened="x", learned="y", by=shelf.people["Elm"]
    )

    with pytest.raises(Refused):
        shelf.conclude(foreign)


def test_the_database_itself_refuses_an_asset_that_leads_nowhere(shelf):
    with pytest.raises(IntegrityError), transaction.atomic():
        Asset.objects.filter(pk=shelf.asset.pk).update(from_level=4, to_level=4)


@pytest.mark.parametrize("stage", ["setup", "self", "rating", "moderation"])
def test_assets_are_written_after_the_cities_have_compared_themselves(shelf, stage):
    Cycle.objects.update(status=stage)
    shelf.cycle.refresh_from_db()

    with pytest.raises(Refused):
        actions.begin(
            shelf.cycle,
            shelf.example.practices["P2"],
            teams=[shelf.teams["Alder"]],
            title="Too early",
            from_level=1,
            to_level=2,
            by=shelf.author,
        )


# --- Validation ---------------------------------------------------------------------------


def test_only_cities_of_other_countries_are_asked_and_get_a_letter(shelf):
    shelf.hand_in()

    asked = {team.city.name for team in queries.teams_that_may_validate(shelf.asset)}
    letters = Message.objects.filter(letter="cityshare/asset_review")
    assert asked == {"Cedar", "Dogwood", "Elm"}
    assert {letter.to for letter in letters} == {shelf.people[city] for city in asked}


def test_two_cities_of_other_countries_put_an_asset_into_the_library_for_a_year(shelf):
    shelf.hand_in()
    shelf.validate("Cedar")
    after_one = shelf.asset.status

    shelf.validate("Elm")

    assert [after_one, shelf.asset.status] == ["review", "published"]
    assert shelf.asset.review_on == (timezone.now() + timedelta(days=365)).date()
    told = Message.objects.filter(letter="cityshare/asset_published")
    assert [letter.to for letter in told] == [shelf.author]


def test_a_city_of_an_authors_country_or_an_author_cannot_validate(shelf):
    shelf.hand_in()

    for city in ("Alder", "Birch"):
        with pytest.raises(Refused):
            shelf.validate(city)
    assert not Validation.objects.exists()


def test_a_city_validates_a_version_once(shelf):
    shelf.hand_in()
    shelf.validate("Cedar")

    with pytest.raises(Refused):
        shelf.validate("Cedar")

    assert shelf.asset.status == "review"


def test_a_no_needs_a_note_and_does_not_count(shelf):
    shelf.hand_in()

    said = {"agrees": False, "seen": shelf.mark, "by": shelf.people["Elm"]}
    with pytest.raises(Refused):
        actions.validate(shelf.asset, shelf.teams["Elm"], **said)
    shelf.validate("Cedar")
    shelf.validate("Elm", agrees=False)

    assert shelf.asset.status == "review"


def test_a_new_version_is_validated_anew(shelf):
    shelf.publish()
    actions.take_back(shelf.asset, by=shelf.author)
    shelf.asset.refresh_from_db()

    actions.hand_in(shelf.asset, by=shelf.author)

    shelf.asset.refresh_from_db()
    assert (shelf.asset.version, shelf.asset.status) == (2, "review")
    assert queries.asset_page(shelf.asset).validations == []
    shelf.validate("Cedar", "Dogwood")
    assert shelf.asset.status == "published"


@pytest.mark.parametrize("edited", [True, False], ids=["other words", "the same words"])
def test_a_word_counts_for_nothing_but_the_version_that_was_read(shelf, edited):
    shelf.hand_in()
    read = shelf.mark
    actions.take_back(shelf.asset, by=shelf.author)
    if edited:
        actions.edit(shelf.asset, safeguards="None", by=shelf.author)
    actions.hand_in(shelf.asset, by=shelf.author)

    with pytest.raises(Refused, match="Read it again"):
        shelf.validate("Cedar", seen=read)

    assert not Validation.objects.exists()
    shelf.validate("Cedar")
    assert Validation.objects.get().version == 2


@pytest.mark.parametrize("changed", ["a story", "a principle", "a story fewer"])
def test_what_was_read_is_known_again_by_its_stories_and_principles_too(shelf, changed):
    shelf.fill()
    before, story = shelf.mark, shelf.asset.stories.get()

    if changed == "a story":
        story.learned = "Another"
        story.save()
    elif changed == "a principle":
        shelf.asset.principles.update(do="nothing")
    else:
        story.delete()

    assert shelf.mark != before


def test_taken_back_and_asked_again_the_other_cities_get_a_letter_about_the_new_version(shelf):
    shelf.hand_in()
    actions.take_back(shelf.asset, by=shelf.author)

    actions.hand_in(shelf.asset, by=shelf.author)

    assert Message.objects.filter(letter="cityshare/asset_review").count() == 2 * 3


def test_what_is_handed_in_or_in_the_library_does_not_change_under_those_who_read_it(shelf):
    shelf.hand_in()

    with pytest.raises(Refused):
        actions.edit(shelf.asset, title="Another", by=shelf.author)
    with pytest.raises(Refused):
        shelf.tell()
    with pytest.raises(Refused):
        actions.strike(shelf.asset.stories.get(), by=shelf.author)


# --- The library ----------------------------------------------------------------------------


def books(user, **chosen):
    return [asset.title for asset in library.found(user, chosen)]


@pytest.mark.parametrize(
    ("chosen", "fits"),
    [
        ({}, True),
        ({"words": "REFERRAL works"}, True),
        ({"words": "shelter"}, True),  # stands in a story
        ({"words": "trust"}, True),  # stands in a principle
        ({"words": "referral nowhere"}, False),
        ({"practice": "P2"}, True),
        ({"practice": "P1"}, False),
        ({"level": 2}, True),
        ({"level": 3}, True),
        ({"level": 4}, False),
        ({"level": 1}, False),
    ],
)
def test_the_library_is_searched_by_words_practice_and_level(shelf, chosen, fits):
    shelf.publish()

    assert bool(books(shelf.people["Elm"], **chosen)) is fits


def test_the_library_is_open_to_the_network_and_to_nobody_else(shelf, client):
    shelf.publish()
    stranger = make.UserFactory()

    assert books(shelf.people["Birch"]) == ["A referral list that works"]
    assert books(stranger) == []
    client.force_login(stranger)
    assert client.get(shelf.url("asset")).status_code == 404
    assert client.get(reverse("cityshare:library")).status_code == 403


@pytest.mark.parametrize(
    ("status", "readers"),
    [
        ("draft", {"Alder"}),
        ("review", {"Alder", "Birch", "Cedar", "Dogwood", "Elm"}),
        ("published", {"Alder", "Birch", "Cedar", "Dogwood", "Elm"}),
        ("withdrawn", {"Alder"}),
    ],
)
def test_who_reads_an_asset_depends_on_how_far_it_is(shelf, status, readers):
    Asset.objects.update(status=status)

    found = {
        city for city, person in shelf.people.items() if Asset.objects.visible_to(person).exists()
    }

    assert found == readers


def test_the_practices_to_choose_from_are_those_on_which_the_library_holds_something(shelf):
    shelf.publish()
    draft = Framework.objects.create(name="A draft", version="9", levels=5)
    draft.practices.create(code="P2", name="Still secret", order=0)

    found = library.choices(shelf.people["Elm"])

    assert found["practices"] == [("P2", f"P2 {shelf.asset.practice.name}")]


@pytest.mark.parametrize("top", [4, 9])
def test_the_library_asks_for_levels_up_to_the_highest_that_something_leads_to(shelf, client, top):
    shelf.publish()
    Asset.objects.update(to_level=top)
    client.force_login(shelf.people["Elm"])

    page = client.get(reverse("cityshare:library"), {"level": top - 1})

    levels = [level for level, _words in page.context["form"].fields["level"].choices]
    assert levels == ["", *range(1, top + 1)]
    assert [asset.title for asset in page.context["page"]] == ["A referral list that works"]


def test_a_city_says_once_how_useful_it_was_and_may_say_it_anew(shelf):
    shelf.publish()
    elm = shelf.teams["Elm"].city

    actions.note_use(shelf.asset, elm, usefulness=3, by=shelf.people["Elm"])
    actions.note_use(shelf.asset, elm, usefulness=5, note="We do it", by=shelf.people["Elm"])

    assert list(Use.objects.values_list("usefulness", "note")) == [(5, "We do it")]
    with pytest.raises(Refused):
        actions.note_use(shelf.asset, elm, usefulness=6, by=shelf.people["Elm"])
    with pytest.raises(Refused):
        actions.note_use(
            shelf.asset, shelf.teams["Alder"].city, usefulness=5, by=shelf.people["Alder"]
        )


def test_after_a_year_its_authors_are_asked_once_whether_it_still_holds(shelf):
    shelf.publish()
    day = shelf.asset.review_on

    actions.fall_due(shelf.asset, today=day - timedelta(days=1))
    shelf.asset.refresh_from_db()
    before = shelf.asset.status
    actions.fall_due(shelf.asset, today=day)
    actions.fall_due(shelf.asset, today=day)

    shelf.asset.refresh_from_db()
    assert [before, shelf.asset.status] == ["published", "due"]
    assert Message.objects.filter(letter="cityshare/asset_due").count() == 1
    actions.still_holds(shelf.asset, by=shelf.author)
    shelf.asset.refresh_from_db()
    assert shelf.asset.status == "published"
    assert shelf.asset.review_on > date.today() + timedelta(days=300)  # noqa: DTZ011


@pytest.mark.parametrize("status", ["draft", "review", "published", "withdrawn"])
def test_only_what_has_fallen_due_is_said_to_hold_for_another_year(shelf, client, status):
    shelf.hand_in()
    Asset.objects.update(status=status)
    client.force_login(shelf.author)

    response = client.post(shelf.url("asset-still-holds"))

    shelf.asset.refresh_from_db()
    assert response.status_code == 409
    assert (shelf.asset.status, shelf.asset.review_on) == (status, None)


def test_the_clock_finds_what_has_fallen_due(shelf):
    shelf.publish()
    Asset.objects.update(review_on=timezone.now().date())

    sweep_cityshare()

    shelf.asset.refresh_from_db()
    assert shelf.asset.status == "due"
