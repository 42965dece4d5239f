"""The pages on which assets are written, validated and read."""

import pytest
from django.urls import reverse

from cityshare.actions import asset as actions
from cityshare.models import Asset, Validation
from cityshare.queries.asset import asset_page
from tests.cityshare.example import Example
from tests.cityshare.shelf import Shelf
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    return Shelf()


def test_a_city_writes_an_asset_through_its_pages(client):
    example = Example(stage="distil")
    client.force_login(example.people["Alder"])
    created = client.post(
        reverse("cityshare:asset-create", args=[example.cycle.pk]),
        {
            "practice": "P2",
            "title": "A list",
            "from_level": "2",
            "to_level": "4",
            "teams": [str(example.teams["Alder"].pk)],
        },
    )
    asset = Asset.objects.get()

    page = client.post(
        reverse("cityshare:story-create", args=[asset.pk]),
        {"city": str(example.teams["Alder"].city_id), "happened": "We rang.", "learned": "Ring."},
        follow=True,
    ).content.decode()

    assert created["Location"] == reverse("cityshare:asset-edit", args=[asset.pk])
    assert "We rang." in page
    trail = Entry.objects.filter(event__startswith="asset.").values_list("event", flat=True)
    assert sorted(trail) == ["asset.begun", "asset.story"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"to_level": "2"}, "A good practice leads upward"),
        ({"to_level": "9"}, "9"),
        ({"teams": []}, "Choose at least one city."),
        ({"practice": "nothing"}, "Select a valid choice"),
        ({"title": ""}, "Say in a few words what it helps to do."),
        ({"title": "x" * 300}, "Please shorten this"),
    ],
)
def test_a_mistake_in_the_first_words_is_told_and_the_words_stay(client, typed, sentence):
    example = Example(stage="distil")
    client.force_login(example.people["Alder"])
    whole = {
        "practice": "P2",
        "title": "zqkept",
        "from_level": "2",
        "to_level": "4",
        "teams": [str(example.teams["Alder"].pk)],
    }

    page = client.post(
        reverse("cityshare:asset-create", args=[example.cycle.pk]), whole | typed
    ).content.decode()

    assert sentence in page
    assert "zqkept" in page or "title" in typed
    assert not Asset.objects.exists()


def test_a_city_cannot_write_for_others_alone(client):
    example = Example(stage="distil")
    client.force_login(example.people["Alder"])

    page = client.post(
        reverse("cityshare:asset-create", args=[example.cycle.pk]),
        {
            "practice": "P2",
            "title": "A list",
            "from_level": "2",
            "to_level": "4",
            "teams": [str(example.teams["Elm"].pk)],
        },
    ).content.decode()

    assert "Your own city has to be among those that write it." in page
    assert not Asset.objects.exists()


def test_those_who_only_read_an_asset_change_nothing(shelf, client):
    shelf.publish()
    client.force_login(shelf.people["Elm"])

    answers = [
        client.get(shelf.url("asset")).status_code,
        client.get(shelf.url("asset-edit")).status_code,
        client.post(shelf.url("asset-take-back")).status_code,
        client.post(shelf.url("asset-withdraw"), {"reason": "no"}).status_code,
        client.get(shelf.url("story-edit", shelf.asset.stories.get().pk)).status_code,
    ]

    assert answers == [200, 403, 403, 403, 403]
    shelf.asset.refresh_from_db()
    assert shelf.asset.status == "published"


def test_a_focal_point_hands_in_the_word_of_its_city(shelf, client):
    shelf.hand_in()
    client.force_login(shelf.people["Elm"])
    page = client.get(shelf.url("asset")).content.decode()

    asked = client.get(f"{shelf.url('asset-validate')}?seen={shelf.mark}").context["form"]
    client.post(shelf.url("asset-validate"), {"agrees": "yes", "seen": asked["seen"].value()})
    again = client.get(shelf.url("asset-validate"))

    assert "Does this hold for Elm, Viet Nam too?" in page or "Elm" in page
    assert list(Validation.objects.values_list("team__city__name", "agrees")) == [("Elm", True)]
    assert again.status_code == 403


def test_a_word_on_a_page_that_is_out_of_date_is_refused_and_what_was_typed_stays(shelf, client):
    shelf.hand_in()
    client.force_login(shelf.people["Elm"])
    page = client.get(shelf.url("asset")).content.decode()
    link = f"{shelf.url('asset-validate')}?seen={shelf.mark}"
    form = client.get(link).context["form"]
    actions.take_back(shelf.asset, by=shelf.author)
    actions.edit(shelf.asset, title="Something else", by=shelf.author)
    actions.hand_in(shelf.asset, by=shelf.author)

    late = client.get(link).context["form"]
    answer = client.post(
        shelf.url("asset-validate"),
        {"agrees": "yes", "note": "zqkept", "seen": form["seen"].value()},
    )

    assert link in page
    assert late["seen"].value() == form["seen"].value()
    assert (answer.status_code, "zqkept" in answer.content.decode()) == (409, True)
    assert not Validation.objects.exists()


# --- What could let somebody be recognised -------------------------------------------------


TOLD = "On 3 May 2024 two Nepali girls ran to us."


def told(shelf):
    """An asset with a story by which somebody could be recognised."""
    shelf.fill()
    shelf.tell(happened=f"called. {TOLD} We helped.")


