"""One run of assess, rate, compare, learn and plan, and the city teams that take part in it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cityshare.consensus import Rule
from cityshare.models.framework import Framework
from workshop_portal.workflow import Stepped
from workshop_portal.workshops.models import Role, Workshop, known_zone

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User

# Who leads a cycle: staff of the workshop who belong to no city.
LEADS = [Role.Kind.FACILITATOR, Role.Kind.COORDINATOR]


# What the published level of a practice is made from.
RULES = [
    (Rule.PEERS.value, _("The median of the peers")),
    (Rule.SELF.value, _("The city's own view")),
    (Rule.BOTH.value, _("The median of peers and own view")),
]


class CycleQuerySet(models.QuerySet):
    def led_by(self, user: User) -> CycleQuerySet:
        """The cycles that this person facilitates: never one in which they belong to a city."""
        led = Role.objects.filter(user_id=user.pk, role__in=LEADS).values("workshop")
        own = Member.objects.filter(user_id=user.pk).values("team__cycle")
        return self.filter(workshop__in=led).exclude(pk__in=own)

    def joined_by(self, user: User) -> CycleQuerySet:
        """The cycles in which this person belongs to a city's team; none that is being set up."""
        teams = Member.objects.filter(user_id=user.pk).values("team")
        return self.filter(teams__in=teams).exclude(status=Cycle.Stage.SETUP)

    def visible_to(self, user: User) -> CycleQuerySet:
        """The cycles that this person leads or takes part in."""
        led = Role.objects.filter(user_id=user.pk, role__in=LEADS).values("workshop")
        own = Member.objects.filter(user_id=user.pk).values("team__cycle")
        joined = Q(pk__in=own) & ~Q(status=Cycle.Stage.SETUP)
        return self.filter(joined | Q(workshop__in=led) & ~Q(pk__in=own))


class Cycle(Stepped):
    """One run through the stages; the facilitator moves it, one stage at a time.

    `seed` makes the assignment of raters repeatable. `previous` is the cycle that this one is
    compared with.
    """

    class Stage(models.TextChoices):
        SETUP = "setup", _("Setting up")
        SELF = "self", _("Self-assessment")
        RATING = "rating", _("Peer rating")
        MODERATION = "moderation", _("Moderation")
        COMPARE = "compare", _("Comparing")
        MARKET = "market", _("Offers and needs")
        ASSIST = "assist", _("Peer assists")
        DISTIL = "distil", _("Writing down good practices")
        PLAN = "plan", _("Action plans")
        FOLLOW3 = "follow3", _("Follow-up after 3 months")
        FOLLOW6 = "follow6", _("Follow-up after 6 months")
        FOLLOW12 = "follow12", _("Follow-up after 12 months")
        CLOSED = "closed", _("Closed")

    # What every stepped thing calls the values of its status.
    Status = Stage

    STEPS = {
        before: {after} for before, after in zip(Stage.values, Stage.values[1:], strict=False)
    } | {Stage.CLOSED: set()}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="cycles")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="cycles")
    previous = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="following"
    )
    name = models.CharField(_("name"), max_length=150)
    status = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.SETUP)
    raters_per_city = models.PositiveSmallIntegerField(
        _("raters for each city"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
    )
    bars_own_country = models.BooleanField(_("no city rates one of its own country"), default=True)
    bars_mutual_rating = models.BooleanField(_("no two cities rate each other"), default=False)
    rule = models.CharField(
        _("published level"), max_length=12, choices=RULES, default=Rule.PEERS.value
    )
    helper_capacity = models.PositiveSmallIntegerField(_("assists given by a city"), default=2)
    learner_capacity = models.PositiveSmallIntegerField(_("assists received by a city"), default=2)
    seed = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CycleQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "name"], name="a_cycle_name_once"),
            models.CheckConstraint(
                condition=Q(raters_per_city__gte=1), name="somebody_rates_each_city"
            ),
            models.CheckConstraint(
                condition=Q(previous=None) | ~Q(previous=F("id")), name="no_cycle_before_itself"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cityshare:cycle", args=[self.pk])

    def has_reached(self, stage: str) -> bool:
        """Whether the cycle is in this stage or beyond it."""
        order = self.Stage.values
        return order.index(self.status) >= order.index(stage)

    @property
    def following_stage(self) -> str | None:
        """The stage that comes next; None when the cycle is closed."""
        return next(iter(self.STEPS[self.status]), None)


class StageDeadline(models.Model):
    """When a stage is to be over. The facilitator ends it; the deadline only tells and reminds."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="deadlines")
    stage = models.CharField(max_length=10, choices=Cycle.Stage)
    due_at = models.DateTimeField(_("until"))

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "stage"], name="one_deadline_per_stage")
        ]

    def __str__(self):
        return f"{self.get_stage_display()}: {self.due_at:%Y-%m-%d}"


class TeamQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> TeamQuerySet:
        """The cities of every cycle that this person leads or takes part in."""
        return self.filter(cycle__in=Cycle.objects.visible_to(user))

    def of(self, user: User) -> TeamQuerySet:
        """The teams that this person belongs to."""
        return self.filter(members__user_id=user.pk)

    def by_country(self) -> TeamQuerySet:
        """Cities of one country next to each other."""
        return self.select_related("city").order_by("city__country", "city__name")


class Team(models.Model):
    """A city in a cycle, with what others have to know of it to compare and to help."""

    class Route(models.TextChoices):
        ORIGIN = "origin", _("Origin")
        TRANSIT = "transit", _("Transit")
        DESTINATION = "destination", _("Destination")
        SEVERAL = "several", _("Origin, transit and destination")

    class Size(models.TextChoices):
        SMALL = "small", _("Under 200,000 people")
        MIDDLE = "middle", _("200,000 to a million people")
        LARGE = "large", _("1 to 5 million people")
        VAST = "vast", _("More than 5 million people")

    class Income(models.TextChoices):
        LOW = "low", _("Low income")
        LOWER_MIDDLE = "lower_middle", _("Lower middle income")
        UPPER_MIDDLE = "upper_middle", _("Upper middle income")
        HIGH = "high", _("High income")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="teams")
    city = models.ForeignKey("accounts.City", on_delete=models.PROTECT, related_name="teams")
    zone = models.CharField(_("time zone"), max_length=60, blank=True, validators=[known_zone])
    # Codes of working languages, such as ["en", "ko"].
    languages = models.JSONField(_("working languages"), default=list, blank=True)
    route = models.CharField(_("place on the route"), max_length=12, choices=Route, blank=True)
    size = models.CharField(_("size"), max_length=8, choices=Size, blank=True)
    income = models.CharField(_("income group"), max_length=14, choices=Income, blank=True)
    context = models.TextField(_("what others should know"), max_length=1500, blank=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["city__country", "city__name"]
        constraints = [models.UniqueConstraint(fields=["cycle", "city"], name="a_city_once")]

    def __str__(self):
        return str(self.city)

    def get_absolute_url(self) -> str:
        return reverse("cityshare:team", args=[self.cycle_id, self.pk])


class Member(models.Model):
    """A person of a city's team. The focal point hands things in and speaks for the city."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    is_focal_point = models.BooleanField(_("focal point"), default=False)

    class Meta:
        ordering = ["-is_focal_point", "user__family_name"]
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="one_place_in_a_team"),
            models.UniqueConstraint(
                fields=["team"], condition=Q(is_focal_point=True), name="one_focal_point"
            ),
        ]

    def __str__(self):
        return f"{self.user} of {self.team}"


