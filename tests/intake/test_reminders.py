"""Who has a draft is reminded of their own deadline: by day, in time, and once."""

import itertools
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from applications.actions import reminding
from applications.actions.deadline import extend_for_person
from applications.clock import remind_drafts
from applications.models import Application
from applications.reminders import OCCASIONS, due, plan
from tests import factories as make
from workshop_portal.outbox.models import Message
from workshop_portal.reminders import APART, is_night, reading_zone

ZONES = [
    "Asia/Seoul",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "America/St_Johns",
    "Europe/Paris",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "UTC",
]
zones = st.sampled_from(ZONES)
START, END = datetime.fromisoformat("2015-01-01"), datetime.fromisoformat("2035-01-01")
moments = st.datetimes(min_value=START, max_value=END, timezones=st.just(UTC))
minutes = st.integers(min_value=0, max_value=12 * 24 * 60).map(lambda n: timedelta(minutes=n))
BEAT = timedelta(minutes=5)


def letters_of(closes_at, zone, *, since, begins, ends, last_at=None, silent=()):
    """What a clock that beats every five minutes writes; it stands still in `silent` spans."""
    sent, now = [], begins
    while now < ends:
        if not any(first <= now < last for first, last in silent):
            occasion = due(closes_at, zone, since=since, last_at=last_at, now=now)
            if occasion:
                sent.append((occasion, now))
                last_at = now
        now += BEAT
    return sent


@given(closes_at=moments, zone=zones)
def test_every_reminder_is_by_day_in_its_order_and_not_later_than_its_occasion(closes_at, zone):
    planned = plan(closes_at, zone)

    assert [reminder.occasion for reminder in planned] == list(OCCASIONS)
    for reminder in planned:
        occasion = closes_at - OCCASIONS[reminder.occasion]
        there = reminder.at.astimezone(ZoneInfo(zone))
        assert time(7) <= there.time() <= time(21)
        assert occasion - timedelta(hours=11) <= reminder.at <= occasion
    gaps = [later.at - one.at for one, later in itertools.pairwise(planned)]
    assert all(gap >= APART for gap in gaps)


@given(closes_at=moments, zone=zones, started=minutes)
def test_who_begins_in_time_gets_every_letter_that_is_still_ahead_once(closes_at, zone, started):
    since = closes_at - started

    sent = letters_of(closes_at, zone, since=since, begins=since, ends=closes_at + BEAT)

    assert [occasion for occasion, _at in sent] == [
        reminder.occasion for reminder in plan(closes_at, zone) if reminder.at > since
    ]
    assert all(at < closes_at and not is_night(at, zone) for _occasion, at in sent)


@given(
    closes_at=moments,
    zone=zones,
    started=minutes,
    pauses=st.lists(st.tuples(minutes, minutes), max_size=3),
    moved=st.integers(min_value=1, max_value=9 * 24 * 60).map(lambda n: timedelta(minutes=n)),
    told=minutes,
)
def test_nobody_is_written_to_at_night_or_late_or_twice_whatever_stands_still_or_moves(
    closes_at, zone, started, pauses, moved, told
):
    since, ends = closes_at - started, closes_at + moved
    told_at = max(since, closes_at - told)
    silent = [(since + begin, since + begin + length) for begin, length in pauses]

    first = letters_of(
        closes_at, zone, since=since, begins=since, ends=min(told_at, closes_at), silent=silent
    )
    second = letters_of(
        ends,
        zone,
        since=told_at,
        begins=told_at,
        ends=ends + BEAT,
        last_at=first[-1][1] if first else None,
        silent=silent,
    )

    for sent, limit in ((first, closes_at), (second, ends)):
        assert len({occasion for occasion, _at in sent}) == len(sent)
        assert all(at < limit and not is_night(at, zone) for _occasion, at in sent)
    everything = [at for _occasion, at in [*first, *second]]
    only = {at for occasion, at in [*first, *second] if occasion == "2-hours"}
    for one, later in itertools.pairwise(everything):
        assert later - one >= APART or later in only


def test_a_deadline_before_midnight_is_remembered_at_nine_in_the_evening():
    closes_at = datetime(2027, 6, 1, 14, 59, 59, tzinfo=UTC)

    here = [reminder.at for reminder in plan(closes_at, "Asia/Seoul")]
    there = [reminder.at for reminder in plan(closes_at, "Africa/Nairobi")]

    nine = datetime(2027, 6, 1, 12, 0, tzinfo=UTC)
    assert here == [nine - timedelta(days=days) for days in (7, 3, 1, 0)]
    assert there == [closes_at - lead for lead in OCCASIONS.values()]