def test_the_author_sees_what_could_let_somebody_be_recognised_and_says_that_it_is_checked(
    shelf, client
):
    told(shelf)
    client.force_login(shelf.author)
    page = client.get(shelf.url("asset")).content.decode()

    unchecked = client.post(shelf.url("asset-hand-in"), {"seen": shelf.mark})
    client.post(shelf.url("asset-hand-in"), {"seen": shelf.mark, "checked": "on"})

    assert f"“{TOLD}”" in page
    assert "There seems to be an exact date. This reads like a count below 5" in page
    assert "“Alder called.”" not in page
    assert unchecked.status_code == 409
    shelf.asset.refresh_from_db()
    assert shelf.asset.status == "review"
    client.force_login(shelf.people["Elm"])
    for name in ("asset", "asset-validate"):
        assert f"“{TOLD}”" in client.get(shelf.url(name)).content.decode()


def test_what_was_checked_are_the_words_that_were_on_the_page(shelf):
    told(shelf)
    seen = shelf.mark
    shelf.tell(happened="saw her again on 4 May 2024.")

    with pytest.raises(Refused, match="Somebody could be recognised"):
        actions.hand_in(shelf.asset, seen=seen, checked=True, by=shelf.author)

    shelf.asset.refresh_from_db()
    assert shelf.asset.status == "draft"


@pytest.mark.parametrize("name", ["safeguards", "context", "checklist", "contacts", "audience"])
def test_every_text_is_looked_through(shelf, name):
    shelf.fill()
    actions.edit(shelf.asset, **{name: "Case no. 12/2024."}, by=shelf.author)
    shelf.asset.refresh_from_db()

    assert [hint.sentence for hint in asset_page(shelf.asset).hints] == ["Case no. 12/2024."]


def test_the_principles_are_looked_through(shelf):
    shelf.fill()
    shelf.asset.principles.update(when="3 victims are found")

    assert [hint.sentence for hint in asset_page(shelf.asset).hints] == ["3 victims are found"]


def test_an_address_may_stand_where_it_is_said_whom_to_ask_and_nowhere_else(shelf):
    shelf.fill()
    shelf.asset.stories.update(ask="office@example.org")
    words = {"contacts": "+82 64 123 4567, office@example.org", "cost": "Ask office@example.org."}
    actions.edit(shelf.asset, **words, by=shelf.author)
    shelf.asset.refresh_from_db()

    hints = asset_page(shelf.asset).hints

    assert [(hint.where, hint.sentence) for hint in hints] == [
        ("Cost and staff", "Ask office@example.org.")
    ]


# --- Sent twice ------------------------------------------------------------------------------


def test_what_is_sent_twice_is_there_once(client):
    example = Example(stage="distil")
    client.force_login(example.people["Alder"])
    cities = [str(example.teams[name].pk) for name in ("Alder", "Cedar")]
    words = {"practice": "P2", "title": "A list", "from_level": "2", "to_level": "4"}
    story = {"city": example.teams["Alder"].city_id, "happened": "We rang.", "learned": "Ring."}
    principle = {"when": "asked", "do": "answer", "because": "it helps"}

    for _time in range(2):
        address = reverse("cityshare:asset-create", args=[example.cycle.pk])
        client.post(address, {**words, "teams": cities})
    asset = Asset.objects.get()
    for _time in range(2):
        client.post(reverse("cityshare:story-create", args=[asset.pk]), story)
    carried = {**principle, "stories": [str(asset.stories.get().pk)]}
    for _time in range(2):
        client.post(reverse("cityshare:principle-create", args=[asset.pk]), carried)

    assert asset.principles.count() == 1
    client.post(reverse("cityshare:principle-create", args=[asset.pk]), principle)
    assert asset.principles.count() == 2
    assert Entry.objects.filter(event="asset.begun").count() == 1


def test_the_same_words_of_another_city_are_another_good_practice(shelf):
    facts = {"title": shelf.asset.title, "from_level": 2, "to_level": 4}
    both = [shelf.teams["Alder"], shelf.teams["Cedar"]]
    practice = shelf.example.practices["P2"]

    first = actions.begin(shelf.cycle, practice, teams=both, **facts, by=shelf.author)
    other = actions.begin(shelf.cycle, practice, teams=both, **facts, by=shelf.people["Cedar"])
    again = actions.begin(shelf.cycle, practice, teams=both, **facts, by=shelf.author)

    assert len({shelf.asset, first, other}) == 3
    assert again == first


def test_the_library_costs_the_same_for_one_and_for_three(shelf, client, django_assert_num_queries):
    shelf.publish()
    client.force_login(shelf.people["Elm"])
    client.get(reverse("cityshare:library"))
    with django_assert_num_queries(LIBRARY):
        client.get(reverse("cityshare:library"))
    for number in range(2):
        more = actions.begin(
            shelf.cycle,
            shelf.example.practices["P1"],
            teams=[shelf.teams["Cedar"]],
            title=f"More {number}",
            from_level=1,
            to_level=2,
            by=shelf.people["Cedar"],
        )
        Asset.objects.filter(pk=more.pk).update(status="published")

    with django_assert_num_queries(LIBRARY):
        page = client.get(reverse("cityshare:library")).content.decode()

    assert page.count('class="book"') == 3


LIBRARY = 12
