"""When a request arrived."""

import time
from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from workshop_portal.arrival import ArrivalMiddleware, arrived, database_now, held_before


def request_held(seconds):
    return RequestFactory().post("/", headers={"X-Request-Elapsed": seconds})


@pytest.mark.django_db
def test_the_database_tells_the_time():
    before = timezone.now()
    told = database_now()
    after = timezone.now()

    assert told.tzinfo is not None
    assert before - timedelta(seconds=2) < told < after + timedelta(seconds=2)


@pytest.mark.django_db
def test_what_counts_is_when_the_request_began_and_not_when_it_was_answered():
    times = []

    def slow(request):
        time.sleep(0.5)
        times.append((arrived(request), database_now()))

    ArrivalMiddleware(slow)(RequestFactory().get("/"))

    [(came, answered)] = times
    assert timedelta(seconds=0.45) < answered - came < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("5.403", timedelta(seconds=5.403)),
        ("0", timedelta(0)),
        ("-5", timedelta(0)),
        ("nonsense", timedelta(0)),
        ("nan", timedelta(0)),
        ("inf", timedelta(minutes=10)),
        ("1e300", timedelta(minutes=10)),
        ("86400", timedelta(minutes=10)),
        ("", timedelta(0)),
    ],
)
def test_our_own_proxy_says_how_long_it_held_a_request(settings, said, held):
    settings.TRUST_ELAPSED_HEADER = True

    assert held_before(request_held(said)) == held


def test_nobody_else_is_believed(settings):
    settings.TRUST_ELAPSED_HEADER = False

    assert held_before(request_held("600")) == timedelta(0)


@pytest.mark.django_db
def test_an_upload_that_our_proxy_held_over_the_deadline_is_in_time(person, draft, settings):
    settings.TRUST_ELAPSED_HEADER = True
    draft.call.closes_at = timezone.now() - timedelta(seconds=60)
    draft.call.save()
    draft.refresh_from_db()
    sent = {"version": draft.version, "statement": "on"}

    late = person.client.post(person.at("submit", draft.pk), sent)
    held = {"X-Request-Elapsed": "120"}
    in_time = person.client.post(person.at("submit", draft.pk), sent, headers=held)

    draft.refresh_from_db()
    assert (late.status_code, in_time.status_code) == (409, 302)
    assert draft.submitted_at < draft.call.closes_at
