"""What a team sees of itself around one screen: how many said which level, and never who."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cityshare.assessing import Spread, spread
from cityshare.models import Member, OwnView
from cityshare.queries.assessment import Line
from cityshare.queries.framework import Rung

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


@dataclass(frozen=True)
class Row:
    """One level with the number of those who say it, and as many marks."""

    rung: Rung
    many: int

    @property
    def marks(self) -> str:
        return "●" * self.many


@dataclass(frozen=True)
class Talk:
    """How far apart a team is. `said` members of `members` have spoken on their own devices.

    Who has spoken and left the team since is counted among both.
    """

    spread: Spread
    steps: Sequence[Rung]
    members: int
    said: int
    mine: int | None

    @property
    def rows(self) -> list[Row]:
        """Every level from the lowest."""
        return [Row(rung, many) for rung, many in zip(self.steps, self.spread.hands, strict=True)]

    @property
    def verdict(self) -> str:
        """What the spread says, and what to do about it."""
        width = self.spread.width
        if not self.spread.people:
            return _("Nobody has said a level. You can agree on one all the same.")
        if not width:
            return _("All of you say the same.")
        if width == 1:
            return _("You are one level apart. Which sentence is not true everywhere yet?")
        return _(
            "You are %(width)s levels apart. Ask those who said the lowest and the highest level "
            "what they have in mind. Then say a level once more, or agree on one."
        ) % {"width": width}

    @property
    def words(self) -> str:
        """What is offered to be kept of the spread; "" when all said the same."""
        if not self.spread.width:
            return ""
        parts = [
            ngettext("%(n)s person level %(level)s", "%(n)s people level %(level)s", many)
            % {"n": many, "level": level}
            for level, many in self.spread.said
        ]
        return _("Before we agreed, this was said: %(all)s.") % {
            "all": get_text_list(parts, _("and"))
        }


def talk(line: Line, steps: Sequence[Rung], hands: Mapping[int, int], user: User) -> Talk:
    """How many said which level of this practice, on their devices or by their hands."""
    said = dict(OwnView.objects.filter(score=line.score.pk).values_list("person", "level"))
    people = Member.objects.filter(team=line.score.assessment.team)
    return Talk(
        spread=spread(len(steps), said.values(), hands),
        steps=steps,
        members=len({*people.values_list("user", flat=True), *said}),
        said=len(said),
        mine=said.get(user.pk),
    )
