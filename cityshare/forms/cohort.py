"""What of a cycle is taken out."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from cityshare.models import Cycle
from workshop_portal.fields import Line

XLSX, JSON = "xlsx", "json"


class TakeoutForm(forms.Form):
    """As which file, and whether with the single ratings, which needs a reason."""

    use_required_attribute = False
    kind = forms.ChoiceField(
        label=_("As"),
        choices=[(XLSX, _("a spreadsheet (XLSX)")), (JSON, _("data for programs (JSON)"))],
        initial=XLSX,
        widget=forms.RadioSelect,
    )
    single_ratings = forms.BooleanField(
        label=_("With who gave which level"),
        help_text=_("Only where a dispute cannot be settled otherwise."),
        required=False,
    )
    reason = Line(label=_("Why you need it"), required=False, max_length=300)

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not cycle.has_reached(Cycle.Stage.MODERATION):
            del self.fields["single_ratings"], self.fields["reason"]
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("save", _("Take it out")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("single_ratings") and not cleaned.get("reason"):
            self.add_error("reason", _("Say why in a sentence. It goes on record."))
        return cleaned
