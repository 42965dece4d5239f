"""What a rater fills in: a level and three comments, and levels of invented cities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from cityshare.forms.levels import LevelField
from cityshare.models import Member, PeerRating
from cityshare.queries.framework import Rung
from cityshare.queries.rating import Case
from workshop_portal.fields import Line, PlainText

LONGEST = 800
COMMENTS = {
    "strength": _("One strength"),
    "question": _("One question"),
    "suggestion": _("One suggestion"),
}


def comment(label: Any) -> PlainText:
    """A text of a few lines that the rated city reads without a name."""
    return PlainText(
        label=label, required=False, max_length=LONGEST, widget=forms.Textarea({"rows": 2})
    )


class RatingForm(forms.Form):
    """The first level of one practice, or that it cannot be judged, with the comments."""

    use_required_attribute = False
    cannot_judge = forms.BooleanField(
        label=_("I cannot judge this from what I see"), required=False
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self, *args: Any, rungs: Sequence[Rung], rating: PeerRating | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, initial=self.known(rating), **kwargs)
        self.fields["level"] = LevelField(
            rungs=rungs, label=_("Which level describes the city?"), required=False, needed=True
        )
        self.fields |= {name: comment(label) for name, label in COMMENTS.items()}
        self.helper = FormHelper()
        self.helper.attrs = {"data-guard": "", "novalidate": ""}
        self.helper.layout = Layout(*self.before(), *COMMENTS, "seen")
        self.helper.add_input(Submit("save", _("Save and go on")))

    def before(self) -> list[str]:
        """The fields above the comments."""
        return ["level", "cannot_judge"]

    def known(self, rating: PeerRating | None) -> dict[str, Any]:
        """What is stored."""
        if rating is None:
            return {"seen": 0}
        words = {name: getattr(rating, name) for name in COMMENTS}
        judged = {"level": rating.initial, "cannot_judge": rating.cannot_judge}
        return {**words, **judged, "seen": rating.version}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        level, cannot = cleaned.get("level"), cleaned.get("cannot_judge")
        if level is None and not cannot and "level" not in self.errors:
            self.add_error("level", _("Choose a level, or say below that you cannot judge."))
        if level is not None and cannot:
            self.add_error(
                "cannot_judge", _("You chose a level too. Take one of the two away: either, or.")
            )
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, ready for an action."""
        return {name: said for name, said in self.cleaned_data.items() if name != "cannot_judge"}


class FinalForm(RatingForm):
    """The final level, after the city's own view was seen; a changed one needs a reason."""

    reason = Line(
        label=_("Why you changed the level"),
        help_text=_("Only if your level is another one now."),
        required=False,
        max_length=500,
    )

    def __init__(
        self, *args: Any, rungs: Sequence[Rung], rating: PeerRating | None, **kwargs: Any
    ) -> None:
        self.first = rating.initial if rating else None
        super().__init__(*args, rungs=rungs, rating=rating, **kwargs)
        del self.fields["cannot_judge"]
        self.fields["level"].label = _("Your final level")
        if self.first is None:
            del self.fields["level"], self.fields["reason"]

    def before(self) -> list[str]:
        return ["level", "reason"] if self.first is not None else []

    def known(self, rating: PeerRating | None) -> dict[str, Any]:
        """What is stored; the first level stands until another is chosen."""
        found = super().known(rating)
        if rating is not None:
            found |= {"level": rating.level, "reason": rating.reason}
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = forms.Form.clean(self) or self.cleaned_data
        level = cleaned.get("level")
        if self.first is None or "level" in self.errors:
            return cleaned
        if level is None:
            self.add_error("level", _("Choose a level. Your first one is fine too."))
        elif level != self.first and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say in a sentence why you changed the level."))
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        return {"level": None, **super().facts}


class CalibrationForm(forms.Form):
    """The levels of the cases of one invented city; all of them at once."""

    use_required_attribute = False

    def __init__(self, *args: Any, cases: Sequence[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cases = {f"case-{case.case.pk}": case.case for case in cases}
        self.helper = FormHelper()
        self.helper.attrs = {"data-guard": "", "novalidate": ""}
        self.helper.layout = Layout()
        for (name, row), case in zip(self.cases.items(), cases, strict=True):
            label = f"{row.practice.code} {row.practice.name}"
            self.fields[name] = LevelField(rungs=case.rungs, label=label, help_text=row.text)
            self.helper.layout.append(Field(name))
        self.helper.add_input(Submit("save", _("Show the agreed levels")))

    @property
    def levels(self) -> dict[Any, int]:
        """The level that was chosen for each case."""
        return {case: self.cleaned_data[name] for name, case in self.cases.items()}


class EntrustForm(forms.Form):
    """Who of the city's team rates the other city."""

    use_required_attribute = False

    def __init__(self, *args: Any, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"] = forms.ModelChoiceField(
            label=_("Who rates this city"), queryset=members, empty_label=None
        )
        self.fields["member"].label_from_instance = lambda member: str(member.user)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("save", _("Hand it over"), css_class="btn-secondary"))

    @property
    def member(self) -> Member:
        """The person who was chosen."""
        return self.cleaned_data["member"]
