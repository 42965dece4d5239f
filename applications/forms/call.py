"""The rules and the texts of a call, as its coordinator sets them."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Call, RequiredDocument
from workshop_portal.deadlines import last_second, on_clock
from workshop_portal.fields import MIDNIGHT, SKIPPED, Day
from workshop_portal.fresh import FreshForm, plain
from workshop_portal.workshops.models import Workshop

TIME = {"type": "time"}


class CallForm(FreshForm):
    """The dates stand once the call has opened; then only an extension moves the deadline."""

    opens_day = Day(label=_("Opens on"))
    opens_time = forms.TimeField(label=_("Time of opening"), widget=forms.TimeInput(TIME, "%H:%M"))
    closes_day = Day(label=_("Last day to apply"))
    closes_time = forms.TimeField(
        label=_("Time of the deadline"),
        widget=forms.TimeInput(TIME, "%H:%M"),
        help_text=_("The whole minute counts: 23:59 lasts until 23:59:59."),
    )

    class Meta:
        model = Call
        fields = [
            "seats",
            "funded_seats",
            "travel_budget",
            "currency",
            "decide_by",
            "confirm_days",
        ]
        formfield_callback = plain
        field_classes = {"decide_by": Day}
        help_texts = {
            "funded_seats": _("Seats for which the centre helps with the airfare."),
            "currency": _("Three letters, for example USD."),
            "decide_by": _("The day by which applicants hear from you."),
            "confirm_days": _("How many days selected applicants have to say yes."),
        }

    def __init__(self, *args: Any, workshop: Workshop, dates_stand: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = workshop.zone
        dates = ["opens_day", "opens_time", "closes_day", "closes_time"]
        if dates_stand:
            for name in dates:
                del self.fields[name]
        parts = [] if dates_stand else [Fieldset(_("When"), *dates)]
        seats = Fieldset(_("Seats and money"), *RULES[:4])
        after = Fieldset(_("Afterwards"), *RULES[4:])
        self.helper.layout = Layout("seen", *parts, seats, after)

    def clean_currency(self) -> str:
        currency = self.cleaned_data["currency"].upper()
        if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            raise forms.ValidationError(_("Write the three letters of a currency, such as USD."))
        return currency

    def clean_closes_time(self) -> time:
        at = self.cleaned_data["closes_time"]
        if at == time(0, 0):
            raise forms.ValidationError(MIDNIGHT)
        return at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        seats, funded = cleaned.get("seats"), cleaned.get("funded_seats")
        if seats is not None and funded is not None and funded > seats:
            self.add_error("funded_seats", _("There cannot be more funded seats than seats."))
        cleaned["opens_at"] = self._instant("opens", on_clock)
        cleaned["closes_at"] = self._instant("closes", last_second)
        self._check_order(cleaned)
        return cleaned

    def _instant(self, name: str, read: Any) -> datetime | None:
        """The day and the time of a pair of fields on the workshop's clock, in UTC."""
        day = self.cleaned_data.pop(f"{name}_day", None)
        at = self.cleaned_data.pop(f"{name}_time", None)
        if day is None or at is None:
            return None
        try:
            return read(datetime.combine(day, at), self.zone)
        except ValueError:
            self.add_error(f"{name}_time", SKIPPED % {"zone": self.zone})
            return None

    def _check_order(self, cleaned: dict[str, Any]) -> None:
        opens, closes = cleaned["opens_at"], cleaned["closes_at"]
        if opens and closes and closes <= opens:
            self.add_error("closes_day", _("The deadline has to come after the opening."))
        decide = cleaned.get("decide_by")
        if decide and closes and decide < closes.astimezone(ZoneInfo(self.zone)).date():
            self.add_error("decide_by", _("The decision cannot come before the deadline."))

    @property
    def facts(self) -> dict[str, Any]:
        found = super().facts
        return {
            name: value for name, value in found.items() if value is not None or name == "decide_by"
        }


RULES = CallForm.Meta.fields


class RequiredDocumentForm(FreshForm):
    class Meta:
        model = RequiredDocument
        fields = ["title", "purpose", "signed_by", "guidelines"]
        formfield_callback = plain
        widgets = {"guidelines": forms.Textarea({"rows": 24})}
        help_texts = {
            "purpose": _("One sentence that the applicant reads beside the title."),
            "signed_by": _("Leave it empty when nobody has to sign."),
            "guidelines": _(
                "Markdown: a line with ## before it is a heading, with - before it a point. "
                "The portal shows it as a page and prints it as a PDF."
            ),
        }
