"""What was learned is written down, validated by other cities, used, and looked at again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cityshare.actions.posting import Told, post_to, post_to_each
from cityshare.models import (
    Asset,
    Cycle,
    Invitation,
    PeerAssist,
    Principle,
    Story,
    Team,
    Use,
    Validation,
)
from cityshare.queries import asset as queries
from cityshare.queries.cycle import focal_point_of, focal_points_of
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused, unchanged
from workshop_portal.workflow import advance

if TYPE_CHECKING:
    from cityshare.models import Practice
    from workshop_portal.accounts.models import City, User

REVIEW_AFTER = timedelta(days=365)
MOST_STORIES = 12
MOST_PRINCIPLES = 20


def hold(asset: Asset) -> Asset:
    """The asset as it is stored, locked; refused unless it is being written."""
    held = Asset.objects.select_for_update().get(pk=asset.pk)
    if held.status != Asset.Status.DRAFT:
        raise Refused(
            _(
                "This good practice is not being written at the moment: it is “%s”. "
                "Take it back to change it."
            )
            % held.get_status_display()
        )
    return held


@transaction.atomic
def begin(
    cycle: Cycle,
    practice: Practice,
    *,
    teams: Collection[Team],
    assist: PeerAssist | None = None,
    by: User,
    **facts: object,
) -> Asset:
    """Begin an asset on a practice. The city that begins it writes it; the others are invited.

    The same words once more by the same city give what there is.
    """
    Cycle.objects.select_for_update(of=["self"]).get(pk=cycle.pk)
    if not cycle.has_reached(Cycle.Stage.COMPARE):
        raise Refused(_("Good practices are written when the cities have compared themselves."))
    if practice.framework_id != cycle.framework_id:
        raise Refused(_("This practice does not belong to the cycle's framework."))
    own = [team for team in teams if team.members.filter(user_id=by.pk).exists()]
    facts |= {"practice": practice, "assist": assist}
    if same := queries.same_as(cycle, teams, own, **facts):
        return same
    asset = Asset.objects.create(cycle=cycle, **facts)
    asset.teams.set(own)
    record("asset.begun", asset, about=cycle, by=by, practice=practice.code)
    for team in teams:
        if team not in own:
            _invite(asset, team, by=by)
    return asset


def _invite(asset: Asset, team: Team, *, by: User) -> None:
    """Ask a city whether it writes the asset too."""
    asset.invitations.create(team=team)
    record("asset.invited", asset, about=asset.cycle, by=by, city=str(team.city))
    if person := focal_point_of(team):
        key = f"asset:{asset.pk}:invited:{team.pk}"
        about: dict[str, Any] = {"asset": asset, "team": team}
        post_to(person, "cityshare/asset_invited", cycle=asset.cycle, key=key, **about)


@transaction.atomic
def join(invitation: Invitation, *, by: User) -> None:
    """Say yes for a city: it writes the asset from now on, and is named as an author."""
    _answer(invitation, Invitation.Status.ACCEPTED, by=by)
    invitation.asset.teams.add(invitation.team)


@transaction.atomic
def decline(invitation: Invitation, *, by: User) -> None:
    """Say no for a city: it is not named, and no story is told of it."""
    _answer(invitation, Invitation.Status.DECLINED, by=by)


def _answer(invitation: Invitation, to: str, *, by: User) -> None:
    held = hold(invitation.asset)
    if not held.invitations.filter(pk=invitation.pk).exists():
        raise Refused(_("Your city is not invited any more."))
    advance(invitation, to, about=held.cycle, by=by, city=str(invitation.team))
    facts = {"answered_by": by, "answered_at": timezone.now()}
    Invitation.objects.filter(pk=invitation.pk).update(**facts)


@transaction.atomic
def uninvite(invitation: Invitation, *, by: User) -> None:
    """Take back an invitation that waits for an answer."""
    held = hold(invitation.asset)
    waiting = Invitation.objects.filter(pk=invitation.pk, status=Invitation.Status.ASKED)
    if not waiting.delete()[0]:
        raise Refused(_("The city has answered already."))
    record("asset.uninvited", held, about=held.cycle, by=by, city=str(invitation.team))


@transaction.atomic
def edit(asset: Asset, *, by: User, **facts: object) -> None:
    """Change what the asset says, as long as it is being written."""
    held = unchanged(asset, hold(asset), facts)
    Asset.objects.filter(pk=held.pk).update(changed_at=timezone.now(), **facts)
    record("asset.edited", held, about=held.cycle, by=by)


@transaction.atomic
def tell(
    asset: Asset,
    *,
    story: Story | None = None,
    city: City,
    happened: str,
    learned: str,
    ask: str = "",
    by: User,
) -> Story:
    """Add a story of a city, or change one as it was seen.

    The same words once more give the story there is.
    """
    held = hold(asset)
    if not queries.storytellers(held).filter(pk=city.pk).exists():
        raise Refused(
            _(
                "Stories are told of cities that have agreed to write this good practice, or that "
                "met in the peer assist behind it."
            )
        )
    words = {"city": city, "happened": happened, "learned": learned, "ask": ask}
    if story is None and (same := held.stories.filter(**words).first()):
        return same
    if story is None and held.stories.count() >= MOST_STORIES:
        raise Refused(_("%s stories are enough for one good practice.") % MOST_STORIES)
    told = Story(asset=held)
    if story:
        told = unchanged(story, held.stories.filter(pk=story.pk).first(), words)
    told.city, told.happened, told.learned, told.ask = city, happened, learned, ask
    told.save()
    record("asset.story", held, about=held.cycle, by=by, city=str(city))
    return told


@transaction.atomic
def conclude(
    asset: Asset,
    *,
    principle: Principle | None = None,
    when: str,
    do: str,
    because: str,
    stories: Collection[Story],
    by: User,
) -> Principle:
    """Add a principle for action that stories of this asset carry, or change one as it was seen.

    The same words once more, carried by the same stories, give the principle there is.
    """
    held = hold(asset)
    if any(story.asset_id != held.pk for story in stories):
        raise Refused(_("A principle is carried by stories of the same good practice."))
    number = held.principles.count()
    words = {"when": when, "do": do, "because": because}
    if principle is None and (same := _drawn(held, stories, **words)):
        return same
    if principle is None and number >= MOST_PRINCIPLES:
        raise Refused(_("%s principles are enough for one good practice.") % MOST_PRINCIPLES)
    drawn = Principle(asset=held, order=number)
    if principle:
        stored = held.principles.filter(pk=principle.pk).first()
        drawn = unchanged(principle, stored, words, "stories")
    drawn.when, drawn.do, drawn.because = when, do, because
    drawn.save()
    drawn.stories.set(stories)
    record("asset.principle", held, about=held.cycle, by=by)
    return drawn


def _drawn(held: Asset, stories: Collection[Story], **words: str) -> Principle | None:
    """The principle that has these words and these stories already; None if there is none."""
    known = held.principles.filter(**words).prefetch_related("stories")
    return next((one for one in known if {*one.stories.all()} == {*stories}), None)


@transaction.atomic
def strike(part: Story | Principle, *, by: User) -> None:
    """Take a story or a principle out of an asset that is being written."""
    held = hold(part.asset)
    record("asset.struck", held, about=held.cycle, by=by, part=part._meta.model_name)
    part.delete()


@transaction.atomic
def hand_in(asset: Asset, *, seen: str = "", checked: bool = False, by: User) -> None:
    """Ask the cities of other countries whether it holds for them too.

    Where a sentence may let somebody be recognised, a person has looked first: `checked`, with
    the mark of the words that were looked at in `seen`.
    """
    held = hold(asset)
    page = queries.asset_page(held)
    if page.missing:
        raise Refused(" ".join([_("Something is missing."), *page.missing]))
    if page.hints and not (checked and seen == page.mark):
        raise Refused(
            _(
                "Somebody could be recognised by what stands in it. Look at the sentences on its "
                "page, change them or say there that you have checked them, and ask again."
            ),
            back=held.get_absolute_url(),
        )
    advance(held, Asset.Status.REVIEW, about=held.cycle, by=by, hints=len(page.hints))
    key = f"asset:{held.pk}:{held.version}:review"
    speakers = focal_points_of(queries.teams_that_may_validate(held))
    told = [Told(person, key) for person in speakers]
    post_to_each(told, "cityshare/asset_review", cycle=held.cycle, asset=held)


@transaction.atomic
def validate(
    asset: Asset, team: Team, *, agrees: bool, note: str = "", seen: str, by: User
) -> None:
    """Keep the word of a city of another country; with two that agree the asset is published.

    `seen` is the mark of what was read: a word counts for nothing else.
    """
    held = Asset.objects.select_for_update().get(pk=asset.pk)
    if held.status != Asset.Status.REVIEW:
        raise Refused(_("This good practice does not wait for validation."))
    if not queries.teams_that_may_validate(held).filter(pk=team.pk).exists():
        raise Refused(
            _("It is validated once by cities of other countries than those that wrote it.")
        )
    if seen != queries.asset_page(held).mark:
        raise Refused(
            _("This good practice has changed since you read it. Read it again, please."),
            back=held.get_absolute_url(),
        )
    if not agrees and not note:
        raise Refused(_("Say what would have to change before it holds for you."))
    Validation.objects.create(
        asset=held, version=held.version, team=team, agrees=agrees, note=note, given_by=by
    )
    record("asset.validated", held, about=held.cycle, by=by, agrees=agrees, city=str(team))
    said = held.validations.filter(version=held.version, agrees=True).count()
    if said >= Asset.VALIDATIONS_NEEDED:
        publish(held, by=by)


def publish(held: Asset, *, by: User) -> None:
    """Put a validated asset into the library for a year; its authors are told."""
    advance(held, Asset.Status.PUBLISHED, about=held.cycle, by=by)
    now = timezone.now()
    Asset.objects.filter(pk=held.pk).update(published_at=now, review_on=(now + REVIEW_AFTER).date())
    key = f"asset:{held.pk}:{held.version}:published"
    told = [Told(team, key) for team in queries.authors(held)]
    post_to_each(told, "cityshare/asset_published", cycle=held.cycle, asset=held)


@transaction.atomic
def take_back(asset: Asset, *, by: User) -> None:
    """Write on it, as a new version: what waits for validation, or what is in the library."""
    held = Asset.objects.select_for_update().get(pk=asset.pk)
    advance(held, Asset.Status.DRAFT, about=held.cycle, by=by)
    Asset.objects.filter(pk=held.pk).update(version=F("version") + 1)


@transaction.atomic
def still_holds(asset: Asset, *, by: User) -> None:
    """Say after a year that everything in it is still true, for another year."""
    held = Asset.objects.select_for_update().get(pk=asset.pk)
    if held.status != Asset.Status.DUE:
        raise Refused(
            _("This good practice is not to be looked at again now: it is “%s”.")
            % held.get_status_display()
        )
    advance(held, Asset.Status.PUBLISHED, about=held.cycle, by=by)
    until = (timezone.now() + REVIEW_AFTER).date()
    Asset.objects.filter(pk=held.pk).update(review_on=until)


@transaction.atomic
def withdraw(asset: Asset, *, reason: str, by: User) -> None:
    """Take an asset out of the library, or give up writing it."""
    advance(asset, Asset.Status.WITHDRAWN, about=asset.cycle, by=by, reason=reason)


@transaction.atomic
def note_use(asset: Asset, city: City, *, usefulness: int, note: str = "", by: User) -> Use:
    """Keep that a city used an asset, and how useful it was; said again, the last word counts."""
    if asset.status not in {Asset.Status.PUBLISHED, Asset.Status.DUE}:
        raise Refused(_("Only what is in the library can have been used."))
    if asset.teams.filter(city=city).exists():
        raise Refused(_("The cities that wrote it do not say how useful it is."))
    facts = {"usefulness": usefulness, "note": note, "given_by": by}
    try:
        with transaction.atomic():
            used, _new = Use.objects.update_or_create(asset=asset, city=city, defaults=facts)
    except IntegrityError as impossible:
        raise Refused(_("Usefulness goes from 1 to 5.")) from impossible
    record("asset.used", asset, about=asset.cycle, by=by, city=str(city), usefulness=usefulness)
    return used


@transaction.atomic
def fall_due(asset: Asset, *, today: date) -> None:
    """Ask the authors to look at an asset again whose day has come."""
    held = Asset.objects.select_for_update().get(pk=asset.pk)
    if held.status != Asset.Status.PUBLISHED or not held.review_on or held.review_on > today:
        return
    advance(held, Asset.Status.DUE, about=held.cycle, by=None)
    key = f"asset:{held.pk}:{held.review_on}:due"
    told = [Told(team, key) for team in queries.authors(held)]
    post_to_each(told, "cityshare/asset_due", cycle=held.cycle, asset=held)
