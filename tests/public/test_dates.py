"""Training days in words, also when they do not follow one another."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop_portal.workshops.dates import dates_in_words, runs

days = st.lists(st.dates(date(2026, 1, 1), date(2027, 3, 1)), max_size=12)


def on(*words):
    return [date.fromisoformat(word) for word in words]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([], ""),
        (on("2021-09-01"), "1 September 2021"),
        (on("2017-11-21", "2017-11-22", "2017-11-23", "2017-11-24"), "21–24 November 2017"),  # noqa: RUF001
        (on("2021-09-08", "2021-09-02", "2021-09-01"), "1–2 and 8 September 2021"),  # noqa: RUF001
        (on("2026-11-30", "2026-12-01"), "30 November – 1 December 2026"),  # noqa: RUF001
        (on("2026-11-03", "2026-12-05"), "3 November and 5 December 2026"),
        (
            on("2026-12-31", "2027-01-01", "2027-01-05"),
            "31 December 2026 – 1 January 2027 and 5 January 2027",  # noqa: RUF001
        ),
        (on("2027-01-01", "2027-01-03", "2027-01-05"), "1, 3 and 5 January 2027"),
    ],
)
def test_days_are_written_as_people_write_them(found, words):
    assert dates_in_words(found) == words


@given(days=days)
def test_runs_hold_exactly_the_days_and_never_touch(days):
    found = runs(days)

    held = [
        first + timedelta(days=n) for first, last in found for n in range((last - first).days + 1)
    ]
    assert held == sorted(set(days))
    assert all(second[0] - first[1] > timedelta(days=1) for first, second in pairwise(found))
