"""What is missing before a cycle moves on, stage by stage, and who is written to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cityshare.models import (
    Asset,
    Assignment,
    Cycle,
    Draw,
    Member,
    Moderation,
    PeerAssist,
    Proposal,
    SelfAssessment,
)
from cityshare.queries.cycle import dues_of
from cityshare.queries.market import answers
from cityshare.queries.pairs import is_released
from cityshare.queries.stages import MEANINGS
from workshop_portal.merging import mark

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import Promise

Stage = Cycle.Stage
FEWEST_CITIES = 2
# So many are named; of the others there is the number.
MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is not done: in words, where it is done, and whether nothing goes without."""

    words: str
    url: str = ""
    is_hard: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """The step to the next stage: what it opens, until when, what is missing, and who is told."""

    to: str
    opens: str | Promise
    due: datetime | None
    lacks: list[Lack]
    readers: list[Member]

    @property
    def name(self) -> str:
        return str(Stage(self.to).label)

    @property
    def is_barred(self) -> bool:
        """Whether something is missing without which the stage makes no sense."""
        return any(lack.is_hard for lack in self.lacks)

    @property
    def fingerprint(self) -> str:
        """Another one as soon as anything is different from what somebody has looked at."""
        said = {str(place): lack.words for place, lack in enumerate(self.lacks)}
        told = {str(reader.pk): reader.is_focal_point for reader in self.readers}
        return mark({"to": self.to, "due": self.due, **said, **told})


def passage_of(cycle: Cycle) -> Passage | None:
    """What moving the cycle on would mean now; None when it is closed."""
    to = cycle.following_stage
    if to is None:
        return None
    members = Member.objects.filter(team__cycle=cycle).select_related("user", "team__city")
    readers = members.order_by("team__city__country", "team__city__name", "-is_focal_point", "pk")
    due = dues_of(cycle).get(to)
    return Passage(to, MEANINGS[to], due, list(lacks_of(cycle)), list(readers))


def lacks_of(cycle: Cycle) -> Iterator[Lack]:
    """What the stage that the cycle is in still lacks."""
    for ask in ASKED.get(cycle.status, ()):
        yield from ask(cycle)
    to = cycle.following_stage
    if to and to != Stage.CLOSED and to not in dues_of(cycle):
        words = _("The stage that comes next, “%(stage)s”, has no deadline yet.")
        yield Lack(words % {"stage": Stage(to).label}, _url("cycle-edit", cycle))


def _url(name: str, cycle: Cycle) -> str:
    return reverse(f"cityshare:{name}", args=[cycle.pk])


def listed(names: list[str]) -> str:
    """Names in a row; of many the first, and how many more there are."""
    shown = ", ".join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return _("%(names)s and %(n)d more") % {"names": shown, "n": more} if more > 0 else shown


def _cities(cycle: Cycle) -> Iterator[Lack]:
    url = _url("team-list", cycle)
    speakers = Member.objects.filter(team=OuterRef("pk"), is_focal_point=True)
    teams = list(cycle.teams.by_country().annotate(is_spoken_for=Exists(speakers)))
    if len(teams) < FEWEST_CITIES:
        yield Lack(_("A cycle needs at least two cities."), url, is_hard=True)
    if silent := [team.city.name for team in teams if not team.is_spoken_for]:
        words = _("Nobody speaks for these cities yet: %s.") % listed(silent)
        yield Lack(words, url, is_hard=True)
    if FEWEST_CITIES <= len(teams) <= cycle.raters_per_city:
        words = _("%(k)d raters for each city need more than %(n)d cities.")
        facts = {"k": cycle.raters_per_city, "n": len(teams)}
        yield Lack(words % facts, _url("cycle-edit", cycle))
    if not cycle.framework.dossiers.exists():
        yield Lack(_("The framework has no invented city, so raters cannot calibrate."))


