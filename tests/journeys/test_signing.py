"""Papers signed in the browser, and a nominator who answers through a personal link."""

import re

import pytest

from applications.models import Application, Document, Nomination
from tests import factories as make
from tests.journeys.answers import pdf
from tests.journeys.hands import Keyboard, Pointer
from tests.settings import SCRATCH

pytestmark = pytest.mark.journey
SIGN = ".signing form [type=submit], .signing form button"
SIGNED = ("commitment", "waiver", "consent")


@pytest.fixture
def draft(transactional_db):
    """All answers, and every document but those that can be signed here."""
    draft = make.CompleteApplicationFactory(
        applicant__given_name="Aoife", applicant__family_name="O'Brien"
    )
    Document.objects.filter(requirement__slug__in=[*SIGNED, "nomination"]).delete()
    return draft


class Look:
    """Every page on the way is looked at once: by axe, and for sideways scrolling."""

    def __init__(self, visit, hands):
        self.visit, self.hands, self.faults = visit, hands(visit.page), {}

    def here(self):
        self.visit.page.wait_for_load_state()
        found = self.visit.barriers() if self.visit.scripts else []
        found += ["scrolls sideways"] * self.visit.scrolls_sideways()
        if found:
            self.faults[self.visit.page.url] = found

    def go(self, path):
        self.visit.go(path)
        self.here()

    def press(self, selector):
        self.hands.press(selector)
        self.here()


WAYS = {
    "on a phone without JavaScript": (Pointer, {"width": 360, "scripts": False}),
    "at a desk with the keyboard alone": (Keyboard, {"width": 1280, "theme": "dark"}),
}


@pytest.mark.parametrize("how", WAYS)
def test_an_applicant_signs_three_papers_and_sends_the_application(how, visit, draft):
    hands, options = WAYS[how]
    make.DocumentFactory(
        application=draft, requirement=draft.call.required_documents.get(slug="nomination")
    )
    look = Look(visit(**options).sign_in(draft.applicant), hands)

    for slug in SIGNED:
        look.go(f"/applications/{draft.pk}/documents/{slug}/")
        look.press("main a[href$='/sign/'].btn")
        look.hands.tick("statement")
        look.hands.write("name", "aoife obrien")
        look.press(SIGN)
    look.go(f"/applications/{draft.pk}/check/")
    look.hands.tick("statement")
    look.press("main form[action$='/submit/'] [type=submit]")

    sent = Application.objects.get()
    signed = Document.objects.filter(origin="signed").order_by("requirement__order")
    assert sent.status == "submitted"
    assert [each.requirement.slug for each in signed] == [*SIGNED]
    assert look.faults == {}


def test_a_paper_is_filled_and_offered_on_the_same_page(visit, draft):
    look = Look(visit(width=360, theme="dark").sign_in(draft.applicant), Pointer)
    look.go(f"/applications/{draft.pk}/documents/commitment/")

    look.press("#paper form button")

    with look.visit.page.expect_download() as download:
        look.hands.press("#paper a[href$='.pdf']")
    assert download.value.suggested_filename == "commitment.pdf"
    assert look.faults == {}


def link_in_the_mail():
    mails = "\n".join(path.read_text() for path in (SCRATCH / "mail").glob("*.log"))
    return re.findall(r"https?://[^/]+(/nominations/\S+)", mails)[-1]


def asked(visit, draft):
    """The applicant asks a person; gives the link that this person finds in the mail."""
    look = Look(visit(width=360).sign_in(draft.applicant), Pointer)
    look.go(f"/applications/{draft.pk}/documents/nomination/")
    look.press("#nominator a.btn")
    facts = {"name": "Sok Dara", "position": "Director", "organisation": "Social Affairs"}
    for name, words in (facts | {"email": "dara@authority.example"}).items():
        look.hands.write(name, words)
    look.press("main form:has([name=email]) [type=submit]")
    assert look.faults == {}
    return link_in_the_mail()


def test_a_nominator_signs_on_a_phone(visit, draft):
    link = asked(visit, draft)
    look = Look(visit(width=360), Pointer)
    look.go(link)

    look.hands.write("words", "We want a referral desk.")
    look.hands.tick("statement")
    look.hands.write("name", "DARA sok")
    look.press(SIGN)

    assert "Your letter has been received" in look.visit.page.locator("main").inner_text()
    assert Nomination.objects.get().status == "given"
    assert look.faults == {}


def test_another_sends_a_letter_with_the_keyboard_and_without_javascript(visit, draft, tmp_path):
    link = asked(visit, draft)
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(pdf("Letter"))
    look = Look(visit(width=1280, scripts=False), Keyboard)
    look.go(link)

    look.hands.reach("details:has([name=file]) summary")
    look.visit.page.keyboard.press("Enter")
    look.hands.choose_file("file", letter)
    look.press("form[action$='/upload/'] button")

    assert "Your letter has been received" in look.visit.page.locator("main").inner_text()
    assert Document.objects.get(origin="nominator").name == "letter.pdf"
    assert look.faults == {}


def test_a_third_declines(visit, draft):
    link = asked(visit, draft)
    look = Look(visit(width=360, theme="dark"), Pointer)
    look.go(link)

    look.hands.press("details:has([name=reason]) summary")
    look.hands.write("reason", "Please ask the ministry.")
    look.press("form[action$='/decline/'] button")

    assert "You have declined" in look.visit.page.locator("h1").inner_text()
    assert Nomination.objects.get().words == "Please ask the ministry."
    assert look.faults == {}
