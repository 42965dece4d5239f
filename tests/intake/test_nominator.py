"""What a nominator does behind a personal link: reads, signs, sends or declines."""

import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from applications.actions import nomination as nominating
from applications.actions import transfer as transfers
from applications.actions.attach import NotStored
from applications.actions.nomination import NotAnswered
from applications.clock import settle_nominations
from applications.models import Application, Document, Nomination, Piece, Signature, Transfer
from applications.queries.nomination import letter_to_sign
from tests.conftest import GOOD_PDF
from tests.intake.nominators import ask, letters
from tests.intake.pdf import words_of
from workshop_portal.audit.models import Entry
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
OF_A_SECRET = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


# --- The page ------------------------------------------------------------------------------


def test_the_page_says_who_asks_for_what_until_when(nominator, asked):
    page = nominator.open()

    text = page.content.decode()
    application = asked.application
    assert page.status_code == 200
    for words in (application.call.workshop.title, application.position, "Dr. Sok Dara"):
        assert words in text
    assert "Aoife O&#x27;Brien asks for your nomination" in text
    assert headers_of(page) == OF_A_SECRET


def headers_of(page):
    return {name: page.get(name) for name in OF_A_SECRET}


def test_no_answer_behind_the_link_is_kept_or_tells_the_address_to_others(nominator):
    strict = Client(enforce_csrf_checks=True)
    at = nominator.at()
    refused = nominator.sign(seen="0" * 64)

    answers = [
        refused,
        nominator.sign(name=""),
        nominator.client.get(nominator.at("nomination-decline")),
        nominator.client.post(nominator.at("nomination-paper")),
        nominator.client.get(at.rstrip("/")),
        nominator.client.get(f"{at}elsewhere/"),
        strict.post(nominator.at("nomination-sign")),
        nominator.decline(),
        nominator.open(),
    ]

    assert [page.status_code for page in answers] == [409, 200, 302, 405, 301, 404, 403, 200, 404]
    assert [headers_of(page) for page in answers] == [OF_A_SECRET] * len(answers)


def test_the_page_and_the_letters_speak_the_nominators_language(filled, nominator):
    Nomination.objects.update(language="ko")

    assert '<html lang="ko"' in nominator.open().content.decode()
    assert ask(filled, email="other@authority.example", language="ko").language == "ko"
    assert letters("nomination_asked").get().language == "ko"


def test_a_refused_answer_speaks_the_nominators_language(nominator):
    Nomination.objects.update(language="ko")

    page = nominator.sign(seen="0" * 64)

    assert (page.status_code, page["Content-Language"]) == (409, "ko")
    assert '<html lang="ko"' in page.text
    assert "The letter has changed" not in page.text
    assert get_language() == "en"


def test_a_nominator_who_chooses_a_language_reads_the_page_in_it(nominator, asked):
    at = nominator.at("nomination-sign")
    Nomination.objects.update(language="ko")

    page = nominator.client.post("/language/", {"language": "en", "next": at}, follow=True)

    assert page.redirect_chain[-1] == (nominator.at(), 302)
    assert '<html lang="en"' in page.text
    assert '<html lang="en"' in nominator.sign(seen="0" * 64).text
    asked.refresh_from_db()
    assert asked.language == "ko"


DEAD = {
    "wrong": {"secret_sha256": "0" * 64},
    "expired": {"expires_at": timezone.now() - timedelta(seconds=1)},
    "declined": {"status": "declined"},
    "revoked": {"status": "revoked"},
}


@pytest.mark.parametrize("why", DEAD)
def test_a_link_that_opens_nothing_gets_one_plain_page(why, nominator):
    Nomination.objects.update(**DEAD[why])

    answers = [nominator.open(), nominator.decline("x"), nominator.send()]
    pages = {re.sub(r'(nonce|value)="[^"]*"', "", a.content.decode()) for a in answers[:1]}
    unknown = Client().get(reverse("applications:nomination", args=["n" * 43]))

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert pages == {re.sub(r'(nonce|value)="[^"]*"', "", unknown.content.decode())}
    assert "Ask the applicant for a new link" in unknown.content.decode()
    assert not Transfer.objects.exists()


def test_the_link_of_a_withdrawn_application_opens_nothing(nominator):
    Application.objects.update(status="withdrawn")

    assert nominator.open().status_code == 404


def test_a_link_opens_no_other_page(nominator, asked):
    pk = asked.application_id
    others = [f"/applications/{pk}/", f"/desk/applications/{pk}/", "/tasks/", "/inbox/"]

    nominator.open()

    assert {nominator.client.get(path).status_code for path in others} <= {302, 404}


