"""How the vote on a draft stands: who has answered, and about which wording."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cityshare.interchange import Sheet, written
from cityshare.models import Cycle, Framework, Member, Voice, Vote
from cityshare.queries.cycle import todo
from cityshare.queries.framework import sheet_of
from cityshare.queries.tasks_early import TO_DO, Found
from workshop_portal.merging import mark
from workshop_portal.task import Task

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User

Answer = Voice.Answer


def wording(sheet: Sheet) -> str:
    """The mark of the words that cities read in a draft.

    Its name and its version are none of them: they may be settled last. Nor are the invented
    cities, which the people who answer do not see.
    """
    return mark(written(replace(sheet, name="", version="", dossiers=())))


@dataclass(frozen=True)
class Line:
    """What one city has said. `speaker` answers for it now; None where nobody has been chosen.

    An answer `is_earlier` when the draft was changed after it was given.
    """

    voice: Voice
    speaker: User | None
    is_earlier: bool
    remarks: list[tuple[str, str]]

    @property
    def counts(self) -> bool:
        """Whether it is an answer about the words as they are."""
        return bool(self.voice.answer) and not self.is_earlier


@dataclass(frozen=True)
class Standing:
    """A vote with the answer of every city that is asked, at one moment."""

    vote: Vote
    lines: list[Line]
    is_open: bool

    @cached_property
    def _answers(self) -> Counter[str]:
        return Counter(line.voice.answer for line in self.lines if line.counts)

    @property
    def asked(self) -> int:
        return len(self.lines)

    @property
    def agreed(self) -> int:
        """How many cities agree with the words as they are, with remarks or without."""
        return self._answers[Answer.AGREES] + self._answers[Answer.REMARKS]

    @property
    def with_remarks(self) -> int:
        return self._answers[Answer.REMARKS]

    @property
    def against(self) -> int:
        return self._answers[Answer.DISAGREES]

    @property
    def earlier(self) -> int:
        """How many have answered about an earlier wording, which counts for nothing else."""
        return sum(line.is_earlier for line in self.lines)

    @property
    def silent(self) -> int:
        return sum(not line.voice.answer for line in self.lines)

    @property
    def answered(self) -> int:
        return self.asked - self.silent

    @property
    def told(self) -> list[Line]:
        """The answers that have words beside them."""
        return [line for line in self.lines if line.voice.comment or line.remarks]

    @property
    def facts(self) -> dict[str, int]:
        """What stands on record of it."""
        names = ("asked", "agreed", "with_remarks", "against", "earlier", "silent")
        return {name: getattr(self, name) for name in names}

    @property
    def mark(self) -> str:
        """Another mark, another state of the vote: an answer has come, or it was closed."""
        said = {str(line.voice.pk): (line.voice.given_at, line.counts) for line in self.lines}
        return mark({**said, "vote": (self.vote.pk, self.vote.status)})

    def line_of(self, user: User) -> Line | None:
        """What the city of this person has said; None for those of no city that is asked."""
        teams = Member.objects.filter(user_id=user.pk).values_list("team", flat=True)
        own = {*teams} if self.lines else set()
        return next((line for line in self.lines if line.voice.team_id in own), None)


def newest(framework: Framework) -> Vote | None:
    """The last vote on a draft, the open one if there is one, with its cycle and workshop."""
    return framework.votes.select_related("cycle__workshop").first()


def standing(vote: Vote, words: str) -> Standing:
    """How a vote stands for a draft whose wording has this mark; in two queries."""
    speakers = Member.objects.filter(is_focal_point=True).select_related("user")
    rows = vote.voices.select_related("team__city", "given_by").prefetch_related(
        Prefetch("team__members", speakers)
    )
    lines = [_line(voice, words) for voice in rows]
    return Standing(vote, lines, vote.takes_answers(timezone.now()))


def _line(voice: Voice, words: str) -> Line:
    speaker = next((member.user for member in voice.team.members.all()), None)
    is_earlier = bool(voice.answer) and voice.wording != words
    return Line(voice, speaker, is_earlier, sorted(voice.remarks.items()))


def standing_of(framework: Framework, sheet: Sheet) -> Standing | None:
    """How the last vote on a draft stands; None where no city was ever asked."""
    vote = newest(framework)
    return standing(vote, wording(sheet)) if vote else None


def votable(user: User) -> QuerySet[Cycle]:
    """The cycles whose cities this person may ask: those they lead that are not over."""
    led = Cycle.objects.led_by(user).exclude(status=Cycle.Stage.CLOSED)
    return led.filter(teams__members__is_focal_point=True).distinct().select_related("workshop")


# --- What waits for whom -----------------------------------------------------------------


def votes(cycle: Cycle, members: Sequence[Member], now: datetime) -> Found:
    """For the focal point: drafts that the city is asked about; again after they were changed."""
    spoken = {member.team_id: member for member in members if member.is_focal_point}
    if not spoken:
        return
    rows = Voice.objects.filter(team__in=spoken, vote__status=Vote.Status.OPEN)
    known = rows.filter(vote__until__gte=now).select_related("vote__framework")
    words: dict[Framework, str] = {}
    for voice in known.order_by("vote__until"):
        draft = voice.vote.framework
        if not voice.answer:
            name = _("Say whether your city agrees with the draft “%s”") % draft
        elif voice.wording == words.setdefault(draft, wording(sheet_of(draft))):
            continue
        else:
            name = _("Look again at the draft “%s”: it was changed after your answer") % draft
        yield spoken[voice.team_id], _of_vote(cycle, voice.vote, name)


def to_close(cycle: Cycle, now: datetime) -> list[Task]:
    """For those who lead: votes whose time is over."""
    rows = cycle.votes.filter(status=Vote.Status.OPEN, until__lt=now).select_related("framework")
    name = _("Close the vote on the draft “%s”: its time is over")
    return [_of_vote(cycle, vote, name % vote.framework) for vote in rows]


def _of_vote(cycle: Cycle, vote: Vote, name: str) -> Task:
    task = todo(cycle, name, "cycle", due=vote.until, word=TO_DO)
    return replace(task, url=vote.get_absolute_url())
