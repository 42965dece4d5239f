"""The programme as its coordinator builds it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from curriculum import access
from curriculum.actions import programme as actions
from curriculum.models import Module, Session, Speaker
from tests.factories import (
    ModuleFactory,
    RoleFactory,
    SessionFactory,
    SpeakerFactory,
    UserFactory,
    WorkshopFactory,
)
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.workshops.models import TrainingDay

pytestmark = pytest.mark.django_db
GOOD = {
    "title": "The three Ps",
    "format": "lecture",
    "day": "2027-09-01",
    "starts": "09:00",
    "ends": "10:30",
    "is_required": "on",
}


@pytest.fixture
def workshop(client):
    """A workshop in Seoul on three days, with its coordinator signed in."""
    role = RoleFactory()
    for day in (1, 2, 8):
        TrainingDay.objects.create(workshop=role.workshop, date=date(2027, 9, day))
    client.force_login(role.user)
    return role.workshop


def at(workshop, name, *more):
    return reverse(f"curriculum:{name}", args=[workshop.slug, *more])


def seen(client, address):
    """What the form's page sends back without anybody having typed."""
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)}


def create_session(client, workshop, **changes):
    address = at(workshop, "session-create")
    return client.post(address, {**seen(client, address), **GOOD, **changes})


def errors_of(response):
    assert response.status_code == 200
    return {name: " ".join(words) for name, words in response.context["form"].errors.items()}


def session_on(workshop, hour, **columns):
    """A session of an hour that starts at `hour` in Seoul on the first day."""
    starts = datetime(2027, 9, 1, hour - 9, tzinfo=UTC)
    ends = starts + timedelta(hours=1)
    return SessionFactory(workshop=workshop, starts_at=starts, ends_at=ends, **columns)


# --- sessions ----------------------------------------------------------------------------


def test_a_session_takes_place_at_the_time_that_the_workshops_clock_shows(client, workshop):
    module = ModuleFactory(workshop=workshop)
    speakers = SpeakerFactory.create_batch(2, workshop=workshop)

    response = create_session(
        client, workshop, module=str(module.pk), speakers=[str(s.pk) for s in speakers]
    )

    session = Session.objects.get()
    assert response.url == at(workshop, "programme")
    assert session.starts_at == datetime(2027, 9, 1, 0, 0, tzinfo=UTC)
    assert session.ends_at == datetime(2027, 9, 1, 1, 30, tzinfo=UTC)
    assert (session.module, {*session.speakers.all()}) == (module, {*speakers})
    assert [e.facts for e in Entry.objects.filter(event="session.added")] == [
        {"called": "The three Ps"}
    ]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"day": "2027-09-03"}, "day", "not a training day"),
        ({"day": "yesterday"}, "day", "not a training day"),
        ({"ends": "09:00"}, "ends", "ends after it starts"),
        ({"starts": "25:00"}, "starts", "valid time"),
        ({"title": ""}, "title", "required"),
        ({"title": "x" * 251}, "title", "shorten this to 250 characters; it has 251"),
        ({"title": "a\x00b"}, "title", "cannot be read or printed"),
        ({"format": "party"}, "format", "valid choice"),
        ({"capacity": "-1"}, "capacity", "greater than or equal to 0"),
        ({"capacity": "9" * 20}, "capacity", "less than or equal to"),
        ({"module": "00000000-0000-0000-0000-000000000000"}, "module", "valid choice"),
        ({"module": "x"}, "module", "not a valid"),
        ({"speakers": ["x"]}, "speakers", "valid"),
    ],
)
def test_what_cannot_be_a_session_is_told_in_a_sentence_and_kept(
    client, workshop, changes, field, words
):
    response = create_session(client, workshop, room="Hall B", **changes)

    assert words in errors_of(response)[field]
    assert response.context["form"]["room"].value() == "Hall B"
    assert not Session.objects.exists()


def test_a_session_takes_no_module_and_no_speaker_of_another_workshop(client, workshop):
    response = create_session(
        client, workshop, module=str(ModuleFactory().pk), speakers=[str(SpeakerFactory().pk)]
    )

    assert {*errors_of(response)} == {"module", "speakers"}


def test_a_session_cannot_begin_in_an_hour_that_the_clock_skips(client, workshop):
    type(workshop).objects.update(zone="Europe/Paris")
    TrainingDay.objects.create(workshop=workshop, date=date(2027, 3, 28))

    response = create_session(client, workshop, day="2027-03-28", starts="02:30", ends="04:00")

    assert "skips this time" in errors_of(response)["starts"]


