"""The evidence: who tried what, when it arrived, and what stood in the way."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from applications.actions import attach, sending
from applications.actions.guard import TooLate
from tests import factories as make
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/here/attempts/"


def press(draft, at=None, **changed):
    facts = {"version": draft.version, "statement": "Yes.", "by": draft.applicant} | changed
    return sending.submit(draft, arrived_at=at or timezone.now(), **facts)


@pytest.fixture
def late(call):
    """Somebody who pressed ten seconds after the deadline."""
    call.closes_at = timezone.now() - timedelta(minutes=1)
    call.save()
    draft = make.CompleteApplicationFactory(call=call, given_name="Late", family_name="Comer")
    with pytest.raises(TooLate):
        press(draft, call.closes_at + timedelta(seconds=10, milliseconds=250))
    return draft


@pytest.fixture
def lacking(call):
    """Somebody who pressed in time while a document was missing."""
    draft = make.FilledApplicationFactory(call=call, given_name="Lacking")
    with pytest.raises(Refused):
        press(draft, call.closes_at - timedelta(days=1))
    return draft


def rows(page):
    return [(line.who.split()[0], line.outcome, line.why) for line in page.context["lines"]]


def test_every_attempt_stands_there_with_its_moment_its_outcome_and_its_reason(
    desk, call, late, lacking
):
    sent = make.CompleteApplicationFactory(call=call, given_name="Sent")
    press(sent, call.closes_at)

    page = desk.get(ADDRESS)

    assert rows(page) == [
        ("Sent", "taken", ""),
        ("Lacking", "refused", page.context["lines"][1].why),
        ("Late", "refused", "It arrived after the deadline"),
    ]
    assert page.context["lines"][1].why.startswith("Missing: Case study")
    arrived = page.context["lines"][2]
    assert arrived.arrived_at - call.closes_at == timedelta(seconds=10, milliseconds=250)
    assert arrived.deadline == call.closes_at


def test_the_list_is_narrowed_by_person_outcome_and_cause(desk, call, late, lacking):
    press(make.CompleteApplicationFactory(call=call, given_name="Sent"), call.closes_at)

    def found(query):
        return [name for name, *_rest in rows(desk.get(ADDRESS + query))]

    assert found("?q=comer+late") == ["Late"]
    assert found(f"?q={lacking.applicant.email}") == ["Lacking"]
    assert found("?outcome=taken") == ["Sent"]
    assert found("?outcome=refused&cause=incomplete") == ["Lacking"]
    assert found(f"?application={late.pk}") == ["Late"]
    assert found("?outcome=nonsense&cause=x&application=y") == ["Sent", "Lacking", "Late"]


def test_what_fits_nothing_says_so(desk, late):
    assert "Nothing fits" in desk.get(f"{ADDRESS}?q=nobody").text


def test_an_empty_list_says_what_will_stand_there(desk):
    assert "Nothing has been tried yet" in desk.get(ADDRESS).text


def test_the_attempts_of_another_call_stay_there(desk, call, late):
    press(make.CompleteApplicationFactory(given_name="Elsewhere"))

    assert "Elsewhere" not in desk.get(ADDRESS).text


def test_a_refused_file_and_a_refused_change_are_evidence_too(desk, client, call, late):
    attach.note_refusal(
        late,
        call.required_documents.get(slug="cv"),
        code="damaged",
        size=9,
        sha256="",
        by=late.applicant,
    )
    client.force_login(late.applicant)
    client.post(f"/applications/{late.pk}/at-close/", {"at_close": "on"})
    client.force_login(make.RoleFactory(workshop=call.workshop).user)

    found = [(line.what, line.why) for line in client.get(ADDRESS).context["lines"]]

    assert found == [
        ("Asking to be sent at the deadline", "It arrived after the deadline"),
        ("Sending a file", "The file itself could not be taken"),
        ("Sending the application", "It arrived after the deadline"),
    ]


def test_somebody_who_came_too_late_to_start_is_there_by_name(desk, client, call, late):
    person = make.UserFactory(given_name="Newcomer")
    client.force_login(person)
    client.post("/workshops/here/apply/")
    client.force_login(make.RoleFactory(workshop=call.workshop).user)

    line = client.get(ADDRESS).context["lines"][0]

    assert (line.what, line.who.split()[0], line.email) == (
        "Starting an application",
        "Newcomer",
        person.email,
    )


def test_the_list_leaves_as_csv_and_that_is_on_record(desk, hana, call, late, lacking):
    answer = desk.get("/desk/here/attempts.csv?cause=late")

    table = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    entry = Entry.objects.get(event="attempts.exported")
    assert [row[1] for row in table] == ["Name", "Late Comer"]
    assert table[1][0].endswith("+09:00")
    assert table[1][6] == "It arrived after the deadline"
    assert (entry.by, entry.facts["rows"], entry.facts["chosen"]) == (hana, 1, {"cause": "late"})


def test_the_list_leaves_as_a_spreadsheet_and_as_nothing_else(desk, late):
    assert desk.get("/desk/here/attempts.xlsx").status_code == 200
    assert desk.get("/desk/here/attempts.pdf").status_code == 404


def test_the_list_is_read_in_few_queries_however_long_it_is(
    desk, call, late, django_assert_num_queries
):
    desk.get(ADDRESS)
    with django_assert_num_queries(7):
        desk.get(ADDRESS)
    for _person in range(3):
        press(make.CompleteApplicationFactory(call=call), call.closes_at)

    with django_assert_num_queries(7):
        desk.get(ADDRESS)


def test_an_applicant_sees_their_own_attempts_on_the_page_that_says_too_late(client, late):
    client.force_login(late.applicant)

    page = client.post(
        f"/applications/{late.pk}/submit/", {"version": late.version, "statement": "on"}
    )

    assert page.status_code == 409
    assert "What arrived here, and when" in page.text
    assert page.text.count("It arrived after the deadline") == 2


def test_an_applicant_sees_their_own_attempts_on_their_page_and_nobody_elses(client, late, lacking):
    client.force_login(lacking.applicant)

    page = client.get(lacking.get_absolute_url()).text

    assert "Missing: Case study" in page
    assert "It arrived after the deadline" not in page


def test_staff_come_to_the_attempts_of_one_person_from_their_application(desk, sent):
    page = desk.get(f"/desk/applications/{sent.pk}/").text

    assert f"{ADDRESS}?application={sent.pk}" in page
