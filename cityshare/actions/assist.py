"""A peer assist is planned, held, written down, and thanked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cityshare.actions.market import hold
from cityshare.actions.posting import Told, post_to_each
from cityshare.models import Cycle, PeerAssist, Proposal, Team
from cityshare.queries.assist import sides
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused, unchanged
from workshop_portal.workflow import advance

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User

Status = PeerAssist.Status
MOST_HELPERS = 2
# What people have in their calendars: when it changes they are told, and the file is newer.
DATED = ("starts_at", "minutes", "link")


@transaction.atomic
def plan(proposals: Sequence[Proposal], *, by: User, **facts: Any) -> PeerAssist:
    """Plan a meeting from one or two proposals of the same host and practice that both accepted.

    `facts` are the columns of the assist; with `starts_at` everybody is told.
    """
    first = proposals[0]
    cycle = hold(first.learner.cycle)
    _check(proposals)
    assist = PeerAssist.objects.create(host=first.learner, practice=first.practice, **facts)
    assist.proposals.set(proposals)
    assist.helpers.set([one.helper for one in proposals])
    record("peerassist.planned", assist, about=cycle, by=by, practice=first.practice.code)
    if assist.starts_at:
        _tell("assist_planned", readers(assist), assist, cycle)
    return assist


def _check(proposals: Sequence[Proposal]) -> None:
    """Raise Refused unless a meeting can be made from these."""
    rows = Proposal.objects.select_for_update().filter(pk__in=[one.pk for one in proposals])
    if any(one.status != Proposal.Status.ACCEPTED for one in rows):
        raise Refused(_("A peer assist is planned when both cities have said yes."))
    if len({(one.learner_id, one.practice_id) for one in rows}) > 1 or len(rows) > MOST_HELPERS:
        raise Refused(_("One or two cities help one host with one practice."))
    planned = PeerAssist.objects.filter(proposals__in=proposals).exclude(status=Status.CALLED_OFF)
    if planned.exists():
        raise Refused(_("A peer assist has been planned from this already."))


def _hold(assist: PeerAssist, *statuses: str) -> PeerAssist:
    """The assist as it stands now, locked; refused in any other state than these."""
    hold(assist.host.cycle)
    held = PeerAssist.objects.select_for_update(of=["self"]).get(pk=assist.pk)
    if held.status not in statuses:
        raise Refused(
            _("This is no longer possible: the peer assist is “%s”.") % held.get_status_display()
        )
    return held


@transaction.atomic
def change(assist: PeerAssist, *, by: User, **facts: Any) -> PeerAssist:
    """Change what was planned; whoever a date, length or place concerns is told what is new."""
    held = unchanged(assist, _hold(assist, Status.PLANNED), facts)
    changed = [name for name, value in facts.items() if getattr(held, name) != value]
    if not changed:
        return held
    PeerAssist.objects.filter(pk=held.pk).update(**facts, sequence=F("sequence") + 1)
    cycle = held.host.cycle
    record("peerassist.changed", held, about=cycle, by=by, changed=sorted(changed))
    now = PeerAssist.objects.select_related("host__city", "facilitator").get(pk=held.pk)
    _tell_change(held, now, cycle, is_moved=not set(DATED).isdisjoint(changed))
    return now


def _tell_change(was: PeerAssist, now: PeerAssist, cycle: Cycle, *, is_moved: bool) -> None:
    """Tell those who know of a date what is new about it, and those who do not the date."""
    knew, known = readers(was) if was.starts_at else [], readers(now)
    gone = [reader for reader in knew if reader not in known]
    _tell("assist_handed_over", gone, now, cycle, was=was)
    if is_moved:
        stay = [reader for reader in knew if reader in known]
        _tell("assist_moved", stay, now, cycle, was=was)
    if now.starts_at:
        new = [reader for reader in known if reader not in knew]
        _tell("assist_planned", new, now, cycle)


def readers(assist: PeerAssist) -> list[User | Team]:
    """Whom the date concerns: everybody of the cities, and who facilitates."""
    teams: list[User | Team] = [side.team for side in sides(assist)]
    return [*teams, assist.facilitator] if assist.facilitator else teams


def _tell(
    letter: str, to: Iterable[User | Team], assist: PeerAssist, cycle: Cycle, **facts: Any
) -> None:
    """Write about the date of a meeting; each reader once for each state of its plan."""
    key, cities = f"assist:{assist.pk}:date:{assist.sequence}", sides(assist)
    told = [
        Told(reader, key, {"team": reader if isinstance(reader, Team) else None}) for reader in to
    ]
    about = {"assist": assist, "sides": cities, **facts}
    post_to_each(told, f"cityshare/{letter}", cycle=cycle, **about)


@transaction.atomic
def call_off(assist: PeerAssist, *, reason: str, by: User) -> None:
    """Call a planned meeting off; everybody who knows of its date is told why."""
    held = _hold(assist, Status.PLANNED)
    cycle = held.host.cycle
    advance(held, Status.CALLED_OFF, about=cycle, by=by, reason=reason)
    PeerAssist.objects.filter(pk=held.pk).update(sequence=F("sequence") + 1)
    held.refresh_from_db()
    if held.starts_at:
        _tell("assist_called_off", readers(held), held, cycle, reason=reason)


@transaction.atomic
def note(assist: PeerAssist, *, by: User, **words: str) -> PeerAssist:
    """Keep what was said: `options_heard`, `host_will_do`, `notes`."""
    held = unchanged(assist, _hold(assist, Status.PLANNED, Status.HELD), words)
    PeerAssist.objects.filter(pk=held.pk).update(**words)
    record("peerassist.noted", held, about=held.host.cycle, by=by)
    held.refresh_from_db()
    return held


@transaction.atomic
def conclude(assist: PeerAssist, *, by: User) -> None:
    """Say that the meeting has taken place."""
    held = _hold(assist, Status.PLANNED)
    if held.starts_at is None or held.starts_at > timezone.now():
        raise Refused(_("The meeting has not begun yet. Change its date if it was held earlier."))
    advance(held, Status.HELD, about=held.host.cycle, by=by)
    PeerAssist.objects.filter(pk=held.pk).update(held_at=timezone.now())


@transaction.atomic
def thank(assist: PeerAssist, *, thanks: str, was_useful: bool, by: User) -> None:
    """Thank the helpers by letter, once, and say whether it was useful."""
    held = _hold(assist, Status.HELD)
    if held.thanked_at:
        raise Refused(_("The helpers have been thanked already."))
    held.thanks, held.was_useful, held.thanked_at = thanks, was_useful, timezone.now()
    held.save(update_fields=["thanks", "was_useful", "thanked_at"])
    cycle = held.host.cycle
    record("peerassist.thanked", held, about=cycle, by=by, was_useful=was_useful)
    key = f"assist:{held.pk}:thanks"
    told = [Told(team, key) for team in held.helpers.by_country()]
    post_to_each(told, "cityshare/assist_thanks", cycle=cycle, assist=held)
