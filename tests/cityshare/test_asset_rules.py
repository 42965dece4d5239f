"""What a good practice cannot be: out of place, endless, validated or used too early."""

import pytest
from django.urls import reverse

from cityshare.actions import asset as actions
from cityshare.models import Asset, PeerAssist, Principle, Story, Use, Validation
from tests.cityshare.example import framework
from tests.cityshare.shelf import Shelf
from workshop_portal.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    return Shelf()


def test_a_good_practice_is_about_a_practice_of_the_cycles_own_framework(shelf):
    foreign = framework(name="Another").practices.get(code="P2")

    with pytest.raises(Refused) as refused:
        actions.begin(
            shelf.cycle,
            foreign,
            teams=[shelf.teams["Alder"]],
            title="Out of place",
            from_level=1,
            to_level=2,
            by=shelf.author,
        )

    assert str(refused.value) == "This practice does not belong to the cycle's framework."
    assert list(Asset.objects.all()) == [shelf.asset]


def test_twelve_stories_are_enough_and_each_of_them_can_still_be_changed(shelf):
    told = [shelf.tell(happened=f"called shelter {number}.") for number in range(12)]

    with pytest.raises(Refused) as refused:
        shelf.tell(happened="called one more.")
    actions.tell(
        shelf.asset,
        story=told[0],
        city=shelf.teams["Alder"].city,
        happened="Alder wrote a letter.",
        learned="Letters are read.",
        by=shelf.author,
    )

    assert str(refused.value) == "12 stories are enough for one good practice."
    assert {story.happened for story in Story.objects.all()} == {
        "Alder wrote a letter.",
        *(f"Alder called shelter {number}." for number in range(1, 12)),
    }


def test_twenty_principles_are_enough(shelf):
    said = {"do": "call the list", "because": "waiting costs trust", "stories": []}
    for number in range(20):
        actions.conclude(shelf.asset, when=f"it is {number} hours", **said, by=shelf.author)

    with pytest.raises(Refused) as refused:
        actions.conclude(shelf.asset, when="it is late", **said, by=shelf.author)

    assert str(refused.value) == "20 principles are enough for one good practice."
    assert [one.when for one in Principle.objects.all()] == [
        f"it is {number} hours" for number in range(20)
    ]


@pytest.mark.parametrize("status", ["draft", "published", "due", "withdrawn"])
def test_only_what_waits_for_validation_is_validated(shelf, status):
    shelf.fill()
    Asset.objects.update(status=status)

    with pytest.raises(Refused) as refused:
        shelf.validate("Cedar")

    assert str(refused.value) == "This good practice does not wait for validation."
    assert not Validation.objects.exists()


@pytest.mark.parametrize("status", ["draft", "review", "withdrawn"])
def test_only_what_is_in_the_library_has_been_used(shelf, status):
    Asset.objects.update(status=status)
    shelf.asset.refresh_from_db()

    with pytest.raises(Refused) as refused:
        actions.note_use(shelf.asset, shelf.teams["Elm"].city, usefulness=4, by=shelf.people["Elm"])

    assert str(refused.value) == "Only what is in the library can have been used."
    assert not Use.objects.exists()


# --- What belongs to another one ----------------------------------------------------------


def another(shelf):
    """What Elm writes by itself: a draft with a story and a principle."""
    asset = actions.begin(
        shelf.cycle,
        shelf.example.practices["P2"],
        teams=[shelf.teams["Elm"]],
        title="Elm's own",
        from_level=1,
        to_level=2,
        by=shelf.people["Elm"],
    )
    story = actions.tell(
        asset,
        city=shelf.teams["Elm"].city,
        happened="Elm asked its nurses.",
        learned="Nurses know.",
        by=shelf.people["Elm"],
    )
    principle = actions.conclude(
        asset,
        when="nobody knows",
        do="ask a nurse",
        because="nurses see people first",
        stories=[story],
        by=shelf.people["Elm"],
    )
    return story, principle


def test_parts_of_a_draft_of_others_are_not_found_under_ones_own(shelf, client):
    story, principle = another(shelf)
    client.force_login(shelf.author)

    answers = [
        client.get(shelf.url("story-edit", story.pk)),
        client.get(shelf.url("principle-edit", principle.pk)),
        client.post(shelf.url("story-delete", story.pk)),
        client.post(shelf.url("principle-delete", principle.pk)),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404]
    assert (list(Story.objects.all()), list(Principle.objects.all())) == ([story], [principle])


def test_an_invitation_of_another_draft_is_not_taken_back(shelf, client):
    story, _principle = another(shelf)
    asked = story.asset.invitations.create(team=shelf.teams["Cedar"])
    client.force_login(shelf.author)

    answer = client.post(shelf.url("asset-uninvite", asked.pk))

    assert answer.status_code == 404
    assert list(story.asset.invitations.all()) == [asked]


def test_nobody_writes_from_a_meeting_that_they_may_not_see(shelf, client):
    meeting = PeerAssist.objects.create(
        host=shelf.teams["Alder"], practice=shelf.example.practices["P1"]
    )
    meeting.helpers.add(shelf.teams["Cedar"])
    page = reverse("cityshare:asset-create", args=[shelf.cycle.pk]) + f"?assist={meeting.pk}"

    offered = {}
    for city in ("Elm", "Cedar"):
        client.force_login(shelf.people[city])
        offered[city] = client.get(page).context["form"]["practice"].value()

    assert offered == {"Elm": None, "Cedar": "P1"}
