"""A person adds a passkey and signs in with nothing else, in a browser with a virtual one."""

import pytest

from tests.factories import UserFactory

pytestmark = pytest.mark.journey
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def begin(visit, address):
    """A visit by the name of the machine: passkeys belong to names, not to numbers."""
    here = visit()
    here.address = address.replace("127.0.0.1", "localhost")
    session = here.context.new_cdp_session(here.page)
    session.send("WebAuthn.enable")
    here.phone = session.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})
    here.cdp = session
    return here


def press(visit, words):
    visit.page.get_by_role("button", name=words, exact=True).click()


def sign_in(visit, path):
    visit.go(f"/account/login/?next={path}")
    visit.page.get_by_label("E-mail address").fill("known@example.org")
    visit.page.get_by_label("Password", exact=True).fill("a long good password")
    visit.page.locator("main form").get_by_role("button", name="Sign in").click()


def test_a_passkey_is_added_asked_for_and_enough(begin):
    UserFactory(email="known@example.org")
    page = begin.page
    sign_in(begin, "/account/2fa/webauthn/add/")
    page.get_by_label("Password", exact=True).fill("a long good password")
    press(begin, "Go on")

    page.get_by_label("Name of this passkey").fill("My phone")
    assert begin.barriers() == []
    press(begin, "Add the passkey")
    page.wait_for_url("**/recovery-codes/")
    assert begin.barriers() == []

    begin.context.clear_cookies()
    sign_in(begin, "/account/profile/")
    page.wait_for_url("**/authenticate/")
    press(begin, "Use a passkey")
    page.wait_for_url("**/account/profile/")
    assert page.get_by_text("1 passkey").is_visible()

    begin.context.clear_cookies()
    begin.go("/account/login/?next=/account/profile/")
    press(begin, "Use a passkey")
    page.wait_for_url("**/account/profile/")


def test_a_device_that_says_no_is_answered_in_words(begin):
    begin.cdp.send(
        "WebAuthn.setUserVerified",
        {"authenticatorId": begin.phone["authenticatorId"], "isUserVerified": False},
    )
    begin.go("/account/login/")

    press(begin, "Use a passkey")

    problem = begin.page.get_by_role("alert")
    problem.wait_for()
    assert "The passkey was not used" in problem.inner_text()
