"""Sending that has to wait for files that are being checked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.actions import intake, sending
from applications.clock import send_what_waits
from applications.models import Application
from tests.intake.hands import letters, on_its_way, refuse, take
from workshop_portal.audit.models import Entry
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(person, draft):
    """A draft that lacks its curriculum vitae, which is being checked; the person pressed send."""
    draft.documents.filter(requirement__slug="cv").delete()
    transfer = on_its_way(draft)
    person.submit(draft)
    draft.refresh_from_db()
    return transfer


# --- A press that waits for the check ----------------------------------------------------


def test_a_press_while_a_file_is_being_checked_is_kept_and_the_page_says_so(person, draft):
    draft.documents.filter(requirement__slug="cv").delete()
    on_its_way(draft)

    answer = person.submit(draft)

    draft.refresh_from_db()
    page = person.client.get(draft.get_absolute_url()).text
    assert answer.url == draft.get_absolute_url()
    assert (draft.status, draft.receipts.count(), letters()) == ("draft", 0, [])
    assert timezone.now() - draft.sending_since < timedelta(minutes=1)
    assert draft.sending_statement.startswith("What I say in this application")
    assert "You sent it on" in page
    assert "Your files are being checked; this takes a moment." in page
    assert "Finish your application" not in person.client.get("/tasks/").text


def test_the_check_offers_sending_while_a_file_is_being_checked(person, draft):
    draft.documents.filter(requirement__slug="cv").delete()
    on_its_way(draft)

    page = person.client.get(person.at("check", draft.pk)).text

    assert "You can send the application now" in page
    assert person.at("submit", draft.pk) in page


def test_pressing_again_keeps_the_first_moment(person, waiting, draft):
    first = draft.sending_since

    again = person.submit(draft)

    draft.refresh_from_db()
    assert again.url == draft.get_absolute_url()
    assert draft.sending_since == first
    assert Entry.objects.filter(event="application.sending.kept").count() == 1


def test_what_was_withdrawn_is_not_sent_by_a_press(person, sent):
    intake.withdraw(sent, arrived_at=timezone.now(), by=person.user)
    on_its_way(sent)

    answer = person.submit(sent)

    sent.refresh_from_db()
    assert (answer.status_code, sent.status, sent.sending_since) == (409, "withdrawn", None)


def test_when_the_file_is_taken_the_application_is_sent_at_the_moment_of_the_press(waiting, draft):
    pressed_at = draft.sending_since
    take(waiting)

    sending.settle(draft.pk)
    sending.settle(draft.pk)

    draft.refresh_from_db()
    entry = Entry.objects.get(event="application.submitted")
    assert (draft.status, draft.submitted_at, draft.sending_since) == (
        "submitted",
        pressed_at,
        None,
    )
    assert [receipt.arrived_at for receipt in draft.receipts.all()] == [pressed_at]
    assert (entry.by, entry.facts["statement"]) == (draft.applicant, draft.sending_statement)
    assert letters() == ["applications/received"]


def test_nothing_is_concluded_while_a_file_is_on_its_way(waiting, draft):
    sending.settle(draft.pk)

    draft.refresh_from_db()
    assert (draft.status, draft.sending_since is not None, letters()) == ("draft", True, [])


def test_a_press_in_time_counts_also_when_the_check_ends_after_the_deadline(waiting, draft, close):
    pressed_at = draft.sending_since
    close(draft.call)
    take(waiting)

    sending.settle(draft.pk)

    draft.refresh_from_db()
    assert (draft.status, draft.submitted_at) == ("submitted", pressed_at)


def test_a_file_that_is_refused_stops_the_sending_and_the_person_is_told_what_to_do(
    person, waiting, draft
):
    refuse(waiting)

    sending.settle(draft.pk)
    sending.settle(draft.pk)

    draft.refresh_from_db()
    page = person.client.get(draft.get_absolute_url()).text
    letter = Message.objects.get()
    assert (draft.status, draft.sending_since, draft.receipts.count()) == ("draft", None, 0)
    assert letter.letter == "applications/sending_stopped"
    assert "* Curriculum vitae" in letter.body
    assert "Please send what is missing and then the application once more, by" in letter.body
    assert "Your application could not be sent" in page
    assert "Send what is missing, then check it and send the application once more." in page


def test_after_the_deadline_the_person_reads_that_staff_can_help(person, waiting, draft, close):
    close(draft.call)
    refuse(waiting)

    sending.settle(draft.pk)

    page = person.client.get(draft.get_absolute_url()).text
    assert "can give you more time: please write to the training centre" in (
        Message.objects.get().body
    )
    assert "The training centre sees when you sent it, and can give you more time" in page


def test_a_refused_replacement_does_not_cost_the_application_that_was_complete(person, draft):
    transfer = on_its_way(draft)
    person.submit(draft)
    refuse(transfer)

    sending.settle(draft.pk)

    draft.refresh_from_db()
    assert (draft.status, letters()) == ("submitted", ["applications/received"])


def test_a_half_sent_replacement_holds_nothing_up(person, draft):
    on_its_way(draft, status="arriving")

    answer = person.submit(draft)

    assert answer.url == person.at("receipt", draft.pk)


def test_what_is_neither_here_nor_on_its_way_is_refused_at_once(person, draft):
    draft.documents.filter(requirement__slug__in=["cv", "waiver"]).delete()
    on_its_way(draft)

    answer = person.submit(draft)

    draft.refresh_from_db()
    entry = Entry.objects.get(event="application.submit.refused")
    assert (answer.status_code, draft.sending_since) == (409, None)
    assert (entry.facts["cause"], entry.facts["missing"]) == (
        "incomplete",
        ["Acknowledgement, waiver and release of liability"],
    )


def test_answers_that_were_emptied_after_the_press_stop_it(waiting, draft):
    Application.objects.filter(pk=draft.pk).update(phone="")
    take(waiting)

    sending.settle(draft.pk)

    draft.refresh_from_db()
    assert (draft.status, letters()) == ("draft", ["applications/sending_stopped"])


def test_an_upload_that_began_in_time_is_waited_for_a_quarter_of_an_hour(person, draft, close):
    draft.documents.filter(requirement__slug="cv").delete()
    on_its_way(draft, status="arriving")
    person.submit(draft)
    draft.call.closes_at = timezone.now() - timedelta(minutes=14)
    draft.call.save()
    sending.settle(draft.pk)
    still = letters()
    draft.call.closes_at = timezone.now() - timedelta(minutes=16)
    draft.call.save()

    sending.settle(draft.pk)

    assert (still, letters()) == ([], ["applications/sending_stopped"])


def test_a_stopped_press_after_the_deadline_ends_the_wish_too(person, waiting, draft, close):
    Application.objects.filter(pk=draft.pk).update(sends_at_close=True)
    close(draft.call)
    refuse(waiting)

    send_what_waits()
    send_what_waits()

    assert letters() == ["applications/sending_stopped"]


def test_a_stopped_press_before_the_deadline_leaves_the_wish(waiting, draft):
    Application.objects.filter(pk=draft.pk).update(sends_at_close=True)
    refuse(waiting)

    send_what_waits()

    draft.refresh_from_db()
    assert (draft.sending_since, draft.sends_at_close) == (None, True)


def test_an_application_that_is_not_there_settles_nothing():
    sending.settle("00000000-0000-4000-8000-000000000000")

    assert letters() == []
