"""The cycle of the workshop that lies ahead: in the middle of rating, with work for a newcomer."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cityshare.actions import conflict
from cityshare.actions import framework as frameworks
from cityshare.actions import team as teams
from cityshare.actions import vote as votes
from cityshare.actions.practice import edit_practice
from cityshare.models import Conflict, Cycle, Member, Practice
from cityshare.queries.framework import sheet_of
from cityshare.queries.vote import wording
from workshop_portal.deadlines import last_second
from workshop_portal.demo.clock import at
from workshop_portal.demo.cycles import words
from workshop_portal.demo.cycles.levels import levels
from workshop_portal.demo.cycles.playing import Stage, begin
from workshop_portal.workshops.actions import grant
from workshop_portal.workshops.models import Role, Workshop

if TYPE_CHECKING:
    from cityshare.models import Framework
    from workshop_portal.accounts.models import User

DAY = timedelta(days=1)
NEWCOMER = "participant@example.org"
# Days from now on which the stages are to end.
ENDS = {"self": -2, "rating": 9, "moderation": 17, "compare": 21, "market": 30, "assist": 60}


def play(
    framework: Framework, workshop: Workshop, *, staff: dict[str, User], now: datetime
) -> None:
    """Let everything happen until now; the newcomer has done nothing but the self-assessment."""
    lead = staff["facilitator"]
    codes = list(framework.practices.values_list("code", flat=True))
    cities = [seat.city.name for seat in workshop.participants.select_related("city")]
    invented = {
        (city, code): said
        for city, code, said in levels(cities, codes, seed=now.year, raters=3, progress=0.2)
    }
    began = now - 4 * DAY
    with at(began):
        grant(lead, workshop, role=Role.Kind.FACILITATOR, by=staff["admin"])
        stage = begin(
            workshop,
            framework,
            lead=lead,
            levels=invented,
            name=f"CityShare {now.year}",
            dues=dues(workshop.zone, now),
            raters_per_city=3,
        )
        teams.make_teams(stage.cycle, by=lead)
    stage.move_on(began + DAY / 2)
    stage.assess(began + DAY)
    stage.move_on(began + 2 * DAY)
    stage.draw(began + 2 * DAY + DAY / 4, seed=now.year)
    half_way(stage, began + 3 * DAY)
    ask_about_draft(stage, began + 3 * DAY + DAY / 2)


def dues(zone: str, now: datetime) -> dict[str, datetime | None]:
    """The deadline of every stage that has one: the last minute of a day in the workshop's zone."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return {
        stage: last_second(datetime.combine(today + days * DAY, time(23, 59)), zone)
        for stage, days in ENDS.items()
    }


def half_way(stage: Stage, moment: datetime) -> None:
    """Half of the others are done, some have begun, and one has said that there is a conflict."""
    members = Member.objects.filter(team__cycle=stage.cycle).exclude(user__email=NEWCOMER)
    stage.prepare(list(members), moment)
    pairs = [pair for pair in stage.pairs() if pair.person.email != NEWCOMER]
    stage.rate(pairs[::2], moment + DAY / 4)
    stage.rate(pairs[1::4], moment + DAY / 3, to="locked")
    stage.rate(pairs[3::4], moment + DAY / 3, to="active")
    with at(moment + DAY / 2):
        one, other = apart(stage.cycle)
        conflict.declare(
            one.team,
            other.team,
            kind=Conflict.Kind.TWINNING,
            note="Our cities are twinned, and theirs paid for the reception centre.",
            by=one.user,
        )


def ask_about_draft(stage: Stage, moment: datetime) -> None:
    """The next version of the framework is before the cities; some of the others have answered."""
    lead, cycle = stage.lead, stage.cycle
    with at(moment):
        draft = frameworks.copy_framework(
            cycle.framework, name=cycle.framework.name, version="0.2", with_invented=True, by=lead
        )
        reword(draft.practices.get(code="PA2"), by=lead)
        until = last_second(moment.replace(hour=23, minute=59) + 8 * DAY, cycle.workshop.zone)
        vote = votes.put_to_vote(draft, cycle, until=until, words=words.ASKED, by=lead)
    mark = wording(sheet_of(draft))
    voices = vote.voices.filter(team__members__is_focal_point=True)
    others = voices.exclude(team__members__user__email=NEWCOMER)
    for voice, said in zip(others, words.ANSWERS, strict=False):
        with at(moment + DAY / 8):
            votes.answer(voice, **said, read=mark, by=stage.speaker(voice.team))


def reword(practice: Practice, *, by: User) -> None:
    """Say more clearly on one level of a practice that survivors are paid for their work."""
    levels = {level.level: level.text for level in practice.descriptors.all()}
    columns = ("code", "pillar", "name", "question", "grounded_in")
    facts = {name: getattr(practice, name) for name in columns}
    edit_practice(practice, levels={**levels, 4: words.REWORDED}, by=by, **facts)


def apart(cycle: Cycle) -> tuple[Member, Member]:
    """Two people of cities that do not rate each other, so that nothing is drawn anew."""
    members = list(
        Member.objects.filter(team__cycle=cycle)
        .exclude(user__email=NEWCOMER)
        .select_related("team", "user")
        .order_by("team__city__name")
    )
    one = members[0]
    met = set(one.team.ratings_to_give.values_list("rated", flat=True))
    met |= set(one.team.assignments.values_list("rater", flat=True))
    return one, next(m for m in members[1:] if m.team_id not in met)