# --- Signed ----------------------------------------------------------------------------------


def test_a_nominator_signs_and_everybody_is_told(nominator, asked, person):
    answer = nominator.sign(words="We want a referral desk.")

    document = Document.objects.get(application=asked.application)
    signature = Signature.objects.get()
    asked.refresh_from_db()
    assert answer.url == nominator.at()
    assert (document.origin, document.uploaded_by, document.is_current) == ("nominator", None, True)
    assert (signature.user, signature.nomination) == (None, asked)
    assert signature.text.endswith("We want a referral desk.\n")
    assert "We want a referral desk." in words_of(document.file.read())
    assert (asked.status, asked.answered_at) == ("given", document.arrived_at)
    assert "Your letter has been received" in nominator.open().content.decode()
    assert [each.to for each in letters("nomination_given")] == [person.user]
    assert [each.address for each in letters("nomination_received")] == [asked.email]
    assert document.sha256 in letters("nomination_received").get().body


def test_names_are_shown_as_they_were_typed_and_are_never_markup(nominator, asked, person):
    typed = 'Sok <b id="forged">'
    Nomination.objects.update(name=typed, position=typed, organisation=typed)
    Application.objects.update(given_name=typed)

    pages = [
        nominator.open(),
        person.client.get(person.at("sign", asked.application_id, "commitment")),
    ]

    texts = [page.content.decode() for page in pages]
    assert ["As in the text above: Sok &lt;b" in text for text in texts] == [True, True]
    assert ['<b id="forged">' in text for text in texts] == [False, False]


def test_a_letter_given_counts_in_the_checklist(nominator, person, asked):
    nominator.sign()

    page = person.client.get(person.at("document", asked.application_id, "nomination"))

    assert page.context["slot"].row.line.is_there
    assert "Letter given" in page.content.decode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "Aoife O'Brien"}, "This is not the name in the text above."),
        ({"statement": ""}, "Please confirm this; without it nothing is signed."),
        ({"words": "x" * 1001}, "Please shorten this to 1,000 characters; it has 1,001."),
        ({"words": "a\x00b"}, "This text holds a sign that cannot be read"),
    ],
)
def test_what_is_no_signature_comes_back(nominator, changed, words):
    page = nominator.sign(**changed)

    assert page.status_code == 200
    assert words in page.content.decode()
    assert not Signature.objects.exists()


def test_a_letter_that_changed_meanwhile_is_not_signed_and_nothing_of_the_applicants_is_shown(
    nominator,
):
    page = nominator.sign(seen="0" * 64, words="Kept words")

    text = page.content.decode()
    assert page.status_code == 409
    assert "The letter has changed since you opened the page." in text
    assert "Kept words" in text
    assert 'href="../"' in text


def test_signing_twice_is_signing_once(nominator, asked):
    nominator.sign()
    nominator.sign()

    assert Document.objects.filter(application=asked.application).count() == 1
    assert letters("nomination_received").count() == 1


def test_two_tabs_that_give_at_once_leave_one_letter_that_counts(nominator, asked):
    nominator.sign()
    nominator.send()

    current = Document.objects.filter(application=asked.application, is_current=True)
    assert [each.name for each in current] == ["letter.pdf"]
    assert letters("nomination_given").count() == 1
    assert letters("nomination_received").count() == 2


# --- Sent ------------------------------------------------------------------------------------


def test_a_nominator_sends_a_letter_of_their_own(nominator, asked):
    nominator.send()

    document = Document.objects.get(application=asked.application)
    asked.refresh_from_db()
    assert (document.origin, document.name) == ("nominator", "letter.pdf")
    assert asked.status == "given"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("letter.pdf", b"", "is empty"),
        ("letter.exe", b"MZ" + bytes(200), "looks like a program"),
        ("letter.pdf", b"<html><script>alert(1)</script>", "is a web page"),
    ],
)
def test_a_file_that_is_no_letter_comes_back_with_a_sentence(nominator, name, content, words):
    page = nominator.send(name, content)

    assert words in page.content.decode()
    assert not Transfer.objects.exists()
    assert Entry.objects.filter(event="document.refused", by=None).count() == 1


