"""What a page says of an asset: its parts, what it lacks, who validated it, who used it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

from cityshare.models import Asset, Invitation, PeerAssist, Principle, Story, Team, Use, Validation
from cityshare.queries.hints import ASKED_FOR, Hint, hints
from workshop_portal.accounts.models import City
from workshop_portal.merging import mark

if TYPE_CHECKING:
    from cityshare.models import Cycle
    from workshop_portal.accounts.models import User

# Everything that an asset says beside its stories and principles.
COLUMNS = (
    *("title", "from_level", "to_level", "audience", "context", "checklist", "tools", "cost"),
    *("did_not_work", "to_adapt", "safeguards", "contacts"),
)
OF_STORY, OF_PRINCIPLE = ("happened", "learned", "ask"), ("when", "do", "because")
LEVELS = {"from_level", "to_level"}


@dataclass(frozen=True)
class PrincipleLine:
    """A principle with the stories that carry it.

    It is common when at least two stories from two countries carry it (section 2.2). Stories of
    cities that have not agreed to be authors do not count.
    """

    principle: Principle
    stories: list[Story]
    is_common: bool


@dataclass(frozen=True)
class AssetPage:
    """An asset as it is read: parts, words of other cities, and what is still missing."""

    asset: Asset
    stories: list[Story]
    principles: list[PrincipleLine]
    validations: list[Validation]
    uses: list[Use]
    invitations: list[Invitation]
    missing: list[str]

    @property
    def agreed(self) -> list[Validation]:
        """The validations of the present version that say yes."""
        return [given for given in self.validations if given.agrees]

    @property
    def invited(self) -> list[Invitation]:
        """The invitations to write it too that were not accepted, or not yet."""
        return [one for one in self.invitations if one.status != Invitation.Status.ACCEPTED]

    @cached_property
    def mark(self) -> str:
        """A short mark of this version and every word of it: other words, another mark."""
        said: dict[str, object] = {
            name: getattr(self.asset, name) for name in ("version", *COLUMNS)
        }
        said["stories"] = sorted(
            [str(story.pk), str(story.city_id), *(getattr(story, name) for name in OF_STORY)]
            for story in self.stories
        )
        said["principles"] = sorted(
            [
                *(getattr(line.principle, name) for name in OF_PRINCIPLE),
                *sorted(str(story.pk) for story in line.stories),
            ]
            for line in self.principles
        )
        return mark(said)

    @cached_property
    def hints(self) -> list[Hint]:
        """Sentences by which somebody could be recognised, with the part in which they stand."""
        found = [hint for name in COLUMNS if name not in LEVELS for hint in self._of(name)]
        for story in self.stories:
            found += hints(f"{story.happened}\n{story.learned}", where=str(story.city))
            found += hints(story.ask, where=str(story.city), without=ASKED_FOR)
        for line in self.principles:
            said = "\n".join(getattr(line.principle, name) for name in OF_PRINCIPLE)
            found += hints(said, where=_("Principles for action"))
        return found

    def _of(self, name: str) -> list[Hint]:
        without = ASKED_FOR if name == "contacts" else frozenset[str]()
        label = str(Asset._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        return hints(getattr(self.asset, name), where=capfirst(label), without=without)


def asset_page(asset: Asset) -> AssetPage:
    """Everything about one asset, in eight queries."""
    stories = list(asset.stories.select_related("city"))
    invitations = list(asset.invitations.select_related("team__city"))
    writing = set(asset.teams.values_list("city", flat=True))
    principles = [
        principle_line(principle, writing)
        for principle in asset.principles.prefetch_related(
            Prefetch("stories", queryset=Story.objects.select_related("city"))
        )
    ]
    return AssetPage(
        asset=asset,
        stories=stories,
        principles=principles,
        validations=list(
            asset.validations.filter(version=asset.version).select_related("team__city")
        ),
        uses=list(asset.uses.select_related("city")),
        invitations=invitations,
        missing=[
            *unanswered(invitations, is_written=bool(writing)),
            *missing(asset, stories, principles),
        ],
    )


def principle_line(principle: Principle, writing: set[int]) -> PrincipleLine:
    """A principle with its stories; `writing` are the cities that are authors."""
    stories = list(principle.stories.all())
    countries = {story.city.country for story in stories if story.city_id in writing}
    return PrincipleLine(principle, stories, is_common=len(countries) > 1)


def unanswered(invitations: list[Invitation], *, is_written: bool) -> list[str]:
    """What has to be said yes or no to before other cities can validate it, in sentences."""
    asked = [one.team.city.name for one in invitations if one.status == Invitation.Status.ASKED]
    if asked:
        facts = {"cities": get_text_list(asked, _("and"))}
        return [_("Wait for the answer of %(cities)s, or take the invitation back.") % facts]
    return [] if is_written else [_("No city has said yet that it writes it.")]


def missing(asset: Asset, stories: list[Story], principles: list[PrincipleLine]) -> list[str]:
    """What an asset lacks before other cities can validate it, in sentences."""
    lacks = [
        (not asset.audience, _("Say who it is for.")),
        (not asset.context, _("Say where it worked: size, mandate, law, place on the route.")),
        (not stories, _("Tell at least one story.")),
        (not principles, _("Write at least one principle for action.")),
        (
            any(not line.stories for line in principles),
            _("Say for each principle which story carries it."),
        ),
        (not asset.did_not_work, _("Say what did not work.")),
        (not asset.safeguards, _("Say how victims are kept safe.")),
        (not asset.contacts, _("Say who can be asked.")),
    ]
    return [sentence for lack, sentence in lacks if lack]


def authors(asset: Asset) -> QuerySet[Team]:
    """The cities that write it."""
    return asset.teams.select_related("city")


def storytellers(asset: Asset) -> QuerySet[City]:
    """The cities of which a story may be told: authors, and those of the peer assist behind it."""
    behind = PeerAssist.objects.filter(assets=asset.pk)
    met = behind.exclude(status=PeerAssist.Status.CALLED_OFF).values("pk")
    cities = Q(teams__assets=asset.pk)
    cities |= Q(teams__assists_hosted__in=met) | Q(teams__assists_given__in=met)
    return City.objects.filter(pk__in=City.objects.filter(cities).values("pk"))


def invitation_for(asset: Asset, user: User) -> Invitation | None:
    """The invitation that this person, its city's focal point, answers or has answered."""
    spoken = asset.invitations.filter(
        team__members__user_id=user.pk, team__members__is_focal_point=True
    )
    return spoken.select_related("team__city", "asset__cycle").first()


