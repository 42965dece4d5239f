"""The words and marks that every page shares: moments, states, sizes, written text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import nh3
from django import template
from django.apps import apps
from django.conf import settings
from django.forms import BaseForm, BaseFormSet, BoundField
from django.template.context import Context
from django.utils.dateformat import format as date_words
from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext
from markdown_it import MarkdownIt

from workshop_portal.files import size_words
from workshop_portal.places import zone_city

register = template.Library()

# A tone is a colour, a shape and a weight together; the word beside it always says the same.
TONES = {
    "accepted": "good",
    "active": "good",
    "arriving": "wait",
    "bounced": "bad",
    "cancelled": "idle",
    "checking": "wait",
    "claimed": "wait",
    "closed": "idle",
    "complete": "good",
    "current": "info",
    "done": "good",
    "draft": "open",
    "expired": "warn",
    "failed": "bad",
    "held": "warn",
    "incomplete": "warn",
    "missing": "open",
    "new": "info",
    "open": "info",
    "optional": "idle",
    "past": "idle",
    "pending": "wait",
    "published": "good",
    "queued": "wait",
    "ready": "good",
    "received": "info",
    "rejected": "idle",
    "refused": "warn",
    "released": "good",
    "replaced": "idle",
    "returned": "warn",
    "sent": "good",
    "stale": "warn",
    "submitted": "info",
    "taken": "good",
    "unknown": "warn",
    "upcoming": "open",
    "waiting": "wait",
    "waitlisted": "wait",
    "withdrawn": "idle",
}

OUR_APPS = {"workshop_portal", "applications", "cityshare", "curriculum"}
# Questions that are no column of a table, or of tables that do not agree, by the last part of
# their names.
ASKED = {
    "birth_date_day": gettext_lazy("Date of birth, day"),
    "birth_date_month": gettext_lazy("Date of birth, month"),
    "birth_date_year": gettext_lazy("Date of birth, year"),
    "body": gettext_lazy("Text of the letter"),
    "closes_day": gettext_lazy("Deadline, day"),
    "closes_time": gettext_lazy("Deadline, time"),
    "country": gettext_lazy("Country"),
    "day": gettext_lazy("Day"),
    "days": gettext_lazy("Training days"),
    "ends": gettext_lazy("Ends"),
    "hour": gettext_lazy("Time on that day"),
    "name": gettext_lazy("Name"),
    "message": gettext_lazy("Words for the applicant"),
    "note": gettext_lazy("Note"),
    "objectives": gettext_lazy("Learning objectives"),
    "organisation": gettext_lazy("Organisation"),
    "outcome": gettext_lazy("Outcome"),
    "opens_day": gettext_lazy("Opening, day"),
    "opens_time": gettext_lazy("Opening, time"),
    "organisers": gettext_lazy("Organisers"),
    "partners": gettext_lazy("Partners"),
    "person": gettext_lazy("Person"),
    "role": gettext_lazy("Role"),
    "speakers": gettext_lazy("Speakers"),
    "starts": gettext_lazy("Begins"),
    "statement": gettext_lazy("Your statement"),
    "subject": gettext_lazy("Subject"),
}

_WRITTEN = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
_TAGS = {
    *("p", "br", "hr", "em", "strong", "code", "pre", "blockquote", "a", "ul", "ol", "li"),
    *("h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"scope"}}


def tone_of(status: object) -> str:
    """The tone of a status value; a value nobody listed is neutral, never an error."""
    return TONES.get(str(getattr(status, "value", status)).lower(), "idle")


@register.inclusion_tag("ui/_chip.html")
def status_chip(status: Any, word: str = "", tone: str = "") -> dict[str, str]:
    """A state by shape and word: a value with its word, or a thing that has a status."""
    if hasattr(status, "get_status_display"):
        status, word = status.status, word or status.get_status_display()
    return {
        "tone": tone or tone_of(status),
        "word": word or str(getattr(status, "label", status)),
    }


@register.filter
def tone(status: object) -> str:
    """For fragments that colour more than a chip."""
    return tone_of(status)


@dataclass(frozen=True)
class Reading:
    """One clock's reading of a moment: `words` for people, `iso` for machines."""

    words: str
    iso: str


