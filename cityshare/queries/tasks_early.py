"""What waits for the people of a city until the levels are compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from cityshare.models import (
    Assignment,
    CalibrationRating,
    ConflictsDeclared,
    Cycle,
    DossierCase,
    Member,
    Moderation,
    SelfAssessment,
)
from cityshare.queries.assessment import Overview, overview, overviews
from cityshare.queries.cycle import todo
from cityshare.queries.rating import CityToRate, progress
from workshop_portal.task import Task

Stage = Cycle.Stage
Found = Iterator[tuple[Member, Task]]
Ask = Callable[[Cycle, Sequence[Member], datetime], Found]

UNFINISHED = (Assignment.Status.ACTIVE, Assignment.Status.LOCKED)
TO_DO = gettext_lazy("To do")
BEGUN = gettext_lazy("Begun")


def _views(cycle: Cycle, members: Sequence[Member]) -> dict[UUID, Overview]:
    teams = {member.team_id: member.team for member in members}
    if len(teams) == 1:
        return {pk: overview(team) for pk, team in teams.items()}
    return {view.team.pk: view for view in overviews(cycle)}


def assessments(cycle: Cycle, members: Sequence[Member], now: datetime) -> Found:
    """To go on with the own view; when it is complete, to hand it in, for the focal point."""
    views = _views(cycle, members)
    for member in members:
        view = views[member.team_id]
        if view.closed:
            continue
        if not view.is_ready:
            status, word = ("draft", BEGUN) if view.progress.complete else ("open", TO_DO)
            name, hint = _("Assess your city"), view.words
            yield member, todo(cycle, name, "assess", hint=hint, status=status, word=word)
        elif member.is_focal_point:
            name = _("Hand in the self-assessment of your city")
            yield member, todo(cycle, name, "assess", status="ready", word=_("Complete"))


def context(cycle: Cycle, members: Sequence[Member], now: datetime) -> Found:
    """For the focal point: what others should know of the city."""
    for member in members:
        team = member.team
        if member.is_focal_point and not (team.size and team.route and team.context):
            name = _("Tell the others about your city")
            yield member, todo(cycle, name, "team-edit", [team.pk], word=TO_DO)


def conflicts(cycle: Cycle, members: Sequence[Member], now: datetime) -> Found:
    """To say which conflicts of interest there are, or none: before anybody rates."""
    said = ConflictsDeclared.objects.filter(team__in=[member.team_id for member in members])
    known = {*said.values_list("team", "person")}
    for member in members:
        if (member.team_id, member.user_id) not in known:
            name = _("Say whether there are conflicts of interest")
            yield member, todo(cycle, name, "conflicts", word=TO_DO)


def ratings(cycle: Cycle, members: Sequence[Member], now: datetime) -> Found:
    """For raters: conflicts and calibration first, then each city with how far they are."""
    people = {member.user_id: member for member in members}
    mine = [
        (people[line.assignment.person_id], line)
        for line in progress(cycle)
        if line.assignment.person_id in people and line.assignment.status in UNFINISHED
    ]
    raters = list(dict.fromkeys(member for member, _line in mine))
    if not raters:
        return
    yield from conflicts(cycle, raters, now)
    yield from _calibration(cycle, raters)
    for member, line in mine:
        yield member, _rating(cycle, line)


def _calibration(cycle: Cycle, raters: Sequence[Member]) -> Found:
    asked = DossierCase.objects.filter(dossier__framework=cycle.framework_id).count()
    given = Counter(
        CalibrationRating.objects.filter(
            cycle=cycle,
            person__in=[member.user_id for member in raters],
            case__dossier__framework=cycle.framework_id,
        ).values_list("person", flat=True)
    )
    for member in raters:
        if given[member.user_id] < asked:
            facts = {"done": given[member.user_id], "all": asked}
            yield (
                member,
                todo(
                    cycle,
                    _("Rate the invented cities first"),
                    "calibrate",
                    hint=_("%(done)d of %(all)d cases are rated.") % facts,
                    word=TO_DO,
                ),
            )


def _rating(cycle: Cycle, line: CityToRate) -> Task:
    pair, city = line.assignment, line.assignment.rated.city.name
    if line.waits:
        name = _("Rate %s when its self-assessment is handed in again") % city
        return todo(cycle, name, "rate", [pair.pk], status="waiting", word=_("Not yet"))
    if pair.status == Assignment.Status.LOCKED:
        name = _("Look again at how you rate %s, and finish") % city
        return todo(cycle, name, "rate", [pair.pk], status="waiting", word=_("Locked"))
    name = _("Rate %s") % city
    hint = _("%(done)d of %(all)d practices are rated.") % {"done": line.given, "all": line.asked}
    status, word = ("draft", BEGUN) if line.given else ("open", TO_DO)
    return todo(cycle, name, "rate", [pair.pk], hint=hint, status=status, word=word)


def talks(cycle: Cycle, members: Sequence[Member], now: datetime) -> Found:
    """The calls that are fixed, for the city and for those who rated it."""
    rows = Moderation.objects.filter(team__cycle=cycle, status=Moderation.Status.OPEN)
    planned = rows.filter(meets_at__gt=now).select_related("team__city")
    calls = {(row.team, row.meets_at) for row in planned if row.meets_at}
    if not calls:
        return
    pairs = Assignment.objects.counted().represented()
    concerned = pairs.filter(rated__in=[team for team, _at in calls])
    raters = {*concerned.values_list("rated", "person")}
    for team, at in sorted(calls, key=lambda call: (call[1], call[0].city.name)):
        for member in members:
            if member.team_id == team.pk or (team.pk, member.user_id) in raters:
                name = _("Call about %s") % team.city.name
                yield member, todo(cycle, name, "moderation", due=at, word=pgettext("talk", "Call"))


def targets(cycle: Cycle, members: Sequence[Member], now: datetime) -> Found:
    """For the focal point: targets to look at again, where a talk has lowered the level."""
    spoken = {member.team_id: member for member in members if member.is_focal_point}
    rows = Moderation.objects.filter(team__in=spoken, asks_for_target=True, target=None)
    for team, number in Counter(rows.values_list("team", flat=True)).items():
        words = ngettext(
            "Look again at the target of %(n)d practice",
            "Look again at the targets of %(n)d practices",
            number,
        )
        yield spoken[team], todo(cycle, words % {"n": number}, "moderation", word=TO_DO)


def reopened(cycle: Cycle, members: Sequence[Member], now: datetime) -> Found:
    """The own views that the facilitator has opened again while others rate."""
    rows = SelfAssessment.objects.filter(status=SelfAssessment.Status.OPEN)
    open_again = {*rows.filter(team__cycle=cycle).values_list("team", flat=True)}
    concerned = [member for member in members if member.team_id in open_again]
    if concerned:
        yield from assessments(cycle, concerned, now)


EARLY: dict[str, tuple[Ask, ...]] = {
    Stage.SELF: (assessments, context, conflicts),
    Stage.RATING: (reopened, ratings),
    Stage.MODERATION: (talks, targets),
    Stage.COMPARE: (targets,),
}
