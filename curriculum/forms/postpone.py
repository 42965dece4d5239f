"""The form that postpones a workshop."""

from __future__ import annotations

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Call
from curriculum.queries import plan, training_days
from workshop_portal.accounts.models import User
from workshop_portal.deadlines import State
from workshop_portal.fields import Day, PlainText
from workshop_portal.workshops.models import Workshop


class PostponeForm(forms.Form):
    """A new first day; everything else moves by as many days."""

    use_required_attribute = False
    first_day = Day(
        label=_("New first day"), error_messages={"required": _("Choose the new first day.")}
    )
    with_deadline = forms.BooleanField(
        label=_("Move the deadline of the call by as many days"), required=False, initial=True
    )
    reason = PlainText(
        label=_("Reason"),
        max_length=300,
        error_messages={"required": _("Write the reason: everybody who is told reads it.")},
        help_text=_("One sentence for everybody. It stands on the public page and in the letters."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(
        self, data: Any = None, *, workshop: Workshop, call: Call | None, by: User
    ) -> None:
        super().__init__(data)
        self.workshop, self.by, self.plan = workshop, by, None
        self.days = training_days(workshop)
        if call is None or call.state is State.CLOSED:
            del self.fields["with_deadline"]
        self.helper = FormHelper()
        shown = [name for name in self.fields if name != "seen"]
        self.helper.layout = Layout(*shown)
        self.helper.add_input(Submit("preview", _("Look at it before it counts")))

    def clean_first_day(self) -> date:
        day = self.cleaned_data["first_day"]
        if not self.days:
            raise forms.ValidationError(_("The workshop has no training days yet."))
        if day <= self.days[0]:
            raise forms.ValidationError(_("This is not later than the first day it has now."))
        if day <= timezone.now().date():
            raise forms.ValidationError(_("This day has begun or is over. Choose a later one."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if first_day := cleaned.get("first_day"):
            with_deadline = cleaned.get("with_deadline", False)
            try:
                self.plan = plan(
                    self.workshop, first_day=first_day, with_deadline=with_deadline, by=self.by
                )
            except ValueError:
                self.add_error(
                    "first_day",
                    _(
                        "On one of the new days the clocks skip an hour in which something is "
                        "planned. Choose another day, or move that session first."
                    ),
                )
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """What the action wants to know."""
        return {
            "first_day": self.cleaned_data["first_day"],
            "with_deadline": self.cleaned_data.get("with_deadline", False),
            "reason": self.cleaned_data["reason"],
        }
