"""The forms of a programme."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.dateformat import format as in_words
from django.utils.translation import gettext_lazy as _

from curriculum.models import Module, Session, Speaker
from curriculum.queries import clashes
from workshop_portal.deadlines import on_clock
from workshop_portal.fresh import FreshForm, plain
from workshop_portal.workshops.models import Workshop

CLOCK = {"type": "time"}


class ModuleForm(FreshForm):
    class Meta:
        model = Module
        fields = ["number", "title", "summary"]
        formfield_callback = plain
        widgets = {"summary": forms.Textarea({"rows": 4})}

    def __init__(
        self,
        *args: Any,
        workshop: Workshop,
        module: Module | None = None,
        next_number: int = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("number", next_number)
        others = workshop.modules.exclude(pk=module.pk) if module else workshop.modules
        self.taken = set(others.values_list("number", flat=True))

    def clean_number(self) -> int:
        number = self.cleaned_data["number"]
        if number in self.taken:
            raise forms.ValidationError(_("Another module has this number already."))
        return number


class SpeakerForm(FreshForm):
    class Meta:
        model = Speaker
        fields = ["name", "position", "organisation"]
        formfield_callback = plain


class SessionForm(FreshForm):
    """Day and times are meant on the workshop's clock."""

    day = forms.TypedChoiceField(
        label=_("Day"),
        coerce=date.fromisoformat,
        error_messages={
            "invalid_choice": _(
                "This is not a training day. Choose one of the days below, or add the day on the "
                "workshop's page first."
            )
        },
    )
    starts = forms.TimeField(label=_("Starts at"), widget=forms.TimeInput(CLOCK, "%H:%M"))
    ends = forms.TimeField(label=_("Ends at"), widget=forms.TimeInput(CLOCK, "%H:%M"))
    despite = forms.BooleanField(
        label=_("Save it all the same"),
        help_text=_("Tick this if the overlap is meant."),
        required=False,
    )

    class Meta:
        model = Session
        fields = [
            "title",
            "format",
            "module",
            "room",
            "capacity",
            "is_required",
            "summary",
            "speakers",
        ]
        formfield_callback = plain
        labels = {"is_required": _("Everybody has to attend")}
        help_texts = {"room": _("Leave it empty when it is online or not known yet.")}
        widgets = {
            "summary": forms.Textarea({"rows": 4}),
            "speakers": forms.CheckboxSelectMultiple,
        }

    def __init__(
        self,
        *args: Any,
        workshop: Workshop,
        days: Sequence[date],
        session: Session | None = None,
        day: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("day", day)
        self.workshop, self.session = workshop, session
        self.fields["module"].queryset = workshop.modules.all()
        self.fields["speakers"].queryset = workshop.speakers.all()
        self.fields["day"].choices = [("", "---------"), *((str(d), _words(d)) for d in days)]
        self.fields["day"].help_text = _("On the workshop's clock: %s.") % workshop.zone
        self.helper.layout = self._layout()

    def _layout(self, *more: str) -> Layout:
        return Layout(
            "seen",
            *more,
            Fieldset(_("What"), "title", "format", "module", "speakers", "summary"),
            Fieldset(_("When"), "day", "starts", "ends"),
            Fieldset(_("Where and for whom"), "room", "capacity", "is_required"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day, starts, ends = (cleaned.pop(name, None) for name in ("day", "starts", "ends"))
        despite = cleaned.pop("despite", False)
        cleaned["speakers"] = list(cleaned.get("speakers") or [])
        if day and starts and ends:
            cleaned["starts_at"] = self._instant("starts", datetime.combine(day, starts))
            cleaned["ends_at"] = self._instant("ends", datetime.combine(day, ends))
            if ends <= starts:
                self.add_error("ends", _("A session ends after it starts, on the same day."))
        if not self.errors:
            self._check_clashes(cleaned, despite)
        return cleaned

    def _instant(self, name: str, wall: datetime) -> datetime | None:
        try:
            return on_clock(wall, self.workshop.zone)
        except ValueError:
            self.add_error(
                name,
                _("On that day the clock of %s skips this time. Choose another time.")
                % self.workshop.zone,
            )
            return None

    def _check_clashes(self, cleaned: dict[str, Any], despite: bool) -> None:
        found = clashes(
            self.workshop,
            starts_at=cleaned["starts_at"],
            ends_at=cleaned["ends_at"],
            room=cleaned.get("room", ""),
            speakers=cleaned["speakers"],
            apart_from=self.session,
        )
        if found:
            self.helper.layout = self._layout("despite")
        if found and not despite:
            for words in found:
                self.add_error("despite", words)


def _words(day: date) -> str:
    return in_words(day, "l j F Y")
