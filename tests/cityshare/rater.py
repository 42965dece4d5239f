"""A person who rates another city, for tests."""

from django.urls import reverse
from django.utils import timezone

from cityshare.actions import calibration, rating
from cityshare.models import Assignment, ConflictsDeclared, Dossier
from tests.cityshare.example import Example


class Rated:
    """The example in the stage of rating: Cedar is to rate Alder, and is ready to."""

    def __init__(self):
        self.example = Example(stage="rating", rated=False, moderated=False)
        self.cycle, self.teams = self.example.cycle, self.example.teams
        self.practices, self.rater = self.example.practices, self.example.people["Cedar"]
        self.pair = Assignment.objects.create(
            rater=self.teams["Cedar"],
            rated=self.teams["Alder"],
            person=self.rater,
            status="active",
        )
        self.member = self.teams["Cedar"].members.get()
        self.dossier = dossier_of(self.example.framework)
        ConflictsDeclared.objects.create(
            team=self.member.team, person=self.rater, declared_at=timezone.now()
        )
        self.calibrate()

    def calibrate(self):
        case = self.dossier.cases.get()
        calibration.calibrate(self.member, self.dossier, levels={case: 3}, by=self.rater)

    def rate_all(self, **levels):
        for code, practice in self.practices.items():
            rating.rate(self.pair, practice, level=levels.get(code, 3), by=self.rater)
        self.pair.refresh_from_db()

    def lock(self):
        self.rate_all(P2=None)
        rating.lock(self.pair, by=self.rater)
        self.pair.refresh_from_db()

    def url(self, name, *more):
        return reverse(f"cityshare:{name}", args=[self.cycle.pk, self.pair.pk, *more])

    def levels(self):
        rows = self.pair.ratings.order_by("practice__order")
        return list(rows.values_list("practice__code", "initial", "cannot_judge", "final"))


def dossier_of(framework):
    """An invented city with one case, agreed on level 2."""
    dossier = Dossier.objects.create(
        framework=framework, order=1, title="Invented Port", text="A port that nobody knows."
    )
    dossier.cases.create(
        practice=framework.practices.first(),
        text="A list is kept by one officer.",
        level=2,
        why="It depends on one person.",
    )
    return dossier
