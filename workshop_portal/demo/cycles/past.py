"""The two cycles that are over: fourteen cities of nine countries, in 2017 and in 2020."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from cityshare.actions import assist as assists
from cityshare.actions import market, moderation, proposal
from cityshare.actions import team as teams
from cityshare.models import Cycle, Member, Moderation, PeerAssist, Proposal
from cityshare.queries.standings import Sight, standings
from workshop_portal.accounts.models import User
from workshop_portal.demo import jeju_2017, virtual_2020
from workshop_portal.demo.clock import at, on_the_clock
from workshop_portal.demo.cycles import words, written
from workshop_portal.demo.cycles.levels import Invented, levels
from workshop_portal.demo.cycles.playing import Place, Stage, begin, places, seat
from workshop_portal.workshops.actions import grant
from workshop_portal.workshops.models import Role, Workshop

if TYPE_CHECKING:
    from cityshare.models import Framework

DAY = timedelta(days=1)
# On which day after its beginning a cycle goes on to each stage.
DAYS = {
    "self": 1,
    "rating": 22,
    "moderation": 36,
    "compare": 50,
    "market": 57,
    "assist": 71,
    "distil": 110,
    "plan": 131,
    "follow3": 150,
    "follow6": 240,
    "follow12": 330,
    "closed": 420,
}
OFFERED = 4  # the level from which a city says what it can teach
MOST_ANSWERS = 3


def play(
    framework: Framework, *, workshops: dict[str, Workshop], staff: dict[str, User], now: datetime
) -> list[User]:
    """Let both happen; gives the people of the cities."""
    lead = staff["facilitator"]
    with at(jeju_2017.OPENS):
        everywhere = places()
        newcomer = User.objects.filter(email="participant@example.org").first()
        for year in ("2017", "2020"):
            grant(lead, workshops[year], role=Role.Kind.FACILITATOR, by=staff["admin"])
            seat(workshops[year], everywhere, by=staff["admin"])
    first = cycle_of(
        workshops["2017"],
        framework,
        lead=lead,
        begins=on_the_clock(jeju_2017.DAYS[0] - 20 * DAY, time(10), jeju_2017.ZONE),
        name="CityShare 2017",
        seed=2017,
        everywhere=everywhere,
        until="closed",
    )
    second = cycle_of(
        workshops["2020"],
        framework,
        lead=lead,
        begins=on_the_clock(virtual_2020.DAYS[0] - 30 * DAY, time(10), virtual_2020.ZONE),
        name="CityShare 2020",
        seed=2020,
        everywhere=everywhere,
        until="follow12",
        progress=0.6,
        previous=first.cycle,
        newcomer=newcomer,
    )
    written.play(first, second, now=now)
    return [person for one in everywhere for person in one.people]


def cycle_of(
    workshop: Workshop,
    framework: Framework,
    *,
    lead: User,
    begins: datetime,
    name: str,
    seed: int,
    everywhere: list[Place],
    until: str,
    progress: float = 0,
    previous: Cycle | None = None,
    newcomer: User | None = None,
) -> Stage:
    """One cycle from its beginning to a stage; `newcomer` speaks for their city in it."""
    with at(begins):
        stage = begin(
            workshop,
            framework,
            lead=lead,
            levels=invented(framework, everywhere, seed=seed, progress=progress),
            name=name,
            previous=previous,
            raters_per_city=3,
        )
        teams.make_teams(stage.cycle, by=lead)
        describe(stage, everywhere)
        if newcomer:
            let_in(stage, newcomer)
    for stage_name, day in DAYS.items():
        stage.move_on(begins + day * DAY)
        if stage_name in PLAYED:
            PLAYED[stage_name](stage, begins + (day + 3) * DAY)
        if stage_name == until:
            break
    return stage


def invented(
    framework: Framework, everywhere: list[Place], *, seed: int, progress: float
) -> dict[tuple[str, str], Invented]:
    """The levels of every city on every practice."""
    codes = list(framework.practices.values_list("code", flat=True))
    cities = [one.name for one in everywhere]
    found = levels(cities, codes, seed=seed, raters=3, progress=progress)
    return {(city, code): said for city, code, said in found}


def describe(stage: Stage, everywhere: list[Place]) -> None:
    """What every city says of itself to the others."""
    for one in everywhere:
        facts = {name: one.facts[name] for name in ("zone", "route", "size", "income")}
        languages = one.facts["languages"].split()
        teams.edit_team(stage.teams[one.name], languages=languages, **facts, by=stage.lead)


def let_in(stage: Stage, newcomer: User) -> None:
    """Let the demo's participant speak for their city, where somebody else did before."""
    home = stage.teams[newcomer.city.name]
    member = home.members.create(user=newcomer)
    teams.hand_on(member, by=stage.lead)


