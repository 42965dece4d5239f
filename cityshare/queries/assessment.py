"""What a city says of itself, how far it is with that, and what keeps it from being handed in.

`overview` is the one answer to the last question: the page of the team, handing in and the list
of the facilitator all ask it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cityshare.assessing import (
    MOST_ON_TOP,
    SHOWN_FROM,
    Answer,
    Choice,
    Lack,
    Progress,
    is_ready,
    lacks,
    on_top,
    progress,
)
from cityshare.models import Cycle, Evidence, Practice, SelfAssessment, SelfScore, Team
from cityshare.queries.framework import Rung, all_rungs
from workshop_portal.merging import mark

# What is asked for, by what is missing; evidence says from which level on it is needed.
SENTENCES: dict[Lack, str | Promise] = {
    Lack.LEVEL: gettext_lazy("Choose the level of today, or say that it is no task of the city."),
    Lack.TARGET: gettext_lazy("Choose the level that you want to reach in 12 months."),
    Lack.LOW_TARGET: gettext_lazy("The target lies below the level of today."),
    Lack.REASON: gettext_lazy("Say whose task it is, if not the city's."),
    Lack.DOCUMENT: gettext_lazy(
        "Level %(since)s and above needs a document: a plan, an agreement, a procedure."
    ),
    Lack.FIGURES: gettext_lazy("Level %(since)s and above needs figures of the last 12 months."),
    Lack.REVIEW: gettext_lazy(
        "Level %(since)s needs an outside review, or another city that took it over."
    ),
}


@dataclass(frozen=True)
class Missing:
    """One thing that is missing; `kind` is the kind of evidence that would mend it, or ""."""

    words: str
    kind: str = ""


@dataclass(frozen=True)
class Line:
    """A practice with what the city says of it; `number` counts from 1 in the framework's order."""

    number: int
    practice: Practice
    score: SelfScore
    answer: Answer

    @property
    def missing(self) -> list[Missing]:
        """What it lacks, in words."""
        return [missing(lack) for lack in lacks(self.answer)]

    @property
    def words(self) -> str:
        """Level, target and evidence in a sentence; "" while no level is chosen."""
        choice = self.answer.choice
        if choice.current is None:
            return ""
        facts = {"level": choice.current, "target": choice.target}
        if choice.target is None:
            return _("Level %(level)s today, no target yet") % facts
        return _("Level %(level)s today, %(target)s in 12 months") % facts

    @property
    def status(self) -> str:
        """How far it is, as a tone."""
        if self.answer.choice.outside and not self.missing:
            return "optional"
        if not self.missing:
            return "complete"
        return "missing" if self.score.level is None else "incomplete"

    @property
    def word(self) -> str:
        """How far it is, in a word."""
        words = {
            "optional": _("No task of the city"),
            "complete": _("Complete"),
            "missing": _("Not answered"),
            "incomplete": _("Something is missing"),
        }
        return words[self.status]


@dataclass(frozen=True)
class Pillar:
    """The practices of one pillar."""

    name: str
    lines: list[Line]


@dataclass(frozen=True)
class Overview:
    """A city's own view as a whole. `sign` changes with everything that belongs to it."""

    team: Team
    assessment: SelfAssessment
    lines: list[Line]
    progress: Progress
    is_ready: bool
    closed: str

    @property
    def pillars(self) -> list[Pillar]:
        """The lines by pillar, in the framework's order."""
        grouped = groupby(self.lines, key=lambda line: line.practice.pillar)
        return [Pillar(name, list(lines)) for name, lines in grouped]

    @property
    def lacking(self) -> list[Line]:
        """The practices that keep it from being handed in."""
        return [line for line in self.lines if line.missing]

    @property
    def unanswered(self) -> list[Line]:
        """Those of them about which nothing was said yet."""
        return [line for line in self.lacking if line.score.level is None]

    @property
    def begun(self) -> list[Line]:
        """Those of them that lack something else."""
        return [line for line in self.lacking if line.score.level is not None]

    @property
    def obstacles(self) -> list[str]:
        """What keeps it from being handed in beside single practices."""
        top = self.progress.top
        if len(top) <= MOST_ON_TOP:
            return []
        said = _("At most %(most)s practices can be among the most important; these are: %(all)s.")
        return [said % {"most": MOST_ON_TOP, "all": get_text_list(list(top), _("and"))}]

    @property
    def sign(self) -> str:
        """What a page was made from."""
        return mark({"version": self.assessment.version})

    @property
    def words(self) -> str:
        """How far it is, in a sentence."""
        facts = {"done": self.progress.complete, "all": self.progress.asked}
        return (
            ngettext(
                "%(done)s of %(all)s practice is complete.",
                "%(done)s of %(all)s practices are complete.",
                self.progress.asked,
            )
            % facts
        )

    def line(self, code: str) -> Line | None:
        """The practice with this code; None when the framework has no such."""
        return next((line for line in self.lines if line.practice.code == code), None)

    def beside(self, line: Line) -> tuple[Line | None, Line | None]:
        """The practices before and after this one."""
        place = line.number - 1
        before = self.lines[place - 1] if place else None
        return before, self.lines[place + 1] if line.number < len(self.lines) else None


def missing(lack: Lack) -> Missing:
    """What is missing, in words, with the kind of evidence that mends it."""
    since = SHOWN_FROM.get(lack)
    return Missing(str(SENTENCES[lack]) % {"since": since}, str(lack) if since else "")


@dataclass(frozen=True)
class Rule:
    """What a level needs to be shown, from which level on, and whether it is here."""

    kind: str
    since: int
    words: str
    is_met: bool


