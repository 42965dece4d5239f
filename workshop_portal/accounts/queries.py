"""What the pages about one's own account show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from workshop_portal.accounts.models import User


@dataclass(frozen=True)
class Keys:
    """With what a person signs in, beside an address."""

    password: bool
    app: bool
    passkeys: int

    @property
    def words(self) -> str:
        """The second step in a few words; none when signing in has one step only."""
        keys = ngettext("%(n)d passkey", "%(n)d passkeys", self.passkeys) % {"n": self.passkeys}
        app = gettext("app on your phone")
        parts = [words for words, is_set in ((app, self.app), (keys, self.passkeys)) if is_set]
        return ", ".join(parts) or gettext("Not set up")


def keys_of(user: User) -> Keys:
    """What this person can sign in with."""
    kinds: Counter[str] = Counter(user.authenticator_set.values_list("type", flat=True))
    return Keys(user.has_usable_password(), kinds["totp"] > 0, kinds["webauthn"])


@dataclass(frozen=True)
class Held:
    """One kind of thing that the portal keeps about a person: what it is, and how many."""

    words: str | Promise
    number: int


# Every table that points at a person has its words here, by table and column.
WORDS: dict[str, str | Promise] = {
    "account.EmailAddress.user": _("E-mail addresses you sign in with"),
    "mfa.Authenticator.user": _("Apps, passkeys and sets of recovery codes for signing in"),
    "outbox.Message.to": _("Letters written to you"),
    "applications.Application.applicant": _("Applications you began or sent"),
    "applications.Document.uploaded_by": _("Documents you uploaded, old versions included"),
    "applications.Transfer.by": _("Files you sent, also those that were not taken"),
    "applications.Signature.user": _("Papers you signed on the portal"),
    "applications.Extension.by": _("Deadlines you extended"),
    "applications.Decision.decided_by": _("Decisions you took part in"),
    "outbox.LetterText.changed_by": _("Texts of letters you wrote for a workshop"),
    "curriculum.Postponement.by": _("Workshops you postponed"),
    "cityshare.Assignment.person": _("Cities you rate or rated"),
    "cityshare.CalibrationRating.person": _("Levels you gave to invented cities"),
    "cityshare.Conflict.declared_by": _("Conflicts of interest you declared"),
    "cityshare.ConflictsDeclared.person": _("Times you said which conflicts of interest you know"),
    "cityshare.Draw.asked_by": _("Draws of raters you asked for"),
    "cityshare.Evidence.added_by": _("Evidence you gave for your city"),
    "cityshare.Invitation.answered_by": _("Invitations to write a good practice that you answered"),
    "cityshare.Matching.asked_by": _("Searches for peer assists you asked for"),
    "cityshare.Member.user": _("Places in the teams of cities"),
    "cityshare.Moderation.settled_by": _("Talks between cities you settled"),
    "cityshare.OwnView.person": _("Levels you said in the talk of your city's team"),
    "cityshare.PeerAssist.facilitator": _("Peer assists you facilitate"),
    "cityshare.SelfAssessment.submitted_by": _("Self-assessments you handed in"),
    "cityshare.SelfScore.changed_by": _("Answers of your city you wrote last"),
    "cityshare.Use.given_by": _("Words on how useful a good practice was"),
    "cityshare.Validation.given_by": _("Words of your city on good practices of others"),
    "cityshare.Voice.given_by": _("Answers of your city on drafts of a framework"),
    "cityshare.Vote.asked_by": _("Votes on drafts of a framework you asked for"),
    "workshops.Participant.user": _("Seats in workshops"),
    "workshops.Role.user": _("Roles in the staff of workshops"),
    "audit.Entry.by": _("Lines on record of what you did, with time and kind"),
    "audit.DocumentAccess.by": _("Documents of other people that you opened"),
}


def references() -> Iterator[tuple[str, models.ForeignKey]]:
    """Every column of any table that points at a person, with its name."""
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            column = relation.field
            yield f"{column.model._meta.label}.{column.name}", column


def held_about(user: User) -> list[Held]:
    """How many rows of each kind belong to this person, in one query; no line for none."""
    columns = dict(references())
    counts = [
        models.Subquery(
            column.model._base_manager.filter(**{column.name: models.OuterRef("pk")})
            .order_by()
            .values(column.name)
            .annotate(number=models.Count("pk"))
            .values("number")
        )
        for column in columns.values()
    ]
    numbers = User.objects.filter(pk=user.pk).values_list(*counts).get()
    return [
        Held(WORDS.get(name) or str(column.model._meta.verbose_name_plural), number)
        for (name, column), number in zip(columns.items(), numbers, strict=True)
        if number
    ]