def test_an_overlap_is_told_first_and_saved_when_it_is_meant(client, workshop):
    speaker = SpeakerFactory(workshop=workshop, name="Nari Shim")
    session_on(workshop, 10, room="Hall A", title="Opening").speakers.add(speaker)
    wanted = {"room": "hall a", "speakers": [str(speaker.pk)]}

    warned = create_session(client, workshop, **wanted)
    meant = create_session(client, workshop, **wanted, despite="on")

    assert errors_of(warned) == {
        "despite": "At that time “Opening” takes place in hall a. "
        "At that time Nari Shim speaks in “Opening”."
    }
    assert meant.status_code == 302
    assert Session.objects.count() == 2


@pytest.mark.parametrize(
    "changes",
    [{"starts": "11:00", "ends": "12:00"}, {"room": "Hall B"}, {"room": ""}],
    ids=["right after", "another room", "no room"],
)
def test_what_does_not_overlap_is_saved_at_once(client, workshop, changes):
    session_on(workshop, 10, room="Hall A")

    response = create_session(client, workshop, **{"room": "Hall A", **changes})

    assert response.status_code == 302


def test_a_session_does_not_stand_in_its_own_way(client, workshop):
    session = session_on(workshop, 10, room="Hall A")
    address = at(workshop, "session-edit", session.pk)

    response = client.post(address, {**seen(client, address), "title": "New title"})

    session.refresh_from_db()
    assert response.status_code == 302
    assert (session.title, session.starts_at) == ("New title", datetime(2027, 9, 1, 1, tzinfo=UTC))
    assert [e.facts for e in Entry.objects.filter(event="session.changed")] == [
        {"fields": ["title"]}
    ]


def test_two_people_never_overwrite_each_other_in_silence(client, workshop):
    session = session_on(workshop, 10, title="As it was")
    address = at(workshop, "session-edit", session.pk)
    mine = {**seen(client, address), "summary": "My words"}
    actions.edit_session(session, title="Theirs", speakers=[], by=workshop.roles.get().user)

    first = client.post(address, mine)
    again = client.post(address, {**mine, "seen": first.context["form"]["seen"].value()})

    session.refresh_from_db()
    assert "Somebody changed this" in errors_of(first)["__all__"]
    assert first.context["form"]["summary"].value() == "My words"
    assert again.status_code == 302
    assert session.summary == "My words"


# --- modules and speakers ----------------------------------------------------------------


def test_the_next_module_gets_the_next_number(client, workshop):
    ModuleFactory(workshop=workshop, number=3)
    address = at(workshop, "module-create")

    response = client.post(address, {**seen(client, address), "title": "Prevention"})

    assert response.status_code == 302
    assert [*workshop.modules.values_list("number", "title")][1:] == [(4, "Prevention")]


def test_two_modules_of_one_number_are_told_apart_before_the_database_does(client, workshop):
    module = ModuleFactory(workshop=workshop, number=1)
    ModuleFactory(workshop=workshop, number=2)
    address = at(workshop, "module-edit", module.pk)

    taken = client.post(address, {**seen(client, address), "number": "2"})
    own = client.post(address, {**seen(client, address), "number": "1", "title": "Same number"})

    assert "has this number already" in errors_of(taken)["number"]
    assert own.status_code == 302


def test_a_module_with_sessions_is_not_deleted(client, workshop):
    module = ModuleFactory(workshop=workshop)
    session_on(workshop, 10, module=module)

    response = client.post(at(workshop, "module-delete", module.pk))

    assert response.status_code == 409
    assert Module.objects.filter(pk=module.pk).exists()
    assert not Entry.objects.filter(event="module.deleted").exists()


@pytest.mark.parametrize(
    ("kind", "factory", "model"),
    [
        ("module", ModuleFactory, Module),
        ("session", SessionFactory, Session),
        ("speaker", SpeakerFactory, Speaker),
    ],
)
def test_deleting_asks_first_and_stays_on_record(client, workshop, kind, factory, model):
    part = factory(workshop=workshop)
    address = at(workshop, f"{kind}-delete", part.pk)

    asked = client.get(address)
    there = model.objects.count()
    done = client.post(address)

    assert (asked.status_code, there) == (200, 1)
    assert (done.status_code, model.objects.count()) == (302, 0)
    assert [e.facts for e in Entry.objects.filter(event=f"{kind}.deleted")] == [
        {"called": str(part)}
    ]