def test_a_file_that_does_not_pass_the_check_is_told_on_the_page(nominator, asked):
    nominator.send("letter.pdf", GOOD_PDF[: len(GOOD_PDF) // 2])

    page = nominator.open().content.decode()

    asked.refresh_from_db()
    assert "Your letter could not be taken" in page
    assert "damaged or incomplete" in page
    assert asked.status == "invited"


def test_a_post_without_the_token_of_the_form_gives_nothing(nominator):
    strict = Client(enforce_csrf_checks=True)
    strict.get(nominator.at())

    answers = [
        strict.post(nominator.at(name), {"name": "Dr. Sok Dara"}).status_code
        for name in ("nomination-sign", "nomination-upload", "nomination-decline")
    ]

    assert answers == [403, 403, 403]
    assert Nomination.objects.get().status == "invited"


def while_it_is_stored(monkeypatch, act):
    """Do something just after a file of the nominator has come to lie in the store."""
    keep_file = transfers.keep_file

    def slowly(piece, content, stored):
        keep_file(piece, content, stored)
        act(piece)

    monkeypatch.setattr(transfers, "keep_file", slowly)


def test_a_letter_is_refused_and_its_file_deleted_when_the_link_ends_while_it_is_stored(
    nominator, monkeypatch
):
    kept = []
    while_it_is_stored(
        monkeypatch,
        lambda piece: (kept.append(piece.file.name), Nomination.objects.update(status="revoked")),
    )

    page = nominator.send()

    assert page.status_code == 409
    assert "This link has ended in the meantime" in page.text
    assert [default_storage.exists(name) for name in kept] == [False]
    assert (Transfer.objects.count(), Piece.objects.count()) == (0, 0)


@pytest.mark.parametrize("change", [{"secret_sha256": "0" * 64}, {"status": "revoked"}])
def test_an_answer_through_a_link_that_ended_since_it_was_opened_is_not_taken(asked, change):
    opened = Nomination.objects.select_related("application").get()
    Nomination.objects.update(**change)

    with pytest.raises(NotAnswered, match="This link has ended in the meantime"):
        nominating.decline(opened, words="", arrived_at=timezone.now())

    assert not Message.objects.exists()


def test_the_action_takes_no_name_but_the_one_in_the_letter(asked):
    _facts, seen = letter_to_sign(asked)
    typed = {"name": "Somebody Else", "statement": "I agree.", "words": "", "seen": seen}

    with pytest.raises(NotAnswered, match="sign with the name in the letter"):
        nominating.sign_letter(asked, **typed, arrived_at=timezone.now())

    assert not Signature.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_row_while_a_letter_is_stored(nominator, monkeypatch):
    is_held = []
    while_it_is_stored(monkeypatch, lambda _piece: is_held.append(connection.in_atomic_block))

    nominator.send()

    assert is_held == [False]
    assert Transfer.objects.get().origin == "nominator"


def test_a_store_that_takes_nothing_is_told_in_one_sentence(nominator, monkeypatch):
    def full(*_any):
        raise NotStored

    monkeypatch.setattr(transfers, "keep_file", full)

    page = nominator.send()

    assert (page.status_code, Transfer.objects.count()) == (409, 0)
    assert "The file could not be stored at this moment." in page.text
    assert 'href="../"' in page.text


# --- Declined --------------------------------------------------------------------------------


def test_a_nominator_declines_with_words_that_become_no_link(nominator, asked, person):
    page = nominator.decline("Ask www.evil.example <b>first</b>")

    asked.refresh_from_db()
    body = letters("nomination_declined").get().body
    shown = person.client.get(person.at("document", asked.application_id, "nomination"))
    assert "You have declined" in page.content.decode()
    assert (asked.status, asked.words) == ("declined", "Ask www.evil.example <b>first</b>")
    assert "www.evil" not in body
    assert "<b>first</b>" not in shown.content.decode()
    assert "Ask another person" in shown.content.decode()
    assert nominator.open().status_code == 404


def test_after_a_no_another_person_can_be_asked(nominator, asked):
    nominator.decline()

    ask(Application.objects.get(), email="new@authority.example", name="Ouk Vanna")

    asked.refresh_from_db()
    assert (asked.status, asked.name, asked.words) == ("invited", "Ouk Vanna", "")
    assert nominator.open().status_code == 404


def test_a_letter_whose_worker_ended_too_soon_is_told_of_by_the_clock(nominator, asked):
    nominator.sign()
    Nomination.objects.update(status="invited")
    Message.objects.all().delete()

    settle_nominations()
    settle_nominations()

    asked.refresh_from_db()
    assert asked.status == "given"
    assert letters("nomination_given").count() == letters("nomination_received").count() == 1
