"""What every page of a cycle shows around its own content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cityshare.models import Cycle
from cityshare.queries.cycle import Seat, seat_of

register = template.Library()
Stage = Cycle.Stage

# For whom a way is: everybody in the cycle, a city's team, those who lead.
ALL, TEAM, LEAD = "all", "team", "lead"


@dataclass(frozen=True)
class Way:
    """A link to a page of the cycle: from which stage on, and for whom."""

    name: str
    word: str | Promise
    since: str = Stage.SETUP
    whom: str = ALL
    whose: str = "cycle"


WAYS = [
    Way("cycle", _("Where we are")),
    Way("framework", _("Framework"), whose="framework"),
    Way("team-list", _("Cities")),
    Way("assess", _("Self-assessment"), Stage.SELF, TEAM),
    Way("assess-list", _("Self-assessments"), Stage.SELF, LEAD),
    Way("conflicts", _("Conflicts of interest"), Stage.SELF),
    Way("draw", _("Who rates whom"), whom=LEAD),
    Way("calibrate", _("Invented cities"), Stage.RATING, TEAM),
    Way("rating", _("Cities I rate"), Stage.RATING, TEAM),
    Way("results", _("Our results"), Stage.MODERATION, TEAM, "team"),
    Way("moderation", _("Moderation"), Stage.MODERATION),
    Way("feedback", _("How I rate"), Stage.MODERATION, TEAM),
    Way("agreement", _("Agreement"), Stage.MODERATION, LEAD),
    Way("river", pgettext_lazy("diagram", "River"), Stage.COMPARE),
    Way("stairs", pgettext_lazy("diagram", "Stairs"), Stage.COMPARE),
    Way("market", _("Offers and needs"), Stage.MARKET),
    Way("matching", _("Who helps whom"), Stage.MARKET, LEAD),
    Way("assist-list", _("Peer assists"), Stage.MARKET),
    Way("library", _("Library of good practices"), Stage.ASSIST, whose=""),
    Way("cohort", _("The whole cycle"), whom=LEAD),
]


@register.inclusion_tag("cityshare/_nav.html", takes_context=True)
def cycle_nav(context: dict[str, Any]) -> dict[str, Any]:
    """The ways between the pages of the cycle that the page is about, for the person who reads."""
    cycle = context["cycle"]
    seat = context.get("seat") or seat_of(context["user"], cycle)
    path = context["request"].path
    shown = [(way, address(way, cycle, seat)) for way in WAYS if is_open(way, cycle, seat)]
    home = cycle.get_absolute_url()
    here = max((url for _way, url in shown if url and path.startswith(url)), key=len, default=home)
    return {"ways": [(way.word, url, url == here) for way, url in shown if url]}


def is_open(way: Way, cycle: Cycle, seat: Seat) -> bool:
    """Whether this person finds the page of this way open now."""
    known = {ALL: True, TEAM: seat.team is not None, LEAD: seat.leads}
    return known[way.whom] and cycle.has_reached(way.since)


def address(way: Way, cycle: Cycle, seat: Seat) -> str:
    """Where a way leads."""
    given = {
        "": [],
        "cycle": [cycle.pk],
        "framework": [cycle.framework_id],
        "team": [cycle.pk, seat.team.pk if seat.team else None],
    }
    return reverse(f"cityshare:{way.name}", args=given[way.whose])
