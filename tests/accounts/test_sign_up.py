"""Opening an account."""

import pytest
from allauth.core.context import request_context
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.accounts.conftest import PASSWORD, is_signed_in, letters_to, seen
from tests.factories import UserFactory
from workshop_portal.accounts.forms import AddressField, SignupForm
from workshop_portal.accounts.models import User
from workshop_portal.audit.models import Entry

pytestmark = pytest.mark.django_db
SIGN_UP = "/account/signup/"
UNREADABLE = (
    "This text holds a sign that cannot be read or printed. Please type it instead of pasting it."
)
CONFIRM = "/account/confirm-email/"
SOMEBODY = {
    "given_name": "Aoife",
    "family_name": "O'Brien",
    "email": "aoife@example.org",
    "password1": PASSWORD,
}


def faults(response):
    """The sentences at each field of the form."""
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def test_a_visitor_opens_an_account_and_goes_on_where_they_were(client, code):
    page = client.get(SIGN_UP, {"next": "/workshops/here/call/"})
    assert 'name="next" value="/workshops/here/call/"' in page.content.decode()

    answer = client.post(SIGN_UP, {**SOMEBODY, "next": "/workshops/here/call/"})
    assert answer["Location"] == CONFIRM
    answer = client.post(CONFIRM, {"code": code("aoife@example.org")})

    assert answer["Location"] == "/workshops/here/call/"
    assert is_signed_in(client)
    user = User.objects.get()
    assert (user.email, user.full_name) == ("aoife@example.org", "Aoife O'Brien")
    events = Entry.objects.about(user).order_by("pk").values_list("event", "by")
    assert list(events) == [("account.opened", user.pk), ("account.address_confirmed", user.pk)]


def test_nobody_is_signed_in_before_the_code(client):
    client.post(SIGN_UP, SOMEBODY)

    assert not is_signed_in(client)
    assert client.get("/account/profile/")["Location"].startswith("/account/login/")


def test_the_code_may_be_typed_with_a_space(client, code):
    client.post(SIGN_UP, SOMEBODY)
    digits = code("aoife@example.org")

    client.post(CONFIRM, {"code": f" {digits[:3]} {digits[3:]} "})

    assert is_signed_in(client)


def test_a_person_with_one_name_leaves_the_family_name_empty(client):
    client.post(SIGN_UP, {**SOMEBODY, "given_name": "Sukarno", "family_name": ""})

    assert User.objects.get().full_name == "Sukarno"


def test_an_address_that_has_an_account_gets_the_same_answer(client):
    UserFactory(email="known@example.org")

    answers = []
    for address in ("known@example.org", "new@example.org"):
        client.logout()
        said = {**SOMEBODY, "email": address}
        answers.append([seen(client.post(SIGN_UP, said)), seen(client.get(CONFIRM))])
        answers[-1] += [seen(client.post(CONFIRM, {"code": "1"}))]
        answers[-1] += [seen(client.post(CONFIRM, {"action": "resend"}))]

    assert answers[0] == answers[1]
    assert "No letter?" in answers[0][1][2]
    assert letters_to("known@example.org") == ["account_already_exists"]
    assert set(letters_to("new@example.org")) == {"email_confirmation_signup"}
    assert User.objects.count() == 2


def test_both_answers_hash_a_password(client, monkeypatch):
    hashed = []
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher.encode"
    monkeypatch.setattr(hasher, lambda self, word, salt: hashed.append(word) or f"md5${salt}$0")
    UserFactory(email="known@example.org", password="md5$a$b")
    hashed.clear()

    for address in ("known@example.org", "new@example.org"):
        client.post(SIGN_UP, {**SOMEBODY, "email": address})
        client.logout()

    assert hashed == [PASSWORD, PASSWORD]


def test_of_two_visitors_with_one_address_at_once_the_second_changes_nothing(client):
    request = client.get(SIGN_UP).wsgi_request
    form = SignupForm(SOMEBODY)
    assert form.is_valid()
    UserFactory(email="aoife@example.org", given_name="First")

    with request_context(request):
        user, answer = form.try_save(request)

    assert (user, answer["Location"]) == (None, CONFIRM)
    assert [u.given_name for u in User.objects.all()] == ["First"]


