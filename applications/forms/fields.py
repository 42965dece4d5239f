"""Fields that take what people really type, and say in a sentence what they cannot take."""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ADULT, OLDEST = 18, 110
# Years in which a workshop can have a day; others are slips, and break the arithmetic of clocks.
FIRST_YEAR, LAST_YEAR = 2000, 2099
FEWEST_DIGITS, MOST_DIGITS = 6, 15
PHONE = re.compile(r"\+?[0-9 ()./\-]+(?: ?(?:x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE)
# Marks that turn the direction of the words after them: a name that holds one lies to its reader.
TURNING = {*"\u202a\u202b\u202c\u202d\u202e", *"\u2066\u2067\u2068\u2069"}
MONTHS = {calendar.month_abbr[number].lower(): number for number in range(1, 13)}


def seen(value: object) -> bool:
    """Whether anything of it can be seen: joiners and other formats alone are no answer."""
    return any(unicodedata.category(sign) != "Cf" for sign in str(value or ""))


def readable(text: str) -> None:
    """Raise ValidationError when `text` holds signs that can be neither read nor printed."""
    for sign in text:
        control = unicodedata.category(sign) in {"Cc", "Cs", "Cn"} and sign not in "\n\t"
        if control or sign in TURNING:
            raise ValidationError(
                _(
                    "This text holds a sign that cannot be read or printed. "
                    "Please type it instead of pasting it."
                ),
                code="unreadable",
            )


class PlainText(forms.CharField):
    """Text as people type it: line ends of one kind, nothing invisible, and a plain limit.

    What has only one line on the page has only one line.
    """

    default_error_messages = {
        "too_long": _("Please shorten this to %(most)s characters; it has %(length)s."),
    }

    def __init__(self, *, max_length: int | None = None, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.most = max_length

    def to_python(self, value: object) -> str:
        if not seen(value):
            return ""
        text = super().to_python(str(value).replace("\r\n", "\n").replace("\r", "\n"))
        return text if isinstance(self.widget, forms.Textarea) else re.sub(r"[\n\t]+", " ", text)

    def validate(self, value: str) -> None:
        super().validate(value)
        if self.most is not None and len(value) > self.most:
            raise ValidationError(
                self.error_messages["too_long"],
                code="too_long",
                params={"most": f"{self.most:,}", "length": f"{len(value):,}"},
            )
        readable(value)


def sensible(day: date) -> None:
    """Raise ValidationError for a day that no workshop can have."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(
            _("Check the year: it has to lie between %(first)s and %(last)s."),
            code="year",
            params={"first": FIRST_YEAR, "last": LAST_YEAR},
        )


class Day(forms.DateField):
    """A day in the life of a workshop."""

    default_validators = [sensible]
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Phone(PlainText):
    """A telephone number, with signs people put into it and without those they do not."""

    default_error_messages = {
        "not_a_number": _(
            "Write a telephone number with its country code, for example +855 12 345 678."
        ),
    }

    def validate(self, value: str) -> None:
        super().validate(value)
        digits = sum(sign.isdigit() for sign in value)
        if value and not (PHONE.fullmatch(value) and FEWEST_DIGITS <= digits <= MOST_DIGITS):
            raise ValidationError(self.error_messages["not_a_number"], code="not_a_number")

    def to_python(self, value: object) -> str:
        return unicodedata.normalize("NFKC", super().to_python(value))


class DateParts(forms.MultiWidget):
    """Day, month and year as three small fields, which everybody can fill without a calendar."""

    template_name = "applications/applicant/_date.html"

    def __init__(self, attrs: dict[str, str] | None = None) -> None:
        number = {"inputmode": "numeric", "size": 2, "maxlength": 9}
        super().__init__(
            {
                "day": forms.TextInput({**number, "autocomplete": "bday-day"}),
                "month": forms.TextInput({**number, "autocomplete": "bday-month"}),
                "year": forms.TextInput({**number, "size": 4, "autocomplete": "bday-year"}),
            },
            attrs,
        )

    def decompress(self, value: date | None) -> list[object]:
        return [value.day, value.month, value.year] if value else [None, None, None]


class BirthDate(forms.MultiValueField):
    """The date of birth of a grown person, from day, month (number or name) and year."""

    widget = DateParts
    default_error_messages = {
        "incomplete": _("Write the day, the month and the year, for example 17 5 1985."),
        "impossible": _("There is no such date. Check the day, the month and the year."),
        "future": _("A date of birth lies in the past. Check the year."),
        "young": _("You have to be at least %(age)s years old to take part. Check the year."),
        "old": _("Check the year: it has four digits, for example 1985."),
    }

    def __init__(self, **kwargs: object) -> None:
        parts = [forms.CharField(required=False) for _part in range(3)]
        super().__init__(parts, require_all_fields=False, **kwargs)

    def compress(self, parts: list[str]) -> date | None:
        if not any(parts):
            return None
        if not all(parts):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        try:
            month = MONTHS.get(parts[1][:3].lower()) or int(parts[1])
            born = date(int(parts[2]), month, int(parts[0]))
        except (ValueError, OverflowError) as problem:
            raise ValidationError(self.error_messages["impossible"], code="impossible") from problem
        self._check_age(born)
        return born

    def _check_age(self, born: date) -> None:
        today = timezone.now().date()
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        if born > today:
            raise ValidationError(self.error_messages["future"], code="future")
        if age < ADULT:
            raise ValidationError(self.error_messages["young"], code="young", params={"age": ADULT})
        if age > OLDEST:
            raise ValidationError(self.error_messages["old"], code="old")