def test_two_hours_that_fall_into_the_night_are_the_evening_before():
    closes_at = datetime(2027, 6, 1, 6, 0, tzinfo=UTC)

    assert plan(closes_at, "UTC")[-1].at == datetime(2027, 5, 31, 21, 0, tzinfo=UTC)


def test_what_was_missed_is_left_out_when_the_next_letter_is_near():
    closes_at = datetime(2027, 6, 2, 12, 0, tzinfo=UTC)
    since = closes_at - timedelta(days=30)

    found = [
        due(closes_at, "UTC", since=since, last_at=None, now=closes_at - timedelta(hours=left))
        for left in (23, 5, 2)
    ]

    assert found == ["24-hours", "", "2-hours"]


def test_a_person_without_a_zone_reads_on_the_only_clock_of_their_country_or_on_the_workshops():
    assert reading_zone("Europe/Paris", "KH", "Asia/Seoul") == "Europe/Paris"
    assert reading_zone("", "KH", "Asia/Seoul") == "Asia/Phnom_Penh"
    assert reading_zone("", "US", "Asia/Seoul") == reading_zone("", "", "Asia/Seoul")
    assert reading_zone("", "", "Asia/Seoul") == "Asia/Seoul"


# --- As it happens -----------------------------------------------------------------------

# Noon in Phnom Penh, so that nothing falls into the night by chance.
NOON = datetime(2027, 6, 1, 5, 0, tzinfo=UTC)
CLOSES = NOON + timedelta(days=3)


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def now_is(monkeypatch):
    """The database's clock, which no test can turn, read from ours."""

    def set_to(moment):
        monkeypatch.setattr("applications.clock.database_now", lambda: moment)
        monkeypatch.setattr("applications.actions.sending.database_now", lambda: moment)

    return set_to


@pytest.fixture
def begun(db, noon):
    """A draft begun a week before noon, whose call closes three days after it."""
    with time_machine.travel(NOON - timedelta(days=7), tick=False):
        call = make.CallFactory(
            opens_at=NOON - timedelta(days=30), closes_at=CLOSES, workshop__title="Safer cities"
        )
        return make.FilledApplicationFactory(
            call=call, phone="", applicant__zone="Asia/Phnom_Penh", applicant__given_name="Aoife"
        )


def remind_at(now_is, clock, moment):
    clock.move_to(moment)
    now_is(moment)
    remind_drafts()


def told():
    return list(Message.objects.order_by("written_at").values_list("letter", flat=True))


def test_the_reminder_says_what_is_missing_and_by_when_on_both_clocks(begun, noon, now_is):
    remind_at(now_is, noon, NOON + timedelta(minutes=4))

    letter = Message.objects.get()
    assert (letter.to, letter.letter, letter.rule) == (
        begun.applicant,
        "applications/reminder",
        "safe",
    )
    assert letter.subject == "Not sent yet: your application for Safer cities"
    assert "* Application form: 1 answer\n" in letter.body
    assert "* Curriculum vitae" in letter.body
    assert "by 4 June 2027, 14:00 Seoul time (UTC+9), which is 4 June 2027, 12:00 Phnom Penh" in (
        letter.body
    )
    assert ": 2 days left." in letter.body


def test_who_only_has_to_press_send_is_told_just_that(begun, noon, now_is):
    Application.objects.filter(pk=begun.pk).update(phone="+855 12 345 678")
    for line in begun.call.required_documents.filter(given="upload"):
        make.DocumentFactory(application=begun, requirement=line)

    remind_at(now_is, noon, NOON)

    letter = Message.objects.get()
    assert letter.letter == "applications/reminder_complete"
    assert "only sending is missing" in letter.body
    assert "This is still missing" not in letter.body


def test_two_clocks_at_once_write_it_once_and_later_beats_write_nothing(begun, noon, now_is):
    for beat in (0, 0, 5, 60):
        remind_at(now_is, noon, NOON + timedelta(minutes=beat))

    assert told() == ["applications/reminder"]


def test_the_occasion_itself_writes_one_letter_however_often_it_is_asked_for(begun, noon):
    letters = [
        reminding.remind(begun, occasion="3-days", now=NOON + timedelta(minutes=n))
        for n in range(3)
    ]

    assert len({letter.pk for letter in letters}) == Message.objects.count() == 1


