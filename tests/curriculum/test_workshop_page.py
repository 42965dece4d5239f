"""Setting up a workshop and writing its page."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from curriculum import access
from curriculum.actions import programme as actions
from tests.factories import (
    CallFactory,
    RoleFactory,
    SessionFactory,
    UserFactory,
    WorkshopFactory,
)
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.papers.models import Paper
from workshop_portal.workshops import actions as workshops
from workshop_portal.workshops.models import LearningObjective, TrainingDay, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop(client):
    """A workshop with its coordinator signed in."""
    role = RoleFactory()
    client.force_login(role.user)
    return role.workshop


def shown(client, address):
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None}


def edit(client, workshop, **changes):
    address = reverse("curriculum:workshop-edit", args=[workshop.slug])
    return client.post(address, {**shown(client, address), **changes})


def errors_of(response):
    assert response.status_code == 200
    return {name: " ".join(words) for name, words in response.context["form"].errors.items()}


def days_of(workshop):
    return [day.date for day in workshop.days.all()]


# --- creating ----------------------------------------------------------------------------


def create(client, **changes):
    good = {"title": "Cities 2028", "slug": "cities-2028", "mode": "virtual", "zone": "Asia/Seoul"}
    return client.post(reverse("curriculum:workshop-create"), {**good, **changes})


def test_an_admin_begins_a_workshop_as_a_draft_and_gives_it_a_coordinator(client):
    client.force_login(UserFactory(is_admin=True))
    coordinator = UserFactory(email="co@example.org")

    response = create(client, coordinator="CO@example.org")

    workshop = Workshop.objects.get()
    assert response.url == reverse("curriculum:workshop-edit", args=["cities-2028"])
    assert (workshop.status, workshop.zone) == ("draft", "Asia/Seoul")
    assert [(role.user, role.role) for role in workshop.roles.all()] == [
        (coordinator, "coordinator")
    ]
    assert Entry.objects.filter(event="workshop.created").count() == 1


def test_an_admin_who_names_nobody_runs_the_workshop(client):
    admin = UserFactory(is_admin=True)
    client.force_login(admin)

    create(client)

    assert [role.user for role in Workshop.objects.get().roles.all()] == [admin]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"zone": "Seoul"}, "zone", "Choose a time zone such as Asia/Seoul."),
        ({"zone": "../etc/passwd"}, "zone", "Choose a time zone"),
        ({"zone": "localtime"}, "zone", "Choose a time zone"),
        ({"zone": "Factory"}, "zone", "Choose a time zone"),
        ({"slug": "Cities_2028"}, "slug", "Use small letters, digits and single hyphens only"),
        ({"slug": "-"}, "slug", "Use small letters, digits and single hyphens only"),
        ({"slug": "feed"}, "slug", "This address is taken."),
        ({"slug": "taken"}, "slug", "This address is taken."),
        ({"slug": "two words"}, "slug", "Use small letters, digits and single hyphens only"),
        ({"coordinator": "nobody@example.org"}, "coordinator", "no account"),
        ({"title": ""}, "title", "required"),
    ],
)
def test_what_cannot_be_a_workshop_is_told_in_a_sentence_and_kept(client, changes, field, words):
    WorkshopFactory(slug="taken")
    client.force_login(UserFactory(is_admin=True))

    response = create(client, **changes)

    assert words in errors_of(response)[field]
    assert Workshop.objects.count() == 1


def test_nobody_but_an_admin_begins_a_workshop(client, workshop):
    assert client.get(reverse("curriculum:workshop-create")).status_code == 404
    assert create(client).status_code == 404
    assert [access.can_create_workshop(u) for u in (UserFactory(), UserFactory(is_admin=True))] == [
        False,
        True,
    ]


# --- writing -----------------------------------------------------------------------------


def test_the_page_is_written_with_its_days_objectives_and_organisations(client, workshop):
    response = edit(
        client,
        workshop,
        title="Human security",
        days="2027-09-08, 2027-09-01\r\n2027-09-02",
        objectives="tell it from smuggling\r\n\r\n make a plan ",
        organisers="The centre | https://example.org/\nThe office",
        partners="IOM",
    )

    workshop.refresh_from_db()
    assert response.status_code == 302
    assert workshop.title == "Human security"
    assert days_of(workshop) == [date(2027, 9, 1), date(2027, 9, 2), date(2027, 9, 8)]
    assert [o.text for o in workshop.objectives.all()] == ["tell it from smuggling", "make a plan"]
    assert [(p.part, p.name, p.url) for p in workshop.partners.all()] == [
        ("organiser", "The centre", "https://example.org/"),
        ("organiser", "The office", ""),
        ("partner", "IOM", ""),
    ]
    [entry] = Entry.objects.filter(event="workshop.changed")
    assert entry.facts["fields"] == ["title", "days", "objectives", "organisers", "partners"]


def test_saving_a_page_unchanged_changes_and_records_nothing(client, workshop):
    edit(
        client, workshop, days="2027-09-01", objectives="one\ntwo", organisers="A | https://a.org/"
    )
    stored = [*workshop.objectives.values_list("pk", "order", "text")]
    before = Entry.objects.count()

    response = edit(client, workshop)

    assert response.status_code == 302
    assert [*workshop.objectives.values_list("pk", "order", "text")] == stored
    assert Entry.objects.count() == before


def test_an_objective_that_is_reworded_stays_the_same_row(client, workshop):
    edit(client, workshop, objectives="one\ntwo\nthree")
    first, second, _third = LearningObjective.objects.values_list("pk", flat=True)

    edit(client, workshop, objectives="one\nzwei")

    assert [*workshop.objectives.values_list("pk", "text")] == [(first, "one"), (second, "zwei")]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"days": "2027-02-30"}, "days", "“2027-02-30” is not a date"),
        ({"days": "1 September"}, "days", "is not a date"),
        (
            {"days": " ".join(f"2027-{m:02}-{d:02}" for m in (1, 3, 5) for d in range(1, 29))},
            "days",
            "at most 60",
        ),
        ({"objectives": "x" * 501}, "objectives", "more than 500 characters"),
        ({"organisers": "IOM | javascript:alert(1)"}, "organisers", "not an address on the web"),
        ({"organisers": "| https://a.org"}, "organisers", "Write a name"),
        ({"organisers": f"IOM | https://a.org/{'x' * 200}"}, "organisers", "longer"),
        ({"zone": "Nowhere/Land"}, "zone", "Choose a time zone"),
        ({"days": "9999-12-31"}, "days", "Check the year"),
        ({"contact_email": "nobody"}, "contact_email", "valid email"),
        ({"background": "x" * 20_001}, "background", "shorten this"),
        ({"title": "a\x00b"}, "title", "cannot be read"),
        ({"objectives": "a\x00b"}, "objectives", "cannot be read"),
        ({"days": "2027-09-01\x00"}, "days", "cannot be read"),
        ({"country": "XX"}, "country", "valid choice"),
    ],
)
def test_what_cannot_stand_on_the_page_is_told_in_a_sentence_and_kept(
    client, workshop, changes, field, words
):
    response = edit(client, workshop, summary="Not lost", **changes)

    assert words in errors_of(response)[field]
    assert response.context["form"]["summary"].value() == "Not lost"
    assert response.context["form"][field].value() == changes[field]
    workshop.refresh_from_db()
    assert workshop.summary == ""


def test_a_day_with_sessions_is_not_taken_out(client, workshop):
    edit(client, workshop, days="2027-09-01 2027-09-02")
    starts = datetime(2027, 9, 1, 20, tzinfo=UTC)
    SessionFactory(workshop=workshop, starts_at=starts, ends_at=starts + timedelta(hours=1))

    response = edit(client, workshop, days="2027-09-01")

    assert "sessions on 2 September 2027" in errors_of(response)["days"]
    assert days_of(workshop) == [date(2027, 9, 1), date(2027, 9, 2)]


def test_the_zone_stays_once_a_deadline_or_a_session_stands_on_its_clock(client, workshop):
    CallFactory(workshop=workshop)

    response = edit(client, workshop, zone="Europe/Paris")
    with pytest.raises(Refused, match="zone stays"):
        actions.edit_workshop(
            workshop,
            zone="Europe/Paris",
            days=[],
            objectives=[],
            organisers=[],
            partners=[],
            by=UserFactory(),
        )

    workshop.refresh_from_db()
    assert response.status_code == 302
    assert workshop.zone == "Asia/Seoul"


def test_other_days_make_other_papers_of_the_call(client, workshop):
    CallFactory(workshop=workshop)

    edit(client, workshop, days="2027-09-01")
    edit(client, workshop, days="2027-09-02")

    printed = Paper.objects.filter(key__contains=":consent:").values_list("facts", flat=True)
    assert sorted(facts["dates"] for facts in printed) == ["1 September 2027", "2 September 2027"]


def test_two_people_never_overwrite_each_other_in_silence(client, workshop):
    address = reverse("curriculum:workshop-edit", args=[workshop.slug])
    mine = {**shown(client, address), "summary": "Mine"}
    TrainingDay.objects.create(workshop=workshop, date=date(2027, 9, 1))

    response = client.post(address, mine)

    assert "Somebody changed this" in errors_of(response)["__all__"]
    assert response.context["form"]["summary"].value() == "Mine"
    assert days_of(workshop) == [date(2027, 9, 1)]


# --- publishing --------------------------------------------------------------------------


def test_a_workshop_is_published_with_its_days_and_taken_back(client, workshop):
    Workshop.objects.update(status="draft")
    address = reverse("curriculum:workshop-publish", args=[workshop.slug])

    refused = client.post(address, {"to": "published"})
    TrainingDay.objects.create(workshop=workshop, date=date(2027, 9, 1))
    said = client.post(address, {"to": "published"}, follow=True).content.decode()
    published = Workshop.objects.get().status
    taken_back = client.post(address, {"to": "draft"}, follow=True).content.decode()

    assert refused.status_code == 409
    assert published == "published"
    assert "The page is published. Everybody sees it." in said
    assert "The page is a draft again; only its staff see it." in taken_back
    assert Workshop.objects.get().status == "draft"
    assert client.get(address).status_code == 405


def test_the_page_is_edited_by_its_coordinator_and_by_admins_alone(client):
    workshop = WorkshopFactory()
    address = reverse("curriculum:workshop-edit", args=[workshop.slug])
    people = {
        "coordinator": RoleFactory(workshop=workshop).user,
        "admin": UserFactory(is_admin=True),
        "reviewer": RoleFactory(workshop=workshop, role="reviewer").user,
        "coordinator elsewhere": RoleFactory().user,
        "stranger": UserFactory(),
    }

    answers = {}
    for name, user in people.items():
        client.force_login(user)
        answers[name] = (client.get(address).status_code, access.can_edit_workshop(user, workshop))

    assert answers == {
        "coordinator": (200, True),
        "admin": (200, True),
        "reviewer": (404, False),
        "coordinator elsewhere": (404, False),
        "stranger": (404, False),
    }


def test_publishing_twice_is_refused(workshop):
    TrainingDay.objects.create(workshop=workshop, date=date(2027, 9, 1))

    with pytest.raises(Refused, match="no longer possible"):
        workshops.publish(workshop, by=UserFactory())
