"""A deadline is an instant: no zone and no daylight saving moves it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop_portal.deadlines import State, Window, days_later, last_second, on_clock

START, END = datetime.fromisoformat("2015-01-01"), datetime.fromisoformat("2035-01-01")
ZONES = [
    "Asia/Seoul",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "America/St_Johns",
    "Europe/Paris",
    "Australia/Lord_Howe",
    "Africa/Kigali",
    "UTC",
]
zones = st.sampled_from(ZONES)
moments = st.datetimes(min_value=START, max_value=END, timezones=st.just(UTC))
walls = st.datetimes(min_value=START, max_value=END).map(
    lambda wall: wall.replace(second=0, microsecond=0)
)
spans = st.integers(min_value=1, max_value=400 * 86400).map(lambda n: timedelta(seconds=n))
graces = st.integers(min_value=0, max_value=600).map(lambda n: timedelta(seconds=n))


def shown_in(moment, zone):
    return moment.astimezone(ZoneInfo(zone))


@given(opens=moments, span=spans, grace=graces, arrived=moments, zone=zones, other=zones)
def test_what_counts_is_the_order_of_the_instants(opens, span, grace, arrived, zone, other):
    window = Window(
        opens_at=shown_in(opens, zone),
        closes_at=shown_in(opens + span, other),
        zone=zone,
        grace=grace,
    )

    state = window.state(shown_in(arrived, other))

    seconds = arrived.timestamp()
    model = (
        State.EARLY
        if seconds < opens.timestamp()
        else State.OPEN
        if seconds <= (opens + span + grace).timestamp()
        else State.CLOSED
    )
    assert state is model
    assert window.is_open(arrived) is (model is State.OPEN)


@given(opens=moments, span=spans, grace=graces)
def test_both_ends_of_a_window_are_in_time_and_one_microsecond_beyond_is_not(opens, span, grace):
    window = Window(opens_at=opens, closes_at=opens + span, zone="UTC", grace=grace)
    tick = timedelta(microseconds=1)

    states = [
        window.state(moment)
        for moment in (opens - tick, opens, opens + span + grace, opens + span + grace + tick)
    ]

    assert states == [State.EARLY, State.OPEN, State.OPEN, State.CLOSED]


@given(opens=moments, span=spans, now=moments)
def test_the_time_left_is_never_negative(opens, span, now):
    window = Window(opens_at=opens, closes_at=opens + span, zone="UTC")

    assert window.left(now) == max(opens + span - now, timedelta(0))


@given(wall=walls, zone=zones)
def test_a_deadline_ends_with_the_minute_that_was_named_on_the_workshops_clock(wall, zone):
    try:
        instant = last_second(wall, zone)
    except ValueError:
        there = wall.replace(tzinfo=ZoneInfo(zone))
        assert shown_in(there.astimezone(UTC), zone).replace(tzinfo=None) != wall
    else:
        assert shown_in(instant, zone).replace(tzinfo=None) == wall.replace(second=59)
        assert instant.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("wall", "zone"),
    [
        (datetime.fromisoformat("2027-03-28T02:30"), "Europe/Paris"),
        (datetime.fromisoformat("2027-03-14T02:00"), "America/New_York"),
        (datetime.fromisoformat("2027-10-03T02:15"), "Australia/Lord_Howe"),
    ],
)
def test_a_time_that_the_clock_skips_in_spring_is_no_deadline(wall, zone):
    with pytest.raises(ValueError, match="skips"):
        last_second(wall, zone)


def test_of_an_hour_that_comes_twice_the_first_is_meant():
    first = on_clock(datetime.fromisoformat("2027-10-31T02:30"), "Europe/Paris")

    assert first == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_minute_before_midnight_in_seoul_is_the_afternoon_in_utc():
    assert last_second(datetime.fromisoformat("2017-09-30T23:59"), "Asia/Seoul") == datetime(
        2017, 9, 30, 14, 59, 59, tzinfo=UTC
    )


@given(moment=moments, days=st.integers(min_value=-400, max_value=400), zone=zones)
def test_so_many_days_later_the_clock_shows_the_same_time(moment, days, zone):
    wall = shown_in(moment, zone).replace(tzinfo=None)

    try:
        later = days_later(moment, days, zone)
    except ValueError:
        there = (wall + timedelta(days=days)).replace(tzinfo=ZoneInfo(zone))
        assert shown_in(there.astimezone(UTC), zone).replace(tzinfo=None) != wall + timedelta(days)
    else:
        assert shown_in(later, zone).replace(tzinfo=None) == wall + timedelta(days=days)
