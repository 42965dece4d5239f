"""Every mail that the accounts library can ask for is a letter of ours."""

from pathlib import Path

import allauth
import pytest
from django.conf import settings

from tests.factories import UserFactory
from workshop_portal.outbox.actions import post

pytestmark = pytest.mark.django_db
LIBRARY = Path(allauth.__file__).parent / "templates"
OURS = Path(settings.BASE_DIR) / "templates" / "letters" / "account"
# The library asks for these only where an address is confirmed by a link.
UNUSED = {"email_confirm"}
ASKED_FOR = sorted(
    path.name.removesuffix("_subject.txt")
    for app in ("account", "mfa")
    for path in (LIBRARY / app / "email").glob("*_subject.txt")
)
# A password is forgotten by link here, not by code.
UNUSED |= {"password_reset_code"}
FACTS = {
    "code": "123456",
    "password_reset_url": "http://127.0.0.1:8000/x",
    "from_email": "a@example.org",
    "to_email": "b@example.org",
}


@pytest.mark.parametrize("name", sorted(set(ASKED_FOR) - UNUSED))
def test_the_library_finds_a_letter_of_ours(name):
    assert (OURS / f"{name}.txt").exists()


@pytest.mark.parametrize("name", sorted(path.stem for path in OURS.glob("*.txt")))
@pytest.mark.parametrize("person", ["known", "unknown"])
def test_every_letter_can_be_written(name, person):
    to = UserFactory(given_name="Aoife", family_name="O'Brien") if person == "known" else None

    letter = post(f"account/{name}", to=to, address="a@example.org", key="one", **FACTS)

    assert letter.subject
    assert "  " not in letter.subject
    assert "{" not in letter.body
    assert "&#" not in letter.body
    assert ("Dear Aoife O'Brien," in letter.body) == (
        person == "known" and name != "email_confirmation_signup"
    )
    assert ("Hello," in letter.body) == ("Dear" not in letter.body)
