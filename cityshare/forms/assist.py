"""The forms of a peer assist: the plan, the notes, the thank-you."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cityshare.models import PeerAssist, Proposal
from cityshare.queries.assist import LEAST
from workshop_portal.accounts.models import User
from workshop_portal.deadlines import on_clock
from workshop_portal.fields import Day, Link, PlainText
from workshop_portal.fresh import FreshForm, plain

LONGEST_MEETING = 16 * 60


class PlanForm(FreshForm):
    """The plan of a meeting; day and time are meant on the clock that is chosen.

    `beside` are further cities that have agreed to help with the same.
    """

    save_words = gettext_lazy("Save the plan")
    day = Day(label=gettext_lazy("Day"), required=False)
    hour = forms.TimeField(
        label=gettext_lazy("Begins at"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("On the clock of"),
        help_text=gettext_lazy("Every city is shown the time on its own clock."),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        min_value=LEAST,
        max_value=LONGEST_MEETING,
        initial=LEAST,
        help_text=gettext_lazy("At least 90; a day and a half is better when you meet on site."),
    )

    link = Link(label=gettext_lazy("Link to the meeting"), required=False, max_length=500)

    class Meta:
        model = PeerAssist
        fields = ["question", "facilitator", "note_taker"]
        formfield_callback = plain
        labels = {
            "question": gettext_lazy("The host's one question"),
            "facilitator": gettext_lazy("Who facilitates"),
            "note_taker": gettext_lazy("Who takes notes"),
        }
        help_texts = {
            "question": gettext_lazy("One question, as open as it can be: “How could we …?”"),
            "note_taker": gettext_lazy("Somebody who neither hosts nor helps, if you can."),
        }
        widgets = {"question": forms.Textarea({"rows": 3})}

    def __init__(
        self,
        *args: Any,
        zones: Sequence[tuple[str, str]],
        leads: Sequence[User],
        beside: Sequence[Proposal] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].required = True
        self.fields["question"].error_messages["required"] = _("Write the one question.")
        self.fields["zone"].choices = zones
        self.fields["facilitator"].queryset = User.objects.filter(
            pk__in=[lead.pk for lead in leads]
        )
        self.fields["facilitator"].empty_label = _("Not decided yet")
        if beside:
            self.fields["second"] = forms.ChoiceField(
                label=_("A second city that helps"),
                required=False,
                choices=[("", _("Nobody")), *((str(p.pk), str(p.helper)) for p in beside)],
            )
        self.helper.layout = self._layout()

    def _layout(self) -> Layout:
        who = [name for name in ("second", "facilitator", "note_taker") if name in self.fields]
        return Layout(
            "seen",
            Fieldset(_("What"), "question"),
            Fieldset(_("When"), "day", "hour", "zone", "minutes", "link"),
            Fieldset(_("Who"), *who),
        )

    @classmethod
    def known_of(cls, assist: PeerAssist) -> dict[str, Any]:
        """What is stored, as the form shows it."""
        known = {name: getattr(assist, name) for name in ("question", "link", "note_taker")}
        known |= {"facilitator": assist.facilitator_id, "zone": assist.zone}
        known["minutes"] = assist.minutes
        if assist.starts_at:
            local = assist.starts_at.astimezone(ZoneInfo(assist.zone))
            known |= {"day": local.date(), "hour": local.time()}
        return known

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day, hour = cleaned.pop("day", None), cleaned.pop("hour", None)
        cleaned["starts_at"] = None
        if day and hour and cleaned.get("zone"):
            cleaned["starts_at"] = self._instant(datetime.combine(day, hour), cleaned["zone"])
        elif day and "hour" not in self.errors:
            self.add_error("hour", _("Write the time too, for example 14:00."))
        elif hour and "day" not in self.errors:
            self.add_error("day", _("Choose the day too."))
        return cleaned

    def _instant(self, wall: datetime, zone: str) -> datetime | None:
        try:
            return on_clock(wall, zone)
        except ValueError:
            self.add_error("hour", _("This clock skips that time on that day. Choose another."))
            return None

    @property
    def second(self) -> str:
        """The id of the further proposal that was chosen, or nothing."""
        return self.cleaned_data.get("second", "")

    @property
    def facts(self) -> dict[str, Any]:
        return {name: said for name, said in super().facts.items() if name != "second"}


class NotesForm(FreshForm):
    """What was heard, and what the host will do."""

    save_words = gettext_lazy("Save the notes")

    class Meta:
        model = PeerAssist
        fields = ["options_heard", "host_will_do", "notes"]
        formfield_callback = plain
        labels = {
            "options_heard": gettext_lazy("Options heard"),
            "host_will_do": gettext_lazy("What the host will do"),
            "notes": gettext_lazy("Other notes"),
        }
        help_texts = {
            "options_heard": gettext_lazy("One on each line, with the city that told of it."),
            "host_will_do": gettext_lazy("Who does what by when; it can go into the action plan."),
            "notes": gettext_lazy("Never a name of a victim, nor what could tell who it was."),
        }
        widgets = {
            name: forms.Textarea({"rows": rows})
            for name, rows in {"options_heard": 6, "host_will_do": 4, "notes": 6}.items()
        }


class CallOffForm(forms.Form):
    """Why a meeting does not take place."""

    use_required_attribute = False
    reason = PlainText(
        label=gettext_lazy("Why"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "In a sentence. Everybody who knows of the date reads it in a letter."
        ),
        error_messages={"required": gettext_lazy("Say in a sentence why.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"data-guard": "", "novalidate": ""}
        self.helper.add_input(Submit("save", _("Call it off"), css_class="btn-danger"))


class ThanksForm(forms.Form):
    """The thank-you to the helpers, and whether it was useful."""

    use_required_attribute = False
    thanks = PlainText(
        label=gettext_lazy("Your thank-you note"),
        max_length=3000,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("It goes to everybody of the cities that helped, as a letter."),
        error_messages={"required": gettext_lazy("Write a few words of thanks.")},
    )
    was_useful = forms.TypedChoiceField(
        label=gettext_lazy("Was the meeting useful to you?"),
        choices=[("yes", gettext_lazy("Useful")), ("no", gettext_lazy("Not useful"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        help_text=gettext_lazy("The facilitator sees this. It is not part of the letter."),
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"data-guard": "", "novalidate": ""}
        self.helper.add_input(Submit("save", _("Send the thank-you")))
