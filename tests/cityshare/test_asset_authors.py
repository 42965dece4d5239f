"""A city is named as an author, and stories are told of it, when it has agreed."""

import pytest
from django.utils import timezone

from cityshare.actions import asset as actions
from cityshare.models import Asset, Invitation, PeerAssist
from cityshare.queries import asset as queries
from cityshare.queries.tasks import tasks_of
from tests.cityshare.shelf import Shelf
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    return Shelf()


def begun(shelf, *cities, by="Alder", **facts):
    """An asset that one of the cities begins; the others have not answered."""
    known = {"title": "Together", "from_level": 2, "to_level": 4, **facts}
    teams = [shelf.teams[city] for city in cities]
    person = shelf.people.get(by, shelf.example.facilitator)
    shelf.asset = actions.begin(
        shelf.cycle, shelf.example.practices["P2"], teams=teams, **known, by=person
    )
    return shelf.asset


def authors(asset):
    return sorted(team.city.name for team in asset.teams.all())


def names(person):
    return [task.name for task in tasks_of(person, now=timezone.now())]


def test_a_city_that_another_one_names_is_asked_and_is_no_author_before_its_yes(shelf, client):
    asset = begun(shelf, "Alder", "Cedar", "Elm")

    assert authors(asset) == ["Alder"]
    letters = Message.objects.filter(letter="cityshare/asset_invited")
    assert {letter.to for letter in letters} == {shelf.people["Cedar"], shelf.people["Elm"]}
    assert "Say whether your city writes “Together” too" in names(shelf.people["Cedar"])
    client.force_login(shelf.people["Cedar"])
    page = client.get(shelf.url("asset")).content.decode()
    assert "Does Cedar write it too?" in page
    assert client.get(shelf.url("asset-edit")).status_code == 403
    assert not Asset.objects.filter(pk=asset.pk).visible_to(shelf.people["Birch"]).exists()


def test_with_its_focal_points_yes_a_city_is_an_author_and_writes(shelf, client):
    asset = begun(shelf, "Alder", "Cedar")
    client.force_login(shelf.people["Cedar"])

    client.post(shelf.url("asset-join"))
    again = client.post(shelf.url("asset-join"))

    assert authors(asset) == ["Alder", "Cedar"]
    assert client.get(shelf.url("asset-edit")).status_code == 200
    assert again.status_code == 409
    answered = Invitation.objects.get()
    assert (answered.status, answered.answered_by) == ("accepted", shelf.people["Cedar"])
    assert names(shelf.people["Cedar"]) == ["Finish “Together”"]
    assert Entry.objects.filter(event="invitation.accepted", by=shelf.people["Cedar"]).exists()


def test_a_city_that_says_no_is_not_named_and_reads_it_no_more(shelf, client):
    asset = begun(shelf, "Alder", "Cedar")
    client.force_login(shelf.people["Cedar"])

    client.post(shelf.url("asset-decline"))

    assert authors(asset) == ["Alder"]
    assert client.get(shelf.url("asset")).status_code == 404
    assert names(shelf.people["Cedar"]) == []
    page = queries.asset_page(asset)
    assert [str(one.get_status_display()) for one in page.invited] == ["Does not write it"]
    assert "Wait for the answer" not in " ".join(page.missing)


def test_only_the_focal_point_answers_for_a_city(shelf, client):
    begun(shelf, "Alder", "Cedar")
    colleague = shelf.teams["Cedar"].members.create(user=shelf.example.facilitator).user

    client.force_login(colleague)

    assert client.get(shelf.url("asset")).status_code == 200
    assert client.post(shelf.url("asset-join")).status_code == 403


def test_the_other_cities_are_asked_when_every_invited_one_has_answered(shelf):
    begun(shelf, "Alder", "Cedar")
    sentence = "Wait for the answer of Cedar, or take the invitation back."
    with pytest.raises(Refused, match=sentence):
        shelf.hand_in()

    actions.uninvite(Invitation.objects.get(), by=shelf.author)

    assert queries.asset_page(shelf.asset).missing == []
    shelf.asset.refresh_from_db()
    actions.hand_in(shelf.asset, by=shelf.author)
    assert "Cedar" in {team.city.name for team in queries.teams_that_may_validate(shelf.asset)}


def test_an_invitation_is_answered_once_and_not_after_it_was_taken_back(shelf, client):
    begun(shelf, "Alder", "Cedar", "Elm")
    cedars, elms = Invitation.objects.all()
    actions.join(cedars, by=shelf.people["Cedar"])
    client.force_login(shelf.author)

    accepted = client.post(shelf.url("asset-uninvite", cedars.pk))
    client.post(shelf.url("asset-uninvite", elms.pk))
    with pytest.raises(Refused, match="not invited any more"):
        actions.join(elms, by=shelf.people["Elm"])

    assert accepted.status_code == 409
    assert authors(shelf.asset) == ["Alder", "Cedar"]


def test_what_those_who_lead_begin_has_no_author_before_a_city_agrees(shelf):
    asset = begun(shelf, "Cedar", by="the facilitator")

    assert authors(asset) == []
    actions.uninvite(Invitation.objects.get(), by=shelf.example.facilitator)
    assert "No city has said yet that it writes it." in queries.asset_page(asset).missing


# --- Stories ---------------------------------------------------------------------------------


def assist_of(shelf, status="held"):
    made = PeerAssist.objects.create(
        host=shelf.teams["Alder"], practice=shelf.example.practices["P2"], status=status
    )
    made.helpers.add(shelf.teams["Cedar"])
    return made


def test_no_story_is_told_of_a_city_that_has_not_agreed(shelf, client):
    begun(shelf, "Alder", "Cedar")
    client.force_login(shelf.author)

    with pytest.raises(Refused, match="have agreed to write"):
        shelf.tell("Cedar")

    form = client.get(shelf.url("story-create")).context["form"]
    assert [city.name for city in form.fields["city"].queryset] == ["Alder"]
    actions.join(Invitation.objects.get(), by=shelf.people["Cedar"])
    assert shelf.tell("Cedar").city.name == "Cedar"


def test_a_story_does_not_go_over_to_a_city_that_has_not_agreed(shelf):
    story = shelf.tell("Alder")

    with pytest.raises(Refused, match="have agreed to write"):
        actions.tell(
            shelf.asset,
            story=story,
            city=shelf.teams["Elm"].city,
            happened="We",
            learned="That",
            by=shelf.author,
        )


def test_stories_are_told_of_the_cities_of_the_peer_assist_behind_it(shelf):
    begun(shelf, "Alder", assist=assist_of(shelf))

    story = shelf.tell("Cedar")
    shelf.conclude(shelf.tell("Alder"), story)

    with pytest.raises(Refused):
        shelf.tell("Elm")
    # Cedar has met, but has not agreed to be an author.
    assert [line.is_common for line in queries.asset_page(shelf.asset).principles] == [False]


def test_a_peer_assist_that_was_called_off_tells_no_story(shelf):
    begun(shelf, "Alder", assist=assist_of(shelf, status="called_off"))

    with pytest.raises(Refused):
        shelf.tell("Cedar")
