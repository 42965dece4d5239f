"""A peer assist: planned from what both accepted, held, written down, and thanked for."""

from datetime import timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from cityshare.actions import assist as actions
from cityshare.actions import proposal as proposals
from cityshare.models import PeerAssist
from cityshare.queries.assist import agenda
from tests import factories as make
from tests.cityshare.market import another_cycle
from tests.cityshare.meetings import AT, agreed, at, client_of, meeting_cities, planned, readers
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def example():
    return meeting_cities()


def letter_to(name, kind):
    return Message.objects.get(letter=f"cityshare/{kind}", to__given_name=name)


# --- The plan -----------------------------------------------------------------------------


def test_a_meeting_is_planned_from_what_both_have_accepted_and_each_is_told_its_own_time(example):
    made = planned(example)

    assert (made.host, [*made.helpers.all()]) == (example.teams["Alder"], [example.teams["Birch"]])
    assert readers("assist_planned") == ["Alder", "Birch"]
    for letter in Message.objects.filter(letter="cityshare/assist_planned"):
        assert "12 September 2027, 12:00 Phnom Penh time (UTC+7)" in letter.body
        assert "12 September 2027, 10:45 Kathmandu time (UTC+5:45)" in letter.body
        assert "How do we begin?" in letter.body


def test_two_cities_may_help_in_one_meeting(example):
    made = planned(example, helpers=("Birch", "Dogwood"))

    assert {team.city.name for team in made.helpers.all()} == {"Birch", "Dogwood"}
    assert readers("assist_planned") == ["Alder", "Birch", "Dogwood"]


def test_without_a_date_nobody_is_told_yet(example):
    made = planned(example, starts_at=None)

    assert readers("assist_planned") == []
    actions.change(made, starts_at=AT, by=example.people["Alder"])
    assert readers("assist_planned") == ["Alder", "Birch"]


def test_nothing_is_planned_before_both_have_said_yes(example):
    made = proposals.propose(
        example.teams["Birch"],
        example.teams["Alder"],
        example.practices["P1"],
        by=example.facilitator,
    )
    proposals.accept(made, example.teams["Birch"], by=example.people["Birch"])

    with pytest.raises(Refused):
        actions.plan([made], question="How?", by=example.facilitator)

    assert not PeerAssist.objects.exists()


def test_one_agreement_gives_one_meeting_and_two_hosts_have_none_together(example):
    first, other = agreed(example), agreed(example, learner="Cedar")
    with pytest.raises(Refused):
        actions.plan([first, other], question="How?", by=example.facilitator)
    actions.plan([first], question="How?", by=example.facilitator)

    with pytest.raises(Refused):
        actions.plan([first], question="How?", by=example.facilitator)

    assert PeerAssist.objects.count() == 1


def test_a_meeting_that_moves_is_told_with_both_dates_and_other_changes_are_not(example):
    made = planned(example)

    actions.change(made, question="What is the first step?", by=example.people["Alder"])
    assert readers("assist_moved") == []
    actions.change(made, starts_at=AT + timedelta(days=1), by=example.people["Alder"])

    assert (readers("assist_moved"), len(readers("assist_planned"))) == (["Alder", "Birch"], 2)
    letter = letter_to("Birch", "assist_moved")
    assert "Moved" in letter.subject
    assert "It was planned for 12 September 2027, 14:00 Seoul time" in letter.body
    assert "13 September 2027, 10:45 Kathmandu time" in letter.body
    made.refresh_from_db()
    assert (made.question, made.sequence) == ("What is the first step?", 2)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"link": "https://meet.example.org/2"}, "The link to the meeting is another one."),
        ({"minutes": 120}, "It takes 120 minutes now."),
    ],
)
def test_a_new_link_or_length_is_told_and_the_date_stays(example, changed, words):
    made = planned(example)

    actions.change(made, **changed, by=example.people["Alder"])

    assert readers("assist_moved") == ["Alder", "Birch"]
    letter = letter_to("Birch", "assist_moved")
    assert words in letter.body
    assert "12 September 2027, 10:45 Kathmandu time" in letter.body
    assert "Moved" not in letter.subject


