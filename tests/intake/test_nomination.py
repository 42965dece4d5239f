"""Somebody is asked to nominate, and the applicant and the staff see how far it is."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.actions import nomination as actions
from applications.models import Application, Nomination
from applications.queries.intake import overview
from applications.queries.nomination import digest_of, nomination_behind
from tests import factories as make
from tests.factories import SECRET
from tests.intake.nominators import PERSON, Nominator, ask, letters, link_in
from tests.race import at_once
from workshop_portal.audit.models import Entry
from workshop_portal.audit.queries import trail
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


# --- Asked ---------------------------------------------------------------------------------


def test_asking_writes_a_letter_with_a_link_of_which_only_the_hash_is_kept(person, filled):
    answer = person.client.post(person.at("nominator", filled.pk), PERSON)

    asked, letter = Nomination.objects.get(), Message.objects.get()
    secret = link_in(letter)
    assert answer.url == person.at("document", filled.pk, "nomination")
    assert (letter.to, letter.address, letter.in_inbox) == (None, PERSON["email"], False)
    assert {name: getattr(asked, name) for name in PERSON} == PERSON
    assert asked.secret_sha256 == digest_of(secret)
    assert len(secret) * 6 >= 256
    assert secret not in str(Nomination.objects.values()) + str(Entry.objects.values())


def test_a_link_lasts_two_weeks_and_never_beyond_the_deadline(filled):
    now = timezone.now()
    near = ask(filled, arrived_at=now)
    far_call = make.CallFactory(closes_at=now + timedelta(days=60))
    far = ask(make.FilledApplicationFactory(call=far_call), arrived_at=now)

    assert near.expires_at == filled.call.closes_at
    assert far.expires_at == now + timedelta(days=14)


def test_a_longer_deadline_of_ones_own_is_the_one_that_counts(filled):
    until = filled.call.closes_at + timedelta(days=3)
    filled.call.extensions.create(application=filled, was=filled.call.closes_at, until=until)

    assert ask(Application.objects.get(pk=filled.pk)).expires_at == until


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"email": "OWN"}, "This is your own address."),
        ({"name": "o'brien AOIFE"}, "This is your own name."),
        ({"email": "a@b.c\nBcc: x@y.z"}, "This is not a whole e-mail address."),
        ({"email": '"A, B" <a@b.example>'}, "This is not a whole e-mail address."),
        ({"email": "a@b.example, c@d.example"}, "This is not a whole e-mail address."),
        ({"name": ""}, "Write the name of the person."),
        ({"name": "Sok\x00Dara"}, "cannot be read"),
        ({"position": "x" * 201}, "Please shorten this to 200 characters; it has 201."),
        ({"language": "xx"}, "Select a valid choice."),
    ],
)
def test_whom_nobody_can_ask_comes_back_with_a_sentence(person, filled, changed, words):
    said = {key: person.user.email.upper() if v == "OWN" else v for key, v in changed.items()}

    page = person.client.post(person.at("nominator", filled.pk), PERSON | said)

    assert page.status_code == 200
    assert words in page.content.decode()
    assert not Nomination.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize("changed", [{"name": "Aoife O'Brien"}, {"email": "SECOND@example.org"}])
def test_the_action_refuses_oneself_too(filled, changed):
    filled.applicant.emailaddress_set.create(email="second@example.org")

    with pytest.raises(Refused, match="Nobody can nominate themselves"):
        ask(filled, **changed)


def test_asking_the_same_person_again_changes_nothing(filled):
    first = ask(filled)
    again = ask(filled)

    assert (again.pk, again.secret_sha256) == (first.pk, first.secret_sha256)
    assert Message.objects.count() == 1


def test_a_slip_in_the_address_is_mended_at_once_and_the_old_link_is_dead(filled):
    ask(filled, email="dora@authority.example")
    old = link_in(Message.objects.get())
    ask(filled)

    new = link_in(Message.objects.get(address=PERSON["email"]))
    now = timezone.now()
    assert nomination_behind(old, at=now) is None
    assert nomination_behind(new, at=now).email == PERSON["email"]


def test_one_address_gets_its_letters_slowly_and_not_for_ever(filled):
    asked = ask(filled)
    with pytest.raises(Refused, match="wait ten minutes"):
        actions.renew(asked, arrived_at=timezone.now(), by=filled.applicant)
    Nomination.objects.update(link_number=10, invited_at=timezone.now() - timedelta(days=1))

    with pytest.raises(Refused, match="10 links have been sent"):
        actions.renew(asked, arrived_at=timezone.now(), by=filled.applicant)


def test_an_answer_that_the_letter_needs_is_asked_for_first(person):
    draft = make.FilledApplicationFactory(applicant=person.user, organisation="")

    page = person.client.get(person.at("nominator", draft.pk)).content.decode()

    assert "Answer this in the form first" in page
    with pytest.raises(Refused, match="Organisation"):
        ask(draft)


def test_nobody_is_asked_after_the_deadline(filled, close):
    close(filled.call)
    filled.call.refresh_from_db()

    with pytest.raises(Refused, match="after the deadline"):
        ask(filled)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_ten_equal_askings_make_one_nomination_and_one_letter():
    filled = make.FilledApplicationFactory()

    _found, faults = at_once(10, lambda: ask(filled))

    assert faults == []
    assert Nomination.objects.count() == 1
    assert letters("nomination_asked").count() == 1


# --- What the applicant and the staff see ------------------------------------------------------


def test_a_renewed_link_makes_the_one_before_worthless(person, asked, nominator):
    person.client.post(person.at("nominator-renew", asked.application_id))

    letter = letters("nomination_asked").get()
    assert nominator.open().status_code == 404
    assert nomination_behind(link_in(letter), at=timezone.now()) == asked
    assert "Links in earlier letters open nothing any more." in letter.body


def test_a_link_is_taken_back_and_can_be_sent_anew(person, asked, nominator):
    person.client.post(person.at("nominator-revoke", asked.application_id))
    person.client.post(person.at("nominator-revoke", asked.application_id))
    dead = nominator.open().status_code
    person.client.post(person.at("nominator-renew", asked.application_id))

    asked.refresh_from_db()
    assert dead == 404
    assert (asked.status, asked.link_number) == ("invited", 2)


STATES = {
    "Waiting for an answer": {},
    "The link has run out": {"expires_at": timezone.now() - timedelta(days=1)},
    "Letter given": {"status": "given"},
    "Declined": {"status": "declined"},
    "Link withdrawn": {"status": "revoked"},
}


@pytest.mark.parametrize("word", STATES)
def test_the_applicant_sees_how_far_it_is(word, person, asked):
    Nomination.objects.update(**STATES[word])

    page = person.client.get(person.at("document", asked.application_id, "nomination"))

    assert word in page.content.decode()


def test_a_line_says_that_it_waits_for_the_nominator_while_the_link_works(filled):
    before = line_of(filled)

    ask(filled)

    after, afterwards = line_of(filled), line_of(filled, now=timezone.now() + timedelta(days=15))
    assert said(before) == ("Not sent yet", ["Ask the person who nominates you"])
    assert said(after) == ("Waiting for the nominator", ["See how far it is"])
    assert afterwards.word == "Not sent yet"


def test_a_draft_leads_to_what_is_missing_first(person, blank):
    page = person.client.get(blank.get_absolute_url())

    first = reverse("applications:section", args=[blank.pk, "you"])
    assert page.context["next_step"] == {"name": "Go on: About you", "url": first}
    assert "Go on: About you" in page.content.decode()


def line_of(application, now=None):
    page = overview(application, now=now or timezone.now())
    return next(row for row in page.rows if row.requirement.signer == "nominator")


def said(row):
    return row.word, [action["text"] for action in row.actions]


def test_the_applicant_sees_that_the_letter_came_back(person, filled):
    ask(filled)
    Message.objects.update(state="bounced")

    page = person.client.get(person.at("document", filled.pk, "nomination")).content.decode()

    assert "this address takes no letters" in page


def test_staff_see_the_nominator_and_the_trail(
    person, sent, client, django_capture_on_commit_callbacks
):
    make.NominationFactory(application=sent)
    Nominator(SECRET, django_capture_on_commit_callbacks).sign()
    client.force_login(make.RoleFactory(workshop=sent.call.workshop).user)

    page = client.get(person.at("desk-application", sent.pk)).content.decode()
    told = [each.what for each in trail(sent)]

    for words in ("The nominator", "Dr. Sok Dara", "dara@authority.example", "Letter given"):
        assert words in page
    assert "The nominator gave the letter" in told
    assert "Signed as “Dr. Sok Dara” on the portal" in told


def test_another_person_reaches_neither_the_form_nor_the_buttons(asked, client):
    client.force_login(make.UserFactory())
    pk = asked.application_id

    found = [
        client.get(reverse("applications:nominator", args=[pk])).status_code,
        client.post(reverse("applications:nominator-renew", args=[pk])).status_code,
        client.post(reverse("applications:nominator-revoke", args=[pk])).status_code,
    ]

    assert found == [404, 404, 404]
    assert Nomination.objects.get().link_number == 1
