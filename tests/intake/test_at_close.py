"""Sending at the deadline: the portal does it for who wanted it, if it is complete."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.actions import sending
from applications.actions.deadline import extend_for_person
from applications.clock import send_what_waits
from applications.models import Application
from tests import factories as make
from tests.intake.hands import letters, on_its_way, take
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
STATEMENT = "It is all true."


def wish(draft):
    now = timezone.now()
    sending.ask_at_close(draft, statement=STATEMENT, arrived_at=now, by=draft.applicant)


def test_a_person_can_have_it_sent_at_the_deadline_and_take_that_back(person, draft):
    path = person.at("at-close", draft.pk)
    unconfirmed = person.client.post(path, {})
    nothing = Application.objects.get().sends_at_close

    person.client.post(path, {"at_close": "on"})

    asked = Application.objects.get()
    page = person.client.get(draft.get_absolute_url()).text
    person.client.post(path, {"recall": "yes"})
    assert "without it nothing can be sent" in unconfirmed.text
    assert (nothing, asked.sends_at_close) == (False, True)
    assert asked.sending_statement.startswith("Send my application at the deadline if it is")
    assert "the portal sends it for you in that moment" in page
    assert Application.objects.get().sends_at_close is False
    assert list(Entry.objects.order_by("pk").values_list("event", flat=True)) == [
        "application.at_close.asked",
        "application.at_close.recalled",
    ]


def test_asking_twice_and_taking_back_what_was_not_asked_changes_nothing(draft):
    sending.recall_at_close(draft, by=draft.applicant)
    wish(draft)
    wish(draft)

    assert Entry.objects.count() == 1


def test_after_the_deadline_nobody_can_ask_for_it(person, draft, close):
    close(draft.call)

    answer = person.client.post(person.at("at-close", draft.pk), {"at_close": "on"})

    draft.refresh_from_db()
    assert (answer.status_code, draft.sends_at_close) == (409, False)
    assert Entry.objects.get().event == "application.at_close.refused"


def test_what_was_sent_cannot_be_asked_for(sent):
    with pytest.raises(Refused, match="cannot be changed any more"):
        wish(sent)


def test_before_the_deadline_a_wish_waits(draft):
    wish(draft)

    send_what_waits()

    draft.refresh_from_db()
    assert (draft.status, letters()) == ("draft", [])


def test_at_the_deadline_a_complete_draft_is_sent_in_its_last_moment(draft, close):
    wish(draft)
    close(draft.call)

    send_what_waits()
    send_what_waits()

    draft.refresh_from_db()
    letter, entry = Message.objects.get(), Entry.objects.get(event="application.submitted")
    assert (draft.status, draft.submitted_at) == ("submitted", draft.call.closes_at)
    assert (draft.sends_at_close, draft.receipts.count()) == (False, 1)
    assert (entry.by, entry.facts["statement"]) == (None, STATEMENT)
    assert letter.letter == "applications/sent_for_you"
    assert draft.reference in letter.body
    assert "as you had asked" in letter.body


def test_an_incomplete_one_is_not_sent_and_its_letter_says_what_was_missing(person, draft, close):
    wish(draft)
    draft.documents.filter(requirement__slug="cv").delete()
    close(draft.call)

    send_what_waits()
    send_what_waits()

    draft.refresh_from_db()
    letter = Message.objects.get()
    assert (draft.status, draft.sends_at_close) == ("draft", False)
    assert letter.letter == "applications/not_sent"
    assert "* Curriculum vitae" in letter.body
    assert "* Letter of nomination" not in letter.body


def test_a_form_with_a_file_that_was_begun_in_time_is_waited_for(draft, close):
    wish(draft)
    draft.documents.filter(requirement__slug="cv").delete()
    draft.call.closes_at = timezone.now() - timedelta(minutes=10)
    draft.call.save()

    send_what_waits()
    draft.refresh_from_db()
    while_it_may_come = (draft.status, draft.sends_at_close)
    take(on_its_way(draft))
    send_what_waits()

    draft.refresh_from_db()
    assert while_it_may_come == ("draft", True)
    assert draft.status == "submitted"


def test_the_deadline_of_the_one_person_counts(draft, close):
    coordinator = make.RoleFactory(workshop=draft.call.workshop).user
    wish(draft)
    close(draft.call)
    until = timezone.now() + timedelta(days=1)
    extend_for_person(draft, until=until, reason="Illness.", by=coordinator)

    send_what_waits()

    draft.refresh_from_db()
    assert draft.status == "draft"


def test_the_grace_of_a_call_is_waited_for(draft, close):
    wish(draft)
    close(draft.call)
    draft.call.grace_seconds = 7200
    draft.call.save()

    send_what_waits()

    draft.refresh_from_db()
    assert draft.status == "draft"


def test_a_file_that_is_being_checked_at_the_deadline_is_waited_for(draft, close):
    draft.documents.filter(requirement__slug="cv").delete()
    transfer = on_its_way(draft)
    wish(draft)
    close(draft.call)
    send_what_waits()
    between = Application.objects.get().status
    take(transfer)

    send_what_waits()

    draft.refresh_from_db()
    assert (between, draft.status, draft.submitted_at) == (
        "draft",
        "submitted",
        draft.call.closes_at,
    )


def test_while_it_is_being_sent_the_page_says_so(person, draft, close):
    wish(draft)
    close(draft.call)

    page = person.client.get(draft.get_absolute_url()).text

    assert "The deadline has passed, and your application is being sent" in page


def test_who_sends_it_before_needs_nobody_to_send_it(person, draft, close):
    wish(draft)
    person.submit(draft)
    close(draft.call)

    send_what_waits()

    draft.refresh_from_db()
    assert (draft.sends_at_close, letters()) == (False, ["applications/received"])