def same_as(
    cycle: Cycle, teams: Collection[Team], own: Collection[Team], **facts: Any
) -> Asset | None:
    """What the same cities began with the same words and are writing still; None if nothing."""
    rows = cycle.assets.filter(status=Asset.Status.DRAFT, **facts)
    for asset in rows.prefetch_related("teams", "invitations"):
        writing = {team.pk for team in asset.teams.all()}
        asked = {one.team_id for one in asset.invitations.all()}
        if writing | asked == {team.pk for team in teams} and {t.pk for t in own} <= writing:
            return asset
    return None


def teams_that_may_validate(asset: Asset) -> QuerySet[Team]:
    """The cities of the cycle that are in another country than every author, and were not asked
    about this version yet."""
    countries = asset.teams.values("city__country")
    said = Validation.objects.filter(asset=asset, version=asset.version).values("team")
    others = Team.objects.filter(cycle=asset.cycle_id).exclude(city__country__in=countries)
    return others.exclude(pk__in=said).select_related("city")


def validating_team(asset: Asset, user: User) -> Team | None:
    """The city for which this person, its focal point, may validate the asset."""
    spoken = teams_that_may_validate(asset).filter(
        members__user_id=user.pk, members__is_focal_point=True
    )
    return spoken.first()


def using_city(asset: Asset, user: User) -> City | None:
    """The city for which this person may say that it used the asset: never an author's."""
    authored = asset.teams.values("city")
    team = Team.objects.filter(members__user_id=user.pk).exclude(city__in=authored)
    found = team.select_related("city").order_by("-joined_at").first()
    return found.city if found else None
