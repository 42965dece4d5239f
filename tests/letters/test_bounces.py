"""Letters that come back: by what a mail server says, by what it sends, and by hand."""

import io
import sys

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import RoleFactory, SubmittedApplicationFactory, UserFactory
from tests.workshops.conftest import letter_of
from workshop_portal.accounts.actions import note_bounce
from workshop_portal.accounts.models import User
from workshop_portal.audit.models import Entry
from workshop_portal.outbox import bounces
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db

NOTICE = """\
From: Mail Delivery System <MAILER-DAEMON@relay.example>
To: centre@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system at relay.example.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <{address}>: Recipient address rejected:
    User unknown

--b
Content-Type: {kind}

From: Centre <centre@example.org>
To: {address}
Subject: Received
Message-ID: {message_id}

Dear Jane,
--b--
"""


@pytest.fixture
def workshop():
    return RoleFactory().workshop


@pytest.fixture
def jane():
    return UserFactory(email="jane@example.org", given_name="Jane", family_name="Doe")


@pytest.fixture
def letter(workshop, jane):
    return letter_of(workshop, to=jane, state="sent", sent_at=Now())


def notice(letter, **facts):
    usual = {
        "address": letter.address,
        "action": "failed",
        "status": "5.1.1",
        "kind": "message/rfc822",
        "message_id": letter.message_id,
    }
    return NOTICE.format(**{**usual, **facts}).encode()


def state(letter):
    return Message.objects.values_list("state", flat=True).get(pk=letter.pk)


def is_out_of_reach(person):
    return User.objects.get(pk=person.pk).unreachable_since is not None


# --- By a notice -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_notice_of_a_final_failure_brings_the_letter_back(letter, jane, kind, ends):
    mail = notice(letter, kind=kind).replace(b"\n", ends.encode())

    found = note_bounce(mail)

    letter.refresh_from_db()
    assert (found, letter.state) == (letter, "bounced")
    assert "User unknown" in letter.last_error
    assert is_out_of_reach(jane)
    assert Entry.objects.get(event="message.bounced").by is None


def test_a_notice_that_only_answers_the_letter_is_understood(letter):
    mail = notice(letter, message_id="<other@x>").replace(
        b"MIME-Version", f"In-Reply-To: {letter.message_id}\nMIME-Version".encode()
    )

    note_bounce(mail)

    assert state(letter) == "bounced"


@pytest.mark.parametrize(
    "facts",
    [
        {"action": "delayed", "status": "4.4.1"},
        {"action": "delayed"},
        {"action": "failed", "status": "4.2.2"},
        {"action": "relayed", "status": "2.0.0"},
        {"action": "delivered", "status": "2.0.0"},
        {"status": ""},
        {"status": "nonsense"},
        {"message_id": "<somebody-elses@example.org>"},
        {"message_id": ""},
        {"address": "somebody@else.example"},
    ],
)
def test_what_is_no_final_failure_of_that_letter_changes_nothing(letter, jane, facts):
    assert note_bounce(notice(letter, **facts)) is None

    assert state(letter) == "sent"
    assert not is_out_of_reach(jane)


def test_a_plain_mail_that_speaks_of_a_failure_changes_nothing(letter, jane):
    words = notice(letter).replace(b"multipart/report", b"multipart/mixed")

    assert note_bounce(words) is None
    assert state(letter) == "sent"


@pytest.mark.parametrize("was", ["queued", "held", "failed", "cancelled", "bounced"])
def test_what_never_left_cannot_come_back(letter, jane, was):
    Message.objects.update(state=was)

    assert note_bounce(notice(letter)) is None
    assert (state(letter), is_out_of_reach(jane)) == (was, False)


def test_of_a_letter_of_which_nobody_knew_it_is_known_now(letter):
    Message.objects.update(state="unknown")

    note_bounce(notice(letter))

    assert state(letter) == "bounced"


def test_a_letter_to_an_earlier_address_says_nothing_about_the_present_one(letter, jane):
    User.objects.filter(pk=jane.pk).update(email="new@example.org")

    note_bounce(notice(letter))

    assert state(letter) == "bounced"
    assert not is_out_of_reach(jane)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(mail=st.binary(max_size=2000))
def test_whatever_is_sent_is_read_without_a_fault(mail):
    assert bounces.read(mail) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(at=st.integers(0, 900), junk=st.binary(min_size=1, max_size=40))
def test_a_damaged_notice_is_read_without_a_fault(at, junk):
    known = Message(message_id="<1@x>", address="jane@example.org")
    mail = notice(known)

    bounces.read(mail[:at] + junk + mail[at + len(junk) :])


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"\xff\xfe\x00" * 100,
        b"Content-Type: multipart/report\n\n",
        b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: "
        b"message/delivery-status\n\ntext without fields\n--b--",
        b"Content-Type: message/rfc822\n\n" * 500,
        b"Content-Type: multipart/report; boundary=b\n\n" + b"--b\n\nx\n" * 5000,
    ],
)
def test_rubbish_is_no_notice(mail):
    assert bounces.read(mail) is None


def test_the_command_reads_standard_input_and_never_complains(letter, monkeypatch, capsys):
    for mail in (notice(letter), b"rubbish"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(mail)))
        call_command("bounced")

    assert capsys.readouterr().out.splitlines() == [
        f"Letter {letter.pk} came back.",
        "No letter of the portal came back by this mail.",
    ]
    assert state(letter) == "bounced"