def read_clock(at: datetime, zone: ZoneInfo, shape: str = "full") -> Reading:
    """Read an aware moment in a zone; a naive one raises ValueError, for it means nothing."""
    if at.tzinfo is None:
        raise ValueError("A moment without a zone cannot be shown.")
    local = at.astimezone(zone)
    pattern = {
        "full": pgettext("date format", "j F Y, H:i"),
        "short": pgettext("date format", "j M Y, H:i"),
        "exact": pgettext("date format", "j F Y, H:i:s"),
        "date": pgettext("date format", "j F Y"),
        "time": pgettext("date format", "H:i"),
    }[shape]
    words = date_words(local, pattern)
    if shape != "date":
        words = f"{words} {zone_words(local, zone)}"
    return Reading(words, local.isoformat(timespec="seconds"))


def zone_words(local: datetime, zone: ZoneInfo) -> str:
    """The zone as its city and its distance from UTC on that day: "Seoul time (UTC+9)"."""
    minutes = int((local.utcoffset() or timedelta()).total_seconds()) // 60
    if minutes == 0 and zone.key in {"UTC", "Etc/UTC", "GMT"}:
        return "UTC"
    sign, (hours, rest) = ("+" if minutes >= 0 else "\u2212"), divmod(abs(minutes), 60)
    distance = f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")
    facts = {"city": zone_city(zone.key), "distance": distance}
    return gettext("%(city)s time (%(distance)s)") % facts


def as_zone(zone: ZoneInfo | str | None) -> ZoneInfo | None:
    """A zone by object or by name; an unknown name counts as not known."""
    if not zone or isinstance(zone, ZoneInfo):
        return zone or None
    try:
        return ZoneInfo(str(zone))
    except (KeyError, ValueError, OSError):
        return None


def request_of(context: Context) -> Any:
    """The request, also inside a fragment that was included with `only`."""
    return getattr(context, "request", None) or context.get("request")


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime | None, zone: Any = None, shape: str = "full") -> str:
    """A moment on the workshop's clock and, where it differs, on the reader's.

    shape: full, short, exact (to the second), date or time. Nothing is shown for no moment.
    """
    if at is None:
        return ""
    here = as_zone(zone) or ZoneInfo(settings.TIME_ZONE)
    yours = as_zone(getattr(request_of(context), "zone", None))
    differs = yours and at.astimezone(yours).utcoffset() != at.astimezone(here).utcoffset()
    other = read_clock(at, yours, shape).words if yours and differs else ""
    first = read_clock(at, here, shape)
    return format_html(
        '<span class="moment"><time datetime="{}" data-moment="{}"{}>{}</time>{}</span>',
        first.iso,
        shape,
        SafeString(" data-known") if yours else "",
        first.words,
        format_html(
            ' <span class="moment-own">{}</span>',
            gettext("your time: %(words)s") % {"words": other},
        )
        if other
        else "",
    )


@register.filter
def day_words(day: date | None) -> str:
    """A day in words, without a clock: "12 September 2027"."""
    return date_words(day, pgettext("date format", "j F Y")) if day else ""


