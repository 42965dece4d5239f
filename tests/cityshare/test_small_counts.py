"""Counts of fewer than five people are noticed, and ordinary sentences are left alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityshare.small_counts import small_counts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("In 2026 we helped 3 victims.", ["3 victims"]),
        ("Two underage girls were found; a single victim asked for help.", None),
        ("Victims: 3, referrals: 12", ["Victims: 3"]),
        ("4 identified male survivors", ["4 identified male survivors"]),
        ("피해자 3명, 신고 2건", ["3명", "2건"]),
        ("3 victims. 3  victims.", ["3 victims"]),
    ],
)
def test_a_small_count_of_people_is_noticed(text, found):
    assert small_counts(text) == (found or ["Two underage girls", "a single victim"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12 victims, 45 referrals, 5 cases",
        "<5 victims, < 4 victims",
        "Level 3 since 2024; 3 of 4 agencies take part; 2 trainings for 40 officers.",
        "1.3 cases per month, 4% of workers, 10,3 victims in the mean",
        "3-4 victims a week",
        "Article 3, page 4",
        "13명, 25건",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert small_counts(text) == []


def test_no_more_than_five_are_told():
    assert (
        len(small_counts(" ".join(f"{n} {w}" for n in (1, 2, 3) for w in ("women", "boys")))) == 5
    )


@given(text=st.text(max_size=300))
def test_whatever_is_typed_can_be_looked_through(text):
    assert all(words for words in small_counts(text))


@pytest.mark.parametrize(
    "text", ["1 a" * 20_000, "victims: " * 8_000, "2 " * 30_000, "a-" * 30_000]
)
def test_a_long_text_takes_no_time(text):
    begun = time.monotonic()
    small_counts(text)
    assert time.monotonic() - begun < 1
