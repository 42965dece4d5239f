"""The forms of a draw of raters, and of the exchange of one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cityshare.models import Cycle, Draw, Member, Team
from cityshare.queries.pairs import StandIn
from workshop_portal.fields import PlainText

MOST_RATERS = 9
LARGEST_SEED = 2**31 - 1
NOBODY = "nobody"


class DrawForm(forms.Form):
    """By what rules raters are drawn."""

    use_required_attribute = False
    raters_per_city = forms.IntegerField(
        label=gettext_lazy("Raters for each city"),
        min_value=1,
        max_value=MOST_RATERS,
        help_text=gettext_lazy(
            "Each city also rates as many. With three, one rater who sees it differently does not "
            "move the level; only with three or more are the lowest and the highest level shown."
        ),
        error_messages={
            "required": gettext_lazy("Write how many raters each city has, for example 3."),
            "invalid": gettext_lazy("Write a whole number, for example 3."),
            "min_value": gettext_lazy("Each city needs at least one rater."),
            "max_value": gettext_lazy("More than 9 raters for a city are not possible."),
        },
    )
    bars_own_country = forms.BooleanField(
        label=gettext_lazy("No city rates one of its own country"), required=False
    )
    bars_mutual_rating = forms.BooleanField(
        label=gettext_lazy("No two cities rate each other"),
        required=False,
        help_text=gettext_lazy(
            "Without this it is avoided where that is possible, which is better for small groups."
        ),
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Seed of the draw (repeats it)"),
        min_value=0,
        max_value=LARGEST_SEED,
        help_text=gettext_lazy(
            "It stands for the chance in the draw and is kept: the same number, cities, rules and "
            "conflicts always give the same pairs. Another number gives another draw."
        ),
        error_messages={
            "required": gettext_lazy("Write a number, for example 1."),
            "invalid": gettext_lazy("Write a whole number, for example 1."),
            "min_value": gettext_lazy("Write a number from 0 on."),
            "max_value": gettext_lazy("Write a number up to 2147483647."),
        },
    )

    def __init__(self, data: Any = None, *, cycle: Cycle, last: Draw | None) -> None:
        super().__init__(data, initial=self.now(cycle, last))
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("draw", _("Draw again") if last else _("Draw the raters")))

    @staticmethod
    def now(cycle: Cycle, last: Draw | None) -> Mapping[str, object]:
        """The rules of the draw before, with another number, or those of the cycle."""
        rules = last or cycle
        names = ("raters_per_city", "bars_own_country", "bars_mutual_rating")
        seed = min(last.seed + 1, LARGEST_SEED) if last else cycle.seed
        return {"seed": seed, **{name: getattr(rules, name) for name in names}}


class ReleaseForm(forms.Form):
    """That one knows what is missing, where something is."""

    use_required_attribute = False
    in_spite = forms.BooleanField(
        label=gettext_lazy("I release it although some cities have too few raters."),
        error_messages={
            "required": gettext_lazy(
                "Some cities have too few raters. Tick this to release the draw in spite of it."
            )
        },
    )

    def __init__(self, data: Any = None, *, is_short: bool) -> None:
        super().__init__(data)
        if not is_short:
            del self.fields["in_spite"]
        self.helper = FormHelper()
        self.helper.form_tag = False


class SwapForm(forms.Form):
    """Who rates a city instead, or as well, and why."""

    use_required_attribute = False
    rater = forms.ChoiceField(
        label=gettext_lazy("Who rates instead"),
        help_text=gettext_lazy("Those whom no rule keeps from it; the best choice stands first."),
        error_messages={"required": gettext_lazy("Choose a city.")},
    )
    reason = PlainText(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy(
            "One sentence. It is kept with the draw; only those who lead the cycle read it."
        ),
        error_messages={"required": gettext_lazy("Write the reason in a sentence.")},
    )

    def __init__(
        self, data: Any = None, *, free: Sequence[StandIn], may_be_empty: bool, words: str
    ) -> None:
        alternate = next((str(one.team.pk) for one in free if one.is_alternate), "")
        super().__init__(data, initial={"rater": alternate})
        self.free = free
        self.teams: dict[str, Team | None] = {str(one.team.pk): one.team for one in free}
        choices = [("", _("Choose a city")), *((str(one.team.pk), str(one)) for one in free)]
        if may_be_empty:
            self.teams[NOBODY] = None
            choices.append((NOBODY, _("Nobody: the place stays empty")))
        else:
            self.fields["rater"].label = _("Who rates it too")
        self.fields["rater"].choices = choices
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("save", words))

    @property
    def facts(self) -> dict[str, Any]:
        """What the action wants to know."""
        return {
            "rater": self.teams[self.cleaned_data["rater"]],
            "reason": self.cleaned_data["reason"],
        }


class VoidForm(forms.Form):
    """Why locked ratings do not count."""

    use_required_attribute = False
    reason = PlainText(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy(
            "One sentence. It is kept with the draw; only those who lead the cycle read it."
        ),
        error_messages={"required": gettext_lazy("Write the reason in a sentence.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("save", _("These ratings do not count")))


class PersonForm(forms.Form):
    """Who of the rating city's team rates."""

    use_required_attribute = False
    member = forms.ModelChoiceField(
        label=gettext_lazy("Who of the city's team rates"),
        queryset=Member.objects.none(),
        empty_label=None,
    )

    def __init__(self, data: Any = None, *, members: Any) -> None:
        super().__init__(data)
        self.fields["member"].queryset = members
        self.fields["member"].label_from_instance = lambda member: str(member.user)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("save", _("Hand it over"), css_class="btn-secondary"))
