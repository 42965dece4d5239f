"""A cycle of 60 cities, 16 practices and five raters each, and what its solvers cost."""

from __future__ import annotations

import json
import time
from pathlib import Path
from random import Random

from django.utils import timezone

import cityshare
from cityshare import worker
from cityshare.actions import draw, matching
from cityshare.actions.framework import load_framework
from cityshare.models import (
    Assignment,
    Cycle,
    Need,
    PeerRating,
    Practice,
    SelfAssessment,
    SelfScore,
    Team,
)
from workshop_portal.accounts.actions import city_named
from workshop_portal.accounts.models import User
from workshop_portal.workshops.actions import grant
from workshop_portal.workshops.models import Role, Workshop

CITIES, RATERS = 60, 5
COUNTRIES = ["KH", "TH", "VN", "PH", "ID", "MY", "LA", "MM", "NP", "BD", "LK", "MN", "FJ", "PG"]
FRAMEWORK = Path(cityshare.__file__).with_name("framework.json")
CHANCE = Random(20171121)  # noqa: S311 — the same data each time, nothing secret


def cycle_of(workshop: Workshop, leader: User) -> Cycle:
    """A cycle in which every city has been rated, led by the coordinator of the workshop."""
    framework = load_framework(json.loads(FRAMEWORK.read_text()), name="CityShare", by=None)
    cycle = Cycle.objects.create(
        workshop=workshop,
        framework=framework,
        name="Bench",
        status=Cycle.Stage.MARKET,
        raters_per_city=RATERS,
    )
    grant(leader, workshop, role=Role.Kind.COORDINATOR, by=None)
    cities = [city_named(f"City {n}", COUNTRIES[n % len(COUNTRIES)]) for n in range(CITIES)]
    teams = Team.objects.bulk_create(
        Team(cycle=cycle, city=city, zone="Asia/Seoul", languages=["en"]) for city in cities
    )
    practices = list(framework.practices.all())
    for place, team in enumerate(teams):
        person = User.objects.create(email=f"city{place}@example.org", given_name=f"City{place}")
        team.members.create(user=person, is_focal_point=True)
        assess(team, practices)
    for place, rated in enumerate(teams):
        for step in range(1, RATERS + 1):
            rate(teams[(place + step) % CITIES], rated, practices)
    return cycle


def assess(team: Team, practices: list[Practice]) -> None:
    """A city's own view, and a need for every third practice."""
    made = SelfAssessment.objects.create(
        team=team, status=SelfAssessment.Status.SUBMITTED, submitted_at=timezone.now()
    )
    levels = [CHANCE.randint(1, 5) for _practice in practices]
    SelfScore.objects.bulk_create(
        SelfScore(
            assessment=made,
            practice=practice,
            current=level,
            target=min(5, level + CHANCE.randint(0, 2)),
            priority=1,
        )
        for practice, level in zip(practices, levels, strict=True)
    )
    Need.objects.bulk_create(
        Need(team=team, practice=practice, status=Need.Status.CONFIRMED)
        for practice, level in zip(practices[::3], levels[::3], strict=True)
        if level < 5
    )


def rate(rater: Team, rated: Team, practices: list[Practice]) -> None:
    """One rater's levels of one city, around a common one."""
    pair = Assignment.objects.create(
        rater=rater,
        rated=rated,
        person=rater.members.get().user,
        status=Assignment.Status.DONE,
        locked_at=timezone.now(),
        done_at=timezone.now(),
    )
    levels = [CHANCE.randint(1, 5) for _practice in practices]
    PeerRating.objects.bulk_create(
        PeerRating(assignment=pair, practice=practice, initial=level, final=level)
        for practice, level in zip(practices, levels, strict=True)
    )


def solvers(cycle: Cycle, leader: User) -> list[str]:
    """How long the worker's two solvers take for the whole cycle, everything around included."""
    return [
        f"raters of {CITIES} cities drawn in {drawn(cycle, leader):.2f} s",
        f"peer assists of {CITIES} cities matched in {matched(cycle, leader):.2f} s",
    ]


def drawn(cycle: Cycle, leader: User) -> float:
    """Seconds of one draw with conflicts, so that the solver is needed."""
    Cycle.objects.filter(pk=cycle.pk).update(status=Cycle.Stage.RATING)
    cycle.refresh_from_db()
    asked = draw.ask(
        cycle,
        seed=7,
        raters_per_city=RATERS,
        bars_own_country=True,
        bars_mutual_rating=True,
        by=leader,
    )
    began = time.perf_counter()
    worker.draw_raters(str(asked.pk))
    took = time.perf_counter() - began
    asked.refresh_from_db()
    assert asked.status == asked.Status.READY  # noqa: S101
    return took


def matched(cycle: Cycle, leader: User) -> float:
    """Seconds of one matching."""
    Cycle.objects.filter(pk=cycle.pk).update(status=Cycle.Stage.MARKET)
    cycle.refresh_from_db()
    asked = matching.start(cycle, floor=1, helper_capacity=2, learner_capacity=2, by=leader)
    began = time.perf_counter()
    worker.solve_matching(str(asked.pk))
    took = time.perf_counter() - began
    asked.refresh_from_db()
    assert asked.status == asked.Status.READY  # noqa: S101
    return took
