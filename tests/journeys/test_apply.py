"""From the public call to a numbered receipt, as different people go that way."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import Application
from tests.factories import CallFactory
from tests.journeys.answers import ANSWERS, WRITTEN, files
from tests.journeys.hands import Keyboard, Pointer
from tests.settings import SCRATCH
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.journey

SUBMIT = "main form button:not([type=button]), main form input[type=submit]"
# A page may offer other ways beside the file.
SEND = "main form:has([name=file]) :is(button:not([type=button]), input[type=submit])"


@pytest.fixture
def call(transactional_db):
    return CallFactory(
        workshop__slug="safe-referral",
        workshop__title="Safe referral between cities",
        workshop__background="Cities refer people to each other.",
        closes_at=timezone.now() + timedelta(days=5),
        decide_by=(timezone.now() + timedelta(days=20)).date(),
    )


def code_in_the_mail_to(address):
    """The six digits that a person reads in their mail, on a line of their own."""
    mails = [path.read_text() for path in (SCRATCH / "mail").glob("*.log")]
    [mail] = [mail for mail in mails if f"To: {address}" in mail]
    return re.search(r"^\s*(\d{6})\s*$", mail, re.MULTILINE)[1]


class Way:
    """The way from the front page to the receipt, with one kind of hands."""

    def __init__(self, visit, hands, folder, *, axe):
        self.visit, self.hands, self.axe = visit, hands, axe
        self.files = files(folder)
        self.barriers = {}

    def look(self):
        """Every page on the way is looked at once: by axe, and for sideways scrolling."""
        if self.axe:
            found = self.visit.barriers()
            if self.visit.scrolls_sideways():
                found.append("scrolls sideways")
            if found:
                self.barriers[self.visit.page.url] = found

    def follow(self, selector):
        # The button of a form waits for what is being saved: the press itself leads nowhere yet.
        with self.visit.page.expect_navigation():
            self.hands.press(selector)
        self.look()

    def register(self):
        self.visit.go("/")
        self.look()
        self.follow("main a[href='/workshops/safe-referral/call/']")
        self.follow("main a[href^='/account/signup/']")
        self.hands.write("email", "aoife@example.org")
        self.hands.write("password1", "a long good password")
        self.hands.write("given_name", "Aoife")
        self.hands.write("family_name", "O'Brien")
        self.follow(SUBMIT)
        self.hands.write("code", code_in_the_mail_to("aoife@example.org"))
        self.follow("main form:has([name=code]) button:not([formaction])")
        self.follow("main form[action$='/apply/'] button")

    def fill_in(self):
        self.follow("main a[href$='/form/you/']")
        for section in ANSWERS.values():
            for how, name, value in section:
                (self.hands.write if how == WRITTEN else self.hands.pick)(name, value)
            self.follow(SUBMIT)

    def send_documents(self):
        for slug, path in self.files.items():
            self.follow(f"main a[href$='/documents/{slug}/']")
            self.hands.choose_file("file", path)
            self.press_what_is_left(path)
            self.visit.page.locator("main h2", has_text="The file we have").wait_for()
            self.look()
            self.follow("main a:has-text('Back to your application')")

    def press_what_is_left(self, path):
        """A file travels when it is chosen; a photo waits for other pages, a form for a press."""
        if not self.visit.scripts:
            self.follow(SEND)
        elif path.suffix == ".jpg":
            self.visit.page.get_by_role("button", name="Send these pages").click()

    def send(self):
        self.follow("main a[href$='/check/']")
        self.hands.tick("statement")
        self.follow(
            "main form[action$='/submit/'] input[type=submit], main form[action$='/submit/'] button"
        )

    def whole(self):
        self.register()
        self.fill_in()
        self.send_documents()
        self.send()


WAYS = {
    "on a phone": (Pointer, {"width": 360}),
    "on a phone without JavaScript": (Pointer, {"width": 360, "scripts": False}),
    "at a desk with the keyboard alone": (Keyboard, {"width": 1280}),
    "in the dark": (Pointer, {"width": 1280, "theme": "dark"}),
}


@pytest.mark.parametrize("how", WAYS)
def test_a_visitor_goes_from_the_front_page_to_a_receipt(how, visit, call, tmp_path):
    hands, options = WAYS[how]
    here = visit(**options)
    way = Way(here, hands(here.page), tmp_path, axe=here.scripts)

    way.whole()

    sent = Application.objects.get(applicant__email="aoife@example.org")
    page = here.page.locator("main").inner_text()
    assert sent.status == "submitted"
    assert sent.reference in page
    assert all(document.sha256 in page.replace("\n", "") for document in sent.documents.all())
    assert (sent.name, sent.city_name, sent.years) == ("Aoife O'Brien", "Battambang", 6)
    assert way.barriers == {}
    letters = Message.objects.filter(to=sent.applicant, in_inbox=True)
    assert [letter.letter for letter in letters] == ["applications/received"]
