"""The telephone number, the date of birth and the country, as people really give them."""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.queries.deadline import ends_with
from workshop_portal.fields import PlainText

ADULT, OLDEST = 18, 110
FEWEST_DIGITS, MOST_DIGITS = 6, 15
PHONE = re.compile(r"\+?[0-9 ()./\-]+(?: ?(?:x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE)
MONTHS = {calendar.month_abbr[number].lower(): number for number in range(1, 13)}


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


class KeptCountry:
    """Of a form that asks for the country: a slip must not end the time that it has more."""

    instance: Application
    cleaned_data: dict[str, str]

    def clean_country(self) -> str:
        country = self.cleaned_data["country"]
        is_other = country != self.instance.country
        if is_other and ends_with(self.instance, country=country, now=timezone.now()):
            raise ValidationError(
                _(
                    "The deadline has passed; you have more time because of the country that you "
                    "named. It cannot be changed now. If it is wrong, please write to us."
                ),
                code="ends",
            )
        return country
