"""How the demo lets a cycle happen: by the portal's own actions, at the time of each.

Levels, ratings and what goes with them are written in one piece: fourteen cities give seven
hundred ratings a cycle, and the trail of each would say nothing.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

from cityshare import worker
from cityshare.actions import cycle as cycles
from cityshare.actions import draw, matching
from cityshare.models import (
    Assignment,
    CalibrationRating,
    ConflictsDeclared,
    Cycle,
    DossierCase,
    Evidence,
    Framework,
    Matching,
    Member,
    PeerRating,
    Practice,
    SelfAssessment,
    SelfScore,
    Team,
)
from cityshare.queries.gate import passage_of
from workshop_portal.accounts.actions import city_named, open_account
from workshop_portal.accounts.models import User
from workshop_portal.demo.clock import at
from workshop_portal.demo.cycles import words
from workshop_portal.demo.cycles.levels import Invented
from workshop_portal.workshops.actions import enrol
from workshop_portal.workshops.models import Workshop

CITIES = Path(__file__).with_name("cities.csv")
SHOWN = {3: Evidence.Kind.DOCUMENT, 4: Evidence.Kind.FIGURES, 5: Evidence.Kind.REVIEW}


@dataclass(frozen=True)
class Place:
    """A city of the past cycles with its people, the focal point first."""

    facts: dict[str, str]
    people: list[User]

    @property
    def name(self) -> str:
        return self.facts["city"]


def places() -> list[Place]:
    """The fourteen cities of nine countries, each with one or two people."""
    with CITIES.open(encoding="utf-8", newline="") as table:
        return [place(line) for line in csv.DictReader(table)]


def place(line: dict[str, str]) -> Place:
    """A city of the list, with accounts for its people."""
    city = city_named(line["city"], line["country"])
    people = [
        open_account(
            line[f"{which}email"],
            given_name=line[f"{which}given"],
            family_name=line[f"{which}family"],
            city=city,
        )
        for which in ("", "second_")
        if line[f"{which}email"]
    ]
    return Place(line, people)


@dataclass
class Stage:
    """A cycle that is being played, led by one person."""

    cycle: Cycle
    lead: User
    levels: dict[tuple[str, str], Invented]

    @cached_property
    def teams(self) -> dict[str, Team]:
        """The cities by name."""
        return {team.city.name: team for team in self.cycle.teams.select_related("city")}

    @cached_property
    def practices(self) -> dict[str, Practice]:
        """The practices by code."""
        return {practice.code: practice for practice in self.cycle.framework.practices.all()}

    def speaker(self, team: Team) -> User:
        """Who speaks for a city."""
        return team.members.get(is_focal_point=True).user

    def move_on(self, moment: datetime) -> None:
        """Begin the next stage at a moment, whatever is missing."""
        with at(moment):
            passage = passage_of(self.cycle)
            assert passage is not None  # noqa: S101 — the demo never leaves the last stage
            cycles.move_on(self.cycle, seen=passage.fingerprint, in_spite=True, by=self.lead)
            self.cycle.refresh_from_db()

    # --- What cities say about themselves ------------------------------------------------

    def assess(self, moment: datetime) -> None:
        """Let every city hand in its self-assessment."""
        with at(moment):
            for team in self.teams.values():
                speaker = self.speaker(team)
                made, _new = SelfAssessment.objects.update_or_create(
                    team=team,
                    defaults={
                        "status": SelfAssessment.Status.SUBMITTED,
                        "submitted_at": moment,
                        "submitted_by": speaker,
                        "who_took_part": "Social services, police, two organisations",
                    },
                )
                self._score(made, team, speaker)

    def _score(self, made: SelfAssessment, team: Team, speaker: User) -> None:
        scores = SelfScore.objects.bulk_create(
            self._own(made, practice, self.levels[team.city.name, code], speaker)
            for code, practice in self.practices.items()
        )
        Evidence.objects.bulk_create(
            Evidence(
                score=score,
                kind=kind,
                title=f"{score.practice.name}: {kind.label}",
                text="Kept at the city hall; figures under five are written as <5.",
                added_by=speaker,
            )
            for score in scores
            for level, kind in SHOWN.items()
            if score.current and score.current >= level
        )

    def _own(
        self, made: SelfAssessment, practice: Practice, said: Invented, speaker: User
    ) -> SelfScore:
        facts: dict[str, Any] = {"assessment": made, "practice": practice, "changed_by": speaker}
        if said.own is None:
            reason = "The province holds this power; we pass on what we hear."
            return SelfScore(outside_mandate=True, reason=reason, version=1, **facts)
        told = practice.descriptors.get(level=said.own).text
        return SelfScore(
            current=said.own,
            target=said.target,
            priority=said.priority,
            confidence=SelfScore.Confidence.MIDDLE,
            why=told,
            version=1,
            **facts,
        )

    # --- Raters ----------------------------------------------------------------------------

    def draw(self, moment: datetime, *, seed: int) -> None:
        """Draw the raters and tell them."""
        with at(moment):
            asked = draw.ask(
                self.cycle,
                seed=seed,
                raters_per_city=self.cycle.raters_per_city,
                bars_own_country=True,
                bars_mutual_rating=False,
                by=self.lead,
            )
            worker.draw_raters(str(asked.pk))
            asked.refresh_from_db()
            draw.release(asked, by=self.lead)

    def prepare(self, members: list[Member], moment: datetime) -> None:
        """Let people say that they know of no conflict, and rate the invented cities."""
        chance = Random(len(members))  # noqa: S311
        cases = list(DossierCase.objects.filter(dossier__framework=self.cycle.framework_id))
        top = self.cycle.framework.levels
        with at(moment):
            ConflictsDeclared.objects.bulk_create(
                ConflictsDeclared(team_id=one.team_id, person_id=one.user_id, declared_at=moment)
                for one in members
            )
            CalibrationRating.objects.bulk_create(
                CalibrationRating(
                    cycle=self.cycle,
                    person_id=member.user_id,
                    case=case,
                    level=max(1, min(top, case.level + chance.choice((0, 0, 0, 1, -1)))),
                )
                for member in members
                for case in cases
            )

    def rate(self, pairs: list[Assignment], moment: datetime, *, to: str = "done") -> None:
        """Let raters rate: whole cities, or only the first practices where `to` is active."""
        chance = Random(len(pairs))  # noqa: S311
        turns = {}
        with at(moment):
            for pair in pairs:
                turn = turns[pair.rated_id] = turns.get(pair.rated_id, -1) + 1
                PeerRating.objects.bulk_create(self._ratings(pair, turn, chance, to))
            facts: dict[str, Any] = {"status": to}
            facts |= {"locked_at": moment} if to != "active" else {}
            facts |= {"done_at": moment} if to == "done" else {}
            Assignment.objects.filter(pk__in=[pair.pk for pair in pairs]).update(**facts)

    def _ratings(self, pair: Assignment, turn: int, chance: Random, to: str) -> list[PeerRating]:
        given = []
        for code, practice in self.practices.items():
            said = self.levels[pair.rated.city.name, code]
            if said.own is None or (to == "active" and practice.order > 6):
                continue
            level = said.raters[turn % len(said.raters)]
            cannot = chance.randrange(30) == 0
            given.append(
                PeerRating(
                    assignment=pair,
                    practice=practice,
                    initial=None if cannot else level,
                    final=level if to == "done" and not cannot else None,
                    cannot_judge=cannot,
                    strength=chance.choice(words.STRENGTHS),
                    question=chance.choice(words.QUESTIONS),
                    suggestion=chance.choice(words.SUGGESTIONS) if chance.randrange(3) else "",
                    version=1,
                )
            )
        return given

    def pairs(self) -> list[Assignment]:
        """Everybody who rates, city by city."""
        rows = Assignment.objects.filter(rated__cycle=self.cycle, status=Assignment.Status.ACTIVE)
        named = rows.select_related("rated__city", "rater__city")
        return list(named.order_by("rated__city__name", "rater__city__name"))

    # --- Who helps whom --------------------------------------------------------------------

    def match(self, moment: datetime) -> None:
        """Solve who helps whom, and show it to the cities."""
        with at(moment):
            asked = matching.start(
                self.cycle,
                floor=1,
                helper_capacity=self.cycle.helper_capacity,
                learner_capacity=self.cycle.learner_capacity,
                by=self.lead,
            )
            worker.solve_matching(str(asked.pk))
            asked.refresh_from_db()
            matching.release(asked, by=self.lead)

    def put_aside(self, moment: datetime) -> None:
        """Solve what declines have asked for, and put it aside: the others keep their pairs."""
        with at(moment):
            for asked in self.cycle.matchings.filter(status=Matching.Status.WAITING):
                worker.solve_matching(str(asked.pk))
                asked.refresh_from_db()
                matching.discard(asked, by=self.lead)


def seat(workshop: Workshop, everywhere: list[Place], *, by: User) -> None:
    """Give everybody of the cities a seat in a workshop."""
    for one in everywhere:
        for person in one.people:
            enrol(
                person,
                workshop,
                city=person.city,
                organisation=one.facts["organisation"],
                by=by,
            )


def begin(
    workshop: Workshop,
    framework: Framework,
    *,
    lead: User,
    levels: dict[Any, Invented],
    **facts: Any,
) -> Stage:
    """Begin a cycle, with a team for each city that has a seat."""
    dues = facts.pop("dues", {})
    cycle = cycles.begin_cycle(workshop, framework=framework, dues=dues, by=lead, **facts)
    return Stage(cycle=cycle, lead=lead, levels=levels)
