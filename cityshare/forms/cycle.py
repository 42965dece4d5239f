"""The rules and the deadlines of a cycle, as those who lead it set them."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cityshare.actions.cycle import STANDS_FROM
from cityshare.models import Cycle, Framework
from cityshare.queries.pairs import RULES as DRAWN_BY
from cityshare.queries.pairs import is_released
from cityshare.queries.stages import LASTING
from workshop_portal.accounts.models import User
from workshop_portal.deadlines import last_second
from workshop_portal.fields import MIDNIGHT, SKIPPED, Day
from workshop_portal.fresh import FreshForm, plain
from workshop_portal.workshops.models import Workshop

Stage = Cycle.Stage
# What a deadline is meant to be when only its day is given.
END_OF_DAY = time(23, 59)
RULES = ["raters_per_city", "bars_own_country", "bars_mutual_rating", "rule"]
# So many raters of a city, or assists, at most.
MOST = 9
HELP = ["helper_capacity", "learner_capacity"]


class DayAndTime(forms.MultiWidget):
    """A day and a time side by side, as the browser's own fields."""

    use_fieldset = True

    def __init__(self) -> None:
        day = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        super().__init__([day, forms.TimeInput({"type": "time"}, format="%H:%M")])

    def decompress(self, value: datetime | None) -> list[Any]:
        return [value.date(), value.time()] if value else [None, None]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, words in zip(context["widget"]["subwidgets"], WORDS, strict=True):
            part["attrs"]["aria-label"] = words
        return context


WORDS = (_("Day"), _("Time"))


class Due(forms.MultiValueField):
    """The last minute of a stage on the workshop's clock, without its zone; a day is enough."""

    widget = DayAndTime

    def __init__(self, **kwargs: Any) -> None:
        fields = [Day(required=False), forms.TimeField(required=False)]
        super().__init__(fields, require_all_fields=False, required=False, **kwargs)

    def compress(self, values: list[Any]) -> datetime | None:
        day, at = values or [None, None]
        if at is not None and day is None:
            raise forms.ValidationError(_("Choose the day, too."), code="day")
        if at == time(0, 0):
            raise forms.ValidationError(MIDNIGHT, code="midnight")
        return datetime.combine(day, at or END_OF_DAY) if day else None


