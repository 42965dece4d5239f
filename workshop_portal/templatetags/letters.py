"""What letters and papers need to write plain text: moments, links, and names that stay names."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from workshop_portal.templatetags.portal import as_zone, read_clock

register = template.Library()

# Where mail programs see an address in plain words: around a dot, colon, slash or @ sign that
# has a sign on both sides.
SEAM = re.compile(r"(?<=\S)([.:/@])(?=\S)")
GAP = "\u200b"


@register.filter
def moment_text(at: datetime | str | None, zone: Any = None) -> str:
    """A moment in words with its zone: "12 September 2027, 23:59 Seoul time (UTC+9)".

    `at` is an aware moment, or one in ISO 8601 as the facts of a paper keep it.
    """
    if not at:
        return ""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return read_clock(moment, as_zone(zone) or ZoneInfo(settings.TIME_ZONE)).words


@register.simple_tag
def clocks(at: datetime | str | None, zone: Any, own: Any = None) -> str:
    """A moment on the workshop's clock and, where it reads another time, on the reader's own.

    "12 September 2027, 23:59 Seoul time (UTC+9), which is 12 September 2027, 21:59 Phnom Penh
    time (UTC+7)"
    """
    here, there = moment_text(at, zone), moment_text(at, own) if as_zone(own) else ""
    if not at or not there or same_clock(at, zone, own):
        return here
    return gettext("%(here)s, which is %(there)s") % {"here": here, "there": there}


def same_clock(at: datetime | str, zone: Any, own: Any) -> bool:
    """Whether both clocks show the same time at that moment."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    first, second = as_zone(zone) or ZoneInfo(settings.TIME_ZONE), as_zone(own)
    return moment.astimezone(first).utcoffset() == moment.astimezone(second).utcoffset()


@register.filter
def unlinked(words: object) -> str:
    """Words that a person typed, so written that no mail program makes a link of them."""
    return SEAM.sub(rf"\1{GAP}", " ".join(str(words).split()))


@register.simple_tag
def link(name: str, *args: Any, **kwargs: Any) -> str:
    """The whole address of a page, for use outside the portal."""
    return f"{settings.PUBLIC_BASE_URL}{reverse(name, args=args, kwargs=kwargs)}"


@register.filter
def without_footer(body: str) -> str:
    """The letter as far as its own words go: what the footer says, the portal shows anyway."""
    return body.partition("\n-- \n")[0]


@register.filter
def letter_html(body: str) -> SafeString:
    """A letter as HTML in which only addresses of the portal itself are links."""
    own = re.compile(rf"({re.escape(settings.PUBLIC_BASE_URL)}/[^\s<>\"']*)")
    parts = [
        format_html('<a href="{}">{}</a>', part, part) if place % 2 else conditional_escape(part)
        for place, part in enumerate(own.split(body))
    ]
    return SafeString(linebreaks("".join(parts)))
