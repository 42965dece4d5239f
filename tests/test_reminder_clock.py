"""When a reminder leaves, to the second: the edges of the night, and the room between letters."""

from datetime import UTC, datetime, time, timedelta

import pytest

from workshop_portal.reminders import due, is_night, reading_zone

CLOSES = datetime(2027, 3, 20, 12, tzinfo=UTC)
OCCASIONS = {
    "7-days": timedelta(days=7),
    "3-days": timedelta(days=3),
    "2-hours": timedelta(hours=2),
}
WEEK, THREE, LAST = (CLOSES - lead for lead in OCCASIONS.values())
LONG_AGO = CLOSES - timedelta(days=60)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("clock", "sleeps"),
    [
        (time(21, 59, 59), False),
        (time(22), True),
        (time(0), True),
        (time(6, 59, 59), True),
        (time(7), False),
    ],
)
def test_the_night_begins_at_ten_and_is_over_at_seven(clock, sleeps):
    assert is_night(datetime.combine(CLOSES.date(), clock, UTC), "UTC") == sleeps


def hours(number):
    return timedelta(hours=number)


@pytest.mark.parametrize(
    ("now", "last_at", "occasion"),
    [
        (WEEK - SECOND, None, ""),
        (WEEK, None, "7-days"),
        # Not at night, and not after the deadline.
        (WEEK + hours(11), None, ""),
        (CLOSES - SECOND, None, "2-hours"),
        (CLOSES, None, ""),
        # Each once; the latest that is due counts.
        (WEEK + SECOND, WEEK, ""),
        (THREE, WEEK, "3-days"),
        (THREE, None, "3-days"),
        # Six hours lie between two letters, before and after.
        (WEEK + hours(1), WEEK - hours(5) + SECOND, ""),
        (WEEK + hours(1), WEEK - hours(5), "7-days"),
        (THREE - hours(5), None, ""),
        (THREE - hours(16), None, "7-days"),
        # The last one always comes.
        (LAST, LAST - hours(1), "2-hours"),
        (LAST + SECOND, LAST, ""),
    ],
)
def test_which_letter_leaves_at_a_moment(now, last_at, occasion):
    assert due(CLOSES, "UTC", OCCASIONS, since=LONG_AGO, last_at=last_at, now=now) == occasion


@pytest.mark.parametrize(
    ("since", "occasion"), [(WEEK - SECOND, "7-days"), (WEEK, ""), (WEEK + SECOND, "")]
)
def test_who_began_or_was_told_when_it_was_due_already_is_not_reminded_of_it(since, occasion):
    now = WEEK + hours(2)

    assert due(CLOSES, "UTC", OCCASIONS, since=since, last_at=None, now=now) == occasion


def test_people_read_their_own_clock_or_the_only_one_of_their_country():
    assert reading_zone("Europe/Paris", "KH", "Asia/Seoul") == "Europe/Paris"
    assert reading_zone("", "KH", "Asia/Seoul") == "Asia/Phnom_Penh"
    assert reading_zone("", "US", "Asia/Seoul") == "Asia/Seoul"