def _assessments(cycle: Cycle) -> Iterator[Lack]:
    handed_in = SelfAssessment.objects.filter(status=SelfAssessment.Status.SUBMITTED)
    late = cycle.teams.by_country().exclude(pk__in=handed_in.values("team"))
    if names := [team.city.name for team in late]:
        words = _("These cities have not submitted their self-assessment: %s.") % listed(names)
        yield Lack(words, _url("cohort", cycle))
    if not cycle.draws.filter(status=Draw.Status.READY).exists():
        yield Lack(_("Who rates whom has not been drawn yet."), _url("draw", cycle))


def _ratings(cycle: Cycle) -> Iterator[Lack]:
    asked = Assignment.objects.filter(rated__cycle=cycle, status__in=Assignment.RELEASED)
    if not asked.exists() and not is_released(cycle):
        yield Lack(
            _("It is not released yet who rates whom, so nobody has a city to rate."),
            _url("draw", cycle),
        )
    unlocked = asked.filter(status=Assignment.Status.ACTIVE).select_related("rater__city")
    begun = asked.filter(status=Assignment.Status.LOCKED).count()
    if names := sorted({pair.rater.city.name for pair in unlocked}):
        words = _("Ratings that are not locked do not count. Not locked yet by: %s.")
        yield Lack(words % listed(names), _url("draw", cycle))
    if begun:
        words = ngettext(
            "%(n)d rating is locked and not finished; its first levels will count.",
            "%(n)d ratings are locked and not finished; their first levels will count.",
            begun,
        )
        yield Lack(words % {"n": begun}, _url("draw", cycle))


def _moderations(cycle: Cycle) -> Iterator[Lack]:
    waiting = Moderation.objects.filter(team__cycle=cycle, status=Moderation.Status.OPEN)
    if number := waiting.count():
        words = ngettext(
            "%(n)d practice still waits for its talk; the median would stand.",
            "%(n)d practices still wait for their talk; the median would stand.",
            number,
        )
        yield Lack(words % {"n": number}, _url("moderation", cycle))


def _market(cycle: Cycle) -> Iterator[Lack]:
    silent = [line.team.name for line in answers(cycle) if line.open]
    if silent:
        words = _("These cities have not said yet what they offer and need: %s.")
        yield Lack(words % listed(silent), _url("market", cycle))
    shown = Proposal.objects.filter(learner__cycle=cycle).exclude(status=Proposal.Status.DRAFT)
    if not shown.exists():
        words = _("No city has been proposed to another yet.")
        yield Lack(words, _url("matching", cycle))
    elif number := shown.filter(status=Proposal.Status.PROPOSED).count():
        words = ngettext(
            "%(n)d proposal is not answered by both cities.",
            "%(n)d proposals are not answered by both cities.",
            number,
        )
        yield Lack(words % {"n": number}, _url("matching", cycle))


def _assists(cycle: Cycle) -> Iterator[Lack]:
    planned = PeerAssist.objects.filter(host__cycle=cycle, status=PeerAssist.Status.PLANNED)
    if number := planned.count():
        words = ngettext(
            "%(n)d peer assist is planned and not held.",
            "%(n)d peer assists are planned and not held.",
            number,
        )
        yield Lack(words % {"n": number}, _url("assist-list", cycle))


def _assets(cycle: Cycle) -> Iterator[Lack]:
    unfinished = cycle.assets.filter(status__in=[Asset.Status.DRAFT, Asset.Status.REVIEW])
    if number := unfinished.count():
        words = ngettext(
            "%(n)d good practice is not published yet.",
            "%(n)d good practices are not published yet.",
            number,
        )
        yield Lack(words % {"n": number}, reverse("cityshare:library"))


ASKED: dict[str, tuple[Callable[[Cycle], Iterator[Lack]], ...]] = {
    Stage.SETUP: (_cities,),
    Stage.SELF: (_assessments,),
    Stage.RATING: (_ratings,),
    Stage.MODERATION: (_moderations,),
    Stage.MARKET: (_market,),
    Stage.ASSIST: (_assists,),
    Stage.DISTIL: (_assets,),
}
