"""Training days in words. Days need not follow one another. Pure but for the words' language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.dateformat import format as in_words
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """The days as first and last of every unbroken run, in order."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def dates_in_words(days: Iterable[date]) -> str:
    """The days as people write them: “21–24 November 2017”, “1–2 and 8 September 2021”.

    What two neighbours share is said once: by the later one where the year stands last, by the
    earlier one where the year stands first, as in Korean.
    """  # noqa: RUF002
    stretches = runs(days)
    words = _year_first(stretches) if full_date().startswith("Y") else _year_last(stretches)
    if len(words) < 2:
        return "".join(words)
    return _("%(all_but_last)s and %(last)s") % {
        "all_but_last": ", ".join(words[:-1]),
        "last": words[-1],
    }


def full_date() -> str:
    return pgettext("date format", "j F Y")


def day_and_month() -> str:
    return pgettext("date format", "j F")


def day_alone() -> str:
    return pgettext("date format", "j")


def _year_last(stretches: list[tuple[date, date]]) -> list[str]:
    following = [*(first for first, _last in stretches[1:]), None]
    return [_before(*run, then) for run, then in zip(stretches, following, strict=False)]


def _before(first: date, last: date, following: date | None) -> str:
    """One run; its month and year are left to the next run where they are the same."""
    same_month = (first.year, first.month) == (last.year, last.month)
    end = full_date()
    if following and first.year == last.year == following.year:
        end = day_alone() if same_month and last.month == following.month else day_and_month()
    if first == last:
        return in_words(last, end)
    if same_month:
        return f"{in_words(first, day_alone())}–{in_words(last, end)}"  # noqa: RUF001
    start = day_and_month() if first.year == last.year else full_date()
    return f"{in_words(first, start)} – {in_words(last, end)}"  # noqa: RUF001


def _year_first(stretches: list[tuple[date, date]]) -> list[str]:
    earlier = [None, *(last for _first, last in stretches)]
    return [_after(*run, before) for run, before in zip(stretches, earlier, strict=False)]


def _after(first: date, last: date, before: date | None) -> str:
    """One run; the month and year that the day before it in the list has are not said again."""
    start = in_words(first, _since(before, first))
    if first == last:
        return start
    return f"{start}–{in_words(last, _since(first, last))}"  # noqa: RUF001


def _since(before: date | None, day: date) -> str:
    """What of a day has to be said after another day."""
    if before is None or before.year != day.year:
        return full_date()
    return day_alone() if before.month == day.month else day_and_month()
