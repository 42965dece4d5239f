"""What a page weighs on a slow line, counted by the browser itself."""

import pytest

from tests.factories import RoleFactory, SubmittedApplicationFactory

pytestmark = pytest.mark.journey

FIRST_VISIT, LATER_VISIT = 60_000, 15_000


class Scales:
    """Adds up the bytes that come over the wire, headers included."""

    def __init__(self, visit):
        self.bytes = 0
        line = visit.context.new_cdp_session(visit.page)
        line.send("Network.enable")
        line.on("Network.loadingFinished", self.add)

    def add(self, event):
        self.bytes += event["encodedDataLength"]

    def weigh(self, visit, path):
        self.bytes = 0
        visit.go(path)
        visit.page.wait_for_load_state("networkidle")
        return int(self.bytes)


@pytest.fixture
def sent(transactional_db):
    application = SubmittedApplicationFactory(call__workshop__slug="here")
    RoleFactory(workshop=application.call.workshop)
    return application


def pages(application):
    mine = f"/applications/{application.pk}"
    return [
        "/",
        "/workshops/",
        "/workshops/here/",
        "/workshops/here/call/",
        "/workshops/here/call/form/",
        "/workshops/here/call/papers/case-study/",
        "/account/signup/",
        "/account/login/",
        "/tasks/",
        "/inbox/",
        "/account/profile/",
        f"{mine}/",
        *(f"{mine}/form/{part}/" for part in ("you", "organisation", "work", "taking-part")),
        f"{mine}/documents/cv/",
        f"{mine}/answers/",
        f"{mine}/withdraw/",
    ]


def test_a_page_is_light_at_the_first_visit_and_lighter_later(visit, sent):
    heavy = {}

    for path in pages(sent):
        person = visit(width=360)
        if not path.startswith("/account/signup") and not path.startswith("/account/login"):
            person.sign_in(sent.applicant)
        scales = Scales(person)
        first, later = scales.weigh(person, path), scales.weigh(person, path)
        if first > FIRST_VISIT or later > LATER_VISIT or not later:
            heavy[path] = (first, later)

    assert heavy == {}
