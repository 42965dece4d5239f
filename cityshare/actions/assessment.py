"""A city's own view: written by its team, handed in by its focal point, opened again for it.

Everything that is written about one city passes `hold`, so what one member does is weighed
against what the others have done, however many write at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cityshare.actions.posting import post_to
from cityshare.assessing import TOP, Choice, Wrong, chosen
from cityshare.models import OwnView, Practice, SelfAssessment, SelfScore, Team
from cityshare.queries import assessment as queries
from cityshare.queries import own_paper
from cityshare.queries.own_paper import Sheet
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused, unchanged
from workshop_portal.merging import Fate, fate
from workshop_portal.papers.actions import discard, order
from workshop_portal.papers.models import Paper
from workshop_portal.workflow import advance

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User
    from workshop_portal.merging import Change

Status = SelfAssessment.Status
CHOICES = ("level", "target", "priority")
TEXTS = ("confidence", "reason", "why", "dissent")
# Texts are saved every few seconds; the trail tells of them once in a sitting.
SITTING = timedelta(minutes=10)


@dataclass(frozen=True)
class Written:
    """What became of what was typed: a fate by question, or the sentence of what was wrong."""

    score: SelfScore
    fates: dict[str, Fate]
    wrong: dict[str, str]

    @property
    def is_stored(self) -> bool:
        """Whether all of it is now as it was typed, or was so already."""
        return not self.wrong and Fate.CONFLICT not in self.fates.values()


def hold(team: Team) -> SelfAssessment:
    """The city's own view, begun if nobody had; held until the transaction ends."""
    teams = Team.objects.select_for_update(of=("self",), no_key=True).select_related("cycle")
    held = teams.get(pk=team.pk)
    assessment, _made = SelfAssessment.objects.get_or_create(team=held)
    assessment.team = held
    return assessment


def hold_open(team: Team) -> SelfAssessment:
    """As `hold`; raises Refused when nothing can be written at this moment."""
    held = hold(team)
    if words := queries.closed_because(held.team.cycle, held):
        raise Refused(words, back=reverse("cityshare:assess", args=[held.team.cycle_id]))
    return held


def score_of(held: SelfAssessment, practice: Practice) -> SelfScore:
    """The row of one practice, made when there was none."""
    score, _made = SelfScore.objects.get_or_create(assessment=held, practice=practice)
    return score


def touch(held: SelfAssessment) -> None:
    """Count a change: whoever opened the whole before has to look again before handing it in."""
    SelfAssessment.objects.filter(pk=held.pk).update(version=F("version") + 1)


# --- Writing -----------------------------------------------------------------------------


@transaction.atomic
def write(
    team: Team,
    practice: Practice,
    *,
    changes: Mapping[str, Change],
    whole: bool = False,
    by: User,
) -> Written:
    """Store what was typed of one practice, and say what became of each question.

    What somebody else has stored since is never overwritten, and no rule is broken. With `whole`
    nothing is stored unless all of it can be.
    """
    held = hold_open(team)
    score = score_of(held, practice)
    fates = {name: fate(change, score.stored(name)) for name, change in changes.items()}
    typed = {n: changes[n].held.answer for n, what in fates.items() if what is Fate.TAKEN}
    others = queries.others_on_top(held, practice) if typed.get("priority") == TOP else ()
    choice, found = chosen(score.choice, typed, others_on_top=len(others))
    wrong = {name: _sentence(why, others) for name, why in found.items()}
    written = Written(score, {n: what for n, what in fates.items() if n not in wrong}, wrong)
    if whole and not written.is_stored:
        return written
    _store(held, score, choice, typed, by=by)
    # What the rules have set aside is told as what stands now.
    aside = [n for n in typed if n not in wrong and score.stored(n) != changes[n].held]
    written.fates.update(dict.fromkeys(aside, Fate.UNTOUCHED))
    return written


def _store(
    held: SelfAssessment, score: SelfScore, choice: Choice, typed: Mapping[str, Any], *, by: User
) -> None:
    was = {name: getattr(score, name) for name in (*CHOICES, *TEXTS)}
    score.current, score.target = choice.current, choice.target
    score.priority, score.outside_mandate = choice.priority, choice.outside
    for name in {*TEXTS} & {*typed}:
        setattr(score, name, typed[name])
    now = {name: getattr(score, name) for name in was if getattr(score, name) != was[name]}
    if not now:
        return
    is_sitting = score.changed_by_id == by.pk and timezone.now() - score.changed_at < SITTING
    score.version += 1
    score.changed_by = by
    score.save()
    touch(held)
    told = {name: now[name] for name in CHOICES if name in now}
    if told or not is_sitting:
        code = score.practice.code
        record("assessment.changed", score, about=held, by=by, code=code, chosen=told)


