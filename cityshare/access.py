"""Who may do what in CityShare. A person and a thing in, yes or no out.

What the stage of a cycle allows is for the actions to say; here is only who somebody is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from cityshare.models import DossierCase, Member, PeerAssist
from cityshare.models.cycle import LEADS
from workshop_portal.workshops.models import Role

if TYPE_CHECKING:
    from cityshare.models import Asset, Assignment, Conflict, Cycle, Framework, Team
    from workshop_portal.accounts.models import User
    from workshop_portal.workshops.models import Workshop


def can_lead(user: User, workshop: Workshop) -> bool:
    """Whether this person facilitates the cycles of a workshop: starts, moves and moderates."""
    return Role.objects.filter(workshop=workshop, user_id=user.pk, role__in=LEADS).exists()


def can_facilitate(user: User, cycle: Cycle) -> bool:
    """Whether this person leads the cycle; never somebody who takes part in it for a city."""
    takes_part = Member.objects.filter(team__cycle=cycle, user_id=user.pk).exists()
    return not takes_part and can_lead(user, cycle.workshop)


def can_write_for(user: User, team: Team) -> bool:
    """Whether this person works on what the city says: everybody of its team."""
    return team.members.filter(user_id=user.pk).exists()


def can_speak_for(user: User, team: Team) -> bool:
    """Whether this person hands in, confirms and answers for the city: its focal point."""
    return team.members.filter(user_id=user.pk, is_focal_point=True).exists()


def can_rate(user: User, assignment: Assignment) -> bool:
    """Whether this is the person who rates the other city in this pair."""
    return assignment.person_id == user.pk and assignment.status in assignment.RELEASED


def can_take_back(user: User, conflict: Conflict) -> bool:
    """Whether this person takes a conflict back: who leads, and the team that declared it."""
    is_own = not conflict.by_leads and can_write_for(user, conflict.one)
    return is_own or can_facilitate(user, conflict.one.cycle)


def can_keep_frameworks(user: User) -> bool:
    """Whether this person starts, copies and imports frameworks: stewards are admins and leads."""
    leads = Role.objects.filter(user_id=user.pk, role__in=LEADS)
    return user.is_admin or leads.exists()


def can_read_answers(user: User, framework: Framework) -> bool:
    """Whether this person sees the agreed levels of invented cities: never who rates by them.

    In another version they are the same ones as long as they keep their names, or their words.
    """
    rated = DossierCase.objects.filter(dossier__framework__cycles__teams__members__user=user.pk)
    same = Q(dossier__title__in=rated.values("dossier__title")) | Q(text__in=rated.values("text"))
    told = DossierCase.objects.filter(same, dossier__framework=framework)
    return can_keep_frameworks(user) and not told.exists()


def can_edit(user: User, framework: Framework) -> bool:
    """Whether this person changes a draft of a framework, and freezes it."""
    return framework.status == framework.Status.DRAFT and can_keep_frameworks(user)


def can_write(user: User, asset: Asset) -> bool:
    """Whether this person writes the asset: everybody of its cities, and who leads its cycle."""
    mine = asset.teams.filter(members__user_id=user.pk).exists()
    return mine or can_facilitate(user, asset.cycle)


def can_plan(user: User, host: Team) -> bool:
    """Whether this person plans a peer assist: the host's focal point, or who leads the cycle."""
    return can_speak_for(user, host) or can_facilitate(user, host.cycle)


def can_note(user: User, assist: PeerAssist) -> bool:
    """Whether this person writes down what was said: who may be there."""
    return PeerAssist.objects.visible_to(user).filter(pk=assist.pk).exists()