@pytest.mark.parametrize(
    "address", ["KNOWN@EXAMPLE.ORG", "Known@Example.org", " known@example.org "]
)
def test_capital_letters_make_no_second_account(client, address):
    UserFactory(email="known@example.org")

    client.post(SIGN_UP, {**SOMEBODY, "email": address})

    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "Give your e-mail address."),
        ("aoife", "Give one e-mail address, such as name@example.org."),
        ("a@b.org, c@d.org", "Give one e-mail address, such as name@example.org."),
        ("a@b.org\nBcc: x@y.org", "Give one e-mail address, such as name@example.org."),
        ('"A, B" <a@b.org>', "Give one e-mail address, such as name@example.org."),
        ("a\x07@b.org", "Give one e-mail address, such as name@example.org."),
        ("a\x00@b.org", "Give one e-mail address, such as name@example.org."),
        ("m\u0131ke@b.org", "Write the address in plain letters from a to z, without accents."),
        ("\u212aim@b.org", "Write the address in plain letters from a to z, without accents."),
        ("a@b\u00fccher.org", "Write the address in plain letters from a to z, without accents."),
        (f"{'a' * 60}@{'b' * 63}.{'c' * 63}.{'d' * 63}.org", "An e-mail address has at most 254"),
    ],
)
def test_what_is_no_plain_address_is_refused_at_the_field(client, address, sentence):
    answer = client.post(SIGN_UP, {**SOMEBODY, "email": address})

    assert faults(answer)["email"][0].startswith(sentence)
    assert SOMEBODY["given_name"] in answer.content.decode()
    assert not User.objects.exists()


LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789._+-"


@given(st.text(LETTERS, min_size=1, max_size=20), st.data())
def test_however_an_address_is_capitalised_it_is_one_address(local, data):
    address = f"x{local.replace('.', '')}x@example.org"
    other = "".join(data.draw(st.sampled_from([sign, sign.upper()])) for sign in address)

    assert AddressField().clean(other) == AddressField().clean(address) == address


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("O'Brien", "O'Brien"),
        ("D\u2019\u00c1vila", "D\u2019\u00c1vila"),
        ("Nguy\u1ec5n   Th\u1ecb", "Nguy\u1ec5n Th\u1ecb"),
        ("\u0645\u062d\u0645\u062f", "\u0645\u062d\u0645\u062f"),
        ("a\tb", "a b"),
        ("{{7*7}}<svg/onload=x>", "{{7*7}}<svg/onload=x>"),
        ("n" * 120, "n" * 120),
    ],
)
def test_a_name_is_kept_as_it_is_written(client, name, kept):
    client.post(SIGN_UP, {**SOMEBODY, "given_name": name})

    assert User.objects.get().given_name == kept


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Give your name."),
        ("   ", "Give your name."),
        ("a\x08b", UNREADABLE),
        ("a\u202eb", UNREADABLE),
        ("n" * 121, "Please shorten this to 120 characters; it has 121."),
    ],
)
def test_a_name_that_cannot_be_shown_is_refused_at_the_field(client, name, sentence):
    answer = client.post(SIGN_UP, {**SOMEBODY, "given_name": name})

    assert faults(answer) == {"given_name": [sentence]}


@pytest.mark.parametrize("password", ["short", "password1234", "aoife@example.org"])
def test_a_weak_password_is_refused_and_the_rest_stays_typed(client, password):
    answer = client.post(SIGN_UP, {**SOMEBODY, "password1": password})

    assert list(faults(answer)) == ["password1"]
    assert 'value="aoife@example.org"' in answer.content.decode()


def test_what_is_not_asked_is_not_stored(client):
    client.post(SIGN_UP, {**SOMEBODY, "is_admin": "on", "is_active": "", "zone": "Asia/Seoul"})

    user = User.objects.get()
    assert (user.is_admin, user.is_active, user.zone) == (False, True, "")


def test_three_wrong_codes_end_it_with_a_sentence(client):
    client.post(SIGN_UP, SOMEBODY)

    for _attempt in range(3):
        answer = client.post(CONFIRM, {"code": "000"}, follow=True)

    assert "There were too many attempts." in answer.content.decode()
    assert not is_signed_in(client)


def test_a_new_code_replaces_the_old_one(client, code):
    client.post(SIGN_UP, SOMEBODY)
    old = code("aoife@example.org")
    client.post(CONFIRM, {"action": "resend"})
    new = code("aoife@example.org")

    client.post(CONFIRM, {"code": old})
    assert is_signed_in(client) == (old == new)
    client.post(CONFIRM, {"code": new})

    assert is_signed_in(client)


def test_a_mistyped_address_can_be_given_anew(client):
    client.post(SIGN_UP, SOMEBODY)
    assert client.get(SIGN_UP)["Location"] == CONFIRM

    answer = client.post("/account/logout/", {"next": SIGN_UP})

    assert answer["Location"] == SIGN_UP
    assert client.get(SIGN_UP).status_code == 200


def test_who_did_not_confirm_is_sent_a_code_when_signing_in(client, code):
    client.post(SIGN_UP, SOMEBODY)
    client.post("/account/logout/")
    said = {"login": "aoife@example.org", "password": PASSWORD}

    answer = client.post(reverse("account_login"), said)
    assert answer["Location"] == CONFIRM
    client.post(CONFIRM, {"code": code("aoife@example.org")})

    assert is_signed_in(client)


def test_the_letter_with_the_code_does_not_repeat_what_a_stranger_typed(client):
    client.post(SIGN_UP, {**SOMEBODY, "given_name": "You won! see evil.example"})

    user = User.objects.get()
    assert "evil" not in user.letters.get().body
