"""Five questions to find out whether a workshop is for oneself, in the words of the form."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.eligibility import Answers
from applications.forms.intake import OrganisationForm, TakingPartForm, YouForm
from applications.models import Application
from workshop_portal.fields import country_choices

MISSING = gettext_lazy("Choose an answer.")
SECTION_OF = {
    "sector": OrganisationForm,
    "country": YouForm,
    "spoken_english": TakingPartForm,
    "written_english": TakingPartForm,
    "all_days": TakingPartForm,
}


class EligibilityForm(forms.Form):
    """The questions are those of the application itself; `dates` are the days of the workshop."""

    use_required_attribute = False

    def __init__(self, *args, dates: str, **kwargs):
        super().__init__(*args, **kwargs)
        for name, section in SECTION_OF.items():
            self.fields[name] = self._question(name, section)
        self.fields["all_days"].help_text = dates
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(*SECTION_OF)
        self.helper.add_input(Submit("check", _("Show me the answer")))

    @staticmethod
    def _question(name, section):
        column = Application._meta.get_field(name)
        facts = {"required": True, "label": section.Meta.labels[name]}
        if name == "country":
            question = column.formfield(**facts)
            question.choices = country_choices
        else:
            question = column.formfield(**facts, widget=forms.RadioSelect)
            question.choices = [choice for choice in question.choices if choice[0]]
        question.error_messages["required"] = MISSING
        return question

    @property
    def answers(self) -> Answers:
        """What was chosen."""
        return Answers(**{name: str(self.cleaned_data[name]) for name in SECTION_OF})
