"""Cities help cities: what they offer and need, who helps whom, and the meeting itself."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cityshare.models.computed import Computed
from cityshare.models.cycle import Cycle, Team
from cityshare.models.framework import Practice
from workshop_portal.workflow import Stepped
from workshop_portal.workshops.models import known_zone

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


# A solving takes seconds; after this time it is worth asking again.
USUAL = timedelta(minutes=3)


class Asked(Stepped):
    """A question to a city that its own stairs suggest. It says yes or no; nothing is automatic."""

    class Status(models.TextChoices):
        SUGGESTED = "suggested", _("Suggested")
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Not now")

    STEPS = {
        Status.SUGGESTED: {Status.CONFIRMED, Status.DECLINED},
        Status.CONFIRMED: {Status.DECLINED},
        Status.DECLINED: {Status.CONFIRMED},
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.SUGGESTED)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class Offer(Asked):
    """A practice that a city may teach."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="offers")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(_("what you can show"), max_length=1000, blank=True)

    class Meta:
        ordering = ["practice__order"]
        constraints = [models.UniqueConstraint(fields=["team", "practice"], name="one_offer_each")]

    def __str__(self):
        return f"{self.team} offers {self.practice.code}"


class Need(Asked):
    """A practice that a city wants to learn; the priority is that of its self-assessment."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="needs")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    priority = models.PositiveSmallIntegerField(_("priority"), default=1)
    question = models.TextField(_("what you want to find out"), max_length=1000, blank=True)

    class Meta:
        ordering = ["practice__order"]
        constraints = [
            models.UniqueConstraint(fields=["team", "practice"], name="one_need_each"),
            models.CheckConstraint(
                condition=Q(priority__gte=1, priority__lte=3), name="needs_from_one_to_three"
            ),
        ]

    def __str__(self):
        return f"{self.team} needs {self.practice.code}"


class Matching(Computed):
    """One solving of who helps whom.

    `outcome` holds what was found beside the pairs: value, price of fairness, floor, unmet needs.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Being computed")
        READY = "ready", _("Ready to look at")
        RELEASED = "released", _("Shown to the cities")
        FAILED = "failed", _("Could not be computed")
        DISCARDED = "discarded", _("Discarded")

    STEPS = {
        Status.WAITING: {Status.READY, Status.FAILED},
        Status.READY: {Status.RELEASED, Status.DISCARDED},
        Status.FAILED: {Status.WAITING},
    }

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="matchings")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    floor = models.PositiveSmallIntegerField(
        _("assists for every city that can have one"), default=1
    )
    helper_capacity = models.PositiveSmallIntegerField()
    learner_capacity = models.PositiveSmallIntegerField()

    def __str__(self):
        return f"{self.cycle}, {self.asked_at:%Y-%m-%d}"

    @property
    def is_late(self) -> bool:
        """Whether it waits for longer than usual."""
        return self.status == self.Status.WAITING and timezone.now() - self.asked_at > USUAL


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> ProposalQuerySet:
        """Those of one's own city, once they are shown; all, for those who lead the cycle."""
        mine = Q(helper__members__user_id=user.pk) | Q(learner__members__user_id=user.pk)
        shown = mine & ~Q(status=Proposal.Status.DRAFT)
        led = Q(learner__cycle__in=Cycle.objects.led_by(user))
        return self.filter(pk__in=Proposal.objects.filter(shown | led).values("pk"))


class Proposal(Stepped):
    """One city may help another with one practice; both sides are asked, and answer."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Not shown yet")
        PROPOSED = "proposed", _("Proposed")
        ACCEPTED = "accepted", _("Both said yes")
        DECLINED = "declined", _("Declined")
        DROPPED = "dropped", _("No longer proposed")

    class Answer(models.TextChoices):
        OPEN = "", _("No answer yet")
        YES = "yes", _("Yes")
        NO = "no", _("No")

    STEPS = {
        Status.DRAFT: {Status.PROPOSED},
        Status.PROPOSED: {Status.ACCEPTED, Status.DECLINED, Status.DROPPED},
        Status.ACCEPTED: {Status.DECLINED},
        Status.DECLINED: set(),
        Status.DROPPED: set(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    matching = models.ForeignKey(
        Matching, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals"
    )
    helper = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="help_proposed")
    learner = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="learning_proposed")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    value = models.FloatField(default=0)
    # What the value is made of, by the names of `helping.Worth`.
    parts = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    helper_answer = models.CharField(max_length=3, choices=Answer, blank=True)
    learner_answer = models.CharField(max_length=3, choices=Answer, blank=True)
    reason = models.CharField(_("why not"), max_length=500, blank=True)
    # These two cities are not proposed to each other again, on any practice.
    refuses_pair = models.BooleanField(default=False)
    # A city that declines may name another that it would rather meet.
    rather = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(helper=F("learner")), name="nobody_helps_oneself"),
            models.UniqueConstraint(
                fields=["helper", "learner", "practice"],
                condition=Q(status__in=["proposed", "accepted"]),
                name="a_help_proposed_once",
            ),
        ]

    def __str__(self):
        return f"{self.helper} helps {self.learner} with {self.practice.code}"


class PeerAssistQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> PeerAssistQuerySet:
        """Those that one's own city hosts or helps in; all, for those who lead the cycle."""
        mine = Q(host__members__user_id=user.pk) | Q(helpers__members__user_id=user.pk)
        led = Q(host__cycle__in=Cycle.objects.led_by(user))
        return self.filter(pk__in=PeerAssist.objects.filter(mine | led).values("pk"))


class PeerAssist(Stepped):
    """A meeting in which one or two cities help the host with one question.

    At least 90 minutes, 4 to 7 people, an agenda with minutes, a facilitator and a note-taker.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        CALLED_OFF = "called_off", _("Called off")

    STEPS = {
        Status.PLANNED: {Status.HELD, Status.CALLED_OFF},
        Status.CALLED_OFF: set(),
        Status.HELD: set(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    host = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="assists_hosted")
    helpers = models.ManyToManyField(Team, related_name="assists_given")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    proposals = models.ManyToManyField(Proposal, related_name="assists", blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    question = models.TextField(_("the one question"), max_length=1000, blank=True)
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=60, blank=True, validators=[known_zone])
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=90)
    link = models.URLField(_("link or place"), max_length=500, blank=True)
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note_taker = models.CharField(_("note-taker"), max_length=150, blank=True)
    options_heard = models.TextField(_("options heard"), max_length=4000, blank=True)
    host_will_do = models.TextField(_("what the host will do"), max_length=4000, blank=True)
    notes = models.TextField(_("notes"), max_length=8000, blank=True)
    thanks = models.TextField(_("thank-you note"), max_length=3000, blank=True)
    thanked_at = models.DateTimeField(null=True)
    was_useful = models.BooleanField(_("was it useful?"), null=True)
    held_at = models.DateTimeField(null=True)
    sequence = models.PositiveIntegerField(default=0)

    objects = PeerAssistQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=90), name="an_assist_takes_its_time")
        ]

    def __str__(self):
        return f"{self.practice.code}: {self.host}"

    def get_absolute_url(self) -> str:
        return reverse("cityshare:assist", args=[self.host.cycle_id, self.pk])
