"""A coordinator writes a letter anew, looks at it as its reader, and it is what is sent."""

import pytest

from tests.factories import RoleFactory, SubmittedApplicationFactory
from workshop_portal.outbox.models import LetterText, Message

pytestmark = pytest.mark.journey


@pytest.fixture
def sent(transactional_db):
    return SubmittedApplicationFactory(
        call__workshop__slug="here", given_name="Sokha", family_name="Chan"
    )


@pytest.fixture
def coordinator(sent):
    return RoleFactory(workshop=sent.call.workshop).user


@pytest.mark.parametrize(
    ("width", "scripts", "theme"),
    [(360, True, "light"), (1280, True, "dark"), (360, False, "light")],
)
def test_words_are_written_looked_at_and_used(visit, sent, coordinator, width, scripts, theme):
    desk = visit(width=width, scripts=scripts, theme=theme).sign_in(coordinator)
    barriers = {}

    def look(name):
        assert not desk.scrolls_sideways(), name
        if scripts:
            barriers[name] = desk.barriers()

    desk.go("/desk/")
    desk.page.click("main a[href='/desk/here/letters/']")
    look("the list")
    desk.page.click("main a[href='/desk/here/letters/withdrawn/en/']")
    look("the words")
    desk.page.fill("[name=body]", "Dear {nobody},\n\n{link}")
    desk.page.click("input[name=save]")
    wrong = desk.page.locator("main").inner_text()
    look("what is wrong")
    desk.page.fill("[name=body]", "Dear {name},\n\nuntil next time: {link}")
    desk.page.click("input[name=look]")
    preview = desk.page.locator("#preview").inner_text()
    before = LetterText.objects.count()
    look("the preview")
    desk.page.click("input[name=save]")
    desk.page.wait_for_url("**/letters/")
    desk.page.click("main a[href='/desk/here/letters/withdrawn/preview/']")
    tried_out = desk.page.locator("main").inner_text()
    look("as a reader")

    withdraw(visit(width=360, scripts=scripts).sign_in(sent.applicant), sent)

    letter = Message.objects.get(letter="applications/withdrawn")
    words = f"Dear {sent.applicant.full_name},\n\nuntil next time: http"
    assert "“{nobody}” is no placeholder." in wrong
    assert words in preview
    assert before == 0
    assert words in tried_out
    assert letter.body.startswith(words)
    assert {name: found for name, found in barriers.items() if found} == {}


def withdraw(phone, application):
    phone.go(f"/applications/{application.pk}/withdraw/")
    phone.page.locator("main form button, main form input[type=submit]").first.click()
    phone.page.wait_for_load_state()


def test_who_cannot_be_reached_is_told_without_a_barrier(visit, sent):
    type(sent.applicant).objects.filter(pk=sent.applicant.pk).update(
        unreachable_since="2026-01-01T00:00Z"
    )
    phone = visit(width=360).sign_in(sent.applicant)

    phone.go("/inbox/")
    barriers, sideways = phone.barriers(), phone.scrolls_sideways()
    phone.page.click("button:has-text('The address is right')")
    phone.page.wait_for_url("**/account/profile/")

    assert (barriers, sideways) == ([], False)
    assert "Our letters do not reach you" not in phone.page.locator("body").inner_text()
