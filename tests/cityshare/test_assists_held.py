"""What comes of a peer assist: it is called off or held, written down, thanked for, and listed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cityshare.actions import assist as actions
from cityshare.actions import proposal as proposals
from cityshare.models import Cycle, PeerAssist
from tests.cityshare.meetings import (
    agreed,
    at,
    client_of,
    held,
    meeting_cities,
    planned,
    readers,
)
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def example():
    return meeting_cities()


def thank(example, assist, **facts):
    said = {"thanks": "You saved us a year.\nCome and see.", "was_useful": True, **facts}
    actions.thank(assist, **said, by=example.people["Alder"])


# --- Called off -----------------------------------------------------------------------------


def test_everybody_is_told_why_a_meeting_is_called_off_and_another_can_be_planned(example):
    made = planned(example)

    actions.call_off(made, reason="A storm.", by=example.people["Alder"])

    assert readers("assist_called_off") == ["Alder", "Birch"]
    bodies = Message.objects.filter(letter="cityshare/assist_called_off").values_list(
        "body", flat=True
    )
    assert all("A storm." in body for body in bodies)
    again = actions.plan(list(made.proposals.all()), question="How?", by=example.people["Alder"])
    assert again.status == "planned"
    assert client_of(example.people["Birch"]).get(at(made, "assist-calendar")).status_code == 404


def test_who_facilitates_is_told_too_that_a_meeting_is_called_off(example):
    made = planned(example, facilitator=example.facilitator)

    actions.call_off(made, reason="A storm.", by=example.people["Alder"])

    assert example.facilitator.given_name in readers("assist_called_off")


def test_nobody_is_told_that_a_meeting_without_a_date_is_called_off(example):
    made = planned(example, starts_at=None, facilitator=example.facilitator)
    alder = client_of(example.people["Alder"])

    page = alder.post(at(made, "assist-call-off"), {"reason": "A storm."}, follow=True)

    assert "It had no date, so nobody gets a letter." in page.content.decode()
    made.refresh_from_db()
    assert made.status == "called_off"
    assert readers("assist_called_off") == []


def test_while_a_meeting_is_planned_nobody_declines_what_it_was_planned_from(example):
    made = planned(example)
    one = made.proposals.get()

    with pytest.raises(Refused):
        proposals.decline(one, example.teams["Birch"], reason="No.", by=example.people["Birch"])
    actions.call_off(made, reason="A storm.", by=example.people["Alder"])
    proposals.decline(one, example.teams["Birch"], reason="No.", by=example.people["Birch"])

    one.refresh_from_db()
    assert one.status == "declined"


# --- Held, and written down -------------------------------------------------------------------


def test_a_meeting_has_taken_place_only_after_it_began(example):
    early = planned(example, starts_at=timezone.now() + timedelta(hours=1))
    with pytest.raises(Refused):
        actions.conclude(early, by=example.people["Alder"])

    actions.change(early, starts_at=timezone.now() - timedelta(hours=2), by=example.people["Alder"])
    actions.conclude(early, by=example.people["Alder"])

    early.refresh_from_db()
    assert early.status == "held"
    assert early.held_at is not None


def test_the_page_offers_to_say_that_it_has_taken_place_only_then(example):
    made = planned(example, starts_at=timezone.now() + timedelta(hours=1))
    alder, address = client_of(example.people["Alder"]), at(made, "assist-held")

    assert address not in alder.get(at(made)).content.decode()
    assert alder.post(address).status_code == 409
    PeerAssist.objects.update(starts_at=timezone.now() - timedelta(hours=2))
    assert address in alder.get(at(made)).content.decode()
    assert alder.post(address).url == at(made)

    assert PeerAssist.objects.get().status == "held"


def test_everybody_of_the_meeting_writes_the_notes_and_nobody_overwrites_another(example):
    made = held(example)
    birch, alder = client_of(example.people["Birch"]), client_of(example.people["Alder"])
    address = at(made, "assist-notes")
    seen = {who: who.get(address).context["form"]["seen"].value() for who in (birch, alder)}

    first = birch.post(address, {"options_heard": "A hotline.", "seen": seen[birch]})
    second = alder.post(address, {"host_will_do": "Begin in May.", "seen": seen[alder]})

    assert (first.status_code, second.status_code) == (302, 200)
    assert second.context["form"]["host_will_do"].value() == "Begin in May."
    alder.post(
        address,
        {
            "options_heard": "A hotline.",
            "host_will_do": "Begin in May.",
            "seen": second.context["form"]["seen"].value(),
        },
    )
    made.refresh_from_db()
    assert (made.options_heard, made.host_will_do) == ("A hotline.", "Begin in May.")


def test_what_was_called_off_takes_no_notes(example):
    made = planned(example)
    actions.call_off(made, reason="A storm.", by=example.people["Alder"])

    with pytest.raises(Refused):
        actions.note(made, notes="We met anyway.", by=example.people["Alder"])


# --- Thanks -----------------------------------------------------------------------------------


def test_the_host_thanks_the_helpers_by_letter_once(example):
    made = held(example)
    actions.note(made, host_will_do="Begin in May.", by=example.people["Alder"])
    made.refresh_from_db()

    thank(example, made)
    with pytest.raises(Refused):
        thank(example, made)

    assert readers("assist_thanks") == ["Birch"]
    body = Message.objects.get(letter="cityshare/assist_thanks").body
    assert "You saved us a year.\nCome and see." in body
    assert "Begin in May." in body
    made.refresh_from_db()
    assert (made.was_useful, made.thanks) == (True, "You saved us a year.\nCome and see.")


def test_a_link_that_somebody_typed_is_no_link_in_the_letter(example):
    made = held(example)

    thank(example, made, thanks="See https://evil.example/now")

    assert (
        "https://evil.example/now" not in Message.objects.get(letter="cityshare/assist_thanks").body
    )


def test_nobody_is_thanked_before_the_meeting(example):
    with pytest.raises(Refused):
        thank(example, planned(example))

    assert readers("assist_thanks") == []


def test_the_thank_you_is_written_on_its_page_by_the_host_alone(example):
    made = held(example)
    alder, address = client_of(example.people["Alder"]), at(made, "assist-thank")

    assert client_of(example.people["Birch"]).get(address).status_code == 403
    assert client_of(example.facilitator).get(address).status_code == 403
    form = alder.post(address, {"thanks": "", "was_useful": ""}).context["form"]
    assert list(form.errors) == ["thanks", "was_useful"]
    assert alder.post(address, {"thanks": "Thank you!", "was_useful": "no"}).url == at(made)

    made.refresh_from_db()
    assert (made.thanks, made.was_useful) == ("Thank you!", False)


def test_the_helpers_do_not_read_whether_it_was_useful(example):
    made = held(example)
    thank(example, made, was_useful=False)

    pages = {
        who: client_of(person).get(at(made)).content.decode()
        for who, person in {"Birch": example.people["Birch"], "lead": example.facilitator}.items()
    }

    told = "The host did not find the meeting useful."
    assert {who: told in page for who, page in pages.items()} == {"Birch": False, "lead": True}


# --- The stage --------------------------------------------------------------------------------


def test_when_the_cycle_is_closed_everything_is_read_and_nothing_is_written(example):
    made = held(example)
    Cycle.objects.update(status="closed")
    made.host.cycle.refresh_from_db()

    page = client_of(example.people["Alder"]).get(at(made)).content.decode()
    assert at(made, "assist-notes") not in page
    for write in (
        lambda: actions.note(made, notes="Later.", by=example.people["Alder"]),
        lambda: thank(example, made),
        lambda: agreed(example, learner="Cedar"),
    ):
        with pytest.raises(Refused):
            write()


# --- The lists --------------------------------------------------------------------------------


def test_each_city_sees_its_own_meetings_and_the_facilitator_all(example):
    first = planned(example)
    other = actions.plan(
        [agreed(example, "Dogwood", "Cedar")], question="How?", by=example.facilitator
    )
    address = reverse("cityshare:assist-list", args=[example.cycle.pk])

    def seen(person):
        return {one.pk for one in client_of(person).get(address).context["assists"]}

    assert seen(example.people["Alder"]) == {first.pk}
    assert seen(example.people["Dogwood"]) == {other.pk}
    assert seen(example.people["Elm"]) == set()
    assert seen(example.facilitator) == {first.pk, other.pk}


def test_what_is_agreed_and_has_no_meeting_is_listed_as_to_plan(example):
    one = agreed(example)
    address = reverse("cityshare:assist-list", args=[example.cycle.pk])
    alder = client_of(example.people["Alder"])

    assert alder.get(address).context["plannable"] == [one]
    made = actions.plan([one], question="How?", by=example.facilitator)
    assert alder.get(address).context["plannable"] == []
    actions.call_off(made, reason="A storm.", by=example.facilitator)
    assert alder.get(address).context["plannable"] == [one]


def test_the_list_asks_the_database_no_more_for_three_meetings_than_for_one(example):
    address = reverse("cityshare:assist-list", args=[example.cycle.pk])
    lead = client_of(example.facilitator)

    def cost():
        lead.get(address)
        with CaptureQueriesContext(connection) as found:
            lead.get(address)
        return len(found)

    planned(example)
    before = cost()
    for pair in (("Dogwood", "Cedar"), ("Birch", "Cedar")):
        actions.plan([agreed(example, *pair)], question="How?", by=example.facilitator)

    assert PeerAssist.objects.count() == 3
    assert cost() == before


# --- What could let somebody be recognised in the notes ----------------------------------------


def test_notes_by_which_somebody_could_be_recognised_are_kept_with_a_warning(example):
    made = held(example)
    alder = client_of(example.people["Alder"])
    seen = alder.get(at(made, "assist-notes")).context["form"]["seen"].value()
    words = {"options_heard": "A list.", "host_will_do": "Call.", "notes": "Two girls came. Good."}

    page = alder.post(at(made, "assist-notes"), {**words, "seen": seen}, follow=True)

    made.refresh_from_db()
    assert made.notes == "Two girls came. Good."
    for text in (page.content.decode(), alder.get(at(made, "assist-notes")).content.decode()):
        assert "“Two girls came.” This reads like a count below 5" in text
        assert "“A list.”" not in text
