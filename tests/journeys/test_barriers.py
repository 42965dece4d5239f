"""axe finds nothing, and nothing scrolls sideways, on the pages of visitors and applicants."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import Document
from tests import factories as make
from workshop_portal.outbox.actions import post

pytestmark = pytest.mark.journey
LOOKS = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]


@pytest.fixture
def sent(transactional_db):
    """A submitted application of which one document came back, and a letter about it."""
    application = make.SubmittedApplicationFactory(call__workshop__slug="here")
    Document.objects.filter(application=application, requirement__slug="cv").update(
        status="returned",
        return_reason="unreadable",
        return_note="The second page is dark.",
        return_until=timezone.now() + timedelta(days=3),
    )
    application.receipts.create(
        number=1,
        arrived_at=timezone.now(),
        documents=[{"title": "Curriculum vitae", "name": "cv.pdf", "size": 25, "sha256": "0" * 64}],
    )
    return application


@pytest.fixture
def letter(sent):
    workshop = sent.call.workshop
    facts = {"application": sent, "workshop": workshop, "call": sent.call, "may_return": True}
    return post("applications/withdrawn", to=sent.applicant, key="one", about=sent, **facts)


def public_pages():
    yield from ("/", "/workshops/", "/workshops/here/", "/workshops/here/call/")
    yield from ("/workshops/here/call/form/", "/workshops/here/call/papers/consent/")
    yield from ("/account/signup/", "/account/login/", "/account/login/code/")
    yield "/account/password/reset/"


def applicant_pages(application, letter):
    mine = f"/applications/{application.pk}"
    yield from ("/tasks/", "/inbox/", f"/inbox/{letter.pk}/", f"{mine}/", f"{mine}/receipt/")
    yield from (f"{mine}/form/{part}/" for part in ("you", "organisation", "work", "taking-part"))
    yield from (f"{mine}/documents/cv/", f"{mine}/answers/", f"{mine}/withdraw/")
    yield from ("/account/profile/", "/account/profile/details/", "/account/2fa/")


def test_no_public_page_has_a_barrier(visit, sent):
    person = visit()

    found = {path: person.faults_at(path) for path in public_pages()}

    assert found == {path: {} for path in public_pages()}


def test_no_page_of_an_applicant_has_a_barrier(visit, sent, letter):
    person = visit().sign_in(sent.applicant)

    found = {path: person.faults_at(path) for path in applicant_pages(sent, letter)}

    assert found == {path: {} for path in applicant_pages(sent, letter)}


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_a_form_with_mistakes_has_no_barrier(visit, sent, width, theme):
    person = visit(width=width, theme=theme).sign_in(sent.applicant)
    person.go(f"/applications/{sent.pk}/form/you/")
    person.page.fill("[name=birth_date_year]", "2090")
    person.page.fill("[name=phone]", "none")

    person.page.click("main input[name=save]")

    summary = person.page.locator("[data-error-summary]")
    assert summary.evaluate("it => it === document.activeElement")
    assert summary.locator("a").count() == 2
    assert person.page.input_value("[name=phone]") == "none"
    assert person.barriers() == []
    assert not person.scrolls_sideways()
