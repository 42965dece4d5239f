"""What shows a city's levels: for those who rate it, and for the city with what was noticed."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cityshare.models import Cycle, Evidence, Moderation, SelfAssessment, SelfScore
from cityshare.queries import assessment as assessments
from cityshare.small_counts import small_counts
from workshop_portal import files

State = Evidence.State
# Verdicts of our own, beside those of a check.
REFUSALS = {
    "virus": gettext_lazy(
        "The virus check found something in “%(name)s”, so it was deleted. Scan your device, and "
        "give the document from another place."
    ),
}
FEW = gettext_lazy(
    "This reads like a count below 5: %(found)s. Write “<5” instead, so that nobody can be "
    "recognised, unless it counts something else."
)


@dataclass(frozen=True)
class Shown:
    """A piece of evidence as its own city sees it: what is wrong with it, what was noticed."""

    row: Evidence
    reason: str = ""
    cautions: list[str] = field(default_factory=list)

    @property
    def is_waiting(self) -> bool:
        return self.row.state == State.CHECKING


def shown_of(score: SelfScore) -> list[Shown]:
    """Everything that was given for one practice, for its own city."""
    return [shown(row) for row in Evidence.objects.filter(score=score.pk)]


def shown(row: Evidence) -> Shown:
    """One piece of evidence for its own city."""
    found = [files.caution_words(caution) for caution in row.facts.get("cautions", ())]
    if few := small_counts(f"{row.title}\n{row.text}"):
        found.append(few_words(few))
    return Shown(row, reason=refusal(row), cautions=found)


def few_words(found: list[str]) -> str:
    """The question about what reads like small counts."""
    return str(FEW) % {"found": get_text_list([f"“{words}”" for words in found], _("and"))}


def refusal(row: Evidence) -> str:
    """Why a file was not taken, in words; "" for all others."""
    if row.state != State.REFUSED:
        return ""
    if own := REFUSALS.get(row.verdict):
        return str(own) % {"name": row.name}
    return files.sentence(row.verdict, row.name, **row.facts)


def closed_because(assessment: SelfAssessment, score: SelfScore) -> str:
    """Why no evidence can be added for this practice at this moment; "" while it can.

    `assessment` has its team and cycle. While a practice is moderated one piece may be added.
    """
    cycle = assessment.team.cycle
    if cycle.status != Cycle.Stage.MODERATION:
        return assessments.closed_because(cycle, assessment)
    talks = Moderation.objects.filter(team=assessment.team, practice=score.practice_id)
    if not talks.filter(status=Moderation.Status.OPEN).exists():
        return _("Evidence can be added for practices that are talked about, and for this one not.")
    added = Evidence.objects.filter(score=score.pk, in_moderation=True)
    if added.exclude(state=State.REFUSED).exists():
        return _("For the talk one piece has been added already; more cannot be.")
    return ""


def to_check() -> list[object]:
    """Files that wait for a check that nobody is doing."""
    return list(Evidence.objects.waiting().free().values_list("pk", flat=True))