@register.filter
def time_left(left: timedelta) -> str:
    """How long is left, in the one unit that matters: days, then hours, then minutes."""
    seconds = int(left.total_seconds())
    if seconds <= 0:
        return gettext("The time is over")
    if seconds >= 2 * 86400:
        days = seconds // 86400
        return ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}
    if seconds >= 2 * 3600:
        hours = seconds // 3600
        return ngettext("%(n)s hour left", "%(n)s hours left", hours) % {"n": hours}
    minutes = max(1, seconds // 60)
    return ngettext("%(n)s minute left", "%(n)s minutes left", minutes) % {"n": minutes}


@register.filter
def left_tone(left: timedelta) -> str:
    """Calm above a week, a warning below it, serious on the last day."""
    if left <= timedelta():
        return "idle"
    if left < timedelta(days=1):
        return "bad"
    return "warn" if left < timedelta(days=7) else "info"


@register.filter
def field_words(name: str) -> str:
    """The name of a form's field as a person may read it, where no form is at hand.

    What our forms ask for, else what our tables call their columns; a field that neither knows
    keeps its own name.
    """
    plain = name.rsplit("-", maxsplit=1)[-1]
    words = ASKED.get(plain) or _column_words().get(plain) or plain.replace("_", " ")
    return capfirst(str(words))


@cache
def _column_words() -> dict[str, Promise]:
    """What the columns are called, by their names; those that nobody has named are left out."""
    ours = (m for m in apps.get_models() if m.__module__.split(".")[0] in OUR_APPS)
    columns = [field for model in ours for field in model._meta.concrete_fields]
    return {
        field.name: field.verbose_name
        for field in columns
        if isinstance(field.verbose_name, Promise)
    }


@register.simple_tag
def cells(headings: Sequence[str], words: Sequence[str]) -> SafeString:
    """The cells of one row of a table; each says its heading where rows are cards.

    A table of many rows is written with this: a loop in the template costs four times as much.
    """
    if len(words) != len(headings):
        raise ValueError(f"{len(words)} words under {len(headings)} headings.")
    return format_html(_cells(tuple(headings)), *words)


@lru_cache
def _cells(headings: tuple[str, ...]) -> str:
    shown = [escape(heading).replace("{", "{{").replace("}", "}}") for heading in headings]
    return "".join(f'<td data-label="{heading}">{{}}</td>' for heading in shown)


@register.filter
def filesize_words(size: int | None) -> str:
    """A size as people say it, in the same units as the limits of uploads."""
    return "" if size is None else size_words(size)


@register.filter
def markdown(text: str | None) -> SafeString:
    """Written text as HTML that can carry no script, no picture and no foreign style."""
    clean = nh3.clean(
        _WRITTEN.render(text or ""),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return SafeString(clean)


@register.inclusion_tag("ui/_crumbs.html")
def crumbs(*parts: str) -> dict[str, Any]:
    """Where this page sits: word and address in turn, the last word alone is this page."""
    return {
        "above": list(zip(parts[0:-1:2], parts[1:-1:2], strict=True)),
        "here": parts[-1] if len(parts) % 2 else "",
    }


@register.inclusion_tag("ui/_key_facts.html")
def key_facts(*pairs: Any) -> dict[str, Any]:
    """Term and value in turn; a pair without a value is left out."""
    facts = [
        {"term": term, "value": value}
        for term, value in zip(pairs[::2], pairs[1::2], strict=True)
        if value not in (None, "")
    ]
    return {"facts": facts}


@dataclass(frozen=True)
class Fault:
    """One line of an error summary and the id of the field it leads to."""

    words: str
    target: str


def faults_of(forms: Sequence[BaseForm]) -> list[Fault]:
    """Everything a person can mend, in the order of the page; one line a sentence."""
    found: list[Fault] = []
    for form in forms:
        found += [Fault(words, "") for words in form.non_field_errors()]
        for field in form:
            target = first_control(field)
            found += [Fault(named(field, words), target) for words in field.errors]
    return found


def named(field: BoundField, words: str) -> str:
    """The sentence with the name of its field, for it stands far from the field.

    Where several fields of a form have one name, `about` on the field tells them apart. A statement
    to be ticked is a whole sentence already: what is to be done about it says enough.
    """
    if str(field.label).endswith("."):
        return words
    facts = {"label": field.label, "words": words}
    if about := getattr(field.field, "about", ""):
        facts["label"] = gettext("%(about)s: %(label)s") % {"about": about, "label": field.label}
    if str(facts["label"]).endswith(("?", "!", ":")):
        return gettext("%(label)s %(words)s") % facts
    return gettext("%(label)s: %(words)s") % facts


def first_control(field: BoundField) -> str:
    """The id that focus can go to: the field itself, or the first choice of a group."""
    if field.is_hidden:
        return ""
    return field.id_for_label or (f"{field.auto_id}_0" if field.auto_id else "")


@register.inclusion_tag("ui/_error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """What has to be mended, with a link to each field; nothing when all is well."""
    return {"faults": faults_of([form for form in forms if form])}


@register.inclusion_tag("ui/_error_summary.html")
def formset_error_summary(formset: BaseFormSet) -> dict[str, Any]:
    """What has to be mended in a set of forms as a whole; each form names its own."""
    return {"faults": [Fault(words, "") for words in formset.non_form_errors()]}