# --- What happens in a stage ----------------------------------------------------------------


def assess(stage: Stage, moment: datetime) -> None:
    stage.assess(moment + 10 * DAY)


def rate(stage: Stage, moment: datetime) -> None:
    stage.draw(moment, seed=stage.cycle.seed)
    members = list(Member.objects.filter(team__cycle=stage.cycle))
    stage.prepare(members, moment + DAY)
    stage.rate(stage.pairs(), moment + 8 * DAY)


def moderate(stage: Stage, moment: datetime) -> None:
    """Talk about everything that is flagged: mostly agreed, every fifth time not."""
    with at(moment):
        for number, talk in enumerate(Moderation.objects.filter(team__cycle=stage.cycle)):
            said = stage.levels[talk.team.city.name, talk.practice.code]
            agreed = sorted(said.raters)[len(said.raters) // 2]
            if number % 5 == 4:
                moderation.settle(talk, agreed=None, note=words.STANDS, by=stage.lead)
            else:
                moderation.settle(talk, agreed=agreed, note=words.TALKED, by=stage.lead)


def open_market(stage: Stage, moment: datetime) -> None:
    """Let every city say what it offers and needs, then solve who helps whom."""
    with at(moment):
        known = standings(stage.cycle, sight=Sight.ALL)
        for line in known.teams:
            team = stage.teams[line.name]
            speaker = stage.speaker(team)
            units = known.of(line.pk)
            strong = [p for p, unit in units if (unit.level or 0) >= OFFERED]
            for practice in strong[:MOST_ANSWERS]:
                market.answer_offer(team, stage.practices[practice.code], yes=True, by=speaker)
            wanted = [(p, unit) for p, unit in units if unit.gap and unit.priority]
            wanted.sort(key=lambda one: -one[1].priority)
            for wish, _unit in wanted[:MOST_ANSWERS]:
                practice = stage.practices[wish.code]
                question = words.topic_of(practice.pillar).asked
                market.answer_need(team, practice, yes=True, question=question, by=speaker)
    stage.match(moment + DAY)
    answer(stage, moment + 4 * DAY)
    stage.put_aside(moment + 5 * DAY)


def answer(stage: Stage, moment: datetime) -> None:
    """Most proposals are accepted on both sides; two are declined."""
    with at(moment):
        shown = Proposal.objects.filter(learner__cycle=stage.cycle, status="proposed")
        for number, one in enumerate(shown.order_by("learner__city__name", "practice__order")):
            if number in (2, 7):
                proposal.decline(
                    one, one.helper, reason=words.DECLINES, by=stage.speaker(one.helper)
                )
                continue
            proposal.accept(one, one.helper, by=stage.speaker(one.helper))
            proposal.accept(one, one.learner, by=stage.speaker(one.learner))


def meet(stage: Stage, moment: datetime) -> None:
    """Hold a peer assist for most of what was accepted; the last one is called off."""
    accepted = Proposal.objects.filter(learner__cycle=stage.cycle, status="accepted")
    named = accepted.select_related("practice").order_by("learner__city__name")
    for number, one in enumerate(named[:8]):
        topic = words.topic_of(one.practice.pillar)
        starts_at = moment + number * DAY
        with at(moment):
            assist = assists.plan(
                [one],
                question=topic.asked,
                starts_at=starts_at,
                zone=one.learner.zone,
                facilitator=stage.lead,
                note_taker="A colleague of the host",
                by=stage.lead,
            )
        if number == 7:
            with at(moment):
                assists.call_off(assist, reason="A storm closed the offices.", by=stage.lead)
        else:
            hold(stage, assist, topic, starts_at)


def hold(stage: Stage, assist: PeerAssist, topic: words.Topic, starts_at: datetime) -> None:
    """The meeting, its notes, and the host's thanks three weeks later."""
    with at(starts_at + timedelta(hours=2)):
        assists.conclude(assist, by=stage.lead)
        assists.note(assist, options_heard=topic.heard, host_will_do=topic.will_do, by=stage.lead)
    with at(starts_at + 21 * DAY):
        speaker = stage.speaker(assist.host)
        assists.thank(assist, thanks=topic.thanks, was_useful=True, by=speaker)


PLAYED = {
    "self": assess,
    "rating": rate,
    "moderation": moderate,
    "market": open_market,
    "assist": meet,
}
