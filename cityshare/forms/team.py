"""What a city tells of itself, and who belongs to its team."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from cityshare.models import Cycle, Team
from cityshare.queries.team import LANGUAGES, unplaced
from workshop_portal.accounts.forms import zone_choices
from workshop_portal.fresh import FreshForm, plain
from workshop_portal.workshops.models import Participant


def city_zones() -> list[Any]:
    """Every city with a clock, by region, or none."""
    return [("", _("Not said")), *zone_choices()[1:]]


class TeamForm(FreshForm):
    """The context by which others judge whether they can learn from the city."""

    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lazy(city_zones, list)(),
        required=False,
        help_text=_("Meetings with other cities are shown on this clock, too."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Working languages"),
        choices=LANGUAGES.items(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In which your team can read evidence and talk with another city."),
        error_messages={"required": _("Choose at least one language.")},
    )

    class Meta:
        model = Team
        fields = ["zone", "languages", "size", "route", "income", "context"]
        formfield_callback = plain
        widgets = {"context": forms.Textarea({"rows": 5})}
        help_texts = {
            "route": _("Where most of the people concerned are, seen from your city."),
            "income": _("As the World Bank groups your country; it helps others to compare."),
            "context": _("What the city may decide itself, which law applies, what is special."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("size", "route", "income"):
            named = [choice for choice in self.fields[name].choices if choice[0]]
            self.fields[name].choices = [("", _("Not said")), *named]
        languages = Field("languages", wrapper_class="many-choices")
        others = [name for name in self.Meta.fields if name != "languages"]
        self.helper.layout = Layout("seen", languages, *others)


class MemberForm(forms.Form):
    """One more person for a city's team, out of the participants who have none."""

    use_required_attribute = False
    person = forms.ModelChoiceField(
        label=_("Add a person"),
        queryset=Participant.objects.none(),
        empty_label=_("Choose a participant"),
        error_messages={"required": _("Choose a participant.")},
    )

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.queryset = unplaced(cycle)
        person.label_from_instance = lambda seat: f"{seat.user} ({seat.city})"
        self.helper = FormHelper()
        self.helper.layout = Layout("person")
        self.helper.add_input(Submit("add", _("Add to the team")))
