"""The window and the rules of applying to one workshop."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from applications.eligibility import STANDARD, Rules
from workshop_portal import files
from workshop_portal.deadlines import State, Window
from workshop_portal.workshops.models import Workshop

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


class CallQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> CallQuerySet:
        return self.filter(workshop__in=Workshop.objects.visible_to(user))

    def run_by(self, user: User) -> CallQuerySet:
        """The calls of the workshops that this person coordinates."""
        return self.filter(workshop__in=Workshop.objects.run_by(user))

    def open(self) -> CallQuerySet:
        now = timezone.now()
        return self.filter(opens_at__lte=now, closes_at__gte=now)


class Call(models.Model):
    """The call of a workshop. `closes_at` is the deadline in force, `Extension` has older ones."""

    workshop = models.OneToOneField(Workshop, on_delete=models.PROTECT, related_name="call")
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("deadline"))
    grace_seconds = models.PositiveIntegerField(_("grace in seconds"), default=0)
    decide_by = models.DateField(_("decision by"), null=True, blank=True)
    seats = models.PositiveSmallIntegerField(_("seats"))
    funded_seats = models.PositiveSmallIntegerField(_("funded seats"), default=0)
    travel_budget = models.DecimalField(
        _("travel budget"), max_digits=12, decimal_places=2, default=0
    )
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    confirm_days = models.PositiveSmallIntegerField(_("days to confirm"), default=7)

    objects = CallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="a_call_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(funded_seats__lte=F("seats")), name="no_more_funded_seats_than_seats"
            ),
        ]

    def __str__(self):
        return f"Call for {self.workshop}"

    def get_absolute_url(self) -> str:
        return reverse("applications:call", args=[self.workshop.slug])

    @property
    def window(self) -> Window:
        """The one answer to “when?”, for every page, letter, paper and calendar."""
        return Window(
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            zone=self.workshop.zone,
            grace=timedelta(seconds=self.grace_seconds),
        )

    @property
    def rules(self) -> Rules:
        """Whom the call is for; the eligibility check and its counts ask here."""
        return STANDARD

    @property
    def is_open(self) -> bool:
        return self.window.is_open(timezone.now())

    @property
    def state(self) -> State:
        return self.window.state(timezone.now())


class ExtensionQuerySet(models.QuerySet):
    def for_all(self) -> ExtensionQuerySet:
        """Those that everybody has, and that everybody may read."""
        return self.filter(country="", application=None)

    def reaching(self, *, call: object, application: object, country: object) -> ExtensionQuerySet:
        """Those for one person or their country; the arguments may be `OuterRef`s."""
        return self.filter(self._own(application, country), call=call)

    def concerning(
        self, *, call: object, application: object, country: object
    ) -> ExtensionQuerySet:
        """Those that reach one person, and those for everybody."""
        everybody = Q(country="", application=None)
        return self.filter(self._own(application, country) | everybody, call=call)

    @staticmethod
    def _own(application: object, country: object) -> Q:
        return Q(application=application) | Q(country=country) & ~Q(country="")


class Extension(models.Model):
    """A later deadline with its reason: for everybody and public, for a country, or for one person.

    For everybody it has moved `Call.closes_at`; the others leave it where it is.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="extensions")
    country = CountryField(_("country"), blank=True)
    application = models.ForeignKey(
        "applications.Application",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="extensions",
    )
    was = models.DateTimeField()
    until = models.DateTimeField(_("new deadline"))
    reason = models.CharField(_("reason"), max_length=300)
    made_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("was")), name="an_extension_gives_more_time"
            ),
            models.CheckConstraint(
                condition=Q(country="") | Q(application=None), name="a_country_or_a_person"
            ),
        ]

    def __str__(self):
        return f"{self.was:%Y-%m-%d} → {self.until:%Y-%m-%d}"

    @property
    def is_for_all(self) -> bool:
        """Whether everybody has it, and may read of it."""
        return not self.country and self.application_id is None


class RequiredDocument(models.Model):
    """A line of the checklist of a call."""

    class Given(models.TextChoices):
        ONLINE = "online", _("Filled in on the portal")
        UPLOAD = "upload", _("Uploaded as a file")

    class Signer(models.TextChoices):
        NOBODY = "", _("Nobody")
        APPLICANT = "applicant", _("The applicant")
        NOMINATOR = "nominator", _("The nominator")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="required_documents")
    order = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=40)
    title = models.CharField(_("title"), max_length=150)
    purpose = models.CharField(_("what it is for"), max_length=400)
    given = models.CharField(_("how it is given"), max_length=10, choices=Given)
    signer = models.CharField(
        _("signed on the portal by"), max_length=10, choices=Signer, blank=True
    )
    signed_by = models.CharField(_("who signs"), max_length=150, blank=True)
    guidelines = models.TextField(_("guidelines or text"), blank=True)
    is_form = models.BooleanField(_("printed to be signed"), default=False)
    suffixes = models.JSONField(_("accepted kinds"), default=list)
    size_limit = models.PositiveIntegerField(_("size limit in bytes"), default=10 * 1024 * 1024)
    page_limit = models.PositiveSmallIntegerField(_("most pages"), default=100)
    # What in it could name a person is pointed out to its writer.
    names_nobody = models.BooleanField(_("may name nobody"), default=False)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["call", "slug"], name="a_required_document_once"),
            models.UniqueConstraint(fields=["call", "order"], name="one_order_of_documents"),
        ]

    def __str__(self):
        return self.title

    @property
    def kinds(self) -> list[files.Kind]:
        return [files.KINDS[suffix] for suffix in self.suffixes]
