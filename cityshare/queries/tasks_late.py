"""What waits for the people of a city from offers and needs on: help, meetings, good practices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cityshare.models import (
    Asset,
    Cycle,
    Invitation,
    Member,
    PeerAssist,
    Proposal,
    Team,
    Validation,
)
from cityshare.queries.cycle import todo
from cityshare.queries.market import answers, board
from cityshare.queries.tasks_early import TO_DO, Ask, Found
from workshop_portal.task import Task

Stage = Cycle.Stage
BEING_WRITTEN = gettext_lazy("Being written")


def _spoken(members: Sequence[Member]) -> dict[UUID, Member]:
    """The focal points among the members, by their city."""
    return {member.team_id: member for member in members if member.is_focal_point}


def offers(cycle: Cycle, members: Sequence[Member], now: datetime) -> Found:
    """For the focal point: offers and needs that the stairs suggest and the city has not said."""
    spoken = _spoken(members)
    if len(spoken) == 1:
        [focal] = spoken.values()
        open_ = {focal.team_id: board(cycle, focal.team).open}
    else:
        open_ = {line.team.pk: line.open for line in answers(cycle)} if spoken else {}
    for team, member in spoken.items():
        if number := open_.get(team, 0):
            words = ngettext(
                "Say whether you confirm %(n)d offer or need",
                "Say whether you confirm %(n)d offers and needs",
                number,
            )
            yield member, todo(cycle, words % {"n": number}, "market", word=TO_DO)


def proposals(cycle: Cycle, members: Sequence[Member], now: datetime) -> Found:
    """For the focal point: proposals that wait for the city's answer."""
    spoken = _spoken(members)
    helper = Q(helper__in=spoken, helper_answer="")
    learner = Q(learner__in=spoken, learner_answer="")
    rows = Proposal.objects.filter(helper | learner, status=Proposal.Status.PROPOSED)
    known = rows.select_related("helper__city", "learner__city", "practice")
    for one in known.order_by("practice__order", "pk"):
        facts = {
            "helper": one.helper.city.name,
            "learner": one.learner.city.name,
            "code": one.practice.code,
        }
        name = _("Answer: %(helper)s helps %(learner)s with %(code)s") % facts
        sides = [(one.helper_id, one.helper_answer), (one.learner_id, one.learner_answer)]
        for team, answer in sides:
            if team in spoken and not answer:
                yield spoken[team], todo(cycle, name, "proposal", [one.pk], word=TO_DO)


def meetings(cycle: Cycle, members: Sequence[Member], now: datetime) -> Found:
    """Meetings to plan and to write down, for the host's focal point; those to come, for all."""
    yield from _unplanned(cycle, members)
    teams = {member.team_id for member in members}
    rows = PeerAssist.objects.filter(Q(host__in=teams) | Q(helpers__in=teams)).distinct()
    open_ = rows.exclude(status=PeerAssist.Status.CALLED_OFF).filter(thanked_at=None)
    known = open_.select_related("host__city", "practice").prefetch_related(
        Prefetch("helpers", Team.objects.only("pk"))
    )
    for assist in known.order_by("starts_at", "pk"):
        concerned = {assist.host_id, *(team.pk for team in assist.helpers.all())}
        for member in members:
            if member.team_id in concerned and (task := _of_meeting(cycle, assist, member, now)):
                yield member, task


def _unplanned(cycle: Cycle, members: Sequence[Member]) -> Found:
    spoken = _spoken(members)
    planned = PeerAssist.objects.exclude(status=PeerAssist.Status.CALLED_OFF)
    rows = Proposal.objects.filter(learner__in=spoken, status=Proposal.Status.ACCEPTED)
    unplanned = rows.exclude(pk__in=planned.filter(proposals__isnull=False).values("proposals"))
    for one in unplanned.select_related("helper__city", "practice").order_by("pk"):
        facts = {"helper": one.helper.city.name, "code": one.practice.code}
        name = _("Plan the meeting with %(helper)s about %(code)s") % facts
        yield spoken[one.learner_id], todo(cycle, name, "proposal", [one.pk], word=TO_DO)


