"""Text as people type it, and days, with a sentence for what cannot be taken."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from workshop_portal.places import in_order

# Years in which a workshop can have a day; others are slips, and break the arithmetic of clocks.
FIRST_YEAR, LAST_YEAR = 2000, 2099
# What a form says of a moment that no clock shows, or that people misread.
SKIPPED = _("On that day the clock of %(zone)s skips this time. Choose another time.")
MIDNIGHT = _(
    "A deadline at 00:00 is misread by a day. If you mean the end of the day before, choose that "
    "day and 23:59, which is what people mean."
)
# Marks that turn the direction of the words after them: a name that holds one lies to its reader.
TURNING = {*"\u202a\u202b\u202c\u202d\u202e", *"\u2066\u2067\u2068\u2069"}


def seen(value: object) -> bool:
    """Whether anything of it can be seen: joiners and other formats alone are no answer."""
    return any(unicodedata.category(sign) != "Cf" for sign in str(value or ""))


def is_readable(sign: str) -> bool:
    """Whether a sign can be read and printed."""
    control = unicodedata.category(sign) in {"Cc", "Cs", "Cn"} and sign not in "\n\t"
    return not control and sign not in TURNING


def readable(text: str) -> None:
    """Raise ValidationError when `text` holds signs that can be neither read nor printed."""
    if not all(map(is_readable, text)):
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

    def __init__(self, *, max_length: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = max_length

    def to_python(self, value: object) -> str:
        if not seen(value):
            return ""
        text = super().to_python(str(value).replace("\r\n", "\n").replace("\r", "\n")) or ""
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


class Line(PlainText):
    """A name or another short line: spaces in a row count as one."""

    def to_python(self, value: object) -> str:
        return " ".join(super().to_python(value).split())


def speakable(address: str) -> None:
    """Raise ValidationError for an address with signs that nobody sees or that turn the words."""
    if any(unicodedata.category(sign)[0] in "CZ" for sign in address):
        raise ValidationError(Link.default_error_messages["invalid"], code="invalid")


class Link(forms.URLField):
    """The address of a page on the web, which a browser opens and nothing runs."""

    default_error_messages = {
        "invalid": _("Give the whole address of the page, such as https://example.org/plan."),
        "too_long": PlainText.default_error_messages["too_long"],
    }

    def __init__(self, *, max_length: int | None = None, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)
        self.most = max_length
        said = self.error_messages["invalid"]
        self.validators = [URLValidator(schemes=["http", "https"], message=said), speakable]

    def validate(self, value: str) -> None:
        super().validate(value)
        if self.most is not None and len(value) > self.most:
            facts = {"most": f"{self.most:,}", "length": f"{len(value):,}"}
            raise ValidationError(self.error_messages["too_long"], code="too_long", params=facts)


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


def country_choices() -> list[tuple[str, str]]:
    """Every country, in the reader's language and alphabet. Given to a field as it is, uncalled."""
    return [("", gettext("Choose a country")), *in_order(countries)]
