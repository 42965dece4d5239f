"""What the tests of the applicant's path share."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests import factories as make
from tests.conftest import GOOD_PDF

ANSWERS = {
    "you": {
        "given_name": "Aoife",
        "family_name": "O'Brien",
        "certificate_name": "Aoife O'Brien",
        "gender": "female",
        "birth_date_day": "17",
        "birth_date_month": "5",
        "birth_date_year": "1985",
        "nationality": "IE",
        "city_name": "Galway",
        "country": "IE",
        "phone": "+353 91 123 456",
    },
    "organisation": {
        "organisation": "Galway County Council",
        "sector": "local",
        "department": "",
        "position": "Programme officer",
        "years": "6",
    },
    "work": {
        "duties": "I run the referral desk.",
        "experience": "Since 2019.",
        "motivation": "We want a written pathway.",
        "intention": "I will draft it.",
    },
    "taking-part": {
        "spoken_english": "fluent",
        "written_english": "fluent",
        "all_days": "yes",
        "first_time": "yes",
        "airfare": "no",
        "needs": "",
    },
}


class Person:
    """An applicant at the browser: goes to pages, saves sections, sends files."""

    def __init__(self, client, user):
        self.client, self.user = client, user
        client.force_login(user)

    def at(self, name, *args):
        return reverse(f"applications:{name}", args=args)

    def start(self, call):
        return self.client.post(self.at("start", call.workshop.slug))

    def seen(self, application, section):
        page = self.client.get(self.at("section", application.pk, section))
        return page.context["form"].stored

    def save(self, application, section, *, query="", **changed):
        typed = {"seen": self.seen(application, section)} | ANSWERS[section] | changed
        return self.client.post(self.at("section", application.pk, section) + query, typed)

    def send_file(self, application, slug, *, name="letter.pdf", content=GOOD_PDF):
        file = SimpleUploadedFile(name, content)
        return self.client.post(self.at("document", application.pk, slug), {"file": file})

    def submit(self, application, **changed):
        application.refresh_from_db()
        sent = {"version": application.version, "statement": "on"} | changed
        return self.client.post(self.at("submit", application.pk), sent)


@pytest.fixture
def person(client, db):
    """Somebody with an account and nothing else."""
    return Person(client, make.UserFactory(given_name="Aoife", family_name="O'Brien"))


@pytest.fixture
def draft(person):
    """Their draft that lacks nothing, for an open call."""
    return make.CompleteApplicationFactory(applicant=person.user)


@pytest.fixture
def sent(person):
    """Their application, sent, for a call that is still open."""
    application = make.SubmittedApplicationFactory(applicant=person.user)
    application.receipts.create(number=1, arrived_at=timezone.now())
    return application


@pytest.fixture
def close():
    """Close a call by moving its deadline into the past."""

    def to_close(call):
        call.closes_at = timezone.now() - timedelta(hours=1)
        call.save()

    return to_close
