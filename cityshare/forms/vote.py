"""A draft is put to the vote of cities, and each of them answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from crispy_forms.layout import HTML, Layout
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cityshare.forms.cycle import Due
from cityshare.interchange import Line
from cityshare.models import Cycle, Voice, Vote
from workshop_portal.deadlines import last_second
from workshop_portal.fields import SKIPPED, PlainText
from workshop_portal.fresh import FreshForm, plain

LONGEST_REMARK = 1000


class VoteForm(FreshForm):
    """Until when the cities are asked, and a few words to them; at first also those of which cycle.

    The moment is meant on the clock of the cycle's workshop.
    """

    until = Due(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy(
            "On the clock of the cycle's workshop. Without a time the last minute of the day is "
            "meant, 23:59."
        ),
    )

    class Meta:
        model = Vote
        fields = ["words"]
        formfield_callback = plain
        labels = {"words": gettext_lazy("A few words to the cities")}
        help_texts = {
            "words": gettext_lazy(
                "What has changed, and what you want them to look at. It stands in their letter."
            )
        }
        widgets = {"words": forms.Textarea({"rows": 4})}

    def __init__(
        self,
        *args: Any,
        cycles: QuerySet[Cycle] | None = None,
        cycle: Cycle | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cycle = cycle
        self.fields["until"].required = True
        self.fields["until"].error_messages["required"] = _("Choose the day.")
        asked = ["until", "words"]
        if cycles is not None:
            chosen = forms.ModelChoiceField(
                label=_("Whose cities are asked"),
                queryset=cycles,
                empty_label=_("Choose a cycle"),
                help_text=_("All cities of the cycle; who speaks for one answers for it."),
                error_messages={"required": _("Choose the cycle.")},
            )
            self.fields = {"cycle": chosen, **self.fields}
            asked = ["cycle", *asked]
        words = _("Send the letters") if cycles is not None else _("Save, and write to them again")
        self.helper.inputs[0].value = words
        self.helper.layout = Layout("seen", *asked)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cycle, wall = cleaned.get("cycle") or self.cycle, cleaned.get("until")
        if wall and cycle:
            cleaned["until"] = self._instant(wall, cycle.workshop.zone)
        return cleaned

    def _instant(self, wall: datetime, zone: str) -> datetime | None:
        try:
            until = last_second(wall, zone)
        except ValueError:
            self.add_error("until", SKIPPED % {"zone": zone})
            return None
        if until <= timezone.now():
            self.add_error("until", _("This moment is over."))
        return until

    @classmethod
    def known_of(cls, vote: Vote) -> dict[str, Any]:
        """What is stored, as the form shows it: on the workshop's clock, without seconds."""
        local = vote.until.astimezone(ZoneInfo(vote.cycle.workshop.zone))
        return {
            "words": vote.words,
            "until": local.replace(tzinfo=None, second=0, microsecond=0),
        }


class VoiceForm(FreshForm):
    """What a city says. `read` is the mark of the words that its focal point has read.

    Remarks on single practices are folded away until one is written.
    """

    save_words = gettext_lazy("Hand in the answer")
    read = forms.CharField(widget=forms.HiddenInput({"autocomplete": "off"}), required=False)
    answer = forms.ChoiceField(
        label=gettext_lazy("Does your city agree with this draft?"),
        choices=[
            (Voice.Answer.AGREES, gettext_lazy("Yes, as it is")),
            (Voice.Answer.REMARKS, gettext_lazy("Yes, with remarks")),
            (Voice.Answer.DISAGREES, gettext_lazy("No, not as it is")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the three.")},
    )

    class Meta:
        model = Voice
        fields = ["comment"]
        formfield_callback = plain
        labels = {"comment": gettext_lazy("What should be changed, or what you want to say")}
        help_texts = {
            "comment": gettext_lazy(
                "Needed unless you agree as it is. Those who lead the cycle read it; other cities "
                "do not."
            )
        }
        widgets = {"comment": forms.Textarea({"rows": 5})}

    def __init__(
        self, *args: Any, read: str, wording: str, practices: Sequence[Line], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.wording, self.codes = wording, [line.code for line in practices]
        self.initial["read"] = read
        self.fields["comment"].needed = True
        remarks = [self._ask_remark(line) for line in practices]
        is_open = " open" if any(self[name].value() for name in remarks) else ""
        folded = format_html(
            '<details class="more"{}><summary>{}</summary>',
            is_open,
            _("Remarks on single practices"),
        )
        parts = [HTML(folded), *remarks, HTML("</details>")] if remarks else []
        self.helper.layout = Layout("seen", "read", "answer", "comment", *parts)

    def _ask_remark(self, line: Line) -> str:
        """A field for a remark on one practice; its name."""
        name = f"remark_{line.code}"
        self.fields[name] = PlainText(
            label=f"{line.code} {line.name}",
            max_length=LONGEST_REMARK,
            required=False,
            widget=forms.Textarea({"rows": 2}),
        )
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("read") != self.wording:
            words = _(
                "The draft was changed after you read it, so nothing was kept. Read it again; what "
                "you typed is still here."
            )
            self.add_error(None, words)
            self.data = self.data.copy()
            self.data["read"] = self.wording
        is_plain = cleaned.get("answer") in {None, Voice.Answer.AGREES}
        said = cleaned.get("comment") or self._remarks(cleaned)
        if not is_plain and not said and "comment" not in self.errors:
            self.add_error("comment", _("Say what should be changed, here or at a practice."))
        return cleaned

    def _remarks(self, cleaned: dict[str, Any]) -> dict[str, str]:
        said = {code: cleaned.get(f"remark_{code}", "") for code in self.codes}
        return {code: words for code, words in said.items() if words}

    @property
    def facts(self) -> dict[str, Any]:
        """What an action is given: the answer, the comment, and the remarks by practice."""
        said = {name: self.cleaned_data[name] for name in ("answer", "comment", "read")}
        return {**said, "remarks": self._remarks(self.cleaned_data)}

    @classmethod
    def known_of(cls, voice: Voice) -> dict[str, Any]:
        """What the city has said before, as the form shows it."""
        remarks = {f"remark_{code}": words for code, words in voice.remarks.items()}
        return {"answer": voice.answer, "comment": voice.comment, **remarks}
