"""The people of a city are reminded of the end of a stage: by day, once, and only of their work."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from cityshare.actions import cycle as cycles
from cityshare.actions import reminding
from cityshare.clock import remind_of_deadlines
from cityshare.models import ConflictsDeclared, Cycle, Member
from cityshare.queries.reminding import OCCASIONS, due_reminders
from tests.cityshare.example import Example
from workshop_portal import reminders
from workshop_portal.outbox.models import Message

Stage = Cycle.Stage
# A Thursday, 23:59 in Seoul.
DUE = datetime(2031, 5, 1, 14, 59, 59, tzinfo=UTC)


@pytest.fixture
def example(db):
    """Five cities, of which Alder has said everything; the others have conflicts to declare."""
    made = Example(stage=Stage.SELF, rated=False, moderated=False)
    made.cycle.teams.update(size="small", route="origin", context="A port.", zone="")
    made.cycle.deadlines.create(stage="self", due_at=DUE)
    member = made.teams["Alder"].members.get()
    ConflictsDeclared.objects.create(team=member.team, person=member.user, declared_at=DUE)
    return made


def letters():
    return Message.objects.filter(letter="cityshare/reminder").order_by("written_at")


def beat(begins, hours, every=1):
    """What the clock writes from a moment on, by reader: when each letter left."""
    for hour in range(0, hours, every):
        with time_machine.travel(begins + timedelta(hours=hour), tick=False):
            remind_of_deadlines()
    found = {}
    for letter in letters().select_related("to"):
        found.setdefault(letter.to.given_name, []).append(letter.written_at)
    return found


@pytest.fixture
def clock(monkeypatch):
    """The database's clock stands where the test's does."""
    monkeypatch.setattr("cityshare.clock.database_now", lambda: datetime.now(UTC))


def test_three_days_and_one_day_before_and_only_while_something_waits(example, clock):
    found = beat(DUE - timedelta(days=5), hours=5 * 24 + 2)

    assert sorted(found) == ["Birch", "Cedar", "Dogwood", "Elm"]
    for sent in found.values():
        assert len(sent) == 2
        first, second = (DUE - at for at in sent)
        assert timedelta(days=3) <= first <= timedelta(days=3, hours=12)
        assert timedelta(days=1) <= second <= timedelta(days=1, hours=12)


def test_nobody_gets_a_letter_at_night_on_their_own_clock(example, clock):
    example.people["Elm"].zone = "America/New_York"
    example.people["Elm"].save()

    found = beat(DUE - timedelta(days=5), hours=5 * 24)

    zones = {"Birch": "Asia/Phnom_Penh", "Elm": "America/New_York", "Dogwood": "Asia/Kathmandu"}
    for name, zone in zones.items():
        assert [at for at in found[name] if reminders.is_night(at, zone)] == []
        assert len(found[name]) == 2


def test_the_letter_says_what_waits_and_until_when_on_both_clocks(example, clock):
    beat(DUE - timedelta(days=3, hours=4), hours=6)

    letter = letters().get(to=example.people["Birch"])
    assert letter.subject == "3 days left: First cycle"
    assert "- Say whether there are conflicts of interest" in letter.body
    assert "1 May 2031, 23:59 Seoul time (UTC+9), which is 1 May 2031, 21:59" in letter.body


def test_who_was_told_of_the_deadline_after_an_occasion_is_not_reminded_of_it(example, clock):
    with time_machine.travel(DUE - timedelta(days=2), tick=False):
        cycles.tell_stage(
            example.teams["Birch"].members.all(), cycle=example.cycle, stage=Stage.SELF
        )

    found = beat(DUE - timedelta(days=2), hours=48)

    assert [len(found[name]) for name in ("Birch", "Cedar")] == [1, 2]


def test_another_deadline_has_reminders_of_its_own(example, clock):
    beat(DUE - timedelta(days=4), hours=26)
    later = DUE + timedelta(days=14)
    with time_machine.travel(DUE - timedelta(days=2, hours=20), tick=False):
        cycles.edit_cycle(example.cycle, dues={"self": later}, by=example.facilitator)

    found = beat(DUE, hours=14 * 24, every=3)

    assert [len(sent) for sent in found.values()] == [3, 3, 3, 3]


def test_a_stage_that_is_over_or_set_up_reminds_nobody(example, clock):
    for stage in (Stage.SETUP, Stage.RATING):
        Cycle.objects.update(status=stage)
        assert beat(DUE - timedelta(days=3), hours=2) == {}


def test_what_changes_between_the_look_and_the_letter_counts(example):
    now = DUE - timedelta(days=1)
    [due, *_others] = due_reminders(now=now)

    Cycle.objects.update(status=Stage.RATING)
    assert reminding.remind(due, now=now) is None
    Cycle.objects.update(status=Stage.SELF)
    example.cycle.deadlines.update(due_at=DUE + timedelta(days=1))
    assert reminding.remind(due, now=now) is None
    example.cycle.deadlines.update(due_at=DUE)
    assert reminding.remind(due, now=now) == reminding.remind(due, now=now)

    assert letters().count() == 1


def test_what_goes_wrong_with_one_person_keeps_no_other_from_the_letter(example, monkeypatch):
    real, first = reminding.remind, []

    def breaks_once(due, *, now):
        if not first:
            first.append(due)
            raise RuntimeError
        return real(due, now=now)

    monkeypatch.setattr("cityshare.clock.remind", breaks_once)
    monkeypatch.setattr("cityshare.clock.database_now", lambda: DUE - timedelta(days=1))

    remind_of_deadlines()

    assert letters().count() == 3


@pytest.mark.parametrize("number", [1, 4])
def test_the_clock_reads_few_rows_however_many_people_there_are(
    example, number, django_assert_max_num_queries
):
    Member.objects.exclude(
        team__in=[example.teams[name] for name in ["Birch", "Cedar", "Dogwood", "Elm"][:number]]
    ).delete()

    with django_assert_max_num_queries(10):
        found = due_reminders(now=DUE - timedelta(days=1))

    assert len(found) == number


START, END = datetime.fromisoformat("2015-01-01"), datetime.fromisoformat("2035-01-01")


@given(
    due_at=st.datetimes(min_value=START, max_value=END, timezones=st.just(UTC)),
    zone=st.sampled_from(["Asia/Seoul", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"]),
)
def test_reminders_of_a_stage_are_by_day_and_in_their_order(due_at, zone):
    planned = reminders.plan(due_at, zone, OCCASIONS)

    assert [one.occasion for one in planned] == ["3-days", "1-day"]
    for one in planned:
        assert 7 <= one.at.astimezone(ZoneInfo(zone)).hour <= 21
        assert one.at <= due_at - OCCASIONS[one.occasion]
