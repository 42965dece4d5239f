"""A workshop's own words: whose letters they change, in which language, and whose they do not."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from applications.actions import checking, deadline, letters, selection
from applications.actions.intake import withdraw
from applications.actions.receipts import issue
from applications.models import Document
from applications.queries import letters as queries
from applications.queries.checking import Return
from applications.queries.selection import plan
from tests.factories import DecisionFactory, SubmittedApplicationFactory, WorkshopFactory
from tests.letters.conftest import own
from workshop_portal.outbox.actions import post
from workshop_portal.outbox.models import LetterText, Message
from workshop_portal.templatetags.letters import without_footer

pytestmark = pytest.mark.django_db


def the_letter(application, slug):
    return Message.objects.get(to=application.applicant, letter=f"applications/{slug}")


def give_back(application, hana):
    document = application.documents.get(requirement__slug="cv")
    until = timezone.now() + timedelta(days=30)
    returns = [Return(document, Document.ReturnReason.values[0], "Page 2 is missing.")]
    checking.return_documents(application, returns=returns, until=until, by=hana)


def release(application, hana, outcome="accepted"):
    DecisionFactory(application=application, outcome=outcome, message="Bring your {case}.")
    selection.release(application.call, seen=plan(application.call, hana).fingerprint, by=hana)


# --- Whose words -------------------------------------------------------------------------


def test_a_letter_is_written_with_the_words_of_its_workshop(sent, hana):
    own(sent.call.workshop, "accepted", "In: {workshop}", "Dear {name},\n\n{message}\n\n{link}\n")

    release(sent, hana)

    letter = the_letter(sent, "accepted")
    assert letter.subject == "In: The workshop here"
    assert letter.body.startswith("Dear Aoife O'Brien,\n\nBring your {case}.\n\nhttp")
    assert f"/applications/{sent.pk}/\n\n-- \n" in letter.body
    assert f"/inbox/{letter.pk}/" in letter.body


def test_the_words_of_another_workshop_are_never_used(sent, hana):
    other = WorkshopFactory()
    own(other, "accepted", "WRONG", "WRONG {link}")
    own(sent.call.workshop, "rejected", "WRONG", "WRONG")
    own(sent.call.workshop, "accepted", "WRONG", "WRONG {link}", language="ko")

    release(sent, hana)

    letter = the_letter(sent, "accepted")
    assert letter.subject == "You have a place: The workshop here"
    assert "WRONG" not in letter.body


def test_the_reader_gets_the_words_of_their_language(sent, hana):
    own(sent.call.workshop, "accepted", "In", "Dear {name}, {link}")
    own(sent.call.workshop, "accepted", "합격", "{name} 님께, {link}", language="ko")
    sent.applicant.language = "ko"
    sent.applicant.save()

    release(sent, hana)

    letter = the_letter(sent, "accepted")
    assert (letter.language, letter.subject) == ("ko", "합격")
    assert letter.body.startswith("Aoife O'Brien 님께, http")


def test_one_occasion_has_one_letter_whoever_changes_the_words_meanwhile(sent):
    scope = sent.call.workshop.scope
    facts = {"application": sent, "workshop": sent.call.workshop, "call": sent.call}

    first = post("applications/rejected", to=sent.applicant, key="k", scope=scope, **facts)
    own(sent.call.workshop, "rejected", "Other", "Other")
    second = post("applications/rejected", to=sent.applicant, key="k", scope=scope, **facts)

    assert (first.pk, first.subject) == (second.pk, second.subject)


def test_what_is_written_already_stays_as_it_is(sent, hana):
    release(sent, hana)
    before = the_letter(sent, "accepted").body

    own(sent.call.workshop, "accepted", "New", "New {link}")

    assert the_letter(sent, "accepted").body == before


def test_names_and_files_of_people_never_become_links(sent, hana):
    sent.applicant.given_name = "https://evil.example/{link}"
    sent.applicant.save()
    sent.documents.filter(requirement__slug="cv").update(name="www.evil.example.pdf")
    own(sent.call.workshop, "received", "{name}", "Dear {name},\n\n{documents} {reference}\n")

    issue(sent, arrived_at=timezone.now(), by=sent.applicant)

    letter = the_letter(sent, "received")
    assert "evil.example" not in letter.subject + letter.body
    assert "https:/" not in letter.body.partition("\n-- \n")[0]


def test_a_placeholder_with_several_paragraphs_does_not_break_the_subject(sent, hana):
    own(sent.call.workshop, "accepted", "A: {message}", "Body {link}")
    DecisionFactory(application=sent, outcome="accepted", message="One.\n\nTwo.\r\nBcc: x@y.org")

    selection.release(sent.call, seen=plan(sent.call, hana).fingerprint, by=hana)

    letter = the_letter(sent, "accepted")
    assert letter.subject == "A: One. Two. Bcc: x@y.org"
    assert letter.body.startswith("Body http")


# --- As it would be written --------------------------------------------------------------


def occasions_of(sent, hana):
    """What makes each letter come to pass, by its name."""
    until = timezone.now() + timedelta(days=30)
    return {
        "received": lambda: issue(sent, arrived_at=sent.submitted_at, by=sent.applicant),
        "returned": lambda: give_back(sent, hana),
        "extended_sent": lambda: deadline.extend(sent.call, until=until, reason="Rain", by=hana),
        "withdrawn": lambda: withdraw(sent, arrived_at=timezone.now(), by=sent.applicant),
    }


@pytest.mark.parametrize("slug", ["received", "returned", "extended_sent", "withdrawn"])
@pytest.mark.parametrize("chosen", [False, True])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_occasion_writes_what_its_words_say(sent, hana, slug, chosen, language):
    sent.applicant.language = language
    sent.applicant.save()
    if chosen:
        own(sent.call.workshop, slug, "Own", "OWN {name}: {link}", language=language)

    occasions_of(sent, hana)[slug]()

    letter = the_letter(sent, slug)
    assert letter.language == language
    assert (letter.body.startswith("OWN Aoife O'Brien: http"), letter.subject == "Own") == (
        chosen,
        chosen,
    )


@pytest.mark.parametrize("chosen", [False, True])
@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("outcome", ["accepted", "waitlisted", "rejected"])
def test_the_preview_of_a_decision_is_what_is_written(sent, hana, outcome, chosen, language):
    sent.applicant.language = language
    sent.applicant.save()
    if chosen:
        own(sent.call.workshop, outcome, "Own", "OWN {message} {link}", language=language)
    decision = DecisionFactory(application=sent, outcome=outcome, message="Bring your case.")
    [(_outcome, _word, [on_release_page])] = selection.letters(plan(sent.call, hana))
    tried_out = letters.try_out(f"applications/{outcome}", sent)

    selection.release(sent.call, seen=plan(sent.call, hana).fingerprint, by=hana)

    letter = the_letter(decision.application, outcome)
    written = (letter.subject, without_footer(letter.body))
    assert written == (tried_out[0], without_footer(tried_out[1]))
    assert written == (on_release_page.subject, without_footer(on_release_page.body))


def test_the_preview_of_a_receipt_is_what_was_written(sent):
    issue(sent, arrived_at=timezone.now(), by=sent.applicant)

    subject, body = letters.try_out("applications/received", sent)

    letter = the_letter(sent, "received")
    assert (letter.subject, without_footer(letter.body)) == (subject, without_footer(body))


def test_previews_of_many_letters_ask_once_for_the_words(sent, hana, django_assert_max_num_queries):
    for _ in range(3):
        DecisionFactory(application=SubmittedApplicationFactory(call=sent.call))
    ready = plan(sent.call, hana)

    with django_assert_max_num_queries(1):
        selection.letters(ready)


# --- Languages and clocks ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("account", "told", "language"),
    [("", "", "en"), ("ko", "", "ko"), ("ko", "en", "ko"), ("", "ko", "ko"), ("xx", "yy", "en")],
)
def test_a_letter_is_in_the_language_of_its_reader(sent, account, told, language):
    sent.applicant.language = account

    letter = post("account/password_changed", to=sent.applicant, key="a", language=told)

    assert letter.language == language


def test_a_letter_to_somebody_without_account_is_in_the_language_that_is_told(db):
    letter = post(
        "account/password_changed", to=None, address="a@example.org", key="a", language="ko"
    )

    assert letter.language == "ko"


def test_the_language_of_the_one_who_presses_the_button_does_not_matter(desk, sent, hana):
    hana.language = "ko"
    hana.save()
    document = sent.documents.get(requirement__slug="cv")
    page = desk.get(f"/desk/documents/{document.pk}/")
    form = page.context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    reason = next(name for name in typed if name.endswith("reason"))

    desk.post(f"/desk/documents/{document.pk}/return/", {**typed, reason: "unsigned"})

    letter = the_letter(sent, "returned")
    assert letter.language == "en"
    assert letter.subject == "Please send again: documents for The workshop here"
    assert "Dear Aoife O'Brien," in letter.body


def test_a_moment_is_told_on_the_workshops_clock_and_on_the_readers(sent, hana):
    release(sent, hana, "rejected")
    issue(sent, arrived_at=timezone.now(), by=sent.applicant)

    body = the_letter(sent, "received").body

    assert "Seoul time (UTC+9), which is " in body
    assert "Phnom Penh time (UTC+7)" in body


@pytest.mark.parametrize("zone", ["", "Asia/Seoul", "Asia/Tokyo", "Not/There"])
def test_two_clocks_that_say_the_same_are_told_once(sent, zone):
    sent.applicant.zone = zone
    sent.applicant.save()

    issue(sent, arrived_at=timezone.now(), by=sent.applicant)

    body = the_letter(sent, "received").body
    assert "Seoul time (UTC+9)" in body
    assert "which is" not in body


# --- Changing them -----------------------------------------------------------------------


def text(workshop, slug="accepted", language="en"):
    return queries.text_of(workshop, slug, language)


def test_changing_and_going_back_keeps_what_was_there_on_record(sent, hana):
    workshop = sent.call.workshop

    letters.save_text(workshop, text(workshop), subject="A", body="B {link}\n", version=0, by=hana)
    first = text(workshop)
    letters.drop_text(workshop, first, version=1, by=hana)

    now = text(workshop)
    assert (first.subject, first.body, first.version) == ("A", "B {link}\n", 1)
    assert (now.is_own, now.version, now.subject) == (False, 2, now.ours[0])


def test_after_going_back_letters_are_written_with_our_words(sent, hana):
    own(sent.call.workshop, "accepted", subject="", body="", version=2)

    release(sent, hana)

    assert the_letter(sent, "accepted").subject == "You have a place: The workshop here"


def test_versions_go_on_after_going_back_so_that_an_old_page_stays_old(sent, hana):
    workshop = sent.call.workshop
    words = {"subject": "A", "body": "B\n", "by": hana}
    letters.save_text(workshop, text(workshop), version=0, **words)
    letters.drop_text(workshop, text(workshop), version=1, by=hana)
    letters.save_text(workshop, text(workshop), version=2, **words)

    with pytest.raises(letters.Overwritten):
        letters.save_text(workshop, text(workshop), version=1, **words)

    assert LetterText.objects.get().version == 3


@override_settings(LANGUAGES=[("en", "English")])
def test_a_language_that_the_portal_does_not_speak_has_no_words(sent):
    assert text(sent.call.workshop, language="ko") is None