def rules(line: Line, levels: int) -> list[Rule]:
    """What has to be shown of a practice on a scale of so many levels."""
    return [
        Rule(kind, since, missing(Lack(kind)).words, kind in line.answer.shown)
        for kind, since in SHOWN_FROM.items()
        if since <= levels
    ]


# --- A city, or all of them --------------------------------------------------------------


def overview(team: Team) -> Overview:
    """The own view of one city; what nobody has written yet is in it as rows that are not stored.

    Four queries, however much was written. `team` has its cycle.
    """
    return _overviews(team.cycle, [team])[0]


def overviews(cycle: Cycle) -> list[Overview]:
    """The own views of all cities of a cycle, by country and name; in five queries."""
    return _overviews(cycle, list(cycle.teams.by_country()))


def _overviews(cycle: Cycle, teams: list[Team]) -> list[Overview]:
    practices = list(Practice.objects.filter(framework=cycle.framework_id))
    begun = {row.team_id: row for row in SelfAssessment.objects.filter(team__in=teams)}
    scores: dict[object, dict[int, SelfScore]] = defaultdict(dict)
    for score in SelfScore.objects.filter(assessment__in=begun.values()):
        scores[score.assessment_id][score.practice_id] = score
    shown = _shown(begun.values())
    found = []
    for team in teams:
        assessment = begun.get(team.pk) or SelfAssessment(team=team)
        assessment.team = team
        lines = [
            _line(number, practice, assessment, scores[assessment.pk].get(practice.pk), shown)
            for number, practice in enumerate(practices, start=1)
        ]
        answers = [line.answer for line in lines]
        found.append(
            Overview(
                team=team,
                assessment=assessment,
                lines=lines,
                progress=progress(answers),
                is_ready=is_ready(answers),
                closed=closed_because(cycle, assessment),
            )
        )
    return found


def _shown(assessments: Iterable[SelfAssessment]) -> dict[object, set[str]]:
    """The kinds of evidence that each score has; only what has been received."""
    taken = Evidence.objects.filter(score__assessment__in=assessments, state=Evidence.State.TAKEN)
    found: dict[object, set[str]] = defaultdict(set)
    for score, kind in taken.order_by().values_list("score", "kind").distinct():
        found[score].add(kind)
    return found


def _line(
    number: int,
    practice: Practice,
    assessment: SelfAssessment,
    score: SelfScore | None,
    shown: dict[object, set[str]],
) -> Line:
    score = score or SelfScore(assessment=assessment)
    score.practice = practice
    kinds = shown.get(score.pk, set())
    answer = Answer(practice.code, score.choice, bool(score.reason), frozenset(kinds))
    return Line(number, practice, score, answer)


def closed_because(cycle: Cycle, assessment: SelfAssessment) -> str:
    """Why nothing can be written at this moment; "" while it can."""
    if cycle.status == Cycle.Stage.SETUP:
        return _("The self-assessment has not begun yet.")
    if cycle.status not in {Cycle.Stage.SELF, Cycle.Stage.RATING}:
        return _("The self-assessment is closed: the cycle has gone on.")
    if assessment.status == SelfAssessment.Status.SUBMITTED:
        return _(
            "Your self-assessment is handed in. If something has to be changed, ask the "
            "facilitator to open it again."
        )
    if cycle.status == Cycle.Stage.RATING and assessment.reopened_at is None:
        return _(
            "The time for self-assessments is over. If yours has to be finished, ask the "
            "facilitator to open it again."
        )
    return ""


def can_be_reopened(cycle: Cycle, assessment: SelfAssessment) -> bool:
    """Whether the facilitator can open it now: it is closed, and the rating has not ended."""
    stages = {Cycle.Stage.SELF, Cycle.Stage.RATING}
    return cycle.status in stages and bool(closed_because(cycle, assessment))


def others_on_top(assessment: SelfAssessment, practice: Practice) -> tuple[str, ...]:
    """The codes of the other practices with the top priority, in the framework's order."""
    others = SelfScore.objects.filter(assessment=assessment).exclude(practice=practice)
    rows = others.order_by("practice__order").values_list("practice__code", "priority")
    return on_top(Answer(code, Choice(priority=priority)) for code, priority in rows)


def evidence_of(team: Team, practices: Collection[Practice]) -> dict[int, list[Evidence]]:
    """What a city shows for each of these practices, by their keys: only what was received.

    Nothing of its levels is in it. Whether the reader may see it is for the caller to ask;
    `Evidence.objects.visible_to` knows.
    """
    rows = Evidence.objects.filter(
        score__assessment__team=team, score__practice__in=practices, state=Evidence.State.TAKEN
    ).select_related("score")
    found: dict[int, list[Evidence]] = {practice.pk: [] for practice in practices}
    for row in rows:
        found[row.score.practice_id].append(row)
    return found


@dataclass(frozen=True)
class Told:
    """A practice as those who lead read it: what the city says, and what shows it."""

    line: Line
    rungs: list[Rung]
    evidence: list[Evidence]


def told(page: Overview) -> list[tuple[str, list[Told]]]:
    """All that a city says, by pillar, in three queries more."""
    steps = all_rungs(page.team.cycle.framework_id)
    shown = evidence_of(page.team, [line.practice for line in page.lines])
    return [
        (
            pillar.name,
            [Told(line, steps[line.practice.pk], shown[line.practice.pk]) for line in pillar.lines],
        )
        for pillar in page.pillars
    ]


def before(team: Team, practice: Practice) -> SelfScore | None:
    """What the same city said of the same practice in the cycle before; None when it did not."""
    if team.cycle.previous_id is None:
        return None
    scores = SelfScore.objects.filter(
        assessment__team__cycle=team.cycle.previous_id,
        assessment__team__city=team.city_id,
        practice__code=practice.code,
    )
    return scores.first()
