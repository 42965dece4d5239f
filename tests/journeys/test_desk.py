"""Staff and applicants at work with each other: a return and a new file, a decision and a seat."""

import pytest
from django.urls import reverse

from applications.models import Application, Document
from tests.factories import RoleFactory, SubmittedApplicationFactory
from tests.journeys.answers import pdf
from workshop_portal.audit.models import DocumentAccess
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.journey


@pytest.fixture
def sent(transactional_db):
    """A submitted application whose files can really be read."""
    application = SubmittedApplicationFactory(
        given_name="Sokha", family_name="Chan", reference="SAFER-0001"
    )
    for document in application.documents.all():
        content = pdf(document.requirement.title)
        with document.file.open("wb") as file:
            file.write(content)
        Document.objects.filter(pk=document.pk).update(size=len(content))
    return application


@pytest.fixture
def coordinator(sent):
    return RoleFactory(workshop=sent.call.workshop).user


def letters_to(user):
    return [letter.letter for letter in user.letters.order_by("written_at")]


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_returned_document_comes_back_better(visit, sent, coordinator, tmp_path, scripts):
    desk = visit(scripts=scripts).sign_in(coordinator)
    phone = visit(width=360, scripts=scripts).sign_in(sent.applicant)
    nomination = sent.documents.get(requirement__slug="nomination")
    better = tmp_path / "signed.pdf"
    better.write_bytes(pdf("Signed and stamped"))

    desk.go("/desk/")
    desk.page.click(f"main a[href^='/desk/{sent.call.workshop.slug}/applications/']")
    desk.page.click("main a:has-text('Sokha Chan')")
    desk.page.locator(f"main a[href^='/desk/documents/{nomination.pk}/']").first.click()
    desk.page.click("summary:has-text('Return it')")
    desk.page.check("input[value=unsigned]")
    desk.page.locator("textarea").first.fill("The stamp of your office is missing.")
    desk.page.click("main input[name=return]")
    phone.go("/tasks/")
    phone.page.locator("main a:has-text('Letter of nomination')").first.click()
    reason = phone.page.locator("main").inner_text()
    phone.page.set_input_files("input[name=file]", better)
    if not scripts:
        phone.page.click("main input[name=save]")
    phone.page.locator("main .document-file", has_text="signed.pdf").wait_for()
    desk.go(f"/desk/applications/{sent.pk}/")

    now = sent.documents.current().get(requirement__slug="nomination")
    assert "The stamp of your office is missing." in reason
    assert (now.name, now.version, now.status) == ("signed.pdf", 2, "received")
    assert "signed.pdf" in desk.page.locator("main").inner_text()
    assert letters_to(sent.applicant)[0] == "applications/returned"
    assert DocumentAccess.objects.filter(by=coordinator, title__contains="nomination").exists()


def test_a_decision_is_released_and_the_person_has_a_seat(visit, sent, coordinator):
    desk = visit().sign_in(coordinator)
    phone = visit(width=360).sign_in(sent.applicant)

    desk.go(f"/desk/applications/{sent.pk}/")
    desk.page.locator(f"main a[href='/desk/applications/{sent.pk}/decide/']").first.click()
    desk.page.check("input[name=outcome][value=accepted]")
    desk.page.fill("textarea[name=message]", "We look forward to your case.")
    desk.page.click("main input[name=decide]")
    phone.go(f"/applications/{sent.pk}/")
    before = phone.page.locator("main").inner_text()
    desk.go(f"/desk/{sent.call.workshop.slug}/release/")
    desk.page.locator("main form input[type=submit]").click()
    phone.go("/inbox/")
    phone.page.locator("main a:has-text('You have a place')").first.click()
    letter = phone.page.locator("main").inner_text()

    sent.refresh_from_db()
    assert sent.status == Application.Status.ACCEPTED
    assert "Accept" not in before
    assert "We look forward to your case." in letter
    assert [seat.user for seat in sent.call.workshop.participants.all()] == [sent.applicant]
    assert Message.objects.get(letter="applications/accepted").rule == "once"


def staff_pages(sent):
    slug, document = sent.call.workshop.slug, sent.documents.first()
    yield from ("/tasks/", "/desk/", "/inbox/", "/account/profile/", "/workshops/")
    yield from (f"/desk/{slug}/{part}/" for part in ("applications", "extend", "release"))
    yield from (f"/desk/{slug}/{part}/" for part in ("outbox", "programme", "call", "page"))
    yield reverse("applications:desk-application", args=[sent.pk])
    yield reverse("applications:documents-return", args=[sent.pk])
    yield reverse("applications:decide", args=[sent.pk])
    yield reverse("applications:desk-document", args=[document.pk])


def test_no_page_of_the_desk_has_a_barrier(visit, sent, coordinator):
    desk = visit().sign_in(coordinator)

    found = {path: desk.faults_at(path) for path in staff_pages(sent)}

    assert found == {path: {} for path in staff_pages(sent)}
