"""A second step of signing in: an app, recovery codes, and who must have one."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.crypto import get_random_string

from tests.accounts.conftest import PASSWORD, is_signed_in, letters_to, sign_in
from tests.factories import RoleFactory, UserFactory
from workshop_portal.accounts.adapter import SecondFactorAdapter
from workshop_portal.audit.models import Entry

pytestmark = pytest.mark.django_db
STEPS = "/account/2fa/"
APP = "/account/2fa/totp/activate/"
CODES = "/account/2fa/recovery-codes/"
SECOND = "/account/2fa/authenticate/"


@pytest.fixture
def person():
    return UserFactory(email="known@example.org")


def digits(secret):
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, next(counters())))


def say_again(client, path):
    """Open a page that asks who one is, and answer with the password."""
    question = client.get(path)
    return client.post(question["Location"], {"password": PASSWORD}, follow=True)


def set_up_app(client, commits):
    """Set up an app; its secret."""
    page = say_again(client, APP)
    secret = page.context["form"].secret
    with commits(execute=True):
        answer = client.post(APP, {"code": digits(secret)})
    assert answer["Location"] == CODES
    cache.clear()  # an app shows the next code half a minute later
    return secret


def test_an_app_is_set_up_and_then_asked_for(client, person, django_capture_on_commit_callbacks):
    client.force_login(person)
    secret = set_up_app(client, django_capture_on_commit_callbacks)
    client.post("/account/logout/")

    assert sign_in(client, "known@example.org")["Location"] == SECOND
    assert not is_signed_in(client)
    assert client.get("/account/profile/").status_code == 302
    assert "Use a passkey" not in client.get(SECOND).content.decode()
    client.post(SECOND, {"code": digits(secret)})

    assert is_signed_in(client)
    assert letters_to("known@example.org") == ["totp_activated"]
    events = Entry.objects.about(person).values_list("event", flat=True)
    assert list(events) == ["account.totp_activated"]


def test_the_app_is_asked_for_after_a_code_by_mail_as_well(
    client, person, code, django_capture_on_commit_callbacks
):
    client.force_login(person)
    set_up_app(client, django_capture_on_commit_callbacks)
    client.post("/account/logout/")

    client.post("/account/login/code/", {"email": "known@example.org"})
    answer = client.post("/account/login/code/confirm/", {"code": code("known@example.org")})

    assert answer["Location"] == SECOND
    assert not is_signed_in(client)


def test_the_picture_holds_the_key_and_stays_on_the_page(client, person, settings):
    client.force_login(person)

    page = say_again(client, APP).content.decode()

    assert 'src="data:image/svg+xml;base64,' in page
    assert "issuer=Workshop%20Portal" in page


def test_a_wrong_code_is_refused_in_words_and_guessing_ends(
    client, person, django_capture_on_commit_callbacks
):
    client.force_login(person)
    secret = set_up_app(client, django_capture_on_commit_callbacks)
    client.post("/account/logout/")
    sign_in(client, "known@example.org")

    answers = [client.post(SECOND, {"code": "000 00"}) for _guess in range(6)]
    client.post(SECOND, {"code": digits(secret)})

    said = [answer.context["form"].errors["code"][0] for answer in answers]
    assert said[0].startswith("This code is not right.")
    assert said[5] == "There were too many attempts. Wait a few minutes, then start again."
    assert not is_signed_in(client)


def test_a_recovery_code_lets_in_once(client, person, django_capture_on_commit_callbacks):
    client.force_login(person)
    set_up_app(client, django_capture_on_commit_callbacks)
    spare = client.get(CODES).context["unused_codes"][0]

    for _time in range(2):
        client.post("/account/logout/")
        sign_in(client, "known@example.org")
        answer = client.post(SECOND, {"code": f"{spare[:4]} {spare[4:]}"})

    assert answer.status_code == 200
    assert not is_signed_in(client)


def test_recovery_codes_come_as_a_file_and_can_be_made_anew(
    client, person, django_capture_on_commit_callbacks
):
    client.force_login(person)
    set_up_app(client, django_capture_on_commit_callbacks)
    old = client.get(CODES).context["unused_codes"]

    text = client.get(f"{CODES}download/")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{CODES}generate/")

    assert text.content.decode().split()[-10:] == old
    assert text["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert set(client.get(CODES).context["unused_codes"]).isdisjoint(old)
    assert letters_to("known@example.org")[-1] == "recovery_codes_generated"


def test_removing_the_app_is_noted_and_told(client, person, django_capture_on_commit_callbacks):
    client.force_login(person)
    set_up_app(client, django_capture_on_commit_callbacks)

    client.post("/account/2fa/totp/deactivate/")

    assert not person.authenticator_set.exists()
    assert letters_to("known@example.org")[-1] == "totp_deactivated"
    events = Entry.objects.about(person).order_by("pk").values_list("event", flat=True)
    assert list(events) == ["account.totp_activated", "account.totp_deactivated"]


def test_the_database_alone_does_not_give_away_the_secret(
    client, person, settings, django_capture_on_commit_callbacks
):
    client.force_login(person)
    secret = set_up_app(client, django_capture_on_commit_callbacks)

    kept = Authenticator.objects.get(type="totp").data["secret"]
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = get_random_string(50)

    assert secret not in kept
    assert SecondFactorAdapter().decrypt(kept) == secret


# --- Those who work for the centre ---------------------------------------------------------

PAGES = ["home", "tasks", "outbox:inbox", "accounts:profile", "account_email", "desk"]


@pytest.fixture
def coordinator():
    return RoleFactory(user__email="staff@example.org").user


@pytest.fixture
def strict(settings):
    settings.STAFF_NEED_SECOND_FACTOR = True


@pytest.mark.parametrize("name", PAGES)
def test_staff_without_a_second_step_are_led_to_set_one_up(client, strict, coordinator, name):
    client.force_login(coordinator)

    answers = [client.get(reverse(name)), client.post(reverse(name))]

    assert [answer["Location"] for answer in answers] == [STEPS, STEPS]


def test_there_it_is_said_why(client, strict, coordinator):
    client.force_login(coordinator)

    assert "Set up one of these before you go on" in client.get(STEPS).content.decode()


def test_an_admin_needs_a_second_step_as_well(client, strict):
    client.force_login(UserFactory(is_admin=True))

    assert client.get(reverse("home"))["Location"] == STEPS


def test_staff_can_set_it_up_and_go_on(
    client, strict, coordinator, django_capture_on_commit_callbacks
):
    client.force_login(coordinator)

    set_up_app(client, django_capture_on_commit_callbacks)

    assert client.get(reverse("desk")).status_code == 200
    assert "before you go on" not in client.get(STEPS).content.decode()


def test_recovery_codes_alone_are_no_second_step(client, strict, coordinator):
    coordinator.authenticator_set.create(type="recovery_codes", data={})
    client.force_login(coordinator)

    assert client.get(reverse("home"))["Location"] == STEPS


def test_staff_can_sign_out_without_a_second_step(client, strict, coordinator):
    client.force_login(coordinator)

    client.post("/account/logout/")

    assert not is_signed_in(client)


@pytest.mark.parametrize("name", ["home", "tasks", "accounts:profile"])
def test_applicants_and_visitors_need_no_second_step(client, strict, person, name):
    assert STEPS not in client.get(reverse(name)).get("Location", "")

    client.force_login(person)

    assert client.get(reverse(name)).status_code == 200


def test_where_it_is_not_asked_for_staff_go_on(client, coordinator):
    client.force_login(coordinator)

    assert client.get(reverse("accounts:profile")).status_code == 200


def test_the_question_costs_no_query(
    client, settings, person, coordinator, django_assert_num_queries
):
    for who, needed in ((person, 4), (coordinator, 4)):
        client.force_login(who)
        settings.STAFF_NEED_SECOND_FACTOR = False
        with django_assert_num_queries(needed):  # session, person, city, keys
            client.get(reverse("accounts:profile"))

    settings.STAFF_NEED_SECOND_FACTOR = True
    client.force_login(person)
    with django_assert_num_queries(4):
        client.get(reverse("accounts:profile"))
    client.force_login(coordinator)
    with django_assert_num_queries(2):  # session, person: and then the way to the steps
        client.get(reverse("accounts:profile"))


def test_the_session_of_staff_ends_after_two_idle_hours(client, coordinator, settings):
    sign_in(client, "staff@example.org")

    client.get(reverse("accounts:profile"))

    assert client.session.get_expiry_age() <= settings.STAFF_IDLE_AGE


def test_no_session_of_staff_outlives_the_age_of_all_sessions(client, coordinator, settings):
    sign_in(client, "staff@example.org")
    session = client.session
    session["signed_in_at"] -= settings.SESSION_COOKIE_AGE - 60
    session.save()

    client.get(reverse("accounts:profile"))

    assert client.session.get_expiry_age() <= 60


def test_at_work_the_session_is_not_written_on_every_page(
    client, coordinator, django_assert_num_queries
):
    sign_in(client, "staff@example.org")
    client.get(reverse("accounts:profile"))

    with django_assert_num_queries(4):
        client.get(reverse("accounts:profile"))


def test_an_applicant_keeps_the_session_for_the_day(client, person, settings):
    sign_in(client, "known@example.org")

    client.get(reverse("accounts:profile"))

    assert client.session.get_expire_at_browser_close()
    assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE


def test_a_second_browser_needs_the_second_step_too(
    client, person, django_capture_on_commit_callbacks
):
    client.force_login(person)
    set_up_app(client, django_capture_on_commit_callbacks)
    second = Client()

    assert sign_in(second, "known@example.org")["Location"] == SECOND
