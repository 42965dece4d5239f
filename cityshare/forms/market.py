"""What a city says of an offer, a need or a proposal, and what the facilitator asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cityshare.models import Matching, Need, Offer, Proposal, Team
from cityshare.queries.standings import PracticeLine
from workshop_portal.fields import PlainText
from workshop_portal.fresh import FreshForm, plain

MOST = 9


class SaidForm(FreshForm):
    """An offer or a need; the practice is chosen when it is added by hand."""

    def __init__(
        self, *args: Any, practices: Sequence[PracticeLine] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if practices is not None:
            chosen = forms.ChoiceField(
                label=_("Practice"),
                choices=[
                    ("", _("Choose a practice")),
                    *((line.code, f"{line.code} {line.name}") for line in practices),
                ],
                error_messages={"required": _("Choose the practice.")},
            )
            self.fields = {"practice": chosen, **self.fields}


class OfferForm(SaidForm):
    save_words = gettext_lazy("Offer this")

    class Meta:
        model = Offer
        fields = ["note"]
        formfield_callback = plain
        labels = {"note": gettext_lazy("What you can show")}
        help_texts = {
            "note": gettext_lazy(
                "In a few sentences, for the other cities. Never a name of a victim."
            )
        }
        widgets = {"note": forms.Textarea({"rows": 3})}


class NeedForm(SaidForm):
    save_words = gettext_lazy("Ask for this")
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Priority"),
        coerce=int,
        choices=[
            (3, gettext_lazy("It cannot wait")),
            (2, gettext_lazy("Important")),
            (1, gettext_lazy("Good to have")),
        ],
        widget=forms.RadioSelect,
        initial=1,
    )

    class Meta:
        model = Need
        fields = ["priority", "question"]
        formfield_callback = plain
        labels = {"question": gettext_lazy("What you want to find out")}
        help_texts = {
            "question": gettext_lazy(
                "In a few sentences, for the city that could help. It can become the question of "
                "the peer assist."
            )
        }
        widgets = {"question": forms.Textarea({"rows": 3})}


class DeclineForm(forms.Form):
    """Why not, and whom rather."""

    use_required_attribute = False
    reason = PlainText(
        label=gettext_lazy("Why not"),
        max_length=Proposal._meta.get_field("reason").max_length,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("In a sentence. The other city and the facilitator read it."),
        error_messages={"required": gettext_lazy("Say in a sentence why not.")},
    )
    rather = forms.ModelChoiceField(
        label=gettext_lazy("A city that you would rather meet"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=gettext_lazy("No suggestion"),
        help_text=gettext_lazy("The facilitator sees your suggestion and can propose it."),
    )
    refuses_pair = forms.BooleanField(
        label=gettext_lazy("Do not propose this city to us on another practice either"),
        required=False,
    )

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rather"].queryset = others
        self.helper = FormHelper()
        self.helper.attrs = {"data-guard": "", "novalidate": ""}
        self.helper.add_input(Submit("save", _("Decline"), css_class="btn-danger"))


class LimitsForm(forms.Form):
    """How many assists a city gives and receives, and how many each one gets at least."""

    use_required_attribute = False
    floor = forms.IntegerField(
        label=gettext_lazy("At least so many for every city that somebody can help"),
        min_value=0,
        max_value=MOST,
        help_text=gettext_lazy(
            "As far as it is possible. 0 looks at the whole only, and may leave a city out."
        ),
    )
    helper_capacity = forms.IntegerField(
        label=gettext_lazy("At most so many assists given by a city"), min_value=1, max_value=MOST
    )
    learner_capacity = forms.IntegerField(
        label=gettext_lazy("At most so many assists received by a city"),
        min_value=1,
        max_value=MOST,
    )

    def __init__(self, *args: Any, last: Matching | None, cycle: Any, **kwargs: Any) -> None:
        known = last or cycle
        initial = {
            "floor": last.floor if last else 1,
            "helper_capacity": known.helper_capacity,
            "learner_capacity": known.learner_capacity,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("save", _("Find proposals")))


class PairForm(forms.Form):
    """A pair that the facilitator proposes by hand: a need, and who could help."""

    use_required_attribute = False
    need = forms.ModelChoiceField(
        label=gettext_lazy("Who needs help with what"),
        queryset=Need.objects.none(),
        empty_label=gettext_lazy("Choose a need"),
        error_messages={"required": gettext_lazy("Choose the need.")},
    )
    helper_city = forms.ModelChoiceField(
        label=gettext_lazy("Who could help"),
        queryset=Team.objects.none(),
        empty_label=gettext_lazy("Choose a city"),
        error_messages={"required": gettext_lazy("Choose the city.")},
    )

    def __init__(self, *args: Any, needs: Any, teams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["need"].queryset = needs
        self.fields["need"].label_from_instance = lambda need: f"{need.team}: {need.practice}"
        self.fields["helper_city"].queryset = teams
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("save", _("Propose it to both")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        need, helper = cleaned.get("need"), cleaned.get("helper_city")
        if need and helper and need.team_id == helper.pk:
            self.add_error("helper_city", _("A city does not help itself. Choose another one."))
        return cleaned
