"""What happens to the cities of a cycle: teams made, people added and removed, what others see."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cityshare.actions.cycle import tell_stage
from cityshare.actions.posting import Told, post_to_each
from cityshare.models import Assignment, Cycle, Member, Team
from cityshare.models.cycle import LEADS
from cityshare.queries.team import unplaced
from workshop_portal.accounts.models import City, User
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused, unchanged
from workshop_portal.reminders import reading_zone
from workshop_portal.workshops.models import Participant, Role

Stage = Cycle.Stage
# The language in which the programme is taught; each city says which others it works in.
FIRST_LANGUAGE = "en"


@transaction.atomic
def make_teams(cycle: Cycle, *, by: User) -> list[Team]:
    """Make one team for each city of the workshop's participants, and put everybody into theirs.

    The person who was seated first speaks for the city until another is chosen. Who leads the
    cycle is left out. Doing it again adds those who have come since; gives the teams it touched.
    """
    held = hold_cities(cycle)
    touched: dict[object, Team] = {}
    for seat in unplaced(held):
        team = _team_of(held, seat.city, by=by)
        _join(team, seat.user, by=by)
        touched[team.pk] = team
    return list(touched.values())


def hold_cities(cycle: Cycle) -> Cycle:
    """The cycle, locked, as long as cities may still join it: before raters are at work."""
    held = Cycle.objects.select_for_update().select_related("workshop").get(pk=cycle.pk)
    if held.has_reached(Stage.RATING):
        raise Refused(_("Cities rate each other already, so no city joins or leaves this cycle."))
    return held


def _team_of(cycle: Cycle, city: City, *, by: User) -> Team:
    known = cycle.teams.filter(city=city).first()
    if known:
        return known
    zone = reading_zone("", str(city.country), "")
    team = Team.objects.create(cycle=cycle, city=city, zone=zone, languages=[FIRST_LANGUAGE])
    record("team.made", team, about=cycle.workshop, by=by, city=str(city))
    return team


@transaction.atomic
def add_member(team: Team, user: User, *, by: User) -> Member:
    """Put a participant of the workshop into a city's team; everybody belongs to one."""
    cycle = Cycle.objects.select_for_update().select_related("workshop").get(pk=team.cycle_id)
    if cycle.status == Stage.CLOSED:
        raise Refused(_("This cycle is closed."))
    if not Participant.objects.filter(workshop=cycle.workshop_id, user=user).exists():
        raise Refused(_("%s has no seat in the workshop.") % user)
    if Role.objects.filter(workshop=cycle.workshop_id, user=user, role__in=LEADS).exists():
        raise Refused(_("%s leads this cycle, and who leads belongs to no city.") % user)
    if other := Team.objects.of(user).filter(cycle=cycle).exclude(pk=team.pk).first():
        facts = {"person": user, "city": other.city.name}
        raise Refused(_("%(person)s belongs to %(city)s already.") % facts)
    return _join(team, user, by=by)


def _join(team: Team, user: User, *, by: User) -> Member:
    """Make somebody a member; the first speaks for the city. In a cycle that runs, tell them."""
    first = not team.members.filter(is_focal_point=True).exists()
    member, is_new = Member.objects.get_or_create(
        team=team, user=user, defaults={"is_focal_point": first}
    )
    if is_new:
        cycle = team.cycle
        facts = {"to": str(user.pk), "city": str(team.city), "speaks": member.is_focal_point}
        record("member.added", member, about=cycle.workshop, by=by, **facts)
        if cycle.status != Stage.SETUP:
            tell_stage([member], cycle=cycle, stage=cycle.status)
    return member


@transaction.atomic
def remove_member(member: Member, *, by: User) -> None:
    """Take a person out of a team. What they have said for the city stays.

    Who speaks for the city hands that on first; who has cities to rate is replaced first. What
    they have locked counts, whether they finish it or not.
    """
    cycle, member = _hold_member(member)
    team = member.team
    alone = not team.members.exclude(pk=member.pk).exists()
    if member.is_focal_point and not (alone and cycle.status == Stage.SETUP):
        raise Refused(_("This person speaks for the city. Let somebody else do so first."))
    to_rate = Assignment.objects.filter(rater=team, person=member.user_id, status="active")
    if cycle.status == Stage.RATING and to_rate.exists():
        raise Refused(
            _(
                "This person rates other cities. Let somebody else of the city do it first, or "
                "exchange the rater where the rating is begun."
            )
        )
    facts = {"to": str(member.user_id), "city": str(team.city)}
    record("member.removed", member, about=cycle.workshop, by=by, **facts)
    member.delete()


def _hold_member(member: Member) -> tuple[Cycle, Member]:
    """The cycle, locked, and the person's place as it is now; refused when the cycle is closed."""
    known = Cycle.objects.select_for_update(of=["self"]).select_related("workshop")
    cycle = known.get(teams=member.team_id)
    if cycle.status == Stage.CLOSED:
        raise Refused(_("This cycle is closed."))
    now = Member.objects.filter(pk=member.pk).select_related("team__city", "user").first()
    if now is None:
        raise Refused(_("This person is no longer in the team."))
    return cycle, now


@transaction.atomic
def hand_on(member: Member, *, by: User) -> None:
    """Let another member speak for the city from now on, and tell both people."""
    cycle, member = _hold_member(member)
    team = member.team
    before = team.members.filter(is_focal_point=True).select_related("user").first()
    if member == before:
        return
    if before:
        before.is_focal_point = False
        before.save(update_fields=["is_focal_point"])
    member.is_focal_point = True
    member.save(update_fields=["is_focal_point"])
    was = str(before.user_id) if before else ""
    entry = record(
        "member.speaks",
        member,
        about=cycle.workshop,
        by=by,
        to=str(member.user_id),
        was=was,
        city=str(team.city),
    )
    if cycle.status == Stage.SETUP:
        return
    both = [member.user, *([before.user] if before else [])]
    told = [Told(person, f"focal:{entry.pk}") for person in both if person != by]
    post_to_each(told, "cityshare/focal_point", cycle=cycle, team=team, speaker=member.user)


@transaction.atomic
def remove_team(team: Team, *, by: User) -> None:
    """Take a city out of a cycle that is still being set up."""
    held = Cycle.objects.select_for_update().select_related("workshop").get(pk=team.cycle_id)
    if held.status != Stage.SETUP:
        raise Refused(_("The cycle has begun, so its cities stay in it."))
    record("team.removed", team, about=held.workshop, by=by, city=str(team.city))
    team.delete()


@transaction.atomic
def edit_team(team: Team, *, by: User, **facts: Any) -> None:
    """Change what others read of a city: its zone, languages, size, place on the route, words."""
    rows = Team.objects.select_for_update().select_related("cycle__workshop")
    held = unchanged(team, rows.filter(pk=team.pk).first(), facts)
    if held.cycle.status == Stage.CLOSED:
        raise Refused(_("This cycle is closed."))
    changed = [name for name, said in facts.items() if getattr(held, name) != said]
    for name in changed:
        setattr(held, name, facts[name])
    if changed:
        held.save(update_fields=changed)
        record("team.changed", held, about=held.cycle.workshop, by=by, fields=sorted(changed))