def test_a_speaker_is_added_and_changed(client, workshop):
    create = at(workshop, "speaker-create")
    client.post(create, {**seen(client, create), "name": "Nari Shim", "organisation": "IOM"})
    speaker = Speaker.objects.get()
    edit = at(workshop, "speaker-edit", speaker.pk)
    client.post(edit, {**seen(client, edit), "organisation": "IOM Korea"})

    speaker.refresh_from_db()
    assert (speaker.workshop, speaker.name, speaker.organisation) == (
        workshop,
        "Nari Shim",
        "IOM Korea",
    )


# --- release -----------------------------------------------------------------------------


def test_a_programme_is_released_and_taken_back(client, workshop):
    session_on(workshop, 10)
    address = at(workshop, "programme")

    said = client.post(address, {"to": "released"}, follow=True).content.decode()
    released = client.get(address).context["programme"].status
    taken_back = client.post(address, {"to": "draft"}, follow=True).content.decode()

    assert released == "released"
    assert "The programme is released. Its sessions are public." in said
    assert "The sessions are off the public page again." in taken_back
    assert client.get(address).context["programme"].status == "draft"
    assert [*Entry.objects.order_by("pk").values_list("event", flat=True)] == [
        "programme.released",
        "programme.draft",
    ]


def test_an_empty_programme_is_not_released(workshop):
    with pytest.raises(Refused, match="no session yet"):
        actions.release(workshop, by=UserFactory())


def test_of_two_who_release_at_once_one_is_told_that_it_is_done(workshop):
    session_on(workshop, 10)
    actions.release(workshop, by=UserFactory())

    with pytest.raises(Refused, match="no longer possible"):
        actions.release(workshop, by=UserFactory())


# --- who ---------------------------------------------------------------------------------


def pages_of(workshop):
    module, session, speaker = (
        ModuleFactory(workshop=workshop),
        SessionFactory(workshop=workshop),
        SpeakerFactory(workshop=workshop),
    )
    parts = {"module": module, "session": session, "speaker": speaker}
    edits = [at(workshop, f"{kind}-edit", part.pk) for kind, part in parts.items()]
    deletes = [at(workshop, f"{kind}-delete", part.pk) for kind, part in parts.items()]
    creates = [at(workshop, f"{kind}-create") for kind in parts]
    return [at(workshop, "programme"), *creates, *edits, *deletes]


@pytest.mark.parametrize("role", ["reviewer", "facilitator", "observer", None])
def test_the_programme_desk_is_not_there_for_anybody_else(client, role):
    workshop = WorkshopFactory()
    pages = pages_of(workshop)
    person = RoleFactory(workshop=workshop, role=role).user if role else RoleFactory().user
    client.force_login(person)

    answers = {client.get(page).status_code for page in pages}
    answers |= {client.post(page, GOOD).status_code for page in pages}

    assert answers == {404}
    assert [Module.objects.count(), Session.objects.count(), Speaker.objects.count()] == [1, 1, 1]
    assert not access.can_edit_programme(person, workshop)


def test_a_visitor_is_asked_to_sign_in(client):
    pages = pages_of(WorkshopFactory())

    assert {client.get(page).url.split("?")[0] for page in pages} == {reverse("account_login")}


def test_a_part_is_not_reached_through_another_workshop_of_the_same_person(client, workshop):
    other = RoleFactory(user=workshop.roles.get().user).workshop
    session = SessionFactory(workshop=other)

    assert client.get(at(workshop, "session-edit", session.pk)).status_code == 404
    assert client.post(at(workshop, "session-delete", session.pk)).status_code == 404
    assert client.get(at(other, "session-edit", session.pk)).status_code == 200


def test_the_programme_page_costs_the_same_however_long_it_is(client, workshop):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(at(workshop, "programme"))
        return len(queries)

    session_on(workshop, 10, module=ModuleFactory(workshop=workshop))
    few = cost()
    for hour in (11, 12, 13):
        session = session_on(workshop, hour, module=ModuleFactory(workshop=workshop))
        session.speakers.add(*SpeakerFactory.create_batch(2, workshop=workshop))

    assert cost() == few


def test_a_workshop_without_days_says_where_to_write_them(client):
    role = RoleFactory()
    client.force_login(role.user)

    page = client.get(at(role.workshop, "session-create")).content.decode()

    assert "has no training days yet" in page
    assert at(role.workshop, "workshop-edit") in page
