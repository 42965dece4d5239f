"""The form in which a conflict of interest between two cities is declared."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cityshare.models import Conflict, Cycle, Team
from cityshare.queries.conflict import standing_between
from workshop_portal.fields import PlainText

# With fewer characters nothing is said.
SHORTEST_NOTE = 10


class ConflictForm(forms.Form):
    """With which city, and what it is. Those who lead the cycle also say for which city."""

    use_required_attribute = False
    one = forms.ModelChoiceField(
        label=gettext_lazy("First city"),
        queryset=Team.objects.none(),
        empty_label=gettext_lazy("Choose a city"),
        error_messages={"required": gettext_lazy("Choose the first city.")},
    )
    other = forms.ModelChoiceField(
        label=gettext_lazy("The other city"),
        queryset=Team.objects.none(),
        empty_label=gettext_lazy("Choose a city"),
        error_messages={"required": gettext_lazy("Choose the other city.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=Conflict.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what it is.")},
    )
    note = PlainText(
        label=gettext_lazy("In a sentence"),
        required=False,
        max_length=300,
        help_text=gettext_lazy(
            "Needed for a dispute and for something else. Your own city and those who lead the "
            "cycle read it. The other city does not. Name no person."
        ),
    )

    def __init__(self, data: Any = None, *, cycle: Cycle, own: Team | None = None) -> None:
        super().__init__(data)
        self.own = own
        teams = cycle.teams.by_country()
        if own:
            del self.fields["one"]
            teams = teams.exclude(pk=own.pk)
        else:
            self.fields["one"].queryset = teams
            self.fields["note"].help_text = _(
                "Needed for a dispute and for something else. The first city and those who lead "
                "the cycle read it. The other city does not. Name no person."
            )
        self.fields["other"].queryset = teams
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("declare", _("Declare this conflict")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        one, other = self.own or cleaned.get("one"), cleaned.get("other")
        if one and other and one == other:
            self.add_error("other", _("Choose two different cities."))
        elif one and other and standing_between(one, other).filter(one__in=self._told).exists():
            self.add_error("other", _("This conflict is declared already."))
        if self._says_too_little(cleaned):
            self.add_error("note", _("Say in a sentence what the conflict is."))
        return cleaned

    @staticmethod
    def _says_too_little(cleaned: dict[str, Any]) -> bool:
        """Whether the kind does not explain itself, and the note does not either."""
        is_plain = cleaned.get("kind", Conflict.Kind.GRANT) in Conflict.PLAIN
        return not is_plain and len(cleaned.get("note", "-" * SHORTEST_NOTE)) < SHORTEST_NOTE

    @property
    def _told(self) -> list[Team]:
        """Whose declarations the person may know of."""
        return [self.own] if self.own else [self.cleaned_data["one"], self.cleaned_data["other"]]

    @property
    def facts(self) -> dict[str, Any]:
        """What the action wants to know."""
        said = {name: self.cleaned_data[name] for name in ("other", "kind", "note")}
        return {"one": self.own or self.cleaned_data["one"], **said}