class ConflictQuerySet(models.QuerySet):
    def standing(self) -> ConflictQuerySet:
        """Those that were not taken back."""
        return self.filter(withdrawn_at=None)

    def visible_to(self, user: User) -> ConflictQuerySet:
        """What one's own city has declared; all, for those who lead. The other city is not told."""
        own = Q(one__in=Team.objects.of(user).values("pk"))
        return self.filter(own | Q(one__cycle__in=Cycle.objects.led_by(user)))


class Conflict(models.Model):
    """A declared reason why two cities of a cycle do not rate each other, in either direction.

    `by_leads` says that those who lead declared it, for both; else everybody in the team of `one`
    may take it back.
    """

    class Kind(models.TextChoices):
        GRANT = "grant", _("One pays or paid the other: a grant or a contract")
        TWINNING = "twinning", _("Twinned, with money")
        EMPLOYER = "employer", _("Somebody worked for the other within the last two years")
        DISPUTE = "dispute", _("An open dispute")
        FAMILY = "family", _("Family, or a close personal tie")
        OTHER = "other", _("Something else")

    # What says enough by itself. Nobody is made to write more about a tie between people.
    PLAIN = (Kind.GRANT, Kind.TWINNING, Kind.EMPLOYER, Kind.FAMILY)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    one = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="conflicts_declared")
    other = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="conflicts_with")
    kind = models.CharField(_("what it is"), max_length=10, choices=Kind)
    note = models.CharField(_("in a sentence"), max_length=300, blank=True)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    by_leads = models.BooleanField(default=False)
    declared_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        ordering = ["declared_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(one=F("other")), name="no_conflict_with_oneself"),
            models.UniqueConstraint(
                fields=["one", "other"],
                condition=Q(withdrawn_at=None),
                name="a_conflict_declared_once",
            ),
        ]

    def __str__(self):
        return f"{self.one} and {self.other}"


class ConflictsDeclared(models.Model):
    """A person has said, before the first rating form opens, which conflicts there are, or none.

    It is said of one city, and stays when the person leaves its team.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="statements")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "person"], name="conflicts_said_once")
        ]

    def __str__(self):
        return f"{self.person} of {self.team}"