def _of_meeting(cycle: Cycle, assist: PeerAssist, member: Member, now: datetime) -> Task | None:
    """What a meeting asks of one person of its cities at this moment."""
    facts = {"city": assist.host.city.name, "code": assist.practice.code}
    hosts = member.is_focal_point and member.team_id == assist.host_id
    if assist.status == PeerAssist.Status.HELD:
        name = _("Thank those who helped you with %(code)s") if hosts else ""
    elif assist.starts_at is None:
        name = _("Give the peer assist about %(code)s a date") if hosts else ""
    elif assist.starts_at > now:
        name = _("Peer assist about %(code)s, hosted by %(city)s") % facts
        return todo(cycle, name, "assist", [assist.pk], due=assist.starts_at, word=_("Meeting"))
    else:
        name = _("Write down what came of the peer assist about %(code)s") if hosts else ""
    return todo(cycle, name % facts, "assist", [assist.pk], word=TO_DO) if name else None


def assets(cycle: Cycle, members: Sequence[Member], now: datetime) -> Found:
    """Good practices that the city writes, that wait for its word, or are to be looked at again."""
    teams: dict[UUID, list[Member]] = defaultdict(list)
    for member in members:
        teams[member.team_id].append(member)
    authors = Prefetch("teams", Team.objects.select_related("city"))
    said = Prefetch("validations", Validation.objects.only("team", "version", "asset"))
    waiting = Invitation.objects.filter(status=Invitation.Status.ASKED)
    asked = Prefetch("invitations", waiting.order_by())
    rows = cycle.assets.exclude(status__in=[Asset.Status.PUBLISHED, Asset.Status.WITHDRAWN])
    for asset in rows.prefetch_related(authors, said, asked).order_by("practice__order", "title"):
        for team in asset.teams.all():
            for member in teams.get(team.pk, []):
                yield from _of_author(cycle, asset, member)
        if asset.status == Asset.Status.DRAFT:
            yield from _of_invited(cycle, asset, members)
        if asset.status == Asset.Status.REVIEW:
            yield from _of_validators(cycle, asset, members)


def _of_author(cycle: Cycle, asset: Asset, member: Member) -> Found:
    if asset.status == Asset.Status.DRAFT:
        name, word = _("Finish “%s”") % asset.title, BEING_WRITTEN
    elif asset.status == Asset.Status.DUE:
        name, word = _("Look again at “%s”: does it still hold?") % asset.title, TO_DO
    else:
        return
    yield member, _of_asset(cycle, asset, name, word)


def _of_invited(cycle: Cycle, asset: Asset, members: Sequence[Member]) -> Found:
    """The focal points of cities that are asked whether they write it; others are not fetched."""
    spoken = _spoken(members)
    for invitation in asset.invitations.all():
        if member := spoken.get(invitation.team_id):
            name = _("Say whether your city writes “%s” too") % asset.title
            yield member, _of_asset(cycle, asset, name, TO_DO)


def _of_validators(cycle: Cycle, asset: Asset, members: Sequence[Member]) -> Found:
    """The focal points of cities in other countries that have not said a word on this version."""
    countries = {str(team.city.country) for team in asset.teams.all()}
    said = {v.team_id for v in asset.validations.all() if v.version == asset.version}
    for member in _spoken(members).values():
        if str(member.team.city.country) not in countries and member.team_id not in said:
            name = _("Say whether “%s” holds for others, too") % asset.title
            yield member, _of_asset(cycle, asset, name, TO_DO)


def _of_asset(cycle: Cycle, asset: Asset, name: str, word: str | Promise) -> Task:
    return replace(todo(cycle, name, "cycle", word=word), url=asset.get_absolute_url())


LATE: dict[str, tuple[Ask, ...]] = {
    Stage.MARKET: (offers, proposals, meetings),
    Stage.ASSIST: (proposals, meetings, assets),
    Stage.DISTIL: (meetings, assets),
    Stage.PLAN: (meetings, assets),
    Stage.FOLLOW3: (assets,),
    Stage.FOLLOW6: (assets,),
    Stage.FOLLOW12: (assets,),
}
