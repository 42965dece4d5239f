"""The form of a thing that two people, or two windows, may have open at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from applications.merging import mark
from workshop_portal.fields import PlainText, country_choices

LONGEST_TEXT = 20_000
LARGEST_NUMBER = 32_767
STALE = _(
    "Somebody changed this after you opened the page, so nothing was saved. What you typed is "
    "still here. Save again to put it in the place of what is stored now."
)


def plain(column: models.Field, **kwargs: Any) -> forms.Field | None:
    """The field of a column; what is too long or too large is told before a database refuses it."""
    if isinstance(column, models.PositiveSmallIntegerField):
        kwargs.setdefault("max_value", LARGEST_NUMBER)
    if isinstance(column, CountryField):
        question = column.formfield(**kwargs)
        question.choices = country_choices
        return question
    is_long = isinstance(column, models.TextField)
    if column.choices or not (is_long or type(column) is models.CharField):
        return column.formfield(**kwargs)
    kwargs.setdefault("widget", forms.Textarea if is_long else forms.TextInput)
    kwargs.setdefault("label", capfirst(column.verbose_name))
    said = {name: kwargs[name] for name in ("widget", "label", "help_text") if name in kwargs}
    return PlainText(
        max_length=column.max_length or LONGEST_TEXT,
        required=not column.blank,
        validators=[v for v in column.validators if type(v) is not MaxLengthValidator],
        **said,
    )


class FreshForm(forms.ModelForm):
    """Shows `known`, and does not save over what somebody else has stored since.

    It never touches a row: `facts` is what an action is given.
    """

    use_required_attribute = False
    save_words = _("Save")
    stale_words = STALE
    seen = forms.CharField(widget=forms.HiddenInput({"autocomplete": "off"}), required=False)

    def __init__(self, *args: Any, known: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        self.known = known
        super().__init__(*args, initial=dict(known or {}), **kwargs)
        self.is_stale = False
        self.initial["seen"] = self.sign
        self.helper = FormHelper()
        self.helper.attrs = {"data-guard": "", "novalidate": ""}
        self.helper.add_input(Submit("save", self.save_words))

    @property
    def sign(self) -> str:
        """What the page carries along, to be known again: the mark of what is stored."""
        return mark(self.known or {})

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, ready for an action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def is_overtaken(self, cleaned: dict[str, Any]) -> bool:
        """Whether saving would overwrite what somebody else has stored since."""
        return self.known is not None and self.data.get("seen") != self.sign

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.is_overtaken(cleaned):
            self.is_stale = True
            self.add_error(None, self.stale_words)
            self.data = self.data.copy()
            self.data["seen"] = self.sign
        return cleaned

    def _post_clean(self) -> None:
        """No row is built from what was typed; the fields have checked it."""
