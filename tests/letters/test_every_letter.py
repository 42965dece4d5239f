"""Every letter that we have: it renders in every language, with our words and with chosen ones."""

import re

import pytest
from django.conf import settings
from django.core import mail

from applications.actions import letters
from applications.queries.rehearsal import FACTS, example, reading
from tests.house import TEMPLATES
from tests.letters.conftest import own
from workshop_portal.accounts import actions as accounts
from workshop_portal.accounts.adapter import PortalAdapter
from workshop_portal.outbox import occasions, proof
from workshop_portal.outbox.models import Message
from workshop_portal.workshops.actions import appoint

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]
CHOSEN = sorted(occasions.OCCASIONS)
WRITTEN = sorted(
    str(path.relative_to(TEMPLATES / "letters").with_suffix(""))
    for path in (TEMPLATES / "letters").glob("*/*.txt")
)
ACCOUNT = [letter for letter in WRITTEN if letter.startswith("account/")]

each_letter = pytest.mark.parametrize("letter", CHOSEN)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def faults(subject, body):
    """What is wrong in a finished letter; of ours everything counts, also what may be meant."""
    found = proof.faults(subject, body, home=settings.PUBLIC_BASE_URL)
    return [fault.sentence for fault in found]


def all_places(letter):
    return " | ".join(f"{name} {{{name}}}" for name in occasions.OCCASIONS[letter].words)


def test_every_letter_of_an_application_has_its_name_at_the_desk():
    named = {*occasions.OCCASIONS, *occasions.OTHERS}

    assert [letter for letter in WRITTEN if letter not in {*named, *ACCOUNT}] == []
    assert [letter for letter in named if letter not in WRITTEN] == []


def test_every_letter_that_can_be_changed_can_be_tried_out():
    assert {f"applications/{slug}" for slug in FACTS} == {*occasions.OCCASIONS}


@each_letter
def test_our_words_use_nothing_but_placeholders(letter):
    source = (TEMPLATES / "letters" / f"{letter}.txt").read_text()

    used = re.findall(r"{{\s*([^}\s]+)\s*}}", source)
    assert [name for name in used if name not in occasions.OCCASIONS[letter].words] == []
    assert (
        re.findall(r"{%\s*(?:if|for|link|clocks|include)\b|blocktranslate[^%]* with ", source) == []
    )


@each_letter
@each_language
def test_our_words_hold_what_the_letter_has_to_say(letter, language):
    subject, body = occasions.ours(letter, language)

    occasion = occasions.OCCASIONS[letter]
    assert proof.lacking(subject, body, needed=occasion.needs) == []
    assert proof.unfillable(subject, body, allowed=occasion.words) == []


@each_letter
@each_language
def test_our_words_are_in_order_when_they_are_filled(letter, language, sent):
    subject, body = letters.try_out(letter, sent, language=language)

    assert faults(subject, body) == []
    assert re.findall(r"[{}]|None", subject + body) == []


@each_letter
@each_language
def test_a_workshop_may_put_every_placeholder_into_its_own_words(letter, language, sent):
    own(sent.call.workshop, letter.partition("/")[2], "Own", all_places(letter), language=language)

    subject, body = letters.try_out(letter, sent, language=language)

    assert subject == "Own"
    assert re.findall(r"[{}]|None", body) == []


@each_letter
def test_words_that_start_from_ours_say_the_same(letter, sent):
    ours = letters.try_out(letter, sent)

    subject, body = occasions.ours(letter, "en")
    own(sent.call.workshop, letter.partition("/")[2], subject, body)

    assert letters.try_out(letter, sent) == ours


@each_letter
def test_a_letter_can_be_tried_out_before_anybody_has_applied(letter, call, hana):
    subject, body = letters.try_out(letter, example(call, hana))

    assert faults(subject, body) == []
    assert "None" not in subject + body


@each_letter
def test_every_placeholder_is_explained(letter):
    meanings = occasions.OCCASIONS[letter].meanings

    assert [name for name, words in meanings.items() if not str(words)] == []


@each_letter
def test_trying_out_stores_nothing_and_sends_nothing(letter, sent):
    letters.try_out(letter, sent)

    assert Message.objects.count() == 0
    assert mail.outbox == []


@pytest.mark.parametrize("letter", ACCOUNT)
@each_language
def test_letters_about_an_account_are_in_order(letter, language, sent):
    link = PortalAdapter().get_reset_password_from_key_url(f"{sent.applicant.pk}-x-y")
    said = {"code": "123456", "password_reset_url": link}
    changed = {"from_email": "old@example.org", "to_email": "new@example.org"}
    sent.applicant.language = language

    accounts.tell_of_change(
        sent.applicant, letter.partition("/")[2], address="a@example.org", **said, **changed
    )

    [message] = Message.objects.all()
    assert message.language == language
    assert faults(message.subject, message.body) == []


@each_language
def test_the_letter_about_a_role_is_in_order(language, sent, hana):
    sent.applicant.language = language

    appoint(sent.applicant, sent.call.workshop, role="reviewer", by=hana)

    [message] = Message.objects.all()
    assert faults(message.subject, message.body) == []


def test_who_reads_a_letter_to_a_nominator_has_no_account(sent):
    found = reading("applications/nomination_asked", sent)

    assert (found.to, found.language) == (None, "en")
