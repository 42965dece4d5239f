"""The forms of the staff desk."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Application, Call, Decision, Document
from applications.standard import shown
from workshop_portal.deadlines import last_second
from workshop_portal.fields import Day, PlainText

DAYS_TO_RETURN = 3
LONGEST_NOTE = 1000


def any_of(choices, words):
    return [("", words), *choices]


def few_sentences(label, help_text):
    """A field for a few sentences."""
    return PlainText(
        label=label,
        help_text=help_text,
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "short"}),
    )


class FilterForm(forms.Form):
    """What narrows the list; a value that is not on offer narrows nothing."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=100,
        widget=forms.SearchInput(
            attrs={"placeholder": gettext_lazy("Name, organisation, city, reference")}
        ),
    )
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    documents = forms.ChoiceField(
        label=gettext_lazy("Documents"),
        required=False,
        choices=[
            ("", gettext_lazy("Any")),
            ("to_check", gettext_lazy("To check")),
            ("replaced", gettext_lazy("New file after a return")),
            ("returned", gettext_lazy("Returned to the applicant")),
            ("checked", gettext_lazy("All checked")),
        ],
    )
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        required=False,
        choices=[
            ("", gettext_lazy("Any")),
            ("none", gettext_lazy("Not decided yet")),
            ("pending", gettext_lazy("Decided, not released")),
            *Decision.Outcome.choices,
        ],
    )
    reach = forms.ChoiceField(
        label=gettext_lazy("Letters"),
        required=False,
        choices=[("", gettext_lazy("Any")), ("no", gettext_lazy("Letters come back"))],
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    sector = forms.ChoiceField(label=gettext_lazy("Kind of organisation"), required=False)
    gender = forms.ChoiceField(label=gettext_lazy("Gender"), required=False)
    first_time = forms.ChoiceField(label=gettext_lazy("First workshop"), required=False)
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, data, *, countries):
        super().__init__(data, auto_id="filter_%s")
        sent = [c for c in Application.Status.choices if c[0] != Application.Status.DRAFT]
        for name, choices in (
            ("status", sent),
            ("country", countries),
            ("sector", Application.Sector.choices),
            ("gender", Application.Gender.choices),
            ("first_time", Application.YesNo.choices),
        ):
            self.fields[name].choices = any_of(choices, _("Any"))

    @property
    def chosen(self) -> dict[str, str]:
        """What narrows or orders the list."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def active(self) -> int:
        """How many filters are in use."""
        return len(self.chosen.keys() - {"sort"})


@dataclass(frozen=True)
class FilterBar:
    """All that the bar of filters is made from: the same facts are the same bar."""

    chosen: tuple[tuple[str, str], ...]
    countries: tuple[tuple[str, str], ...]
    clear_url: str

    @property
    def form(self) -> FilterForm:
        return FilterForm(dict(self.chosen), countries=self.countries)


class ReturnForm(forms.Form):
    """Which of an application's files go back, why, and until when the new ones are taken."""

    day = Day(label=gettext_lazy("New files until the end of"))

    def __init__(self, data=None, *, documents: list[Document], call: Call):
        super().__init__(data)
        self.use_required_attribute = False
        self.documents, self.zone = documents, (zone := call.workshop.zone)
        alone = len(documents) == 1
        today = timezone.now().astimezone(ZoneInfo(zone)).date()
        # While the call is open every file may be replaced, so an earlier day would mean nothing.
        last_day = call.closes_at.astimezone(ZoneInfo(zone)).date()
        self.fields["day"].initial = max(today + timedelta(days=DAYS_TO_RETURN), last_day)
        self.fields["day"].help_text = _(
            "The day ends at 23:59 on the workshop's clock (%(zone)s)."
        ) % {"zone": zone}
        for document in documents:
            self._ask_about(document, alone=alone)
        self.order_fields([name for name in self.fields if name != "day"])
        self.helper = self._helper()

    def _ask_about(self, document, *, alone):
        first = [] if alone else [("", _("Nothing: this file stays"))]
        self.fields[f"{document.pk}-reason"] = forms.ChoiceField(
            label=_("What is wrong with it?"),
            choices=[*first, *Document.ReturnReason.choices],
            required=alone,
            widget=forms.RadioSelect if alone else forms.Select,
        )
        self.fields[f"{document.pk}-note"] = few_sentences(
            _("What should the applicant do?"),
            _("One or two sentences. They stand in the letter as you write them."),
        )
        for part in ("reason", "note"):
            self.fields[f"{document.pk}-{part}"].about = shown(document.requirement.title)

    def _helper(self):
        helper = FormHelper()
        parts = [
            Fieldset(shown(found.requirement.title), f"{found.pk}-reason", f"{found.pk}-note")
            for found in self.documents
        ]
        helper.layout = Layout(*parts, Fieldset(_("Until when"), "day"))
        helper.add_input(Submit("return", _("Return and write the letter")))
        return helper

    def clean_day(self):
        day = self.cleaned_data["day"]
        end = last_second(datetime.combine(day, time(23, 59)), self.zone)
        if end <= timezone.now():
            raise forms.ValidationError(_("This day is over. Choose today or a later day."))
        return day

    def clean(self):
        cleaned = super().clean()
        for document in self.documents:
            reason, note = f"{document.pk}-reason", f"{document.pk}-note"
            if cleaned.get(reason) == Document.ReturnReason.OTHER and not cleaned.get(note):
                self.add_error(note, _("Say what is wrong, for the list does not."))
            elif cleaned.get(note) and not cleaned.get(reason) and reason not in self.errors:
                self.add_error(reason, _("Choose what is wrong, or take the note away."))
        if not self.errors and not self.chosen:
            raise forms.ValidationError(_("Choose at least one file to return."))
        return cleaned

    @property
    def chosen(self) -> list[tuple[Document, str, str]]:
        """The files that go back, each with its reason and note."""
        return [
            (document, reason, self.cleaned_data.get(f"{document.pk}-note", ""))
            for document in self.documents
            if (reason := self.cleaned_data.get(f"{document.pk}-reason"))
        ]

    @property
    def until(self) -> datetime:
        """The last moment for the new files."""
        return last_second(datetime.combine(self.cleaned_data["day"], time(23, 59)), self.zone)


