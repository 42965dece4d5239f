"""The practices of a draft, and the invented cities by which raters calibrate."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from cityshare.interchange import CODE, LONGEST, Meaning
from cityshare.models import Dossier, DossierCase, Practice
from workshop_portal.fields import Line, PlainText
from workshop_portal.fresh import FreshForm


class PracticeForm(FreshForm):
    """What a practice says, with a sentence for each level; empty ones may wait."""

    code = Line(
        label=_("Code"),
        max_length=LONGEST["practices.id"],
        help_text=_("Short, such as PV1. It stands in tables and pictures."),
    )
    pillar = Line(
        label=_("Pillar"),
        max_length=LONGEST["practices.pillar"],
        help_text=_("Practices that follow each other in one pillar stand together."),
    )
    name = Line(label=_("Name"), max_length=LONGEST["practices.name"])
    question = Line(
        label=_("Guiding question"),
        max_length=LONGEST["practices.question"],
        required=False,
        help_text=_("What a city asks itself, in one sentence."),
    )
    grounded_in = PlainText(
        label=_("Grounded in"),
        max_length=LONGEST["practices.grounded_in"],
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Conventions, standards and guides, with their articles or chapters."),
    )

    class Meta:
        model = Practice
        fields = ["code", "pillar", "name", "question", "grounded_in"]

    def __init__(
        self,
        *args: Any,
        meanings: dict[int, Meaning],
        taken: set[str],
        pillars: list[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.levels, self.taken = list(meanings), taken
        for level, mean in meanings.items():
            self.fields[f"level_{level}"] = PlainText(
                label=_("Level %(level)s %(name)s") % {"level": level, "name": mean.name},
                max_length=LONGEST["practices.levels"],
                required=False,
                widget=forms.Textarea({"rows": 2}),
                help_text=mean.words,
            )
        self.pillars = pillars
        self.fields["pillar"].widget.attrs["list"] = "pillars"
        sentences = [f"level_{level}" for level in self.levels]
        self.helper.layout = Layout(
            "seen",
            Fieldset(_("The practice"), *self.Meta.fields),
            Fieldset(_("What each level looks like"), *sentences),
        )

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if not CODE.fullmatch(code):
            raise forms.ValidationError(_("Use letters, digits, - and _ only, as in PV1."))
        if code in self.taken:
            raise forms.ValidationError(_("Another practice has this code."))
        if code.casefold() in {other.casefold() for other in self.taken}:
            raise forms.ValidationError(_("Only capitals tell this code from another practice's."))
        return code

    @property
    def facts(self) -> dict[str, Any]:
        """What an action is given: the columns, and the sentence of each level."""
        said = self.cleaned_data
        columns = {name: said[name] for name in self.Meta.fields}
        return {**columns, "levels": {n: said[f"level_{n}"] for n in self.levels}}


def known_of(practice: Practice) -> dict[str, Any]:
    """A practice as its form shows it."""
    known = {name: getattr(practice, name) for name in PracticeForm.Meta.fields}
    return known | {f"level_{d.level}": d.text for d in practice.descriptors.all()}


class DossierForm(FreshForm):
    title = Line(
        label=_("Name of the invented city"),
        max_length=LONGEST["dossiers.title"],
        help_text=_("Say that it does not exist. Never use a real city."),
    )
    text = PlainText(
        label=_("What raters should know of it"),
        max_length=LONGEST["dossiers.text"],
        widget=forms.Textarea({"rows": 6}),
    )

    class Meta:
        model = Dossier
        fields = ["title", "text"]


class CaseForm(FreshForm):
    """One practice of an invented city, and the level that was agreed on."""

    practice = forms.ModelChoiceField(
        label=_("Practice"), queryset=Practice.objects.none(), empty_label=_("Choose a practice")
    )
    text = PlainText(
        label=_("What is known"),
        max_length=LONGEST["dossiers.cases.text"],
        widget=forms.Textarea({"rows": 6}),
        help_text=_("As evidence would tell it. Do not name the level."),
    )
    level = forms.TypedChoiceField(label=_("Agreed level"), coerce=int)
    why = PlainText(
        label=_("Why this level"),
        max_length=LONGEST["dossiers.cases.why"],
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Raters read it after they have rated the case."),
    )

    class Meta:
        model = DossierCase
        fields = ["practice", "text", "level", "why"]

    def __init__(
        self, *args: Any, dossier: Dossier, meanings: dict[int, Meaning], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        rated = dossier.cases.values("practice")
        free = dossier.framework.practices.exclude(pk__in=rated)
        if self.known is None:
            self.fields["practice"].queryset = free
        else:
            del self.fields["practice"]
        levels = [(level, f"{level} {mean.name}".strip()) for level, mean in meanings.items()]
        self.fields["level"].choices = [("", _("Choose a level")), *levels]
