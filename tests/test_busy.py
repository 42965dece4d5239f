"""When the database does not answer in time, the person hears it and keeps their words."""

import pytest
from django.db import OperationalError
from django.urls import reverse

from applications.actions import intake
from tests.factories import ApplicationFactory

pytestmark = pytest.mark.django_db


def test_a_locked_database_is_a_sentence_and_what_was_typed_stays(client, monkeypatch):
    draft = ApplicationFactory()
    client.force_login(draft.applicant)
    page = reverse("applications:section", args=[draft.pk, "work"])
    seen = client.get(page).context["form"]["seen"].value()

    def locked(*args, **facts):
        raise OperationalError("database is locked")

    monkeypatch.setattr(intake, "save_section", locked)
    answer = client.post(page, {"seen": seen, "duties": "I run the referral desk."})

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "very busy" in answer.text
    assert "I run the referral desk." in answer.text
    assert "locked" not in answer.text