class DecisionForm(forms.Form):
    """One decision, as the committee takes it."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=Decision.Outcome.choices, widget=forms.RadioSelect
    )
    note = few_sentences(
        gettext_lazy("Note for the committee"),
        gettext_lazy("Only those who run this workshop ever read it."),
    )
    message = few_sentences(
        gettext_lazy("Words for the applicant"),
        gettext_lazy("They stand in the letter, which leaves when you release."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)

    def __init__(self, data=None, *, decision: Decision | None, allowed):
        super().__init__(data, initial=self._now(decision))
        self.use_required_attribute = False
        choices = [choice for choice in Decision.Outcome.choices if choice[0] in allowed]
        self.fields["outcome"].choices = choices
        self.helper = FormHelper()
        self.helper.layout = Layout("outcome", "note", "message", "version")
        self.helper.attrs = {"data-guard": ""}
        self.helper.add_input(Submit("decide", _("Keep this decision")))

    @staticmethod
    def _now(decision):
        if decision is None:
            return {"version": 0}
        known = {"version": decision.version, "note": decision.note}
        if decision.released_at:
            return known
        return {**known, "outcome": decision.outcome, "message": decision.message}


class ManyForm(forms.Form):
    """One outcome for the applications that were ticked on the list."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision for those ticked"),
        choices=[("", gettext_lazy("Choose")), *Decision.Outcome.choices],
    )

    def __init__(self, data=None):
        super().__init__(data, auto_id="many_%s")
        self.use_required_attribute = False
        self.versions: dict[str, int] = {}

    def clean(self):
        ticked = self.data.getlist("application")
        if not ticked:
            raise forms.ValidationError(_("Tick at least one application, then decide."))
        for choice in ticked:
            self.versions.update(self._choice(choice))
        return super().clean()

    def _choice(self, choice):
        pk, _colon, version = choice.partition(":")
        try:
            return {str(uuid.UUID(pk)): int(version)}
        except ValueError as nonsense:
            raise forms.ValidationError(_("Tick the applications on the list.")) from nonsense

    @property
    def why(self) -> str:
        """What has to be mended, in one sentence."""
        if "outcome" in self.errors:
            return _("Choose a decision for the applications that you ticked.")
        return " ".join(self.non_field_errors())


class ReleaseForm(forms.Form):
    """The release of exactly the list that was looked at."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, data=None, *, plan):
        super().__init__(data)
        self.use_required_attribute = False
        self.fields["seen"].initial = plan.fingerprint
        if plan.warnings:
            self.fields["all_the_same"] = forms.BooleanField(
                label=_("I know this, and release all the same."),
                error_messages={"required": _("Confirm this first, or change decisions.")},
            )
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.fields)
        self.helper.add_input(Submit("release", _("Release and write the letters")))
