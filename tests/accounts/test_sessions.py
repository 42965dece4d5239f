"""What is left of a visit when it is over."""

import threading
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests import factories as make
from workshop_portal.accounts import adapter
from workshop_portal.accounts.clock import forget_sessions

pytestmark = pytest.mark.django_db


def test_a_session_that_has_ended_is_forgotten_and_one_that_lasts_is_not():
    now = timezone.now()
    Session.objects.create(session_key="over", expire_date=now - timedelta(seconds=1))
    Session.objects.create(session_key="lasts", expire_date=now + timedelta(hours=1))

    forget_sessions()

    assert [session.pk for session in Session.objects.all()] == ["lasts"]


def test_two_threads_never_share_the_question_about_who_is_signed_in(monkeypatch):
    """Django counts in the inner questions of a query while it writes its SQL."""
    user, threads, question = make.UserFactory(), [], adapter.active_people
    monkeypatch.setattr(
        adapter, "active_people", lambda thread: threads.append(thread) or question(thread)
    )

    found = adapter.PortalBackend().get_user(user.pk)

    assert (found, threads) == (user, [threading.get_ident()])
    assert question(1) is question(1)
    assert question(1) is not question(2)
