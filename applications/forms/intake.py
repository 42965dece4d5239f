"""The application form, section by section; also what the public preview shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from applications.checklist import ASKED, OFFERED
from applications.forms.fields import BirthDate, KeptCountry, Phone
from applications.models import Application
from workshop_portal.fresh import QuestionForm, plain
from workshop_portal.merging import Held
from workshop_portal.templatetags.portal import day_words

MOST_YEARS = 70
STALE = _(
    "This part was changed in another window after you opened this page. What you typed is still "
    "here, and what is stored now is shown with it. Save again to keep what is typed here."
)


class SectionForm(QuestionForm):
    """A part of the form. It saves whole or not at all; in a draft, nothing has to be there yet."""

    slug: ClassVar[str]
    save_words = _("Save and continue")
    stale_words = STALE

    def prepare(self, name: str) -> None:
        field = self.fields[name]
        field.required = name not in OFFERED.get(self.slug, ())
        field.error_messages["required"] = _(
            "Please answer this: an application that has been sent stays complete."
        )
        super().prepare(name)

    def stored(self, name: str) -> Held:
        return self.instance.stored(name)

    def said(self, name: str) -> str:
        return said(self.instance, name)

    @property
    def begun(self) -> list[str]:
        """What is asked where words are kept that are no answer yet."""
        return [str(self.fields[name].label) for name in self.questions if self.stored(name).words]

    def is_overtaken(self, cleaned: dict[str, Any]) -> bool:
        if self.instance.status == Application.Status.DRAFT:
            self.let_what_is_missing_be_missing(cleaned)
        return super().is_overtaken(cleaned)


class YouForm(KeptCountry, SectionForm):
    slug = "you"
    layout = [
        Fieldset(_("Your name"), "given_name", "family_name", "certificate_name"),
        Fieldset(_("Yourself"), "gender", "birth_date", "nationality"),
        Fieldset(_("Where you work and how to reach you"), "city_name", "country", "phone"),
    ]

    class Meta:
        model = Application
        fields = [
            "given_name",
            "family_name",
            "certificate_name",
            "gender",
            "birth_date",
            "nationality",
            "city_name",
            "country",
            "phone",
        ]
        formfield_callback = plain
        labels = {
            "given_name": _("Given names"),
            "family_name": _("Family name"),
            "certificate_name": _("Your name as it should appear on the certificate"),
            "gender": _("How do you describe yourself?"),
            "birth_date": _("Date of birth"),
            "nationality": _("Nationality"),
            "phone": _("Telephone"),
            "city_name": _("City you work in"),
            "country": _("Country you work in"),
        }
        help_texts = {
            "given_name": _("As in your passport. If you have only one name, write it here."),
            "family_name": _("As in your passport."),
            "certificate_name": _("In the order and with the signs that you want to see in print."),
            "gender": _("It is used only to see that the group is balanced."),
            "nationality": _("As in the passport you will travel with."),
            "phone": _("With the country code, for example +855 12 345 678."),
        }
        widgets = {
            "given_name": forms.TextInput({"autocomplete": "given-name"}),
            "family_name": forms.TextInput({"autocomplete": "family-name"}),
            "certificate_name": forms.TextInput({"autocomplete": "name"}),
            "gender": forms.RadioSelect,
            "phone": forms.TextInput({"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
            "city_name": forms.TextInput({"autocomplete": "address-level2"}),
        }

    birth_date = BirthDate(
        label=_("Date of birth"), help_text=_("For example 17 5 1985. You have to be of age.")
    )
    phone = Phone(
        max_length=40,
        label=Meta.labels["phone"],
        help_text=Meta.help_texts["phone"],
        widget=Meta.widgets["phone"],
    )


class OrganisationForm(SectionForm):
    slug = "organisation"
    layout = ["organisation", "sector", "department", "position", "years"]

    class Meta:
        model = Application
        fields = ["organisation", "sector", "department", "position", "years"]
        formfield_callback = plain
        labels = {
            "organisation": _("Name of your organisation"),
            "sector": _("What kind of organisation is it?"),
            "department": _("Department or unit"),
            "position": _("Your position"),
        }
        help_texts = {
            "organisation": _("In full, in English or as it is known abroad."),
            "position": _("For example: head of the social welfare office."),
        }
        widgets = {
            "organisation": forms.TextInput({"autocomplete": "organization"}),
            "sector": forms.RadioSelect,
            "position": forms.TextInput({"autocomplete": "organization-title"}),
        }

    years = forms.IntegerField(
        label=_("For how many years has your work had to do with human trafficking?"),
        help_text=_("In full years; 0 if you are about to begin."),
        min_value=0,
        max_value=MOST_YEARS,
        widget=forms.TextInput({"inputmode": "numeric", "size": 4}),
        error_messages={
            code: _("Write a whole number of years from 0 to 70.")
            for code in ("invalid", "min_value", "max_value")
        },
    )


class WorkForm(SectionForm):
    slug = "work"
    layout = ["duties", "experience", "motivation", "intention"]

    class Meta:
        model = Application
        fields = [*ASKED["work"]]
        formfield_callback = plain
        widgets = {name: forms.Textarea({"rows": 7}) for name in ASKED["work"]}
        labels = {
            "duties": _("What are your duties?"),
            "experience": _("What have you done so far against human trafficking?"),
            "motivation": _("Why do you want to take part in this workshop?"),
            "intention": _("What will you do with what you learn?"),
        }
        help_texts = {
            "duties": _("What you decide and do in a usual week. Up to 2,000 characters."),
            "experience": _(
                "Leave out everything by which a victim could be recognised. "
                "Up to 2,000 characters."
            ),
            "motivation": _(
                "Which question of your city or organisation you bring. Up to 2,000 characters."
            ),
            "intention": _(
                "What will be different in your work a year from now. Up to 2,000 characters."
            ),
        }


class TakingPartForm(SectionForm):
    slug = "taking-part"
    layout = [
        Fieldset(_("Your English"), "spoken_english", "written_english"),
        Fieldset(_("Coming to the workshop"), "all_days", "first_time", "airfare", "needs"),
    ]

    class Meta:
        model = Application
        fields = [*ASKED["taking-part"], *OFFERED["taking-part"]]
        formfield_callback = plain
        labels = {
            "spoken_english": _("How well do you speak English?"),
            "written_english": _("How well do you read and write English?"),
            "all_days": _("Can you be there on all days of the workshop?"),
            "first_time": _("Is this your first workshop with us?"),
            "airfare": _("Do you ask for support with the airfare?"),
            "needs": _("Is there anything that we should prepare for you?"),
        }
        help_texts = {
            "airfare": _("The budget is limited; the call says what it covers."),
            "needs": _("Food, access, a place to pray or to nurse. Up to 500 characters."),
        }
        widgets = {
            **dict.fromkeys(ASKED["taking-part"], forms.RadioSelect),
            "needs": forms.Textarea({"rows": 7}),
        }


@dataclass(frozen=True)
class Section:
    """A page of the form."""

    slug: str
    title: str
    form_class: type[SectionForm]


SECTIONS = [
    Section("you", pgettext_lazy("section", "About you"), YouForm),
    Section("organisation", pgettext_lazy("section", "Your organisation"), OrganisationForm),
    Section("work", pgettext_lazy("section", "Your work and this workshop"), WorkForm),
    Section("taking-part", pgettext_lazy("section", "Taking part"), TakingPartForm),
]


@dataclass(frozen=True)
class Answered:
    """A section with its questions and answers in words."""

    slug: str
    title: str
    rows: list[dict[str, str]]


def answered(application: Application) -> list[Answered]:
    """The whole form in words, to be checked, printed or kept."""
    return [
        Answered(
            section.slug,
            str(section.title),
            [
                {
                    "name": name,
                    "term": str(field.label),
                    "value": words(application, name),
                    "begun": " ".join(application.stored(name).words),
                }
                for name, field in section.form_class(instance=application).fields.items()
                if name != "seen"
            ],
        )
        for section in SECTIONS
    ]


def said(application: Application, name: str) -> str:
    """What is held of a question: words that were typed last and are no answer yet, or else it."""
    return " ".join(application.stored(name).words) or words(application, name)


def words(application: Application, name: str) -> str:
    """An answer as a person reads it; nothing when there is none."""
    value = getattr(application, name)
    if value in (None, ""):
        return ""
    if isinstance(value, date):
        return day_words(value)
    column = application._meta.get_field(name)
    if isinstance(column, CountryField):
        return str(value.name)
    return str(dict(column.flatchoices).get(value, value))
