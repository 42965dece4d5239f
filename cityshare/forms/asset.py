"""What cities write down, what others say of it, and what is searched for."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cityshare.models import Asset, Cycle, Practice, Principle, Story, Team, Use
from workshop_portal.accounts.models import City
from workshop_portal.fields import Line, PlainText
from workshop_portal.fresh import FreshForm, plain

HELP = {
    "title": _("What it helps to do, in a few words."),
    "audience": _("For example: heads of social services in port cities."),
    "context": _("Size and mandate of the city, law, income group, place on the route."),
    "checklist": _("One step a line."),
    "tools": _("Forms, agreements, training, with links where they are public."),
    "cost": _("Money, staff and time, as far as you know them."),
    "did_not_work": _("What you tried and gave up, and why."),
    "to_adapt": _("What another city has to change to make it fit."),
    "safeguards": _("How nobody comes to harm: consent, secrecy, no link to testimony."),
    "contacts": _("An office and its address; a person only who agreed to be named."),
}
# What an empty answer is told, by the question.
EMPTY = {
    "practice": _("Choose the practice."),
    "title": _("Say in a few words what it helps to do."),
    "city": _("Choose the city."),
    "happened": _("Tell what happened."),
    "learned": _("Say what was learned."),
    "when": _("Say when it applies."),
    "do": _("Say what to do then."),
    "because": _("Say why."),
}
REQUIRED = {name: {"required": words} for name, words in EMPTY.items()}


class AssetForm(FreshForm):
    """What an asset says beside its stories and principles."""

    class Meta:
        model = Asset
        formfield_callback = plain
        fields = ["title", "from_level", "to_level", *list(HELP)[1:]]
        help_texts = HELP
        error_messages = REQUIRED

    def __init__(self, *args: Any, levels: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = [(n, str(n)) for n in range(1, levels + 1)]
        ends = (
            ("from_level", _("Helps from level"), steps[:-1]),
            ("to_level", _("to level"), steps[1:]),
        )
        for name, label, choices in ends:
            self.fields[name] = forms.TypedChoiceField(label=label, choices=choices, coerce=int)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        low, high = cleaned.get("from_level"), cleaned.get("to_level")
        if low and high and high <= low:
            self.add_error("to_level", _("A good practice leads upward: choose a higher level."))
        return cleaned


class BeginForm(AssetForm):
    """The first words of an asset: on which practice, and which cities write it."""

    practice = forms.ModelChoiceField(
        label=_("Practice"),
        queryset=Practice.objects.none(),
        to_field_name="code",
        empty_label=_("Choose a practice"),
        error_messages=REQUIRED["practice"],
    )
    teams = forms.ModelMultipleChoiceField(
        label=_("Cities that write it"),
        queryset=Team.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Other cities are asked, and named when they have said yes."),
        error_messages={"required": _("Choose at least one city.")},
    )
    save_words = _("Begin writing")
    field_order = ["practice", "title", "from_level", "to_level", "teams"]

    class Meta(AssetForm.Meta):
        fields = ["title", "from_level", "to_level"]
        help_texts = {"title": HELP["title"]}

    def __init__(self, *args: Any, cycle: Cycle, team: Team | None, **kwargs: Any) -> None:
        super().__init__(*args, levels=cycle.framework.levels, **kwargs)
        self.own = team
        self.fields["practice"].queryset = cycle.framework.practices.all()
        self.fields["teams"].queryset = cycle.teams.by_country()
        self.initial.setdefault("teams", [team.pk] if team else [])

    def clean_teams(self) -> list[Team]:
        """A city writes for itself, and others with it; those who lead choose any."""
        teams = list(self.cleaned_data["teams"])
        if self.own and self.own not in teams:
            raise ValidationError(_("Your own city has to be among those that write it."))
        return teams


class StoryForm(FreshForm):
    """What happened in one city, and what was learned."""

    class Meta:
        model = Story
        formfield_callback = plain
        fields = ["city", "happened", "learned", "ask"]
        help_texts = {
            "happened": _("No victim may be recognisable: no names, no exact dates or places."),
            "ask": _("An office, or a person who agreed to be named."),
        }
        error_messages = REQUIRED

    def __init__(self, *args: Any, cities: QuerySet[City], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["city"] = forms.ModelChoiceField(
            label=_("City"),
            queryset=cities,
            empty_label=_("Choose a city"),
            error_messages=REQUIRED["city"],
            help_text=_(
                "A city that has agreed to write this, or that met in the peer assist behind it."
            ),
        )


class PrincipleForm(FreshForm):
    """When …, do …, because …: and which stories carry it."""

    class Meta:
        model = Principle
        formfield_callback = plain
        fields = ["when", "do", "because"]
        error_messages = REQUIRED

    def __init__(self, *args: Any, asset: Asset, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stories"] = forms.ModelMultipleChoiceField(
            label=_("Stories that carry it"),
            queryset=asset.stories.select_related("city"),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.fields["stories"].label_from_instance = lambda story: str(story.city)


class HandInForm(forms.Form):
    """That a person has looked at what could let somebody be recognised, and at which words."""

    seen = forms.CharField(required=False)
    checked = forms.BooleanField(required=False)

    @property
    def facts(self) -> dict[str, Any]:
        """What was ticked, ready for the action."""
        self.is_valid()
        return self.cleaned_data


class ValidationForm(forms.Form):
    """Whether it holds for another city. `seen` is the mark of the words that were read."""

    use_required_attribute = False
    seen = forms.CharField(widget=forms.HiddenInput({"autocomplete": "off"}), required=False)
    agrees = forms.TypedChoiceField(
        label=_("Does it hold for your city too?"),
        choices=[("yes", _("Yes, we would stand for it")), ("no", _("Not as it is"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    note = PlainText(
        label=_("Note to the authors"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, seen: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={"seen": seen}, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"data-guard": "", "novalidate": ""}
        self.helper.add_input(Submit("save", _("Hand in your word")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("agrees") is False and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Say what would have to change before it holds for you."))
        return cleaned


class UseForm(forms.Form):
    """How useful an asset was to a city."""

    use_required_attribute = False
    usefulness = forms.TypedChoiceField(
        label=_("How useful was it?"),
        choices=[
            (1, _("1: not at all")),
            (2, _("2: a little")),
            (3, _("3: in parts")),
            (4, _("4: very")),
            (5, _("5: we changed what we do")),
        ],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the five.")},
    )
    note = PlainText(
        label=pgettext_lazy("use of a good practice", "What came of it"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, used: Use | None = None, **kwargs: Any) -> None:
        known = {"usefulness": used.usefulness, "note": used.note} if used else {}
        super().__init__(*args, initial=known, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"data-guard": "", "novalidate": ""}
        self.helper.add_input(Submit("save", _("Save")))


class WithdrawForm(forms.Form):
    """Why an asset goes."""

    use_required_attribute = False
    reason = Line(
        label=_("Why it is withdrawn"),
        max_length=300,
        error_messages={"required": _("Say in a sentence why.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("save", _("Withdraw it"), css_class="btn-danger"))


class LibraryForm(forms.Form):
    """What is searched for in the library."""

    words = Line(label=_("Words"), required=False, max_length=100)
    practice = forms.ChoiceField(label=_("Practice"), required=False)
    level = forms.TypedChoiceField(
        label=_("We stand at level"), required=False, coerce=int, empty_value=None
    )

    def __init__(
        self, *args: Any, practices: list[tuple[str, str]], levels: int | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        steps = [(n, str(n)) for n in range(1, (levels or 0) + 1)]
        self.fields["practice"].choices = [("", _("Every practice")), *practices]
        self.fields["level"].choices = [("", _("Any level")), *steps]

    @property
    def chosen(self) -> dict[str, Any]:
        """What was asked for; a choice that there is not is none."""
        self.is_valid()
        return {name: said for name, said in self.cleaned_data.items() if said}
