"""My tasks, and how few queries the applicant's pages need."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import factories as make


@pytest.fixture
def returned(sent):
    until = timezone.now() + timedelta(days=3)
    facts = {"status": "returned", "return_reason": "unsigned", "return_until": until}
    sent.documents.filter(requirement__slug="waiver").update(**facts)
    return sent


def tasks(person):
    return [task.name for task in person.client.get("/tasks/").context["tasks"]]


def test_a_draft_stands_among_the_tasks_with_its_deadline(person):
    draft = make.FilledApplicationFactory(applicant=person.user, call__workshop__title="Jeju")

    [task] = person.client.get("/tasks/").context["tasks"]

    assert (task.name, task.hint) == ("Finish your application: Jeju", "1 of 7 documents received")
    assert (task.due, task.url) == (draft.call.closes_at, draft.get_absolute_url())


def test_a_returned_document_stands_among_the_tasks(person, returned):
    assert tasks(person) == ["Send a new file: Acknowledgement, waiver and release of liability"]


def test_what_can_no_longer_be_done_is_no_task(person, draft, close):
    close(draft.call)

    assert tasks(person) == []


def test_a_coordinator_sees_what_waits_at_the_desk(person, returned, client):
    coordinator = make.RoleFactory(workshop=returned.call.workshop).user
    make.DecisionFactory(application=returned, decided_at=timezone.now())
    client.force_login(coordinator)

    found = [task.name for task in client.get("/tasks/").context["tasks"]]

    assert found == ["1 application with documents to check", "1 decision not released"]


def test_whoever_has_nothing_to_do_is_shown_the_open_calls(person):
    call = make.CallFactory(workshop__title="Somewhere to apply")

    page = person.client.get("/tasks/")

    assert page.context["calls"] == [call]
    assert b"Somewhere to apply" in page.content


def test_whoever_has_nothing_to_do_and_nowhere_to_apply_is_told_so(person):
    assert b"Nothing waits for you" in person.client.get("/tasks/").content


@pytest.mark.parametrize("role", ["coordinator", "reviewer", "facilitator", "observer"])
def test_a_call_that_was_answered_or_that_one_works_on_is_not_offered(person, draft, role):
    other = make.CallFactory()
    make.RoleFactory(workshop=other.workshop, user=person.user, role=role)

    assert person.client.get("/tasks/").context["calls"] == []


# --- Few queries -----------------------------------------------------------------------


def queries(client, path):
    with CaptureQueriesContext(
        connection,
    ) as made:
        assert client.get(path).status_code == 200
    return len(made)


PAGES = {
    "application": 12,
    "check": 12,
    "answers": 8,
    "section": 8,
    "document": 10,
    "receipt": 10,
}


@pytest.mark.parametrize(("name", "most"), PAGES.items())
def test_a_page_needs_as_few_queries_for_seven_documents_as_for_one(person, name, most):
    few = make.FilledApplicationFactory(applicant=person.user)
    make.DocumentFactory(application=few)
    few.call.required_documents.exclude(slug__in=["application", "cv"]).delete()
    many = make.CompleteApplicationFactory(applicant=person.user)
    for application in (few, many):
        application.receipts.create(number=1, arrived_at=timezone.now(), documents=[])
    extra = {"section": ["you"], "document": ["cv"]}.get(name, [])

    counts = {
        queries(person.client, person.at(name, application.pk, *extra))
        for application in (few, many)
    }

    assert len(counts) == 1
    assert counts.pop() <= most


def test_my_tasks_need_as_few_queries_for_three_applications_as_for_one(person, returned):
    person.client.get("/tasks/")
    one = queries(person.client, "/tasks/")
    for _more in range(2):
        make.CompleteApplicationFactory(applicant=person.user)

    assert queries(person.client, "/tasks/") == one


def test_my_tasks_of_a_coordinator_need_as_few_for_three_workshops_as_for_one(person, client):
    coordinator = make.UserFactory()
    client.force_login(coordinator)
    counts = []
    for _more in range(3):
        sent = make.SubmittedApplicationFactory()
        make.RoleFactory(workshop=sent.call.workshop, user=coordinator)
        counts.append(queries(client, "/tasks/"))

    assert len(set(counts)) == 1