def test_that_a_date_is_taken_away_is_told_to_those_who_had_it(example):
    made = planned(example, facilitator=example.facilitator)

    actions.change(made, starts_at=None, by=example.people["Alder"])

    told = sorted(["Alder", "Birch", example.facilitator.given_name])
    assert readers("assist_moved") == told
    letter = letter_to("Birch", "assist_moved")
    assert "No date for now" in letter.subject
    assert "Please take it out of your calendar" in letter.body
    actions.change(made, link="https://meet.example.org/2", by=example.people["Alder"])
    assert readers("assist_moved") == told


def test_the_one_who_facilitates_gets_the_date_too(example):
    planned(example, facilitator=example.facilitator)

    assert example.facilitator.given_name in readers("assist_planned")


def test_who_facilitates_from_now_on_gets_the_date_and_who_did_is_told_so(example):
    made = planned(example, facilitator=example.facilitator)
    other = make.RoleFactory(workshop=example.workshop, role="coordinator").user

    actions.change(made, facilitator=other, by=example.people["Alder"])

    assert readers("assist_moved") == []
    assert readers("assist_handed_over") == [example.facilitator.given_name]
    new = Message.objects.get(letter="cityshare/assist_planned", to=other)
    assert "12 September 2027" in new.body
    assert "You facilitate it." in new.body


def test_without_a_date_nobody_learns_who_facilitates(example):
    made = planned(example, starts_at=None)

    for person in (example.facilitator, None):
        made = actions.change(made, facilitator=person, by=example.people["Alder"])

    assert not Message.objects.filter(letter__startswith="cityshare/assist").exists()


def test_the_clock_and_the_facilitator_of_a_plan_stay_when_the_city_and_the_roles_change(example):
    made = planned(example, zone="Asia/Kathmandu", facilitator=make.UserFactory())
    example.teams["Birch"].zone = "Asia/Dili"
    example.teams["Birch"].save()
    alder = client_of(example.people["Alder"])
    form = alder.get(at(made, "assist-edit")).context["form"]

    typed = {name: form[name].value() or "" for name in form.fields}
    alder.post(at(made, "assist-edit"), {**typed, "question": "And now?"})

    now = PeerAssist.objects.get()
    assert (now.question, now.starts_at, now.zone) == ("And now?", AT, "Asia/Kathmandu")
    assert now.facilitator == made.facilitator
    zones = [key for key, _words in form.fields["zone"].choices]
    assert "Asia/Kathmandu" in zones


def test_the_form_takes_day_and_time_on_the_clock_that_is_chosen(example):
    one = agreed(example)
    address = reverse("cityshare:assist-create", args=[example.cycle.pk, one.pk])
    alder = client_of(example.people["Alder"])
    form = alder.get(address).context["form"]
    typed = {
        "seen": form["seen"].value(),
        "question": form["question"].value(),
        "day": "2027-09-12",
        "hour": "12:00",
        "zone": "Asia/Phnom_Penh",
        "minutes": "120",
        "link": "https://meet.example.org/1",
        "note_taker": "Mr. Vann",
    }

    response = alder.post(address, typed)

    made = PeerAssist.objects.get()
    assert response.url == at(made)
    assert (made.starts_at, made.zone, made.minutes) == (AT, "Asia/Phnom_Penh", 120)
    assert (made.question, made.link) == ("How does Alder begin?", "https://meet.example.org/1")
    assert {key for key, _words in form.fields["zone"].choices} == {
        "Asia/Phnom_Penh",
        "Asia/Kathmandu",
        "Asia/Seoul",
        "UTC",
    }


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"question": ""}, ["question"]),
        ({"day": "2027-09-12", "hour": ""}, ["hour"]),
        ({"day": "", "hour": "12:00"}, ["day"]),
        ({"minutes": "60"}, ["minutes"]),
        ({"day": "2027-13-12"}, ["day"]),
        ({"link": "nowhere at all"}, ["link"]),
        ({"link": "ftp://example.org/room"}, ["link"]),
        ({"link": "https://example.org/\u202emoor"}, ["link"]),
    ],
)
def test_what_is_missing_in_the_plan_is_told_beside_its_field(example, typed, wrong):
    made = planned(example)
    alder = client_of(example.people["Alder"])
    seen = alder.get(at(made, "assist-edit")).context["form"]["seen"].value()
    good = {"question": "Why?", "day": "2027-09-12", "hour": "14:00", "zone": "Asia/Seoul"}

    response = alder.post(at(made, "assist-edit"), {**good, "minutes": "90", "seen": seen, **typed})

    assert list(response.context["form"].errors) == wrong
    made.refresh_from_db()
    assert made.question == "How do we begin?"


