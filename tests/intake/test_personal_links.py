"""Links are opened by machines before people read them, and letters are read by staff."""

import re

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.actions import letters
from applications.actions import nomination as actions
from tests import factories as make
from tests.factories import SECRET
from workshop_portal.logs import WithoutSecrets
from workshop_portal.outbox import actions as outbox
from workshop_portal.outbox import occasions
from workshop_portal.outbox.actions import post
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
# What every visit may touch: nothing of it belongs to anybody's file.
OF_EVERY_VISIT = {"sessions.Session"}


def everything():
    """Every row of every table."""
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values()))
        for model in apps.get_models()
        if model._meta.label not in OF_EVERY_VISIT and model._meta.managed
    }


def links():
    """Every address of the portal in every letter."""
    return addresses("\n".join(Message.objects.values_list("body", flat=True)))


def addresses(text):
    return sorted({re.sub(r"^https?://[^/]+", "", at) for at in re.findall(r"https?://\S+", text)})


def scanned(found):
    """What somebody's scanner is answered, who opens each address twice in two ways."""
    scanner = Client(HTTP_SEC_PURPOSE="prefetch")
    ways = (scanner.head, scanner.get)
    return [open_it(link).status_code for link in found * 2 for open_it in ways]


@pytest.fixture
def asked(sent):
    """A sent application with its receipt's letter, and a nominator who has been asked."""
    post(
        "applications/received",
        to=sent.applicant,
        key="a",
        scope=sent.call.workshop.scope,
        about=sent,
        application=sent,
        receipt=sent.receipts.get(),
        call=sent.call,
        workshop=sent.call.workshop,
    )
    return actions.ask(
        sent,
        name="Dr. Sok Dara",
        position="Director",
        organisation="Department",
        email="dara@authority.example",
        language="en",
        arrived_at=timezone.now(),
        by=sent.applicant,
    )


def test_a_scanner_that_opens_every_link_of_every_letter_twice_changes_nothing(asked):
    before, found = everything(), links()

    answers = scanned(found)

    assert any("/nominations/" in link for link in found)
    assert len(found) >= 3
    assert set(answers) <= {200, 302}
    assert everything() == before


def test_a_scanner_changes_nothing_with_the_links_of_any_letter_that_we_write(asked):
    application = asked.application
    bodies = [letters.try_out(each, application, language="en")[1] for each in occasions.OCCASIONS]
    before, found = everything(), addresses("\n".join(bodies))

    answers = scanned(found)

    assert len(bodies) > 10
    assert len(found) >= 5
    assert set(answers) <= {200, 302, 404}  # a letter that is tried out has no secret of its own
    assert everything() == before


def test_a_scanner_that_opens_the_link_to_a_new_password_leaves_the_old_one(client):
    person = make.UserFactory()
    client.post(reverse("account_reset_password"), {"email": person.email})
    before, found = everything(), links()

    answers = scanned(found)

    assert any("/password/reset/key/" in link for link in found)
    assert set(answers) <= {200, 302}
    assert everything() == before


def test_a_get_of_a_button_behind_the_link_is_no_press_and_leads_to_the_letter(asked):
    before = everything()
    [link] = [link for link in links() if "/nominations/" in link]

    answers = [Client().get(f"{link}{end}") for end in ("sign/", "upload/", "decline/")]

    assert [(answer.status_code, answer.url) for answer in answers] == [(302, link)] * 3
    assert Client().get(f"{link}paper/").status_code == 405
    assert everything() == before


# --- What staff see of it --------------------------------------------------------------------


@pytest.fixture
def staff(asked, client):
    client.force_login(make.RoleFactory(workshop=asked.application.call.workshop).user)
    return client


def letter_of(asked):
    return Message.objects.get(letter="applications/nomination_asked")


def address(name, asked):
    return reverse(
        f"workshops:{name}", args=[asked.application.call.workshop.slug, letter_of(asked).pk]
    )


def secret_of(letter):
    return re.search(r"/nominations/([\w-]{43})/", letter.body)[1]


def test_staff_read_the_letter_and_cannot_use_its_link(asked, staff):
    letter = letter_of(asked)

    page = staff.get(address("message", asked)).content.decode()

    assert "asks you for a letter of nomination" in page
    assert "/nominations/…" in page
    assert secret_of(letter) not in page


def test_a_held_letter_with_a_link_cannot_be_changed(asked, staff):
    outbox.hold(letter_of(asked))

    page = staff.get(address("message", asked)).content.decode()
    form = staff.get(address("message-edit", asked))
    answer = staff.post(address("message-edit", asked), {"subject": "x", "body": "y"})

    assert "its words cannot be changed" in page
    assert form.status_code == 302
    assert answer.status_code == 409
    assert secret_of(letter_of(asked)) not in answer.content.decode()
    assert letter_of(asked).body != "y"


def test_a_form_that_is_sent_empty_does_not_show_the_link(asked, staff):
    outbox.hold(letter_of(asked))

    answer = staff.post(address("message-edit", asked))

    assert secret_of(letter_of(asked)) not in answer.content.decode()


def test_a_letter_that_has_left_keeps_no_link(sent, django_capture_on_commit_callbacks, mailoutbox):
    with django_capture_on_commit_callbacks(execute=True):
        asked = actions.ask(
            sent,
            name="Dr. Sok Dara",
            position="Director",
            organisation="Department",
            email="dara@authority.example",
            language="en",
            arrived_at=timezone.now(),
            by=sent.applicant,
        )

    [mail] = mailoutbox
    letter = letter_of(asked)
    assert re.search(r"/nominations/[\w-]{43}/", mail.body)
    assert letter.state == "sent"
    assert re.search(r"/nominations/[\w-]{43}/", letter.body) is None
    with pytest.raises(outbox.Refused, match="is not kept"):
        outbox.send_again(letter, number=0)


def test_no_line_of_the_log_holds_a_link(settings, caplog):
    Client(enforce_csrf_checks=True).post(reverse("applications:nomination-sign", args=[SECRET]))
    Client().get(reverse("applications:nomination", args=[SECRET]))

    discreet = WithoutSecrets()
    lines = [record for record in caplog.records if discreet.filter(record)]
    assert len(lines) == 2
    assert [line.getMessage() for line in lines if SECRET in line.getMessage()] == []
    assert [line.getMessage() for line in lines if "/nominations/…/" not in line.getMessage()] == []
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["discreet"]
