"""The page of a workshop, as its coordinator writes it."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.dateformat import format as in_words
from django.utils.translation import gettext_lazy as _

from workshop_portal.accounts.models import User
from workshop_portal.fields import readable, sensible
from workshop_portal.fresh import FreshForm, plain
from workshop_portal.workshops.models import LearningObjective, Partner, Workshop

LONGEST_OBJECTIVE = LearningObjective._meta.get_field("text").max_length
LONGEST_NAME = Partner._meta.get_field("name").max_length
LONGEST_URL = Partner._meta.get_field("url").max_length
MOST_LINES = 60
NOT_PLAIN = _("Use small letters, digits and single hyphens only, such as jeju-2027.")
PLAIN_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Days(forms.CharField):
    """Dates such as 2027-09-21, in any order, with commas or on lines of their own."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> list[date]:
        text = super().to_python(value).replace("\r\n", "\n")
        readable(text)
        found = []
        for word in re.split(r"[,;\s]+", text):
            try:
                found += [date.fromisoformat(word)] if word else []
            except ValueError as problem:
                raise ValidationError(
                    _("“%s” is not a date. Write year, month and day, such as 2027-09-21.")
                    % word[:40]
                ) from problem
        for day in found:
            sensible(day)
        if len(found) > MOST_LINES:
            raise ValidationError(_("A workshop has at most %s training days.") % MOST_LINES)
        return sorted(set(found))

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else "\n".join(str(day) for day in value or [])


class Lines(forms.CharField):
    """Text with one thing on each line; empty lines do not count."""

    widget = forms.Textarea

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest

    def to_python(self, value: Any) -> list[str]:
        text = super().to_python(value).replace("\r\n", "\n")
        readable(text)
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(_("There are more than %s lines.") % MOST_LINES)
        for line in lines:
            if len(line) > self.longest:
                raise ValidationError(
                    _("This line has more than %(most)s characters: “%(line)s…”")
                    % {"most": self.longest, "line": line[:60]}
                )
        return lines

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else "\n".join(value or [])


class Organisations(Lines):
    """One organisation a line: its name, and after a | its address on the web."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=400, **kwargs)

    def to_python(self, value: Any) -> list[tuple[str, str]]:
        return [self._read(line) for line in super().to_python(value)]

    def _read(self, line: str) -> tuple[str, str]:
        name, _bar, url = (part.strip() for part in line.partition("|"))
        if not name or len(name) > LONGEST_NAME:
            raise ValidationError(
                _("Write a name of at most %s characters before the address.") % LONGEST_NAME
            )
        if url:
            try:
                URLValidator(["http", "https"])(url)
            except ValidationError as problem:
                raise ValidationError(
                    _("“%s” is not an address on the web; it begins with https://.") % url[:60]
                ) from problem
        if len(url) > LONGEST_URL:
            raise ValidationError(_("This address is longer than %s characters.") % LONGEST_URL)
        return name, url

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return value
        return "\n".join(" | ".join(part for part in pair if part) for pair in value or [])


class WorkshopForm(FreshForm):
    days = Days(
        label=_("Training days"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("One date a line, such as 2027-09-21. They need not follow one another."),
    )
    objectives = Lines(
        longest=LONGEST_OBJECTIVE,
        label=_("Learning objectives"),
        required=False,
        help_text=_("One a line: “By the end, participants are able to …”"),
    )
    organisers = Organisations(
        label=_("Organisers"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One a line; after a | the address: IOM | https://www.iom.int"),
    )
    partners = Organisations(
        label=_("Partners"), required=False, widget=forms.Textarea({"rows": 3})
    )

    class Meta:
        model = Workshop
        fields = [
            "title",
            "theme",
            "summary",
            "mode",
            "venue",
            "city",
            "country",
            "zone",
            "audience",
            "requirements",
            "travel_terms",
            "background",
            "event_objectives",
            "methodology",
            "outcome",
            "contact_email",
        ]
        formfield_callback = plain
        widgets = {"summary": forms.Textarea({"rows": 3})}
        help_texts = {
            "summary": _("Two sentences that stand under the title and in the list."),
            "background": _("Markdown: ## for a heading, - for a point."),
            "zone": _("The clock on which the days and the deadline are read, such as Asia/Seoul."),
            "outcome": _("For past workshops: who came, what was done, what followed."),
        }

    def __init__(
        self, *args: Any, zone_stands: bool, busy_days: Collection[date] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.busy_days = busy_days
        if zone_stands:
            self.fields["zone"].disabled = True
            self.fields["zone"].help_text = _(
                "It stays, because the deadline or the sessions stand on this clock."
            )
        place = ("mode", "venue", "city", "country", "zone", "days")
        people = ("audience", "requirements", "travel_terms", "contact_email")
        content = ("background", "event_objectives", "objectives", "methodology", "outcome")
        self.helper.layout = Layout(
            "seen",
            Fieldset(_("The workshop"), "title", "theme", "summary"),
            Fieldset(_("Where and when"), *place),
            Fieldset(_("For the participants"), *people),
            Fieldset(_("Content"), *content),
            Fieldset(_("Who holds it"), "organisers", "partners"),
        )

    def clean_days(self) -> list[date]:
        days = self.cleaned_data["days"]
        lost = sorted(set(self.busy_days) - set(days))
        if lost:
            words = in_words(lost[0], "j F Y")
            raise ValidationError(
                _("There are sessions on %s. Move or delete them before you take the day out.")
                % words
            )
        return days


class NewWorkshopForm(FreshForm):
    save_words = _("Create the workshop")
    coordinator = forms.EmailField(
        label=_("Coordinator's e-mail address"),
        required=False,
        help_text=_("The person needs an account. Leave it empty to run the workshop yourself."),
    )

    class Meta:
        model = Workshop
        fields = ["title", "slug", "mode", "zone"]
        formfield_callback = plain
        labels = {"slug": _("Web address")}
        error_messages = {
            "slug": {"invalid": NOT_PLAIN},
        }
        help_texts = {
            "slug": _("The end of its web address, such as jeju-2027."),
            "zone": _("Such as Asia/Seoul."),
        }

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if not PLAIN_SLUG.fullmatch(slug):
            raise ValidationError(NOT_PLAIN)
        if slug in {"feed"} or Workshop.objects.filter(slug=slug).exists():
            raise ValidationError(_("This address is taken. Choose another one."))
        return slug

    def clean_coordinator(self) -> User | None:
        email = self.cleaned_data["coordinator"]
        if not email:
            return None
        person = User.objects.filter(email__iexact=email, is_active=True).first()
        if person is None:
            raise ValidationError(_("There is no account with this address."))
        return person
