"""The choice of a level: each with its name and its sentence, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cityshare.queries.framework import Rung


class LevelChoice(forms.widgets.ChoiceWidget):
    """Big choices, one per level, which stand side by side where there is room."""

    input_type = "radio"
    template_name = "cityshare/_levels.html"
    use_fieldset = True

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """A group of choices has a legend; a label of the whole would name only the first."""
        return "" if index is None else super().id_for_label(id_, index)


class LevelField(forms.TypedChoiceField):
    """A level out of `rungs`, as a number; None where nothing is chosen and that is allowed.

    `needed` is one that the form asks for itself, or for another answer in its place.
    """

    widget = LevelChoice
    default_error_messages = {
        "required": _("Choose a level."),
        "invalid_choice": _("Choose one of the levels that are shown."),
    }

    def __init__(self, *, rungs: Sequence[Rung], needed: bool = False, **kwargs: Any) -> None:
        self.needed = needed
        choices = [(str(rung.level), rung) for rung in rungs]
        super().__init__(choices=choices, coerce=int, empty_value=None, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Raise for what no page can have sent, such as two levels or a NUL."""
        if value is not None and not isinstance(value, str | int):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)