# --- By hand, and what staff see ---------------------------------------------------------


def test_staff_note_that_a_letter_came_back(client, workshop, letter, jane):
    client.force_login(workshop.roles.get().user)
    address = reverse("workshops:message-bounced", args=[workshop.slug, letter.pk])

    careless = client.post(address)
    answer = client.post(address, {"bounce-reason": "No such mailbox"})

    letter.refresh_from_db()
    assert "Say what came back" in careless.content.decode()
    assert answer.status_code == 302
    assert (letter.state, letter.last_error) == ("bounced", "No such mailbox")
    assert is_out_of_reach(jane)
    page = client.get(reverse("workshops:message", args=[workshop.slug, letter.pk]))
    assert "A letter came back: No such mailbox" in page.content.decode()
    assert "Letters to Jane Doe come back since" in page.content.decode()


@pytest.mark.parametrize("was", ["queued", "held", "failed", "bounced", "cancelled"])
def test_only_what_left_can_be_noted_as_come_back(client, workshop, letter, was):
    Message.objects.update(state=was)
    client.force_login(workshop.roles.get().user)
    address = reverse("workshops:message-bounced", args=[workshop.slug, letter.pk])

    assert client.post(address, {"bounce-reason": "x"}).status_code == 409
    assert state(letter) == was


def test_the_outbox_the_desk_the_list_and_the_application_tell_of_it(client):
    sent = SubmittedApplicationFactory(applicant__unreachable_since="2026-01-02T03:04Z")
    other = SubmittedApplicationFactory(call=sent.call)
    workshop = sent.call.workshop
    letter_of(workshop, state="bounced")
    client.force_login(RoleFactory(workshop=workshop).user)
    slug = workshop.slug

    desk = client.get("/desk/").content.decode()
    listed = client.get(f"/desk/{slug}/applications/", {"reach": "no"})
    outbox = client.get(f"/desk/{slug}/outbox/").content.decode()

    assert "1 person whom letters do not reach" in desk
    assert [row.pk for row in listed.context["list"].rows] == [str(sent.pk)]
    assert "One letter came back." in outbox
    assert "come back since" in client.get(f"/desk/applications/{sent.pk}/").content.decode()
    assert "come back since" not in client.get(f"/desk/applications/{other.pk}/").content.decode()


# --- What the person sees ----------------------------------------------------------------


BANNER = "Our letters do not reach you"


def test_who_cannot_be_reached_reads_it_on_every_page_and_nobody_else_does(client, jane):
    User.objects.filter(pk=jane.pk).update(unreachable_since=Now())
    pages = ["/", "/workshops/", "/tasks/", "/inbox/", "/account/profile/", "/nowhere/"]

    stranger = [BANNER in client.get(page).content.decode() for page in pages]
    client.force_login(jane)
    mine = [BANNER in client.get(page).content.decode() for page in pages]
    client.force_login(UserFactory())
    others = [BANNER in client.get(page).content.decode() for page in pages]

    assert (stranger, mine, others) == ([False] * 6, [True] * 6, [False] * 6)


def test_the_banner_costs_no_query(client, jane):
    client.force_login(jane)
    client.get("/inbox/")
    with CaptureQueriesContext(connection) as before:
        client.get("/inbox/")

    User.objects.filter(pk=jane.pk).update(unreachable_since=Now())
    with CaptureQueriesContext(connection) as after:
        client.get("/inbox/")

    assert len(after) == len(before)


def test_who_says_that_the_address_is_right_is_written_to_again(client, jane):
    User.objects.filter(pk=jane.pk).update(unreachable_since=Now())
    client.force_login(jane)

    page = client.post("/account/profile/reachable/", follow=True).content.decode()
    client.post("/account/profile/reachable/")

    assert "Letters go to jane@example.org again." in page
    assert not is_out_of_reach(jane)
    assert Entry.objects.filter(event="account.reachable", by=jane).count() == 1


def test_a_confirmed_address_ends_it(client, jane, django_capture_on_commit_callbacks):
    User.objects.filter(pk=jane.pk).update(unreachable_since=Now())
    client.force_login(jane)
    client.post("/account/reauthenticate/", {"password": "a long good password"})

    client.post("/account/email/", {"email": "new@example.org", "action_add": ""})
    before = is_out_of_reach(jane)
    code = Message.objects.get(letter="account/email_confirmation").subject.split()[0]
    client.post("/account/confirm-email/", {"code": code})

    jane.refresh_from_db()
    assert before
    assert (jane.email, jane.unreachable_since) == ("new@example.org", None)


def test_a_letter_that_a_server_takes_proves_nothing(jane, django_capture_on_commit_callbacks):
    User.objects.filter(pk=jane.pk).update(unreachable_since=Now())

    with django_capture_on_commit_callbacks(execute=True):
        letter_of(RoleFactory().workshop, to=jane)

    assert is_out_of_reach(jane)


def test_a_second_letter_that_comes_back_does_not_move_the_first_day(letter, jane):
    User.objects.filter(pk=jane.pk).update(unreachable_since="2026-01-02T03:04Z")

    note_bounce(notice(letter))

    assert User.objects.get(pk=jane.pk).unreachable_since.year == 2026
    assert User.objects.get(pk=jane.pk).unreachable_since.month == 1
