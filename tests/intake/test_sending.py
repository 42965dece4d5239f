"""Checking, sending, and taking back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import Application
from tests import factories as make
from workshop_portal.audit.models import Entry
from workshop_portal.outbox.models import Message
from workshop_portal.papers.models import Paper


def letters(application):
    found = Message.objects.filter(to=application.applicant).order_by("written_at")
    return list(found.values_list("letter", flat=True))


def test_the_check_shows_every_answer_with_a_way_to_change_it(person, draft):
    page = person.client.get(person.at("check", draft.pk)).content.decode()

    assert "I will draft the pathway with the police and two organisations." in page
    assert f"{person.at('section', draft.pk, 'work')}?check=#id_intention" in page
    assert "waiver.pdf" in page


def test_what_is_missing_is_named_with_a_way_to_it_and_cannot_be_sent(person):
    draft = make.FilledApplicationFactory(applicant=person.user, phone="")

    page = person.client.get(person.at("check", draft.pk)).content.decode()

    assert "This is still missing" in page
    assert "1 answer missing" in page
    assert person.at("document", draft.pk, "waiver") in page
    assert person.at("submit", draft.pk) not in page


@pytest.mark.parametrize("gap", ["answer", "document", "returned"])
def test_what_is_not_complete_is_refused_and_says_what_is_missing(person, draft, gap):
    if gap == "answer":
        Application.objects.filter(pk=draft.pk).update(phone="")
    waiver = draft.documents.filter(requirement__slug="waiver")
    if gap == "document":
        waiver.delete()
    if gap == "returned":
        waiver.update(status="returned", return_reason="unsigned")

    answer = person.submit(draft)

    draft.refresh_from_db()
    title = "Application form" if gap == "answer" else "Acknowledgement, waiver"
    assert answer.status_code == 409
    assert f"This is still missing: {title}" in answer.content.decode()
    assert (draft.status, draft.submitted_at, draft.receipts.count()) == ("draft", None, 0)
    assert Entry.objects.get().event == "application.submit.refused"


def test_without_the_statement_nothing_is_sent_and_the_page_comes_back(person, draft):
    answer = person.submit(draft, statement="")

    draft.refresh_from_db()
    assert "Please confirm this" in answer.content.decode()
    assert draft.status == "draft"
    assert Entry.objects.get().facts["reason"] == "unconfirmed"


@pytest.mark.parametrize("version", ["999", "-1", "1 OR 1=1", "", "9" * 5000])
def test_only_what_was_checked_is_sent(person, draft, version):
    person.submit(draft, version=version)

    draft.refresh_from_db()
    assert draft.status == "draft"


def test_a_change_in_another_window_after_the_check_has_to_be_checked_too(person, draft):
    draft.refresh_from_db()
    checked = draft.version
    person.send_file(draft, "cv", name="other.pdf")

    answer = person.submit(draft, version=checked)

    draft.refresh_from_db()
    assert answer.status_code == 409
    assert "Please check it once more" in answer.content.decode()
    assert draft.status == "draft"


def test_pressing_twice_or_going_back_leads_to_the_same_receipt(person, draft):
    answers = [person.submit(draft), person.submit(draft), person.submit(draft, statement="")]

    assert {answer.url for answer in answers} == {person.at("receipt", draft.pk)}
    assert draft.receipts.count() == Paper.objects.count() == 1
    assert letters(draft) == ["applications/received"]


def test_a_second_press_after_the_deadline_still_leads_to_the_receipt(person, draft, close):
    person.submit(draft)
    close(draft.call)

    answer = person.submit(draft)

    assert answer.url == person.at("receipt", draft.pk)


def test_coming_to_the_sending_by_its_address_leads_to_the_check(person, draft):
    assert person.client.get(person.at("submit", draft.pk)).url == person.at("check", draft.pk)


def test_what_was_sent_cannot_be_checked_again(person, sent):
    assert person.client.get(person.at("check", sent.pk)).url == sent.get_absolute_url()


def test_after_the_deadline_nothing_is_sent_and_the_trail_remembers_the_attempt(
    person, draft, close
):
    close(draft.call)

    answer = person.submit(draft)

    draft.refresh_from_db()
    entry = Entry.objects.get()
    assert answer.status_code == 409
    assert "This arrived after the deadline" in answer.content.decode()
    assert (draft.status, draft.reference) == ("draft", None)
    assert (entry.event, entry.by) == ("application.submit.refused", person.user)


def test_more_time_for_everybody_counts_at_once(person, draft, close):
    close(draft.call)
    draft.call.closes_at += timedelta(days=1)
    draft.call.save()

    answer = person.submit(draft)

    assert answer.url == person.at("receipt", draft.pk)


def test_the_grace_of_a_call_counts(person, draft, close):
    close(draft.call)
    draft.call.grace_seconds = 7200
    draft.call.save()

    assert person.submit(draft).url == person.at("receipt", draft.pk)


def test_after_the_deadline_the_answers_stay_readable(person, draft, close):
    close(draft.call)

    page = person.client.get(draft.get_absolute_url()).content.decode()
    answers = person.client.get(person.at("answers", draft.pk)).content.decode()

    assert "This application was not sent in time" in page
    assert "Our province wants a written referral pathway." in answers


def test_withdrawing_asks_first_and_then_writes_a_letter(person, sent):
    asked = person.client.get(person.at("withdraw", sent.pk)).content.decode()
    still = Application.objects.get(pk=sent.pk).status

    person.client.post(person.at("withdraw", sent.pk))

    sent.refresh_from_db()
    assert "you can take it up again" in asked
    assert (still, sent.status) == ("submitted", "withdrawn")
    assert letters(sent) == ["applications/withdrawn"]


def test_withdrawing_twice_is_withdrawing_once(person, sent):
    answers = [person.client.post(person.at("withdraw", sent.pk)) for _press in range(2)]

    assert {answer.url for answer in answers} == {sent.get_absolute_url()}
    assert letters(sent) == ["applications/withdrawn"]


@pytest.mark.parametrize("status", ["accepted", "waitlisted"])
def test_a_person_with_a_seat_or_a_place_in_line_can_withdraw_after_the_deadline(
    person, sent, close, status
):
    close(sent.call)
    Application.objects.filter(pk=sent.pk).update(status=status)

    person.client.post(person.at("withdraw", sent.pk))

    sent.refresh_from_db()
    assert sent.status == "withdrawn"
    assert "you can take it up again" not in Message.objects.get().body


@pytest.mark.parametrize("status", ["draft", "rejected"])
def test_what_was_not_sent_or_has_ended_cannot_be_withdrawn(person, sent, status):
    Application.objects.filter(pk=sent.pk).update(status=status)

    answer = person.client.post(person.at("withdraw", sent.pk))

    sent.refresh_from_db()
    assert (answer.status_code, sent.status) == (409, status)


def test_what_was_withdrawn_can_be_taken_up_and_sent_again_under_its_reference(person, sent):
    reference = sent.reference
    person.client.post(person.at("withdraw", sent.pk))
    person.client.post(person.at("take-up", sent.pk))
    person.client.post(person.at("take-up", sent.pk))
    between = Application.objects.get(pk=sent.pk).status

    person.submit(sent)

    sent.refresh_from_db()
    assert (between, sent.status, sent.reference) == ("draft", "submitted", reference)
    assert [receipt.number for receipt in sent.receipts.all()] == [1, 2]


def test_after_the_deadline_nothing_is_taken_up_again(person, sent, close):
    person.client.post(person.at("withdraw", sent.pk))
    close(sent.call)

    answer = person.client.post(person.at("take-up", sent.pk))

    sent.refresh_from_db()
    assert (answer.status_code, sent.status) == (409, "withdrawn")


def test_a_pending_decision_changes_no_sign_of_the_applicants_pages(person, sent):
    pages = [sent.get_absolute_url(), person.at("receipt", sent.pk), "/tasks/"]
    before = [person.client.get(page).content for page in pages]

    make.DecisionFactory(application=sent, outcome="rejected", message="No seat")

    after = [person.client.get(page).content for page in pages]
    assert [len(page) for page in after] == [len(page) for page in before]
    assert b"No seat" not in b"".join(after)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("submitted", "Your application has been received"),
        ("accepted", "You have been accepted"),
        ("waitlisted", "You are on the waiting list"),
        ("rejected", "You have not been selected this time"),
        ("withdrawn", "You have withdrawn this application"),
    ],
)
def test_the_application_page_says_where_things_stand(person, sent, status, words):
    Application.objects.filter(pk=sent.pk).update(status=status)

    assert words in person.client.get(sent.get_absolute_url()).content.decode()


def test_the_application_page_says_how_far_the_documents_are(person):
    draft = make.FilledApplicationFactory(applicant=person.user)
    person.send_file(draft, "cv")

    assert b"2 of 7 documents received" in person.client.get(draft.get_absolute_url()).content


def test_a_receipt_that_is_not_there_is_not_found(person, draft):
    assert person.client.get(person.at("receipt", draft.pk)).status_code == 404
    assert person.client.get(person.at("receipt-paper", draft.pk, 1)).status_code == 404


def test_a_receipt_says_when_its_paper_could_not_be_made(person, sent):
    key = sent.receipts.get().paper_key
    Paper.objects.create(key=key, template="papers/receipt.html", title="x", state="failed")

    page = person.client.get(person.at("receipt", sent.pk)).content.decode()

    assert "could not be made" in page


def test_earlier_receipts_stay(person, sent):
    person.send_file(sent, "cv")

    page = person.client.get(person.at("receipt", sent.pk)).content.decode()

    assert person.at("receipt-paper", sent.pk, 1) in page


def test_a_receipt_never_changes_afterwards(person, draft):
    person.submit(draft)
    first = draft.receipts.get()
    person.send_file(draft, "cv", name="newer.pdf")

    assert draft.receipts.get(number=1).documents == first.documents
    assert first.arrived_at <= timezone.now()


def test_who_withdraws_from_a_seat_gives_the_seat_back(person, sent):
    workshop = sent.call.workshop
    workshop.participants.create(user=sent.applicant, city=sent.applicant.city)
    Application.objects.filter(pk=sent.pk).update(status="accepted")

    person.client.post(person.at("withdraw", sent.pk))

    assert list(workshop.participants.all()) == []
