"""Peer assists as people see them: when for whom, the agenda, what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cityshare.models import Cycle, Need, PeerAssist, Proposal, Team
from cityshare.queries.hints import Hint, hints
from workshop_portal.ics import Appointment, calendar
from workshop_portal.places import zone_city

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User

# What is done in the 90 minutes; a longer meeting gives the rest to the experiences.
AGENDA: tuple[tuple[str | Promise, int], ...] = (
    (gettext_lazy("The host describes the context and asks its question"), 10),
    (gettext_lazy("The helpers ask questions until they understand"), 20),
    (gettext_lazy("The helpers tell of their experience and name options"), 35),
    (gettext_lazy("The host says back what it has heard and what it will do"), 15),
    (gettext_lazy("Next steps"), 10),
)
EXPERIENCES = 2
LEAST = sum(minutes for _words, minutes in AGENDA)


@dataclass(frozen=True, slots=True)
class Item:
    """A part of the meeting; `clock` is when it begins on the clock that the meeting is set by,
    "" while there is no date."""

    words: str | Promise
    minutes: int
    clock: str


def agenda(assist: PeerAssist) -> list[Item]:
    """The parts of the meeting with their minutes."""
    items, at = [], assist.starts_at
    there = ZoneInfo(assist.zone) if assist.zone else UTC
    for place, (words, least) in enumerate(AGENDA):
        minutes = least + (max(0, assist.minutes - LEAST) if place == EXPERIENCES else 0)
        items.append(Item(words, minutes, f"{at.astimezone(there):%H:%M}" if at else ""))
        at = at + timedelta(minutes=minutes) if at else None
    return items


@dataclass(frozen=True, slots=True)
class Side:
    """A city of the meeting, with the clock on its wall; `zone` is "" where nobody said it."""

    team: Team
    is_host: bool
    zone: str


def sides(assist: PeerAssist) -> list[Side]:
    """The host first, then the helpers by country and name; in one query."""
    teams = [assist.host, *assist.helpers.by_country()]
    return [Side(team, team.pk == assist.host_id, team.zone) for team in teams]


def assists_of(cycle: Cycle, user: User) -> list[PeerAssist]:
    """The peer assists of a cycle that a person may see, those to come first; in two queries."""
    rows = PeerAssist.objects.visible_to(user).filter(host__cycle=cycle)
    named = rows.select_related("host__city", "practice", "facilitator")
    return list(named.prefetch_related("helpers__city").order_by("starts_at", "pk"))


def plannable(cycle: Cycle, user: User) -> list[Proposal]:
    """Accepted proposals of which no meeting has been planned yet, that this person may see."""
    standing = PeerAssist.objects.exclude(status=PeerAssist.Status.CALLED_OFF)
    rows = Proposal.objects.visible_to(user).filter(
        learner__cycle=cycle, status=Proposal.Status.ACCEPTED
    )
    free = rows.exclude(assists__in=standing).select_related(
        "helper__city", "learner__city", "practice"
    )
    return list(free.order_by("learner__city__name", "practice__order", "helper__city__name"))


def beside(proposal: Proposal) -> list[Proposal]:
    """Other accepted proposals of the same host and practice that could join the meeting."""
    standing = PeerAssist.objects.exclude(status=PeerAssist.Status.CALLED_OFF)
    rows = Proposal.objects.filter(
        learner=proposal.learner_id,
        practice=proposal.practice_id,
        status=Proposal.Status.ACCEPTED,
    ).exclude(pk=proposal.pk)
    free = rows.exclude(assists__in=standing)
    return list(free.select_related("helper__city").order_by("helper__city__name"))


def noticed(assist: PeerAssist) -> list[Hint]:
    """Sentences of the notes by which somebody could be recognised."""
    words = {
        _("Options heard"): assist.options_heard,
        _("What the host will do"): assist.host_will_do,
        _("Other notes"): assist.notes,
    }
    return [hint for where, said in words.items() for hint in hints(said, where=where)]


# --- For calendars ---------------------------------------------------------------------


def file_of(assist: PeerAssist, teams: Sequence[Side]) -> bytes:
    """The meeting as a calendar file. Its uid stays, its sequence grows with every change."""
    if assist.starts_at is None:
        raise ValueError("A meeting without a date is in no calendar.")
    names = ", ".join(side.team.city.name for side in teams)
    appointment = Appointment(
        uid=f"assist-{assist.pk}@workshop-portal",
        title=_("Peer assist: %(practice)s (%(cities)s)")
        % {"practice": assist.practice, "cities": names},
        starts=assist.starts_at,
        ends=assist.starts_at + timedelta(minutes=assist.minutes),
        changed=timezone.now(),
        place=assist.link,
        text="\n".join([assist.question, "", *lines(assist)]).strip(),
        url=settings.PUBLIC_BASE_URL + assist.get_absolute_url(),
        sequence=assist.sequence,
    )
    return calendar(assist.host.cycle.name, [appointment])


def lines(assist: PeerAssist) -> list[str]:
    """The agenda as plain lines."""
    return [
        _("%(minutes)s minutes: %(words)s") % {"minutes": item.minutes, "words": item.words}
        for item in agenda(assist)
    ]


def file_name(assist: PeerAssist) -> str:
    return f"peer-assist-{slugify(assist.practice.code)}.ics"


def clock_words(zone: str) -> str:
    """The city that a clock is named after."""
    return zone_city(zone) if zone and zone != "UTC" else zone


def has_begun(assist: PeerAssist) -> bool:
    """Whether the meeting may have taken place."""
    return assist.starts_at is not None and assist.starts_at <= timezone.now()


def zones(cycle: Cycle, teams: Sequence[Team], *, stored: str = "") -> list[tuple[str, str]]:
    """The clocks that a meeting of these cities may be set by: theirs, the workshop's, UTC, and
    the one that it is set by already."""
    keys = dict.fromkeys([*(team.zone for team in teams), cycle.workshop.zone, "UTC", stored])
    return [(key, "UTC" if key == "UTC" else f"{clock_words(key)} ({key})") for key in keys if key]


def choices(
    cycle: Cycle, teams: Sequence[Team], leads: Sequence[User], *, assist: PeerAssist | None = None
) -> dict[str, Any]:
    """What the form of the plan offers to choose from, with what stands in the plan already."""
    if assist is None:
        return {"zones": zones(cycle, teams), "leads": leads}
    chosen = [assist.facilitator] if assist.facilitator else []
    return {"zones": zones(cycle, teams, stored=assist.zone), "leads": [*leads, *chosen]}


def first_plan(proposal: Proposal) -> dict[str, Any]:
    """What a new plan begins with: the host's own clock, and what it wants to find out."""
    need = Need.objects.filter(team=proposal.learner, practice=proposal.practice).first()
    zone = proposal.learner.zone or proposal.learner.cycle.workshop.zone
    return {"zone": zone, "question": need.question if need else ""}
