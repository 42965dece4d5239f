"""What a person wants to see in a picture; the answers stand in the address and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from cityshare.queries.pictures import Basis, Choice
from cityshare.queries.standings import TeamLine
from cityshare.river import Order

ORDERS = [
    (Order.FRAMEWORK, _("As in the framework")),
    (Order.WIDTH, _("Most to learn first")),
    (Order.MEDIAN, _("Lowest middle level first")),
]
BASES = [(Basis.LEVEL, _("Levels")), (Basis.OWN, _("Own views of the cities"))]


class RiverForm(forms.Form):
    """The order of the practices, whose river it is, and what lies over it.

    `cities` are those of which the reader may choose one; a value that is not on offer counts as
    not given.
    """

    order = forms.ChoiceField(label=_("Order of the practices"), required=False, choices=ORDERS)
    basis = forms.ChoiceField(label=_("The river shows"), required=False, choices=BASES)
    city = forms.ChoiceField(label=_("City"), required=False)
    own = forms.BooleanField(label=_("Own view"), required=False)
    target = forms.BooleanField(label=_("Target"), required=False)
    before = forms.BooleanField(label=_("The cycle before"), required=False)

    def __init__(self, data, *, cities: Iterable[TeamLine], has_mine, has_before):
        super().__init__(data)
        self.fields["city"].choices = [("", _("None")), *((str(c.pk), c.name) for c in cities)]
        if len(self.fields["city"].choices) == 1:
            del self.fields["city"]
        if not has_mine and "city" not in self.fields:
            del self.fields["own"], self.fields["target"]
        if not has_before:
            del self.fields["before"]

    @property
    def choice(self) -> Choice:
        """What was asked for, as far as it is on offer."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        if order := given.get("order"):
            given["order"] = Order(order)
        if basis := given.get("basis"):
            given["basis"] = Basis(basis)
        return Choice(**given)

    @property
    def lays_over(self) -> bool:
        """Whether there is anything to lay over the river."""
        return bool({"own", "target", "before"} & self.fields.keys())
