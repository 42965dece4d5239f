"""Steps out of their order, and words that are no words."""

import pytest

from applications.models import Decision
from tests import factories as make
from workshop_portal.outbox.actions import post
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return make.CallFactory(workshop__slug="here")


@pytest.fixture
def desk(client, call):
    client.force_login(make.RoleFactory(workshop=call.workshop).user)
    return client


@pytest.fixture
def sent(call):
    return make.SubmittedApplicationFactory(call=call)


@pytest.mark.parametrize("version", ["7", "-1", "9" * 40])
def test_a_decision_that_nobody_made_cannot_be_changed(desk, sent, version):
    ticked = {"outcome": "rejected", "application": f"{sent.pk}:{version}"}

    answer = desk.post("/desk/here/decide/", ticked)

    assert answer.status_code == 409
    assert "is not there any more" in answer.content.decode()
    assert not Decision.objects.exists()


def test_one_decision_that_nobody_made_cannot_be_changed_either(desk, sent):
    words = {"outcome": "rejected", "note": "Too late", "message": "", "version": "3"}

    answer = desk.post(f"/desk/applications/{sent.pk}/decide/", words)

    assert answer.status_code == 409
    assert "Too late" in answer.content.decode()
    assert not Decision.objects.exists()


@pytest.fixture
def draft(client, call):
    made = make.FilledApplicationFactory(call=call)
    client.force_login(made.applicant)
    return made


def write(client, draft, **words):
    """Send the first part of the form with these words in the place of others."""
    page = f"/applications/{draft.pk}/form/you/"
    known = client.get(page).context["form"]
    said = {name: known[name].value() for name in known.fields if name != "birth_date"}
    born = {"birth_date_day": "17", "birth_date_month": "5", "birth_date_year": "1985"}
    answer = client.post(page, {**said, **born, **words})
    draft.refresh_from_db()
    return answer


def test_what_has_one_line_on_the_page_is_stored_as_one_line(client, draft):
    write(client, draft, certificate_name="Aoife\r\nBcc: everybody@example.org")

    assert draft.certificate_name == "Aoife Bcc: everybody@example.org"


def test_signs_that_nobody_sees_are_no_name(client, draft):
    write(client, draft, given_name="\N{ZERO WIDTH SPACE}\N{ZERO WIDTH JOINER}")

    assert draft.given_name == ""


def test_a_name_keeps_the_joiner_that_its_script_needs(client, draft):
    name = "\u0645\u06cc\N{ZERO WIDTH NON-JOINER}\u062e\u0648\u0627\u0647\u0645"

    write(client, draft, given_name=name)

    assert draft.given_name == name


@pytest.mark.parametrize("year", ["0001", "9999", "85", "9" * 30])
def test_a_year_of_birth_that_cannot_be_keeps_what_was_typed(client, draft, year):
    answer = write(client, draft, birth_date_year=year)

    page = client.get(answer["Location"])
    assert (answer.status_code, page.status_code) == (303, 200)
    assert f'value="{year}"' in page.text
    assert str(draft.birth_date) == "1985-05-17"


def test_the_answers_as_a_file_say_in_which_encoding_they_are(client, draft):
    answer = client.get(f"/applications/{draft.pk}/answers/?download")

    assert answer["Content-Type"] == "text/plain; charset=utf-8"


def test_a_held_letter_takes_no_signs_that_cannot_be_printed(desk, sent, call):
    letter = post(
        "applications/withdrawn",
        to=sent.applicant,
        key="letter",
        scope=call.workshop.scope,
        application=sent,
        workshop=call.workshop,
    )
    Message.objects.update(state=Message.State.HELD)
    words = {"subject": "Dear\r\nBcc: x@example.org", "body": "One\x08 line\x1b\nand another"}

    desk.post(f"/desk/here/outbox/{letter.pk}/edit/", words)

    letter.refresh_from_db()
    assert (letter.subject, letter.body) == ("Dear Bcc: x@example.org", "One line\nand another\n")
