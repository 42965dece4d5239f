"""The application form as something to read before one starts: the same fields, described."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from django import forms
from django.utils.translation import gettext as _

from applications.checklist import ASKED
from applications.forms.fields import BirthDate
from applications.forms.intake import answered
from applications.models import Application
from applications.queries.call import in_first_language

LONGEST_LIST = 12


class Section(Protocol):
    slug: str
    title: str
    form_class: type[forms.BaseForm]


def describe(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """Sections with their fields, in plain values that a page shows and a paper keeps.

    A field is `label`, `help`, `choices` (none when there are too many to read), `optional`
    and `note`, a sentence on how it is answered.
    """
    return [
        {
            "title": str(section.title),
            "fields": [
                _field(field, is_optional=name not in ASKED.get(section.slug, ()))
                for name, field in section.form_class.base_fields.items()
                if not field.widget.is_hidden
            ],
        }
        for section in sections
    ]


@in_first_language
def filled(application: Application) -> list[dict[str, Any]]:
    """Sections with what was answered, in plain values that a paper keeps."""
    return [
        {
            "title": section.title,
            "rows": [{"term": row["term"], "value": row["value"]} for row in section.rows],
        }
        for section in answered(application)
    ]


def _field(field: forms.Field, *, is_optional: bool) -> dict[str, Any]:
    choices = [
        str(words) for value, words in getattr(field, "choices", []) if value not in ("", None)
    ]
    return {
        "label": str(field.label),
        "help": str(field.help_text or ""),
        "choices": choices if len(choices) <= LONGEST_LIST else [],
        "note": _note(field, choices),
        "optional": is_optional,
        "is_long": isinstance(field.widget, forms.Textarea),
    }


def _note(field: forms.Field, choices: list[str]) -> str:
    if len(choices) > LONGEST_LIST:
        return _("You choose from a list.")
    if choices:
        return _("You choose one:")
    if isinstance(field, forms.DateField | BirthDate):
        return _("A date: day, month, year.")
    if isinstance(field, forms.IntegerField):
        return _("A number.")
    return ""
