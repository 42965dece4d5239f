"""Before it is released, a decision changes nothing that anybody outside the committee gets."""

import re

import pytest
from django.test import Client

from applications.actions import selection
from applications.queries.selection import plan
from tests.factories import RoleFactory, SubmittedApplicationFactory, UserFactory

pytestmark = pytest.mark.django_db
MASKS = [
    (re.compile(rb'name="csrfmiddlewaretoken" value="\w+"'), b"TOKEN"),
    (re.compile(rb'nonce="[\w+/=-]+"'), b"NONCE"),
]
LINK = re.compile(r'(?:href|src)="(/[^"#]*)')


@pytest.fixture
def outsiders(call, sent):
    """A browser for everybody who may not know: by name."""
    people = {"applicant": sent.applicant, "rival": UserFactory(), "seated": UserFactory()}
    SubmittedApplicationFactory(call=call, applicant=people["rival"])
    SubmittedApplicationFactory(call=call, applicant=people["seated"])
    call.workshop.participants.create(user=people["seated"], city=people["seated"].city)
    for role in ("reviewer", "facilitator", "observer"):
        people[role] = RoleFactory(workshop=call.workshop, role=role).user
    people["admin"] = UserFactory(is_admin=True)
    browsers = {"anonymous": Client()}
    for name, person in people.items():
        browsers[name] = Client()
        browsers[name].force_login(person)
    return browsers


def masked(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = {name: value for name, value in response.headers.items() if name != "Expires"}
    policy = headers.get("Content-Security-Policy", "")
    headers["Content-Security-Policy"] = re.sub(r"'nonce-[^']+'", "NONCE", policy)
    for pattern, word in MASKS:
        body = pattern.sub(word, body)
    return response.status_code, headers, body


def everything(browser, *starts):
    """All that a person gets: every page that can be reached, with its status and headers."""
    found, waiting = {}, ["/", "/tasks/", "/inbox/", "/desk/", "/workshops/", *starts]
    while waiting:
        address = waiting.pop()
        if address in found or address.startswith(("/static/", "/account/")):
            continue
        found[address] = masked(browser.get(address))
        waiting += LINK.findall(found[address][2].decode(errors="replace"))
    return found


def seen_by_all(outsiders, sent):
    starts = [
        f"/applications/{sent.pk}/",
        f"/desk/applications/{sent.pk}/",
        f"/desk/applications/{sent.pk}/decide/",
        "/desk/here/applications/",
        "/desk/here/applications/?decision=pending&sort=-status",
        "/desk/here/applications.csv",
        "/desk/here/release/",
        "/workshops/here/call/",
    ]
    return {name: everything(browser, *starts) for name, browser in outsiders.items()}


def test_no_pending_decision_changes_a_byte_for_anybody_outside_the_committee(
    hana, outsiders, sent
):
    seen_by_all(outsiders, sent)
    without = seen_by_all(outsiders, sent)
    words = {"note": "zqnote", "message": "zqmessage"}

    for version, outcome in enumerate(["accepted", "waitlisted", "rejected"]):
        decided = selection.decide(sent, outcome=outcome, version=version, by=hana, **words)
        assert (decided.outcome, seen_by_all(outsiders, sent)) == (outcome, without)
    assert len(without["applicant"]) > len(without["anonymous"]) > 3


def test_a_new_decision_about_somebody_who_waits_changes_no_byte_either(
    hana, call, outsiders, sent
):
    selection.decide(sent, outcome="waitlisted", message="Told then.", version=0, by=hana)
    selection.release(call, seen=plan(call, hana).fingerprint, by=hana)
    seen_by_all(outsiders, sent)
    without = seen_by_all(outsiders, sent)
    sent.refresh_from_db()

    selection.decide(sent, outcome="accepted", message="Not yet.", version=1, by=hana)

    assert seen_by_all(outsiders, sent) == without


def test_the_release_tells_the_applicant_and_nobody_else(hana, call, outsiders, sent):
    seen_by_all(outsiders, sent)
    before = seen_by_all(outsiders, sent)
    selection.decide(sent, outcome="rejected", version=0, by=hana)

    selection.release(call, seen=plan(call, hana).fingerprint, by=hana)

    after = seen_by_all(outsiders, sent)
    assert {name for name in before if before[name] != after[name]} == {"applicant"}