def _sentence(why: Wrong, others: tuple[str, ...]) -> str:
    if why is Wrong.LOW_TARGET:
        return _(
            "The target lies below the level of today. Choose the same level, or a higher one."
        )
    return _(
        "Three practices are among the most important already: %(codes)s. Give one of them a "
        "lower priority first."
    ) % {"codes": get_text_list(list(others), _("and"))}


@transaction.atomic
def tell_who(team: Team, *, seen: SelfAssessment, who_took_part: str, by: User) -> None:
    """Note who sat around the screen, in general words, in the place of what was `seen`."""
    back = reverse("cityshare:assess", args=[team.cycle_id])
    held = unchanged(seen, hold_open(team), {"who_took_part": who_took_part}, back=back)
    if held.who_took_part != who_took_part:
        SelfAssessment.objects.filter(pk=held.pk).update(who_took_part=who_took_part)
        touch(held)
        record("assessment.who_told", held, by=by)


# --- Around one screen -------------------------------------------------------------------


@transaction.atomic
def say(team: Team, practice: Practice, *, level: int, by: User) -> None:
    """Say what one holds to be the level oneself, or something else than before."""
    score = score_of(hold_open(team), practice)
    OwnView.objects.update_or_create(score=score, person=by, defaults={"level": level})


@transaction.atomic
def begin_anew(team: Team, practice: Practice, *, by: User) -> None:
    """Forget what members have said for themselves of one practice."""
    held = hold_open(team)
    said = OwnView.objects.filter(score__assessment=held, score__practice=practice)
    if said.delete()[0]:
        record("assessment.views_forgotten", held, by=by, code=practice.code)


# --- On paper ----------------------------------------------------------------------------


@transaction.atomic
def order_paper(team: Team, *, sheet: Sheet) -> Paper:
    """Have the empty form or the present answers printed, in the language of the moment.

    The same answers give the paper there is; the one with other answers is gone.
    """
    page = queries.overview(team)
    facts = own_paper.facts_of(page, sheet)
    title = _("Self-assessment: %(framework)s") % {"framework": facts["framework"]}
    paper = order(
        own_paper.key_of(page, sheet, facts),
        "papers/own_view.html",
        title=title[:200],
        facts=facts,
        language=get_language() or settings.LANGUAGE_CODE,
    )
    discard(own_paper.keys_of(page, sheet), but=paper)
    return paper


# --- Handing in, and opening again -------------------------------------------------------


@transaction.atomic
def submit(team: Team, *, seen: str, by: User) -> None:
    """Hand the own view in; from then on nobody of the team changes it. Twice changes nothing.

    `seen` is the sign of the `Overview` that the person read.
    """
    held = hold(team)
    if held.status == Status.SUBMITTED:
        return
    found = queries.overview(held.team)
    back = reverse("cityshare:assess", args=[held.team.cycle_id])
    if found.closed:
        raise Refused(found.closed, back=back)
    if not found.is_ready:
        raise Refused(_("Something is missing still; the page says what."), back=back)
    if seen != found.sign:
        raise Refused(
            _(
                "Somebody of your team changed something after you opened the page. Please look "
                "at it again, and hand it in then."
            ),
            back=back,
        )
    SelfAssessment.objects.filter(pk=held.pk).update(submitted_at=timezone.now(), submitted_by=by)
    advance(held, Status.SUBMITTED, about=held.team.cycle, by=by)


@transaction.atomic
def reopen(team: Team, *, because: str, by: User) -> None:
    """Let a city change what it said of itself; its team is told why. Only until rating ends."""
    held = hold(team)
    cycle = held.team.cycle
    if not queries.can_be_reopened(cycle, held):
        raise Refused(
            _("This self-assessment is open, or the rating has ended."),
            back=reverse("cityshare:assess-team", args=[cycle.pk, team.pk]),
        )
    now = timezone.now()
    rows = SelfAssessment.objects.filter(pk=held.pk)
    rows.update(reopened_at=now, reopened_because=because)
    if held.status == Status.SUBMITTED:
        advance(held, Status.OPEN, about=cycle, by=by, reason=because)
    else:
        record("selfassessment.open", held, about=cycle, by=by, reason=because)
    key = f"assessment:{held.pk}:reopened:{now.isoformat()}"
    post_to(team, "cityshare/assessment_reopened", cycle=cycle, key=key, reason=because)
