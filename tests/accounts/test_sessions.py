"""What is left of a visit when it is over."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from workshop_portal.accounts.clock import forget_sessions

pytestmark = pytest.mark.django_db


def test_a_session_that_has_ended_is_forgotten_and_one_that_lasts_is_not():
    now = timezone.now()
    Session.objects.create(session_key="over", expire_date=now - timedelta(seconds=1))
    Session.objects.create(session_key="lasts", expire_date=now + timedelta(hours=1))

    forget_sessions()

    assert [session.pk for session in Session.objects.all()] == ["lasts"]
