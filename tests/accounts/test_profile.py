"""What people see and change of what the portal knows of them."""

import pytest
from django.urls import reverse

from tests.factories import ApplicationFactory, RoleFactory, UserFactory
from workshop_portal.accounts.models import City, User
from workshop_portal.accounts.queries import WORDS, Held, held_about, references
from workshop_portal.audit.models import Entry
from workshop_portal.outbox.actions import post

pytestmark = pytest.mark.django_db
DETAILS = "/account/profile/details/"
SAID = {
    "given_name": "Thị",
    "language": "ko",
    "family_name": "",
    "city_name": "Huế",
    "country": "VN",
    "zone": "Asia/Ho_Chi_Minh",
}


@pytest.fixture
def person():
    city = {"city__name": "Hue", "city__country": "KH"}
    return UserFactory(given_name="Old", family_name="Name", language="en", **city)


def test_a_person_changes_name_city_and_clock(client, person):
    client.force_login(person)

    answer = client.post(DETAILS, SAID, follow=True)

    person = User.objects.get(pk=person.pk)
    assert (person.full_name, person.zone) == ("Thị", "Asia/Ho_Chi_Minh")
    assert (person.city.name, person.city.country.code) == ("Huế", "VN")
    assert "Your details are saved." in answer.content.decode()
    assert str(answer.wsgi_request.zone) == "Asia/Ho_Chi_Minh"
    [entry] = Entry.objects.about(person)
    assert (entry.event, entry.by_id) == ("account.details_changed", person.pk)
    assert entry.facts == {"changed": ["given_name", "family_name", "zone", "city", "language"]}


def test_saving_without_a_change_leaves_no_line_on_the_trail(client, person):
    client.force_login(person)
    known = client.get(DETAILS).context["form"].initial

    client.post(DETAILS, known)

    assert not Entry.objects.exists()


def test_a_city_that_is_known_is_not_made_a_second_time(client, person):
    known = City.objects.create(name="Huế", country="VN")
    client.force_login(person)

    client.post(DETAILS, SAID)

    assert User.objects.get(pk=person.pk).city == known


def test_the_city_may_be_left_empty(client, person):
    client.force_login(person)

    client.post(DETAILS, {**SAID, "city_name": "", "country": ""})

    assert User.objects.get(pk=person.pk).city is None


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"country": ""}, "country", "Choose the country of your city."),
        ({"city_name": ""}, "city_name", "Give the city, or leave the country empty as well."),
        ({"given_name": " "}, "given_name", "Give your name."),
        ({"zone": "Mars/Base"}, "zone", "Select a valid choice."),
        (
            {"city_name": "a\x08b"},
            "city_name",
            "This text holds a sign that cannot be read or printed.",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_the_field_and_stays_typed(
    client, person, said, field, sentence
):
    client.force_login(person)

    answer = client.post(DETAILS, {**SAID, **said})

    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"].errors[field][0].startswith(sentence)
    assert User.objects.get(pk=person.pk).given_name == "Old"


def test_what_is_not_asked_is_not_changed(client, person):
    client.force_login(person)

    client.post(DETAILS, {**SAID, "is_admin": "on", "email": "x@example.org", "id": "1"})

    person = User.objects.get(pk=person.pk)
    assert (person.is_admin, person.email.startswith("person")) == (False, True)


def test_every_table_that_points_at_people_has_words():
    assert sorted(WORDS) == sorted(label for label, _column in references())


def test_a_person_sees_how_much_is_kept_of_them(django_assert_num_queries):
    person, other = UserFactory(), UserFactory()
    ApplicationFactory(applicant=other)
    RoleFactory(user=other)
    ApplicationFactory.create_batch(2, applicant=person)
    post("account/password_changed", to=person, key="one")

    with django_assert_num_queries(1):
        found = held_about(person)

    assert sorted(found, key=lambda kind: str(kind.words)) == [
        Held(WORDS["applications.Application.applicant"], 2),
        Held(WORDS["account.EmailAddress.user"], 1),
        Held(WORDS["outbox.Message.to"], 1),
    ]


def test_the_page_of_the_account_shows_names_as_they_are_written(client):
    person = UserFactory(given_name="<b>O'Brien</b>", family_name="{{7*7}}")
    client.force_login(person)

    page = client.get(reverse("accounts:profile")).content.decode()

    assert "&lt;b&gt;O&#x27;Brien&lt;/b&gt; {{7*7}}" in page


@pytest.mark.parametrize("name", ["accounts:profile", "accounts:details", "accounts:held"])
def test_a_visitor_is_asked_to_sign_in(client, name):
    page = reverse(name)

    assert client.get(page)["Location"] == f"/account/login/?next={page}"


def test_the_number_of_queries_does_not_grow_with_what_is_kept(
    client, person, django_assert_num_queries
):
    client.force_login(person)
    for more in (1, 2):
        ApplicationFactory.create_batch(more, applicant=person)

        with django_assert_num_queries(3):  # session, person, counts
            client.get(reverse("accounts:held"))
