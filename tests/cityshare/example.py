"""The worked example of the specification as rows: five cities, each rated by three others."""

import json
from pathlib import Path

from django.utils import timezone

from cityshare.models import (
    Assignment,
    Cycle,
    Descriptor,
    Framework,
    LevelMeaning,
    Moderation,
    PeerRating,
    Practice,
    SelfAssessment,
    SelfScore,
)
from tests import factories as make

DATA = json.loads(Path(__file__).with_name("example.json").read_text())
# The example calls its countries X, Y, Z and W.
COUNTRIES = {"X": "KH", "Y": "LA", "Z": "NP", "W": "VN"}


class Example:
    """The cycle with what tests ask for: `teams` and `people` by city, `practices` by code."""

    def __init__(self, *, stage=Cycle.Stage.COMPARE, rated=True, moderated=True):
        self.workshop = make.WorkshopFactory()
        self.facilitator = make.RoleFactory(workshop=self.workshop, role="facilitator").user
        self.framework = framework()
        self.practices = {p.code: p for p in self.framework.practices.all()}
        self.cycle = Cycle.objects.create(
            workshop=self.workshop, framework=self.framework, name="First cycle", status=stage
        )
        self.teams, self.people = {}, {}
        for city in DATA["cities"]:
            self._seat(city)
        for city in DATA["cities"]:
            self._assess(city)
        if rated:
            for city in DATA["cities"]:
                self._rate(city)
        if moderated:
            self._moderate({"P2": 3, "P3": 2, "P4": 2})

    def _seat(self, name):
        city = make.CityFactory(name=name, country=COUNTRIES[DATA["country"][name]])
        person = make.UserFactory(given_name=name, family_name="Focal", city=city)
        self.workshop.participants.create(user=person, city=city)
        team = self.cycle.teams.create(city=city, zone="Asia/Seoul", languages=["en"])
        team.members.create(user=person, is_focal_point=True)
        self.teams[name], self.people[name] = team, person

    def _assess(self, city):
        assessment = SelfAssessment.objects.create(
            team=self.teams[city], status="submitted", submitted_at=timezone.now()
        )
        levels = zip(DATA["practices"], DATA["self"][city], DATA["target"][city], strict=True)
        SelfScore.objects.bulk_create(
            SelfScore(
                assessment=assessment,
                practice=self.practices[code],
                current=current,
                target=target,
                priority=1,
                confidence="middle",
            )
            for code, current, target in levels
        )

    def _rate(self, city):
        for rater, levels in DATA["peer"][city].items():
            assignment = Assignment.objects.create(
                rater=self.teams[rater],
                rated=self.teams[city],
                person=self.people[rater],
                status="done",
                locked_at=timezone.now(),
                done_at=timezone.now(),
            )
            PeerRating.objects.bulk_create(
                PeerRating(
                    assignment=assignment,
                    practice=self.practices[code],
                    initial=level,
                    final=level,
                    strength=f"{rater} praises {code}",
                )
                for code, level in zip(DATA["practices"], levels, strict=True)
            )

    def _moderate(self, agreed):
        """Birch's flagged practices, as the example assumes that the talk confirms them."""
        for code, level in agreed.items():
            Moderation.objects.create(
                team=self.teams["Birch"],
                practice=self.practices[code],
                status="agreed",
                agreed=level,
                opened_at=timezone.now(),
                settled_at=timezone.now(),
                settled_by=self.facilitator,
            )


def framework(name="Example", levels=5, practices=DATA["practices"]):
    """A frozen framework with the example's practices."""
    made = Framework.objects.create(name=name, version="1", levels=levels, status="frozen")
    LevelMeaning.objects.bulk_create(
        LevelMeaning(framework=made, level=n, name=f"Level {n}") for n in range(1, levels + 1)
    )
    for order, code in enumerate(practices, start=1):
        practice = Practice.objects.create(
            framework=made,
            order=order,
            code=code,
            pillar="Prevention" if order < 3 else "Partnership",
            name=f"Practice {code}",
            question=f"How well is {code} done?",
        )
        Descriptor.objects.bulk_create(
            Descriptor(practice=practice, level=n, text=f"{code} at level {n}.")
            for n in range(1, levels + 1)
        )
    return made
