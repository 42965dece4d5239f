"""From the call to the receipt, as an applicant goes."""

import hashlib

import pytest
from django.core import mail
from django.urls import reverse

from applications.models import Application, Document
from tests import factories as make
from tests.conftest import GOOD_PDF
from tests.intake.conftest import ANSWERS
from workshop_portal.audit.models import Entry
from workshop_portal.papers.models import Paper

FILES = ["case-study", "nomination", "commitment", "waiver", "consent", "cv"]


@pytest.fixture
def call(db):
    return make.CallFactory(workshop__slug="jeju-2027", workshop__title="Safe Migration")


def test_a_person_applies_with_seven_documents(person, call, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        begun = person.start(call)
        application = Application.objects.get()
        for section in ANSWERS:
            assert person.save(application, section).status_code == 302
        for slug in FILES:
            assert person.send_file(application, slug, name=f"{slug}.pdf").status_code == 302
        answer = person.submit(application)

    application.refresh_from_db()
    receipt = application.receipts.get()
    fingerprint = hashlib.sha256(GOOD_PDF).hexdigest()
    page = person.client.get(answer.url).content.decode()
    assert begun.url == application.get_absolute_url()
    assert answer.url == reverse("applications:receipt", args=[application.pk])
    assert application.status == "submitted"
    assert application.submitted_at == receipt.arrived_at
    assert [line["name"] for line in receipt.documents] == [
        "Filled in on the portal",
        *(f"{slug}.pdf" for slug in FILES),
    ]
    assert {line["sha256"] for line in receipt.documents[1:]} == {fingerprint}
    assert application.reference in page
    assert page.count(fingerprint) == len(FILES)
    assert [letter.subject for letter in mail.outbox] == [
        f"Received: your application {application.reference} for Safe Migration"
    ]
    assert "Dear Aoife O'Brien," in mail.outbox[0].body
    assert Paper.objects.get().state == Paper.State.READY


def test_the_pdf_of_the_receipt_can_be_downloaded(
    person, draft, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        person.submit(draft)

    answer = person.client.get(person.at("receipt-paper", draft.pk, 1))

    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_until_the_pdf_is_made_the_receipt_page_says_so(person, draft):
    person.submit(draft)

    page = person.client.get(person.at("receipt", draft.pk))
    early = person.client.get(person.at("receipt-paper", draft.pk, 1))

    assert b"is being prepared" in page.content
    assert early.url == person.at("receipt", draft.pk)


def test_the_trail_tells_the_whole_story_in_order(person, call):
    person.start(call)
    application = Application.objects.get()
    person.save(application, "you")
    person.send_file(application, "cv")

    told = Entry.objects.about(application).order_by("pk").values_list("event", "by")

    assert list(told) == [
        ("application.started", person.user.pk),
        ("application.changed", person.user.pk),
        ("document.received", person.user.pk),
    ]


def test_the_statement_that_was_confirmed_stands_in_the_trail(person, draft):
    person.submit(draft)

    entry = Entry.objects.get(event="application.submitted")

    assert entry.facts["statement"].startswith("What I say in this application")
    assert entry.facts["reference"] == Application.objects.get().reference


def test_nobody_types_a_fact_twice(person, call):
    earlier = make.FilledApplicationFactory(applicant=person.user, organisation="Red Cross")

    person.start(call)

    begun = call.applications.get()
    assert (begun.organisation, begun.phone, begun.duties) == (
        "Red Cross",
        earlier.phone,
        earlier.duties,
    )
    assert (begun.motivation, begun.all_days, begun.airfare) == ("", "", "")


def test_a_first_application_begins_with_what_the_account_knows(person, call):
    person.start(call)

    begun = Application.objects.get()
    assert begun.certificate_name == "Aoife O'Brien"
    assert begun.city_name == person.user.city.name
    assert begun.country == person.user.city.country


def test_starting_twice_leads_to_the_same_application(person, call):
    first, second = person.start(call), person.start(call)

    assert first.url == second.url
    assert Application.objects.count() == 1


def test_coming_back_from_signing_in_leads_to_the_call(person, call):
    answer = person.client.get(person.at("start", call.workshop.slug))

    assert answer.url == call.get_absolute_url()


def test_saving_a_part_leads_to_the_next_one_and_from_the_check_back_to_it(person, draft):
    onward = person.save(draft, "you")
    back = person.save(draft, "organisation", query="?check", position="Head of office")

    assert onward.url == person.at("section", draft.pk, "organisation")
    assert back.url == person.at("check", draft.pk)


def test_a_reference_is_readable_and_names_the_workshop(person, call):
    draft = make.CompleteApplicationFactory(applicant=person.user, call=call)

    person.submit(draft)

    draft.refresh_from_db()
    place, first, second = draft.reference.split("-")
    assert place == "JEJU"
    assert len(first) == len(second) == 4
    assert not set(first + second) & set("ILOU")


def test_a_reference_that_is_taken_is_drawn_again(person, draft, monkeypatch):
    make.SubmittedApplicationFactory(reference=f"{prefix(draft)}-0000-0000")
    drawn = iter("0" * 8 + "1" * 8)
    monkeypatch.setattr("applications.actions.sending.secrets.choice", lambda _signs: next(drawn))

    person.submit(draft)

    draft.refresh_from_db()
    assert draft.reference == f"{prefix(draft)}-1111-1111"


def prefix(application):
    return application.call.workshop.slug.split("-")[0][:6].upper()


def test_the_answers_can_be_kept_as_a_text_file(person, draft):
    answer = person.client.get(person.at("answers", draft.pk) + "?download")

    assert answer["Content-Type"].startswith("text/plain")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "Our province wants a written referral pathway." in answer.content.decode()


def test_every_file_of_a_person_can_be_downloaded_by_them_also_older_ones(person, draft):
    person.send_file(draft, "cv", name="newer.pdf")
    older = Document.objects.get(requirement__slug="cv", version=1)

    answer = person.client.get(person.at("document-file", older.pk))

    assert answer["Content-Disposition"] == 'attachment; filename="cv.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["Cache-Control"] == "no-store, private"
