"""Setting up a call, and changing it while people rely on it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from applications.actions import call as actions
from applications.models import Call
from tests.factories import CallFactory, RoleFactory, UserFactory, WorkshopFactory
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
GOOD = {
    "opens_day": "2027-06-10",
    "opens_time": "09:00",
    "closes_day": "2027-06-30",
    "closes_time": "23:59",
    "seats": "30",
    "funded_seats": "10",
    "travel_budget": "20000",
    "currency": "usd",
    "decide_by": "2027-07-15",
    "confirm_days": "7",
}


@pytest.fixture(autouse=True)
def _on_the_first_of_june():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def workshop(client):
    """A workshop in Seoul, with its coordinator signed in."""
    role = RoleFactory()
    client.force_login(role.user)
    return role.workshop


@pytest.fixture
def early(workshop):
    """Its call, before it opens."""
    return CallFactory(
        workshop=workshop, opens_at=NOW + timedelta(days=1), closes_at=NOW + timedelta(days=20)
    )


def create(client, workshop, **changes):
    return client.post(
        reverse("applications:call-create", args=[workshop.slug]),
        {**seen(client, workshop), **GOOD, **changes},
    )


def seen(client, workshop):
    page = client.get(reverse("applications:call-create", args=[workshop.slug]))
    return {"seen": page.context["form"].initial["seen"]}


def edit(client, call, **changes):
    address = reverse("applications:call-edit", args=[call.workshop.slug])
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    return client.post(address, {**shown, **changes})


def errors_of(response):
    assert response.status_code == 200
    return {name: [*words] for name, words in response.context["form"].errors.items()}


def test_a_call_is_read_on_the_workshops_clock_and_lasts_its_whole_last_minute(client, workshop):
    response = create(client, workshop)

    call = Call.objects.get()
    assert response.status_code == 302
    assert call.opens_at == datetime(2027, 6, 10, 0, 0, tzinfo=UTC)
    assert call.closes_at == datetime(2027, 6, 30, 14, 59, 59, tzinfo=UTC)
    assert (call.seats, call.funded_seats, call.currency) == (30, 10, "USD")
    assert call.required_documents.count() == 7
    assert [e.by for e in Entry.objects.filter(event="call.created")] == [workshop.roles.get().user]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"closes_time": "00:00"}, "closes_time", "23:59, which is what people mean"),
        ({"closes_day": "2027-06-09"}, "closes_day", "after the opening"),
        ({"funded_seats": "31"}, "funded_seats", "more funded seats than seats"),
        ({"decide_by": "2027-06-29"}, "decide_by", "cannot come before the deadline"),
        ({"currency": "€"}, "currency", "three letters"),
        ({"closes_day": "soon"}, "closes_day", "Enter a valid date."),
        ({"seats": "9" * 30}, "seats", "less than or equal to"),
        ({"currency": "U\x00D"}, "currency", "cannot be read or printed"),
    ],
)
def test_what_cannot_be_a_call_is_told_in_a_sentence_and_kept(
    client, workshop, changes, field, words
):
    response = create(client, workshop, **changes)

    assert words in " ".join(errors_of(response)[field])
    assert response.context["form"]["seats"].value() == changes.get("seats", "30")
    assert not Call.objects.exists()


def test_a_time_that_the_clock_skips_is_no_deadline(client, workshop):
    type(workshop).objects.update(zone="Europe/Paris")

    response = create(
        client, workshop, closes_day="2028-03-26", closes_time="02:30", decide_by="2028-06-01"
    )

    assert "skips this time" in " ".join(errors_of(response)["closes_time"])


def test_a_second_call_of_a_workshop_is_not_created_but_changed(client, workshop, early):
    response = client.get(reverse("applications:call-create", args=[workshop.slug]))

    assert response.url == reverse("applications:call-edit", args=[workshop.slug])


def test_before_it_opens_a_call_may_move(client, early):
    response = edit(client, early, closes_day="2027-07-31", closes_time="12:00", seats="40")

    early.refresh_from_db()
    assert response.status_code == 302
    assert (early.closes_at, early.seats) == (datetime(2027, 7, 31, 3, 0, 59, tzinfo=UTC), 40)


def test_once_it_has_opened_the_dates_stand_whatever_is_sent(client, workshop):
    call = CallFactory(workshop=workshop)
    dates = (call.opens_at, call.closes_at)

    response = edit(
        client,
        call,
        seats="40",
        opens_day="2027-07-01",
        opens_time="10:00",
        closes_day="2027-12-31",
        closes_time="23:59",
    )

    call.refresh_from_db()
    assert response.status_code == 302
    assert ((call.opens_at, call.closes_at), call.seats) == (dates, 40)


def test_the_dates_of_an_open_call_move_by_an_extension_alone(workshop):
    call = CallFactory(workshop=workshop)
    dates = (call.opens_at, call.closes_at)

    for change in ({"closes_at": NOW + timedelta(days=99)}, {"opens_at": NOW - timedelta(days=9)}):
        with pytest.raises(Refused, match="extend the deadline"):
            actions.edit_call(call, **change, by=UserFactory())

    call.refresh_from_db()
    assert (call.opens_at, call.closes_at) == dates


def test_a_call_that_opens_while_its_form_is_open_keeps_its_dates(client, early):
    address = reverse("applications:call-edit", args=[early.workshop.slug])
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    dates = (early.opens_at, early.closes_at)

    with time_machine.travel(early.opens_at + timedelta(seconds=1)):
        client.force_login(early.workshop.roles.get().user)
        client.post(address, {**shown, "closes_day": "2027-12-31"})

    early.refresh_from_db()
    assert (early.opens_at, early.closes_at) == dates


def test_two_people_never_overwrite_each_other_in_silence(client, early):
    address = reverse("applications:call-edit", args=[early.workshop.slug])
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    Call.objects.update(seats=50)

    first = client.post(address, {**shown, "confirm_days": "9"})
    seats_after_first = Call.objects.get().seats
    second = client.post(
        address, {**shown, "confirm_days": "9", "seen": first.context["form"]["seen"].value()}
    )

    early.refresh_from_db()
    assert "Somebody changed this" in " ".join(errors_of(first)["__all__"])
    assert seats_after_first == 50
    assert second.status_code == 302
    assert early.confirm_days == 9


def test_the_words_of_a_document_change_for_everybody_and_are_on_record(client, early):
    address = reverse("applications:call-document-edit", args=[early.workshop.slug, "cv"])
    form = client.get(address).context["form"]

    response = client.post(address, {**form.initial, "title": "Your CV", "guidelines": "One page."})

    cv = early.required_documents.get(slug="cv")
    [entry] = Entry.objects.filter(event="required_document.changed")
    assert response.status_code == 302
    assert (cv.title, cv.guidelines) == ("Your CV", "One page.")
    assert entry.facts == {"fields": ["title", "guidelines"]}


def test_an_overlong_text_is_refused_with_its_length_and_stays_in_the_form(client, early):
    address = reverse("applications:call-document-edit", args=[early.workshop.slug, "cv"])
    form = client.get(address).context["form"]
    long = "x" * 20_001

    response = client.post(address, {**form.initial, "guidelines": long})

    assert errors_of(response) == {
        "guidelines": ["Please shorten this to 20,000 characters; it has 20,001."]
    }
    assert response.context["form"]["guidelines"].value() == long


@pytest.mark.parametrize("name", ["call-edit", "call-create", "call-document-edit"])
def test_the_desk_of_a_call_is_not_there_for_anybody_else(client, name):
    call = CallFactory()
    more = ["cv"] if name == "call-document-edit" else []
    address = reverse(f"applications:{name}", args=[call.workshop.slug, *more])

    answers = []
    for user in (RoleFactory().user, RoleFactory(workshop=call.workshop, role="reviewer").user):
        client.force_login(user)
        answers += [client.get(address).status_code, client.post(address, GOOD).status_code]

    assert answers == [404] * 4


def test_a_decision_day_is_kept_as_a_day(client, workshop):
    create(client, workshop)

    assert Call.objects.get().decide_by == date(2027, 7, 15)


def test_a_workshop_without_a_call_has_nothing_to_change(client):
    role = RoleFactory(workshop=WorkshopFactory())
    client.force_login(role.user)

    assert (
        client.get(reverse("applications:call-edit", args=[role.workshop.slug])).status_code == 404
    )
