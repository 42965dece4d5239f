"""Choosing, changing and forgetting a password; changing the address."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.accounts.conftest import PASSWORD, is_signed_in, letters_to, seen, sign_in
from tests.factories import UserFactory
from workshop_portal.accounts.models import User
from workshop_portal.audit.models import Entry
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
RESET = "/account/password/reset/"
CHANGE = "/account/password/change/"
ADDRESS = "/account/email/"
CONFIRM = "/account/confirm-email/"
NEW = "another long good one"


@pytest.fixture
def person():
    return UserFactory(email="known@example.org")


def events(person):
    return list(Entry.objects.about(person).order_by("pk").values_list("event", flat=True))


def open_link(client, found):
    """Follow the link of a letter to the page with the form; its path."""
    return client.get(found[2])["Location"]


def test_a_forgotten_password_is_replaced_by_the_link_in_a_letter(client, person, link):
    client.post(RESET, {"email": "Known@example.org"})
    page = open_link(client, link("known@example.org"))
    answer = client.post(page, {"password1": NEW}, follow=True)

    assert "Your new password is set" in answer.content.decode()
    assert not is_signed_in(client)
    assert sign_in(client, "known@example.org", NEW).status_code == 302
    assert events(person) == ["account.password_changed"]
    assert letters_to("known@example.org") == ["password_reset_key", "password_reset"]


def test_the_link_works_once(client, person, link):
    client.post(RESET, {"email": "known@example.org"})
    found = link("known@example.org")
    client.post(open_link(client, found), {"password1": NEW})

    again = Client().get(found[2])

    assert "This link no longer works" in again.content.decode()


def test_a_link_with_another_persons_id_does_not_work(client, person, link):
    other = UserFactory()
    client.post(RESET, {"email": "known@example.org"})
    forged = link("known@example.org")[2].replace(person.pk.hex, other.pk.hex)

    assert "This link no longer works" in client.get(forged).content.decode()


@pytest.mark.parametrize("who", ["0", "zz", "9" * 500, "g" * 32])
def test_a_link_with_a_strange_id_is_only_an_old_link(client, who):
    answer = client.get(f"/account/password/reset/key/{who}-abc-def/")

    assert (answer.status_code, "no longer works" in answer.content.decode()) == (200, True)


def test_the_link_stands_on_the_portals_own_address_whatever_the_host(
    client, person, link, settings
):
    settings.PUBLIC_BASE_URL = "http://workshops.example"
    client.post(RESET, {"email": "known@example.org"}, headers={"host": "localhost"})

    assert link("known@example.org")[1] == "http://workshops.example"


def test_asking_for_a_link_looks_the_same_for_an_unknown_address(person):
    answers = []
    for address in ("known@example.org", "nobody@example.org"):
        client = Client()
        answers.append(seen(client.post(RESET, {"email": address}, follow=True)))

    assert answers[0] == answers[1]
    assert letters_to("nobody@example.org") == ["unknown_account"]


def test_a_look_alike_address_gets_no_link(client):
    UserFactory(email="mike@example.org")

    client.post(RESET, {"email": "m\u0131ke@example.org"})

    assert not Message.objects.exists()


def test_a_new_password_ends_every_other_session(client, person):
    elsewhere = Client()
    sign_in(client, "known@example.org")
    sign_in(elsewhere, "known@example.org")

    client.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW})

    assert client.get("/account/profile/").status_code == 200
    assert elsewhere.get("/account/profile/").status_code == 302
    assert events(person) == ["account.password_changed"]
    assert letters_to("known@example.org") == ["password_changed"]


def test_a_password_is_changed_only_with_the_old_one(client, person):
    client.force_login(person)

    answer = client.post(CHANGE, {"oldpassword": "not this", "password1": NEW})

    assert answer.context["form"].errors == {
        "oldpassword": ["This is not your password. Type the one you use now."]
    }
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)


def test_the_name_is_no_password(client):
    person = UserFactory(given_name="Wilhelmina Constance")
    client.force_login(person)

    answer = client.post(CHANGE, {"oldpassword": PASSWORD, "password1": "wilhelminaconstance"})

    assert list(answer.context["form"].errors) == ["password1"]


def test_who_signs_in_with_codes_only_can_choose_a_password(client, person):
    person.set_unusable_password()
    person.save()
    client.force_login(person)

    assert client.get(CHANGE)["Location"] == reverse("account_set_password")
    client.post(reverse("account_set_password"), {"password1": NEW})

    assert User.objects.get(pk=person.pk).check_password(NEW)
    assert letters_to("known@example.org") == ["password_set"]


# --- Address -----------------------------------------------------------------------------


AGAIN = "/account/reauthenticate/?next=%2Faccount%2Femail%2F"


@pytest.fixture
def signed_in(client, person):
    client.force_login(person)
    return client


def ask_for(client, address):
    """Ask for another address, after saying once more who one is."""
    asked = {"action_add": "1", "email": address}
    client.post(ADDRESS, asked)
    client.post(AGAIN, {"password": PASSWORD})
    return client.post(ADDRESS, asked)


def test_the_address_is_changed_only_by_who_types_the_password_again(signed_in):
    answer = signed_in.post(ADDRESS, {"action_add": "1", "email": "new@example.org"})

    assert answer["Location"] == AGAIN
    assert not Message.objects.exists()
    assert signed_in.post(AGAIN, {"password": PASSWORD})["Location"] == CONFIRM
    assert letters_to("new@example.org") == ["email_confirmation"]


def test_an_address_changes_when_the_new_one_is_confirmed(signed_in, person, code):
    assert ask_for(signed_in, "new@example.org")["Location"] == CONFIRM
    assert User.objects.get().email == "known@example.org"
    signed_in.post(CONFIRM, {"code": code("new@example.org")})

    assert User.objects.get().email == "new@example.org"
    assert list(person.emailaddress_set.values_list("email", "primary", "verified")) == [
        ("new@example.org", True, True)
    ]
    assert letters_to("known@example.org") == ["email_changed"]
    assert events(person) == ["account.email_changed", "account.address_confirmed"]
    assert sign_in(Client(), "known@example.org").status_code == 200
    assert sign_in(Client(), "new@example.org").status_code == 302


def test_an_address_of_somebody_else_looks_the_same_and_stays_theirs(signed_in):
    other = UserFactory(email="taken@example.org")

    answers = [
        seen(ask_for(signed_in, address)) + seen(signed_in.get(CONFIRM))
        for address in ("taken@example.org", "free@example.org")
    ]

    assert answers[0] == answers[1]
    assert User.objects.get(pk=other.pk).email == "taken@example.org"


def test_ones_own_address_is_no_new_one(signed_in):
    answer = ask_for(signed_in, "KNOWN@example.org")

    assert answer.context["form"].errors == {
        "email": ["This is your address already. Give another one."]
    }