@pytest.mark.parametrize("status", ["submitted", "withdrawn"])
def test_who_has_sent_or_withdrawn_is_not_reminded(begun, noon, now_is, status):
    Application.objects.filter(pk=begun.pk).update(status=status, reference="X-1")

    remind_at(now_is, noon, NOON)

    assert told() == []


def test_who_sends_while_the_clock_is_at_work_is_not_reminded(begun):
    Application.objects.filter(pk=begun.pk).update(status="submitted", reference="X-1")

    assert reminding.remind(begun, occasion="3-days", now=NOON) is None


def test_who_has_pressed_send_and_waits_for_the_check_is_not_reminded(begun, noon, now_is):
    Application.objects.filter(pk=begun.pk).update(sending_since=NOON)

    remind_at(now_is, noon, NOON)

    assert told() == []
    begun.refresh_from_db()
    assert reminding.remind(begun, occasion="3-days", now=NOON) is None


def test_a_complete_draft_that_the_portal_sends_needs_no_reminder(db, noon):
    draft = make.CompleteApplicationFactory(sends_at_close=True)

    assert reminding.remind(draft, occasion="3-days", now=NOON) is None


def test_an_incomplete_draft_that_the_portal_shall_send_is_warned(begun):
    Application.objects.filter(pk=begun.pk).update(sends_at_close=True)

    letter = reminding.remind(begun, occasion="3-days", now=NOON)

    assert "It does so only if nothing is missing then." in letter.body


def test_a_draft_begun_today_gets_only_what_is_still_ahead(begun, noon, now_is):
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        make.FilledApplicationFactory(call=begun.call, phone="")

    remind_at(now_is, noon, NOON + timedelta(minutes=5))

    assert [letter.to for letter in Message.objects.all()] == [begun.applicant]


def test_more_time_moves_the_reminders(begun, noon, now_is):
    coordinator = make.RoleFactory(workshop=begun.call.workshop).user
    remind_at(now_is, noon, NOON)
    noon.move_to(NOON + timedelta(hours=1))
    later = CLOSES + timedelta(days=2)
    extend_for_person(begun, until=later, reason="Illness.", by=coordinator)

    for hours in range(2, 5 * 24):
        remind_at(now_is, noon, NOON + timedelta(hours=hours))

    keys = Message.objects.filter(letter="applications/reminder").order_by("written_at")
    assert [key.rsplit(":", 2)[1:] for key in keys.values_list("key", flat=True)] == [
        ["3-days", f"{CLOSES:%Y%m%d%H%M%S}"],
        ["3-days", f"{later:%Y%m%d%H%M%S}"],
        ["24-hours", f"{later:%Y%m%d%H%M%S}"],
        ["2-hours", f"{later:%Y%m%d%H%M%S}"],
    ]


def test_a_deadline_that_has_moved_since_the_clock_looked_is_left_to_the_next_beat(begun):
    looked_at = Application.objects.get(pk=begun.pk)
    assert looked_at.closes_at == CLOSES
    begun.call.closes_at = CLOSES + timedelta(days=9)
    begun.call.save()

    assert reminding.remind(looked_at, occasion="3-days", now=NOON) is None


def test_what_goes_wrong_with_one_draft_keeps_no_other_from_its_letter(
    begun, noon, now_is, monkeypatch
):
    with time_machine.travel(NOON - timedelta(days=7), tick=False):
        other = make.FilledApplicationFactory(call=begun.call)
    works = reminding.remind

    def break_for_one(draft, **facts):
        if draft == begun:
            raise OSError
        return works(draft, **facts)

    monkeypatch.setattr("applications.clock.remind", break_for_one)
    remind_at(now_is, noon, NOON)

    assert [letter.to for letter in Message.objects.all()] == [other.applicant]


def test_the_clock_reads_few_rows_however_many_drafts_there_are(
    begun, noon, now_is, django_assert_num_queries
):
    remind_at(now_is, noon, NOON)
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        for _draft in range(3):
            make.FilledApplicationFactory(call=begun.call)
    now_is(NOON + timedelta(minutes=5))

    with django_assert_num_queries(2):
        remind_drafts()


def test_settling_and_reminding_are_on_the_clock(settings):
    jobs = {job["task"] for job in settings.CELERY_BEAT_SCHEDULE.values()}

    assert {"applications.clock.remind_drafts", "applications.clock.send_what_waits"} <= jobs
