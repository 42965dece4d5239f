"""The forms of the moderation: the call, what it came to, a second look at the target."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cityshare.forms.levels import LevelField
from cityshare.models import Moderation
from cityshare.queries.framework import Rung
from workshop_portal.fields import Day, Line, Link, PlainText

AGREED, STANDS = Moderation.Status.AGREED.value, Moderation.Status.STANDS.value


class CallForm(forms.Form):
    """When the call about a city is, on the workshop's clock, and where."""

    day = Day(
        label=gettext_lazy("Day of the call"),
        error_messages={"required": gettext_lazy("Choose the day.")},
    )
    hour = forms.TimeField(
        label=gettext_lazy("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": gettext_lazy("Write the time, for example 14:30.")},
    )
    link = Link(
        label=gettext_lazy("Link to the call"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("The city and its raters get it in a letter."),
    )

    def __init__(self, data: Any = None, *, zone: str, known: Moderation | None = None) -> None:
        super().__init__(data, initial=self.now(known, zone))
        self.use_required_attribute = False
        self.zone, self.meets_at = zone, None
        self.fields["hour"].help_text = _(
            "On the workshop's clock (%(zone)s). The call takes about 30 minutes."
        ) % {"zone": zone}
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout("day", "hour", "link")
        self.helper.add_input(Submit("save", _("Keep it and write to everybody")))

    @staticmethod
    def now(known: Moderation | None, zone: str) -> dict[str, Any]:
        """The call as it is fixed already."""
        if known is None or known.meets_at is None:
            return {}
        there = known.meets_at.astimezone(ZoneInfo(zone))
        return {"day": there.date(), "hour": there.time(), "link": known.link}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (day := cleaned.get("day")) and (hour := cleaned.get("hour")) is not None:
            self.meets_at = datetime.combine(day, hour, ZoneInfo(self.zone))
            if self.meets_at <= timezone.now():
                self.add_error("day", _("This moment has passed already. Choose a later one."))
        return cleaned


class SettleForm(forms.Form):
    """What the talk came to: a level on which all agree, or that there is none."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it?"),
        choices=[
            (AGREED, gettext_lazy("We agreed on a level")),
            (STANDS, gettext_lazy("We did not agree: the median of the raters stands")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what came of the talk.")},
    )
    note = PlainText(
        label=gettext_lazy("What was said"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "A few sentences for the city and its raters, without names of people."
        ),
        error_messages={"required": gettext_lazy("Write in a sentence what was said.")},
    )

    def __init__(self, data: Any = None, *, rungs: Sequence[Rung]) -> None:
        super().__init__(data)
        self.use_required_attribute = False
        self.fields["level"] = LevelField(
            rungs=rungs,
            label=_("The level that you agreed on"),
            required=self.data.get("outcome") != STANDS,
            error_messages={"required": _("Choose the level that you agreed on.")},
        )
        self.helper = FormHelper()
        self.helper.attrs = {"data-guard": "", "novalidate": ""}
        self.helper.layout = Layout("outcome", "level", "note")
        self.helper.add_input(Submit("settle", _("Record what came of it")))

    @property
    def facts(self) -> dict[str, Any]:
        """What the action wants to know; a level beside “did not agree” is none."""
        is_agreed = self.cleaned_data["outcome"] == AGREED
        level = self.cleaned_data.get("level") if is_agreed else None
        return {"agreed": level, "note": self.cleaned_data["note"]}


class TargetForm(forms.Form):
    """The target after the level went down; the old one may stay."""

    def __init__(
        self, data: Any = None, *, rungs: Sequence[Rung], target: int | None, action: str
    ) -> None:
        super().__init__(data, initial={"target": target})
        self.use_required_attribute = False
        self.fields["target"] = LevelField(rungs=rungs, label=_("Your target in 12 months"))
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.form_action = action
        self.helper.layout = Layout("target")
        self.helper.add_input(Submit("save", _("This is our target")))


class NamesForm(forms.Form):
    """Why somebody has to know who gave which level, or wrote what."""

    use_required_attribute = False
    reason = Line(
        label=gettext_lazy("Why you need to know who it was"),
        max_length=300,
        help_text=gettext_lazy("Only where a dispute cannot be settled otherwise."),
        error_messages={"required": gettext_lazy("Say why in a sentence. It goes on record.")},
    )

    def __init__(self, data: Any = None, *, action: str) -> None:
        super().__init__(data)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.form_action = action
        self.helper.add_input(Submit("names", _("Show me the names"), css_class="btn-secondary"))


class HoldForm(forms.Form):
    """Why a comment is kept back; its rater reads it."""

    reason = PlainText(
        label=gettext_lazy("Why it is kept back"),
        max_length=300,
        help_text=gettext_lazy("Only the person who wrote the comment reads this."),
        error_messages={"required": gettext_lazy("Say in a sentence why.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.use_required_attribute = False
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout("reason")
        self.helper.add_input(Submit("hold", _("Keep it back")))
