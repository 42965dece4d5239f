"""The forms of a call's deadline: more time for all or for some, and what attempts are shown."""

from __future__ import annotations

from datetime import datetime, time

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from applications.models import Application, Call
from applications.queries.deadline import MAY_USE_TIME, deadline_of_country
from applications.queries.evidence import CAUSES, OUTCOMES
from workshop_portal.deadlines import last_second
from workshop_portal.fields import Day, PlainText, country_choices


class ExtensionForm(forms.Form):
    """A later deadline for everybody."""

    day = Day(
        label=gettext_lazy("New last day"),
        error_messages={"required": gettext_lazy("Choose the new last day.")},
    )
    hour = forms.TimeField(
        label=gettext_lazy("Time on that day"),
        initial=time(23, 59),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": gettext_lazy("Write the time, for example 23:59.")},
    )
    reason = PlainText(
        label=gettext_lazy("Reason"),
        max_length=300,
        error_messages={"required": gettext_lazy("Write the reason: those who are told read it.")},
        help_text=gettext_lazy(
            "One sentence for everybody. It stands on the public page beside the old date, "
            "and in the letter."
        ),
    )

    def __init__(self, data=None, *, call: Call, **kwargs):
        super().__init__(data, **kwargs)
        self.use_required_attribute = False
        self.call, self.until = call, None
        self.fields["hour"].help_text = _(
            "On the workshop's clock (%(zone)s). The whole minute still counts."
        ) % {"zone": call.workshop.zone}
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.fields)
        self.helper.add_input(Submit("preview", _("Look at it before it counts")))

    @property
    def facts(self):
        """What the action wants to know."""
        return {"until": self.until, "reason": self.cleaned_data["reason"]}

    @property
    def in_force(self) -> datetime:
        """The deadline that has to be moved to a later moment."""
        return self.call.closes_at

    def clean_hour(self):
        hour = self.cleaned_data["hour"]
        if hour == time(0, 0):
            raise forms.ValidationError(
                _(
                    "At 00:00 a day begins, and many people take it for its end. "
                    "Write 23:59 and the day before."
                )
            )
        return hour

    def clean(self):
        cleaned = super().clean()
        day, hour = cleaned.get("day"), cleaned.get("hour")
        if day and hour:
            self.until = self._moment(day, hour)
        return cleaned

    def _moment(self, day, hour):
        zone = self.call.workshop.zone
        try:
            until = last_second(datetime.combine(day, hour), zone)
        except ValueError:
            self.add_error(
                "hour",
                _("The clocks of %(zone)s skip this time on that day. Choose another.")
                % {"zone": zone},
            )
            return None
        if until <= self.in_force:
            self.add_error(
                "day", _("This is not later than the deadline in force. Choose a later one.")
            )
        elif until <= timezone.now():
            self.add_error("day", _("This moment has passed already. Choose a later one."))
        return until


class SomeExtensionForm(ExtensionForm):
    """A later deadline for one country or for one person, with a reason that only they read."""

    whom = forms.ChoiceField(
        label=gettext_lazy("Who gets more time?"),
        choices=[
            ("person", gettext_lazy("One person")),
            ("country", gettext_lazy("Everybody who works in one country")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who gets more time.")},
    )
    person = PlainText(
        label=gettext_lazy("The person"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Write the address or the reference of the person.")
        },
        help_text=gettext_lazy(
            "The e-mail address of the account, or the reference of the application. The person "
            "must have begun an application."
        ),
    )
    country = forms.ChoiceField(
        label=gettext_lazy("The country"),
        error_messages={"required": gettext_lazy("Choose the country.")},
        help_text=gettext_lazy(
            "For those who have begun and named it as the country they work in."
        ),
    )

    field_order = ["whom", "person", "country", "day", "hour", "reason"]

    def __init__(self, data=None, *, call: Call, **kwargs):
        super().__init__(data, call=call, **kwargs)
        self.application: Application | None = None
        whom = self.data.get("whom")
        self.fields["person"].required = whom != "country"
        self.fields["country"].required = whom != "person"
        self.fields["country"].choices = country_choices
        self.fields["reason"].help_text = _(
            "One sentence for those who get it. It stands on their page and in the letter; it is "
            "not public."
        )

    @property
    def facts(self):
        return {**super().facts, **self.chosen}

    @property
    def chosen(self) -> dict[str, object]:
        """Who gets more time, as the action wants to know it."""
        if self.application:
            return {"application": self.application}
        return {"country": self.cleaned_data["country"]}

    @property
    def in_force(self) -> datetime:
        if self.application:
            return self.application.closes_at
        return deadline_of_country(self.call, self.cleaned_data.get("country", ""))

    def clean(self):
        said = self.cleaned_data.get("person")
        if said and self.cleaned_data.get("whom") == "person":
            self.application = self._found(said)
        return super().clean()

    def _found(self, said: str) -> Application | None:
        begun = self.call.applications.select_related("applicant", "call__workshop")
        one = begun.filter(Q(applicant__email__iexact=said) | Q(reference__iexact=said)).first()
        if one is None:
            self.add_error(
                "person",
                _("No application to this call has this address or this reference."),
            )
        elif one.status not in MAY_USE_TIME:
            self.add_error(
                "person",
                _("More time would not help: this application is now “%s”.")
                % one.get_status_display(),
            )
        return one


class AttemptFilter(forms.Form):
    """Which attempts are shown; a value that is not on offer narrows nothing."""

    q = forms.CharField(
        label=gettext_lazy("Name, address or reference"),
        required=False,
        max_length=100,
        widget=forms.SearchInput,
    )
    outcome = forms.ChoiceField(label=pgettext_lazy("attempt", "What came of it"), required=False)
    cause = forms.ChoiceField(label=gettext_lazy("What stood in the way"), required=False)
    application = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data):
        super().__init__(data, auto_id="filter_%s")
        self.fields["outcome"].choices = [("", _("Any")), *OUTCOMES.items()]
        self.fields["cause"].choices = [("", _("Any")), *CAUSES.items()]

    @property
    def chosen(self) -> dict[str, str]:
        """What narrows the list."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}
