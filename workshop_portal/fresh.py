"""The form of a thing that two people, or two windows, may have open at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from workshop_portal.fields import PlainText, country_choices, is_readable
from workshop_portal.merging import Change, Fate, Held, fate, mark

LONGEST_TEXT = 20_000
LONGEST_WORDS = 10_000
LARGEST_NUMBER = 32_767
STALE = _(
    "Somebody changed this after you opened the page, so nothing was saved. What you typed is "
    "still here. Save again to put it in the place of what is stored now."
)


# What a form may say of a question in place of its column.
SAID = ("widget", "label", "help_text", "error_messages")


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
    said = {name: kwargs[name] for name in SAID if name in kwargs}
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


class QuestionForm(FreshForm):
    """Questions that are saved while they are answered, each by itself, or all by the button.

    `seen` tells for every question which answer the page was made from, so that two windows never
    overwrite each other in silence, and each may answer another question. Words that are no
    answers yet are shown again where they were typed.

    With `only`, the form is about some of its questions: those that were changed since the last
    saving. What becomes of each is told by `changes`.
    """

    layout: ClassVar[list[Any]] = []

    def __init__(self, *args: Any, only: Collection[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only = only
        self.conflicts: list[str] = []
        self.untouched: list[str] = []
        if only is not None:
            self.fields = {name: self.fields[name] for name in self.questions if name in only}
        for name in [*self.fields.keys() & {*self.questions}]:
            self.prepare(name)
        self.helper.layout = Layout("seen", *self.layout)

    def prepare(self, name: str) -> None:
        """Make the field of a question ready for what is stored of it."""
        field = self.fields[name]
        if isinstance(field.widget, forms.RadioSelect):
            field.choices = [choice for choice in field.choices if choice[0] != ""]
        if words := self.stored(name).words:
            self.initial[name] = list(words) if len(words) > 1 else words[0]

    # --- What is stored, and what was typed ------------------------------------------------

    @property
    def questions(self) -> list[str]:
        """The names of the questions, in their order."""
        return self._meta.fields

    def stored(self, name: str) -> Held:
        """What is stored of a question."""
        return Held(getattr(self.instance, name))

    def said(self, name: str) -> str:
        """What is stored of a question, in words."""
        return " ".join(self.in_controls(name))

    @property
    def sign(self) -> str:
        return ".".join(self.stored(name).mark for name in self.questions)

    @property
    def bases(self) -> dict[str, str]:
        """The mark with which this window was opened, by question."""
        return dict(zip(self.questions, (self.data.get("seen") or "").split("."), strict=False))

    def typed(self, name: str) -> Held:
        """What was typed: an answer, or words that are none yet beside the one that is stored."""
        if name not in self.errors:
            return Held(self.cleaned_data[name])
        said = [self.data.get(control, "") for control in self.controls(name)]
        words = tuple("".join(filter(is_readable, text)).replace("\r", "") for text in said)
        return Held(self.stored(name).answer, words)

    def can_wait(self, name: str) -> bool:
        """Whether words that are no answer can be kept: those that people type, of some length."""
        choice = isinstance(self.fields[name], forms.ChoiceField)
        return not choice and sum(map(len, self.typed(name).words)) <= LONGEST_WORDS

    @property
    def changes(self) -> dict[str, Change]:
        """What was typed in this window, by question; without what cannot be kept at all."""
        return {
            name: Change(self.typed(name), self.bases.get(name, ""))
            for name in self.fields
            if name in self.questions and (name not in self.errors or self.can_wait(name))
        }

    @property
    def answers(self) -> dict[str, Any]:
        """What was typed, ready to be stored; where nothing was typed, another window's stays."""
        return {
            name: self.cleaned_data[name] for name in self.questions if name not in self.untouched
        }

    # --- Its fields on the page ------------------------------------------------------------

    def controls(self, name: str) -> list[str]:
        """The names of the fields in which a question is answered: one, or one for each part."""
        widget = self.base_fields[name].widget
        return [name + part for part in getattr(widget, "widgets_names", [""])]

    def in_controls(self, name: str) -> list[str]:
        """What is stored of a question, as it stands in its fields."""
        answer, words = self.stored(name).answer, self.stored(name).words
        widget = self.base_fields[name].widget
        parts = widget.decompress(answer) if isinstance(widget, forms.MultiWidget) else [answer]
        return list(words) or ["" if part is None else str(part) for part in parts]

    @property
    def places(self) -> str:
        """Where each question is answered and what it is called, for the script of the page."""
        found = {
            name: {"label": str(self.fields[name].label), "controls": self.controls(name)}
            for name in self.questions
        }
        return json.dumps(found)

    def news(self, fates: Mapping[str, Fate]) -> dict[str, dict[str, object]]:
        """What the script is told: what became of each question that was sent, and what others
        have stored meanwhile in those that were not."""
        sent = {name: self._news_of(name, fates.get(name)) for name in self.fields}
        elsewhere = {
            name: self._news_of(name, Fate.UNTOUCHED)
            for name, base in self.bases.items()
            if name not in self.fields and base != self.stored(name).mark
        }
        return {**elsewhere, **sent}

    def _news_of(self, name: str, what: Fate | None) -> dict[str, object]:
        """How a question stands: its fate and mark, what is wrong with it, what another stored."""
        found: dict[str, object] = {"fate": what.value if what else "refused"}
        if name in self.errors:
            found["why"] = " ".join(self.errors[name])
        if what in {Fate.CONFLICT, Fate.UNTOUCHED}:
            found |= {"theirs": self.said(name), "controls": self.in_controls(name)}
        if what is not None:
            found["mark"] = self.stored(name).mark
        return found

    # --- Saving it as a whole --------------------------------------------------------------

    def let_what_is_missing_be_missing(self, cleaned: dict[str, Any]) -> None:
        """Take what was left out for an empty answer: what is being written need not be whole."""
        for name, errors in list(self.errors.items()):
            if [error.code for error in errors.as_data()] == ["required"]:
                del self.errors[name]
                cleaned[name] = getattr(self.fields[name], "empty_value", None)

    def is_overtaken(self, cleaned: dict[str, Any]) -> bool:
        if self.only is not None:
            return False
        for name, change in self.changes.items():
            what = fate(change, self.stored(name))
            if what is Fate.CONFLICT and name not in self.errors:
                self.conflicts.append(name)
            elif what is Fate.UNTOUCHED:
                self._leave_alone(name)
        return bool(self.conflicts)

    def _leave_alone(self, name: str) -> None:
        """Show what another window stored where nothing was typed in this one."""
        self.untouched.append(name)
        self.data = self.data.copy()
        for control, words in zip(self.controls(name), self.in_controls(name), strict=True):
            self.data[control] = words
