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
    """The days as people write them: “21–24 November 2017”, “1–2 and 8 September 2021”."""  # noqa: RUF002
    stretches = runs(days)
    following = [*(first for first, _last in stretches[1:]), None]
    words = [_stretch(*run, then) for run, then in zip(stretches, following, strict=False)]
    if len(words) < 2:
        return "".join(words)
    return _("%(all_but_last)s and %(last)s") % {
        "all_but_last": ", ".join(words[:-1]),
        "last": words[-1],
    }


def _stretch(first: date, last: date, following: date | None) -> str:
    """One run; its month and year are left to the next run where they are the same."""
    full, month, day = (pgettext("date format", shape) for shape in ("j F Y", "j F", "j"))
    same_month = (first.year, first.month) == (last.year, last.month)
    end = full
    if following and first.year == last.year == following.year:
        end = day if same_month and last.month == following.month else month
    if first == last:
        return in_words(last, end)
    if same_month:
        return f"{in_words(first, day)}–{in_words(last, end)}"  # noqa: RUF001
    start = month if first.year == last.year else full
    return f"{in_words(first, start)} – {in_words(last, end)}"  # noqa: RUF001
