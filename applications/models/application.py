"""One person's file for one call."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Max, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from applications.models.call import Call, Extension
from workshop_portal.arrival import DatabaseClock
from workshop_portal.deadlines import State, Window
from workshop_portal.merging import Held
from workshop_portal.workflow import Stepped

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> ApplicationQuerySet:
        """The one answer to “which applications may this person see?”"""
        return self.filter(Q(applicant_id=user.pk) | self.handled(user))

    def written_by(self, user: User) -> ApplicationQuerySet:
        """A person's own: what most of their pages are about, and quickly found."""
        return self.filter(applicant_id=user.pk)

    def handled_by(self, user: User) -> ApplicationQuerySet:
        """Those that a coordinator works with: sent, in their calls, and never their own."""
        return self.filter(self.handled(user))

    def with_deadline(self) -> ApplicationQuerySet:
        """With `extended_until`, so that `window` and `closes_at` ask nothing more."""
        own = Extension.objects.reaching(
            call=OuterRef("call"), application=OuterRef("pk"), country=OuterRef("country")
        )
        latest = own.order_by("-until").values("until")[:1]
        return self.annotate(extended_until=Subquery(latest))

    def waiting_to_be_sent(self) -> ApplicationQuerySet:
        """Drafts whose person has pressed “send”, or wants them sent at the deadline."""
        asked = Q(sending_since__isnull=False) | Q(sends_at_close=True)
        return self.filter(asked, status=Application.Status.DRAFT)

    def with_clock(self) -> ApplicationQuerySet:
        """With `read_at`: what the database's clock said when the row was read."""
        return self.annotate(read_at=DatabaseClock())

    @staticmethod
    def handled(user: User) -> Q:
        return (
            Q(call__in=Call.objects.run_by(user))
            & ~Q(status=Application.Status.DRAFT)
            & ~Q(applicant_id=user.pk)
        )


