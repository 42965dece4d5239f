"""What whoever installs the portal does on its machine."""

import pytest
from django.core.management import CommandError, call_command

from tests.accounts.conftest import letters_to, sign_in
from tests.factories import RoleFactory, UserFactory, WorkshopFactory
from workshop_portal.accounts.models import User
from workshop_portal.audit.models import Entry
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
NEW = "another long good one"


def events():
    return list(Entry.objects.order_by("pk").values_list("event", flat=True))


def test_the_first_admin_gets_an_account_and_a_letter_to_choose_a_password(client, link):
    call_command("staff", "Boss@Example.org", "--admin", "--given-name", "Boss")

    boss = User.objects.get()
    assert (boss.email, boss.given_name, boss.is_admin) == ("boss@example.org", "Boss", True)
    assert letters_to("boss@example.org") == ["invitation"]
    assert events() == ["account.opened", "account.invited", "account.made_admin"]
    page = client.get(link("boss@example.org")[2])["Location"]
    client.post(page, {"password1": NEW})
    assert sign_in(client, "boss@example.org", NEW)["Location"] == "/tasks/"


def test_nobody_signs_in_to_an_invited_account_without_the_letter(client):
    call_command("staff", "boss@example.org", "--admin")

    assert sign_in(client, "boss@example.org", "").status_code == 200


def test_somebody_with_an_account_gets_a_role_and_no_new_account():
    person = UserFactory(email="known@example.org")
    WorkshopFactory(slug="here")

    for _time in range(2):
        call_command("staff", "KNOWN@example.org", "--role", "coordinator", "--workshop", "here")

    assert list(person.roles.values_list("role", "workshop__slug")) == [("coordinator", "here")]
    assert events() == ["role.granted"]
    assert not Message.objects.exists()


def test_a_lost_second_step_is_taken_off_and_told(client):
    person = RoleFactory(user__email="known@example.org").user
    person.authenticator_set.create(type="totp", data={})
    person.authenticator_set.create(type="recovery_codes", data={})

    call_command("staff", "known@example.org", "--forget-second-factor")

    assert not person.authenticator_set.exists()
    assert letters_to("known@example.org") == ["second_factor_forgotten"]
    assert events() == ["account.second_factor_forgotten"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["known@example.org"], "Say what to do"),
        (["known@example.org", "--role", "observer"], "A role is given in a workshop"),
        (["known@example.org", "--workshop", "here", "--admin"], "A role is given in a workshop"),
        (["not-an-address", "--admin"], "Give one e-mail address"),
        (["nobody@example.org", "--forget-second-factor"], "There is no account with the address"),
        (
            ["new@example.org", "--role", "observer", "--workshop", "gone"],
            "There is no workshop gone. There are: here.",
        ),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_changed(words, sentence):
    WorkshopFactory(slug="here")

    with pytest.raises(CommandError, match=sentence):
        call_command("staff", *words)

    assert not User.objects.exists()
    assert not Entry.objects.exists()