class CycleForm(FreshForm):
    """What can still be changed in the stage that the cycle is in, and the deadlines to come."""

    raters_per_city = forms.IntegerField(
        label=_("Raters for each city"),
        min_value=1,
        max_value=MOST,
        initial=3,
        help_text=_("With three, one rater alone cannot move the median."),
    )
    helper_capacity = forms.IntegerField(
        label=_("Assists given by a city"),
        min_value=1,
        max_value=MOST,
        initial=2,
        help_text=_("How often one city helps at most."),
    )
    learner_capacity = forms.IntegerField(
        label=_("Assists received by a city"),
        min_value=1,
        max_value=MOST,
        initial=2,
        help_text=_("How often one city is helped at most."),
    )

    class Meta:
        model = Cycle
        fields = ["name", "framework", "previous", *RULES, *HELP]
        formfield_callback = plain
        help_texts = {
            "framework": _("Only frozen versions: no word changes while cities rate by it."),
            "previous": _("The cycle that this one is compared with, when cities rate again."),
            "bars_mutual_rating": _("In a small group this may leave no way to assign raters."),
            "rule": _("What the other cities see as the level of a practice."),
        }

    def __init__(
        self, *args: Any, workshop: Workshop, cycle: Cycle | None, by: User, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.workshop, self.cycle = workshop, cycle
        self.now = timezone.now()
        self.is_drawn = cycle is not None and is_released(cycle)
        stands = {name for name, stage in STANDS_FROM.items() if cycle and cycle.has_reached(stage)}
        for name in stands | ({*DRAWN_BY} if self.is_drawn else set()):
            del self.fields[name]
        self._ask_for_rows(by)
        for stage in self.stages:
            self.fields[f"due_{stage}"] = Due(label=Stage(stage).label)
        self.helper.layout = Layout("seen", *self._parts())

    @property
    def stages(self) -> list[str]:
        """The stages that are not over, which have a deadline or may get one."""
        order = Stage.values
        reached = order.index(self.cycle.status) if self.cycle else 0
        return LASTING[max(reached, 1) :]

    def _ask_for_rows(self, by: User) -> None:
        if framework := self.fields.get("framework"):
            framework.queryset = Framework.objects.frozen().order_by("name", "-frozen_at")
            framework.empty_label = _("Choose a framework")
        if previous := self.fields.get("previous"):
            previous.queryset = self._earlier(by)
            previous.empty_label = _("None: this is the first")

    def _earlier(self, by: User) -> QuerySet[Cycle]:
        led = Cycle.objects.led_by(by)
        return led.exclude(pk=self.cycle.pk) if self.cycle else led

    def _parts(self) -> list[Fieldset]:
        groups = [
            (_("The cycle"), [], ["name", "framework", "previous"]),
            (_("Peer rating"), self._drawn_by(), RULES),
            (_("Peer assists"), [], HELP),
        ]
        shown = [
            (title, said, [name for name in names if name in self.fields])
            for title, said, names in groups
        ]
        clock = format_html(
            "<p>{}</p>",
            gettext(
                "On the clock of the workshop, %(zone)s. Without a time the last minute of the day "
                "is meant, 23:59. A deadline tells and reminds; the stage ends when you move the "
                "cycle on."
            )
            % {"zone": self.workshop.zone},
        )
        dues = [f"due_{stage}" for stage in self.stages]
        return [
            *(Fieldset(title, *said, *names) for title, said, names in shown if names),
            Fieldset(_("Until when each stage lasts"), HTML(clock), *dues),
        ]

    def _drawn_by(self) -> list[HTML]:
        """The rules of a draw that the raters know, in the place of their fields."""
        if not (self.cycle and self.is_drawn):
            return []
        number = self.cycle.raters_per_city
        said = [
            ngettext("%(n)d rater for each city", "%(n)d raters for each city", number)
            % {"n": number},
            gettext("No city of the own country")
            if self.cycle.bars_own_country
            else gettext("Also cities of the own country"),
            gettext("No two cities rate each other")
            if self.cycle.bars_mutual_rating
            else gettext("Rating each other is avoided"),
        ]
        why = gettext("The raters know already whom they rate, so the rules of the draw stand:")
        lines = format_html_join("", "<li>{}</li>", ((words,) for words in said))
        return [HTML(format_html("<p>{}</p><ul>{}</ul>", why, lines))]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        others = self.workshop.cycles.filter(name__iexact=name)
        if {*others.values_list("pk", flat=True)} - {self.cycle.pk if self.cycle else None}:
            raise forms.ValidationError(_("This workshop has a cycle of that name already."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.dues: dict[str, datetime | None] = {}
        for stage in self.stages:
            wall = cleaned.pop(f"due_{stage}", None)
            self.dues[stage] = self._instant(stage, wall) if wall else None
        self._check_order()
        return cleaned

    def _instant(self, stage: str, wall: datetime) -> datetime | None:
        try:
            due = last_second(wall, self.workshop.zone)
        except ValueError:
            self.add_error(f"due_{stage}", SKIPPED % {"zone": self.workshop.zone})
            return None
        if due <= self.now and wall != (self.known or {}).get(f"due_{stage}"):
            self.add_error(f"due_{stage}", _("This moment is over."))
        return due

    def _check_order(self) -> None:
        """A stage ends after the one before it; each slip is told once, at the later stage."""
        last: tuple[str, datetime] | None = None
        for stage, due in self.dues.items():
            if due is None:
                continue
            if last and due <= last[1]:
                words = _("This has to be later than the end of “%(stage)s”.")
                self.add_error(f"due_{stage}", words % {"stage": Stage(last[0]).label})
            last = (stage, due)

    @property
    def facts(self) -> dict[str, Any]:
        """What an action is given: the columns, and the deadlines of the stages to come."""
        return {**super().facts, "dues": self.dues}


def known_of(cycle: Cycle) -> dict[str, Any]:
    """A cycle as its form shows it, deadlines on the workshop's clock and without seconds."""
    zone = ZoneInfo(cycle.workshop.zone)
    found = {name: getattr(cycle, name) for name in CycleForm.Meta.fields}
    for deadline in cycle.deadlines.all():
        wall = deadline.due_at.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
        found[f"due_{deadline.stage}"] = wall
    return found


class MoveOnForm(forms.Form):
    """One press; where something is missing, a tick says that it is known."""

    use_required_attribute = False
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    in_spite = forms.BooleanField(
        label=_("I know what is missing, and the cycle moves on all the same."),
        error_messages={"required": _("Tick this if the cycle is to move on all the same.")},
    )

    def __init__(self, *args: Any, has_lacks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_lacks:
            del self.fields["in_spite"]
