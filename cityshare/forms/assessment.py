"""What a city's team fills in: its own view of a practice, and what is agreed around one screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Submit
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cityshare.assessing import OUTSIDE
from cityshare.forms.levels import LevelField
from cityshare.models import SelfAssessment, SelfScore
from cityshare.queries.framework import Rung
from workshop_portal.fields import Line
from workshop_portal.fresh import FreshForm, QuestionForm, plain
from workshop_portal.merging import Held

MOST_HANDS = 99


# What the level needs to be shown stands below it.
BELOW = {"level": [HTML('{% include "cityshare/assess/_rules.html" %}')]}


@dataclass(frozen=True)
class Beside:
    """A choice beside the levels, as people read it."""

    name: str | Promise
    text: str | Promise

    def __str__(self) -> str:
        return str(self.name)


NO_TASK = Beside(
    _("This is no task of our city"),
    _("The law gives it to somebody else. Then there is no level and no target."),
)


class StandingField(LevelField):
    """A level, or that this is no task of the city."""

    def __init__(self, *, rungs: Sequence[Rung], **kwargs: Any) -> None:
        super().__init__(rungs=rungs, **kwargs)
        self.choices = [*self.choices, (OUTSIDE, NO_TASK)]
        self.coerce = self.as_answer

    @staticmethod
    def as_answer(said: str) -> int | str:
        return said if said == OUTSIDE else int(said)


class OwnViewForm(QuestionForm):
    """The own view of one practice, each question with a mark of what it was opened with."""

    asked: ClassVar[list[str]] = [
        "level",
        "reason",
        "target",
        "confidence",
        "priority",
        "why",
        "dissent",
    ]
    # What need not be answered at all; the others are needed before it is handed in.
    offered: ClassVar[set[str]] = {"confidence", "why", "dissent"}
    save_words = _("Save and go on")
    stale_words = _(
        "Somebody of your team changed this after you opened the page, so nothing was saved. What "
        "you typed is still here, and what is stored now is shown with it. Save again to keep "
        "what is typed here."
    )

    class Meta:
        model = SelfScore
        fields = ["reason", "confidence", "priority", "why", "dissent"]
        formfield_callback = plain
        labels = {
            "reason": _("Whose task is it?"),
            "confidence": _("How sure are we of the level?"),
            "priority": _("How important is this for us in the coming year?"),
            "why": _("What do we do?"),
            "dissent": _("Who saw it differently, and why?"),
        }
        help_texts = {
            "priority": _("At most three practices can be among the most important."),
            "why": _(
                "A few sentences. Those who rate your city read them together with the evidence. "
                "No personal data of victims; write counts under 5 as “<5”."
            ),
            "dissent": _(
                "In general words, such as “the health office sees level 2”. Never the name of a "
                "person, and of no organisation that it could put in danger."
            ),
        }
        widgets = {
            "confidence": forms.RadioSelect,
            "priority": forms.RadioSelect,
            "why": forms.Textarea({"rows": 5}),
            "dissent": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *args: Any, rungs: Sequence[Rung], **kwargs: Any) -> None:
        known = {**self.base_fields, **self.levels(rungs)}
        # Which levels there are is for the framework to say.
        self.base_fields = {name: known[name] for name in self.asked} | {"seen": known["seen"]}
        self.layout = [part for name in self.asked for part in (name, *BELOW.get(name, ()))]
        super().__init__(*args, **kwargs)

    def can_wait(self, name: str) -> bool:
        """Nothing that cannot be taken is kept; it stays on the page and on the device."""
        return False

    def levels(self, rungs: Sequence[Rung]) -> dict[str, forms.Field]:
        """The fields in which a level is chosen."""
        targets = [(str(rung.level), str(rung)) for rung in rungs]
        return {
            "level": StandingField(
                rungs=rungs,
                label=_("Where do we stand today?"),
                help_text=_(
                    "A level includes all levels before it: choose the highest of which every "
                    "sentence up to it is true for your city."
                ),
            ),
            "target": forms.TypedChoiceField(
                label=_("Where do we want to be in 12 months?"),
                choices=targets,
                coerce=int,
                empty_value=None,
                widget=forms.RadioSelect,
            ),
        }

    def prepare(self, name: str) -> None:
        self.fields[name].required = name not in self.offered
        super().prepare(name)
        self.initial[name] = self.stored(name).answer

    def is_overtaken(self, cleaned: dict[str, Any]) -> bool:
        self.let_what_is_missing_be_missing(cleaned)
        if "priority" in cleaned and cleaned["priority"] in (None, ""):
            # No page leaves it out; whoever does has not chosen another.
            cleaned["priority"] = self.stored("priority").answer
        return super().is_overtaken(cleaned)

    @property
    def questions(self) -> list[str]:
        return self.asked

    def stored(self, name: str) -> Held:
        return self.instance.stored(name)

    def said(self, name: str) -> str:
        """What is stored, as a person reads it."""
        said = self.stored(name).answer
        choices = dict(getattr(self.base_fields[name], "choices", ()))
        found = choices.get(str(said), choices.get(said, said))
        return "" if found is None else str(found)

    @property
    def stored_words(self) -> list[tuple[str, str]]:
        """What others have stored where two typed: what is asked, and their answer."""
        return [(str(self.fields[name].label), self.said(name)) for name in self.conflicts]

    def note(self, wrong: Mapping[str, str]) -> None:
        """Put what the rules refused beside its field."""
        for name, words in wrong.items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, words)


class AgreeForm(OwnViewForm):
    """What a team agrees on in its discussion."""

    asked: ClassVar[list[str]] = ["level", "dissent"]
    save_words = _("We agree on this")

    def levels(self, rungs: Sequence[Rung]) -> dict[str, forms.Field]:
        found = super().levels(rungs)
        found["level"].label = _("The level that we agree on")
        return found


class HandsForm(forms.Form):
    """Hands counted in the room, a number for each level."""

    use_required_attribute = False

    def __init__(self, *args: Any, rungs: Sequence[Rung], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rung in rungs:
            self.fields[f"hands{rung.level}"] = forms.IntegerField(
                label=_("Hands for level %(level)s") % {"level": rung.level},
                required=False,
                min_value=0,
                max_value=MOST_HANDS,
                widget=forms.NumberInput({"inputmode": "numeric"}),
            )

    @property
    def hands(self) -> dict[int, int]:
        """How many hands there were for each level; what could not be read counts as none."""
        typed = getattr(self, "cleaned_data", {})
        return {int(name.removeprefix("hands")): many or 0 for name, many in typed.items()}


class SayForm(forms.Form):
    """What one member holds to be the level."""

    def __init__(self, *args: Any, rungs: Sequence[Rung], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"] = LevelField(rungs=rungs)


class WhoForm(FreshForm):
    """Who sat around the screen."""

    class Meta:
        model = SelfAssessment
        fields = ["who_took_part"]
        formfield_callback = plain
        labels = {"who_took_part": _("Who took part in the discussion?")}
        help_texts = {
            "who_took_part": _(
                "In general words, such as “police, labour office, two NGOs, a shelter”. Never "
                "the name of a person."
            )
        }


class ReopenForm(forms.Form):
    """Why a city may change what it handed in."""

    use_required_attribute = False
    because = Line(
        label=_("Why it is opened again"),
        help_text=_("The whole team of the city gets these words in a letter."),
        max_length=300,
        error_messages={"required": _("Give the reason; the city gets it in a letter.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"data-guard": "", "novalidate": ""}
        self.helper.add_input(Submit("save", _("Open it again")))