class Application(Stepped):
    """One person's file for one call. The person sees `status`; what is pending is elsewhere."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        ACCEPTED = "accepted", _("Accepted")
        WAITLISTED = "waitlisted", _("On the waiting list")
        REJECTED = "rejected", _("Not selected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    STEPS = {
        Status.DRAFT: {Status.SUBMITTED},
        Status.SUBMITTED: {
            Status.ACCEPTED,
            Status.WAITLISTED,
            Status.REJECTED,
            Status.WITHDRAWN,
        },
        Status.WAITLISTED: {Status.ACCEPTED, Status.REJECTED, Status.WITHDRAWN},
        Status.ACCEPTED: {Status.WITHDRAWN},
        Status.WITHDRAWN: {Status.DRAFT},
    }

    class Gender(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        OTHER = "other", _("In another way")
        UNSAID = "unsaid", _("I prefer not to say")

    class Sector(models.TextChoices):
        LOCAL = "local", _("Local government")
        CENTRAL = "central", _("Central or provincial government")
        NGO = "ngo", _("Non-governmental organisation")
        VICTIM_SERVICE = "victim_service", _("Institution that works directly with victims")
        OTHER = "other", _("Another kind of organisation")

    class English(models.TextChoices):
        BASIC = "basic", _("Basic")
        WORKING = "working", _("Good enough to work in")
        FLUENT = "fluent", _("Fluent")

    class YesNo(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="applications"
    )
    reference = models.CharField(max_length=20, unique=True, null=True)  # noqa: DJ001 — unset until sent
    version = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    started_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True)
    # Answers as they were typed that are no answers yet, by the name of the question.
    unfinished = models.JSONField(default=dict, blank=True)
    # Sections of the form that were saved by themselves since the trail last spoke of them.
    autosaved = models.JSONField(default=list, blank=True)
    # The person pressed “send” while files were being checked: the moment, and what they confirmed.
    sending_since = models.DateTimeField(null=True)
    sending_statement = models.CharField(max_length=300, blank=True)
    sends_at_close = models.BooleanField(_("send it for me at the deadline"), default=False)

    # about the person
    given_name = models.CharField(_("given name"), max_length=120, blank=True)
    family_name = models.CharField(_("family name"), max_length=120, blank=True)
    certificate_name = models.CharField(_("name for the certificate"), max_length=150, blank=True)
    gender = models.CharField(_("gender"), max_length=10, choices=Gender, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    nationality = CountryField(_("nationality"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    city_name = models.CharField(_("city you work in"), max_length=120, blank=True)
    country = CountryField(_("country you work in"), blank=True)

    # about the organisation
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    sector = models.CharField(_("kind of organisation"), max_length=16, choices=Sector, blank=True)
    department = models.CharField(_("department"), max_length=200, blank=True)
    position = models.CharField(_("position"), max_length=200, blank=True)
    years = models.PositiveSmallIntegerField(
        _("years of work on human trafficking"), null=True, blank=True
    )

    # about the work
    duties = models.TextField(_("your duties"), max_length=2000, blank=True)
    experience = models.TextField(_("your experience"), max_length=2000, blank=True)
    motivation = models.TextField(_("why this workshop"), max_length=2000, blank=True)
    intention = models.TextField(_("what you will do with it"), max_length=2000, blank=True)

    # about taking part
    spoken_english = models.CharField(
        _("spoken English"), max_length=8, choices=English, blank=True
    )
    written_english = models.CharField(
        _("written English"), max_length=8, choices=English, blank=True
    )
    all_days = models.CharField(_("here on all days"), max_length=3, choices=YesNo, blank=True)
    first_time = models.CharField(_("first workshop"), max_length=3, choices=YesNo, blank=True)
    airfare = models.CharField(_("airfare support"), max_length=3, choices=YesNo, blank=True)
    needs = models.TextField(_("diet, access and other needs"), max_length=500, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "applicant"], name="one_application_per_call"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"]) | Q(reference__isnull=False),
                name="what_is_sent_has_a_reference",
            ),
        ]
        indexes = [
            models.Index(fields=["call", "status", "submitted_at"], name="applications_of_a_call"),
            # The list of the staff: a page in its usual order, and the counts above it.
            models.Index(fields=["call", "submitted_at", "id"], name="applications_as_sent"),
            models.Index(
                fields=["call", "status", "country", "applicant"], name="applications_counted"
            ),
        ]

    def __str__(self):
        return f"{self.name} → {self.call.workshop.title}"

    def get_absolute_url(self) -> str:
        return reverse("applications:application", args=[self.pk])

    # Found by the clock's own query alone.
    extended_at: datetime | None

    @cached_property
    def extended_until(self) -> datetime | None:
        """The latest deadline that an extension for this person or their country gives."""
        own = Extension.objects.reaching(
            call=self.call_id, application=self.pk, country=str(self.country)
        )
        return own.aggregate(latest=Max("until"))["latest"]

    @property
    def closes_at(self) -> datetime:
        """The deadline for this one applicant."""
        return max(self.call.closes_at, self.extended_until or self.call.closes_at)

    @property
    def window(self) -> Window:
        """The one answer to “when?” for this applicant: the call's window, or a longer one."""
        return replace(self.call.window, closes_at=self.closes_at)

    def state_at(self, arrived_at: datetime) -> State:
        """What the window is for something of this applicant that arrives at that moment.

        An extension only gives more time, so it is looked for only when more time is needed.
        """
        state = self.call.window.state(arrived_at)
        return self.window.state(arrived_at) if state is State.CLOSED else state

    @property
    def is_being_sent(self) -> bool:
        """Whether the person has done all that sending asks of them, and waits for the portal."""
        return self.status == self.Status.DRAFT and self.sending_since is not None

    def stored(self, question: str) -> Held:
        """What is stored of one question of the form."""
        return Held(getattr(self, question), tuple(self.unfinished.get(question, ())))

    @property
    def name(self) -> str:
        """The person's name as typed here, else the account's."""
        return f"{self.given_name} {self.family_name}".strip() or str(self.applicant)


class Receipt(models.Model):
    """What had been received at one moment: frozen at submission and at each replacement."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="receipts")
    number = models.PositiveSmallIntegerField()
    arrived_at = models.DateTimeField()
    documents = models.JSONField(default=list)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="a_receipt_number_once")
        ]

    def __str__(self):
        return f"{self.application.reference}/{self.number}"

    @property
    def paper_key(self) -> str:
        return f"receipt:{self.pk}"
