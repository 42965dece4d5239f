"""Loading the demo: into an empty portal, on any day of any year."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from applications.models import Application, Call, Document
from tests import factories as make
from workshop_portal import demo
from workshop_portal.accounts.models import User
from workshop_portal.audit.models import Entry
from workshop_portal.demo import cycles, open_call, stories
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message
from workshop_portal.workshops.models import Workshop

pytestmark = pytest.mark.django_db

DATES = [
    datetime(2028, 2, 29, 15, 0, tzinfo=UTC),  # already 1 March in Seoul
    datetime(2028, 2, 29, 3, 0, tzinfo=UTC),
    datetime(2027, 12, 31, 14, 59, 59, tzinfo=UTC),
    datetime(2030, 6, 1, 0, 0, tzinfo=UTC),
]


@pytest.fixture
def no_files_left():
    """Files are no part of a transaction, so they are taken back by hand."""
    yield
    for document in Document.objects.all():
        document.file.delete(save=False)


def test_a_portal_with_workshops_of_its_own_is_left_alone():
    make.WorkshopFactory(slug="ours")

    with pytest.raises(Refused, match="This portal holds workshops of its own"):
        demo.load()

    assert [workshop.slug for workshop in Workshop.objects.all()] == ["ours"]
    assert User.objects.count() == 0


def test_the_command_says_why_it_does_nothing():
    make.WorkshopFactory(slug="ours")

    with pytest.raises(CommandError, match="This portal holds workshops of its own"):
        call_command("demo")


def test_a_demo_that_fails_half_way_leaves_nothing_behind(monkeypatch):
    def fail(*args, **kwargs):
        raise OSError

    monkeypatch.setattr(stories, "play", fail)

    with pytest.raises(OSError):  # noqa: PT011
        demo.load()

    assert (Workshop.objects.count(), User.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_people_who_were_there_before_keep_their_passwords(monkeypatch):
    monkeypatch.setattr(stories, "play", lambda *args, **kwargs: None)
    monkeypatch.setattr(cycles, "play", lambda *args, **kwargs: [])
    admin = make.UserFactory(email="real@example.net", is_admin=True)

    demo.load()

    admin.refresh_from_db()
    assert admin.check_password("a long good password")


@pytest.mark.usefixtures("no_files_left")
def test_the_command_loads_on_a_leap_day_and_names_every_account(
    capsys, time_machine, django_capture_on_commit_callbacks, mailoutbox
):
    now = datetime(2028, 2, 29, 12, 0, tzinfo=UTC)
    time_machine.move_to(now, tick=False)

    with django_capture_on_commit_callbacks(execute=True) as handed_off:
        call_command("demo")

    said = capsys.readouterr().out
    assert all(f"{who}: {email}, {password}" in said for who, email, password in demo.accounts())
    assert (handed_off, mailoutbox) == ([], [])
    assert Application.objects.count() == 56
    assert max(Entry.objects.values_list("at", flat=True)) < now
    assert not Message.objects.exclude(state__in=["sent", "bounced"]).exists()
    returned = Document.objects.current().filter(status=Document.Status.RETURNED)
    assert min(returned.values_list("return_until", flat=True)) > now


@pytest.mark.parametrize("now", DATES, ids=str)
def test_the_open_call_closes_late_at_night_in_nine_days(now, time_machine):
    time_machine.move_to(now, tick=False)

    call = open_call.build(now, coordinator=make.UserFactory())

    closes = call.closes_at.astimezone(ZoneInfo("Asia/Seoul"))
    today = now.astimezone(ZoneInfo("Asia/Seoul")).date()
    days = list(call.workshop.days.values_list("date", flat=True))
    assert list(Call.objects.open()) == [call]
    assert (closes.date() - today, closes.time().isoformat()) == (timedelta(days=9), "23:59:59")
    assert [day.weekday() for day in days] == [1, 2, 3, 4]
    assert timedelta(days=91) <= days[0] - today <= timedelta(days=97)