def test_a_second_helper_that_agreed_is_offered_in_the_plan(example):
    one, other = agreed(example), agreed(example, "Dogwood")
    address = reverse("cityshare:assist-create", args=[example.cycle.pk, one.pk])
    lead = client_of(example.facilitator)
    seen = lead.get(address).context["form"]["seen"].value()

    typed = {"question": "How?", "zone": "UTC", "minutes": "90", "second": str(other.pk)}
    lead.post(address, {**typed, "seen": seen})

    assert PeerAssist.objects.get().helpers.count() == 2


# --- The meeting's page -----------------------------------------------------------------------


def test_the_agenda_of_ninety_minutes_is_the_one_of_the_method(example):
    made = planned(example)

    assert [(item.minutes, item.clock) for item in agenda(made)] == [
        (10, "14:00"),
        (20, "14:10"),
        (35, "14:30"),
        (15, "15:05"),
        (10, "15:20"),
    ]


def test_a_longer_meeting_gives_its_time_to_the_experiences(example):
    made = planned(example, starts_at=None, minutes=150)

    assert [(item.minutes, item.clock) for item in agenda(made)] == [
        (10, ""),
        (20, ""),
        (95, ""),
        (15, ""),
        (10, ""),
    ]


def test_the_page_shows_the_time_on_the_clocks_of_both_cities(example):
    made = planned(example)

    page = client_of(example.people["Birch"]).get(at(made)).content.decode()

    assert "12 September 2027, 12:00 Phnom Penh time (UTC+7)" in page
    assert "12 September 2027, 10:45 Kathmandu time (UTC+5:45)" in page


def test_the_calendar_file_moves_with_the_meeting_and_holds_the_agenda(example):
    made = planned(example)
    birch = client_of(example.people["Birch"])

    def entry():
        response = birch.get(at(made, "assist-calendar"))
        assert response["Content-Type"].startswith("text/calendar")
        [event] = Calendar.from_ical(response.content).walk("VEVENT")
        return event

    first = entry()
    assert first.decoded("dtstart") == AT
    assert first.decoded("dtend") == AT + timedelta(minutes=90)
    assert "35 minutes" in first["description"]
    actions.change(made, starts_at=AT + timedelta(days=1), by=example.people["Alder"])
    moved = entry()
    assert moved["uid"] == first["uid"]
    assert moved["sequence"] == first["sequence"] + 1
    assert moved.decoded("dtstart") == AT + timedelta(days=1)


def test_without_a_date_there_is_no_calendar_file(example):
    made = planned(example, starts_at=None)

    assert client_of(example.people["Alder"]).get(at(made, "assist-calendar")).status_code == 404


@pytest.mark.parametrize(
    "name",
    ["assist", "assist-edit", "assist-calendar", "assist-notes", "assist-call-off", "assist-thank"],
)
def test_a_meeting_is_unknown_to_cities_that_are_not_in_it(example, name):
    made = planned(example)

    assert client_of(example.people["Elm"]).get(at(made, name)).status_code == 404


def test_in_another_cycle_a_meeting_is_unknown(example):
    made = planned(example)
    other = another_cycle(example)
    address = reverse("cityshare:assist", args=[other.pk, made.pk])

    assert client_of(other.workshop.roles.get().user).get(address).status_code == 404


@pytest.mark.parametrize("name", ["assist-edit", "assist-call-off"])
def test_only_the_host_and_the_facilitator_plan(example, name):
    made = planned(example)
    answers = {
        who: client_of(person).get(at(made, name)).status_code
        for who, person in {**example.people, "lead": example.facilitator}.items()
        if who in {"Alder", "Birch", "lead"}
    }

    assert answers == {"Alder": 200, "Birch": 403, "lead": 200}
